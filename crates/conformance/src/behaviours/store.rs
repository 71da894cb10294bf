//! The dataStore, where connections, mappings and exchanges are kept.

use super::{Behaviour, behaviour};
use crate::cleanup::NAMESPACE;
use crate::fixture;
use crate::stage::Stage;
use crate::verdict::{Checked, demand, told};
use serde_json::{Value, json};
use tributary_dhis2::FailureKind;
use tributary_dhis2::data_store::{Created, EntryAccess, EntrySharing, Updated};

/// This group.
pub(super) const ALL: &[Behaviour] = &[
    behaviour!(
        store,
        "created once",
        "an object is created only where there is none",
        [],
        created_once
    ),
    behaviour!(
        store,
        "lost update",
        "who saves over somebody else's change is told",
        [],
        lost_update
    ),
    behaviour!(
        store,
        "lists",
        "keys and entries are listed by their beginning",
        [],
        lists
    ),
    behaviour!(
        store,
        "endings",
        "whether the ending of a key is cut off is as known",
        ["store_key_ending_is_cut"],
        endings
    ),
    behaviour!(
        store,
        "read only",
        "what is shared for reading is not changed by others",
        [],
        read_only
    ),
];

/// One connection, say.
fn object(revision: u64) -> Value {
    json!({"schema": 1, "revision": revision, "name": "Ünïcode \"q\" <b>", "list": [1, 2.5, null]})
}

async fn created_once(stage: &Stage) -> Checked {
    let client = stage.importer();
    let missing: Option<Value> = client.stored(NAMESPACE, "once-a").await?;
    demand!(missing.is_none(), "{missing:?} before it was created");
    let first = client.store_new(NAMESPACE, "once-a", &object(1)).await?;
    demand!(first == Created::Yes, "{first:?}");
    let again = client.store_new(NAMESPACE, "once-a", &object(2)).await?;
    demand!(again == Created::AlreadyThere, "{again:?}");
    let stored: Option<Value> = client.stored(NAMESPACE, "once-a").await?;
    demand!(stored == Some(object(1)), "{stored:?}");
    let removed = client.remove_stored(NAMESPACE, "once-a").await?;
    let gone = client.remove_stored(NAMESPACE, "once-a").await?;
    demand!(removed && !gone, "removed: {removed}, once more: {gone}");
    Ok(())
}

async fn lost_update(stage: &Stage) -> Checked {
    let client = stage.importer();
    client.store_new(NAMESPACE, "update-a", &object(1)).await?;
    let mine = client
        .store_update(NAMESPACE, "update-a", &object(2), 1)
        .await?;
    demand!(mine == Updated::Yes, "{mine:?}");
    let late = client
        .store_update(NAMESPACE, "update-a", &object(3), 1)
        .await?;
    demand!(
        matches!(
            late,
            Updated::LostUpdate {
                their_revision: 2,
                ..
            }
        ),
        "{late:?}"
    );
    let stored: Option<Value> = client.stored(NAMESPACE, "update-a").await?;
    demand!(stored == Some(object(2)), "{stored:?}");
    client.remove_stored(NAMESPACE, "update-a").await?;
    let gone = client
        .store_update(NAMESPACE, "update-a", &object(3), 2)
        .await?;
    demand!(gone == Updated::Gone, "{gone:?}");
    Ok(())
}

async fn lists(stage: &Stage) -> Checked {
    let client = stage.importer();
    for key in ["list-b", "list-a", "other-a"] {
        client.store_new(NAMESPACE, key, &object(1)).await?;
    }
    let keys = client.stored_keys(NAMESPACE).await?;
    demand!(
        ["list-a", "list-b", "other-a"]
            .iter()
            .all(|key| keys.iter().any(|one| one == key)),
        "{keys:?}"
    );
    let entries = client.stored_entries::<Value>(NAMESPACE, "list-").await?;
    let keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
    demand!(keys == ["list-a", "list-b"], "{keys:?}");
    demand!(
        entries.iter().all(|entry| entry.value == object(1)),
        "{entries:?}"
    );
    let nothing = client.stored_keys("tributary-conformance-nothing").await?;
    demand!(nothing.is_empty(), "{nothing:?}");
    Ok(())
}

async fn endings(stage: &Stage) -> Checked {
    let client = stage.importer();
    client.store_new(NAMESPACE, "ending.a", &object(1)).await?;
    let keys = client.stored_keys(NAMESPACE).await?;
    let kept = if stage.rules.store_key_ending_is_cut {
        "ending"
    } else {
        "ending.a"
    };
    demand!(keys.iter().any(|key| key == kept), "{keys:?}");
    client.remove_stored(NAMESPACE, "ending.a").await?;
    let keys = client.stored_keys(NAMESPACE).await?;
    demand!(!keys.iter().any(|key| key == kept), "{keys:?}");
    Ok(())
}

async fn read_only(stage: &Stage) -> Checked {
    let (importer, clerk) = (stage.importer(), stage.clerk());
    importer
        .store_new(NAMESPACE, "shared-a", &object(1))
        .await?;
    let meta = importer.stored_meta(NAMESPACE, "shared-a").await?;
    demand!(meta.may_write, "its maker may not write it: {meta:?}");
    let share = |everybody, writer_groups| {
        let sharing = EntrySharing {
            everybody,
            writer_groups,
            writer_users: Vec::new(),
        };
        let (importer, id) = (&importer, meta.id.as_str());
        async move { importer.share_stored(id, &sharing).await }
    };
    share(EntryAccess::Read, Vec::new()).await?;
    let read: Option<Value> = clerk.stored(NAMESPACE, "shared-a").await?;
    demand!(read == Some(object(1)), "the clerk reads {read:?}");
    let theirs = clerk.stored_meta(NAMESPACE, "shared-a").await?;
    demand!(!theirs.may_write, "the clerk may write: {theirs:?}");
    let refused = clerk
        .store_update(NAMESPACE, "shared-a", &object(2), 1)
        .await;
    demand!(
        refused
            .as_ref()
            .is_err_and(|failure| failure.kind == FailureKind::Forbidden),
        "the clerk writes: {}",
        told(&refused)
    );
    share(EntryAccess::Read, vec![fixture::GROUP.to_owned()]).await?;
    let allowed = clerk
        .store_update(NAMESPACE, "shared-a", &object(2), 1)
        .await?;
    demand!(allowed == Updated::Yes, "a writer: {allowed:?}");
    Ok(())
}
