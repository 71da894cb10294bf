//! Values as they were read, of the source or of the destination, for one
//! slice: columns instead of an object per value.

use crate::cell::Cell;
use crate::moment::Moment;
use crate::symbol::Symbol;
use crate::texts::TextColumn;

/// The values of one side of a slice, in the order in which they were read.
/// About forty bytes a value, its text included.
#[derive(Clone, Debug, Default)]
pub struct ValueTable {
    cells: Vec<Cell>,
    texts: TextColumn,
    stamps: Vec<Stamp>,
    /// Keys of values that the server keeps as deleted. They are no values of the table.
    deleted: Vec<Cell>,
}

/// Who stored a value when, and whether it carries a comment.
#[derive(Clone, Copy, Debug)]
struct Stamp {
    last_updated: Moment,
    stored_by: Symbol,
    has_comment: bool,
}

/// One value of a [`ValueTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    /// Its key, in the ids of the side it was read from.
    pub cell: Cell,
    /// Its text. Empty when the server has only a comment or a follow-up mark there.
    pub text: &'a str,
    /// Who stored it; [`Symbol::EMPTY`] when not known.
    pub stored_by: Symbol,
    /// When it was last changed; [`Moment::UNKNOWN`] when not known.
    pub last_updated: Moment,
    /// Whether it carries a comment.
    pub has_comment: bool,
}

impl ValueTable {
    /// A table without values.
    pub fn new() -> Self {
        Self::default()
    }

    /// A table with room for `values` values.
    pub fn with_capacity(values: usize) -> Self {
        Self {
            cells: Vec::with_capacity(values),
            texts: TextColumn::with_capacity(values),
            stamps: Vec::with_capacity(values),
            deleted: Vec::new(),
        }
    }

    /// Adds a value at the end.
    pub fn push(
        &mut self,
        cell: Cell,
        text: &str,
        stored_by: Symbol,
        last_updated: Moment,
        has_comment: bool,
    ) {
        self.cells.push(cell);
        self.texts.push(text);
        self.stamps.push(Stamp {
            last_updated,
            stored_by,
            has_comment,
        });
    }

    /// Makes room for so many values more.
    pub(crate) fn reserve(&mut self, values: usize) {
        self.cells.reserve(values);
        self.stamps.reserve(values);
    }

    /// Notes that the server keeps a deleted value there (`includeDeleted`; "after delete,
    /// deleted included" of the recordings). It counts nowhere in [`ValueTable::len`]: it is
    /// the only evidence that a value is gone, since a value may be absent for many reasons.
    pub fn push_deleted(&mut self, cell: Cell) {
        self.deleted.push(cell);
    }

    /// Where the server keeps deleted values, in the order in which they were read.
    pub fn deleted(&self) -> &[Cell] {
        &self.deleted
    }

    /// Adds the values of another table at the end, and what was deleted there.
    pub fn append(&mut self, other: &Self) {
        self.cells.extend_from_slice(&other.cells);
        self.texts.append(&other.texts);
        self.stamps.extend_from_slice(&other.stamps);
        self.deleted.extend_from_slice(&other.deleted);
    }

    /// How many values are held.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether no value is held.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// The value at `index`, from 0.
    pub fn get(&self, index: usize) -> Option<Value<'_>> {
        let stamp = self.stamps.get(index)?;
        Some(Value {
            cell: *self.cells.get(index)?,
            text: self.text(index),
            stored_by: stamp.stored_by,
            last_updated: stamp.last_updated,
            has_comment: stamp.has_comment,
        })
    }

    /// The keys, in the order of the values.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The text of the value at `index`; empty beyond the end.
    pub fn text(&self, index: usize) -> &str {
        self.texts.get(index)
    }

    /// The texts, in the order of the values.
    pub(crate) fn texts(&self) -> &TextColumn {
        &self.texts
    }

    /// When the one that was changed last was changed; unknown if none is known.
    pub(crate) fn latest(&self) -> Moment {
        let moments = self.stamps.iter().map(|stamp| stamp.last_updated);
        moments.max().unwrap_or(Moment::UNKNOWN)
    }

    /// Who stored the value at `index` when.
    pub(crate) fn stamp(&self, index: usize) -> Option<(Symbol, Moment)> {
        let stamp = self.stamps.get(index)?;
        Some((stamp.stored_by, stamp.last_updated))
    }

    /// All values, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = Value<'_>> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Forgets the values and keeps the memory for the next slice.
    pub fn clear(&mut self) {
        self.cells.clear();
        self.texts.clear();
        self.stamps.clear();
        self.deleted.clear();
    }

    /// Bytes taken on the heap, unused capacity included.
    pub fn heap_bytes(&self) -> usize {
        self.cells.capacity() * size_of::<Cell>()
            + self.texts.heap_bytes()
            + self.stamps.capacity() * size_of::<Stamp>()
            + self.deleted.capacity() * size_of::<Cell>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbol::Symbols;

    #[test]
    fn values_come_back_as_they_went_in() {
        let mut symbols = Symbols::new();
        let mut cell = |org_unit: &str| Cell {
            data_element: symbols.intern("deInteger01"),
            category_option_combo: symbols.intern("HllvX50cXC0"),
            attribute_option_combo: symbols.intern("HllvX50cXC0"),
            org_unit: symbols.intern(org_unit),
            period: symbols.intern("202601"),
        };
        let cells = [
            cell("ouFacA10001"),
            cell("ouFacA10002"),
            cell("ouFacA10003"),
        ];
        let mut table = ValueTable::new();
        for (cell, text) in cells.into_iter().zip(["12", "", "été"]) {
            table.push(cell, text, Symbol::EMPTY, Moment::UNKNOWN, text.is_empty());
        }
        let seen: Vec<_> = table
            .iter()
            .map(|v| (v.cell, v.text, v.has_comment))
            .collect();
        assert_eq!(
            seen,
            [
                (cells[0], "12", false),
                (cells[1], "", true),
                (cells[2], "été", false)
            ]
        );
        assert_eq!(table.get(3), None);
        table.clear();
        assert!(table.is_empty());
    }
}
