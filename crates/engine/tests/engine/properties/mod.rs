//! What holds for any source, mapping, destination and catalogue.

pub(crate) mod world;

use proptest::prelude::*;
use tributary_engine::cell::Cell;
use tributary_engine::compare::compare_slice;
use tributary_engine::journal::{Looked, Mark, Seen};
use tributary_engine::mapping::CompiledMapping;
use tributary_engine::moment::Moment;
use tributary_engine::plan::{Counts, EntryKind};
use tributary_engine::preflight::SliceRules;
use tributary_engine::slice::slices;
use tributary_engine::symbol::Symbol;
use tributary_engine::values::ValueTable;

use crate::support::*;

use world::*;

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
