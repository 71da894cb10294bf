//! What has to hold of deletions, told from what the source keeps of them and from what runs
//! brought. Whether it was edited here is for [`edited`](crate::edited).

use std::collections::BTreeSet;

use tributary_exchange::questions::import::{PlanRow, PlanSummary, RowKind, RowOutcome, RunReport};

use crate::edited::{EDITED_HERE, NOT_BROUGHT};
use crate::mapping::Place;
use crate::oracle::{Rows, may_be_blocked};
use crate::side::{Key, Values};
use crate::watch::Seen;
use crate::world::World;

/// The cells of the destination for which the source has deleted values and no living one.
pub(crate) fn cleared_cells(world: &World) -> Result<BTreeSet<Key>, String> {
    let cell = |key: &Key| match world.mapping.place(key) {
        Place::To(cell) => Some(cell),
        _ => None,
    };
    let mut cells: BTreeSet<Key> = world.deleted_at_source()?.iter().filter_map(cell).collect();
    for living in world.at_source()?.keys().filter_map(cell) {
        cells.remove(&living);
    }
    Ok(cells)
}

/// The cleared rows of a plan against both servers.
pub(crate) fn check_plan(
    world: &World,
    seen: &Seen,
    plan: &PlanSummary,
    rows: &Rows,
    present: &Values,
) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    let cleared = cleared_cells(world)?;
    let mut shown = BTreeSet::new();
    let is_cleared = |row: &&(Key, PlanRow)| row.1.kind == RowKind::Cleared;
    for (key, row) in rows.iter().filter(is_cleared) {
        if seen.edited.contains(key) {
            continue;
        }
        shown.insert(key);
        let is_right = (seen.source_changed || cleared.contains(key))
            && row.present.is_some()
            && present.get(key) == row.present.as_ref()
            && may_be_shown(world, seen, key, row);
        if !is_right {
            wrong.push(format!("{key:?} {row:?}"));
        }
    }
    let is_whole = plan.failed_slices.is_empty() && !plan.stopped;
    if is_whole && !seen.source_changed {
        let missing = cleared.iter().filter(|key| {
            present.contains_key(key) && !seen.edited.contains(key) && !shown.contains(key)
        });
        wrong.extend(missing.map(|key| format!("{key:?} is deleted at the source, and not shown")));
    }
    Ok(wrong)
}

/// Whether a cleared value may be deleted, or kept for the reason that the plan gives.
fn may_be_shown(world: &World, seen: &Seen, key: &Key, row: &PlanRow) -> bool {
    match row.reason.as_deref() {
        // An earlier run wrote it, or an earlier plan looked at it.
        None => seen.touched.contains(key) || seen.plans > 1,
        Some(EDITED_HERE | NOT_BROUGHT) => true,
        Some(_) => may_be_blocked(world, key),
    }
}

/// In the end: what the source deleted and a run had brought is gone, where it may be.
pub(crate) fn check_end(
    world: &World,
    seen: &Seen,
    rows: &Rows,
    present: &Values,
) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    for cell in cleared_cells(world)? {
        let Some(there) = present.get(&cell) else {
            continue;
        };
        let row = rows
            .iter()
            .find(|(key, _)| *key == cell)
            .map(|(_, row)| row);
        let is_brought = seen.brought.get(&cell) == Some(there);
        let is_right = match row.and_then(|row| row.reason.as_deref()) {
            Some(EDITED_HERE | NOT_BROUGHT) => !is_brought,
            Some(_) => may_be_blocked(world, &cell),
            None => false,
        };
        if !is_right {
            wrong.push(format!(
                "{cell:?} is deleted at the source, here {there:?}, brought {is_brought}, {row:?}"
            ));
        }
    }
    Ok(wrong)
}

impl Seen {
    /// A plan was read.
    ///
    /// # Errors
    /// A sentence, when a server does not answer.
    pub(crate) fn after_plan(
        &mut self,
        world: &World,
        plan: &PlanSummary,
        rows: &Rows,
    ) -> Result<(), String> {
        self.note_edits_after_plan(world, plan, rows)?;
        let not_brought = |row: &PlanRow| row.reason.as_deref() == Some(NOT_BROUGHT);
        let rows = rows.iter().filter(|(_, row)| not_brought(row));
        self.not_brought = rows.map(|(key, _)| key.clone()).collect();
        Ok(())
    }

    /// A run told what it did.
    pub(crate) fn after_run(&mut self, report: &RunReport, rows: &Rows) {
        for (key, row) in rows {
            let is_written = row.outcome == Some(RowOutcome::Written);
            if is_written
                && !self.is_stamped_anew
                && row.kind != RowKind::Cleared
                && !self.edited.contains(key)
            {
                let value = row.stored_as.as_ref().unwrap_or(&row.value);
                self.brought.insert(key.clone(), value.clone());
            }
        }
        let is_remembered = report.ended_by.is_none()
            && !report.stopped
            && report.not_remembered.is_none()
            && report.plan.failed_slices.is_empty()
            && !report.plan.stopped;
        if is_remembered {
            self.is_remembered = true;
            self.note_edits_after_run(rows);
        }
    }
}
