//! Cells as single numbers that sort as the texts of their keys do: what a merge of two
//! sides needs.

use rustc_hash::FxHashMap;

use crate::cell::Cell;
use crate::order::TextOrder;
use crate::symbol::{Symbol, Symbols};

/// The numbers of some cells: in the order of the texts of org unit, data element, category
/// option combo, attribute option combo and period, byte by byte.
pub(crate) enum CellOrder {
    /// The ranks of the parts, side by side in one number.
    Packed { ranks: TextOrder, parts: [Part; 5] },
    /// Ranks that do not fit into one number: more than ten thousand texts in every part.
    Listed(FxHashMap<Cell, u64>),
}

/// Where the rank of a part lies in the number.
#[derive(Clone, Copy, Default)]
pub(crate) struct Part {
    least: u32,
    shift: u32,
}

/// A cell's number, and the place in its list that it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Numbered {
    pub number: u64,
    pub index: u32,
}

fn key(cell: &Cell) -> [Symbol; 5] {
    let Cell {
        data_element,
        category_option_combo,
        attribute_option_combo,
        org_unit,
        period,
    } = *cell;
    [
        org_unit,
        data_element,
        category_option_combo,
        attribute_option_combo,
        period,
    ]
}

impl CellOrder {
    /// The order of `cells`; no other may be asked for.
    pub(crate) fn new<'c>(
        symbols: &Symbols,
        cells: impl Iterator<Item = &'c Cell> + Clone,
    ) -> Self {
        Self::within(u64::BITS, symbols, cells)
    }

    fn within<'c>(
        bits: u32,
        symbols: &Symbols,
        cells: impl Iterator<Item = &'c Cell> + Clone,
    ) -> Self {
        // A bit for each part that a symbol is used in. Neighbours share most of their parts.
        let mut used_in = vec![0_u8; symbols.len()];
        let mut used = Vec::new();
        let mut before = [None; 5];
        for cell in cells.clone() {
            for ((before, symbol), bit) in before.iter_mut().zip(key(cell)).zip(0..) {
                if *before == Some(symbol) {
                    continue;
                }
                *before = Some(symbol);
                if let Some(bits) = used_in.get_mut(symbol.index()) {
                    if *bits == 0 {
                        used.push(symbol);
                    }
                    *bits |= 1 << bit;
                }
            }
        }
        let ranks = TextOrder::new(symbols, used.iter().copied());
        let mut least = [u32::MAX; 5];
        let mut most = [0; 5];
        for symbol in used {
            let bits = used_in.get(symbol.index()).copied().unwrap_or(0);
            let rank = ranks.rank(symbol);
            for (bit, (least, most)) in least.iter_mut().zip(&mut most).enumerate() {
                if bits >> bit & 1 == 1 {
                    *least = rank.min(*least);
                    *most = rank.max(*most);
                }
            }
        }
        let mut parts = [Part::default(); 5];
        let mut shift = 0;
        for (part, (least, most)) in parts.iter_mut().zip(least.into_iter().zip(most)).rev() {
            *part = Part { least, shift };
            shift += u32::BITS - most.saturating_sub(least).leading_zeros();
        }
        // A part without bits is not shifted out of the number, even at its upper end.
        if shift < bits {
            return Self::Packed { ranks, parts };
        }
        let mut all: Vec<([u32; 5], Cell)> = cells
            .map(|cell| (key(cell).map(|symbol| ranks.rank(symbol)), *cell))
            .collect();
        all.sort_unstable();
        all.dedup();
        Self::Listed(all.iter().map(|(_, cell)| *cell).zip(0..).collect())
    }

    /// The number of a cell.
    pub(crate) fn number(&self, cell: &Cell) -> u64 {
        match self {
            Self::Packed { ranks, parts } => {
                let ranked = key(cell).into_iter().zip(parts).map(|(symbol, part)| {
                    u64::from(ranks.rank(symbol).wrapping_sub(part.least)) << part.shift
                });
                ranked.fold(0, |all, part| all | part)
            }
            Self::Listed(numbers) => numbers.get(cell).copied().unwrap_or(u64::MAX),
        }
    }
}

/// Digits of this many bits are sorted by at a time.
const DIGIT: u32 = 8;

/// Lists shorter than this are sorted by comparing: counting digits would cost more.
const SHORT_LIST: usize = 256;

/// Sorts by number; equal numbers stay in the order in which they came, which is that of
/// their indexes.
pub(crate) fn sort(list: &mut Vec<Numbered>) {
    if list.is_sorted() {
        return;
    }
    if list.len() < SHORT_LIST {
        list.sort_unstable();
        return;
    }
    let (mut any, mut all) = (0, u64::MAX);
    for entry in &*list {
        any |= entry.number;
        all &= entry.number;
    }
    // Bits in which the numbers differ.
    let differing = any & !all;
    let mut other = vec![
        Numbered {
            number: 0,
            index: 0
        };
        list.len()
    ];
    let mut shift = 0;
    while shift < u64::BITS && differing >> shift != 0 {
        shift += (differing >> shift).trailing_zeros();
        by_digit(list, &mut other, shift);
        std::mem::swap(list, &mut other);
        shift += DIGIT;
    }
}

/// One round of a radix sort: by the digit at `shift`, otherwise as it was.
fn by_digit(from: &[Numbered], to: &mut [Numbered], shift: u32) {
    let digit = |entry: &Numbered| (entry.number >> shift) as usize & ((1 << DIGIT) - 1);
    let mut places = [0usize; 1 << DIGIT];
    for entry in from {
        places[digit(entry)] += 1;
    }
    let mut begin = 0;
    for place in &mut places {
        begin += std::mem::replace(place, begin);
    }
    for entry in from {
        let place = &mut places[digit(entry)];
        if let Some(target) = to.get_mut(*place) {
            *target = *entry;
        }
        *place += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Packed or listed, cells sort as their texts do, and equal numbers are equal cells.
        #[test]
        fn numbers_sort_like_the_texts(
            cells in prop::collection::vec(prop::array::uniform5("[a-cA-C]{0,2}"), 0..40),
        ) {
            let mut symbols = Symbols::new();
            let interned: Vec<Cell> = cells.iter().map(|texts| {
                let [org_unit, data_element, category_option_combo, attribute_option_combo, period] =
                    texts.each_ref().map(|text| symbols.intern(text));
                Cell { data_element, category_option_combo, attribute_option_combo, org_unit, period }
            }).collect();
            for bits in [64, 0] {
                let order = CellOrder::within(bits, &symbols, interned.iter());
                for (cell, texts) in interned.iter().zip(&cells) {
                    for (other, other_texts) in interned.iter().zip(&cells) {
                        prop_assert_eq!(
                            order.number(cell).cmp(&order.number(other)),
                            texts.cmp(other_texts)
                        );
                    }
                }
            }
        }

        /// By number, then by index, whatever the numbers.
        #[test]
        fn the_radix_sort_sorts(
            numbers in prop::collection::vec(prop_oneof![0..4u64, any::<u64>(), (0..9u64).prop_map(|n| n << 40 | 1)], 0..600),
        ) {
            let mut list: Vec<Numbered> = numbers
                .iter()
                .zip(0..)
                .map(|(&number, index)| Numbered { number, index })
                .collect();
            let mut expected = list.clone();
            expected.sort_unstable();
            sort(&mut list);
            prop_assert_eq!(list, expected);
        }
    }
}
