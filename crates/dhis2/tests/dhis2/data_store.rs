//! The dataStore: what is stored is read back, nothing is overwritten unseen.
use crate::common::{VERSIONS, differences, named};
use serde_json::json;
use tributary_dhis2::data_store::{
    Created, EntryAccess, EntrySharing, MAX_VALUE_BYTES, PAGE_SIZE, Updated,
};
use tributary_dhis2::testing::{FakeTransport, block_on, json_response};
use tributary_dhis2::{Client, FailureKind, Method};

const KEY: &str = "api/dataStore/tributary/mapping-a";

fn store(transport: FakeTransport) -> Client<FakeTransport> {
    Client::own(transport, differences("2.42.5.2"))
}

#[test]
fn a_stored_value_is_read_or_is_not_there() {
    for version in VERSIONS {
        let step = |name| Ok(named(version, "data-store", name).response);
        let there = store(FakeTransport::new().expect(Method::Get, KEY, step("read")));
        let value: Option<serde_json::Value> =
            block_on(there.stored("tributary", "mapping-a")).unwrap();
        assert_eq!(value.unwrap()["name"], "Ünïcode \"q\" <b>", "{version}");

        let missing = store(FakeTransport::new().expect(Method::Get, KEY, step("no key")));
        let value: Option<serde_json::Value> =
            block_on(missing.stored("tributary", "mapping-a")).unwrap();
        assert_eq!(value, None, "{version}");

        let path = "api/dataStore/tributary";
        let keys = store(FakeTransport::new().expect(Method::Get, path, step("keys")));
        assert_eq!(block_on(keys.stored_keys("tributary")).unwrap(), ["a", "b"]);
        let nothing = step("keys of nothing");
        let nothing = store(FakeTransport::new().expect(Method::Get, path, nothing));
        assert!(
            block_on(nothing.stored_keys("tributary"))
                .unwrap()
                .is_empty()
        );

        let path = format!("{KEY}/metaData");
        let meta = store(FakeTransport::new().expect(Method::Get, &path, step("meta")));
        let meta = block_on(meta.stored_meta("tributary", "mapping-a")).unwrap();
        assert!(meta.may_write && meta.id.len() == 11, "{version}");
    }
    // A page in place of DHIS2's own 404 is no "not there".
    let proxy = store(FakeTransport::new().get(KEY, 404, "<html>no</html>"));
    let value: Result<Option<serde_json::Value>, _> =
        block_on(proxy.stored("tributary", "mapping-a"));
    assert_eq!(value.unwrap_err().kind, FailureKind::NotFound);
}

#[test]
fn an_object_is_created_only_where_there_is_none() {
    for version in VERSIONS {
        for (step, expected) in [
            ("create", Created::Yes),
            ("create again", Created::AlreadyThere),
        ] {
            let answer = Ok(named(version, "data-store", step).response);
            let client = store(FakeTransport::new().expect(Method::Post, KEY, answer));
            let value = json!({"schema": 1, "revision": 1});
            let created = block_on(client.store_new("tributary", "mapping-a", &value)).unwrap();
            assert_eq!(created, expected, "{version}");
        }
    }
}

#[test]
fn an_update_over_somebody_elses_is_refused() {
    let value = json!({"revision": 3, "mine": true});
    let theirs = r#"{"revision":4,"mine":false}"#;
    let client = store(FakeTransport::new().get(KEY, 200, theirs));
    let updated = block_on(client.store_update("tributary", "mapping-a", &value, 2)).unwrap();
    let theirs = theirs.as_bytes().to_vec();
    let their_revision = 4;
    assert_eq!(
        updated,
        Updated::LostUpdate {
            theirs,
            their_revision
        }
    );
    client.transport().finish();

    let put = Ok(json_response(
        200,
        r#"{"httpStatusCode":200,"status":"OK"}"#,
    ));
    let client = store(
        FakeTransport::new()
            .get(KEY, 200, r#"{"revision":2}"#)
            .expect(Method::Put, KEY, put),
    );
    let updated = block_on(client.store_update("tributary", "mapping-a", &value, 2)).unwrap();
    assert_eq!(updated, Updated::Yes);
    let sent = client.transport().seen()[1].body.clone().unwrap();
    insta::assert_snapshot!("stored_value", String::from_utf8(sent).unwrap());

    let gone = Ok(named("2.42.5.2", "data-store", "no key").response);
    let client = store(FakeTransport::new().expect(Method::Get, KEY, gone));
    let updated = block_on(client.store_update("tributary", "mapping-a", &value, 2)).unwrap();
    assert_eq!(updated, Updated::Gone);
}

#[test]
fn too_large_a_value_is_never_sent() {
    let client = store(FakeTransport::new());
    let value = "x".repeat(MAX_VALUE_BYTES);
    let failure = block_on(client.store_new("tributary", "mapping-a", &value)).unwrap_err();
    assert_eq!(failure.kind, FailureKind::TooLarge);
}

#[test]
fn entries_are_read_page_by_page() {
    let path = |page| {
        format!(
            "api/dataStore/tributary?fields=.&order=_:asc&filter=_:startswith:mapping-\
             &page={page}&pageSize=1000"
        )
    };
    let page = |from: usize, count: usize| {
        let entries: Vec<_> = (from..from + count)
            .map(|n| json!({"key": format!("mapping-{n:05}"), "value": {"n": n}}))
            .collect();
        json!({"pager": {"page": 1, "pageSize": 1000}, "entries": entries}).to_string()
    };
    let client = store(
        FakeTransport::new()
            .get(&path(1), 200, &page(0, PAGE_SIZE))
            .get(&path(2), 200, &page(PAGE_SIZE, 3)),
    );
    let entries = block_on(client.stored_entries::<serde_json::Value>("tributary", "mapping-"));
    let entries = entries.unwrap();
    assert_eq!(entries.len(), PAGE_SIZE + 3);
    assert_eq!(entries[PAGE_SIZE + 2].value["n"], PAGE_SIZE + 2);
    client.transport().finish();

    // The same page again and again ends.
    let client = store(
        FakeTransport::new()
            .get(&path(1), 200, &page(0, PAGE_SIZE))
            .get(&path(2), 200, &page(0, PAGE_SIZE)),
    );
    let entries = block_on(client.stored_entries::<serde_json::Value>("tributary", "mapping-"));
    assert_eq!(entries.unwrap_err().kind, FailureKind::WrongContent);

    for version in &VERSIONS[1..] {
        let path = "api/dataStore/x?fields=.&order=_:asc&page=1&pageSize=1000";
        let answer = Ok(named(version, "data-store", "query all").response);
        let client = store(FakeTransport::new().expect(Method::Get, path, answer));
        let entries: Vec<tributary_dhis2::data_store::Entry<serde_json::Value>> =
            block_on(client.stored_entries("x", "")).unwrap();
        assert_eq!(
            entries[0].value,
            json!({"rev": 2, "deep": {"x": 7}}),
            "{version}"
        );
    }
}

#[test]
fn sharing_and_removing_an_entry() {
    let path = "api/sharing?type=dataStore&id=nTx4x37sNQf";
    // 2.41.9's recording leaves out what depends on a changed sharing.
    let shared = ["2.40.12", "2.42.5.2", "2.43.1"];
    for version in shared {
        let answer = Ok(named(version, "data-store", "share read only").response);
        let client = store(FakeTransport::new().expect(Method::Post, path, answer));
        let sharing = EntrySharing {
            everybody: EntryAccess::Read,
            writer_groups: vec!["ugManager01".into()],
            writer_users: Vec::new(),
        };
        block_on(client.share_stored("nTx4x37sNQf", &sharing)).unwrap();
        let body = client.transport().seen()[0].body.clone().unwrap();
        insta::assert_snapshot!("sharing", String::from_utf8(body).unwrap());
    }
    for version in shared {
        for (step, removed) in [("delete", true), ("delete again", false)] {
            let answer = Ok(named(version, "data-store", step).response);
            let client = store(FakeTransport::new().expect(Method::Delete, KEY, answer));
            assert_eq!(
                block_on(client.remove_stored("tributary", "mapping-a")),
                Ok(removed)
            );
        }
    }
}
