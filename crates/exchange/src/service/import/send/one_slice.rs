//! One slice carried out: what is due, what stands there by now, sending, reading back.

use std::collections::HashMap;
use std::rc::Rc;

use tributary_dhis2::patience::Patience;
use tributary_dhis2::values::Row;
use tributary_dhis2::{Client, Failure, FailureKind, Transport};
use tributary_engine::cell::Cell;
use tributary_engine::moment::Moment;
use tributary_engine::outcome::{Answer, Outcome, ReadBack, judge, judge_deletion};
use tributary_engine::plan::Kind;
use tributary_engine::symbol::Symbols;

use super::request::may_have_arrived;
use super::{is_open, no_plan, with_run};
use crate::problem::Problem;
use crate::question::Progress;
use crate::service::import::journal::Part;
use crate::service::import::read::{read_rows, wanted};
use crate::service::import::run::HeldBack;
use crate::service::{Service, Tell};

/// So many answers in a row may be lost before the run ends although all was found to have
/// arrived: something is wrong that time alone does not mend.
const LOST_ANSWERS_IN_A_ROW: u32 = 2;

/// A confirmed value on its way.
#[derive(Clone, Debug)]
pub(super) struct Due {
    entry: u32,
    pub(super) cell: Cell,
    /// What is sent; of a deletion the value that is to go.
    pub(super) value: String,
    /// It is to be deleted.
    pub(super) deletes: bool,
    /// What the plan showed at the destination.
    shown: Option<String>,
    pub(super) answer: Answer,
}

/// A value of the destination, as read before or after sending.
struct There {
    text: String,
    last_updated: Moment,
    /// Stored by the person who sends.
    is_own: bool,
}

/// What is due in a slice, and where.
struct DueSlice {
    data_set: String,
    period: String,
    /// Only those that something is sent for.
    org_units: Vec<String>,
    values: Vec<Due>,
    part: Part,
}

/// A run while it goes on.
pub(super) struct Sending<'a, T> {
    pub(super) service: &'a Service<T>,
    pub(super) own: &'a Client<T>,
    /// Who sends: values stored by somebody else are not of this run.
    pub(super) username: &'a str,
    /// Of the plan; sending learns no new ones.
    pub(super) symbols: Rc<Symbols>,
    pub(super) progress: Progress,
    /// Requests that wrote.
    pub(super) requests: u32,
    /// Answers lost since the last one that came.
    pub(super) lost_in_a_row: u32,
    pub(super) tell: Tell<'a>,
}

impl<T: Transport + Clone> Sending<'_, T> {
    /// Sends one slice, in several goes where an answer is lost. An error ends the run; what
    /// became of the slice's values is noted before.
    pub(super) async fn slice(&mut self, slice: usize) -> Result<(), Problem> {
        let mut told_to_wait = 0;
        loop {
            let due = self.due(slice)?;
            if due.values.is_empty() || self.service.stop.get() {
                return Ok(());
            }
            let Some((failure, all_there)) = self.go(due).await? else {
                return Ok(());
            };
            if failure.kind == FailureKind::TooManyRequests {
                // Nothing of it was done. After the pause it is looked at again what is there.
                told_to_wait += 1;
                let pause = self
                    .own
                    .pause_of_write(Patience::LARGE, &failure, told_to_wait);
                if pause.await {
                    continue;
                }
            }
            if !all_there || self.lost_in_a_row >= LOST_ANSWERS_IN_A_ROW {
                return Err(failure.into());
            }
        }
    }

    /// Sends what is due until all is sent or a request fails, and reads back. Gives back
    /// that failure, and whether all that the failed request held was found to be there.
    async fn go(&mut self, due: DueSlice) -> Result<Option<(Failure, bool)>, Problem> {
        let before = self.read(&due).await?;
        let mut values = self.sort_out(&due, &before)?;
        let size = self.own.own_differences().max_values_per_write.max(1);
        let mut ended_by = None;
        // A request either writes or deletes.
        values.sort_by_key(|value| value.deletes);
        let deletions = values.partition_point(|value| !value.deletes);
        let (writes, deletions) = values.split_at_mut(deletions);
        for chunk in writes.chunks_mut(size).chain(deletions.chunks_mut(size)) {
            if self.service.stop.get() {
                break;
            }
            if let Err(failure) = self.request(&due.data_set, chunk).await {
                // No usable answer: the reading back decides. What was not sent yet waits.
                ended_by = Some(failure);
                break;
            }
            self.lost_in_a_row = 0;
            self.progress.sent += chunk.len() as u64;
            (self.tell)(self.progress.clone());
        }
        let is_lost = ended_by.as_ref().is_some_and(may_have_arrived);
        if is_lost {
            self.lost_in_a_row += 1;
        }
        let mut all_there = is_lost;
        if values.iter().any(|value| value.answer != Answer::NotSent) {
            match self.read(&due).await {
                Ok(after) => all_there &= self.note(due.part, &values, Some(&after))?,
                Err(problem) => {
                    self.note(due.part, &values, None)?;
                    return Err(ended_by.map_or(problem, Problem::from));
                }
            }
        }
        Ok(ended_by.map(|failure| (failure, all_there)))
    }

    /// What of a slice is still to be sent.
    fn due(&self, slice: usize) -> Result<DueSlice, Problem> {
        with_run(self.service, |run| {
            let log = run.log.as_ref().ok_or_else(no_plan)?;
            let planned = run.plan.slices().get(slice).ok_or_else(no_plan)?;
            let values: Vec<Due> = planned
                .entries
                .clone()
                .filter(|entry| log.get(*entry).is_some_and(is_open))
                .filter_map(|entry| {
                    let found = run.plan.get(entry)?;
                    let deletes = found.kind.kind() == Kind::Cleared;
                    let value = if deletes {
                        found.present_value.unwrap_or_default()
                    } else {
                        found.value_to_send
                    };
                    Some(Due {
                        entry,
                        cell: found.cell,
                        value: value.to_owned(),
                        deletes,
                        shown: found.present_value.map(str::to_owned),
                        answer: Answer::NotSent,
                    })
                })
                .collect();
            let mut units: Vec<_> = values.iter().map(|value| value.cell.org_unit).collect();
            units.sort_unstable();
            units.dedup();
            let text = |symbol| self.symbols.text(symbol).to_owned();
            Ok(DueSlice {
                data_set: text(planned.slice.data_set),
                period: text(planned.slice.period),
                org_units: units.into_iter().map(text).collect(),
                values,
                part: (planned.slice.data_set, planned.slice.period),
            })
        })
    }

    /// The destination's present values by cell, of cells that the plan knows.
    async fn read(&self, due: &DueSlice) -> Result<HashMap<Cell, There>, Problem> {
        let read = wanted(
            due.data_set.clone(),
            vec![due.period.clone()],
            due.org_units.clone(),
        );
        let take = |present: &mut HashMap<Cell, There>, row: &Row<'_>| {
            if let Some(cell) = self.cell(row).filter(|_| !row.deleted) {
                let there = There {
                    text: row.value.to_owned(),
                    last_updated: Moment::parse(row.last_updated),
                    is_own: row.stored_by == self.username,
                };
                present.insert(cell, there);
            }
        };
        Ok(read_rows(self.own, read, Patience::LARGE, take).await?)
    }

    /// The cell of a row; none where the plan names a part of it nowhere.
    fn cell(&self, row: &Row<'_>) -> Option<Cell> {
        Some(Cell {
            data_element: self.symbols.get(row.data_element)?,
            category_option_combo: self.symbols.get(row.category_option_combo)?,
            attribute_option_combo: self.symbols.get(row.attribute_option_combo)?,
            org_unit: self.symbols.get(row.org_unit)?,
            period: self.symbols.get(row.period)?,
        })
    }

    /// Notes what arrived already and what was changed since the plan was shown; gives
    /// back what is to be sent now.
    fn sort_out(
        &self,
        due: &DueSlice,
        present: &HashMap<Cell, There>,
    ) -> Result<Vec<Due>, Problem> {
        with_run(self.service, |run| {
            let log = run.log.as_mut().ok_or_else(no_plan)?;
            let mut to_send = Vec::with_capacity(due.values.len());
            let written = run.journal.written.entry(due.part).or_default();
            for value in &due.values {
                let found = present.get(&value.cell);
                let there = found
                    .map(|there| &there.text)
                    .filter(|text| !text.is_empty());
                let wanted = Some(&value.value).filter(|_| !value.deletes);
                if there == wanted {
                    written.extend(own_stamp(found));
                    // Of an earlier sending whose answer was lost, or somebody typed it in.
                    log.set(value.entry, Outcome::Written);
                    run.held_back.remove(&value.entry);
                } else if there == value.shown.as_ref() {
                    run.held_back.remove(&value.entry);
                    to_send.push(value.clone());
                } else {
                    log.set(value.entry, Outcome::NotSent);
                    run.held_back.insert(value.entry, HeldBack::ChangedSince);
                }
            }
            Ok(to_send)
        })
    }

    /// Says of each value what became of it; whether all that a request without a usable
    /// answer held is there.
    fn note(
        &self,
        part: Part,
        due: &[Due],
        after: Option<&HashMap<Cell, There>>,
    ) -> Result<bool, Problem> {
        with_run(self.service, |run| {
            let log = run.log.as_mut().ok_or_else(no_plan)?;
            let written = run.journal.written.entry(part).or_default();
            let mut all_there = true;
            for value in due {
                let found = after.and_then(|present| present.get(&value.cell));
                let read_back = match after {
                    None => ReadBack::Failed,
                    Some(_) => ReadBack::Read(found.map(|there| there.text.as_str())),
                };
                let outcome = if value.deletes {
                    judge_deletion(value.answer, read_back)
                } else {
                    judge(&value.value, value.answer, read_back)
                };
                if outcome == Outcome::Written {
                    written.extend(own_stamp(found));
                }
                all_there &= value.answer != Answer::Unusable || outcome == Outcome::Written;
                log.set(value.entry, outcome);
            }
            Ok(all_there)
        })
    }
}

/// The stamp of a value that this run put there, or an earlier try of it.
fn own_stamp(there: Option<&There>) -> Option<Moment> {
    there
        .filter(|there| there.is_own)
        .map(|there| there.last_updated)
}
