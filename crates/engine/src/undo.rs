//! Taking a run back: from its plan, what became of it and what is there now, what has to be
//! put back or deleted, and what is left alone because it is no longer what the run wrote.
//!
//! Inert, like a plan. It is made slice by slice from values that were read just before, and
//! carried out by sending what [`UndoPlan::to_send`] lists, nothing else.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::cell::Cell;
use crate::outcome::{Outcome, OutcomeLog};
use crate::plan::{Entry, EntryKind, Plan};
use crate::values::{Value, ValueTable};

/// What becomes of a confirmed value when the run is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UndoKind {
    /// The value from before the run is put back.
    Restore,
    /// There was none before the run: the one that the run wrote is deleted.
    Delete,
    /// What was there before the run is there already.
    AsBefore,
    /// Somebody has put something else there since, or taken it away. It is left alone.
    ChangedSince,
    /// The run's value is there, and a comment with it that deleting would take along. It is
    /// left alone.
    Commented,
    /// The run wrote nothing there: it was refused, or never sent.
    NothingDone,
}

/// What becomes of one confirmed entry of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UndoStep<'p> {
    /// Its index in the plan.
    pub entry: u32,
    /// Where.
    pub cell: Cell,
    /// What is done.
    pub kind: UndoKind,
    /// What was there before the run; none if nothing was.
    pub before: Option<&'p str>,
    /// What the run put there; none if it took a value away.
    pub wrote: Option<&'p str>,
    /// What is there now.
    pub now: Option<Cow<'p, str>>,
}

/// Steps counted.
/// confirmed = restore + delete + as before + changed since + commented + nothing done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UndoCounts {
    /// Values that the run was to send. Counted from the plan, not from the steps.
    pub confirmed: u64,
    /// [`UndoKind::Restore`].
    pub restore: u64,
    /// [`UndoKind::Delete`].
    pub delete: u64,
    /// [`UndoKind::AsBefore`].
    pub as_before: u64,
    /// [`UndoKind::ChangedSince`].
    pub changed_since: u64,
    /// [`UndoKind::Commented`].
    pub commented: u64,
    /// [`UndoKind::NothingDone`].
    pub nothing_done: u64,
}

/// Steps that do not add up to what was confirmed. Nothing may be sent from such an undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the run was to send {confirmed} values, but taking it back accounts for {accounted}")]
pub struct StepsMissing {
    /// Values that the run was to send.
    pub confirmed: u64,
    /// Values with a step.
    pub accounted: u64,
}

/// One slice of a run, taken back.
#[derive(Clone, Debug)]
pub struct UndoSlice<'p> {
    /// Index of the slice in the plan.
    pub slice: usize,
    /// A step for each confirmed entry, in the plan's order.
    pub steps: Vec<UndoStep<'p>>,
    /// The steps counted.
    pub counts: UndoCounts,
}

/// A run taken back.
#[derive(Clone, Debug, Default)]
pub struct UndoPlan<'p> {
    slices: Vec<UndoSlice<'p>>,
}

/// What a run made of a cell: the texts before and after. None for kinds that are never sent.
/// Everything else here follows from these two, whatever the kind: what the run put where
/// nothing was is deleted, all else that it changed or took away is put back.
fn change<'p>(entry: &Entry<'p>) -> Option<(Option<&'p str>, Option<&'p str>)> {
    match entry.kind {
        EntryKind::New => Some((None, Some(entry.value_to_send))),
        EntryKind::Changed | EntryKind::EditedHere => {
            Some((entry.present_value, Some(entry.value_to_send)))
        }
        EntryKind::Cleared(None) => Some((entry.present_value, None)),
        EntryKind::Cleared(Some(_))
        | EntryKind::Same
        | EntryKind::Blocked(_)
        | EntryKind::Unmapped(_)
        | EntryKind::Excluded => None,
    }
}

/// Takes one slice of a run back.
///
/// - A value that was sent and of which nobody knows is treated as one that was written: if it
///   is what is there now, it is taken back.
/// - `now` holds the destination's values of the slice, read after the run (without deleted
///   ones; values of other slices do no harm). A reading that failed must not come here: what
///   is missing from it would be taken for deleted since.
/// - A value without text (only a comment) counts as not there, as it does in a plan.
pub fn undo_slice<'p>(
    plan: &'p Plan,
    log: &OutcomeLog,
    slice: usize,
    now: &ValueTable,
) -> UndoSlice<'p> {
    let entries = plan
        .slices()
        .get(slice)
        .map_or(0..0, |slice| slice.entries.clone());
    let present: FxHashMap<Cell, Value<'_>> = now
        .iter()
        .filter(|value| !value.text.is_empty())
        .map(|value| (value.cell, value))
        .collect();
    let mut counts = UndoCounts {
        confirmed: log.of_slice(plan, slice).confirmed,
        ..UndoCounts::default()
    };
    let mut steps = Vec::new();
    for index in entries {
        let (Some(outcome), Some(entry)) = (log.get(index), plan.get(index)) else {
            continue;
        };
        let Some((before, wrote)) = change(&entry) else {
            continue;
        };
        let there = present.get(&entry.cell);
        let kind = match outcome {
            Outcome::NotSent | Outcome::Rejected(_) => UndoKind::NothingDone,
            Outcome::Written | Outcome::Unknown => fate(before, wrote, there),
        };
        counts.add(kind);
        let text = there.map(|value| value.text);
        let known = [before, wrote].into_iter().find(|known| *known == text);
        steps.push(UndoStep {
            entry: index,
            cell: entry.cell,
            kind,
            before,
            wrote,
            now: match known {
                Some(known) => known.map(Cow::Borrowed),
                None => text.map(|text| Cow::Owned(text.to_owned())),
            },
        });
    }
    UndoSlice {
        slice,
        steps,
        counts,
    }
}

/// What is done about a value that the run has sent.
fn fate(before: Option<&str>, wrote: Option<&str>, there: Option<&Value<'_>>) -> UndoKind {
    let now = there.map(|value| value.text);
    if now == before {
        UndoKind::AsBefore
    } else if now != wrote {
        UndoKind::ChangedSince
    } else if before.is_some() {
        UndoKind::Restore
    } else if there.is_some_and(|value| value.has_comment) {
        UndoKind::Commented
    } else {
        UndoKind::Delete
    }
}

impl UndoKind {
    /// All kinds, what is done first.
    pub const ALL: [Self; 6] = [
        Self::Restore,
        Self::Delete,
        Self::ChangedSince,
        Self::Commented,
        Self::AsBefore,
        Self::NothingDone,
    ];

    /// A stable word for storage, reports and translations.
    pub fn code(self) -> &'static str {
        match self {
            Self::Restore => "restore",
            Self::Delete => "delete",
            Self::AsBefore => "asBefore",
            Self::ChangedSince => "changedSince",
            Self::Commented => "commented",
            Self::NothingDone => "nothingDone",
        }
    }

    /// Whether something is sent for it.
    pub fn is_sent(self) -> bool {
        matches!(self, Self::Restore | Self::Delete)
    }
}

impl UndoCounts {
    fn add(&mut self, kind: UndoKind) {
        *match kind {
            UndoKind::Restore => &mut self.restore,
            UndoKind::Delete => &mut self.delete,
            UndoKind::AsBefore => &mut self.as_before,
            UndoKind::ChangedSince => &mut self.changed_since,
            UndoKind::Commented => &mut self.commented,
            UndoKind::NothingDone => &mut self.nothing_done,
        } += 1;
    }

    /// How many steps of a kind there are.
    pub fn of(&self, kind: UndoKind) -> u64 {
        match kind {
            UndoKind::Restore => self.restore,
            UndoKind::Delete => self.delete,
            UndoKind::AsBefore => self.as_before,
            UndoKind::ChangedSince => self.changed_since,
            UndoKind::Commented => self.commented,
            UndoKind::NothingDone => self.nothing_done,
        }
    }

    /// Whether the steps account for every value that the run was to send, exactly.
    ///
    /// # Errors
    /// [`StepsMissing`] if they do not.
    pub fn check(&self) -> Result<(), StepsMissing> {
        let accounted = UndoKind::ALL.iter().map(|&kind| self.of(kind)).sum();
        if self.confirmed == accounted {
            Ok(())
        } else {
            Err(StepsMissing {
                confirmed: self.confirmed,
                accounted,
            })
        }
    }
}

impl<'p> UndoPlan<'p> {
    /// An undo without slices.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a slice at the end, if it accounts for every value that the run was to send.
    ///
    /// # Errors
    /// [`StepsMissing`] if it does not.
    pub fn push(&mut self, slice: UndoSlice<'p>) -> Result<(), StepsMissing> {
        slice.counts.check()?;
        self.slices.push(slice);
        Ok(())
    }

    /// The slices in the order in which they were added.
    pub fn slices(&self) -> &[UndoSlice<'p>] {
        &self.slices
    }

    /// The counts of all slices together.
    pub fn counts(&self) -> UndoCounts {
        let mut total = UndoCounts::default();
        for slice in &self.slices {
            total.confirmed += slice.counts.confirmed;
            for step in &slice.steps {
                total.add(step.kind);
            }
        }
        total
    }

    /// What is to be put back or deleted, slice by slice.
    pub fn to_send(&self) -> impl Iterator<Item = (usize, &UndoStep<'p>)> {
        self.slices.iter().flat_map(|slice| {
            let sent = slice.steps.iter().filter(|step| step.kind.is_sent());
            sent.map(|step| (slice.slice, step))
        })
    }

    /// The destination's values as they would be after sending everything: `present` with
    /// values put back and deleted ones left out, and those that were taken away at the end.
    pub fn apply_to(&self, present: &ValueTable) -> ValueTable {
        let mut wanted: indexmap::IndexMap<Cell, Option<&str>, rustc_hash::FxBuildHasher> = self
            .to_send()
            .map(|(_, step)| (step.cell, step.before))
            .collect();
        let mut after = ValueTable::with_capacity(present.len());
        for value in present.iter() {
            let text = match wanted.swap_remove(&value.cell) {
                Some(None) => continue,
                Some(Some(before)) => before,
                None => value.text,
            };
            let (by, stamp) = (value.stored_by, value.last_updated);
            after.push(value.cell, text, by, stamp, value.has_comment);
        }
        for (cell, before) in wanted {
            if let Some(text) = before {
                let (by, stamp) = (crate::symbol::Symbol::EMPTY, crate::moment::Moment::UNKNOWN);
                after.push(cell, text, by, stamp, false);
            }
        }
        after
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Moment;
    use crate::symbol::Symbol;

    #[test]
    fn only_what_is_still_the_runs_is_taken_back() {
        let check = |before, wrote, now: Option<(&str, bool)>, expected| {
            let value = now.map(|(text, has_comment)| Value {
                cell: Cell {
                    data_element: Symbol::EMPTY,
                    category_option_combo: Symbol::EMPTY,
                    attribute_option_combo: Symbol::EMPTY,
                    org_unit: Symbol::EMPTY,
                    period: Symbol::EMPTY,
                },
                text,
                stored_by: Symbol::EMPTY,
                last_updated: Moment::UNKNOWN,
                has_comment,
            });
            let found = fate(before, wrote, value.as_ref());
            assert_eq!(found, expected, "{before:?} {wrote:?} {now:?}");
        };
        // What was new.
        check(None, Some("5"), Some(("5", false)), UndoKind::Delete);
        check(None, Some("5"), Some(("5", true)), UndoKind::Commented);
        check(None, Some("5"), Some(("6", false)), UndoKind::ChangedSince);
        check(None, Some("5"), None, UndoKind::AsBefore);
        // What was changed, or edited here and overwritten.
        check(Some("4"), Some("5"), Some(("5", true)), UndoKind::Restore);
        check(Some("4"), Some("5"), Some(("4", false)), UndoKind::AsBefore);
        check(
            Some("4"),
            Some("5"),
            Some(("5.0", false)),
            UndoKind::ChangedSince,
        );
        check(Some("4"), Some("5"), None, UndoKind::ChangedSince);
        // What was taken away.
        check(Some("4"), None, None, UndoKind::Restore);
        check(Some("4"), None, Some(("4", false)), UndoKind::AsBefore);
        check(Some("4"), None, Some(("5", false)), UndoKind::ChangedSince);
    }

    #[test]
    fn a_value_lost_and_a_value_made_up_are_both_noticed() {
        let mut counts = UndoCounts {
            confirmed: 1,
            ..UndoCounts::default()
        };
        assert!(counts.check().is_err(), "one was lost");
        for kind in UndoKind::ALL {
            counts.add(kind);
            assert_eq!(counts.of(kind), 1, "{}", kind.code());
        }
        counts.confirmed = 6;
        assert!(counts.check().is_ok());
        counts.add(UndoKind::Delete);
        assert!(counts.check().is_err(), "one was made up");
    }
}
