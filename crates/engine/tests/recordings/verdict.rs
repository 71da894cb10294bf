//! What a server did with each value of a request.

use serde_json::Value;

/// What became of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Stored, or found to be stored already.
    Taken,
    /// Refused, or dropped without a word.
    NotTaken,
    /// Not stored, for the sake of at least one value of the request.
    OneOfThese,
}

/// The verdicts on the values of a request, in their order. What 2.43 refuses as a whole, and
/// what is missing from the counters, is not taken where there is one value only.
pub(crate) fn verdicts(response: &Value, sent: usize) -> Vec<Verdict> {
    let summary = &response["json"]["response"];
    let count = |name: &str| summary["importCount"][name].as_u64().unwrap_or(0) as usize;
    let counted: usize = ["imported", "updated", "ignored", "deleted"]
        .map(count)
        .iter()
        .sum();
    let rejected: Vec<usize> = summary["rejectedIndexes"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|index| usize::try_from(index.as_u64()?).ok())
        .collect();
    let unclear = if sent == 1 {
        Verdict::NotTaken
    } else {
        Verdict::OneOfThese
    };
    if counted < sent {
        return vec![unclear; sent];
    }
    (0..sent)
        .map(|index| {
            if rejected.contains(&index) {
                Verdict::NotTaken
            } else {
                Verdict::Taken
            }
        })
        .collect()
}
