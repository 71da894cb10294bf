//! The stored form of a run under way: who sends with an exchange since when, for which
//! periods and org units, and how far. It is there from before the first value is written
//! until after the journals of the run are, so one that nobody refreshes any more is a run
//! that was cut off. Whoever runs the exchange may take it over, so everybody may write it.
//!
//! All times are the destination's own ([`StoredRunning::ahead`] says what its clock is ahead
//! of UTC), since the clocks of two people differ.

use serde::{Deserialize, Serialize};

/// A run under way, or one that was cut off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredRunning {
    /// Version of this form.
    pub schema: u32,
    /// Raised by each save.
    pub revision: u32,
    /// Drawn by the server for the copy of the app that holds it. Whoever finds another one
    /// here than the own has lost the run.
    pub token: String,
    /// User name of who sends.
    pub by: String,
    /// The person's name; for people.
    pub name: String,
    /// When it began.
    pub began: String,
    /// When it was last refreshed.
    pub sign: String,
    /// When the slices that are begun were marked so; empty where none is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub marked: String,
    /// When its plan was made: what was stored before was in the plan.
    pub planned: String,
    /// Minutes that the destination's clock is ahead of UTC, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ahead: Option<i32>,
    /// Chosen periods.
    pub periods: Vec<String>,
    /// Chosen org units; those below them are meant too. Empty where they were too many to be
    /// kept: then the run cannot be gone on with.
    pub org_units: Vec<String>,
    /// The org units as the journal keeps them.
    pub scope: Vec<String>,
    /// What the person confirmed.
    pub confirmed: StoredConfirmed,
    /// Data set and period of the slices, in the order in which they are sent, and how many.
    pub parts: Vec<(String, String, u32)>,
    /// What is known of each slice: `d` done, `b` begun, `n` not begun, each behind how many in
    /// a row: `14d1b25n`.
    pub slices: String,
    /// What became of the values so far.
    pub counts: StoredCounts,
    /// First and last stamp of what it wrote, as read back: data set, period, from, to, in
    /// milliseconds since 1970 in UTC.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<(String, String, i64, i64)>,
    /// What runs wrote that this one goes on with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<StoredBefore>,
}

/// What a person confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StoredConfirmed {
    /// Values that differ are overwritten.
    #[serde(skip_serializing_if = "is_false")]
    pub overwrite: bool,
    /// So is what somebody edited here.
    #[serde(skip_serializing_if = "is_false")]
    pub overwrite_edited: bool,
    /// What is gone at the source is deleted.
    #[serde(skip_serializing_if = "is_false")]
    pub delete_cleared: bool,
}

/// Counts of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StoredCounts {
    /// Confirmed.
    pub confirmed: u64,
    /// Written, as read back.
    pub written: u64,
    /// Refused.
    pub rejected: u64,
}

/// What was done before an interruption.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredBefore {
    /// When the first of the runs began.
    pub began: String,
    /// Values written in all of them.
    pub written: u64,
    /// Values refused in the last of them.
    pub rejected: u64,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_stays_as_it_is() {
        let stored = StoredRunning {
            schema: 1,
            revision: 3,
            token: "aB3dE6gH9jK".into(),
            by: "clerk".into(),
            name: "Amy Clerk".into(),
            began: "2026-11-22T10:32:05.123".into(),
            sign: "2026-11-22T10:34:00.001".into(),
            marked: "2026-11-22T10:33:40.500".into(),
            planned: "2026-11-22T10:30:00.000".into(),
            ahead: Some(60),
            periods: vec!["202610".into()],
            org_units: vec!["ouRegionA01".into()],
            scope: vec!["ouRegionA01".into()],
            confirmed: StoredConfirmed {
                overwrite: true,
                overwrite_edited: false,
                delete_cleared: false,
            },
            parts: vec![("dsMonthly01".into(), "202610".into(), 40)],
            slices: "14d1b25n".into(),
            counts: StoredCounts {
                confirmed: 4_000,
                written: 1_399,
                rejected: 1,
            },
            own: vec![(
                "dsMonthly01".into(),
                "202610".into(),
                1_795_312_240_000,
                1_795_312_241_000,
            )],
            before: Some(StoredBefore {
                began: "2026-11-22T09:00:00.000".into(),
                written: 7,
                rejected: 0,
            }),
        };
        let text = r#"{"schema":1,"revision":3,"token":"aB3dE6gH9jK","by":"clerk","name":"Amy Clerk","began":"2026-11-22T10:32:05.123","sign":"2026-11-22T10:34:00.001","marked":"2026-11-22T10:33:40.500","planned":"2026-11-22T10:30:00.000","ahead":60,"periods":["202610"],"orgUnits":["ouRegionA01"],"scope":["ouRegionA01"],"confirmed":{"overwrite":true},"parts":[["dsMonthly01","202610",40]],"slices":"14d1b25n","counts":{"confirmed":4000,"written":1399,"rejected":1},"own":[["dsMonthly01","202610",1795312240000,1795312241000]],"before":{"began":"2026-11-22T09:00:00.000","written":7,"rejected":0}}"#;
        assert_eq!(serde_json::to_string(&stored).unwrap(), text);
        assert_eq!(serde_json::from_str::<StoredRunning>(text).unwrap(), stored);
        // One that has only just begun.
        let text = r#"{"schema":1,"revision":1,"token":"t","by":"clerk","name":"","began":"","sign":"","planned":"","periods":[],"orgUnits":[],"scope":[],"confirmed":{},"parts":[],"slices":"","counts":{"confirmed":0,"written":0,"rejected":0}}"#;
        let short = serde_json::from_str::<StoredRunning>(text).unwrap();
        assert_eq!(serde_json::to_string(&short).unwrap(), text);
    }
}
