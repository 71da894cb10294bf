//! Looking at a plan of a million entries: filtered, searched, sorted, and
//! handed out by the window.

use rustc_hash::FxHashSet;

use crate::folding::fold;
use crate::order::TextOrder;
use crate::period::Period;
use crate::plan::{Counts, Entry, Kind, KindSet, Plan};
use crate::symbol::{Symbol, Symbols};

/// What to show, and in which order.
#[derive(Clone, Debug)]
pub struct ViewQuery {
    /// The kinds to show.
    pub kinds: KindSet,
    /// The org units to show (as in the entries' cells); none: all.
    pub org_units: Option<FxHashSet<Symbol>>,
    /// Words to search for. An entry matches if each word occurs in one of its
    /// names (org unit, data element, both option combos, data set) or in its
    /// period's id; case and accents do not matter.
    pub text: String,
    /// The column to sort by; none: the plan's own order.
    pub sort: Option<Sort>,
}

/// A column to sort by. Entries with equal values keep the plan's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub by: SortColumn,
    /// Largest first.
    pub descending: bool,
}

/// The columns that can be sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortColumn {
    /// What becomes of the value, in the order of [`Kind::ALL`].
    Kind,
    /// Name of the data set.
    DataSet,
    /// Start of the period.
    Period,
    /// Name of the org unit.
    OrgUnit,
    /// Name of the data element.
    DataElement,
    /// Name of the category option combo.
    CategoryOptionCombo,
    /// Name of the attribute option combo.
    AttributeOptionCombo,
    /// The present value: numbers by size, then other texts, nothing first.
    PresentValue,
    /// The source value, likewise.
    SourceValue,
}

/// A plan as it is being looked at. Names are asked for once, when it is made.
#[derive(Clone, Debug)]
pub struct PlanView {
    /// Folded names by symbol index; empty for symbols that the plan does not show.
    names: Vec<String>,
    order: TextOrder,
    /// Rank of each slice by its period's start.
    period_ranks: Vec<u32>,
    rows: Vec<u32>,
    counts: Counts,
}

impl Default for ViewQuery {
    fn default() -> Self {
        Self {
            kinds: KindSet::ALL,
            org_units: None,
            text: String::new(),
            sort: None,
        }
    }
}

impl PlanView {
    /// A view of all entries in the plan's order. `name` gives the name to show
    /// for a symbol; codes or ids that people search for can be part of it.
    pub fn new(plan: &Plan, symbols: &Symbols, name: impl Fn(Symbol) -> String) -> Self {
        let columns = plan.columns();
        let shown = columns
            .org_units()
            .iter()
            .chain(columns.data_elements())
            .chain(columns.category_option_combos())
            .chain(columns.attribute_option_combos())
            .copied()
            .chain(plan.slices().iter().map(|slice| slice.slice.data_set));
        let mut names = vec![None; symbols.len()];
        for symbol in shown {
            if let Some(place @ None) = names.get_mut(symbol.index()) {
                *place = Some((symbol, fold(&name(symbol))));
            }
        }
        let used = names.iter().flatten().map(|(symbol, _)| *symbol);
        let order = TextOrder::by_key(symbols.len(), used, |symbol| {
            names
                .get(symbol.index())
                .and_then(Option::as_ref)
                .map(|(_, name)| name.as_str())
        });
        let mut names: Vec<String> = names
            .into_iter()
            .map(|name| name.map_or_else(String::new, |(_, n)| n))
            .collect();
        let period = |slice: &crate::plan::PlannedSlice| slice.slice.period;
        for slice in plan.slices() {
            if let Some(name) = names.get_mut(period(slice).index()) {
                *name = fold(symbols.text(period(slice)));
            }
        }
        let periods =
            TextOrder::by_key(symbols.len(), plan.slices().iter().map(period), |symbol| {
                let id = symbols.text(symbol);
                (Period::parse(id).ok(), id)
            });
        let period_ranks = plan
            .slices()
            .iter()
            .map(|slice| periods.rank(period(slice)))
            .collect();
        Self {
            names,
            order,
            period_ranks,
            rows: (0..plan.len()).collect(),
            counts: plan.counts(),
        }
    }

    /// Filters, searches and sorts; `plan` is the one that the view was made of.
    pub fn apply(&mut self, plan: &Plan, query: &ViewQuery) {
        let words = fold(&query.text);
        // More than 64 words find what the first 64 find.
        let words: Vec<&str> = words
            .split(' ')
            .filter(|word| !word.is_empty())
            .take(64)
            .collect();
        let masks = self.masks(&words);
        let wanted = if words.len() == 64 {
            u64::MAX
        } else {
            (1 << words.len()) - 1
        };
        let mask = |symbol: Symbol| masks.get(symbol.index()).copied().unwrap_or(0);
        let columns = plan.columns();
        self.rows.clear();
        self.counts = Counts::default();
        for slice in plan.slices() {
            let of_slice = mask(slice.slice.data_set) | mask(slice.slice.period);
            for row in slice.entries.clone() {
                let at = row as usize;
                let org_unit = columns.org_units()[at];
                let found = of_slice == wanted
                    || of_slice
                        | mask(org_unit)
                        | mask(columns.data_elements()[at])
                        | mask(columns.category_option_combos()[at])
                        | mask(columns.attribute_option_combos()[at])
                        == wanted;
                if !found
                    || query
                        .org_units
                        .as_ref()
                        .is_some_and(|chosen| !chosen.contains(&org_unit))
                {
                    continue;
                }
                let kind = columns.kind(at);
                self.counts.pulled += 1;
                self.counts.add(kind);
                if query.kinds.contains(kind) {
                    self.rows.push(row);
                }
            }
        }
        if let Some(sort) = query.sort {
            self.sort(plan, sort);
        }
    }

    /// Indexes in the plan of the entries shown, in order.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The entries from `first` on, at most `count`, with their indexes in the plan.
    pub fn window<'a>(
        &'a self,
        plan: &'a Plan,
        first: usize,
        count: usize,
    ) -> impl Iterator<Item = (u32, Entry<'a>)> {
        let rows = self.rows.iter().skip(first).take(count);
        rows.filter_map(|&row| Some((row, plan.get(row)?)))
    }

    /// How many entries of each kind match text and org units, whether their kind
    /// is shown or not. `pulled` is their number.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// For each symbol the words that its name contains, a bit each.
    fn masks(&self, words: &[&str]) -> Vec<u64> {
        if words.is_empty() {
            return Vec::new();
        }
        let mask = |name: &String| {
            let found = words
                .iter()
                .enumerate()
                .filter(|(_, word)| !name.is_empty() && name.contains(**word));
            found.fold(0, |mask, (bit, _)| mask | 1 << bit)
        };
        self.names.iter().map(mask).collect()
    }

    fn sort(&mut self, plan: &Plan, sort: Sort) {
        let columns = plan.columns();
        let of = |column: &[Symbol], row: u32| u64::from(self.order.rank(column[row as usize]));
        let of_slice = |row: u32, key: &dyn Fn(usize) -> u32| {
            plan.slice_of(row).map_or(0, |slice| u64::from(key(slice)))
        };
        let key = |row: u32| match sort.by {
            SortColumn::Kind => position(columns.kind(row as usize)),
            SortColumn::DataSet => of_slice(row, &|slice| {
                self.order.rank(plan.slices()[slice].slice.data_set)
            }),
            SortColumn::Period => of_slice(row, &|slice| self.period_ranks[slice]),
            SortColumn::OrgUnit => of(columns.org_units(), row),
            SortColumn::DataElement => of(columns.data_elements(), row),
            SortColumn::CategoryOptionCombo => of(columns.category_option_combos(), row),
            SortColumn::AttributeOptionCombo => of(columns.attribute_option_combos(), row),
            SortColumn::SourceValue => value_key(columns.texts(row as usize).0),
            SortColumn::PresentValue => value_key(columns.texts(row as usize).1),
        };
        let turn = |key: u64| if sort.descending { !key } else { key };
        let mut keyed: Vec<(u64, u32)> =
            self.rows.iter().map(|&row| (turn(key(row)), row)).collect();
        keyed.sort_unstable();
        self.rows.clear();
        self.rows.extend(keyed.into_iter().map(|(_, row)| row));
    }
}

fn position(kind: Kind) -> u64 {
    Kind::ALL
        .iter()
        .position(|&other| other == kind)
        .unwrap_or_default() as u64
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
