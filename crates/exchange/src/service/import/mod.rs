//! An import from choice to report. [`prepare`] reads what can be chosen, [`read`] both
//! sides slice by slice into a plan, [`send`] carries the plan out, [`rows`] shows
//! windows of it, [`report`] gives every row as CSV, [`journal`] remembers what a run saw,
//! [`lease`] tells everybody that one is under way.

mod barrier;
mod journal;
mod lease;
mod namebook;
mod prepare;
mod read;
mod report;
mod rows;
mod run;
mod send;

use crate::problem::{Problem, ProblemSide};
use crate::questions::import::{CurrentPlan, LastReport, PlanSummary, RunReport, Stop};
use crate::questions::runs::{Pause, Resume};

use super::Service;
pub(super) use barrier::Barrier;
pub(super) use lease::{Held, has_sent, leave, sending, take_over, under_way};
pub(super) use prepare::{Prepared, prepare};
pub(super) use read::read_plan;
pub(super) use report::csv;
pub(super) use rows::{find, parts, rows};
pub(super) use run::Run;
pub(super) use send::send;

/// Answers [`Stop`].
pub(super) async fn stop<T>(service: &Service<T>, _: Stop) -> Result<(), Problem> {
    // Where nothing is under way, what is asked next is not to be stopped.
    service.stop.set(service.busy.get());
    service.pause.open();
    Ok(())
}

/// Answers [`Pause`]. Where nothing goes on there is nothing to wait.
pub(super) async fn pause<T>(service: &Service<T>, _: Pause) -> Result<(), Problem> {
    if service.busy.get() && !service.stop.get() {
        service.pause.close();
    }
    Ok(())
}

/// Answers [`Resume`].
pub(super) async fn resume<T>(service: &Service<T>, _: Resume) -> Result<(), Problem> {
    service.pause.open();
    Ok(())
}

/// Answers [`LastReport`].
pub(super) async fn last_report<T>(
    service: &Service<T>,
    _: LastReport,
) -> Result<Option<RunReport>, Problem> {
    Ok(service
        .run
        .borrow()
        .as_ref()
        .and_then(|run| run.report.clone()))
}

/// Answers [`CurrentPlan`].
pub(super) async fn current_plan<T>(
    service: &Service<T>,
    _: CurrentPlan,
) -> Result<Option<PlanSummary>, Problem> {
    Ok(service.run.borrow().as_ref().map(|run| run.summary.clone()))
}

/// Long work holds this; a second one is refused until it is dropped.
struct Busy<'a, T>(&'a Service<T>);

impl<'a, T> Busy<'a, T> {
    fn begin(service: &'a Service<T>) -> Result<Self, Problem> {
        if service.busy.replace(true) {
            return Err(Problem::of(ProblemSide::App, "busy"));
        }
        service.stop.set(false);
        service.pause.open();
        Ok(Self(service))
    }
}

impl<T> Drop for Busy<'_, T> {
    fn drop(&mut self) {
        self.0.stop.set(false);
        self.0.busy.set(false);
        self.0.pause.open();
    }
}
