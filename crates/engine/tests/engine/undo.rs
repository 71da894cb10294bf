//! Taking a run back, for any source, mapping, destination and catalogue.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use tributary_engine::cell::Cell;
use tributary_engine::moment::Moment;
use tributary_engine::outcome::{Outcome, OutcomeLog};
use tributary_engine::plan::{Kind, KindSet, Plan};
use tributary_engine::symbol::Symbol;
use tributary_engine::undo::{UndoKind, UndoPlan, undo_slice};
use tributary_engine::values::ValueTable;

use crate::properties::world::{Sides, world};

/// What the destination holds: texts by cell. Cells with only a comment hold nothing.
type Held = BTreeMap<[Symbol; 5], String>;

fn key(cell: &Cell) -> [Symbol; 5] {
    [
        cell.data_element,
        cell.category_option_combo,
        cell.attribute_option_combo,
        cell.org_unit,
        cell.period,
    ]
}

fn held(table: &ValueTable) -> Held {
    let there = table.iter().filter(|value| !value.text.is_empty());
    there
        .map(|value| (key(&value.cell), value.text.to_owned()))
        .collect()
}

fn table_of(held: &Held) -> ValueTable {
    let mut table = ValueTable::new();
    for (&[data_element, category, attribute, org_unit, period], text) in held {
        let cell = Cell {
            data_element,
            category_option_combo: category,
            attribute_option_combo: attribute,
            org_unit,
            period,
        };
        table.push(cell, text, Symbol::EMPTY, Moment::UNKNOWN, false);
    }
    table
}

/// A run: what became of each confirmed value, and what the destination holds after it. `fates`
/// are used one after the other; an unknown outcome is one that arrived or one that did not.
fn carry_out(plan: &Plan, kinds: KindSet, fates: &[u8], before: &Held) -> (OutcomeLog, Held) {
    let mut log = OutcomeLog::confirming(plan, kinds);
    let refusal = log.code_number("E7640");
    let confirmed: Vec<u32> = log.iter().map(|(entry, _)| entry).collect();
    let mut after = before.clone();
    for (entry, fate) in confirmed.into_iter().zip(fates.iter().cycle()) {
        let (outcome, arrived) = match fate {
            0 => (Outcome::NotSent, false),
            1 => (Outcome::Rejected(refusal), false),
            2 => (Outcome::Unknown, false),
            3 => (Outcome::Unknown, true),
            _ => (Outcome::Written, true),
        };
        assert!(log.set(entry, outcome));
        if arrived {
            let entry = plan.get(entry).unwrap();
            after.insert(key(&entry.cell), entry.value_to_send.to_owned());
        }
    }
    (log, after)
}

fn taken_back<'p>(plan: &'p Plan, log: &OutcomeLog, now: &ValueTable) -> UndoPlan<'p> {
    let mut undo = UndoPlan::new();
    for slice in 0..plan.slices().len() {
        undo.push(undo_slice(plan, log, slice, now)).unwrap();
    }
    undo
}

fn any_kinds() -> impl Strategy<Value = KindSet> {
    (any::<bool>(), any::<bool>()).prop_map(|(changed, edited)| {
        let mut kinds = KindSet::ALL;
        if !changed {
            kinds = kinds.without(Kind::Changed);
        }
        if !edited {
            kinds = kinds.without(Kind::EditedHere);
        }
        kinds
    })
}

proptest! {
    /// Where nobody changed anything, the destination is what it was before the run, cell by
    /// cell, whatever part of it was confirmed and arrived; and doing it again sends nothing.
    #[test]
    fn a_run_taken_back_leaves_no_trace(
        world in world(),
        max_units in 1..8usize,
        kinds in any_kinds(),
        fates in vec(0..8u8, 1..40),
    ) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(max_units);
        let before = held(&sides.present);
        let (log, after) = carry_out(&plan, kinds, &fates, &before);
        let now = table_of(&after);
        let undo = taken_back(&plan, &log, &now);
        let counts = undo.counts();
        prop_assert!(counts.check().is_ok());
        prop_assert_eq!(counts.confirmed, log.total(&plan).confirmed);
        prop_assert_eq!(counts.changed_since + counts.commented, 0);
        prop_assert_eq!(undo.to_send().count() as u64, counts.restore + counts.delete);
        let back = undo.apply_to(&now);
        prop_assert_eq!(&held(&back), &before);
        prop_assert_eq!(taken_back(&plan, &log, &back).to_send().count(), 0);
    }

    /// What somebody changed, added or deleted after the run is kept and listed; everything
    /// else is as before. Every confirmed value has exactly one step.
    #[test]
    fn what_was_changed_since_is_kept(
        world in world(),
        fates in vec(0..8u8, 1..40),
        edits in vec((any::<prop::sample::Index>(), 0..4u8), 0..20),
    ) {
        let mut sides = Sides::of(&world);
        let plan = sides.plan(3);
        let before = held(&sides.present);
        let (log, after) = carry_out(&plan, KindSet::ALL, &fates, &before);
        let mut now = after.clone();
        let cells: Vec<_> = plan
            .iter()
            .map(|(_, entry)| key(&entry.cell))
            .chain(before.keys().copied())
            .collect();
        for (index, edit) in &edits {
            if cells.is_empty() {
                break;
            }
            let cell = *index.get(&cells);
            match edit {
                0 => now.insert(cell, "typed later".to_owned()),
                1 => now.insert(cell, "77".to_owned()),
                2 => before.get(&cell).and_then(|text| now.insert(cell, text.clone())),
                _ => now.remove(&cell),
            };
        }
        let table = table_of(&now);
        let undo = taken_back(&plan, &log, &table);
        let back = held(&undo.apply_to(&table));
        for cell in before.keys().chain(after.keys()).chain(now.keys()) {
            let expected = if now.get(cell) == after.get(cell) { before.get(cell) } else { now.get(cell) };
            prop_assert_eq!(back.get(cell), expected);
        }
        let steps: Vec<_> = undo.slices().iter().flat_map(|slice| &slice.steps).collect();
        let entries: Vec<u32> = steps.iter().map(|step| step.entry).collect();
        let confirmed: Vec<u32> = log.iter().map(|(entry, _)| entry).collect();
        prop_assert_eq!(entries, confirmed);
        for step in steps {
            let cell = key(&step.cell);
            prop_assert_eq!(step.now.as_deref(), now.get(&cell).map(String::as_str));
            prop_assert_eq!(step.before, before.get(&cell).map(String::as_str));
            let has_come = matches!(log.get(step.entry), Some(Outcome::Written | Outcome::Unknown));
            let is_other = now.get(&cell) != before.get(&cell)
                && now.get(&cell).map(String::as_str) != step.wrote;
            prop_assert_eq!(step.kind == UndoKind::ChangedSince, has_come && is_other);
            prop_assert_eq!(step.kind == UndoKind::NothingDone, !has_come);
        }
    }

    /// However the run was sliced, the same is put back and deleted.
    #[test]
    fn slices_do_not_matter_for_an_undo(world in world(), max_units in 1..8usize) {
        let mut sent = Vec::new();
        for max in [max_units, 100] {
            let mut sides = Sides::of(&world);
            let plan = sides.plan(max);
            let before = held(&sides.present);
            let (log, after) = carry_out(&plan, KindSet::ALL, &[7], &before);
            let undo = taken_back(&plan, &log, &table_of(&after));
            let mut steps: Vec<_> = undo
                .to_send()
                .map(|(_, step)| {
                    let cell = key(&step.cell).map(|part| sides.bench.text(part).to_owned());
                    (cell, step.kind, step.before.map(str::to_owned))
                })
                .collect();
            steps.sort();
            sent.push(steps);
        }
        prop_assert_eq!(&sent[0], &sent[1]);
    }
}
