//! The dataStore and the userDataStore: JSON values under namespace and key,
//! protected by apps, shared entry by entry. Recorded: scenario "data-store".

pub mod api;
mod protection;
pub mod query;
pub mod user;
mod write;

pub use write::forget;

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::PRIVATE;
use crate::metadata::access::{Right, granted};
use crate::random;
use crate::server::Server;

/// One entry.
#[derive(Clone, Debug)]
pub struct Entry {
    /// `id`, `value`, `sharing`, `created`, `lastUpdated`, `createdBy`, `lastUpdatedBy`, and
    /// `encrypted` with the value that reads give when it was made with `encrypt=true`.
    pub record: Value,
}

impl Entry {
    /// A new entry, which everybody may read and write.
    pub fn new(server: &Server, user: &CurrentUser, value: Value, encrypt: bool) -> Self {
        let now = server.clock.timestamp();
        let mut record = json!({
            "id": random::uid(), "created": now, "lastUpdated": now, "createdBy": user.uid, "lastUpdatedBy": user.uid,
            "sharing": {"owner": user.uid, "external": false, "users": {}, "userGroups": {}, "public": "rw------"},
        });
        record[if encrypt { "encrypted" } else { "value" }] = value;
        Self { record }
    }

    /// What a read gives: the encrypted value if there is one.
    pub fn value(&self) -> &Value {
        self.record
            .get("encrypted")
            .unwrap_or(&self.record["value"])
    }

    /// Whether sharing lets the user do that.
    pub fn may(&self, user: &CurrentUser, right: Right) -> bool {
        user.is_superuser() || granted(&self.record["sharing"], user, right)
    }
}

/// A path as DHIS2 up to 2.43 understands it (`setUseSuffixPatternMatch` in its web
/// configuration): what follows the last dot of the last part is taken for the ending of a file
/// and cut off. A key `a.b` is stored, read and deleted as `a`; that of `a.b/metaData` is whole.
/// Seen on a real 2.42.5.2.
pub(crate) fn without_ending<'a>(path: &[&'a str]) -> Vec<&'a str> {
    let mut path = path.to_vec();
    if let Some(last) = path.last_mut() {
        *last = last.rsplit_once('.').map_or(*last, |(name, _)| name);
    }
    path
}

/// An error of the dataStore.
fn refuse(status: u16, message: &str, code: Option<&str>) -> Answer {
    Answer::error(status, message, code).with_header("cache-control", PRIVATE)
}

/// The words for a key that is not there.
fn no_key(namespace: &str, key: &str) -> Answer {
    refuse(
        404,
        &format!("Key '{key}' not found in namespace '{namespace}'"),
        Some("E1005"),
    )
}

/// A success that carries only words.
fn done(status: u16, message: &str) -> Answer {
    let name = crate::answer::reason_phrase(status);
    Answer::json(
        status,
        &json!({"httpStatus": name, "httpStatusCode": status, "status": "OK", "message": message}),
    )
}
