//! The stored form of a mapping: one key per part, long parts over several keys so
//! that no value comes near the 200 kB at which we stop (proxies often stop at 1 MB).
//! An entry is a short list, since a national mapping has ten thousand of them:
//! `["sourceOrgUnit", "destinationOrgUnit"]`, or `["sourceOrgUnit"]` when it is left
//! out on purpose. Items name data element and category option combo as `element.combo`.
//! The part `combine` says how values that meet in one item of the destination are combined:
//! `["element.combo", "sum"]`, `["element.combo", "first", "source.combo", "other.combo"]`
//! with the source's items by priority, `["", "sum"]` for all without a rule of their own.

use serde::{Deserialize, Serialize};

/// Entries per key: about 40 bytes each, so some 120 kB.
pub const ENTRIES_PER_KEY: usize = 3_000;

/// One key of one part of a mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredMappingPart {
    /// Version of this form.
    pub schema: u32,
    /// Raised by each save.
    pub revision: u32,
    /// Identifier of the connection whose source ids these are.
    pub connection: String,
    /// How many keys the part has; only the first key's figure counts.
    pub pages: u32,
    /// Source key, then the destination key unless it is left out on purpose.
    pub entries: Vec<Vec<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_stays_as_it_is() {
        let stored = StoredMappingPart {
            schema: 1,
            revision: 2,
            connection: "cnSource001".into(),
            pages: 1,
            entries: vec![vec!["a".into(), "b".into()], vec!["c".into()]],
        };
        let text = r#"{"schema":1,"revision":2,"connection":"cnSource001","pages":1,"entries":[["a","b"],["c"]]}"#;
        assert_eq!(serde_json::to_string(&stored).unwrap(), text);
        assert_eq!(
            serde_json::from_str::<StoredMappingPart>(text).unwrap(),
            stored
        );
    }
}
