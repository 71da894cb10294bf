//! Imports with the exchange that somebody else has under way, or that were cut off: who,
//! since when, how far; and what the person may do about them.

use super::work;
use super::{session, words};
use crate::ask::ask;
use crate::browser::intl;
use crate::pages::ProblemNotice;
use crate::route::Route;
use crate::text::{language, t, t_count, t_with, whole};
use crate::widgets::{Button, ButtonKind, Notice, NoticeKind};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::problem::Problem;
use tributary_exchange::questions::import::PeriodChoice;
use tributary_exchange::questions::runs::{LeaveRun, RunHandle, RunsUnderWay, TakeOver, UnderWay};

/// What is known of them. All signals of the screen.
#[derive(Clone, Copy)]
struct Found {
    exchange: StoredValue<String>,
    periods: StoredValue<Vec<PeriodChoice>>,
    runs: RwSignal<Vec<UnderWay>>,
    problem: RwSignal<Option<Problem>>,
    is_busy: RwSignal<bool>,
    has_left: RwSignal<bool>,
}

#[component]
pub(super) fn LeftOver(
    /// The exchange.
    exchange: String,
    /// The periods on offer, for their names.
    periods: Vec<PeriodChoice>,
) -> impl IntoView {
    let found = Found {
        exchange: StoredValue::new(exchange),
        periods: StoredValue::new(periods),
        runs: RwSignal::new(Vec::new()),
        problem: RwSignal::new(None),
        is_busy: RwSignal::new(false),
        has_left: RwSignal::new(false),
    };
    found.look();
    view! {
        {move || found.problem.get().map(|problem| view! { <ProblemNotice problem/> })}
        <div role="status">
            {move || found.has_left.get().then(|| view! { <p>{t("import.runs.left")}</p> })}
        </div>
        {move || {
            let runs = found.runs.get().into_iter();
            runs.map(|run| view! { <OneRun run found/> }).collect_view()
        }}
    }
}

impl Found {
    /// Asks what is under way. The screen may be gone when an answer comes.
    fn look(self) {
        let question = RunsUnderWay {
            exchange: self.exchange.get_value(),
        };
        self.is_busy.set(true);
        spawn_local(async move {
            match ask(&question).await {
                Ok(runs) => {
                    self.runs.try_set(runs);
                }
                Err(problem) => {
                    self.problem.try_set(Some(problem));
                }
            }
            self.is_busy.try_set(false);
        });
    }

    fn go_on(self, handle: RunHandle) {
        self.begin();
        spawn_local(async move {
            match ask(&TakeOver { handle }).await {
                Ok(run) => {
                    let exchange = run.question.exchange.clone();
                    let periods = self.periods.try_get_value().unwrap_or_default();
                    work::read_on(run, periods);
                    Route::ImportPlan { exchange }.go();
                }
                Err(problem) => self.failed(problem),
            }
        });
    }

    fn leave(self, handle: RunHandle) {
        self.begin();
        spawn_local(async move {
            match ask(&LeaveRun { handle }).await {
                Ok(()) => {
                    self.has_left.try_set(true);
                    self.look_if_here();
                }
                Err(problem) => self.failed(problem),
            }
        });
    }

    fn begin(self) {
        self.is_busy.set(true);
        self.has_left.set(false);
        self.problem.set(None);
    }

    fn failed(self, problem: Problem) {
        self.problem.try_set(Some(problem));
        self.look_if_here();
    }

    fn look_if_here(self) {
        if !self.runs.is_disposed() {
            self.look();
        }
    }
}

#[component]
fn OneRun(run: UnderWay, found: Found) -> impl IntoView {
    let (kind, title, text) = if run.is_dead {
        let title = t_with(
            "import.runs.cutOffTitle",
            &[("began", &moment(&run.began_at))],
        );
        (NoticeKind::Warning, title, "import.runs.cutOffText")
    } else if run.is_own {
        let title = t("import.runs.ownTitle");
        (NoticeKind::Warning, title, "import.runs.ownText")
    } else {
        let title = t_with("import.runs.otherTitle", &[("name", &run.by)]);
        (NoticeKind::Info, title, "import.runs.otherText")
    };
    let facts = facts(&run).join(" ");
    let is_known = run.can_go_on() || !run.may_take_over();
    let may_take_over = run.may_take_over();
    let can_go_on = run.can_go_on();
    let handle = StoredValue::new(run.handle);
    let busy = Signal::from(found.is_busy);
    view! {
        <Notice kind title announce=true>
            <p>{facts}</p>
            <p>{t(text)}</p>
            {(!is_known).then(|| view! { <p>{t("import.runs.chooseAgain")}</p> })}
            <div class="row">
                {can_go_on.then(|| view! {
                    <Button kind=ButtonKind::Primary loading=busy
                        on_press=move |()| found.go_on(handle.get_value())>{t("import.runs.goOn")}</Button>
                })}
                {may_take_over.then(|| view! {
                    <Button loading=busy on_press=move |()| found.leave(handle.get_value())>{t("import.runs.leave")}</Button>
                })}
                {(!may_take_over).then(|| view! {
                    <Button loading=busy on_press=move |()| found.look()>{t("import.runs.look")}</Button>
                })}
            </div>
        </Notice>
    }
}

/// Who, since when, how far, and when it was last heard of.
fn facts(run: &UnderWay) -> Vec<String> {
    let slices = run.slices;
    let (done, total) = (whole(slices.done.into()), whole(slices.total().into()));
    let (uncertain, waiting) = (whole(slices.uncertain.into()), whole(slices.waiting.into()));
    let mut facts = vec![
        t_with(
            "import.runs.since",
            &[("name", &run.by), ("began", &moment(&run.began_at))],
        ),
        t_with(
            "import.runs.howFar",
            &[
                ("done", &done),
                ("total", &total),
                ("uncertain", &uncertain),
                ("waiting", &waiting),
            ],
        ),
        t_count("import.runs.written", run.written, &[]),
    ];
    if !run.is_dead {
        facts.push(t_count("import.runs.sign", run.silent_seconds, &[]));
    }
    facts
}

/// "22 November 2026, 10:32", only the time where it was today; by the server's clock.
pub(super) fn moment(stamp: &str) -> String {
    words::moment_parts(stamp).map_or_else(
        || stamp.to_owned(),
        |(day, (year, month, of_month), time)| {
            if day == session().today {
                return time.to_owned();
            }
            let date = intl::date(&language(), year, month, Some(of_month));
            t_with("connections.moment", &[("date", &date), ("time", time)])
        },
    )
}
