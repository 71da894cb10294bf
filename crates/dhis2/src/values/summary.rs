//! The import summary as it comes over the wire: in its envelope, or bare (the summary of a
//! job, "async summary" of `import-options`).

use super::answer::{Conflict, Counters};
use crate::wire::null_to_default;
use serde::Deserialize;
use serde_json::Value;

/// The counters and the rest of a summary; `None` where the body is none.
pub(super) fn read_summary(body: &[u8]) -> Option<(Counters, Summary)> {
    let envelope: Envelope = serde_json::from_slice(body).ok()?;
    let summary = match envelope.response {
        Some(summary) => summary,
        None => serde_json::from_slice(body).ok()?,
    };
    Some((summary.import_count?, summary))
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    response: Option<Summary>,
}

/// What a summary holds beside its counters.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary {
    pub(super) status: Option<String>,
    #[serde(default, deserialize_with = "null_to_default")]
    pub(super) description: String,
    import_count: Option<Counters>,
    #[serde(default, deserialize_with = "null_to_default")]
    pub(super) conflicts: Vec<WireConflict>,
    #[serde(default, deserialize_with = "null_to_default")]
    rejected_indexes: Vec<i64>,
}

impl Summary {
    /// The places of the values that the server lists as rejected.
    pub(super) fn rejected(&self, sent: usize) -> Vec<usize> {
        within(&self.rejected_indexes, sent).collect()
    }
}

/// A conflict as it comes: `indexes` is missing where the whole request is meant (≤2.42,
/// E7600) and for registrations of completeness, and `[-1]` in 2.43 (E8100–E8111).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireConflict {
    #[serde(default, deserialize_with = "null_to_default")]
    error_code: String,
    #[serde(default, deserialize_with = "null_to_default")]
    value: String,
    #[serde(default, deserialize_with = "null_to_default")]
    indexes: Vec<i64>,
    /// ≤2.42: ids by their kind; 2.43: `args` alone.
    #[serde(default)]
    objects: Value,
}

impl WireConflict {
    pub(super) fn into_conflict(self, sent: usize) -> Conflict {
        let arguments = self.objects.get("args").and_then(Value::as_str);
        Conflict {
            code: self.error_code,
            message: self.value,
            indexes: within(&self.indexes, sent).collect(),
            arguments: arguments.unwrap_or_default().to_owned(),
        }
    }
}

/// The indexes that are places in the request.
fn within(indexes: &[i64], sent: usize) -> impl Iterator<Item = usize> + '_ {
    indexes
        .iter()
        .filter_map(|index| usize::try_from(*index).ok())
        .filter(move |index| *index < sent)
}
