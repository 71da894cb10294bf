//! Entries in columns. Kept are the parts of the key (the period is the
//! slice's), the kind, both values' texts, and who stored the present one when.

use std::collections::BTreeMap;

use super::{EntryKind, Kind};
use crate::cell::Cell;
use crate::moment::Moment;
use crate::symbol::Symbol;

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
    pub source_value: &'a str,
    /// The same as it is sent.
    pub value_to_send: &'a str,
    /// Text, storer and moment. An empty text counts as no value.
    pub present: Option<(&'a str, Symbol, Moment)>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    kinds: Vec<[u8; 2]>,
    org_units: Vec<Symbol>,
    data_elements: Vec<Symbol>,
    category_option_combos: Vec<Symbol>,
    attribute_option_combos: Vec<Symbol>,
    stored_by: Vec<Symbol>,
    last_updated: Vec<Moment>,
    /// Source value, then present value (nothing if they are the same), entry after entry.
    text: String,
    /// Where in `text` each entry's source value and present value end.
    ends: Vec<[usize; 2]>,
    /// The values to send that are not the source's, by entry. They are few.
    rewritten: BTreeMap<u32, Box<str>>,
}

impl Columns {
    pub(crate) fn with_capacity(entries: usize) -> Self {
        Self {
            kinds: Vec::with_capacity(entries),
            org_units: Vec::with_capacity(entries),
            data_elements: Vec::with_capacity(entries),
            category_option_combos: Vec::with_capacity(entries),
            attribute_option_combos: Vec::with_capacity(entries),
            stored_by: Vec::with_capacity(entries),
            last_updated: Vec::with_capacity(entries),
            text: String::with_capacity(entries * 4),
            ends: Vec::with_capacity(entries),
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
        let (present, stored_by, last_updated) =
            entry
                .present
                .unwrap_or(("", Symbol::EMPTY, Moment::UNKNOWN));
        self.stored_by.push(stored_by);
        self.last_updated.push(last_updated);
        self.text.push_str(entry.source_value);
        let source_end = self.text.len();
        if entry.kind != EntryKind::Same || present != entry.source_value {
            self.text.push_str(present);
        }
        if entry.value_to_send != entry.source_value {
            self.rewritten
                .insert(number(self.ends.len()), entry.value_to_send.into());
        }
        self.ends.push([source_end, self.text.len()]);
    }

    pub(crate) fn append(&mut self, other: &Self) {
        let shift = self.text.len();
        let first = number(self.ends.len());
        let rewritten = other.rewritten.iter();
        self.rewritten
            .extend(rewritten.map(|(index, text)| (first + index, text.clone())));
        self.kinds.extend_from_slice(&other.kinds);
        self.org_units.extend_from_slice(&other.org_units);
        self.data_elements.extend_from_slice(&other.data_elements);
        self.category_option_combos
            .extend_from_slice(&other.category_option_combos);
        self.attribute_option_combos
            .extend_from_slice(&other.attribute_option_combos);
        self.stored_by.extend_from_slice(&other.stored_by);
        self.last_updated.extend_from_slice(&other.last_updated);
        self.text.push_str(&other.text);
        self.ends
            .extend(other.ends.iter().map(|ends| ends.map(|end| end + shift)));
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

    pub(crate) fn org_units(&self) -> &[Symbol] {
        &self.org_units
    }

    pub(crate) fn data_elements(&self) -> &[Symbol] {
        &self.data_elements
    }

    pub(crate) fn category_option_combos(&self) -> &[Symbol] {
        &self.category_option_combos
    }

    pub(crate) fn attribute_option_combos(&self) -> &[Symbol] {
        &self.attribute_option_combos
    }

    /// Texts of the source's and of the destination's value; empty where there is none.
    pub(crate) fn texts(&self, index: usize) -> (&str, &str) {
        let begin = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .map_or(0, |ends| ends[1]);
        let Some(&[source, present]) = self.ends.get(index) else {
            return ("", "");
        };
        let source_value = &self.text[begin..source];
        let same = self.kind(index) == Kind::Same && source == present;
        (
            source_value,
            if same {
                source_value
            } else {
                &self.text[source..present]
            },
        )
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
        let symbols = self.org_units.capacity()
            + self.data_elements.capacity()
            + self.category_option_combos.capacity()
            + self.attribute_option_combos.capacity()
            + self.stored_by.capacity();
        self.kinds.capacity() * 2
            + symbols * size_of::<Symbol>()
            + self.last_updated.capacity() * size_of::<Moment>()
            + self.text.capacity()
            + self.ends.capacity() * size_of::<[usize; 2]>()
    }
}

/// A plan never holds four thousand million entries.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
