//! A random world: what is mapped how, what the destination takes, and what is at both sides.

use proptest::collection::vec;
use proptest::prelude::*;
use tributary_engine::cell::Cell;
use tributary_engine::journal::{Mark, Seen, Writes};
use tributary_engine::mapping::{Choice, DataSetPair, Item, Mapping};
use tributary_engine::moment::Moment;
use tributary_engine::plan::Plan;
use tributary_engine::slice::{Slice, slices};
use tributary_engine::symbol::Symbol;
use tributary_engine::values::ValueTable;

use crate::support::*;

pub(crate) const PERIODS: [&str; 3] = ["202301", "202508", "203001"];
pub(crate) const ELEMENTS: [&str; 9] = [
    "deInteger01",
    "deIntZeroP1",
    "deNumber001",
    "deBoolean01",
    "deOptionSt1",
    "deZeroNot01",
    "deAgeSex001",
    "deQuarter01",
    "deUnknown01",
];
pub(crate) const COMBOS: [&str; 4] = [DEFAULT, "cocAgeSex01", "cocAgeSex02", "cocDated001"];
pub(crate) const SOURCE_UNITS: [&str; 7] = [
    "ouFacA10001",
    "ouFacA10002",
    "ouFacA10005",
    "ouFacB10001",
    "ouFacD30005",
    "ouOther0001",
    "ouOther0002",
];
pub(crate) const VALUES: [&str; 12] = [
    "0", "1", "2", "12.0", "007", "-1", "true", "yes", "GREEN", "Green", "", " ",
];

/// Element, category option combo, attribute option combo, org unit, period, value, as indexes.
pub(crate) type Row = (usize, usize, usize, usize, usize, usize);

/// A random world. Rows of the source may repeat; those of the destination do not.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) source: Vec<Row>,
    pub(crate) present: Vec<Row>,
    /// For each element and combo, attribute combo, org unit of the source: 0 nothing
    /// decided, 1 left out, else the destination's index + 2.
    pub(crate) items: Vec<Vec<(usize, usize)>>,
    pub(crate) attributes: Vec<usize>,
    pub(crate) units: Vec<usize>,
    pub(crate) superuser: bool,
    /// When each present value was stored, and whether by the clerk who runs the app.
    pub(crate) stamps: Vec<(i64, bool)>,
    /// What earlier runs saw: until when, and their own writes from then to when.
    pub(crate) seen: Option<(i64, i64)>,
    /// Data elements that the data set holds, units it is assigned to, bit by bit.
    pub(crate) elements: u32,
    pub(crate) assigned: u32,
}

pub(crate) fn rows(max: usize) -> impl Strategy<Value = Vec<Row>> {
    let indexes = (
        0..ELEMENTS.len(),
        0..COMBOS.len(),
        0..2usize,
        0..SOURCE_UNITS.len(),
        0..PERIODS.len(),
    );
    vec(
        (indexes, 0..VALUES.len()).prop_map(|((e, c, a, u, p), v)| (e, c, a, u, p, v)),
        0..max,
    )
}

/// One index three times out of four, else any below `end`: what is usual must happen often.
pub(crate) fn mostly(usual: usize, end: usize) -> impl Strategy<Value = usize> {
    prop_oneof![3 => Just(usual), 1 => 0..end]
}

prop_compose! {
    pub(crate) fn world()(
        source in rows(80),
        present in rows(60),
        items in vec(vec((0..ELEMENTS.len() + 2, mostly(0, COMBOS.len())), COMBOS.len()), ELEMENTS.len()),
        attributes in vec(mostly(2, 4), 2),
        units in vec(0..UNITS.len() + 2, SOURCE_UNITS.len()),
        superuser in any::<bool>(),
        stamps in vec((0..100i64, any::<bool>()), 60),
        seen in proptest::option::of((0..100i64, 0..100i64)),
        elements in (any::<u32>(), any::<u32>()).prop_map(|(a, b)| a | b),
        assigned in (any::<u32>(), any::<u32>()).prop_map(|(a, b)| a | b),
    ) -> World {
        World { source, present, items, attributes, units, superuser, stamps, seen, elements, assigned }
    }
}

pub(crate) fn choice<T>(number: usize, target: impl FnOnce(usize) -> T) -> Option<Choice<T>> {
    match number {
        0 => None,
        1 => Some(Choice::Excluded),
        index => Some(Choice::To(target(index - 2))),
    }
}

impl World {
    pub(crate) fn mapping(&self) -> Mapping {
        let mut mapping = Mapping::default();
        mapping.data_sets.push(DataSetPair {
            source: "dsSource001".into(),
            destination: "dsMonthly01".into(),
        });
        let item = |element: usize, combo: usize| Item {
            data_element: ELEMENTS[element].into(),
            category_option_combo: COMBOS[combo].into(),
        };
        for (element, combos) in self.items.iter().enumerate() {
            for (combo, &(number, to)) in combos.iter().enumerate() {
                if let Some(choice) = choice(number, |index| item(index, to)) {
                    mapping.set_item(item(element, combo), choice);
                }
            }
        }
        for (from, &number) in self.attributes.iter().enumerate() {
            if let Some(choice) = choice(number, |index| COMBOS[index].to_owned()) {
                mapping
                    .attribute_option_combos
                    .insert(COMBOS[from].into(), choice);
            }
        }
        for (from, &number) in self.units.iter().enumerate() {
            if let Some(choice) = choice(number, |index| UNITS[index].to_owned()) {
                mapping.org_units.insert(SOURCE_UNITS[from].into(), choice);
            }
        }
        mapping
    }

    pub(crate) fn key(row: &Row) -> [&'static str; 5] {
        [
            ELEMENTS[row.0],
            COMBOS[row.1],
            COMBOS[row.2],
            SOURCE_UNITS[row.3],
            PERIODS[row.4],
        ]
    }
}

/// The values of both sides, and what is needed to plan them.
pub(crate) struct Sides {
    pub(crate) bench: Bench,
    pub(crate) mark: Option<Mark>,
    pub(crate) source: Vec<(Cell, &'static str)>,
    pub(crate) present: ValueTable,
    pub(crate) periods: Vec<Symbol>,
}

impl Sides {
    pub(crate) fn of(world: &World) -> Self {
        let mut bench = Bench::new(&world.mapping());
        bench.rights = if world.superuser {
            superuser()
        } else {
            clerk()
        };
        let keep = |bits: u32, index: usize| bits >> (index % 32) & 1 == 1;
        let set = &mut bench.catalogue.data_sets["dsMonthly01"];
        let mut index = 0..;
        set.elements
            .retain(|_, _| keep(world.elements, index.next().unwrap()));
        let mut index = 0..;
        set.org_units
            .retain(|_| keep(world.assigned, index.next().unwrap()));
        let symbols = &mut bench.symbols;
        let source = world
            .source
            .iter()
            .map(|row| (cell(symbols, World::key(row)), VALUES[row.5]))
            .collect();
        let mut present = ValueTable::new();
        let mut seen = std::collections::HashSet::new();
        for (row, (stamp, is_clerk)) in world.present.iter().zip(&world.stamps) {
            let by = symbols.intern(if *is_clerk { "clerk" } else { "amy" });
            let cell = cell(symbols, World::key(row));
            if seen.insert(cell) {
                present.push(cell, VALUES[row.5], by, Moment::from_millis(*stamp), false);
            }
        }
        let mark = world.seen.map(|(until, to)| Mark {
            until: Moment::from_millis(until),
            own: vec![Writes {
                from: Moment::from_millis(until + 1),
                to: Moment::from_millis(to),
                by: "clerk".into(),
            }],
        });
        bench.seen = mark
            .as_ref()
            .map(|mark| Seen::new(mark, &mut bench.symbols));
        let symbols = &mut bench.symbols;
        let periods = PERIODS.map(|period| symbols.intern(period)).to_vec();
        Self {
            bench,
            mark,
            source,
            present,
            periods,
        }
    }

    /// Reads and compares slice by slice, as a run does: only mapped units are asked for.
    pub(crate) fn plan(&mut self, max_units: usize) -> Plan {
        let chosen = UNITS
            .iter()
            .map(|unit| self.bench.symbols.intern(unit))
            .collect();
        let mut plan = Plan::new();
        for slice in slices(&self.bench.mapping, &self.periods, &chosen, max_units) {
            let source = self.read(&slice);
            let part = self.bench.compare(&slice, &source, &self.present);
            plan.push(part).unwrap();
        }
        plan
    }

    pub(crate) fn read(&self, slice: &Slice) -> ValueTable {
        let asked: Vec<_> = slice.source_org_units().collect();
        let mut table = ValueTable::new();
        for (cell, text) in &self.source {
            if cell.period == slice.period && asked.contains(&cell.org_unit) {
                table.push(*cell, text, Symbol::EMPTY, Moment::UNKNOWN, false);
            }
        }
        table
    }

    /// Each entry with its texts, in the plan's order.
    pub(crate) fn describe(&self, plan: &Plan) -> Vec<String> {
        let entries = plan.iter().map(|(_, entry)| {
            let cell = entry.cell;
            let key = [
                cell.data_element,
                cell.category_option_combo,
                cell.attribute_option_combo,
                cell.org_unit,
                cell.period,
            ]
            .map(|part| self.bench.text(part));
            format!(
                "{:?} {key:?} {} {:?}",
                entry.kind, entry.source_value, entry.present_value
            )
        });
        entries.collect()
    }
}
