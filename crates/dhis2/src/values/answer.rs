//! What became of the values of one write request.
//!
//! DHIS2 says it by an import summary, on 200 and on 409 alike, and means different things
//! by version (`import-good`, `import-bad-values`, `import-bad-requests`, `import-options`,
//! `zz-import-rules`):
//!
//! - ≤2.42: 409 "WARNING" has saved the rest; equal values are `ignored` without a conflict;
//!   409 "ERROR" has saved nothing.
//! - 2.43: a fault of a key refuses the whole request (409, all counters 0, all indexes
//!   rejected, or none with index -1 for E8100–E8111); bad values are dropped one by one
//!   (200 "WARNING"); a body that it cannot read is a 200 "OK" with all counters 0.
//!
//! So neither the status nor the word "OK" decides, but the conflicts, the rejected indexes
//! and whether the counters add up.

use crate::differences::Differences;
use crate::failure::{Failure, FailureKind, Side};
use crate::wire::null_to_default;
use serde::Deserialize;

/// What became of one value sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server named no fault. Whether it is stored is told by the counters of the whole
    /// request and, in the end, by reading it back.
    NotRefused,
    /// The server refused it.
    Refused {
        /// The server's code (`E7619`); empty where it gave none.
        code: String,
        /// The server's words.
        message: String,
    },
}

/// The server's own counting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Counters {
    /// New ones; always 0 in 2.43.
    pub imported: usize,
    /// Changed ones; in 2.43 all that were written, also new and equal ones.
    pub updated: usize,
    /// Refused and (≤2.42) equal ones.
    pub ignored: usize,
    /// Deleted ones.
    pub deleted: usize,
}

impl Counters {
    /// The sum of all four.
    #[must_use]
    pub fn sum(&self) -> usize {
        self.imported + self.updated + self.ignored + self.deleted
    }
}

/// One fault that the server named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The server's code; empty where it gave none.
    pub code: String,
    /// The server's words.
    pub message: String,
    /// The values that it concerns, by their index in the request; empty for the request as
    /// a whole.
    pub indexes: Vec<usize>,
}

/// The answer to one write request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportAnswer {
    /// One outcome for each value sent, in the order sent.
    pub outcomes: Vec<Outcome>,
    /// The server's counting.
    pub counters: Counters,
    /// The faults named, as the server grouped them.
    pub conflicts: Vec<Conflict>,
    /// The fault for which *nothing* of the request was written, where that is so: all its
    /// values are [`Outcome::Refused`], also good ones. They can be sent again without the
    /// faulty ones.
    pub whole_request_refused: Option<Conflict>,
}

impl ImportAnswer {
    /// How many values were sent.
    #[must_use]
    pub fn sent(&self) -> usize {
        self.outcomes.len()
    }

    /// How many values the server refused.
    #[must_use]
    pub fn refused(&self) -> usize {
        let refused = |outcome: &&Outcome| matches!(outcome, Outcome::Refused { .. });
        self.outcomes.iter().filter(refused).count()
    }

    /// Whether the server's counting accounts for every value sent. Where it does not, the
    /// values not refused are *unknown* until they are read back.
    #[must_use]
    pub fn counters_add_up(&self) -> bool {
        let counted = self.counters.sum();
        if self.whole_request_refused.is_some() {
            return counted == 0;
        }
        counted == self.sent() && self.counters.ignored >= self.refused()
    }

    /// Reads the answer of a server with these differences to a request of `sent` values.
    ///
    /// # Errors
    /// [`Failure`] where the body is no import summary: an empty 200 is
    /// [`FailureKind::EmptyAnswer`], a page [`FailureKind::WrongContent`], else by status.
    pub fn parse(
        differences: &Differences,
        status: u16,
        body: &[u8],
        sent: usize,
    ) -> Result<Self, Failure> {
        Self::read(differences, status, body, sent).ok_or_else(|| {
            let kind = if body.iter().all(u8::is_ascii_whitespace) {
                FailureKind::EmptyAnswer
            } else if status >= 500 {
                FailureKind::ServerError
            } else if status >= 400 {
                FailureKind::BadRequest
            } else {
                FailureKind::WrongContent
            };
            Failure {
                status: Some(status),
                ..Failure::new(Side::Destination, kind, "api/dataValueSets", "")
            }
        })
    }

    /// As [`Self::parse`]; `None` where the body is no import summary.
    pub(crate) fn read(
        differences: &Differences,
        status: u16,
        body: &[u8],
        sent: usize,
    ) -> Option<Self> {
        if status != 200 && status != 409 {
            return None;
        }
        let envelope: Envelope = serde_json::from_slice(body).ok()?;
        let summary = match envelope.response {
            Some(summary) => summary,
            None => serde_json::from_slice(body).ok()?,
        };
        let counters = summary.import_count?;
        Some(Self::from_summary(
            differences,
            status,
            counters,
            summary,
            sent,
        ))
    }
}

/// The summary in its envelope, or bare.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    response: Option<Summary>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    status: Option<String>,
    #[serde(default, deserialize_with = "null_to_default")]
    description: String,
    import_count: Option<Counters>,
    #[serde(default, deserialize_with = "null_to_default")]
    conflicts: Vec<WireConflict>,
    #[serde(default, deserialize_with = "null_to_default")]
    rejected_indexes: Vec<i64>,
}

/// A conflict as it comes: `indexes` is missing where the whole request is meant (≤2.42,
/// E7600), and `[-1]` in 2.43 (E8100–E8111).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireConflict {
    #[serde(default, deserialize_with = "null_to_default")]
    error_code: String,
    #[serde(default, deserialize_with = "null_to_default")]
    value: String,
    #[serde(default, deserialize_with = "null_to_default")]
    indexes: Vec<i64>,
}

impl WireConflict {
    fn into_conflict(self, sent: usize) -> Conflict {
        Conflict {
            code: self.error_code,
            message: self.value,
            indexes: within(&self.indexes, sent).collect(),
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

impl ImportAnswer {
    fn from_summary(
        differences: &Differences,
        status: u16,
        counters: Counters,
        summary: Summary,
        sent: usize,
    ) -> Self {
        let rejected: Vec<usize> = within(&summary.rejected_indexes, sent).collect();
        let conflicts: Vec<Conflict> = summary
            .conflicts
            .into_iter()
            .map(|conflict| conflict.into_conflict(sent))
            .collect();
        // Nothing was counted and a fault is told: nothing was written. 2.43 tells no fault
        // for a body that it could not read.
        let told = status != 200
            || summary.status.as_deref() == Some("ERROR")
            || !conflicts.is_empty()
            || differences.unreadable_body_is_ok;
        let whole_request_refused = (sent > 0 && counters.sum() == 0 && told).then(|| {
            conflicts.first().cloned().unwrap_or(Conflict {
                code: String::new(),
                message: summary.description,
                indexes: Vec::new(),
            })
        });
        let mut outcomes = vec![Outcome::NotRefused; sent];
        if let Some(fault) = &whole_request_refused {
            outcomes.fill(fault.outcome());
        }
        // "create strategy on it" of `import-options`: rejected without a word.
        for index in rejected {
            if let Some(outcome @ Outcome::NotRefused) = outcomes.get_mut(index) {
                *outcome = Outcome::Refused {
                    code: String::new(),
                    message: String::new(),
                };
            }
        }
        for conflict in &conflicts {
            for index in &conflict.indexes {
                if let Some(outcome) = outcomes.get_mut(*index) {
                    *outcome = conflict.outcome();
                }
            }
        }
        Self {
            outcomes,
            counters,
            conflicts,
            whole_request_refused,
        }
    }
}

impl Conflict {
    fn outcome(&self) -> Outcome {
        Outcome::Refused {
            code: self.code.clone(),
            message: self.message.clone(),
        }
    }
}
