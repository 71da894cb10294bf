//! What a run would do: one entry for each source value, in columns; where values meet in a
//! cell and are combined, one for the cell, with its parts.
//!
//! A plan is inert. It is made slice by slice by [`crate::compare`], looked at
//! through [`crate::view`], and carried out by sending what [`Plan::to_send`]
//! lists, nothing else. It holds as long as nothing changes on either side.

mod columns;
mod counts;
mod kind;
mod parts;

use crate::combine::CombinedValue;
use crate::moment::Moment;
use crate::slice::Slice;
use crate::symbol::Symbol;
use crate::values::ValueTable;

pub use columns::Entry;
pub(crate) use columns::{Columns, NewEntry};
pub use counts::{Counts, Unaccounted};
pub use kind::{EntryKind, KeptBecause, Kind, KindSet};
pub(crate) use parts::PartColumns;
pub use parts::{Part, PartState, Parts};

/// The plan of one slice, as [`crate::compare::compare_slice`] makes it.
#[derive(Clone, Debug)]
pub struct SlicePlan {
    slice: Slice,
    counts: Counts,
    latest: Moment,
    columns: Columns,
    parts: PartColumns,
}

/// A slice's place in a [`Plan`].
#[derive(Clone, Debug)]
pub struct PlannedSlice {
    /// What was compared.
    pub slice: Slice,
    /// What became of its source values.
    pub counts: Counts,
    /// When the latest of the destination's values of the slice was changed, those that the
    /// source has nothing for included; unknown where there were none.
    pub latest: Moment,
    /// Indexes of its entries in the plan.
    pub entries: std::ops::Range<u32>,
}

/// The plan of a run. About forty bytes an entry, plus the texts of both values.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    slices: Vec<PlannedSlice>,
    columns: Columns,
    parts: PartColumns,
}

/// What one slice has to send.
#[derive(Clone, Debug)]
pub struct ToSend<'a> {
    /// Index of the slice in the plan.
    pub slice: usize,
    /// Its entries of the kinds that can be sent, with their indexes in the plan.
    pub entries: Vec<(u32, Entry<'a>)>,
}

impl SlicePlan {
    pub(crate) fn new(slice: Slice, pulled: usize, latest: Moment) -> Self {
        let counts = Counts {
            pulled: pulled as u64,
            ..Counts::default()
        };
        Self {
            slice,
            counts,
            latest,
            columns: Columns::with_capacity(pulled),
            parts: PartColumns::default(),
        }
    }

    pub(crate) fn push(&mut self, entry: &NewEntry<'_>) {
        self.counts.add(entry.kind.kind());
        if entry.kind == EntryKind::Cleared(None) {
            self.counts.to_delete += 1;
        }
        self.columns.push(entry);
    }

    /// Notes what went into the entry that was pushed last.
    pub(crate) fn push_parts(&mut self, combined: &CombinedValue, source: &ValueTable) {
        self.counts.combined += combined.source_values.saturating_sub(1);
        let last = self.columns.len().saturating_sub(1);
        let last = u32::try_from(last).unwrap_or(u32::MAX);
        self.parts.push(last, combined, source);
    }

    /// What was compared.
    pub fn slice(&self) -> &Slice {
        &self.slice
    }

    /// What became of its source values.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Its entries, in the plan's order.
    pub fn iter(&self) -> impl Iterator<Item = Entry<'_>> {
        (0..self.columns.len()).filter_map(|index| self.columns.get(index, self.slice.period))
    }
}

impl Plan {
    /// A plan without slices.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a slice at the end, if it accounts for every source value.
    pub fn push(&mut self, slice: SlicePlan) -> Result<(), Unaccounted> {
        slice.counts.check()?;
        let first = self.len();
        self.columns.append(&slice.columns);
        self.parts.append(&slice.parts, first);
        self.slices.push(PlannedSlice {
            slice: slice.slice,
            counts: slice.counts,
            latest: slice.latest,
            entries: first..self.len(),
        });
        Ok(())
    }

    /// The slices in the order in which they were added.
    pub fn slices(&self) -> &[PlannedSlice] {
        &self.slices
    }

    /// The counts of all slices together.
    pub fn counts(&self) -> Counts {
        let mut total = Counts::default();
        for slice in &self.slices {
            total += slice.counts;
        }
        total
    }

    /// How many entries there are.
    pub fn len(&self) -> u32 {
        u32::try_from(self.columns.len()).unwrap_or(u32::MAX)
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.columns.len() == 0
    }

    /// The index of the slice that an entry belongs to.
    pub fn slice_of(&self, entry: u32) -> Option<usize> {
        let slice = self
            .slices
            .partition_point(|slice| slice.entries.end <= entry);
        (slice < self.slices.len()).then_some(slice)
    }

    /// The entry at `index`, from 0.
    pub fn get(&self, index: u32) -> Option<Entry<'_>> {
        let slice = self.slice_of(index)?;
        self.columns
            .get(index as usize, self.slices[slice].slice.period)
    }

    /// What went into an entry; none where one source cell goes there.
    pub fn parts(&self, entry: u32) -> Option<Parts<'_>> {
        self.parts.of(entry)
    }

    /// How many entries several source cells go into, and how many of those lack one.
    pub fn joined(&self) -> (u64, u64) {
        (self.parts.len() as u64, self.parts.incomplete() as u64)
    }

    /// All entries with their indexes, slice by slice.
    pub fn iter(&self) -> impl Iterator<Item = (u32, Entry<'_>)> {
        self.slices.iter().flat_map(|slice| {
            slice.entries.clone().filter_map(|index| {
                Some((index, self.columns.get(index as usize, slice.slice.period)?))
            })
        })
    }

    /// What can be sent: the new, changed and edited entries of each slice that has any, and
    /// those to be deleted, in the plan's order.
    pub fn to_send(&self) -> impl Iterator<Item = ToSend<'_>> {
        self.slices
            .iter()
            .enumerate()
            .filter(|(_, slice)| slice.counts.to_send() > 0)
            .map(|(index, slice)| {
                let entries = slice
                    .entries
                    .clone()
                    .filter(|&entry| self.columns.is_sent(entry as usize))
                    .filter_map(|entry| {
                        Some((entry, self.columns.get(entry as usize, slice.slice.period)?))
                    })
                    .collect();
                ToSend {
                    slice: index,
                    entries,
                }
            })
    }

    /// The destination's values as they would be after sending everything: `present`
    /// with the changed and edited values replaced, the cleared ones taken away and the new
    /// ones added at the end.
    pub fn apply_to(&self, present: &ValueTable) -> ValueTable {
        let mut wanted: indexmap::IndexMap<_, _, rustc_hash::FxBuildHasher> = self
            .to_send()
            .flat_map(|part| part.entries)
            .map(|(_, entry)| {
                let stays = entry.kind.kind() != Kind::Cleared;
                (entry.cell, stays.then_some(entry.value_to_send))
            })
            .collect();
        let mut after = ValueTable::with_capacity(present.len());
        for value in present.iter() {
            let Some(text) = wanted.swap_remove(&value.cell).unwrap_or(Some(value.text)) else {
                continue;
            };
            after.push(
                value.cell,
                text,
                value.stored_by,
                value.last_updated,
                value.has_comment,
            );
        }
        for (cell, text) in wanted {
            let Some(text) = text else { continue };
            after.push(cell, text, Symbol::EMPTY, Moment::UNKNOWN, false);
        }
        after
    }

    /// Bytes taken on the heap by the entries, unused capacity included.
    pub fn heap_bytes(&self) -> usize {
        self.columns.heap_bytes() + self.parts.heap_bytes()
    }

    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }
}
