//! What has to hold of *edited here*, in both directions: what somebody put here since a run is
//! shown as edited here and kept, and nothing is shown as edited here that nobody edited. Told
//! from the ledger alone.

use std::collections::{BTreeMap, BTreeSet};

use tributary_exchange::questions::import::{PlanRow, PlanSummary, RowKind, RowOutcome};

use crate::deletions::cleared_cells;
use crate::elements::data_set;
use crate::ledger::Who;
use crate::meeting::Wanted;
use crate::oracle::{Rows, same};
use crate::side::{Key, Values};
use crate::watch::Seen;
use crate::world::World;

/// Reasons for which a cleared value is kept that have to do with who put it there.
pub(crate) const EDITED_HERE: &str = "clearedButEditedHere";
pub(crate) const NOT_BROUGHT: &str = "clearedButNotBrought";

/// Whether a row is about a cell of the destination; one that is left out or not mapped is not.
fn is_of_cell(row: &PlanRow) -> bool {
    !matches!(row.kind, RowKind::Excluded | RowKind::Unmapped)
}

/// The rows of a plan against who put there what they show.
pub(crate) fn check_plan(seen: &Seen, rows: &Rows, present: &Values) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, row) in rows.iter().filter(|(_, row)| is_of_cell(row)) {
        // What changed since it was read is for the next plan.
        let Some(there) = present
            .get(key)
            .filter(|there| row.present.as_ref() == Some(there))
        else {
            continue;
        };
        let who = seen.ledger.who(key, there);
        let reason = row.reason.as_deref();
        let is_right = match row.kind {
            RowKind::EditedHere => may_be_edited(who),
            RowKind::Cleared if reason == Some(EDITED_HERE) => may_be_edited(who),
            RowKind::Cleared if reason == Some(NOT_BROUGHT) => {
                !is_due(who) && who != Some(Who::Run)
            }
            RowKind::Changed => !is_due(who),
            RowKind::Cleared if reason.is_none() => !is_fresh(who),
            _ => true,
        };
        if !is_right {
            wrong.push(format!("{key:?} by {who:?}: {row:?}"));
        }
    }
    wrong
}

/// Nobody edited what stood there at first, or what a run put there.
fn may_be_edited(who: Option<Who>) -> bool {
    !matches!(who, Some(Who::First | Who::Run))
}

fn is_due(who: Option<Who>) -> bool {
    matches!(who, Some(Who::Hand(hand)) if hand.is_due)
}

fn is_fresh(who: Option<Who>) -> bool {
    matches!(who, Some(Who::Hand(hand)) if hand.is_fresh)
}

impl Seen {
    /// A plan was read: what it found in order is nobody's edit any more.
    ///
    /// # Errors
    /// See [`World::at_source`].
    pub(crate) fn note_edits_after_plan(
        &mut self,
        world: &World,
        plan: &PlanSummary,
        rows: &Rows,
    ) -> Result<(), String> {
        let by_cell = by_cell(rows);
        let mut of_source = cleared_cells(world)?;
        of_source.extend(world.mapping.wanted(&world.at_source()?).into_keys());
        let (reading_since, source_changed) = (self.reading_since, self.source_changed);
        for (key, text, hand) in self.ledger.hands() {
            let shown = by_cell.get(key);
            // What it shows of that cell may have been read before.
            let is_seen = match shown {
                Some(row) => row.present.as_deref() == Some(text),
                // Where the source has nothing, living or deleted, no run brought anything. Else it
                // would be shown, had it been read after it was typed in.
                None => {
                    let may_be_read =
                        hand.at < reading_since || source_changed || !of_source.contains(key);
                    may_be_read && was_read(world, plan, key)
                }
            };
            let stays = shown.is_some_and(|row| match row.kind {
                RowKind::EditedHere | RowKind::Blocked => true,
                RowKind::Cleared => row.reason.as_deref() != Some(NOT_BROUGHT),
                _ => false,
            });
            if is_seen && !stays {
                hand.is_fresh = false;
                hand.is_due = false;
            }
        }
        Ok(())
    }

    /// A plan was asked for and not given. Where it had nothing to send it may be remembered all
    /// the same, and with it what agrees with the source, or has nothing there.
    ///
    /// # Errors
    /// See [`World::at_source`].
    pub(crate) fn note_edits_without_plan(&mut self, world: &World) -> Result<(), String> {
        let wanted = world.mapping.wanted(&world.at_source()?);
        let source_changed = self.source_changed;
        for (key, text, hand) in self.ledger.hands() {
            let differs = match wanted.get(key) {
                Some(Wanted::Value(value, _)) => !same(key, value, text),
                Some(Wanted::Blocked(_)) => true,
                None => false,
            };
            if source_changed || !differs {
                hand.is_fresh = false;
                hand.is_due = false;
            }
        }
        Ok(())
    }

    /// A run over everything is remembered: what came after its plan has to be shown as edited
    /// here, and what it found to agree is as if it had been there at first.
    pub(crate) fn note_edits_after_run(&mut self, rows: &Rows) {
        let (planned_at, reading_since) = (self.planned_at, self.reading_since);
        let hands = self.ledger.hands();
        for (_, _, hand) in hands.filter(|(_, _, hand)| hand.at > planned_at) {
            hand.is_due |= hand.is_fresh;
        }
        // While something is left as it was edited, what agrees may be stamped later than that.
        let is_left = |row: &&(Key, PlanRow)| {
            matches!(
                row.1.kind,
                RowKind::EditedHere | RowKind::Blocked | RowKind::Cleared
            ) && row.1.outcome != Some(RowOutcome::Written)
        };
        let part = |key: &Key| (data_set(key.element()), key.period().to_owned());
        let left: BTreeSet<_> = rows
            .iter()
            .filter(is_left)
            .map(|row| part(&row.0))
            .collect();
        let by_cell = by_cell(rows);
        self.ledger.settle(|key, text, hand| {
            let same = by_cell.get(key).filter(|row| row.kind == RowKind::Same);
            same.is_some_and(|row| row.present.as_deref() == Some(text))
                && hand.at.div_euclid(1_000) < reading_since.div_euclid(1_000)
                && !left.contains(&part(key))
        });
    }
}

fn by_cell(rows: &Rows) -> BTreeMap<&Key, &PlanRow> {
    let rows = rows.iter().filter(|(_, row)| is_of_cell(row));
    rows.map(|(key, row)| (key, row)).collect()
}

/// Whether all of a cell's data set and period was read for a plan.
fn was_read(world: &World, plan: &PlanSummary, key: &Key) -> bool {
    let has_failed = plan.failed_slices.iter().any(|failed| {
        let set = world.uids.get(&failed.data_set).map(String::as_str);
        set == Some(data_set(key.element())) && failed.period == key.period()
    });
    !has_failed && !plan.stopped
}
