//! What rows are sorted by: a small number for each row and column.

use rustc_hash::FxHashMap;

use super::{PlanView, SortColumn};
use crate::column::Column;
use crate::plan::{Kind, Plan};
use crate::symbol::Symbol;

/// Ranks of the values of one column, for every entry of the plan.
#[derive(Clone, Debug)]
pub(super) struct Values {
    /// [`SortColumn::PresentValue`] or [`SortColumn::SourceValue`].
    column: SortColumn,
    ranks: Vec<u32>,
    distinct: u32,
}

impl PlanView {
    /// The keys of the rows, which are in the plan's order, and a number above all of them.
    pub(super) fn keys(&mut self, plan: &Plan, by: SortColumn) -> (Vec<u32>, u32) {
        let columns = plan.columns();
        let symbols = u32::try_from(self.names.len()).unwrap_or(u32::MAX - 1) + 1;
        let of_symbols = |view: &Self, column: &Column<Symbol>| {
            let rank = |&row: &u32| {
                let symbol = column.get(row as usize);
                symbol.map_or(0, |symbol| view.order.rank(*symbol))
            };
            (view.rows.iter().map(rank).collect(), symbols)
        };
        match by {
            SortColumn::Kind => {
                let key = |row: &u32| position(columns.kind(*row as usize));
                let kinds = u32::try_from(Kind::ALL.len()).unwrap_or(u32::MAX);
                (self.rows.iter().map(key).collect(), kinds)
            }
            SortColumn::DataSet => {
                let rank = |slice: usize| self.order.rank(plan.slices()[slice].slice.data_set);
                (self.of_slices(plan, rank), symbols)
            }
            SortColumn::Period => {
                let rank = |slice: usize| self.period_ranks[slice];
                (self.of_slices(plan, rank), symbols)
            }
            SortColumn::OrgUnit => of_symbols(self, columns.org_units()),
            SortColumn::DataElement => of_symbols(self, columns.data_elements()),
            SortColumn::CategoryOptionCombo => of_symbols(self, columns.category_option_combos()),
            SortColumn::AttributeOptionCombo => of_symbols(self, columns.attribute_option_combos()),
            SortColumn::PresentValue | SortColumn::SourceValue => {
                let values = match self.values.take() {
                    Some(values) if values.column == by => values,
                    _ => Values::of(plan, by),
                };
                let rank = |row: &u32| values.ranks.get(*row as usize).copied().unwrap_or(0);
                let keys = self.rows.iter().map(rank).collect();
                let distinct = values.distinct;
                self.values = Some(values);
                (keys, distinct)
            }
        }
    }

    /// The key of each row's slice, in one walk through rows and slices.
    fn of_slices(&self, plan: &Plan, key: impl Fn(usize) -> u32) -> Vec<u32> {
        let mut slices = plan.slices().iter().enumerate().peekable();
        let of_row = |&row: &u32| {
            while slices
                .next_if(|(_, slice)| slice.entries.end <= row)
                .is_some()
            {}
            slices.peek().map_or(0, |(slice, _)| key(*slice))
        };
        self.rows.iter().map(of_row).collect()
    }
}

impl Values {
    fn of(plan: &Plan, column: SortColumn) -> Self {
        let columns = plan.columns();
        let key = |row: u32| {
            let (source, present) = columns.texts(row as usize);
            let is_source = column == SortColumn::SourceValue;
            value_key(if is_source { source } else { present })
        };
        let keys: Vec<u64> = (0..plan.len()).map(key).collect();
        // A million values are mostly some thousand different ones: those alone are compared.
        let mut places: FxHashMap<u64, u32> = FxHashMap::default();
        for key in &keys {
            places.entry(*key).or_default();
        }
        let mut different: Vec<u64> = places.keys().copied().collect();
        different.sort_unstable();
        for (key, rank) in different.iter().zip(0..) {
            places.insert(*key, rank);
        }
        let rank = |key: &u64| places.get(key).copied().unwrap_or(0);
        Self {
            column,
            ranks: keys.iter().map(rank).collect(),
            distinct: u32::try_from(different.len()).unwrap_or(u32::MAX),
        }
    }
}

fn position(kind: Kind) -> u32 {
    let place = Kind::ALL.iter().position(|&other| other == kind);
    place
        .and_then(|place| u32::try_from(place).ok())
        .unwrap_or(0)
}

/// Nothing, then numbers by size, then other texts by their first eight bytes.
fn value_key(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let Some(number) = text.parse::<f64>().ok().filter(|number| number.is_finite()) else {
        let mut bytes = [0; 8];
        for (place, byte) in bytes.iter_mut().zip(text.bytes()) {
            *place = byte;
        }
        // The upper half, above all numbers.
        return 1 << 63 | u64::from_be_bytes(bytes) >> 1;
    };
    // The bits of floats sort like numbers once the sign is turned; the last bit makes room for texts.
    let bits = number.to_bits();
    let sorted = if bits >> 63 == 1 {
        !bits
    } else {
        bits | 1 << 63
    };
    (sorted >> 1).max(1)
}
