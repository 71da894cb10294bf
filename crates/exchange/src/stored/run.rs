//! The stored form of what runs of an exchange leave behind for the next one: for each data
//! set a key, in it for each period until when the destination's values were seen
//! (`tributary_engine::journal`). Stamps are the destination's own, in milliseconds since
//! 1970 in UTC. Whoever runs the exchange writes it, so everybody may.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Periods that are kept of a data set; the oldest go first.
pub const PERIODS_KEPT: usize = 60;

/// What was seen of one data set of the destination.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredRun {
    /// Version of this form.
    pub schema: u32,
    /// Raised by each save.
    pub revision: u32,
    /// By period id.
    pub periods: BTreeMap<String, StoredSeen>,
}

/// What was seen of one period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredSeen {
    /// Values stamped until then were seen.
    pub until: i64,
    /// Uids of the org units that were looked at, with all below them.
    pub scope: Vec<String>,
    /// What runs wrote after `until`: first stamp, last stamp, user name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<(i64, i64, String)>,
    /// When the last run ended, by the server's clock; for people.
    pub at: String,
    /// User name of who ran it; for people.
    pub by: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_stays_as_it_is() {
        let seen = StoredSeen {
            until: 1_795_312_238_000,
            scope: vec!["ouRegionA01".into()],
            own: vec![(1_795_312_240_000, 1_795_312_241_000, "clerk".into())],
            at: "2026-11-22T09:30:00".into(),
            by: "clerk".into(),
        };
        let stored = StoredRun {
            schema: 1,
            revision: 2,
            periods: BTreeMap::from([("202610".into(), seen)]),
        };
        let text = r#"{"schema":1,"revision":2,"periods":{"202610":{"until":1795312238000,"scope":["ouRegionA01"],"own":[[1795312240000,1795312241000,"clerk"]],"at":"2026-11-22T09:30:00","by":"clerk"}}}"#;
        assert_eq!(serde_json::to_string(&stored).unwrap(), text);
        assert_eq!(serde_json::from_str::<StoredRun>(text).unwrap(), stored);
    }
}
