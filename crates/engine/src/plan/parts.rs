//! The parts of entries that several source cells go into. Most plans have none.

use crate::cell::Cell;
use crate::combine::CombinedValue;
use crate::mapping::CombinationRule;
use crate::values::ValueTable;

/// What became of one source cell of an entry that several go into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartState {
    /// Its value was added, or is the one that was chosen.
    Taken,
    /// It has a value, and another one was chosen.
    PassedOver,
    /// It has no value at the source.
    Missing,
}

/// A source cell of an entry that several go into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// The cell of the source.
    pub cell: Cell,
    /// Its value; empty where it is missing.
    pub value: &'a str,
    /// What became of it.
    pub state: PartState,
}

/// What went into an entry.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// By which rule.
    pub rule: CombinationRule,
    all: &'a PartColumns,
    from: usize,
    to: usize,
}

/// The parts of all entries, in columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct PartColumns {
    /// Entry, rule, and where its parts end; ascending.
    entries: Vec<(u32, CombinationRule, usize)>,
    cells: Vec<Cell>,
    states: Vec<PartState>,
    text: String,
    /// Where in `text` each part's value ends.
    ends: Vec<usize>,
}

impl<'a> Parts<'a> {
    /// Source cells that go there, those without a value included.
    pub fn expected(&self) -> usize {
        self.to - self.from
    }

    /// Those that have a value.
    pub fn present(&self) -> usize {
        let states = self.all.states.get(self.from..self.to);
        let states = states.unwrap_or_default().iter();
        states.filter(|state| **state != PartState::Missing).count()
    }

    /// One by one, the first in priority first.
    pub fn iter(&self) -> impl Iterator<Item = Part<'a>> + use<'a> {
        let all = self.all;
        (self.from..self.to).filter_map(|index| all.part(index))
    }
}

impl PartColumns {
    /// Notes the parts of an entry, which comes after those noted before.
    pub(super) fn push(&mut self, entry: u32, combined: &CombinedValue, source: &ValueTable) {
        for part in &combined.parts {
            self.cells.push(part.cell);
            self.states.push(part.state);
            if let Some(index) = part.source {
                self.text.push_str(source.text(index as usize));
            }
            self.ends.push(self.text.len());
        }
        self.entries.push((entry, combined.rule, self.cells.len()));
    }

    /// Adds those of another plan, whose entries come after `first`.
    pub(super) fn append(&mut self, other: &Self, first: u32) {
        let (cells, text) = (self.cells.len(), self.text.len());
        let moved = other.entries.iter();
        self.entries
            .extend(moved.map(|&(entry, rule, end)| (first + entry, rule, cells + end)));
        self.cells.extend_from_slice(&other.cells);
        self.states.extend_from_slice(&other.states);
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| text + end));
    }

    /// The parts of an entry; none where one source cell goes there.
    pub(super) fn of(&self, entry: u32) -> Option<Parts<'_>> {
        let at = self
            .entries
            .binary_search_by_key(&entry, |(entry, _, _)| *entry)
            .ok()?;
        let &(_, rule, to) = self.entries.get(at)?;
        let before = at
            .checked_sub(1)
            .and_then(|before| self.entries.get(before));
        Some(Parts {
            rule,
            all: self,
            from: before.map_or(0, |(_, _, end)| *end),
            to,
        })
    }

    /// How many entries have parts.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How many of those lack one.
    pub(super) fn incomplete(&self) -> usize {
        let entries = self.entries.iter();
        entries
            .filter_map(|(entry, _, _)| self.of(*entry))
            .filter(|parts| parts.present() < parts.expected())
            .count()
    }

    fn part(&self, index: usize) -> Option<Part<'_>> {
        let begin = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        Some(Part {
            cell: *self.cells.get(index)?,
            value: self.text.get(begin..*self.ends.get(index)?)?,
            state: *self.states.get(index)?,
        })
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.entries.capacity() * size_of::<(u32, CombinationRule, usize)>()
            + self.cells.capacity() * size_of::<Cell>()
            + self.states.capacity()
            + self.text.capacity()
            + self.ends.capacity() * size_of::<usize>()
    }
}
