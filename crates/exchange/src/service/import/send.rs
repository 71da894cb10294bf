//! Carries a plan out. For each slice: read the destination again (nothing is written
//! over a value that the person was not shown), send what differs in requests of the
//! size that the version likes, read back, and say of each value what became of it.
//!
//! The same procedure goes on after an interruption: what arrived is found by the first
//! reading and not sent again.

use std::cell::RefCell;
use std::collections::HashMap;

use tributary_dhis2::values::{ImportAnswer, Outcome as Told, OutgoingValue};
use tributary_dhis2::{Client, Failure, FailureKind, Transport};
use tributary_engine::cell::Cell;
use tributary_engine::outcome::{Answer, Outcome, OutcomeLog, Outcomes, ReadBack, judge};
use tributary_engine::plan::{Kind, KindSet};
use tributary_engine::values::ValueTable;

use super::Busy;
use super::read::{ends_everything, read_into, wanted};
use super::run::{HeldBack, Run};
use crate::problem::{Problem, ProblemSide};
use crate::question::{Progress, Stage};
use crate::questions::import::{OutcomeCounts, Refusals, RunReport, SendPlan};
use crate::service::{Service, Tell, session};

/// Requests that one refused request may be split into, to find the guilty values.
const SPLITS_PER_REQUEST: u32 = 40;

/// Answers [`SendPlan`].
pub(in crate::service) async fn send<T: Transport + Clone>(
    service: &Service<T>,
    question: SendPlan,
    tell: Tell<'_>,
) -> Result<RunReport, Problem> {
    let _busy = Busy::begin(service)?;
    let began_at = session::refresh(service).await?.stamp();
    let own = service.own().await?;
    let slices = begin(service, &question)?;
    let mut sending = Sending {
        service,
        own: &own,
        progress: Progress {
            stage: Stage::Sending,
            total: u32::try_from(slices.len()).unwrap_or(u32::MAX),
            ..Progress::default()
        },
        requests: 0,
        tell,
    };
    (sending.tell)(sending.progress.clone());
    let mut ended_by = None;
    for slice in slices {
        if service.stop.get() {
            break;
        }
        match sending.slice(slice).await {
            Ok(()) => {}
            Err(problem) => {
                ended_by = Some(problem);
                break;
            }
        }
        sending.progress.done += 1;
        (sending.tell)(sending.progress.clone());
    }
    let requests = sending.requests;
    let ended_at = session::refresh(service)
        .await
        .map_or_else(|_| String::new(), |place| place.stamp());
    let mut slot = service.run.borrow_mut();
    let run = slot.as_mut().ok_or_else(no_plan)?;
    let outcomes = counted(run)?;
    let earlier = run.report.take();
    let report = RunReport {
        plan: run.summary.clone(),
        stopped: service.stop.get() && outcomes.not_sent > outcomes.changed_since,
        outcomes,
        refusals: refusals(run),
        ended_by,
        write_requests: requests + earlier.as_ref().map_or(0, |report| report.write_requests),
        began_at: earlier.map_or(began_at, |report| report.began_at),
        ended_at,
    };
    run.report = Some(report.clone());
    Ok(report)
}

/// Confirms what is to be sent (once: going on after an interruption keeps what was
/// confirmed) and gives back the slices that still have something to send.
fn begin<T>(service: &Service<T>, question: &SendPlan) -> Result<Vec<usize>, Problem> {
    let mut slot = service.run.borrow_mut();
    let run = slot.as_mut().ok_or_else(no_plan)?;
    run.view = None;
    if run.log.is_none() {
        let kinds = KindSet::NONE.with(Kind::New);
        let kinds = if question.overwrite {
            kinds.with(Kind::Changed)
        } else {
            kinds
        };
        run.log = Some(OutcomeLog::confirming(&run.plan, kinds));
    }
    let log = run.log.as_ref().ok_or_else(no_plan)?;
    let open = |entry: &(u32, Outcome)| matches!(entry.1, Outcome::NotSent | Outcome::Unknown);
    let mut slices: Vec<usize> = log
        .iter()
        .filter(open)
        .filter_map(|(entry, _)| run.plan.slice_of(entry))
        .collect();
    slices.dedup();
    Ok(slices)
}

fn no_plan() -> Problem {
    Problem::of(ProblemSide::App, "noPlan")
}

/// A confirmed value on its way.
#[derive(Clone, Debug)]
struct Due {
    entry: u32,
    cell: Cell,
    value: String,
    /// What the plan showed at the destination.
    shown: Option<String>,
    answer: Answer,
}

struct Sending<'a, T> {
    service: &'a Service<T>,
    own: &'a Client<T>,
    progress: Progress,
    requests: u32,
    tell: Tell<'a>,
}

impl<T: Transport + Clone> Sending<'_, T> {
    /// Sends one slice. An error ends the run; what became of the slice's values is noted
    /// before.
    async fn slice(&mut self, slice: usize) -> Result<(), Problem> {
        let (data_set, period, org_units, due) = self.due(slice)?;
        let before = self.read(&data_set, &period, &org_units).await?;
        let mut due = self.sort_out(due, &before)?;
        let size = self.own.own_differences().max_values_per_write.max(1);
        let mut ended_by = None;
        for chunk in due.chunks_mut(size) {
            if self.service.stop.get() {
                break;
            }
            if let Err(failure) = self.request(&data_set, chunk).await {
                // No usable answer: the reading back decides. What was not sent yet waits.
                ended_by = Some(failure);
                break;
            }
            self.progress.sent += chunk.len() as u64;
            (self.tell)(self.progress.clone());
        }
        if due.iter().any(|value| value.answer != Answer::NotSent) {
            match self.read(&data_set, &period, &org_units).await {
                Ok(after) => self.note(&due, Some(&after))?,
                Err(problem) => {
                    self.note(&due, None)?;
                    return Err(ended_by.map_or(problem, Problem::from));
                }
            }
        }
        ended_by.map_or(Ok(()), |failure| Err(failure.into()))
    }

    /// What of a slice is still to be sent.
    fn due(&self, slice: usize) -> Result<(String, String, Vec<String>, Vec<Due>), Problem> {
        let slot = self.service.run.borrow();
        let run = slot.as_ref().ok_or_else(no_plan)?;
        let log = run.log.as_ref().ok_or_else(no_plan)?;
        let planned = run.plan.slices().get(slice).ok_or_else(no_plan)?;
        let due: Vec<Due> = planned
            .entries
            .clone()
            .filter(|entry| matches!(log.get(*entry), Some(Outcome::NotSent | Outcome::Unknown)))
            .filter_map(|entry| {
                let found = run.plan.get(entry)?;
                Some(Due {
                    entry,
                    cell: found.cell,
                    value: found.value_to_send.to_owned(),
                    shown: found.present_value.map(str::to_owned),
                    answer: Answer::NotSent,
                })
            })
            .collect();
        // Only the org units that something is sent for are read.
        let mut units: Vec<_> = due.iter().map(|value| value.cell.org_unit).collect();
        units.sort_unstable();
        units.dedup();
        let text = |symbol| run.symbols.text(symbol).to_owned();
        let units = units.into_iter().map(text).collect();
        Ok((
            text(planned.slice.data_set),
            text(planned.slice.period),
            units,
            due,
        ))
    }

    /// The destination's present values by cell.
    async fn read(
        &self,
        data_set: &str,
        period: &str,
        org_units: &[String],
    ) -> Result<HashMap<Cell, String>, Problem> {
        // The run is not held while waiting: its rows are shown meanwhile. The symbols go
        // along and come back with what they learned.
        let symbols = {
            let mut slot = self.service.run.borrow_mut();
            let run = slot.as_mut().ok_or_else(no_plan)?;
            RefCell::new(run.symbols.clone())
        };
        let mut table = ValueTable::new();
        let read = wanted(data_set.to_owned(), period, org_units.to_vec());
        let outcome = read_into(self.own, read, &mut table, &symbols).await;
        let mut slot = self.service.run.borrow_mut();
        let run = slot.as_mut().ok_or_else(no_plan)?;
        run.symbols = symbols.into_inner();
        outcome?;
        Ok(table
            .iter()
            .map(|value| (value.cell, value.text.to_owned()))
            .collect())
    }

    /// Notes what arrived already and what was changed since the plan was shown; gives
    /// back what is to be sent now.
    fn sort_out(
        &self,
        due: Vec<Due>,
        present: &HashMap<Cell, String>,
    ) -> Result<Vec<Due>, Problem> {
        let mut slot = self.service.run.borrow_mut();
        let run = slot.as_mut().ok_or_else(no_plan)?;
        let log = run.log.as_mut().ok_or_else(no_plan)?;
        let mut to_send = Vec::with_capacity(due.len());
        for value in due {
            let there = present.get(&value.cell).filter(|text| !text.is_empty());
            if there == Some(&value.value) {
                // Of an earlier sending whose answer was lost, or somebody typed it in.
                log.set(value.entry, Outcome::Written);
                run.held_back.remove(&value.entry);
            } else if there == value.shown.as_ref() {
                run.held_back.remove(&value.entry);
                to_send.push(value);
            } else {
                log.set(value.entry, Outcome::NotSent);
                run.held_back.insert(value.entry, HeldBack::ChangedSince);
            }
        }
        Ok(to_send)
    }

    /// Sends values of one data set in one request. Where a version refuses the whole
    /// request for the sake of some values, it is split until they are alone, within a
    /// bound.
    async fn request(&mut self, data_set: &str, values: &mut [Due]) -> Result<(), Failure> {
        let mut splits = SPLITS_PER_REQUEST;
        let mut waiting = vec![(0, values.len())];
        while let Some((from, to)) = waiting.pop() {
            let part = &mut values[from..to];
            let answer = match self.post(data_set, part).await {
                Ok(answer) => answer,
                Err(failure) => {
                    if may_have_arrived(&failure) {
                        part.iter_mut()
                            .for_each(|value| value.answer = Answer::Unusable);
                    }
                    return Err(failure);
                }
            };
            let half = from + (to - from) / 2;
            if answer.whole_request_refused.is_some() && to - from > 1 && splits > 0 {
                splits -= 1;
                // The second half first on the pile: the first is sent next.
                waiting.push((half, to));
                waiting.push((from, half));
                continue;
            }
            self.take_in(part, &answer);
        }
        Ok(())
    }

    async fn post(&mut self, data_set: &str, values: &[Due]) -> Result<ImportAnswer, Failure> {
        let texts: Vec<[String; 5]> = {
            let slot = self.service.run.borrow();
            let text = |symbol| {
                slot.as_ref()
                    .map(|run| run.symbols.text(symbol).to_owned())
                    .unwrap_or_default()
            };
            values
                .iter()
                .map(|value| {
                    [
                        text(value.cell.data_element),
                        text(value.cell.period),
                        text(value.cell.org_unit),
                        text(value.cell.category_option_combo),
                        text(value.cell.attribute_option_combo),
                    ]
                })
                .collect()
        };
        let outgoing: Vec<OutgoingValue<'_>> = values
            .iter()
            .zip(&texts)
            .map(
                |(value, [data_element, period, org_unit, option_combo, attribute])| {
                    OutgoingValue {
                        data_element,
                        period,
                        org_unit,
                        category_option_combo: option_combo,
                        attribute_option_combo: attribute,
                        value: &value.value,
                        comment: None,
                    }
                },
            )
            .collect();
        self.requests += 1;
        self.own.write_values(data_set, &outgoing).await
    }

    /// What the server said about each value.
    fn take_in(&mut self, values: &mut [Due], answer: &ImportAnswer) {
        let mut slot = self.service.run.borrow_mut();
        let Some(run) = slot.as_mut() else { return };
        let Some(log) = run.log.as_mut() else { return };
        for (value, told) in values.iter_mut().zip(&answer.outcomes) {
            value.answer = match told {
                Told::Accepted(_) => Answer::Accepted,
                Told::Unknown => Answer::Unusable,
                Told::Refused { code, message } => {
                    self.progress.refused += 1;
                    run.messages
                        .entry(code.clone())
                        .or_insert_with(|| message.clone());
                    Answer::Refused(log.code_number(code))
                }
            };
        }
    }

    /// Says of each value what became of it.
    fn note(&self, due: &[Due], after: Option<&HashMap<Cell, String>>) -> Result<(), Problem> {
        let mut slot = self.service.run.borrow_mut();
        let run = slot.as_mut().ok_or_else(no_plan)?;
        let log = run.log.as_mut().ok_or_else(no_plan)?;
        for value in due {
            let read_back = match after {
                None => ReadBack::Failed,
                Some(present) => ReadBack::Read(present.get(&value.cell).map(String::as_str)),
            };
            log.set(value.entry, judge(&value.value, value.answer, read_back));
        }
        Ok(())
    }
}

/// Whether a request without a usable answer may have been carried out all the same. A
/// refusal at the door was not.
fn may_have_arrived(failure: &Failure) -> bool {
    !ends_everything(failure)
        && !matches!(
            failure.kind,
            FailureKind::Forbidden
                | FailureKind::BadRequest
                | FailureKind::TooLarge
                | FailureKind::TooManyRequests
                | FailureKind::NotFound
        )
}

/// The outcomes of the whole run. They have to add up.
fn counted(run: &Run) -> Result<OutcomeCounts, Problem> {
    let log = run.log.as_ref().ok_or_else(no_plan)?;
    let Outcomes {
        confirmed,
        written,
        rejected,
        unknown,
        not_sent,
    } = log.total(&run.plan);
    log.total(&run.plan).check().map_err(|missing| {
        Problem::of(ProblemSide::App, "unaccounted").with_message(missing.to_string())
    })?;
    let changed_since = run.held_back.len() as u64;
    Ok(OutcomeCounts {
        confirmed,
        written,
        rejected,
        unknown,
        not_sent,
        changed_since,
    })
}

/// Refusals by code, the most frequent first.
fn refusals(run: &Run) -> Vec<Refusals> {
    let mut counts: indexmap::IndexMap<String, u64> = indexmap::IndexMap::new();
    if let Some(log) = &run.log {
        for (_, outcome) in log.iter() {
            if let Outcome::Rejected(number) = outcome {
                *counts.entry(log.code(number).to_owned()).or_default() += 1;
            }
        }
    }
    let mut refusals: Vec<Refusals> = counts
        .into_iter()
        .map(|(code, count)| Refusals {
            message: run.messages.get(&code).cloned().unwrap_or_default(),
            code,
            count,
        })
        .collect();
    refusals.sort_by_key(|refusal| std::cmp::Reverse(refusal.count));
    refusals
}
