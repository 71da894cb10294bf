//! What has to hold, told from the two servers and the mapping alone, by rules that are
//! written here once more and shared with nobody.

use std::collections::{BTreeMap, BTreeSet};

use tributary_exchange::questions::import::{
    PlanRow, PlanSummary, RowKind, RowOutcome, RunReport, SendPlan,
};

use crate::combined;
use crate::deletions;
use crate::edited;
use crate::elements::{data_set, spelled};
use crate::mapping::Place;
use crate::meeting::Wanted;
use crate::side::Key;
use crate::watch::{Planned, Seen};
use crate::world::World;

/// A row of the plan with its cell: the destination's, or the source's where it has no place.
pub type Rows = Vec<(Key, PlanRow)>;

/// The data set and period that were read together.
type Slice = (String, String);

/// The cells of the rows.
///
/// # Errors
/// A sentence, when a row names something that is not in the world.
pub fn with_cells(world: &World, rows: Vec<PlanRow>) -> Result<Rows, String> {
    let uid = |name: &String| {
        let found = world.uids.get(name).cloned();
        found.ok_or_else(|| format!("a row names {name:?}"))
    };
    rows.into_iter()
        .map(|row| {
            let key = Key([
                uid(&row.data_element)?,
                uid(&row.category_option_combo)?,
                uid(&row.attribute_option_combo)?,
                uid(&row.org_unit)?,
                row.period.clone(),
            ]);
            Ok((key, row))
        })
        .collect()
}

/// What a plan allows to be sent.
pub fn sendable(rows: &Rows, consent: SendPlan) -> BTreeMap<Key, Planned> {
    let confirmed = |kind: RowKind| match kind {
        RowKind::New => true,
        RowKind::Changed => consent.overwrite,
        RowKind::EditedHere => consent.overwrite_edited,
        RowKind::Cleared => consent.delete_cleared,
        _ => false,
    };
    // What was cleared and cannot be deleted has a reason.
    let is_kept = |row: &PlanRow| row.kind == RowKind::Cleared && row.reason.is_some();
    rows.iter()
        .filter(|(_, row)| confirmed(row.kind) && !is_kept(row))
        .map(|(key, row)| {
            let deletes = row.kind == RowKind::Cleared;
            let value = if deletes {
                row.present.as_ref()
            } else {
                row.stored_as.as_ref()
            };
            let planned = Planned {
                value: value.unwrap_or(&row.value).clone(),
                deletes,
                is_edited: row.kind == RowKind::EditedHere,
                present: row.present.clone(),
            };
            (key.clone(), planned)
        })
        .collect()
}

/// Whether two texts are one value of the cell's element.
pub(crate) fn same(key: &Key, one: &str, other: &str) -> bool {
    spelled(key.element(), one) == spelled(key.element(), other)
}

/// A plan against both servers.
///
/// # Errors
/// A sentence, when a server does not answer.
pub fn check_plan(
    world: &World,
    seen: &Seen,
    plan: &PlanSummary,
    rows: &Rows,
) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    let counts = plan.counts;
    let sum = counts.same
        + counts.new
        + counts.changed
        + counts.edited_here
        + counts.blocked
        + counts.unmapped
        + counts.excluded
        + counts.combined;
    // What was cleared is none of the source's values.
    let of_source = |row: &PlanRow| row.kind != RowKind::Cleared;
    let values = |row: &PlanRow| {
        row.parts
            .as_ref()
            .map_or(1, |parts| u64::from(parts.present))
    };
    let of_source_rows = || rows.iter().filter(|(_, row)| of_source(row));
    let read: u64 = of_source_rows().map(|(_, row)| values(row)).sum();
    if counts.pulled != sum || counts.pulled != read {
        wrong.push(format!("{counts:?} of {read} rows"));
    }
    let mut by_slice: BTreeMap<Slice, Vec<(Place, String)>> = BTreeMap::new();
    for (key, row) in of_source_rows() {
        let place = match row.kind {
            RowKind::Excluded => Place::Excluded,
            RowKind::Unmapped => Place::Unmapped,
            _ => Place::To(key.clone()),
        };
        let slice = by_slice.entry(slice(key)).or_default();
        match &row.parts {
            None => slice.push((place, row.value.clone())),
            Some(parts) => {
                let texts = parts.parts.iter().filter_map(|part| part.value.clone());
                slice.extend(texts.map(|text| (place.clone(), text)));
            }
        }
    }
    if !seen.source_changed {
        wrong.extend(combined::check_plan(world, &world.at_source()?, rows));
        wrong.extend(check_slices(world, plan, &mut by_slice)?);
    }
    let present = world.present()?;
    wrong.extend(edited::check_plan(seen, rows, &present));
    wrong.extend(deletions::check_plan(world, seen, plan, rows, &present)?);
    for (key, row) in rows.iter().filter(|(key, _)| !seen.edited.contains(key)) {
        let there = present.get(key);
        let is_right = match row.kind {
            RowKind::New => there.is_none() && row.present.is_none(),
            RowKind::Changed | RowKind::EditedHere => {
                there == row.present.as_ref()
                    && there.is_some_and(|there| !same(key, there, &row.value))
            }
            RowKind::Same => there.is_some_and(|there| same(key, there, &row.value)),
            RowKind::Blocked if meets(row) => world.mapping.expected(key) > 1,
            RowKind::Blocked => may_be_blocked(world, key),
            _ => true,
        };
        if !is_right {
            wrong.push(format!("{:?} {key:?} {row:?}, there {there:?}", row.kind));
        }
    }
    Ok(wrong)
}

fn slice(key: &Key) -> Slice {
    let set = data_set(key.element());
    (set.to_owned(), key.period().to_owned())
}

/// The org unit of what has a cell here.
fn unit(place: &Place) -> Option<String> {
    match place {
        Place::To(key) => Some(key.org_unit().to_owned()),
        _ => None,
    }
}

/// What was read of the source is all of a slice. Where a part of a data set's month failed, or
/// was not read any more, it is all of what some of the org units have.
fn check_slices(
    world: &World,
    plan: &PlanSummary,
    found: &mut BTreeMap<Slice, Vec<(Place, String)>>,
) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    let mut expected: BTreeMap<Slice, Vec<(Place, String)>> = BTreeMap::new();
    for (key, (text, _)) in world.at_source()? {
        let place = world.mapping.place(&key);
        if place != Place::NotAsked {
            expected.entry(slice(&key)).or_default().push((place, text));
        }
    }
    let slices: Vec<Slice> = expected.keys().chain(found.keys()).cloned().collect();
    for slice in slices {
        let mut wanted = expected.remove(&slice).unwrap_or_default();
        let mut got = found.remove(&slice).unwrap_or_default();
        let has_failed = plan.failed_slices.iter().any(|failed| {
            world.uids.get(&failed.data_set) == Some(&slice.0) && failed.period == slice.1
        });
        if has_failed || plan.stopped {
            let units: BTreeSet<String> = got.iter().filter_map(|(place, _)| unit(place)).collect();
            // What has no cell here is there or not, as its org unit.
            let mut rest: Vec<_> = got
                .iter()
                .filter(|(place, _)| unit(place).is_none())
                .collect();
            wanted.retain(|read| match unit(&read.0) {
                Some(unit) => units.contains(&unit),
                None => {
                    let found = rest.iter().position(|one| *one == read);
                    found.map(|at| rest.swap_remove(at)).is_some()
                }
            });
        }
        let by_text = |one: &(Place, String), other: &(Place, String)| {
            format!("{one:?}").cmp(&format!("{other:?}"))
        };
        wanted.sort_by(by_text);
        got.sort_by(by_text);
        if wanted != got {
            wrong.push(format!("{slice:?} holds {wanted:?}, read {got:?}"));
        }
    }
    Ok(wrong)
}

/// Whether a row is blocked for the sake of others that go to its cell.
fn meets(row: &PlanRow) -> bool {
    let reason = row.reason.as_deref();
    reason.is_some_and(|reason| combined::REASONS.contains(&reason))
}

/// Whether the world has a reason why this cell takes nothing.
pub(crate) fn may_be_blocked(world: &World, key: &Key) -> bool {
    world.hindered.borrow().contains(key.org_unit()) || data_set(key.element()) == "dsExpiry001"
}

/// What happened besides while values were sent, this time.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances {
    /// Requests failed.
    pub faults: bool,
    /// The person stopped it.
    pub stopped: bool,
}

/// A report against the destination.
///
/// # Errors
/// A sentence, when a server does not answer.
pub fn check_report(
    world: &World,
    seen: &Seen,
    report: &RunReport,
    rows: &Rows,
    around: Circumstances,
) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    let told = report.outcomes;
    let sum = told.written + told.rejected + told.unknown + told.not_sent;
    if told.confirmed != sum || told.confirmed != seen.plan.len() as u64 {
        wrong.push(format!("{told:?} of {} confirmed", seen.plan.len()));
    }
    let present = world.present()?;
    let (mut counted, mut deleted) = ([0; 4], 0);
    for (key, row) in rows {
        let Some(outcome) = row.outcome else { continue };
        let value = row.stored_as.as_ref().unwrap_or(&row.value);
        let deletes = row.kind == RowKind::Cleared;
        let is_there = present.get(key) == Some(value).filter(|_| !deletes);
        deleted += u64::from(deletes && outcome == RowOutcome::Written);
        let (place, is_right) = match outcome {
            RowOutcome::Written => (0, is_there),
            RowOutcome::Rejected => (1, !is_there),
            // One of an earlier time stays where the person stopped before its turn came.
            RowOutcome::Unknown => (2, around.faults || around.stopped),
            RowOutcome::NotSent => (3, !is_there),
        };
        counted[place] += 1;
        // What others did since is theirs, whatever it is.
        if !is_right && !seen.edited.contains(key) {
            let there = present.get(key);
            wrong.push(format!(
                "told {outcome:?}: {key:?} {row:?}, there {there:?}"
            ));
        }
        if row.reason.as_deref() == Some("changedSince")
            && !seen.edited.contains(key)
            && !seen.is_stamped_anew
        {
            wrong.push(format!("nobody changed {key:?}"));
        }
    }
    if deleted != told.deleted {
        wrong.push(format!("{told:?}, the rows say {deleted} deleted"));
    }
    if counted != [told.written, told.rejected, told.unknown, told.not_sent] {
        wrong.push(format!("{told:?}, the rows say {counted:?}"));
    }
    let undisturbed = !around.faults && !around.stopped;
    if undisturbed && (report.ended_by.is_some() || told.not_sent != told.changed_since) {
        wrong.push(format!("ended without a reason: {report:?}"));
    }
    Ok(wrong)
}

/// In the end, after a run without faults: the destination is the source through the mapping
/// where it may be, and what others did, or nobody, everywhere else.
///
/// # Errors
/// A sentence, when a server does not answer.
pub fn check_end(world: &World, seen: &Seen, rows: &Rows) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    let present = world.present()?;
    let wanted = world.mapping.wanted(&world.at_source()?);
    let blocked: Vec<&Key> = rows
        .iter()
        .filter(|(_, row)| row.kind == RowKind::Blocked)
        .map(|(key, _)| key)
        .collect();
    for (cell, wanted) in &wanted {
        let Wanted::Value(text, _) = wanted else {
            continue;
        };
        let there = present.get(cell);
        let is_right = there.is_some_and(|there| same(cell, there, text));
        if !is_right && !blocked.contains(&cell) {
            wrong.push(format!(
                "{cell:?} is {text:?} at the source, here {there:?}"
            ));
        }
    }
    wrong.extend(deletions::check_end(world, seen, rows, &present)?);
    let others = present.keys().chain(world.at_first.keys());
    for cell in others.filter(|cell| !seen.touched.contains(cell)) {
        let theirs = match seen.by_others.get(cell) {
            Some(left) => left.as_ref(),
            None => world.at_first.get(cell),
        };
        if present.get(cell) != theirs {
            wrong.push(format!(
                "{cell:?} was {theirs:?} and is {:?}",
                present.get(cell)
            ));
        }
    }
    Ok(wrong)
}
