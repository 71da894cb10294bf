//! What holds for any source, mapping, destination and catalogue.

use proptest::collection::vec;
use proptest::prelude::*;
use tributary_engine::cell::Cell;
use tributary_engine::compare::compare_slice;
use tributary_engine::journal::{Looked, Mark, Seen, Writes};
use tributary_engine::mapping::{Choice, CompiledMapping, DataSetPair, Item, Mapping};
use tributary_engine::moment::Moment;
use tributary_engine::plan::{Counts, EntryKind, Plan};
use tributary_engine::preflight::SliceRules;
use tributary_engine::slice::{Slice, slices};
use tributary_engine::symbol::Symbol;
use tributary_engine::values::ValueTable;

use crate::support::*;

const PERIODS: [&str; 3] = ["202301", "202508", "203001"];
const ELEMENTS: [&str; 9] = [
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
const COMBOS: [&str; 4] = [DEFAULT, "cocAgeSex01", "cocAgeSex02", "cocDated001"];
const SOURCE_UNITS: [&str; 7] = [
    "ouFacA10001",
    "ouFacA10002",
    "ouFacA10005",
    "ouFacB10001",
    "ouFacD30005",
    "ouOther0001",
    "ouOther0002",
];
const VALUES: [&str; 12] = [
    "0", "1", "2", "12.0", "007", "-1", "true", "yes", "GREEN", "Green", "", " ",
];

/// Element, category option combo, attribute option combo, org unit, period, value, as indexes.
type Row = (usize, usize, usize, usize, usize, usize);

/// A random world. Rows of the source may repeat; those of the destination do not.
#[derive(Clone, Debug)]
pub(crate) struct World {
    source: Vec<Row>,
    present: Vec<Row>,
    /// For each element and combo, attribute combo, org unit of the source: 0 nothing
    /// decided, 1 left out, else the destination's index + 2.
    items: Vec<Vec<(usize, usize)>>,
    attributes: Vec<usize>,
    units: Vec<usize>,
    superuser: bool,
    /// When each present value was stored, and whether by the clerk who runs the app.
    stamps: Vec<(i64, bool)>,
    /// What earlier runs saw: until when, and their own writes from then to when.
    seen: Option<(i64, i64)>,
    /// Data elements that the data set holds, units it is assigned to, bit by bit.
    elements: u32,
    assigned: u32,
}

fn rows(max: usize) -> impl Strategy<Value = Vec<Row>> {
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
fn mostly(usual: usize, end: usize) -> impl Strategy<Value = usize> {
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

fn choice<T>(number: usize, target: impl FnOnce(usize) -> T) -> Option<Choice<T>> {
    match number {
        0 => None,
        1 => Some(Choice::Excluded),
        index => Some(Choice::To(target(index - 2))),
    }
}

impl World {
    fn mapping(&self) -> Mapping {
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

    fn key(row: &Row) -> [&'static str; 5] {
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
    mark: Option<Mark>,
    source: Vec<(Cell, &'static str)>,
    pub(crate) present: ValueTable,
    periods: Vec<Symbol>,
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

    fn read(&self, slice: &Slice) -> ValueTable {
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
    fn describe(&self, plan: &Plan) -> Vec<String> {
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

proptest! {
    /// Every source value becomes exactly one entry, per slice and in all; the
    /// entries, counted one by one, are what the counts say.
    #[test]
    fn every_source_value_is_accounted_for(world in world(), max_units in 1..8usize) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(max_units);
        let mut pulled = 0;
        for (index, slice) in plan.slices().iter().enumerate() {
            prop_assert!(slice.counts.check().is_ok());
            let read = sides.read(&slice.slice);
            prop_assert_eq!(slice.counts.pulled, read.len() as u64);
            let mut counted = Counts { pulled: read.len() as u64, ..Counts::default() };
            for entry in slice.entries.clone() {
                counted.add(plan.get(entry).unwrap().kind.kind());
                prop_assert_eq!(plan.slice_of(entry), Some(index));
            }
            prop_assert_eq!(counted, slice.counts);
            pulled += counted.pulled;
        }
        prop_assert_eq!(plan.counts().pulled, pulled);
        prop_assert!(plan.counts().check().is_ok());
        let sent: u64 = plan.to_send().map(|part| part.entries.len() as u64).sum();
        prop_assert_eq!(sent, plan.counts().to_send());
    }

    /// Running twice in a row sends nothing the second time.
    #[test]
    fn a_plan_that_was_applied_is_empty(world in world(), max_units in 1..8usize) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(max_units);
        sides.present = plan.apply_to(&sides.present);
        let again = sides.plan(max_units);
        prop_assert_eq!(again.counts().to_send(), 0);
        prop_assert_eq!(again.counts().same, plan.counts().same + plan.counts().to_send());
        prop_assert_eq!(again.counts().blocked, plan.counts().blocked);
    }

    /// A run that leaves edited values alone finds the same ones edited the next time, and
    /// nothing else to do; one that did not look at everything does, too.
    #[test]
    fn edited_values_stay_edited_until_they_are_overwritten(
        world in world(), max_units in 1..8usize, whole in any::<bool>(),
    ) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(max_units);
        let clerk = sides.bench.symbols.intern("clerk");
        let now = Moment::from_millis(1_000);
        let sent: indexmap::IndexMap<Cell, String> = plan.iter()
            .filter(|(_, entry)| matches!(entry.kind, EntryKind::New | EntryKind::Changed))
            .map(|(_, entry)| (entry.cell, entry.value_to_send.to_owned()))
            .collect();
        let mut after = ValueTable::new();
        for value in sides.present.iter().filter(|value| !sent.contains_key(&value.cell)) {
            after.push(value.cell, value.text, value.stored_by, value.last_updated, false);
        }
        for (cell, text) in &sent {
            after.push(*cell, text, clerk, now, false);
        }
        let seen = sides.bench.seen.clone();
        let left = plan.iter().filter(|(_, entry)| {
            matches!(entry.kind, EntryKind::EditedHere | EntryKind::Blocked(_))
                && entry.present_value.is_some()
                && seen.as_ref().is_some_and(|seen| seen.is_edited(entry.last_updated, entry.stored_by))
        });
        let looked = Looked {
            planned: Moment::UNKNOWN,
            latest: plan.slices().iter().map(|slice| slice.latest).max().unwrap_or(Moment::UNKNOWN),
            latest_in_all: plan.slices().iter().map(|slice| slice.latest).min().unwrap_or(Moment::UNKNOWN),
            left: left.map(|(_, entry)| entry.last_updated).min(),
            whole,
            written: vec![now; sent.len()],
            by: "clerk".into(),
        };
        let mark = Mark::after(sides.mark.as_ref(), &looked);
        sides.present = after;
        sides.bench.seen = mark.as_ref().map(|mark| Seen::new(mark, &mut sides.bench.symbols));
        let again = sides.plan(max_units);
        let (before, after) = (plan.counts(), again.counts());
        prop_assert_eq!((after.new, after.changed), (0, 0));
        prop_assert_eq!(after.edited_here, before.edited_here);
        // Whatever is edited from now on is noticed.
        if let Some(seen) = &sides.bench.seen {
            let amy = sides.bench.symbols.get("amy").unwrap_or(Symbol::EMPTY);
            prop_assert!(seen.is_edited(now, amy));
        }
    }

    /// No cell is written twice, and nothing is sent that the rules forbid.
    #[test]
    fn what_is_sent_is_allowed_and_sent_once(world in world()) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(3);
        let mut cells = std::collections::HashSet::new();
        for part in plan.to_send() {
            let slice = &plan.slices()[part.slice].slice;
            let rules = SliceRules::new(
                &sides.bench.catalogue, &sides.bench.rights, today(), slice, &mut sides.bench.symbols,
            );
            for (_, entry) in part.entries {
                prop_assert!(cells.insert(entry.cell));
                prop_assert_eq!(rules.check(&entry.cell, entry.value_to_send), Ok(()));
                prop_assert_ne!(entry.present_value, Some(entry.value_to_send));
            }
        }
    }

    /// The order in which either side sends its values, and the order in which
    /// texts were interned, make no difference.
    #[test]
    fn the_order_of_reading_does_not_matter(
        (world, shuffled, present) in world().prop_flat_map(|world| {
            let source = Just(world.source.clone()).prop_shuffle();
            // Each present value keeps its stamp: all have the same here.
            let world = World { stamps: vec![(50, false); 60], ..world };
            let mut cells = std::collections::HashSet::new();
            let once = world.present.iter().filter(|row| cells.insert(World::key(row))).copied().collect::<Vec<_>>();
            (Just(World { present: once.clone(), ..world }), source, Just(once).prop_shuffle())
        }),
    ) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(4);
        let mut others = Sides::of(&World { source: shuffled, present, ..world });
        let other = others.plan(4);
        prop_assert_eq!(sides.describe(&plan), others.describe(&other));
    }

    /// However a run is cut into slices, the same becomes of each value.
    #[test]
    fn the_size_of_slices_does_not_matter(world in world(), max_units in 1..8usize) {
        let mut sides = Sides::of(&world);
        let one = sides.plan(usize::MAX);
        let many = sides.plan(max_units);
        prop_assert_eq!(one.counts(), many.counts());
        let (mut one, mut many) = (sides.describe(&one), sides.describe(&many));
        one.sort_unstable();
        many.sort_unstable();
        prop_assert_eq!(one, many);
    }

    /// The comparison held against the plainest way to say the same: count the
    /// values that come to each cell, then look at each on its own.
    #[test]
    fn the_comparison_agrees_with_its_definition(world in world()) {
        use tributary_engine::mapping::Resolution;
        use tributary_engine::preflight::BlockReason;
        let mut sides = Sides::of(&world);
        let compiled: CompiledMapping = sides.bench.mapping.clone();
        let chosen = UNITS.iter().map(|unit| sides.bench.symbols.intern(unit)).collect();
        for slice in slices(&compiled, &sides.periods, &chosen, usize::MAX) {
            let source = sides.read(&slice);
            let rules = SliceRules::new(
                &sides.bench.catalogue, &sides.bench.rights, today(), &slice, &mut sides.bench.symbols,
            );
            let plan = compare_slice(&slice, &compiled, &rules, &sides.bench.symbols, &source, &sides.present, sides.bench.seen.as_ref());
            let target = |cell: &Cell| match compiled.resolve(cell) {
                Resolution::To(cell) => Some(cell),
                _ => None,
            };
            let mut expected: Vec<EntryKind> = source.iter().map(|value| {
                let cell = match compiled.resolve(&value.cell) {
                    Resolution::Excluded => return EntryKind::Excluded,
                    Resolution::Unmapped(part) => return EntryKind::Unmapped(part),
                    Resolution::To(cell) => cell,
                };
                let standing = sides.present.iter().find(|present| present.cell == cell);
                let there = standing.map_or("", |v| v.text);
                let is_edited = world.seen.zip(standing).is_some_and(|((until, to), there)| {
                    let stamp = there.last_updated.millis().unwrap();
                    let by_clerk = sides.bench.text(there.stored_by) == "clerk";
                    stamp > until && !(by_clerk && stamp <= to)
                });
                let coming = source.iter().filter(|v| !v.text.is_empty() && target(&v.cell) == Some(cell)).count();
                if value.text.is_empty() {
                    EntryKind::Blocked(BlockReason::ValueMissing)
                } else if coming > 1 {
                    EntryKind::Blocked(BlockReason::SeveralSourceValues)
                } else if there == value.text
                    || rules.stored_form(cell.data_element, there)
                        == rules.stored_form(cell.data_element, value.text)
                {
                    EntryKind::Same
                } else if let Err(reason) =
                    rules.check(&cell, rules.stored_form(cell.data_element, value.text))
                {
                    EntryKind::Blocked(reason)
                } else if there.is_empty() {
                    EntryKind::New
                } else if is_edited {
                    EntryKind::EditedHere
                } else {
                    EntryKind::Changed
                }
            }).collect();
            let mut seen: Vec<_> = plan.iter().map(|entry| entry.kind).collect();
            expected.sort_unstable();
            seen.sort_unstable();
            prop_assert_eq!(seen, expected);
        }
    }
}
