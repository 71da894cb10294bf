//! A random world in which source values meet, and some are deleted.

use proptest::collection::vec;
use proptest::prelude::*;
use tributary_engine::cell::Cell;
use tributary_engine::journal::{Mark, Seen, Writes};
use tributary_engine::mapping::{
    Choice, CombinationRule, DataSetPair, Item, ItemCombination, Mapping,
};
use tributary_engine::moment::Moment;
use tributary_engine::plan::{PartState, Plan};
use tributary_engine::slice::{Slice, slices};
use tributary_engine::symbol::Symbol;
use tributary_engine::values::ValueTable;

use crate::support::*;

/// The last one is no number.
pub(super) const ELEMENTS: [&str; 4] = ["deInteger01", "deNumber001", "deIntZeroP1", "deText00001"];
pub(super) const ATTRIBUTES: [&str; 2] = ["aocSource01", "aocSource02"];
pub(super) const SOURCE_UNITS: [&str; 5] = ["ouS1", "ouS2", "ouS3", "ouS4", "ouS5"];
/// The first of them was closed on 30 June 2025.
pub(super) const PERIODS: [&str; 2] = ["202301", "202508"];
pub(super) const VALUES: [&str; 9] = ["0", "1", "2", "2.5", "-3", "12.0", "0.25", "abc", ""];
/// Org units of the destination, one of them closed in the second period.
pub(super) const TARGETS: [&str; 2] = ["ouFacA10001", "ouFacA10005"];

/// A row at the source.
#[derive(Clone, Debug)]
pub(super) struct SourceRow {
    /// Element, attribute option combo, org unit, period, as indexes.
    pub key: (usize, usize, usize, usize),
    pub value: usize,
    pub stamp: i64,
    pub deleted: bool,
}

/// A row at the destination.
#[derive(Clone, Debug)]
pub(super) struct PresentRow {
    /// Element, org unit, period, as indexes.
    pub key: (usize, usize, usize),
    pub value: usize,
    pub stamp: i64,
    pub by_clerk: bool,
}

#[derive(Clone, Debug)]
pub(super) struct World {
    pub source: Vec<SourceRow>,
    pub present: Vec<PresentRow>,
    /// For each source element, attribute option combo and org unit: 0 nothing decided, 1 left
    /// out, else the destination's index + 2.
    pub items: Vec<usize>,
    pub attributes: Vec<usize>,
    pub units: Vec<usize>,
    pub default_rule: Option<CombinationRule>,
    /// For each element of the destination: its rule, and the source elements by priority.
    pub rules: Vec<Option<(CombinationRule, Vec<usize>)>>,
    /// What earlier runs saw: until when, their own writes from then to when, and whether
    /// they looked at all org units.
    pub seen: Option<(i64, i64, bool)>,
}

fn rule() -> impl Strategy<Value = CombinationRule> {
    proptest::sample::select(CombinationRule::ALL.to_vec())
}

prop_compose! {
    fn source_row()(
        key in (0..ELEMENTS.len(), 0..ATTRIBUTES.len(), 0..SOURCE_UNITS.len(), 0..PERIODS.len()),
        value in 0..VALUES.len(),
        stamp in 0..5i64,
        deleted in prop::bool::weighted(0.3),
    ) -> SourceRow {
        SourceRow { key, value, stamp, deleted }
    }
}

prop_compose! {
    fn present_row()(
        key in (0..ELEMENTS.len(), 0..TARGETS.len(), 0..PERIODS.len()),
        value in 0..VALUES.len(),
        stamp in 0..100i64,
        by_clerk in any::<bool>(),
    ) -> PresentRow {
        PresentRow { key, value, stamp, by_clerk }
    }
}

prop_compose! {
    pub(super) fn world()(
        source in vec(source_row(), 0..60),
        present in vec(present_row(), 0..20),
        items in vec(prop_oneof![1 => 0..2usize, 6 => 2..ELEMENTS.len() + 2], ELEMENTS.len()),
        attributes in vec(prop_oneof![1 => 0..2usize, 4 => Just(2usize)], ATTRIBUTES.len()),
        units in vec(prop_oneof![1 => 0..2usize, 6 => 2..TARGETS.len() + 2], SOURCE_UNITS.len()),
        default_rule in proptest::option::of(rule()),
        rules in vec(
            proptest::option::of((rule(), proptest::sample::subsequence(vec![0, 1, 2, 3], 0..4).prop_shuffle())),
            ELEMENTS.len(),
        ),
        seen in proptest::option::weighted(0.8, (0..100i64, 0..100i64, any::<bool>())),
    ) -> World {
        // A server has one row for each key.
        let mut keys = std::collections::HashSet::new();
        let source = source.into_iter().filter(|row| keys.insert(row.key)).collect();
        let mut keys = std::collections::HashSet::new();
        let present = present.into_iter().filter(|row| keys.insert(row.key)).collect();
        World { source, present, items, attributes, units, default_rule, rules, seen }
    }
}

fn choice<T>(number: usize, target: impl FnOnce(usize) -> T) -> Option<Choice<T>> {
    match number {
        0 => None,
        1 => Some(Choice::Excluded),
        index => Some(Choice::To(target(index - 2))),
    }
}

pub(super) fn item(element: usize) -> Item {
    Item {
        data_element: ELEMENTS[element].into(),
        category_option_combo: DEFAULT.into(),
    }
}

impl World {
    fn mapping(&self) -> Mapping {
        let mut mapping = Mapping::default();
        mapping.data_sets.push(DataSetPair {
            source: "dsSource001".into(),
            destination: "dsMonthly01".into(),
        });
        for (from, &number) in self.items.iter().enumerate() {
            if let Some(choice) = choice(number, item) {
                mapping.set_item(item(from), choice);
            }
        }
        for (from, &number) in self.attributes.iter().enumerate() {
            if let Some(choice) = choice(number, |_| DEFAULT.to_owned()) {
                mapping
                    .attribute_option_combos
                    .insert(ATTRIBUTES[from].into(), choice);
            }
        }
        for (from, &number) in self.units.iter().enumerate() {
            if let Some(choice) = choice(number, |index| TARGETS[index].to_owned()) {
                mapping.org_units.insert(SOURCE_UNITS[from].into(), choice);
            }
        }
        mapping.combinations.default = self.default_rule;
        for (to, own) in self.rules.iter().enumerate() {
            if let Some((rule, order)) = own {
                mapping.combinations.items.push(ItemCombination {
                    item: item(to),
                    rule: *rule,
                    order: order.iter().copied().map(item).collect(),
                });
            }
        }
        mapping
    }
}

/// The values of both sides, and what is needed to plan them.
pub(super) struct Sides {
    pub bench: Bench,
    pub source: Vec<(Cell, SourceRow)>,
    pub present: ValueTable,
    pub periods: Vec<Symbol>,
}

impl Sides {
    pub(super) fn of(world: &World) -> Self {
        let mut bench = Bench::new(&world.mapping());
        let symbols = &mut bench.symbols;
        let source = world
            .source
            .iter()
            .map(|row| {
                let (element, attribute, unit, period) = row.key;
                let key = [
                    ELEMENTS[element],
                    DEFAULT,
                    ATTRIBUTES[attribute],
                    SOURCE_UNITS[unit],
                    PERIODS[period],
                ];
                (cell(symbols, key), row.clone())
            })
            .collect();
        let mut present = ValueTable::new();
        for row in &world.present {
            let (element, unit, period) = row.key;
            let key = [
                ELEMENTS[element],
                DEFAULT,
                DEFAULT,
                TARGETS[unit],
                PERIODS[period],
            ];
            let by = symbols.intern(if row.by_clerk { "clerk" } else { "amy" });
            let cell = cell(symbols, key);
            let stamp = Moment::from_millis(row.stamp);
            present.push(cell, VALUES[row.value], by, stamp, false);
        }
        let first = symbols.intern(TARGETS[0]);
        bench.seen = world.seen.map(|(until, to, everywhere)| {
            let mark = Mark {
                until: Moment::from_millis(until),
                own: vec![Writes {
                    from: Moment::from_millis(until + 1),
                    to: Moment::from_millis(to),
                    by: "clerk".into(),
                }],
            };
            let seen = Seen::new(&mark, &mut bench.symbols);
            if everywhere {
                seen
            } else {
                seen.within([first].into_iter().collect())
            }
        });
        let symbols = &mut bench.symbols;
        let periods = PERIODS.map(|period| symbols.intern(period)).to_vec();
        Self {
            bench,
            source,
            present,
            periods,
        }
    }

    /// Reads and compares slice by slice, as a run does.
    pub(super) fn plan(&mut self, max_units: usize) -> Plan {
        let targets = TARGETS.map(|unit| self.bench.symbols.intern(unit));
        let chosen = targets.into_iter().collect();
        let mut plan = Plan::new();
        for slice in slices(&self.bench.mapping, &self.periods, &chosen, max_units) {
            let source = self.read(&slice);
            let part = self.bench.compare(&slice, &source, &self.present);
            plan.push(part).unwrap();
        }
        plan
    }

    pub(super) fn read(&self, slice: &Slice) -> ValueTable {
        let asked: Vec<_> = slice.source_org_units().collect();
        let mut table = ValueTable::new();
        for (cell, row) in &self.source {
            if cell.period != slice.period || !asked.contains(&cell.org_unit) {
                continue;
            }
            if row.deleted {
                table.push_deleted(*cell);
            } else {
                let stamp = Moment::from_millis(row.stamp);
                table.push(*cell, VALUES[row.value], Symbol::EMPTY, stamp, false);
            }
        }
        table
    }

    fn key(&self, cell: &Cell) -> String {
        [
            cell.data_element,
            cell.category_option_combo,
            cell.attribute_option_combo,
            cell.org_unit,
            cell.period,
        ]
        .map(|part| self.bench.text(part))
        .join(" ")
    }

    /// Each entry with its texts and parts, in the plan's order.
    pub(super) fn describe(&self, plan: &Plan) -> Vec<String> {
        let lines = plan.iter().map(|(index, entry)| {
            let parts = plan.parts(index).map(|parts| {
                let each = parts.iter().map(|part| {
                    let state = match part.state {
                        PartState::Taken => '+',
                        PartState::PassedOver => '-',
                        PartState::Missing => '?',
                    };
                    format!(" {state}{}={}", self.key(&part.cell), part.value)
                });
                format!("{}{}", parts.rule.code(), each.collect::<String>())
            });
            format!(
                "{:?} [{}] {} {:?} {}",
                entry.kind,
                self.key(&entry.cell),
                entry.source_value,
                entry.present_value,
                parts.unwrap_or_default()
            )
        });
        lines.collect()
    }
}
