//! Carries a plan out. For each slice: read the destination again (nothing is written
//! over a value that the person was not shown), send what differs in requests of the
//! size that the version likes, read back, and say of each value what became of it. Slices
//! with few values to send go together, so that a few changes in many months cost a few
//! requests.
//!
//! The same procedure goes on after an interruption: what arrived is found by the first
//! reading and not sent again. An answer that is lost is such an interruption, too: if
//! reading back finds all that the request held, the run goes on by itself; if it does not,
//! or the next answer is lost as well, the run ends and the person decides.
//!
//! At the end it is remembered what the run saw and wrote ([`super::journal`]). While it goes
//! on everybody else can see it ([`super::lease`]); whose run was taken over stops.
//!
//! [`due`] says which slices go together and what is due in them, [`one_slice`] carries them
//! out, [`request`] sends a request, [`pace`] says how large it is, [`tally`] counts.

mod due;
mod one_slice;
mod pace;
mod request;
mod tally;

use std::pin::pin;
use std::rc::Rc;

use futures_util::future::{Either, select};
use tributary_dhis2::{Client, Transport};
use tributary_engine::outcome::{Outcome, OutcomeLog};
use tributary_engine::plan::{Kind, KindSet};

use super::lease::{self, Lease};
use super::run::Run;
use super::{Busy, journal};
use crate::problem::{Problem, ProblemSide};
use crate::question::{Progress, Stage};
use crate::questions::import::{RunReport, SendPlan};
use crate::service::{Service, Tell, session};
use one_slice::Sending;
use pace::WritePace;
use tally::{counted, refusals};

/// Answers [`SendPlan`].
pub(in crate::service) async fn send<T: Transport + Clone>(
    service: &Service<T>,
    question: SendPlan,
    tell: Tell<'_>,
) -> Result<RunReport, Problem> {
    let _busy = Busy::begin(service)?;
    let place = session::refresh(service).await?;
    let (began_at, username) = (place.stamp(), place.me.username.clone());
    let own = service.own().await?;
    let slices = begin(service, &question)?;
    let lease = match announce(service, &own, &place, &slices, question).await {
        Ok(lease) => lease,
        Err(problem) => {
            unless_begun(service);
            return Err(problem);
        }
    };
    let symbols = with_run(service, |run| Ok(Rc::clone(&run.symbols)))?;
    let mut sending = Sending {
        service,
        own: &own,
        lease: lease.as_ref(),
        username: &username,
        symbols,
        progress: Progress {
            stage: Stage::Sending,
            total: u32::try_from(slices.len()).unwrap_or(u32::MAX),
            ..Progress::default()
        },
        pace: WritePace::new(
            own.own_differences()
                .max_values_per_write
                .min(service.at_one_go.1),
        ),
        requests: 0,
        lost_in_a_row: 0,
        tell,
    };
    (sending.tell)(sending.progress.clone());
    let ended_by = {
        let work = async {
            let outcome = sending.all(&slices).await;
            if let Some(lease) = &lease {
                lease.rest().await;
            }
            outcome
        };
        match &lease {
            // Signs of life go on beside the work, for as long as it does; one that is due
            // comes first, since it may find that the run was taken over.
            Some(lease) => match select(pin!(lease.keep()), pin!(work)).await {
                Either::Left((never, _)) => match never {},
                Either::Right((outcome, _)) => outcome,
            },
            None => work.await,
        }
    }
    .err();
    let requests = sending.requests;
    let (ended_at, not_remembered) = match session::refresh(service).await {
        Ok(place) => {
            let ended_at = place.stamp();
            let failed = journal::write(service, &own, &username, &ended_at).await;
            (ended_at, failed)
        }
        Err(problem) => (String::new(), Some(problem)),
    };
    if let Some(lease) = &lease {
        let unknown = with_run(service, |run| Ok(counted(run)?.unknown))?;
        if ended_by.is_some() && unknown > 0 {
            lease.leave_behind().await;
        } else if not_remembered.is_none() {
            lease.release().await;
        }
    }
    with_run(service, |run| {
        let outcomes = counted(run)?;
        let earlier = run.report.take();
        let report = RunReport {
            plan: run.summary.clone(),
            confirmed: run.confirmed,
            stopped: service.stop.get() && outcomes.not_sent > outcomes.changed_since,
            outcomes,
            refusals: refusals(run),
            ended_by,
            not_remembered,
            not_announced: lease.as_ref().and_then(|lease| lease.not_announced.clone()),
            earlier: lease.as_ref().and_then(Lease::earlier),
            write_requests: requests + earlier.as_ref().map_or(0, |report| report.write_requests),
            began_at: earlier.map_or(began_at, |report| report.began_at),
            ended_at,
        };
        run.report = Some(report.clone());
        Ok(report)
    })
}

/// Tells everybody else of the run; not of one that has nothing to send.
async fn announce<'a, T: Transport + Clone>(
    service: &'a Service<T>,
    own: &'a Client<T>,
    place: &session::Place,
    slices: &[usize],
    question: SendPlan,
) -> Result<Option<Lease<'a, T>>, Problem> {
    if slices.is_empty() {
        return Ok(None);
    }
    let confirmed = with_run(service, |run| Ok(run.confirmed)).unwrap_or(question);
    let lease = lease::acquire(service, own, place, slices, confirmed).await?;
    Ok(Some(lease))
}

/// What was confirmed holds only once sending has begun: whoever tries again later may confirm
/// something else.
fn unless_begun<T>(service: &Service<T>) {
    if let Some(run) = service.run.borrow_mut().as_mut()
        && run.report.is_none()
    {
        run.log = None;
    }
}

/// Confirms what is to be sent (once: going on after an interruption keeps what was
/// confirmed) and gives back the slices that still have something to send.
fn begin<T>(service: &Service<T>, question: &SendPlan) -> Result<Vec<usize>, Problem> {
    with_run(service, |run| {
        run.view = None;
        let log = run.log.get_or_insert_with(|| {
            run.confirmed = *question;
            let mut kinds = KindSet::NONE.with(Kind::New);
            if question.overwrite {
                kinds = kinds.with(Kind::Changed);
            }
            if question.overwrite_edited {
                kinds = kinds.with(Kind::EditedHere);
            }
            if question.delete_cleared {
                kinds = kinds.with(Kind::Cleared);
            }
            OutcomeLog::confirming(&run.plan, kinds)
        });
        let mut slices: Vec<usize> = log
            .iter()
            .filter(|(_, outcome)| is_open(*outcome))
            .filter_map(|(entry, _)| run.plan.slice_of(entry))
            .collect();
        slices.dedup();
        Ok(slices)
    })
}

/// Whether a value with this outcome is still to be sent.
fn is_open(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::NotSent | Outcome::Unknown)
}

/// Does something with the run. It is not held while waiting for a server: its rows are
/// shown meanwhile.
fn with_run<T, R>(
    service: &Service<T>,
    work: impl FnOnce(&mut Run) -> Result<R, Problem>,
) -> Result<R, Problem> {
    work(service.run.borrow_mut().as_mut().ok_or_else(no_plan)?)
}

fn no_plan() -> Problem {
    Problem::of(ProblemSide::App, "noPlan")
}
