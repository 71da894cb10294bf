//! Some slices carried out together: what stands there by now, sending, reading back.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use futures_util::{StreamExt, TryStreamExt, stream};
use tributary_dhis2::patience::Patience;
use tributary_dhis2::values::Row;
use tributary_dhis2::{Client, Failure, FailureKind, Transport};
use tributary_engine::cell::Cell;
use tributary_engine::moment::Moment;
use tributary_engine::outcome::{Answer, Outcome, ReadBack, judge, judge_deletion};
use tributary_engine::symbol::Symbols;

use super::due::{Due, DueSlices, due, together};
use super::pace::WritePace;
use super::request::may_have_arrived;
use super::{no_plan, with_run};
use crate::problem::Problem;
use crate::question::Progress;
use crate::service::import::lease::Lease;
use crate::service::import::read::read_rows;
use crate::service::import::run::HeldBack;
use crate::service::{Service, Tell};

/// So many answers in a row may be lost before the run ends although all was found to have
/// arrived: something is wrong that time alone does not mend.
const LOST_ANSWERS_IN_A_ROW: u32 = 2;

/// For so many milliseconds a reading says what is there: what takes longer, since the line is
/// slow or the machine slept, is read again before more of it is sent. Longer than a slow write.
const READ_HOLDS_MILLIS: u64 = 120_000;

/// Readings under way at a time. The people at the destination go on working.
const READINGS_AT_A_TIME: usize = 2;

/// How a go at some slices ended.
enum Gone {
    /// All is sent, or the person stopped it.
    Through,
    /// Another go is needed: the person paused, or the reading is too old.
    Waiting,
    /// An answer did not come; whether all that the request held was found to be there.
    Lost(Failure, bool),
}

/// A value of the destination, as read before or after sending.
struct There {
    text: String,
    last_updated: Moment,
    /// Stored by the person who sends.
    is_own: bool,
}

/// A run while it goes on.
pub(super) struct Sending<'a, T> {
    pub(super) service: &'a Service<T>,
    pub(super) own: &'a Client<T>,
    /// The run's entry in the dataStore; none where there is nothing to send.
    pub(super) lease: Option<&'a Lease<'a, T>>,
    /// Who sends: values stored by somebody else are not of this run.
    pub(super) username: &'a str,
    /// Of the plan; sending learns no new ones.
    pub(super) symbols: Rc<Symbols>,
    pub(super) progress: Progress,
    /// How large the writes are.
    pub(super) pace: WritePace,
    /// Requests that wrote.
    pub(super) requests: u32,
    /// Answers lost since the last one that came.
    pub(super) lost_in_a_row: u32,
    pub(super) tell: Tell<'a>,
}

impl<T: Transport + Clone> Sending<'_, T> {
    /// Sends all slices, until the person stops it or one fails. Those with few values go
    /// together, so that a request is worth its while.
    pub(super) async fn all(&mut self, slices: &[usize]) -> Result<(), Problem> {
        let mut start = 0;
        while start < slices.len() {
            self.pause().await;
            if self.service.stop.get() {
                return Ok(());
            }
            let rest = slices.get(start..).unwrap_or_default();
            let size = self.pace.size();
            let count = with_run(self.service, |run| Ok(together(run, rest, size)))?;
            let places = start..(start + count).min(slices.len());
            self.some(slices, places.clone()).await?;
            start = places.end;
        }
        Ok(())
    }

    /// Sends the slices at some places, and tells how far it is.
    async fn some(&mut self, slices: &[usize], places: Range<usize>) -> Result<(), Problem> {
        if let Some(lease) = self.lease {
            lease.begin(places.clone()).await?;
        }
        self.slices(slices.get(places.clone()).unwrap_or_default())
            .await?;
        for place in places {
            if let (Some(lease), Some(&slice)) = (self.lease, slices.get(place))
                && self.is_known(slice)?
            {
                lease.done(place);
            }
            self.progress.done += 1;
        }
        (self.tell)(self.progress.clone());
        Ok(())
    }

    /// Waits while the person wants it to.
    async fn pause(&mut self) {
        if self.service.pause.is_closed() {
            self.progress.paused = true;
            (self.tell)(self.progress.clone());
            self.service.pause.pass().await;
            self.progress.paused = false;
            (self.tell)(self.progress.clone());
        }
    }

    /// Whether it is known of each of a slice's values what became of it.
    fn is_known(&self, slice: usize) -> Result<bool, Problem> {
        with_run(self.service, |run| {
            let log = run.log.as_ref().ok_or_else(no_plan)?;
            Ok(log.of_slice(&run.plan, slice).unknown == 0)
        })
    }

    /// Sends some slices, in several goes where an answer is lost, the person paused, the server
    /// asked to wait, or it took so long that what was read no longer says what is there. An
    /// error ends the run; what became of the values is noted before.
    async fn slices(&mut self, slices: &[usize]) -> Result<(), Problem> {
        let mut told_to_wait = 0;
        loop {
            self.pause().await;
            let symbols = Rc::clone(&self.symbols);
            let due = with_run(self.service, |run| due(run, &symbols, slices))?;
            if due.values.is_empty() || self.service.stop.get() {
                return Ok(());
            }
            self.make_sure().await?;
            match self.go(due).await? {
                Gone::Through => return Ok(()),
                Gone::Waiting => {}
                Gone::Lost(failure, _) if failure.kind == FailureKind::TooManyRequests => {
                    // Nothing of it was done. After the pause it is looked at again what is there.
                    told_to_wait += 1;
                    let pause = self
                        .own
                        .pause_of_write(Patience::LARGE, &failure, told_to_wait);
                    if !pause.await {
                        return Err(failure.into());
                    }
                }
                Gone::Lost(failure, all_there) => {
                    if !all_there || self.lost_in_a_row >= LOST_ANSWERS_IN_A_ROW {
                        return Err(failure.into());
                    }
                }
            }
        }
    }

    /// Makes sure that the run is still ours.
    async fn make_sure(&self) -> Result<(), Problem> {
        match self.lease {
            Some(lease) => lease.check().await,
            None => Ok(()),
        }
    }

    /// Sends what is due until all is sent or a request fails, and reads back.
    async fn go(&mut self, due: DueSlices) -> Result<Gone, Problem> {
        let before = self.read(&due).await?;
        let read_at = self.own.transport().millis();
        let mut values = self.sort_out(&due, &before)?;
        let data_set = self.symbols.text(due.data_set).to_owned();
        let mut ended_by = None;
        let mut lost_run = None;
        let mut is_waiting = false;
        // A request either writes or deletes.
        values.sort_by_key(|value| value.deletes);
        let deletions = values.partition_point(|value| !value.deletes);
        let (writes, deletions) = values.split_at_mut(deletions);
        let mut rests = [writes, deletions];
        while let Some(rest) = rests.iter_mut().find(|rest| !rest.is_empty()) {
            if self.service.stop.get() {
                break;
            }
            let age = self.own.transport().millis().abs_diff(read_at);
            if self.service.pause.is_closed() || age > READ_HOLDS_MILLIS {
                is_waiting = true;
                break;
            }
            if let Err(problem) = self.make_sure().await {
                lost_run = Some(problem);
                break;
            }
            let size = self.pace.size().min(rest.len());
            let (chunk, after) = std::mem::take(rest).split_at_mut(size);
            *rest = after;
            if let Err(failure) = self.request(&data_set, chunk).await {
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
                Ok(after) => all_there &= self.note(&due, &values, Some(&after))?,
                Err(problem) => {
                    self.note(&due, &values, None)?;
                    return Err(ended_by.map_or(problem, Problem::from));
                }
            }
        }
        match (lost_run, ended_by) {
            (Some(problem), _) => Err(problem),
            (None, Some(failure)) => Ok(Gone::Lost(failure, all_there)),
            (None, None) if is_waiting => Ok(Gone::Waiting),
            (None, None) => Ok(Gone::Through),
        }
    }

    /// The destination's present values in the cells that something is due for.
    async fn read(&self, due: &DueSlices) -> Result<HashMap<Cell, There>, Problem> {
        let cells: HashSet<Cell> = due.values.iter().map(|value| value.cell).collect();
        let take = |present: &mut HashMap<Cell, There>, row: &Row<'_>| {
            let cell = self.cell(row).filter(|cell| cells.contains(cell));
            if let Some(cell) = cell.filter(|_| !row.deleted) {
                let there = There {
                    text: row.value.to_owned(),
                    last_updated: Moment::parse(row.last_updated),
                    is_own: row.stored_by == self.username,
                };
                present.insert(cell, there);
            }
        };
        let readings = due.readings.iter().cloned();
        let read = |reading| read_rows(self.own, reading, Patience::LARGE, &take);
        let all = HashMap::with_capacity(due.values.len());
        let present = stream::iter(readings.map(read))
            .buffered(READINGS_AT_A_TIME)
            .try_fold(all, async |mut all, some| {
                all.extend(some);
                Ok(all)
            });
        Ok(present.await?)
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
        due: &DueSlices,
        present: &HashMap<Cell, There>,
    ) -> Result<Vec<Due>, Problem> {
        with_run(self.service, |run| {
            let log = run.log.as_mut().ok_or_else(no_plan)?;
            let mut to_send = Vec::with_capacity(due.values.len());
            for value in &due.values {
                let part = (due.data_set, value.cell.period);
                let written = run.journal.written.entry(part).or_default();
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
                } else if there == value.shown.as_ref() && !is_stored_anew(value, found) {
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
        due: &DueSlices,
        values: &[Due],
        after: Option<&HashMap<Cell, There>>,
    ) -> Result<bool, Problem> {
        with_run(self.service, |run| {
            let log = run.log.as_mut().ok_or_else(no_plan)?;
            let mut all_there = true;
            for value in values {
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
                    let part = (due.data_set, value.cell.period);
                    let written = run.journal.written.entry(part).or_default();
                    written.extend(own_stamp(found));
                }
                all_there &= value.answer != Answer::Unusable || outcome == Outcome::Written;
                log.set(value.entry, outcome);
            }
            Ok(all_there)
        })
    }
}

/// Whether somebody entered once more what is to be deleted: they want it to be there.
fn is_stored_anew(value: &Due, there: Option<&There>) -> bool {
    value.deletes && there.is_some_and(|there| there.last_updated > value.shown_since)
}

/// The stamp of a value that this run put there, or an earlier try of it.
fn own_stamp(there: Option<&There>) -> Option<Moment> {
    there
        .filter(|there| there.is_own)
        .map(|there| there.last_updated)
}
