//! How source values that meet in one cell of the destination are combined.
//!
//! Several data items, org units or attribute option combos of the source may go to one of
//! the destination. What their values make together is for the mapping to say, item by item
//! of the destination, or once for all. Where it says nothing they are blocked.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::{Choice, CompiledMapping, Item, Mapping};
use crate::catalogue::Catalogue;
use crate::cell::Cell;
use crate::symbol::{Symbol, Symbols};

/// What values that meet in one cell make together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[repr(u8)]
pub enum CombinationRule {
    /// Their exact sum; numbers only.
    Sum,
    /// The one that was changed last at the source.
    Last,
    /// The largest; numbers only.
    Max,
    /// The smallest; numbers only.
    Min,
    /// The first that is there, in the order of [`ItemCombination::order`].
    First,
}

impl CombinationRule {
    /// All rules, the most usual first.
    pub const ALL: [Self; 5] = [Self::Sum, Self::Last, Self::Max, Self::Min, Self::First];

    /// A stable word for storage, reports and translations.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Last => "last",
            Self::Max => "max",
            Self::Min => "min",
            Self::First => "first",
        }
    }

    /// The rule of a word; none for another word.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.code() == code)
    }

    /// Whether only numbers can be combined in this way.
    pub fn needs_numbers(self) -> bool {
        matches!(self, Self::Sum | Self::Max | Self::Min)
    }
}

/// The rule for one data item of the destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemCombination {
    /// The destination's item.
    pub item: Item,
    /// Its rule.
    pub rule: CombinationRule,
    /// The source's items by priority, for [`CombinationRule::First`]. Those that are not
    /// named come after them, in the mapping's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<Item>,
}

/// The rules of a mapping.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Combinations {
    /// For all items of the destination without a rule of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<CombinationRule>,
    /// For single items.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemCombination>,
}

impl Combinations {
    /// Whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        self.default.is_none() && self.items.is_empty()
    }

    /// The rule for an item of the destination: its own, else that for all.
    pub fn rule(&self, item: &Item) -> Option<CombinationRule> {
        self.items
            .iter()
            .find(|found| &found.item == item)
            .map(|found| found.rule)
            .or(self.default)
    }
}

/// A source data item: data element and category option combo.
type ItemSymbols = (Symbol, Symbol);

/// The rules on the symbols of a run, with what they are about. Empty where nothing meets or
/// there is no rule.
#[derive(Clone, Debug, Default)]
pub(super) struct Joints {
    default: Option<CombinationRule>,
    rules: FxHashMap<ItemSymbols, CombinationRule>,
    /// What goes to each item, attribute option combo and org unit of the destination, by
    /// priority.
    items: FxHashMap<ItemSymbols, Vec<ItemSymbols>>,
    attribute_option_combos: FxHashMap<Symbol, Vec<Symbol>>,
    org_units: FxHashMap<Symbol, Vec<Symbol>>,
    /// Attribute option combos with which each data element is reported at the source, as
    /// far as it was told; empty where it was not.
    reported_with: FxHashMap<Symbol, FxHashSet<Symbol>>,
}

/// The place of a source value among those that may meet in its cell, the first in priority
/// lowest. No two source cells of one period have the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Priority(usize, usize, usize);

impl Joints {
    pub(super) fn new(mapping: &Mapping, symbols: &mut Symbols) -> Self {
        let mut joints = Self::default();
        let rules = &mapping.combinations;
        if rules.is_empty() {
            return joints;
        }
        let mut pair = |data_element: &str, category_option_combo: &str| {
            (
                symbols.intern(data_element),
                symbols.intern(category_option_combo),
            )
        };
        for (element, combo, choice) in mapping.items() {
            if let Choice::To(to) = choice {
                let from = pair(element, combo);
                let to = pair(&to.data_element, &to.category_option_combo);
                joints.items.entry(to).or_default().push(from);
            }
        }
        for own in &rules.items {
            let item = pair(&own.item.data_element, &own.item.category_option_combo);
            joints.rules.insert(item, own.rule);
            let place: FxHashMap<ItemSymbols, usize> = own
                .order
                .iter()
                .enumerate()
                .rev()
                .map(|(place, item)| (pair(&item.data_element, &item.category_option_combo), place))
                .collect();
            if let Some(sources) = joints.items.get_mut(&item) {
                sources.sort_by_key(|source| place.get(source).copied().unwrap_or(usize::MAX));
            }
        }
        joints.default = rules.default;
        joints.attribute_option_combos = reversed(&mapping.attribute_option_combos, symbols);
        joints.org_units = reversed(&mapping.org_units, symbols);
        let meets = joints.items.values().any(|sources| sources.len() > 1)
            || joints
                .attribute_option_combos
                .values()
                .chain(joints.org_units.values())
                .any(|sources| sources.len() > 1);
        if meets { joints } else { Self::default() }
    }
}

fn reversed(
    choices: &super::BySource<Choice<String>>,
    symbols: &mut Symbols,
) -> FxHashMap<Symbol, Vec<Symbol>> {
    let mut sources: FxHashMap<Symbol, Vec<Symbol>> = FxHashMap::default();
    for (source, choice) in choices {
        if let Choice::To(to) = choice {
            let source = symbols.intern(source);
            sources.entry(symbols.intern(to)).or_default().push(source);
        }
    }
    sources
}

impl CompiledMapping {
    /// Whether values may meet somewhere and be combined. Where not, nobody needs to ask for
    /// each value.
    pub fn combines(&self) -> bool {
        !self.joints.items.is_empty()
    }

    /// The rule for a cell of the destination in which several source cells meet by the
    /// mapping; none where only one goes there, or where there is no rule.
    pub fn combination(&self, cell: &Cell) -> Option<CombinationRule> {
        let joints = &self.joints;
        let item = (cell.data_element, cell.category_option_combo);
        let several = |found: Option<usize>| found.is_some_and(|count| count > 1);
        let meet = several(joints.items.get(&item).map(Vec::len))
            || several(joints.org_units.get(&cell.org_unit).map(Vec::len))
            || several(
                joints
                    .attribute_option_combos
                    .get(&cell.attribute_option_combo)
                    .map(Vec::len),
            );
        if !meet {
            return None;
        }
        joints.rules.get(&item).copied().or(joints.default)
    }

    /// The place of a source cell among those that go to a cell of the destination.
    pub(crate) fn priority(&self, source: &Cell, destination: &Cell) -> Priority {
        fn place<T: PartialEq>(list: Option<&Vec<T>>, wanted: &T) -> usize {
            list.and_then(|list| list.iter().position(|found| found == wanted))
                .unwrap_or(usize::MAX)
        }
        let joints = &self.joints;
        let to = (destination.data_element, destination.category_option_combo);
        Priority(
            place(
                joints.items.get(&to),
                &(source.data_element, source.category_option_combo),
            ),
            place(
                joints.org_units.get(&destination.org_unit),
                &source.org_unit,
            ),
            place(
                joints
                    .attribute_option_combos
                    .get(&destination.attribute_option_combo),
                &source.attribute_option_combo,
            ),
        )
    }

    /// The source cells that go to a cell of the destination, the first in priority first.
    /// What the source does not report with an attribute option combo is not expected.
    pub(crate) fn sources_of(&self, cell: &Cell) -> Vec<Cell> {
        let joints = &self.joints;
        let item = (cell.data_element, cell.category_option_combo);
        let (Some(items), Some(org_units), Some(attributes)) = (
            joints.items.get(&item),
            joints.org_units.get(&cell.org_unit),
            joints
                .attribute_option_combos
                .get(&cell.attribute_option_combo),
        ) else {
            return Vec::new();
        };
        let mut cells = Vec::with_capacity(items.len() * org_units.len() * attributes.len());
        for &(data_element, category_option_combo) in items {
            let known = joints.reported_with.get(&data_element);
            for &org_unit in org_units {
                for &attribute_option_combo in attributes {
                    if known.is_none_or(|known| known.contains(&attribute_option_combo)) {
                        cells.push(Cell {
                            data_element,
                            category_option_combo,
                            attribute_option_combo,
                            org_unit,
                            period: cell.period,
                        });
                    }
                }
            }
        }
        cells
    }

    /// Learns from the source's catalogue with which attribute option combos its data
    /// elements are reported in the mapped data sets, so that nothing is missed that the
    /// source never has.
    pub fn learn_source(&mut self, source: &Catalogue, symbols: &mut Symbols) {
        if !self.combines() {
            return;
        }
        let sets: Vec<String> = self
            .data_sets
            .iter()
            .map(|(set, _)| symbols.text(*set).to_owned())
            .collect();
        for set in sets.iter().filter_map(|uid| source.data_sets.get(uid)) {
            let Some(combo) = source.attribute_combo(set) else {
                continue;
            };
            for element in set.elements.keys() {
                let element = symbols.intern(element);
                let with = self.joints.reported_with.entry(element).or_default();
                with.extend(combo.option_combos.keys().map(|uid| symbols.intern(uid)));
            }
        }
    }
}
