//! What became of what was sent, entry by entry, and whether it adds up.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

use crate::plan::{Counts, Kind, KindSet, Plan};

/// What became of one confirmed entry of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// No request with it was made.
    NotSent,
    /// The destination holds it.
    Written,
    /// The destination refused it; the number stands for the server's code, see [`OutcomeLog::code`].
    Rejected(u16),
    /// It was sent, and nobody knows: no usable answer, or the answer and the value read back disagree.
    Unknown,
}

/// What the server said about one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// No request with it was made.
    NotSent,
    /// The answer names no fault of it, and its counters add up.
    Accepted,
    /// The answer refuses it; the number of the server's code.
    Refused(u16),
    /// No answer, or none that can be relied on: an empty or non-JSON 200, counters that do not add up.
    Unusable,
}

/// What the destination holds after sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadBack<'a> {
    /// Its cell was read: its value, or nothing there.
    Read(Option<&'a str>),
    /// Its cell could not be read.
    Failed,
}

/// What an answer and the value read back mean together. The value read back
/// counts for more, since answers of all versions leave something out (2.43
/// counts equal values as updated, 2.40–2.42 drop insignificant zeros and
/// count them nowhere):
/// - not sent → not sent;
/// - what was read back equals what was sent → written, whatever the answer said;
/// - refused, and not there or not read → rejected;
/// - all else → unknown: accepted or without a usable answer, but something
///   else or nothing was read back, or the cell could not be read.
pub fn judge(sent: &str, answer: Answer, read_back: ReadBack<'_>) -> Outcome {
    match (answer, read_back) {
        (Answer::NotSent, _) => Outcome::NotSent,
        (_, ReadBack::Read(Some(value))) if value == sent => Outcome::Written,
        (Answer::Refused(code), _) => Outcome::Rejected(code),
        _ => Outcome::Unknown,
    }
}

/// The same for a value that was to be deleted: gone is gone, whatever the answer said (up to
/// 2.42 deleting what is gone is refused without a word, 2.43 counts it; "delete strategy,
/// again" of the recordings). What still stands there was refused, or nobody knows.
pub fn judge_deletion(answer: Answer, read_back: ReadBack<'_>) -> Outcome {
    match (answer, read_back) {
        (Answer::NotSent, _) => Outcome::NotSent,
        (_, ReadBack::Read(None | Some(""))) => Outcome::Written,
        (Answer::Refused(code), _) => Outcome::Rejected(code),
        _ => Outcome::Unknown,
    }
}

/// The outcomes of all confirmed entries of a plan; not sent until said otherwise.
#[derive(Clone, Debug)]
pub struct OutcomeLog {
    /// The kinds that were confirmed.
    kinds: KindSet,
    /// Indexes in the plan of the confirmed entries, ascending.
    confirmed: Vec<u32>,
    outcomes: Vec<Outcome>,
    codes: IndexSet<String, FxBuildHasher>,
}

/// Outcomes counted, of one slice or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// Entries that were to be sent. Counted from the plan, not from the outcomes.
    pub confirmed: u64,
    /// The destination holds them.
    pub written: u64,
    /// The destination refused them.
    pub rejected: u64,
    /// Sent, and nobody knows.
    pub unknown: u64,
    /// Not sent.
    pub not_sent: u64,
}

/// Outcomes that do not add up to what was confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{confirmed} values were to be sent, but the outcomes account for {accounted}")]
pub struct OutcomesMissing {
    /// Entries that were to be sent.
    pub confirmed: u64,
    /// Entries that have an outcome.
    pub accounted: u64,
}

impl OutcomeLog {
    /// A log of everything that a plan would send.
    pub fn new(plan: &Plan) -> Self {
        Self::confirming(plan, KindSet::ALL)
    }

    /// A log of what a person confirmed: of the kinds that are sent, only those in `kinds`.
    pub fn confirming(plan: &Plan, kinds: KindSet) -> Self {
        let confirmed: Vec<u32> = plan
            .to_send()
            .flat_map(|part| part.entries)
            .filter(|(_, entry)| kinds.contains(entry.kind.kind()))
            .map(|(index, _)| index)
            .collect();
        let outcomes = vec![Outcome::NotSent; confirmed.len()];
        Self {
            kinds,
            confirmed,
            outcomes,
            codes: IndexSet::default(),
        }
    }

    /// How many of some counted entries were confirmed: those of kinds that are sent.
    fn confirmed_of(&self, counts: &Counts) -> u64 {
        Kind::ALL
            .into_iter()
            .filter(|kind| self.kinds.contains(*kind))
            .map(|kind| counts.sendable(kind))
            .sum()
    }

    /// The number of a server's code, for example `E7640`, for [`Outcome::Rejected`].
    pub fn code_number(&mut self, code: &str) -> u16 {
        let index = self
            .codes
            .get_index_of(code)
            .unwrap_or_else(|| self.codes.insert_full(code.to_owned()).0);
        u16::try_from(index).unwrap_or(u16::MAX)
    }

    /// The server's code behind a number; empty if the number was not given out.
    pub fn code(&self, number: u16) -> &str {
        self.codes
            .get_index(usize::from(number))
            .map_or("", String::as_str)
    }

    /// Notes the outcome of an entry of the plan. False if the entry was not confirmed.
    pub fn set(&mut self, entry: u32, outcome: Outcome) -> bool {
        let place = self
            .confirmed
            .binary_search(&entry)
            .ok()
            .and_then(|at| self.outcomes.get_mut(at));
        place.map(|place| *place = outcome).is_some()
    }

    /// The outcome of an entry of the plan; none if it was not confirmed.
    pub fn get(&self, entry: u32) -> Option<Outcome> {
        let at = self.confirmed.binary_search(&entry).ok()?;
        self.outcomes.get(at).copied()
    }

    /// All confirmed entries with their outcomes, in the plan's order.
    pub fn iter(&self) -> impl Iterator<Item = (u32, Outcome)> {
        self.confirmed
            .iter()
            .copied()
            .zip(self.outcomes.iter().copied())
    }

    /// The outcomes of one slice of the plan.
    pub fn of_slice(&self, plan: &Plan, slice: usize) -> Outcomes {
        let Some(slice) = plan.slices().get(slice) else {
            return Outcomes::default();
        };
        let from = self
            .confirmed
            .partition_point(|&entry| entry < slice.entries.start);
        let to = self
            .confirmed
            .partition_point(|&entry| entry < slice.entries.end);
        tally(
            self.confirmed_of(&slice.counts),
            self.outcomes.get(from..to).unwrap_or_default(),
        )
    }

    /// The outcomes of all slices.
    pub fn total(&self, plan: &Plan) -> Outcomes {
        tally(self.confirmed_of(&plan.counts()), &self.outcomes)
    }
}

impl Outcomes {
    /// confirmed = written + rejected + unknown + not sent, exactly.
    pub fn check(&self) -> Result<(), OutcomesMissing> {
        let accounted = self.written + self.rejected + self.unknown + self.not_sent;
        let (confirmed, adds_up) = (self.confirmed, self.confirmed == accounted);
        if adds_up {
            Ok(())
        } else {
            Err(OutcomesMissing {
                confirmed,
                accounted,
            })
        }
    }
}

fn tally(confirmed: u64, outcomes: &[Outcome]) -> Outcomes {
    let mut counts = Outcomes {
        confirmed,
        ..Outcomes::default()
    };
    for outcome in outcomes {
        *match outcome {
            Outcome::NotSent => &mut counts.not_sent,
            Outcome::Written => &mut counts.written,
            Outcome::Rejected(_) => &mut counts.rejected,
            Outcome::Unknown => &mut counts.unknown,
        } += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deleted_value_is_gone_or_not() {
        let check = |answer, read_back, expected| {
            assert_eq!(judge_deletion(answer, read_back), expected);
        };
        use {Answer::*, ReadBack::*};
        check(Accepted, Read(None), Outcome::Written);
        check(Accepted, Read(Some("")), Outcome::Written);
        check(Refused(3), Read(None), Outcome::Written);
        check(Unusable, Read(None), Outcome::Written);
        check(Refused(3), Read(Some("5")), Outcome::Rejected(3));
        check(Refused(3), Failed, Outcome::Rejected(3));
        check(Accepted, Read(Some("5")), Outcome::Unknown);
        check(Accepted, Failed, Outcome::Unknown);
        check(Unusable, Read(Some("5")), Outcome::Unknown);
        check(NotSent, Read(None), Outcome::NotSent);
    }

    #[test]
    fn what_answer_and_read_back_mean_together() {
        let check =
            |answer, read_back, expected| assert_eq!(judge("5", answer, read_back), expected);
        use {Answer::*, ReadBack::*};
        check(Accepted, Read(Some("5")), Outcome::Written);
        check(Refused(3), Read(Some("5")), Outcome::Written);
        check(Unusable, Read(Some("5")), Outcome::Written);
        check(Refused(3), Read(Some("4")), Outcome::Rejected(3));
        check(Refused(3), Read(None), Outcome::Rejected(3));
        check(Refused(3), Failed, Outcome::Rejected(3));
        check(Accepted, Read(Some("4")), Outcome::Unknown);
        check(Accepted, Read(None), Outcome::Unknown);
        check(Accepted, Failed, Outcome::Unknown);
        check(Unusable, Read(None), Outcome::Unknown);
        check(Unusable, Failed, Outcome::Unknown);
        check(NotSent, Read(Some("5")), Outcome::NotSent);
        check(NotSent, Failed, Outcome::NotSent);
    }
}
