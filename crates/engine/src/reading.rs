//! Values on their way from the texts of an answer into a [`ValueTable`].

use crate::cell::Cell;
use crate::moment::Moment;
use crate::symbol::{Symbol, Symbols};
use crate::values::ValueTable;

/// One value as a server writes it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ValueText<'a> {
    /// Uid of the data element.
    pub data_element: &'a str,
    /// Uid of the category option combo.
    pub category_option_combo: &'a str,
    /// Uid of the attribute option combo.
    pub attribute_option_combo: &'a str,
    /// Uid of the org unit.
    pub org_unit: &'a str,
    /// Id of the period.
    pub period: &'a str,
    /// The value; may be empty.
    pub value: &'a str,
    /// Who stored it; empty when not known.
    pub stored_by: &'a str,
    /// When it was last changed, as [`Moment::parse`] reads it; empty when not known.
    pub last_updated: &'a str,
    /// Whether it carries a comment.
    pub has_comment: bool,
}

/// Collects the values of one answer or of several. Ids that came not long ago are known
/// again by sixteen bytes, without a look into the table of all symbols: nearly all have.
#[derive(Clone, Debug, Default)]
pub struct ValueReader {
    table: ValueTable,
    /// The last text of each column.
    last: [Place; 6],
    recent: Recent,
}

impl ValueReader {
    /// Adds a value at the end. `symbols` is the run's table, the same one each time.
    pub fn add(&mut self, symbols: &mut Symbols, value: &ValueText<'_>) {
        if self.table.is_empty() {
            self.table.reserve(ROOM);
        }
        let cell = self.cell(symbols, value);
        let stored_by = self
            .recent
            .symbol(&mut self.last[5], symbols, value.stored_by);
        self.table.push(
            cell,
            value.value,
            stored_by,
            Moment::parse(value.last_updated),
            value.has_comment,
        );
    }

    /// Notes that the server keeps a deleted value there ([`ValueTable::push_deleted`]).
    pub fn add_deleted(&mut self, symbols: &mut Symbols, value: &ValueText<'_>) {
        let cell = self.cell(symbols, value);
        self.table.push_deleted(cell);
    }

    #[inline]
    fn cell(&mut self, symbols: &mut Symbols, value: &ValueText<'_>) -> Cell {
        let mut symbol =
            |column: usize, text| self.recent.symbol(&mut self.last[column], symbols, text);
        Cell {
            data_element: symbol(0, value.data_element),
            category_option_combo: symbol(1, value.category_option_combo),
            attribute_option_combo: symbol(2, value.attribute_option_combo),
            org_unit: symbol(3, value.org_unit),
            period: symbol(4, value.period),
        }
    }

    /// The values in the order in which they came.
    pub fn into_table(self) -> ValueTable {
        self.table
    }
}

/// Room for so many values is made at once: a slice has some thousands.
const ROOM: usize = 2048;

/// So many short texts are remembered; a power of two.
const PLACES: usize = 1024;

/// Short texts that were interned not long ago, each in the one place that its bytes say.
#[derive(Clone, Debug, Default)]
struct Recent {
    /// Empty before the first text.
    places: Vec<Place>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Place {
    text: Short,
    symbol: Symbol,
}

/// A text of at most sixteen bytes; equal ones are equal texts. The default is the empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Short {
    /// The first and the last eight bytes, which overlap; of a shorter text the first and last
    /// four, or the bytes themselves.
    first: u64,
    last: u64,
    length: u32,
}

impl Recent {
    #[inline]
    fn symbol(&mut self, last: &mut Place, symbols: &mut Symbols, text: &str) -> Symbol {
        let Some(short) = Short::new(text.as_bytes()) else {
            return symbols.intern(text);
        };
        if last.text != short {
            *last = Place {
                text: short,
                symbol: self.place(short, symbols, text),
            };
        }
        last.symbol
    }

    fn place(&mut self, short: Short, symbols: &mut Symbols, text: &str) -> Symbol {
        if self.places.is_empty() {
            self.places.resize(PLACES, Place::default());
        }
        let Some(place) = self.places.get_mut(short.place()) else {
            return symbols.intern(text);
        };
        if place.text != short {
            *place = Place {
                text: short,
                symbol: symbols.intern(text),
            };
        }
        place.symbol
    }
}

impl Short {
    #[inline]
    fn new(text: &[u8]) -> Option<Self> {
        let length = u32::try_from(text.len()).ok()?;
        let (first, last) = match text.len() {
            0..4 => {
                let bytes = text.iter();
                let packed = bytes.fold(0, |packed, byte| packed << 8 | u64::from(*byte));
                (packed, 0)
            }
            4..8 => {
                let (first, last) = (text.first_chunk()?, text.last_chunk()?);
                let first = u64::from(u32::from_le_bytes(*first));
                (first, u64::from(u32::from_le_bytes(*last)))
            }
            8..=16 => {
                let (first, last) = (text.first_chunk()?, text.last_chunk()?);
                (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
            }
            _ => return None,
        };
        Some(Self {
            first,
            last,
            length,
        })
    }

    /// A number below [`PLACES`], spread by all bytes.
    fn place(self) -> usize {
        // 2^64 divided by the golden ratio, as Fibonacci hashing has it.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mixed = (self.first ^ self.last.rotate_left(27)).wrapping_mul(SPREAD);
        (mixed >> (u64::BITS - PLACES.trailing_zeros())) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Texts come out as they went in, however often and in whichever order they come.
        #[test]
        fn every_text_keeps_its_symbol(
            texts in prop::collection::vec("[ab\u{0}]{0,9}|[a-c]{14,18}|é{1,9}", 1..9),
            order in prop::collection::vec(any::<prop::sample::Index>(), 0..200),
        ) {
            let mut symbols = Symbols::new();
            let mut reader = ValueReader::default();
            let chosen: Vec<&str> = order.iter().map(|index| &**index.get(&texts)).collect();
            for text in &chosen {
                reader.add(&mut symbols, &ValueText {
                    data_element: text,
                    org_unit: chosen[0],
                    value: text,
                    has_comment: text.is_empty(),
                    ..ValueText::default()
                });
            }
            let table = reader.into_table();
            prop_assert_eq!(table.len(), chosen.len());
            for (value, text) in table.iter().zip(&chosen) {
                prop_assert_eq!(symbols.text(value.cell.data_element), *text);
                prop_assert_eq!(symbols.text(value.cell.org_unit), chosen[0]);
                prop_assert_eq!(value.text, *text);
                prop_assert_eq!(value.cell.period, Symbol::EMPTY);
                prop_assert_eq!(value.has_comment, text.is_empty());
            }
        }
    }
}
