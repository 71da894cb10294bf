//! What became of the values of one write request.
//!
//! DHIS2 says it by an import summary, on 200 and on 409 alike, and means different things
//! by version (`import-good`, `import-bad-values`, `import-bad-requests`, `import-options`,
//! `zz-import-rules`, `completeness`):
//!
//! - ≤2.42: 409 "WARNING" has saved the rest; equal values are `ignored` without a conflict;
//!   409 "ERROR" has saved nothing.
//! - 2.43: a fault of a key refuses the whole request (409, all counters 0, all indexes
//!   rejected, or none with index -1 for E8100–E8111); bad values are dropped one by one
//!   (200 "WARNING"); a body that it cannot read is a 200 "OK" with all counters 0.
//!
//! So neither the status nor the word "OK" decides, but the conflicts, the rejected indexes
//! and whether the counters add up. What they leave open is [`Outcome::Unknown`]: it has to
//! be read back.

use super::summary::{Summary, read_summary};
use crate::differences::Differences;
use crate::failure::{Failure, FailureKind, Side};
use serde::Deserialize;

/// What became of one value sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it: the counters account for every value of the request.
    Accepted(Effect),
    /// The server refused it.
    Refused {
        /// The server's code (`E7619`); empty where it gave none.
        code: String,
        /// The server's words; empty where it gave none.
        message: String,
    },
    /// The answer does not tell: the server named no fault of it, and its counters leave
    /// values out, or a fault names no value. Only reading it back does.
    Unknown,
}

/// What taking a value came to, as far as the counters of its request tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// There was none before.
    New,
    /// It stands in place of another, or was deleted.
    Changed,
    /// The same was there; nothing was written.
    Unchanged,
    /// One of the three: the counters are of the whole request, and 2.43 counts all of them
    /// as `updated`. What was read before the sending tells.
    Untold,
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
        [self.imported, self.updated, self.ignored, self.deleted]
            .into_iter()
            .fold(0, usize::saturating_add)
    }
}

/// One fault that the server named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conflict {
    /// The server's code; empty where it gave none.
    pub code: String,
    /// The server's words.
    pub message: String,
    /// The values that it concerns, by their index in the request; empty for the request as
    /// a whole.
    pub indexes: Vec<usize>,
    /// What the server says beside its words, joined by `-`: `dsMonthly01-[ouFacD30005]`.
    /// From 2.43 on; empty before.
    pub arguments: String,
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
    /// faulty ones: [`ImportAnswer::guilty`] names those, where the server does.
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
    /// values not refused are [`Outcome::Unknown`].
    #[must_use]
    pub fn counters_add_up(&self) -> bool {
        let counted = self.counters.sum();
        if self.whole_request_refused.is_some() {
            return counted == 0;
        }
        counted == self.sent() && self.counters.ignored >= self.refused()
    }

    /// Reads the answer of a server with these differences to a request of `sent` values (or
    /// registrations of completeness, which are answered in the same way).
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
        let (counters, summary) = read_summary(body)?;
        Some(Self::from_summary(
            differences,
            status,
            counters,
            summary,
            sent,
        ))
    }

    fn from_summary(
        differences: &Differences,
        status: u16,
        counters: Counters,
        summary: Summary,
        sent: usize,
    ) -> Self {
        let rejected = summary.rejected(sent);
        let is_error = summary.status.as_deref() == Some("ERROR");
        let description = summary.description;
        let conflicts: Vec<Conflict> = summary
            .conflicts
            .into_iter()
            .map(|conflict| conflict.into_conflict(sent))
            .collect();
        // Nothing was counted and a fault is told: nothing was written. 2.43 tells no fault
        // for a body that it could not read.
        let told =
            status != 200 || is_error || !conflicts.is_empty() || differences.unreadable_body_is_ok;
        let whole_request_refused = (sent > 0 && counters.sum() == 0 && told).then(|| {
            conflicts.first().cloned().unwrap_or(Conflict {
                message: description,
                ..Conflict::default()
            })
        });
        let mut answer = Self {
            outcomes: vec![Outcome::Unknown; sent],
            counters,
            conflicts,
            whole_request_refused,
        };
        answer.refuse(&rejected);
        answer.accept_the_rest(differences);
        answer
    }

    /// Marks what the server refused.
    fn refuse(&mut self, rejected: &[usize]) {
        if let Some(fault) = &self.whole_request_refused {
            self.outcomes.fill(fault.outcome());
        }
        // A fault that names no value is that of the rejected ones, where it is the only one.
        // Without a fault they were rejected without a word ("create strategy on it" of
        // `import-options`).
        let unplaced = self.only_unplaced().map(Conflict::outcome);
        let without_a_word = Outcome::Refused {
            code: String::new(),
            message: String::new(),
        };
        for index in rejected {
            if let Some(outcome @ Outcome::Unknown) = self.outcomes.get_mut(*index) {
                *outcome = unplaced.clone().unwrap_or_else(|| without_a_word.clone());
            }
        }
        for conflict in &self.conflicts {
            for index in &conflict.indexes {
                if let Some(outcome) = self.outcomes.get_mut(*index) {
                    *outcome = conflict.outcome();
                }
            }
        }
        // One value, one fault, nothing taken: "register, other region" of `completeness`.
        if let ([outcome @ Outcome::Unknown], Some(refused), true) = (
            self.outcomes.as_mut_slice(),
            unplaced,
            self.counters.ignored == 1 && self.counters.sum() == 1,
        ) {
            *outcome = refused;
        }
    }

    /// The fault that names no value, if there is exactly one such.
    fn only_unplaced(&self) -> Option<&Conflict> {
        let mut unplaced = self.conflicts.iter().filter(|c| c.indexes.is_empty());
        match (unplaced.next(), unplaced.next()) {
            (Some(conflict), None) => Some(conflict),
            _ => None,
        }
    }

    /// Marks what was taken: the values not refused, where the counters account for all.
    fn accept_the_rest(&mut self, differences: &Differences) {
        let refused = self.refused();
        let taken = self.sent().saturating_sub(refused);
        if taken == 0 || !self.counters_add_up() {
            return;
        }
        let ignored = self.counters.ignored.saturating_sub(refused);
        // A fault without a place and values ignored without a fault: equal ones, or the
        // fault's. The answer does not say which.
        let unplaced = self.conflicts.iter().any(|c| c.indexes.is_empty());
        if unplaced && ignored > 0 {
            return;
        }
        let effect = if self.counters.imported == taken {
            Effect::New
        } else if ignored == taken {
            Effect::Unchanged
        } else if self.counters.updated + self.counters.deleted == taken
            && !differences.equal_values_count_as_updated
        {
            Effect::Changed
        } else {
            Effect::Untold
        };
        for outcome in &mut self.outcomes {
            if *outcome == Outcome::Unknown {
                *outcome = Outcome::Accepted(effect);
            }
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
