//! What was seen in the destination when an exchange last ran, so that the next run can tell
//! a value that somebody edited here from one that an earlier run left behind.
//!
//! Of each data set and period one [`Mark`] is kept, by nothing but the stamps that the
//! destination itself puts on values (`lastUpdated`, `storedBy`): no clock of ours takes
//! part. A mark says *seen until*: values stamped until then were looked at in a plan. What
//! was stamped later was either written by one of our runs, which is kept as [`Writes`], or
//! by somebody here.

use rustc_hash::FxHashSet;

use crate::moment::Moment;
use crate::symbol::{Symbol, Symbols};

/// Stamps of one sending that lie closer together than this belong to one [`Writes`], in
/// milliseconds. A slice takes seconds.
const ONE_GO: i64 = 60_000;

/// So many [`Writes`] of one data set and period are kept; the oldest go first.
const WRITES_KEPT: usize = 200;

/// What is remembered of one data set and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Values stamped until then were in a plan that was carried out.
    pub until: Moment,
    /// What runs wrote after that, oldest first.
    pub own: Vec<Writes>,
}

/// What one run wrote in one go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Writes {
    /// Stamp of the first value, read back.
    pub from: Moment,
    /// Stamp of the last.
    pub to: Moment,
    /// `storedBy` of its values.
    pub by: String,
}

/// What a run found and did in one data set and period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// The latest stamp of all values that were there when the plan was made.
    pub latest: Moment,
    /// The same of the part that was read on its own and has the earliest one: what was stamped
    /// until then was seen in all parts.
    pub latest_in_all: Moment,
    /// What was stamped until then was there before the plan was made, where that is known.
    pub planned: Moment,
    /// The earliest stamp of the values that had been edited here and still differ. They
    /// have to be found edited the next time, too.
    pub left: Option<Moment>,
    /// The run looked at everything that the mark is about. A run for one district says
    /// nothing about what was edited in another.
    pub whole: bool,
    /// Stamps of what the run wrote, as read back, in any order.
    pub written: Vec<Moment>,
    /// Who it wrote as.
    pub by: String,
}

impl Mark {
    /// The mark after a run; none while there is nothing to remember.
    ///
    /// Without an earlier mark everything that was there before the plan was made counts as seen,
    /// whether that part could be read or not: no run came before it. With one, `until`
    /// moves on only if the run looked at the whole, and stops before the first value that
    /// is left as somebody edited it. It never comes past what was surely seen in all parts that
    /// were read on their own, where that is known: a value that somebody entered in one part after
    /// it was read may be older than the latest of a part that was read later.
    pub fn after(earlier: Option<&Self>, looked: &Looked) -> Option<Self> {
        let new = writes(&looked.written, &looked.by);
        let first = new.first().map(|writes| before(writes.from));
        let planned = Some(looked.planned).filter(|planned| *planned != Moment::UNKNOWN);
        let at_least = match (earlier, planned, first) {
            (Some(mark), _, _) => mark.until,
            (None, Some(planned), Some(first)) => planned.min(first),
            (None, planned, _) => planned.unwrap_or(Moment::UNKNOWN),
        };
        let mut own: Vec<Writes> = earlier.map_or_else(Vec::new, |mark| mark.own.clone());
        own.extend(new);
        own.sort();
        own.dedup();
        let until = match earlier {
            Some(mark) if !looked.whole => mark.until,
            _ => {
                let in_all = planned.map(|planned| planned.max(looked.latest_in_all));
                let bounds = in_all.into_iter().chain(looked.left.map(before));
                let until = bounds.fold(looked.latest, Moment::min);
                until.max(at_least)
            }
        };
        let until = Some(until)
            .filter(|until| *until != Moment::UNKNOWN)
            .or(first)?;
        own.retain(|writes| writes.to > until);
        own.drain(..own.len().saturating_sub(WRITES_KEPT));
        Some(Self { until, own })
    }

    /// The mark with what a run wrote that came to no end of its own, so that nothing else is
    /// known of it; none where there is nothing to remember. Without an earlier mark what is
    /// stamped until the plan of that run was made (`planned`, where it is known) counts as
    /// seen, and nothing that came after it.
    pub fn with_writes(
        earlier: Option<&Self>,
        planned: Moment,
        writes: impl IntoIterator<Item = Writes>,
    ) -> Option<Self> {
        let mut own: Vec<Writes> = earlier.map_or_else(Vec::new, |mark| mark.own.clone());
        own.extend(writes);
        own.sort();
        own.dedup();
        let until = match earlier {
            Some(mark) => mark.until,
            None => {
                let first = before(own.first()?.from);
                if planned == Moment::UNKNOWN {
                    first
                } else {
                    planned.min(first)
                }
            }
        };
        own.retain(|writes| writes.to > until);
        own.drain(..own.len().saturating_sub(WRITES_KEPT));
        Some(Self { until, own })
    }
}

fn before(moment: Moment) -> Moment {
    moment
        .millis()
        .map_or(moment, |millis| Moment::from_millis(millis - 1))
}

/// Known stamps in goes, oldest first.
pub fn writes(stamps: &[Moment], by: &str) -> Vec<Writes> {
    let mut millis: Vec<i64> = stamps.iter().filter_map(|stamp| stamp.millis()).collect();
    millis.sort_unstable();
    let goes = millis.chunk_by(|one, next| next - one <= ONE_GO);
    goes.filter_map(|go| {
        Some(Writes {
            from: Moment::from_millis(*go.first()?),
            to: Moment::from_millis(*go.last()?),
            by: by.to_owned(),
        })
    })
    .collect()
}

/// A [`Mark`] made ready for comparing.
#[derive(Clone, Debug)]
pub struct Seen {
    until: Moment,
    own: Vec<(Moment, Moment, Symbol)>,
    /// The org units that were looked at until then; none where all were.
    org_units: Option<FxHashSet<Symbol>>,
}

impl Seen {
    /// Takes the names of those who wrote in among the plan's symbols.
    pub fn new(mark: &Mark, symbols: &mut Symbols) -> Self {
        let own = mark.own.iter();
        Self {
            until: mark.until,
            own: own
                .map(|writes| (writes.from, writes.to, symbols.intern(&writes.by)))
                .collect(),
            org_units: None,
        }
    }

    /// The same, of a mark that is about these org units of the destination only.
    #[must_use]
    pub fn within(mut self, org_units: FxHashSet<Symbol>) -> Self {
        self.org_units = Some(org_units);
        self
    }

    /// Whether an earlier run can have brought a value: one of them wrote it, or looked at it
    /// and found it in no need of sending. Of one without a known moment nobody can say so.
    pub fn is_brought(&self, org_unit: Symbol, last_updated: Moment, stored_by: Symbol) -> bool {
        let units = self.org_units.as_ref();
        let looked_at = units.is_none_or(|units| units.contains(&org_unit));
        last_updated != Moment::UNKNOWN
            && (self.is_own(last_updated, stored_by) || looked_at && last_updated <= self.until)
    }

    /// Whether a value with these stamps was put there since by somebody else than a run.
    /// One without a known moment was not, as far as anybody can tell.
    pub fn is_edited(&self, last_updated: Moment, stored_by: Symbol) -> bool {
        last_updated > self.until && !self.is_own(last_updated, stored_by)
    }

    fn is_own(&self, last_updated: Moment, stored_by: Symbol) -> bool {
        self.own
            .iter()
            .any(|(from, to, by)| (*from..=*to).contains(&last_updated) && *by == stored_by)
    }
}

#[cfg(test)]
mod tests;
