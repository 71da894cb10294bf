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
    stored_by: Vec<Symbol>,
    last_updated: Vec<Moment>,
    comments: Vec<bool>,
    /// Keys of values that the server keeps as deleted. They are no values of the table.
    deleted: Vec<Cell>,
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
            stored_by: Vec::with_capacity(values),
            last_updated: Vec::with_capacity(values),
            comments: Vec::with_capacity(values),
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
        self.stored_by.push(stored_by);
        self.last_updated.push(last_updated);
        self.comments.push(has_comment);
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
        self.stored_by.extend_from_slice(&other.stored_by);
        self.last_updated.extend_from_slice(&other.last_updated);
        self.comments.extend_from_slice(&other.comments);
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
        Some(Value {
            cell: *self.cells.get(index)?,
            text: self.text(index),
            stored_by: *self.stored_by.get(index)?,
            last_updated: *self.last_updated.get(index)?,
            has_comment: *self.comments.get(index)?,
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

    /// When each was last changed, in the order of the values.
    pub(crate) fn last_updated(&self) -> &[Moment] {
        &self.last_updated
    }

    /// All values, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = Value<'_>> {
        (0..self.len()).filter_map(|index| self.get(index))
    }

    /// Forgets the values and keeps the memory for the next slice.
    pub fn clear(&mut self) {
        self.cells.clear();
        self.texts.clear();
        self.stored_by.clear();
        self.last_updated.clear();
        self.comments.clear();
        self.deleted.clear();
    }

    /// Bytes taken on the heap, unused capacity included.
    pub fn heap_bytes(&self) -> usize {
        self.cells.capacity() * size_of::<Cell>()
            + self.texts.heap_bytes()
            + self.stored_by.capacity() * size_of::<Symbol>()
            + self.last_updated.capacity() * size_of::<Moment>()
            + self.comments.capacity()
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
