//! The properties themselves.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use tributary_engine::cell::Cell;
use tributary_engine::mapping::{CombinationRule, Resolution};
use tributary_engine::outcome::{Outcome, OutcomeLog};
use tributary_engine::plan::{Counts, EntryKind, KeptBecause, Kind, KindSet, PartState};
use tributary_engine::preflight::{BlockReason, SliceRules};
use tributary_engine::slice::slices;

use super::model::{Expected, expected, rows_to};
use super::world::*;
use crate::support::*;

/// A cell of the destination as indexes of the world.
fn indexes(sides: &Sides, cell: &Cell) -> Option<(usize, usize, usize)> {
    let place = |all: &[&str], symbol| {
        all.iter()
            .position(|text| *text == sides.bench.text(symbol))
    };
    Some((
        place(&ELEMENTS, cell.data_element)?,
        place(&TARGETS, cell.org_unit)?,
        place(&PERIODS, cell.period)?,
    ))
}

fn is_of_numbers(rule: CombinationRule) -> bool {
    matches!(
        rule,
        CombinationRule::Sum | CombinationRule::Max | CombinationRule::Min
    )
}

proptest! {
    /// pulled = all kinds but cleared + combined, slice by slice, counted one by one. Each
    /// living source value is an entry of its own or a part of exactly one.
    #[test]
    fn every_source_value_is_an_entry_or_a_part(world in world(), max_units in 1..6usize) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(max_units);
        for slice in plan.slices() {
            prop_assert!(slice.counts.check().is_ok());
            let read = sides.read(&slice.slice);
            let mut counted = Counts { pulled: read.len() as u64, ..Counts::default() };
            let mut parts: Vec<Cell> = Vec::new();
            let mut alone = 0;
            for index in slice.entries.clone() {
                let entry = plan.get(index).unwrap();
                counted.add(entry.kind.kind());
                counted.to_delete += u64::from(entry.kind == EntryKind::Cleared(None));
                match plan.parts(index) {
                    Some(found) => {
                        let there = found.iter().filter(|part| part.state != PartState::Missing);
                        parts.extend(there.map(|part| part.cell));
                        counted.combined += found.present() as u64 - 1;
                    }
                    None => alone += usize::from(entry.kind.kind() != Kind::Cleared),
                }
            }
            prop_assert_eq!(counted, slice.counts);
            prop_assert_eq!(parts.len() + alone, read.len());
            let listed = parts.len();
            parts.sort_unstable();
            parts.dedup();
            prop_assert_eq!(parts.len(), listed, "a value is part of two entries");
            for cell in parts {
                prop_assert!(read.cells().contains(&cell));
            }
        }
        let sent: u64 = plan.to_send().map(|part| part.entries.len() as u64).sum();
        prop_assert_eq!(sent, plan.counts().to_send());
    }

    /// What was confirmed adds up, deletions included or not.
    #[test]
    fn outcomes_add_up(world in world(), with_deletions in any::<bool>()) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(3);
        let kinds = if with_deletions { KindSet::ALL } else { KindSet::ALL.without(Kind::Cleared) };
        let mut log = OutcomeLog::confirming(&plan, kinds);
        let mut expected = plan.counts().to_send();
        if !with_deletions {
            expected -= plan.counts().to_delete;
        }
        prop_assert_eq!(log.total(&plan).confirmed, expected);
        prop_assert!(log.total(&plan).check().is_ok());
        let all: Vec<u32> = log.iter().map(|(entry, _)| entry).collect();
        for entry in all {
            let kind = plan.get(entry).unwrap().kind;
            prop_assert!(kind.is_sent() && kinds.contains(kind.kind()));
            log.set(entry, Outcome::Written);
        }
        prop_assert_eq!(log.total(&plan).written, expected);
        for slice in 0..plan.slices().len() {
            prop_assert!(log.of_slice(&plan, slice).check().is_ok());
        }
    }

    /// Every cell into which several source cells go, held against the plainest way to say
    /// what its rule makes.
    #[test]
    fn combined_values_agree_with_their_definition(world in world(), max_units in 1..6usize) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(max_units);
        let mut entries: BTreeMap<(usize, usize, usize), Vec<u32>> = BTreeMap::new();
        for (index, entry) in plan.iter() {
            if entry.kind.has_source_cell() || entry.kind.kind() == Kind::Cleared {
                continue;
            }
            entries.entry(indexes(&sides, &entry.cell).unwrap()).or_default().push(index);
        }
        for (cell, entries) in &entries {
            let with_parts: Vec<u32> = entries.iter().copied().filter(|index| plan.parts(*index).is_some()).collect();
            let living = rows_to(&world, *cell).iter().filter(|row| !row.deleted && !VALUES[row.value].is_empty()).count();
            let reason = |index: &u32| plan.get(*index).unwrap().kind;
            let blocked = |reason_wanted: BlockReason| {
                entries.iter().filter(|index| reason(index) == EntryKind::Blocked(reason_wanted)).count()
            };
            let Some((rule, model)) = expected(&world, *cell) else {
                prop_assert!(with_parts.is_empty());
                if living > 1 {
                    prop_assert_eq!(blocked(BlockReason::SeveralSourceValues), living);
                }
                continue;
            };
            if model.value.is_none() {
                prop_assert!(is_of_numbers(rule) && living > 1);
                prop_assert_eq!(blocked(BlockReason::NotCombinable), living);
                prop_assert!(with_parts.is_empty());
                continue;
            }
            prop_assert_eq!(with_parts.len(), 1);
            let entry = plan.get(with_parts[0]).unwrap();
            let found = plan.parts(with_parts[0]).unwrap();
            prop_assert_eq!(found.rule, rule);
            let mut parts: Vec<_> = found.iter().map(|part| {
                let state = match part.state {
                    PartState::Taken => '+',
                    PartState::PassedOver => '-',
                    PartState::Missing => '?',
                };
                let text = |symbol| sides.bench.text(symbol);
                let place = |all: &[&str], text: &str| all.iter().position(|other| *other == text).unwrap();
                (
                    state,
                    place(&ELEMENTS, text(part.cell.data_element)),
                    place(&ATTRIBUTES, text(part.cell.attribute_option_combo)),
                    place(&SOURCE_UNITS, text(part.cell.org_unit)),
                )
            }).collect();
            parts.sort_unstable();
            let seen = Expected { value: Some(entry.source_value.to_owned()), parts };
            prop_assert_eq!(seen, model);
            prop_assert_eq!(found.present(), living);
        }
    }

    /// A cell is cleared if all that goes there from the source is deleted and it has a value
    /// here, whatever the rules; it may be deleted if no reason speaks against it.
    #[test]
    fn cleared_values_agree_with_their_definition(world in world()) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(usize::MAX);
        let mut found: HashMap<Cell, EntryKind> = HashMap::new();
        for (_, entry) in plan.iter().filter(|(_, entry)| entry.kind.kind() == Kind::Cleared) {
            prop_assert!(found.insert(entry.cell, entry.kind).is_none(), "twice");
            prop_assert!(entry.present_value.is_some() && entry.source_value.is_empty());
        }
        let chosen = TARGETS.map(|unit| sides.bench.symbols.intern(unit)).into_iter().collect();
        let mut expected: HashMap<Cell, EntryKind> = HashMap::new();
        for slice in slices(&sides.bench.mapping, &sides.periods, &chosen, usize::MAX) {
            let rules = SliceRules::new(
                &sides.bench.catalogue, &sides.bench.rights, today(), &slice, &mut sides.bench.symbols,
            );
            for (at, row) in world.present.iter().enumerate() {
                let value = sides.present.get(at).unwrap();
                if VALUES[row.value].is_empty() || value.cell.period != slice.period {
                    continue;
                }
                let rows = rows_to(&world, row.key);
                if rows.is_empty() || rows.iter().any(|row| !row.deleted) {
                    continue;
                }
                let kept = match world.seen {
                    None => Some(KeptBecause::NotBrought),
                    Some((until, to, everywhere)) => {
                        let own = row.by_clerk && row.stamp > until && row.stamp <= to;
                        if row.stamp > until && !own {
                            Some(KeptBecause::EditedHere)
                        } else if !own && !everywhere && row.key.1 != 0 {
                            Some(KeptBecause::NotBrought)
                        } else if row.key.1 == 1 && row.key.2 == 1 {
                            // The facility was closed then.
                            Some(KeptBecause::Blocked(BlockReason::OrgUnitClosed))
                        } else {
                            None
                        }
                    }
                };
                prop_assert!(kept.is_some() || rules.check_deletion(&value.cell).is_ok());
                expected.insert(value.cell, EntryKind::Cleared(kept));
            }
        }
        prop_assert_eq!(found, expected);
    }

    /// Carried out and planned again: nothing to send, sums and deletions included. A second
    /// plan finds the same values with the same parts.
    #[test]
    fn a_plan_that_was_carried_out_is_empty(world in world(), max_units in 1..6usize) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(max_units);
        sides.present = plan.apply_to(&sides.present);
        let again = sides.plan(max_units);
        let (before, after) = (plan.counts(), again.counts());
        prop_assert_eq!(after.to_send(), 0);
        prop_assert_eq!(after.same, before.same + before.to_send() - before.to_delete);
        prop_assert_eq!(after.combined, before.combined);
        prop_assert_eq!(after.cleared, before.cleared - before.to_delete);
        prop_assert_eq!(plan.joined(), again.joined());
    }

    /// What was deleted is gone, and nothing else is.
    #[test]
    fn only_what_is_cleared_is_deleted(world in world()) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(2);
        let after = plan.apply_to(&sides.present);
        let deleted: Vec<Cell> = plan.iter()
            .filter(|(_, entry)| entry.kind == EntryKind::Cleared(None))
            .map(|(_, entry)| entry.cell).collect();
        for value in sides.present.iter() {
            let stays = after.cells().contains(&value.cell);
            prop_assert_eq!(stays, !deleted.contains(&value.cell));
        }
        for cell in &deleted {
            let living = sides.source.iter().filter(|(_, row)| !row.deleted);
            let mut living = living.filter(|(from, _)| sides.bench.mapping.resolve(from) == Resolution::To(*cell));
            prop_assert!(living.next().is_none());
        }
    }

    /// The order in which either side sends its values makes no difference, also not to the
    /// parts.
    #[test]
    fn the_order_of_reading_does_not_matter(
        (world, source, present) in world().prop_flat_map(|world| {
            let source = Just(world.source.clone()).prop_shuffle();
            let present = Just(world.present.clone()).prop_shuffle();
            (Just(world), source, present)
        }),
    ) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(4);
        let mut others = Sides::of(&World { source, present, ..world });
        let other = others.plan(4);
        prop_assert_eq!(sides.describe(&plan), others.describe(&other));
        prop_assert_eq!(plan.counts(), other.counts());
    }

    /// However a run is cut into slices, the same becomes of each value: org units that meet
    /// stay together.
    #[test]
    fn the_size_of_slices_does_not_matter(world in world(), max_units in 1..6usize) {
        let mut sides = Sides::of(&world);
        let one = sides.plan(usize::MAX);
        let many = sides.plan(max_units);
        prop_assert_eq!(one.counts(), many.counts());
        prop_assert_eq!(one.joined(), many.joined());
        let (mut one, mut many) = (sides.describe(&one), sides.describe(&many));
        one.sort_unstable();
        many.sort_unstable();
        prop_assert_eq!(one, many);
    }
}
