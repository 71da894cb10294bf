//! The comparison of one slice: each source value becomes exactly one entry.

use crate::cell::Cell;
use crate::cell_order::{CellOrder, Numbered, sort};
use crate::journal::Seen;
use crate::mapping::{CompiledMapping, Resolution};
use crate::plan::{EntryKind, NewEntry, SlicePlan};
use crate::preflight::{BlockReason, SliceRules};
use crate::slice::Slice;
use crate::symbol::Symbols;
use crate::texts::NewText;
use crate::values::ValueTable;

/// Compares what the source has with what is present in the destination.
///
/// - A source value with an equal value in the destination is *same*, before any
///   rule is asked: leaving a value as it is needs no permission.
/// - Source values that meet in one cell are all blocked. A value that is
///   missing (only a comment) meets nobody.
/// - Values are the same if their stored forms are ([`SliceRules::stored_form`]); the one of
///   the source is what is checked and sent.
/// - A present value without text (only a comment) counts as not there.
///
/// - A value that differs is *edited here* if somebody changed the destination's since the
///   last run, as far as `seen` knows; without it nothing is.
///
/// `present` holds the destination's values of the slice, `source` the source's;
/// neither may hold deleted values. The entries come in the order of the texts
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
    let comparison = Comparison {
        rules,
        symbols,
        source,
        present,
        seen,
        routed: Routed::new(mapping, source),
    };
    let mut plan = SlicePlan::new(slice.clone(), source.len(), present.latest());
    comparison.with_cells(&mut plan);
    comparison.without_cells(&mut plan);
    plan
}

/// Where the source's values go, in the order in which they were read.
struct Routed {
    /// The cell of the destination; where there is none, that of the source.
    cells: Vec<Cell>,
    /// Indexes of the values that have a cell in the destination.
    to_cells: Vec<u32>,
    /// Those that have none, and what becomes of them.
    elsewhere: Vec<(u32, EntryKind)>,
}

impl Routed {
    fn new(mapping: &CompiledMapping, source: &ValueTable) -> Self {
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
        routed
    }

    fn cell(&self, index: u32) -> Option<&Cell> {
        self.cells.get(index as usize)
    }
}

/// Both sides of a slice and all that is known about them.
struct Comparison<'a> {
    rules: &'a SliceRules,
    symbols: &'a Symbols,
    source: &'a ValueTable,
    present: &'a ValueTable,
    seen: Option<&'a Seen>,
    routed: Routed,
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
                } else {
                    BlockReason::SeveralSourceValues
                };
                self.push(plan, EntryKind::Blocked(reason), cell, index, there);
            } else {
                self.push(plan, self.kind(&cell, index, there), cell, index, there);
            }
        }
    }

    /// What becomes of the only value that comes to a cell.
    fn kind(&self, cell: &Cell, index: usize, there: Option<usize>) -> EntryKind {
        let form = |text| self.rules.stored_form(cell.data_element, text);
        if let Some(there) = there {
            let (source, present) = (self.source.texts(), self.present.texts());
            if source.is_same(index, present, there)
                || form(source.get(index)) == form(present.get(there))
            {
                return EntryKind::Same;
            }
        }
        let to_send = form(self.source.text(index));
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
