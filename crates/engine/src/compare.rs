//! The comparison of one slice: each source value becomes exactly one entry, or a part of the
//! one that it shares with others ([`crate::combine`]).

use crate::cell::Cell;
use crate::cell_order::{CellOrder, Numbered, sort};
use crate::cleared::{Cleared, cleared};
use crate::combine::{CombinedValue, combine};
use crate::journal::Seen;
use crate::mapping::{CompiledMapping, Resolution};
use crate::moment::Moment;
use crate::plan::{EntryKind, NewEntry, SlicePlan};
use crate::preflight::{BlockReason, SliceRules};
use crate::slice::Slice;
use crate::symbol::{Symbol, Symbols};
use crate::texts::NewText;
use crate::values::ValueTable;

/// Compares what the source has with what is present in the destination.
///
/// - A source value with an equal value in the destination is *same*, before any
///   rule is asked: leaving a value as it is needs no permission.
/// - Source values that meet in one cell are combined by the mapping's rule; where it has
///   none, or they cannot be combined by it, all are blocked. A value that is missing (only
///   a comment) meets nobody.
/// - Values are the same if their stored forms are ([`SliceRules::stored_form`]); the one of
///   the source is what is checked and sent.
/// - A present value without text (only a comment) counts as not there.
///
/// - A value that differs is *edited here* if somebody changed the destination's since the
///   last run, as far as `seen` knows; without it nothing is.
///
/// - A present value to which the source has nothing but deleted values to give is *cleared*.
///
/// `present` holds the destination's values of the slice, `source` the source's, with those
/// that were deleted ([`ValueTable::push_deleted`]). The entries come in the order of the texts
/// of org unit, data element, category and attribute option combo, with those
/// that have no cell in the destination at the end; the order in which values
/// were read does not matter. Memory: some 60 bytes for each value of either
/// side, until the slice is done.
///
/// It is a merge join: both sides are sorted by their cells in the destination, and then
/// looked through once, cell by cell.
pub fn compare_slice(
    slice: &Slice,
    mapping: &CompiledMapping,
    rules: &SliceRules,
    symbols: &Symbols,
    source: &ValueTable,
    present: &ValueTable,
    seen: Option<&Seen>,
) -> SlicePlan {
    let cleared = cleared(mapping, rules, source, present, seen);
    let comparison = Comparison {
        mapping,
        rules,
        symbols,
        source,
        present,
        seen,
        routed: Routed::new(mapping, source, &cleared),
        cleared,
    };
    let mut plan = SlicePlan::new(slice.clone(), source.len(), present.latest());
    comparison.with_cells(&mut plan);
    comparison.without_cells(&mut plan);
    plan
}

/// Where the source's values go, in the order in which they were read.
struct Routed {
    /// The cell of the destination; where there is none, that of the source. After those of
    /// the values come those of what was cleared.
    cells: Vec<Cell>,
    /// Indexes of those that have a cell in the destination.
    to_cells: Vec<u32>,
    /// Those that have none, and what becomes of them.
    elsewhere: Vec<(u32, EntryKind)>,
}

impl Routed {
    fn new(mapping: &CompiledMapping, source: &ValueTable, cleared: &[Cleared]) -> Self {
        let mut routed = Self {
            cells: Vec::with_capacity(source.len()),
            to_cells: Vec::with_capacity(source.len()),
            elsewhere: Vec::new(),
        };
        let mut resolver = mapping.resolver();
        for (cell, index) in source.cells().iter().zip(0..) {
            let cell = match resolver.resolve(cell) {
                Resolution::To(cell) => {
                    routed.to_cells.push(index);
                    cell
                }
                Resolution::Excluded => {
                    routed.elsewhere.push((index, EntryKind::Excluded));
                    *cell
                }
                Resolution::Unmapped(part) => {
                    routed.elsewhere.push((index, EntryKind::Unmapped(part)));
                    *cell
                }
            };
            routed.cells.push(cell);
        }
        for (cleared, index) in cleared.iter().zip(number(source.len())..) {
            routed.cells.push(cleared.cell);
            routed.to_cells.push(index);
        }
        routed
    }

    fn cell(&self, index: u32) -> Option<&Cell> {
        self.cells.get(index as usize)
    }
}

/// Both sides of a slice and all that is known about them.
struct Comparison<'a> {
    mapping: &'a CompiledMapping,
    rules: &'a SliceRules,
    symbols: &'a Symbols,
    source: &'a ValueTable,
    present: &'a ValueTable,
    seen: Option<&'a Seen>,
    routed: Routed,
    cleared: Vec<Cleared>,
}

impl Comparison<'_> {
    /// The entries of the values that have a cell in the destination.
    fn with_cells(&self, plan: &mut SlicePlan) {
        let wanted = self.routed.to_cells.iter();
        let wanted = wanted.filter_map(|&index| Some((self.routed.cell(index)?, index)));
        // Without a text it counts as not there.
        let standing = self.present.cells().iter().zip(0..);
        let standing =
            standing.filter(|(_, index)| !self.present.texts().is_empty_at(*index as usize));
        let cells = wanted.clone().chain(standing.clone()).map(|(cell, _)| cell);
        let order = CellOrder::new(self.symbols, cells);
        let mut wanted = numbered(&order, wanted);
        let standing = numbered(&order, standing);
        drop(order);
        self.sort_ties(&mut wanted);
        let mut standing = standing.chunk_by(same_cell).peekable();
        for values in wanted.chunk_by(same_cell) {
            let Some(first) = values.first() else {
                continue;
            };
            let before = |there: &&[Numbered]| there[0].number < first.number;
            while standing.next_if(before).is_some() {}
            let there = standing.next_if(|there| there[0].number == first.number);
            // Of two present values of one cell, which no server sends, the later one counts.
            let there = there.and_then(|there| there.last());
            self.one_cell(plan, values, there.map(|there| there.index as usize));
        }
    }

    /// The entries of the source's values that come to one cell. `there` is the index of the
    /// present value.
    fn one_cell(&self, plan: &mut SlicePlan, values: &[Numbered], there: Option<usize>) {
        // No living value comes to a cell that was cleared.
        if let [value] = values
            && let Some(cleared) = self.cleared_at(value.index)
        {
            self.push_cleared(plan, cleared);
            return;
        }
        let combined = self.combined(values);
        if let Some(combined) = &combined {
            self.push_combined(plan, combined, there);
        }
        let is_missing = |value: &Numbered| self.source.texts().is_empty_at(value.index as usize);
        let coming = values.iter().filter(|value| !is_missing(value)).count();
        for value in values {
            let Some(&cell) = self.routed.cell(value.index) else {
                continue;
            };
            let index = value.index as usize;
            if is_missing(value) || coming > 1 {
                let reason = if is_missing(value) {
                    BlockReason::ValueMissing
                } else if combined.is_some() {
                    continue;
                } else if self.mapping.combination(&cell).is_some() {
                    BlockReason::NotCombinable
                } else {
                    BlockReason::SeveralSourceValues
                };
                self.push(plan, EntryKind::Blocked(reason), cell, index, there);
            } else if combined.is_none() {
                self.push(plan, self.kind(&cell, index, there), cell, index, there);
            }
        }
    }

    /// The values that come to a cell, combined; none where the mapping has no rule for it.
    fn combined(&self, values: &[Numbered]) -> Option<CombinedValue> {
        if !self.mapping.combines() {
            return None;
        }
        let cell = *self.routed.cell(values.first()?.index)?;
        let rule = self.mapping.combination(&cell)?;
        let indexes = values.iter().map(|value| value.index);
        let indexes = indexes.filter(|index| !self.source.texts().is_empty_at(*index as usize));
        let indexes: Vec<u32> = indexes.collect();
        combine(self.mapping, self.rules, self.source, cell, rule, &indexes)
    }

    fn cleared_at(&self, index: u32) -> Option<&Cleared> {
        self.cleared
            .get((index as usize).checked_sub(self.source.len())?)
    }

    /// What becomes of the only value that comes to a cell.
    fn kind(&self, cell: &Cell, index: usize, there: Option<usize>) -> EntryKind {
        let is_same = |there| {
            self.source
                .texts()
                .is_same(index, self.present.texts(), there)
        };
        if there.is_some_and(is_same) {
            return EntryKind::Same;
        }
        self.kind_of_text(cell, self.source.text(index), there)
    }

    /// What becomes of a text that comes to a cell.
    fn kind_of_text(&self, cell: &Cell, text: &str, there: Option<usize>) -> EntryKind {
        let form = |text| self.rules.stored_form(cell.data_element, text);
        if there.is_some_and(|there| form(text) == form(self.present.text(there))) {
            return EntryKind::Same;
        }
        let to_send = form(text);
        if let Err(reason) = self.rules.check(cell, to_send) {
            return EntryKind::Blocked(reason);
        }
        let Some(standing) = there.and_then(|there| self.present.get(there)) else {
            return EntryKind::New;
        };
        let is_edited = |seen: &Seen| seen.is_edited(standing.last_updated, standing.stored_by);
        if self.seen.is_some_and(is_edited) {
            EntryKind::EditedHere
        } else {
            EntryKind::Changed
        }
    }

    /// The entries of the values that have no cell in the destination.
    fn without_cells(&self, plan: &mut SlicePlan) {
        let elsewhere = &self.routed.elsewhere;
        let cells = elsewhere.iter().zip(0..);
        let cells = cells.filter_map(|(&(index, _), at)| Some((self.routed.cell(index)?, at)));
        let order = CellOrder::new(self.symbols, cells.clone().map(|(cell, _)| cell));
        let mut values = numbered(&order, cells);
        // From places in the list to indexes of the values, which follow each other likewise.
        for value in &mut values {
            let (index, _) = elsewhere[value.index as usize];
            value.index = index;
        }
        self.sort_ties(&mut values);
        for value in values {
            let kind = elsewhere.binary_search_by_key(&value.index, |(index, _)| *index);
            if let (Ok(at), Some(&cell)) = (kind, self.routed.cell(value.index)) {
                self.push(plan, elsewhere[at].1, cell, value.index as usize, None);
            }
        }
    }

    fn push(
        &self,
        plan: &mut SlicePlan,
        kind: EntryKind,
        cell: Cell,
        index: usize,
        there: Option<usize>,
    ) {
        let text = self.source.text(index);
        let to_send = if kind.kind().is_sent() {
            self.rules.stored_form(cell.data_element, text)
        } else {
            text
        };
        plan.push(&NewEntry {
            kind,
            cell,
            source_value: NewText::Of(self.source.texts(), index),
            rewritten: (to_send != text).then_some(to_send),
            present: there.and_then(|there| {
                let (stored_by, last_updated) = self.present.stamp(there)?;
                let is_same = self
                    .source
                    .texts()
                    .is_same(index, self.present.texts(), there);
                let text = if is_same {
                    NewText::Again
                } else {
                    NewText::Of(self.present.texts(), there)
                };
                Some((text, stored_by, last_updated))
            }),
        });
    }

    /// The entry of a cell into which several source cells go, with its parts.
    fn push_combined(&self, plan: &mut SlicePlan, combined: &CombinedValue, there: Option<usize>) {
        let (cell, text) = (combined.cell, combined.text.as_str());
        let kind = self.kind_of_text(&cell, text, there);
        let to_send = if kind.kind().is_sent() {
            self.rules.stored_form(cell.data_element, text)
        } else {
            text
        };
        plan.push(&NewEntry {
            kind,
            cell,
            source_value: NewText::Made(text),
            rewritten: (to_send != text).then_some(to_send),
            present: there.and_then(|there| self.standing(there)),
        });
        plan.push_parts(combined, self.source);
    }

    fn push_cleared(&self, plan: &mut SlicePlan, cleared: &Cleared) {
        plan.push(&NewEntry {
            kind: cleared.kind,
            cell: cleared.cell,
            source_value: NewText::Made(""),
            rewritten: None,
            present: self.standing(cleared.present),
        });
    }

    /// A present value for an entry.
    fn standing(&self, there: usize) -> Option<(NewText<'_>, Symbol, Moment)> {
        let value = self.present.get(there)?;
        let text = NewText::Of(self.present.texts(), there);
        Some((text, value.stored_by, value.last_updated))
    }

    /// Values that share a cell: by the key at the source, then by their text.
    fn sort_ties(&self, values: &mut [Numbered]) {
        for values in values.chunk_by_mut(same_cell) {
            if values.len() < 2 {
                continue;
            }
            values.sort_by_cached_key(|value| {
                let index = value.index as usize;
                let cell = self.source.cells().get(index);
                let texts = cell.map(|cell| {
                    [
                        cell.org_unit,
                        cell.data_element,
                        cell.category_option_combo,
                        cell.attribute_option_combo,
                        cell.period,
                    ]
                    .map(|part| self.symbols.text(part))
                });
                (texts, self.source.text(index))
            });
        }
    }
}

/// A slice never holds four thousand million values, so a number always fits.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn same_cell(one: &Numbered, other: &Numbered) -> bool {
    one.number == other.number
}

/// Cells with their indexes, sorted by their numbers.
fn numbered<'c>(order: &CellOrder, cells: impl Iterator<Item = (&'c Cell, u32)>) -> Vec<Numbered> {
    let mut numbered: Vec<Numbered> = cells
        .map(|(cell, index)| Numbered {
            number: order.number(cell),
            index,
        })
        .collect();
    sort(&mut numbered);
    numbered
}
