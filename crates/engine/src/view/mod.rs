//! Looking at a plan of a million entries: filtered, searched, sorted, and
//! handed out by the window.
//!
//! What costs time for each entry is done once for the view or in one pass for each question:
//! names are folded and ranked when it is made, a search looks at names and not at entries,
//! and [`arrange`] sorts by rank without comparing.

mod arrange;
mod keys;
mod parts;

use rustc_hash::FxHashSet;

use keys::Values;
pub use parts::{Part, PartCount};

use crate::folding::fold;
use crate::order::TextOrder;
use crate::period::Period;
use crate::plan::{Counts, Entry, KindSet, Plan};
use crate::symbol::{Symbol, Symbols};

/// What to show, and in which order.
#[derive(Clone, Debug)]
pub struct ViewQuery {
    /// The kinds to show.
    pub kinds: KindSet,
    /// The org units to show (as in the entries' cells); none: all.
    pub org_units: Option<FxHashSet<Symbol>>,
    /// The data elements to show, likewise.
    pub data_elements: Option<FxHashSet<Symbol>>,
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
    /// What becomes of the value, in the order of [`crate::plan::Kind::ALL`].
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
    /// Ranks of the values of the column of values that was last sorted by.
    values: Option<Values>,
    rows: Vec<u32>,
    counts: Counts,
}

impl Default for ViewQuery {
    fn default() -> Self {
        Self {
            kinds: KindSet::ALL,
            org_units: None,
            data_elements: None,
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
            .chain(columns.data_elements().iter())
            .chain(columns.category_option_combos().iter())
            .chain(columns.attribute_option_combos().iter())
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
            values: None,
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
        let is_chosen = |chosen: &Option<FxHashSet<Symbol>>, symbol| {
            chosen
                .as_ref()
                .is_none_or(|chosen| chosen.contains(&symbol))
        };
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
                    || !is_chosen(&query.org_units, org_unit)
                    || !is_chosen(&query.data_elements, columns.data_elements()[at])
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
            let (keys, distinct) = self.keys(plan, sort.by);
            arrange::arrange(&mut self.rows, &keys, distinct, sort.descending);
        }
    }

    /// Indexes in the plan of the entries shown, in order.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The same, to be kept elsewhere: the view shows none until it is asked again.
    pub fn take_rows(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.rows)
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

    /// How many entries of each kind match text, org units and data elements, whether their kind
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
}
