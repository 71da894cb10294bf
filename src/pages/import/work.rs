//! The import that this page is busy with. It outlives the screens: whoever looks elsewhere
//! while values are on their way finds them still under way, and never sends twice. The plan
//! itself is in the Worker; here is how far it is and what was chosen for it.

use super::state::{Happening, Phase, Stand};
use crate::ask::{ask, ask_with_progress};
use crate::browser::leave_guard::LeaveGuard;
use crate::browser::timer;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::{Cell, RefCell};
use tributary_exchange::problem::Problem;
use tributary_exchange::question::Progress;
use tributary_exchange::questions::import::{
    CurrentPlan, LastReport, PeriodChoice, PlanSummary, PrepareImport, ReadPlan, SendPlan, Stop,
};
use tributary_exchange::questions::runs::{Pause, Resume, UnderWay};

/// How often it is tried to begin a reading while an earlier one is being stopped, and the
/// pause between in milliseconds.
const PATIENCE: (u32, u32) = (240, 250);

/// What was chosen, and how far it has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Work {
    /// What was asked to be read.
    pub asked: ReadPlan,
    /// The periods that were on offer, for their names.
    pub periods: Vec<PeriodChoice>,
    /// How far it is.
    pub phase: Phase,
    /// What the person confirmed.
    pub confirmed: SendPlan,
    /// The person asked for a stop that has not come about yet.
    pub stopping: bool,
    /// The person wants it to wait.
    pub pausing: bool,
    /// What was confirmed before an interruption, while its rest is read.
    pub confirmed_before: Option<SendPlan>,
    /// Counts readings, so that answers of an earlier one are dropped.
    turn: u32,
}

/// Why somebody finds themselves on the screen of choices again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentBack {
    /// There was no plan for the address.
    NoPlan,
    /// There was no report for the address.
    NoReport,
}

struct Desk {
    work: ArcRwSignal<Work>,
    progress: ArcRwSignal<Progress>,
    guard: RefCell<Option<LeaveGuard>>,
    sent_back: Cell<Option<SentBack>>,
}

thread_local! {
    static DESK: Desk = Desk {
        work: ArcRwSignal::new(Work::default()),
        progress: ArcRwSignal::new(Progress::default()),
        guard: RefCell::new(None),
        sent_back: Cell::new(None),
    };
}

/// The import, to be watched.
pub fn work() -> ArcRwSignal<Work> {
    DESK.with(|desk| desk.work.clone())
}

/// How far the reading or sending has come, to be watched.
pub fn progress() -> ArcRwSignal<Progress> {
    DESK.with(|desk| desk.progress.clone())
}

/// How far the import with this exchange is; `Choosing` where it is another exchange's.
pub fn stand_of(exchange: &str) -> Stand {
    work().with(|work| {
        if work.asked.exchange == exchange {
            work.phase.stand()
        } else {
            Stand::Choosing
        }
    })
}

/// The exchange whose values are on their way, if any are.
pub fn sending() -> Option<String> {
    work().with(|work| (work.phase.stand() == Stand::Sending).then(|| work.asked.exchange.clone()))
}

/// Leaves word for the screen of choices.
pub fn send_back(why: SentBack) {
    DESK.with(|desk| desk.sent_back.set(Some(why)));
}

/// The word that was left, once.
pub fn taken_back() -> Option<SentBack> {
    DESK.with(|desk| desk.sent_back.take())
}

/// Reads both sides for these choices. Nothing happens while values are on their way.
pub fn read(asked: ReadPlan, periods: Vec<PeriodChoice>) {
    begin_reading(asked, periods, false, None);
}

/// Reads what an import that was cut off was about: what is left of it is the plan.
pub fn read_on(run: UnderWay, periods: Vec<PeriodChoice>) {
    begin_reading(run.question, periods, false, Some(run.confirmed));
}

fn begin_reading(
    asked: ReadPlan,
    periods: Vec<PeriodChoice>,
    is_anew: bool,
    confirmed_before: Option<SendPlan>,
) {
    if sending_now() {
        return;
    }
    progress().set(Progress::default());
    let turn = work().try_update(|work| {
        work.phase = std::mem::take(&mut work.phase).after(Happening::ReadingBegan);
        work.asked = asked.clone();
        work.periods = periods;
        work.stopping = false;
        work.pausing = false;
        work.confirmed_before = confirmed_before;
        work.turn = work.turn.wrapping_add(1);
        work.turn
    });
    let Some(turn) = turn else { return };
    spawn_local(async move {
        let outcome = read_in_turn(&asked, turn, is_anew).await;
        if turn_is(turn) {
            happened(Happening::ReadingEnded(outcome));
        }
    });
}

/// Reads what was read before once more. After refusals something here is not as it was when
/// the exchange was prepared, so that is done again first: what is refused now is known then.
pub fn read_again() {
    let (asked, periods, is_anew, before) = work().with_untracked(|work| {
        let was_refused =
            matches!(&work.phase, Phase::Reported(report) if report.outcomes.rejected > 0);
        (
            work.asked.clone(),
            work.periods.clone(),
            was_refused,
            work.confirmed_before,
        )
    });
    begin_reading(asked, periods, is_anew, before);
}

/// Sends what the plan says, or goes on with it.
pub fn send(confirmed: SendPlan) {
    if sending_now() {
        return;
    }
    happened(Happening::SendingBegan);
    if !sending_now() {
        return;
    }
    progress().set(Progress::default());
    work().update(|work| {
        work.confirmed = confirmed;
        work.stopping = false;
        work.pausing = false;
    });
    DESK.with(|desk| desk.guard.replace(Some(LeaveGuard::new())));
    spawn_local(async move {
        let outcome = ask_with_progress(&confirmed, |told| progress().set(told)).await;
        DESK.with(|desk| desk.guard.replace(None));
        happened(Happening::SendingEnded(outcome));
    });
}

/// Goes on with an interrupted sending, as it was confirmed.
pub fn send_on() {
    send(work().with_untracked(|work| work.confirmed));
}

/// Asks the engine to stop; what it is doing just now is brought to its end.
pub fn stop() {
    work().update(|work| work.stopping = true);
    spawn_local(async {
        // When the engine cannot be asked, the question under way fails and says so.
        ask(&Stop {}).await.ok();
    });
}

/// Lets it wait, at the next request; or lets it go on.
pub fn pause(wait: bool) {
    work().update(|work| work.pausing = wait);
    spawn_local(async move {
        // As with a stop.
        if wait {
            ask(&Pause {}).await.ok();
        } else {
            ask(&Resume {}).await.ok();
        }
    });
}

/// Looks whether the engine still holds what the page believes it holds.
pub async fn check_with_engine() {
    let is_lost = match work().with_untracked(|work| work.phase.stand()) {
        Stand::Ready => matches!(ask(&CurrentPlan {}).await, Ok(None)),
        Stand::Reported => matches!(ask(&LastReport {}).await, Ok(None)),
        _ => false,
    };
    if is_lost {
        plan_lost();
    }
}

/// The engine holds no plan any more.
pub fn plan_lost() {
    happened(Happening::PlanLost);
}

fn sending_now() -> bool {
    work().with_untracked(|work| work.phase.stand() == Stand::Sending)
}

fn turn_is(turn: u32) -> bool {
    work().with_untracked(|work| work.turn == turn)
}

fn happened(happening: Happening) {
    work().update(|work| {
        work.phase = std::mem::take(&mut work.phase).after(happening);
        work.stopping = false;
        work.pausing = false;
    });
}

/// Reads; an earlier reading that still goes on is stopped first, and what the engine forgot
/// of the exchange (another one was prepared meanwhile) is prepared again.
async fn read_in_turn(asked: &ReadPlan, turn: u32, is_anew: bool) -> Result<PlanSummary, Problem> {
    let tell = move |told| {
        if turn_is(turn) {
            progress().set(told);
        }
    };
    if is_anew {
        let exchange = asked.exchange.clone();
        ask_with_progress(&PrepareImport { exchange }, tell).await?;
    }
    let mut is_prepared = true;
    for _ in 0..PATIENCE.0 {
        let problem = match ask_with_progress(asked, tell).await {
            Ok(plan) => return Ok(plan),
            Err(problem) => problem,
        };
        match problem.kind.as_str() {
            "busy" if turn_is(turn) => {
                ask(&Stop {}).await?;
                timer::sleep(PATIENCE.1).await;
            }
            "notPrepared" if is_prepared => {
                is_prepared = false;
                let exchange = asked.exchange.clone();
                ask_with_progress(&PrepareImport { exchange }, tell).await?;
            }
            _ => return Err(problem),
        }
    }
    ask(asked).await
}
