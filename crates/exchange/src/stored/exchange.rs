//! The stored form of an exchange.

use serde::{Deserialize, Serialize};

/// The policy that offers to overwrite what was edited here.
pub const OVERWRITE: &str = "overwrite";

/// The policy that offers to delete what was deleted at the source.
pub const DELETE: &str = "delete";

/// What to pull through a connection and its mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredExchange {
    /// Version of this form.
    pub schema: u32,
    /// Raised by each save.
    pub revision: u32,
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Identifier of the connection.
    pub connection: String,
    /// Uids of the source data sets.
    pub data_sets: Vec<String>,
    /// Which periods are offered first.
    pub period_rule: StoredPeriodRule,
    /// Destination org units that the exchange is limited to; empty for all mapped ones.
    #[serde(default)]
    pub org_units: Vec<String>,
    /// What is offered for values that somebody edited here since the last run: `overwrite`,
    /// or nothing for keeping them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub edited_here: String,
    /// What is offered for values that were deleted at the source: `delete`, or nothing for
    /// keeping them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cleared: String,
}

/// The stored form of a period rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredPeriodRule {
    /// `last`, `thisYear` or `chosen`.
    pub kind: String,
    /// For `last`: how many periods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_stays_as_it_is() {
        let stored = StoredExchange {
            schema: 1,
            revision: 1,
            id: "exMonthly01".into(),
            name: "Monthly malaria".into(),
            connection: "cnSource001".into(),
            data_sets: vec!["dsMonthly01".into()],
            period_rule: StoredPeriodRule {
                kind: "last".into(),
                count: Some(3),
            },
            org_units: vec![],
            edited_here: String::new(),
            cleared: String::new(),
        };
        let text = r#"{"schema":1,"revision":1,"id":"exMonthly01","name":"Monthly malaria","connection":"cnSource001","dataSets":["dsMonthly01"],"periodRule":{"kind":"last","count":3},"orgUnits":[]}"#;
        assert_eq!(serde_json::to_string(&stored).unwrap(), text);
        assert_eq!(
            serde_json::from_str::<StoredExchange>(text).unwrap(),
            stored
        );
        let overwriting = StoredExchange {
            edited_here: OVERWRITE.into(),
            ..stored
        };
        let text = text.replace(
            r#""orgUnits":[]"#,
            r#""orgUnits":[],"editedHere":"overwrite""#,
        );
        assert_eq!(serde_json::to_string(&overwriting).unwrap(), text);
        let deleting = StoredExchange {
            cleared: DELETE.into(),
            ..overwriting
        };
        let text = text.replace(
            r#""editedHere":"overwrite""#,
            r#""editedHere":"overwrite","cleared":"delete""#,
        );
        assert_eq!(serde_json::to_string(&deleting).unwrap(), text);
    }
}
