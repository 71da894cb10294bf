//! Entries in columns. Kept are the parts of the key (the period is the
//! slice's), the kind, both values' texts, and who stored the present one when.

use std::collections::BTreeMap;

use super::{EntryKind, Kind};
use crate::cell::Cell;
use crate::column::Column;
use crate::moment::Moment;
use crate::symbol::Symbol;
use crate::texts::{NewText, TextColumn};

/// One entry of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// What becomes of the source value.
    pub kind: EntryKind,
    /// The cell of the destination; the cell of the source where
    /// [`EntryKind::has_source_cell`] (unmapped, excluded).
    pub cell: Cell,
    /// The source's value. Empty when the source has only a comment there.
    pub source_value: &'a str,
    /// The source's value in the form in which it is sent and stored: another one than
    /// `source_value` where servers rewrite it ([`crate::value_type::ValueType::stored_form`]),
    /// which happens only to what is new or changed.
    pub value_to_send: &'a str,
    /// The destination's value, if it has one and the entry has a cell there.
    pub present_value: Option<&'a str>,
    /// Who stored the destination's value; [`Symbol::EMPTY`] when not known.
    pub stored_by: Symbol,
    /// When the destination's value was last changed.
    pub last_updated: Moment,
}

/// An entry on its way into the columns.
pub(crate) struct NewEntry<'a> {
    pub kind: EntryKind,
    pub cell: Cell,
    pub source_value: NewText<'a>,
    /// The value as it is sent, where that is another text.
    pub rewritten: Option<&'a str>,
    /// Text, storer and moment; [`NewText::Again`] where it is the source's. An empty text
    /// counts as no value.
    pub present: Option<(NewText<'a>, Symbol, Moment)>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    kinds: Column<[u8; 2]>,
    org_units: Column<Symbol>,
    data_elements: Column<Symbol>,
    category_option_combos: Column<Symbol>,
    attribute_option_combos: Column<Symbol>,
    stored_by: Column<Symbol>,
    last_updated: Column<Moment>,
    /// The source's values.
    texts: TextColumn,
    /// The entries that have a present value; of those that are *same* only where it is
    /// another text than the source's. They are few. And these values.
    other_entries: Column<u32>,
    other_texts: TextColumn,
    /// The values to send that are not the source's, by entry. They are few.
    rewritten: BTreeMap<u32, Box<str>>,
}

impl Columns {
    pub(crate) fn with_capacity(entries: usize) -> Self {
        Self {
            kinds: Column::with_capacity(entries),
            org_units: Column::with_capacity(entries),
            data_elements: Column::with_capacity(entries),
            category_option_combos: Column::with_capacity(entries),
            attribute_option_combos: Column::with_capacity(entries),
            stored_by: Column::with_capacity(entries),
            last_updated: Column::with_capacity(entries),
            texts: TextColumn::with_capacity(entries),
            other_entries: Column::default(),
            other_texts: TextColumn::default(),
            rewritten: BTreeMap::new(),
        }
    }

    pub(crate) fn push(&mut self, entry: &NewEntry<'_>) {
        self.kinds.push(entry.kind.to_bytes());
        self.org_units.push(entry.cell.org_unit);
        self.data_elements.push(entry.cell.data_element);
        self.category_option_combos
            .push(entry.cell.category_option_combo);
        self.attribute_option_combos
            .push(entry.cell.attribute_option_combo);
        let nothing = (NewText::Made(""), Symbol::EMPTY, Moment::UNKNOWN);
        let (present, stored_by, last_updated) = entry.present.unwrap_or(nothing);
        self.stored_by.push(stored_by);
        self.last_updated.push(last_updated);
        self.texts.push_new(entry.source_value);
        let is_again = matches!(present, NewText::Again);
        if entry.present.is_some() && !(is_again && entry.kind == EntryKind::Same) {
            self.other_entries.push(number(self.len() - 1));
            self.other_texts.push_new(if is_again {
                entry.source_value
            } else {
                present
            });
        }
        if let Some(text) = entry.rewritten {
            self.rewritten.insert(number(self.len() - 1), text.into());
        }
    }

    pub(crate) fn append(&mut self, other: &Self) {
        let first = number(self.len());
        let rewritten = other.rewritten.iter();
        self.rewritten
            .extend(rewritten.map(|(index, text)| (first + index, text.clone())));
        extend(&mut self.kinds, &other.kinds);
        extend(&mut self.org_units, &other.org_units);
        extend(&mut self.data_elements, &other.data_elements);
        extend(
            &mut self.category_option_combos,
            &other.category_option_combos,
        );
        extend(
            &mut self.attribute_option_combos,
            &other.attribute_option_combos,
        );
        extend(&mut self.stored_by, &other.stored_by);
        extend(&mut self.last_updated, &other.last_updated);
        self.texts.append(&other.texts);
        self.other_entries
            .append(&other.other_entries, |entry| first + entry);
        self.other_texts.append(&other.other_texts);
    }

    pub(crate) fn len(&self) -> usize {
        self.kinds.len()
    }

    pub(crate) fn kind(&self, index: usize) -> Kind {
        let byte = self.kinds.get(index).map(|bytes| bytes[0]);
        Kind::ALL
            .into_iter()
            .find(|kind| Some(*kind as u8) == byte)
            .unwrap_or(Kind::Same)
    }

    /// Whether an entry can be sent ([`EntryKind::is_sent`]).
    pub(crate) fn is_sent(&self, index: usize) -> bool {
        let bytes = self.kinds.get(index).copied();
        bytes
            .and_then(EntryKind::from_bytes)
            .is_some_and(EntryKind::is_sent)
    }

    pub(crate) fn org_units(&self) -> &Column<Symbol> {
        &self.org_units
    }

    pub(crate) fn data_elements(&self) -> &Column<Symbol> {
        &self.data_elements
    }

    pub(crate) fn category_option_combos(&self) -> &Column<Symbol> {
        &self.category_option_combos
    }

    pub(crate) fn attribute_option_combos(&self) -> &Column<Symbol> {
        &self.attribute_option_combos
    }

    /// Texts of the source's and of the destination's value; empty where there is none.
    pub(crate) fn texts(&self, index: usize) -> (&str, &str) {
        let source_value = self.texts.get(index);
        let present = match self.other_entries.find(&number(index)) {
            Some(place) => self.other_texts.get(place),
            None if self.kind(index) == Kind::Same => source_value,
            None => "",
        };
        (source_value, present)
    }

    pub(crate) fn get(&self, index: usize, period: Symbol) -> Option<Entry<'_>> {
        let kind = EntryKind::from_bytes(*self.kinds.get(index)?)?;
        let (source_value, present) = self.texts(index);
        Some(Entry {
            kind,
            cell: Cell {
                data_element: *self.data_elements.get(index)?,
                category_option_combo: *self.category_option_combos.get(index)?,
                attribute_option_combo: *self.attribute_option_combos.get(index)?,
                org_unit: *self.org_units.get(index)?,
                period,
            },
            source_value,
            value_to_send: self
                .rewritten
                .get(&number(index))
                .map_or(source_value, |text| text),
            present_value: (!present.is_empty()).then_some(present),
            stored_by: *self.stored_by.get(index)?,
            last_updated: *self.last_updated.get(index)?,
        })
    }

    pub(crate) fn heap_bytes(&self) -> usize {
        let symbols = [
            &self.org_units,
            &self.data_elements,
            &self.category_option_combos,
            &self.attribute_option_combos,
            &self.stored_by,
        ];
        symbols.map(Column::heap_bytes).iter().sum::<usize>()
            + self.kinds.heap_bytes()
            + self.last_updated.heap_bytes()
            + self.texts.heap_bytes()
            + self.other_entries.heap_bytes()
            + self.other_texts.heap_bytes()
    }
}

fn extend<T: Copy>(column: &mut Column<T>, more: &Column<T>) {
    column.append(more, |element| element);
}

/// A plan never holds four thousand million entries.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
