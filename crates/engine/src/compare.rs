//! The comparison of one slice: each source value becomes exactly one entry, or a part of the
//! one that it shares with others ([`crate::combine`]).

use rustc_hash::FxHashMap;

use crate::cell::Cell;
use crate::cleared::cleared;
use crate::combine::{Combined, CombinedValue, combine};
use crate::journal::Seen;
use crate::mapping::{CompiledMapping, Resolution};
use crate::moment::Moment;
use crate::order::TextOrder;
use crate::plan::{EntryKind, NewEntry, SlicePlan};
use crate::preflight::{BlockReason, SliceRules};
use crate::slice::Slice;
use crate::symbol::{Symbol, Symbols};
use crate::values::ValueTable;

/// A source value on its way to becoming an entry.
struct Candidate {
    kind: EntryKind,
    /// Of the destination, or of the source where the kind has a source cell.
    cell: Cell,
    source: u32,
    /// Index of the present value; [`NONE`] if there is none.
    present: u32,
}

/// What is known about a cell of the destination.
#[derive(Clone, Copy)]
struct Meeting {
    /// Index of the present value, or [`NONE`].
    present: u32,
    /// Index of the first candidate that goes there, or [`NONE`].
    candidate: u32,
}

const NONE: u32 = u32::MAX;

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
pub fn compare_slice(
    slice: &Slice,
    mapping: &CompiledMapping,
    rules: &SliceRules,
    symbols: &Symbols,
    source: &ValueTable,
    present: &ValueTable,
    seen: Option<&Seen>,
) -> SlicePlan {
    let mut meetings: FxHashMap<Cell, Meeting> = FxHashMap::default();
    meetings.reserve(source.len().max(present.len()));
    for (index, cell) in present.cells().iter().enumerate() {
        if !present.text(index).is_empty() {
            meetings.insert(
                *cell,
                Meeting {
                    present: number(index),
                    candidate: NONE,
                },
            );
        }
    }
    let combined = combine(mapping, rules, source);
    let mut candidates: Vec<Candidate> = Vec::with_capacity(source.len());
    for (index, cell) in source.cells().iter().enumerate() {
        if combined.took(index) {
            continue;
        }
        let candidate = match mapping.resolve(cell) {
            Resolution::Excluded => outside(EntryKind::Excluded, *cell, index),
            Resolution::Unmapped(part) => outside(EntryKind::Unmapped(part), *cell, index),
            Resolution::To(cell) => meet(
                cell,
                index,
                source.text(index),
                (mapping, rules),
                present,
                &mut meetings,
                &mut candidates,
            ),
        };
        candidates.push(candidate);
    }
    for (at, value) in combined.values.iter().enumerate() {
        let candidate = meet(
            value.cell,
            source.len() + at,
            &value.text,
            (mapping, rules),
            present,
            &mut meetings,
            &mut candidates,
        );
        candidates.push(candidate);
    }
    drop(meetings);
    let texts = Texts {
        source,
        combined: &combined,
    };
    for candidate in &mut candidates {
        if !candidate.kind.kind().is_sent() {
            continue;
        }
        if let Err(reason) = rules.check(&candidate.cell, to_send(candidate, rules, &texts)) {
            candidate.kind = EntryKind::Blocked(reason);
        } else if candidate.kind == EntryKind::Changed
            && let (Some(seen), Some(there)) = (seen, present.get(candidate.present as usize))
            && seen.is_edited(there.last_updated, there.stored_by)
        {
            candidate.kind = EntryKind::EditedHere;
        }
    }
    for found in cleared(mapping, rules, source, present, seen) {
        candidates.push(Candidate {
            kind: found.kind,
            cell: found.cell,
            source: NONE,
            present: number(found.present),
        });
    }
    sort(&mut candidates, symbols, source);
    let latest = present.iter().map(|value| value.last_updated).max();
    let latest = latest.unwrap_or(Moment::UNKNOWN);
    let mut plan = SlicePlan::new(slice.clone(), source.len(), latest);
    for candidate in &candidates {
        let there = present.get(candidate.present as usize);
        let source_value = texts.of(candidate.source);
        plan.push(&NewEntry {
            kind: candidate.kind,
            cell: candidate.cell,
            source_value,
            value_to_send: if candidate.kind.kind().is_sent() {
                to_send(candidate, rules, &texts)
            } else {
                source_value
            },
            present: there.map(|value| (value.text, value.stored_by, value.last_updated)),
        });
        if let Some(value) = texts.combined(candidate.source) {
            plan.push_parts(value, source);
        }
    }
    plan
}

/// The value of a candidate that has a cell in the destination, as it would be stored.
fn to_send<'s>(candidate: &Candidate, rules: &SliceRules, texts: &Texts<'s>) -> &'s str {
    let text = texts.of(candidate.source);
    rules.stored_form(candidate.cell.data_element, text)
}

/// The texts of candidates: of the source's values, and after them of the combined ones.
struct Texts<'s> {
    source: &'s ValueTable,
    combined: &'s Combined,
}

impl<'s> Texts<'s> {
    fn of(&self, index: u32) -> &'s str {
        match self.combined(index) {
            Some(value) => &value.text,
            None => self.source.text(index as usize),
        }
    }

    fn combined(&self, index: u32) -> Option<&'s CombinedValue> {
        let at = (index as usize).checked_sub(self.source.len())?;
        self.combined.values.get(at)
    }
}

fn outside(kind: EntryKind, cell: Cell, source: usize) -> Candidate {
    Candidate {
        kind,
        cell,
        source: number(source),
        present: NONE,
    }
}

/// The candidate of a source value that has a cell in the destination. If
/// another came there before, both are blocked.
fn meet(
    cell: Cell,
    source: usize,
    text: &str,
    (mapping, rules): (&CompiledMapping, &SliceRules),
    present: &ValueTable,
    meetings: &mut FxHashMap<Cell, Meeting>,
    candidates: &mut [Candidate],
) -> Candidate {
    let candidate = |kind, present| Candidate {
        kind,
        cell,
        source: number(source),
        present,
    };
    if text.is_empty() {
        let there = meetings.get(&cell).map_or(NONE, |meeting| meeting.present);
        return candidate(EntryKind::Blocked(BlockReason::ValueMissing), there);
    }
    let meeting = meetings.entry(cell).or_insert(Meeting {
        present: NONE,
        candidate: NONE,
    });
    if let Some(first) = candidates.get_mut(meeting.candidate as usize) {
        first.kind = EntryKind::Blocked(match mapping.combination(&cell) {
            Some(_) => BlockReason::NotCombinable,
            None => BlockReason::SeveralSourceValues,
        });
        return candidate(first.kind, meeting.present);
    }
    meeting.candidate = number(candidates.len());
    let there = present.text(meeting.present as usize);
    let form = |text| rules.stored_form(cell.data_element, text);
    let kind = if meeting.present == NONE {
        EntryKind::New
    } else if there == text || form(there) == form(text) {
        EntryKind::Same
    } else {
        EntryKind::Changed
    };
    candidate(kind, meeting.present)
}

/// By the texts of the key; values that share a key by the key at the source, then by their text.
fn sort(candidates: &mut [Candidate], symbols: &Symbols, source: &ValueTable) {
    let parts = |cell: &Cell| {
        let Cell {
            data_element,
            category_option_combo,
            attribute_option_combo,
            org_unit,
            ..
        } = *cell;
        [
            org_unit,
            data_element,
            category_option_combo,
            attribute_option_combo,
        ]
    };
    let used = candidates
        .iter()
        .flat_map(|candidate| parts(&candidate.cell));
    let order = TextOrder::new(
        symbols,
        used.chain(candidates.iter().map(|candidate| candidate.cell.period)),
    );
    let rank = |symbol: Symbol| order.rank(symbol);
    let key = |candidate: &Candidate| {
        let [org_unit, element, category, attribute] = parts(&candidate.cell).map(rank);
        (
            candidate.kind.has_source_cell(),
            org_unit,
            element,
            category,
            attribute,
        )
    };
    candidates.sort_unstable_by(|a, b| {
        key(a).cmp(&key(b)).then_with(|| {
            let at_source = |candidate: &Candidate| {
                let cell = source
                    .cells()
                    .get(candidate.source as usize)
                    .copied()
                    .unwrap_or(candidate.cell);
                let texts = parts(&cell).map(|part| symbols.text(part));
                (
                    texts,
                    symbols.text(cell.period),
                    source.text(candidate.source as usize),
                )
            };
            at_source(a).cmp(&at_source(b))
        })
    });
}

/// A slice never holds four thousand million values, so an index always fits.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NONE)
}
