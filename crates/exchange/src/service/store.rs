//! What is kept in the dataStore, read and written: the listing of everything small in
//! one request, and the saving of one object with its revision.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tributary_dhis2::client::Reading;
use tributary_dhis2::data_store::{Created, EntryAccess, EntrySharing, PAGE_SIZE, Updated};
use tributary_dhis2::query::Query;
use tributary_dhis2::{Client, Failure, FailureKind, Side, Transport};

use crate::problem::{Problem, ProblemSide};
use crate::stored::connection::{StoredConnection, Writers};
use crate::stored::exchange::StoredExchange;
use crate::stored::{NAMESPACE, SCHEMA};

/// The members of connections and exchanges, and what tells of a run whose it is and whether
/// it has sent anything. A mapping has only the first four, so its long list of entries stays
/// where it is.
const LISTED: &str = "schema,revision,connection,pages,id,name,kind,route,host,sourceRelease,\
                      sourceName,testedAt,madeBy,editors,dataSets,periodRule,orgUnits,editedHere,cleared,\
                      by,slices";

/// Everything in the namespace but the entries of the mappings.
#[derive(Clone, Debug, Default)]
pub(super) struct Listing {
    /// By name.
    pub(super) connections: Vec<StoredConnection>,
    /// By name.
    pub(super) exchanges: Vec<StoredExchange>,
    /// Keys of mappings. A key that is not there is never asked for: a 404 would stand
    /// in the browser's console as an error.
    pub(super) mapping_keys: Vec<String>,
    /// Runs under way, and those that were cut off.
    pub(super) running: Vec<ListedRun>,
}

/// As much of a run under way as a listing has.
#[derive(Clone, Debug)]
pub(super) struct ListedRun {
    /// Identifier of its exchange.
    pub(super) exchange: String,
    /// The end of its key.
    pub(super) id: String,
    pub(super) told: RunMembers,
}

/// The listed members of [`crate::stored::running::StoredRunning`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RunMembers {
    pub(super) by: String,
    pub(super) name: String,
    pub(super) slices: String,
}

impl Listing {
    /// Whether a connection has a mapping.
    pub(super) fn has_mapping(&self, connection: &str) -> bool {
        self.mapping_keys_of(connection).next().is_some()
    }

    /// The keys under which a connection's mapping is kept.
    pub(super) fn mapping_keys_of(&self, connection: &str) -> impl Iterator<Item = &String> {
        let beginning = format!("mapping.{connection}.");
        self.mapping_keys
            .iter()
            .filter(move |key| key.starts_with(&beginning))
    }

    /// Who may change what belongs to a connection.
    pub(super) fn writers(&self, connection: &str) -> Writers {
        self.connection(connection)
            .map(StoredConnection::writers)
            .unwrap_or_default()
    }

    /// The connection of an identifier.
    pub(super) fn connection(&self, id: &str) -> Option<&StoredConnection> {
        self.connections
            .iter()
            .find(|connection| connection.id == id)
    }
}

#[derive(Deserialize)]
struct Page {
    entries: Vec<Map<String, Value>>,
}

/// Lists what is stored. One request for each thousand keys.
pub(super) async fn listing<T: Transport>(client: &Client<T>) -> Result<Listing, Failure> {
    let path = format!("dataStore/{NAMESPACE}");
    let mut listing = Listing::default();
    for page in 1.. {
        let query = Query::new()
            .with("fields", LISTED)
            .with("page", page.to_string())
            .with("pageSize", PAGE_SIZE.to_string());
        let found: Page = client.get_json(&path, &query, Reading::Small).await?;
        let full = found.entries.len() >= PAGE_SIZE;
        for entry in found.entries {
            sort_in(&mut listing, entry);
        }
        if !full {
            break;
        }
    }
    listing
        .connections
        .sort_by_key(|connection| connection.name.to_lowercase());
    listing
        .exchanges
        .sort_by_key(|exchange| exchange.name.to_lowercase());
    Ok(listing)
}

/// Puts one entry where it belongs. What this build can not read (of a newer schema, or
/// edited by hand) is left out of the lists and left alone in the store.
fn sort_in(listing: &mut Listing, entry: Map<String, Value>) {
    let key = entry
        .get("key")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    if entry.get("schema").and_then(Value::as_u64) > Some(u64::from(SCHEMA)) {
        return;
    }
    // Members that an object does not have come as null.
    let object = Value::Object(
        entry
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .collect(),
    );
    let mut parts = key.split('.');
    match (parts.next(), parts.next()) {
        (Some("connection"), Some(_)) => listing.connections.extend(read(object)),
        (Some("exchange"), Some(_)) => listing.exchanges.extend(read(object)),
        (Some("mapping"), Some(_)) => listing.mapping_keys.push(key),
        (Some("running"), Some(exchange)) => {
            let run = read(object).zip(parts.next());
            listing.running.extend(run.map(|(told, id)| ListedRun {
                exchange: exchange.to_owned(),
                id: id.to_owned(),
                told,
            }));
        }
        _ => {}
    }
}

fn read<V: DeserializeOwned>(object: Value) -> Option<V> {
    serde_json::from_value(object).ok()
}

/// Stores an object. `revision_read` is 0 for a new one. A new entry is shared so that
/// everybody who may use the app reads it; its maker, superusers and the `writers` change
/// it.
pub(super) async fn save<T: Transport, V: Serialize>(
    client: &Client<T>,
    key: &str,
    value: &V,
    revision_read: u32,
    writers: &Writers,
) -> Result<(), Problem> {
    if revision_read == 0 {
        if client.store_new(NAMESPACE, key, value).await? == Created::AlreadyThere {
            return Err(lost_update(key));
        }
        if let Err(failure) = share(client, key, writers).await {
            // Half made is not made: until it is shared, everybody could change it.
            let _ = client.remove_stored(NAMESPACE, key).await;
            return Err(failure.into());
        }
        return Ok(());
    }
    match client
        .store_update(NAMESPACE, key, value, u64::from(revision_read))
        .await?
    {
        Updated::Yes => Ok(()),
        Updated::LostUpdate { .. } | Updated::Gone => Err(lost_update(key)),
    }
}

/// Everybody who reaches the namespace may read the entry; its maker and the writers may
/// change it.
pub(super) async fn share<T: Transport>(
    client: &Client<T>,
    key: &str,
    writers: &Writers,
) -> Result<(), Failure> {
    let meta = client.stored_meta(NAMESPACE, key).await?;
    let sharing = EntrySharing {
        everybody: EntryAccess::Read,
        writer_groups: writers.groups.clone(),
        writer_users: writers.users.clone(),
    };
    client.share_stored(&meta.id, &sharing).await
}

/// Somebody else stored the object in between.
fn lost_update(key: &str) -> Problem {
    let failure = Failure::new(Side::Destination, FailureKind::LostUpdate, key, "");
    Problem::from(failure)
}

/// Reads one object that has to be there.
pub(super) async fn load<T: Transport, V: DeserializeOwned>(
    client: &Client<T>,
    key: &str,
) -> Result<V, Problem> {
    client
        .stored(NAMESPACE, key)
        .await?
        .ok_or_else(|| gone(key))
}

/// The object was removed since it was listed.
pub(super) fn gone(key: &str) -> Problem {
    Problem {
        path: Some(key.to_owned()),
        ..Problem::of(ProblemSide::Destination, "gone")
    }
}

/// A new identifier, made by the server as all DHIS2 uids.
pub(super) async fn new_id<T: Transport>(client: &Client<T>) -> Result<String, Problem> {
    #[derive(Deserialize)]
    struct Codes {
        codes: Vec<String>,
    }
    let query = Query::new().with("limit", "1");
    let codes: Codes = client.get_json("system/id", &query, Reading::Small).await?;
    codes
        .codes
        .into_iter()
        .next()
        .ok_or_else(|| Problem::of(ProblemSide::Destination, "emptyAnswer"))
}
