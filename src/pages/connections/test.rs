//! Testing a connection, and what the test found: release, account, what that account may
//! see, and what is wrong with it.

use crate::ask::ask;
use crate::pages::ProblemNotice;
use crate::text::{t, t_count, t_with};
use crate::widgets::{Loader, LoaderSize, Notice, NoticeKind};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::problem::Problem;
use tributary_exchange::questions::connections::{ConnectionTest, TestConnection};

/// Org units that are named; more are counted.
const NAMED: usize = 8;

/// Where a test stands.
#[derive(Clone, Debug, Default)]
pub(super) enum TestState {
    /// Not tested since the screen is there.
    #[default]
    Untried,
    /// On its way.
    Running,
    /// It works.
    Passed(ConnectionTest),
    /// It does not.
    Failed(Problem),
}

/// A test that can be run, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Tester {
    pub(super) state: RwSignal<TestState>,
    pub(super) run: Callback<()>,
    pub(super) running: Signal<bool>,
}

/// The test of a connection.
pub(super) fn tester(id: String) -> Tester {
    let state = RwSignal::new(TestState::Untried);
    let run = Callback::new(move |()| {
        let question = TestConnection { id: id.clone() };
        state.set(TestState::Running);
        spawn_local(async move {
            let answer = ask(&question).await;
            state.set(answer.map_or_else(TestState::Failed, TestState::Passed));
        });
    });
    let running = Signal::derive(move || state.with(|state| matches!(state, TestState::Running)));
    Tester {
        state,
        run,
        running,
    }
}

/// What the test found; nothing before it was run.
#[component]
pub(super) fn TestResult(tester: Tester) -> impl IntoView {
    let waiting = move || {
        tester.running.get().then(|| {
            view! { <Loader label=t("connections.test.running") size=LoaderSize::Small/> }
        })
    };
    // The status region is there from the start, or what comes up in it is not said.
    view! {
        <div class="test-result" role="status">{waiting}</div>
        <div class="test-result" aria-live="polite">
            {move || match tester.state.get() {
                TestState::Untried | TestState::Running => ().into_any(),
                TestState::Passed(found) => view! { <Found found/> }.into_any(),
                TestState::Failed(problem) => view! { <ProblemNotice problem/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Found(found: ConnectionTest) -> impl IntoView {
    let title = t_with(
        "connections.test.passed",
        &[("release", &found.source_release)],
    );
    let units = names_of(&found.org_units);
    let superuser = found.superuser.then(|| {
        t_with(
            "connections.test.superuserText",
            &[("account", &found.username)],
        )
    });
    let calendar = found
        .other_calendar
        .map(|calendar| t_with("connections.test.calendarText", &[("calendar", &calendar)]));
    view! {
        <div class="stack">
            <Notice kind=NoticeKind::Valid title>
                <dl class="facts">
                    <div><dt>{t("connections.facts.system")}</dt><dd>{found.source_name}</dd></div>
                    <div><dt>{t("connections.facts.account")}</dt><dd>{found.username}</dd></div>
                    <div><dt>{t("connections.facts.orgUnits")}</dt><dd>{units}</dd></div>
                </dl>
            </Notice>
            {found.newer_than_known.then(|| view! {
                <Notice kind=NoticeKind::Warning title=t("connections.test.newerTitle")><p>{t("connections.test.newerText")}</p></Notice>
            })}
            {superuser.map(|text| view! {
                <Notice kind=NoticeKind::Warning title=t("connections.test.superuserTitle")><p>{text}</p></Notice>
            })}
            {calendar.map(|text| view! {
                <Notice kind=NoticeKind::Warning title=t("connections.test.calendarTitle")><p>{text}</p></Notice>
            })}
        </div>
    }
}

fn names_of(units: &[String]) -> String {
    if units.is_empty() {
        return t("connections.test.noOrgUnits");
    }
    let named = units
        .iter()
        .take(NAMED)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let more = u64::try_from(units.len().saturating_sub(NAMED)).unwrap_or_default();
    if more == 0 {
        return named;
    }
    t_count("connections.test.moreOrgUnits", more, &[("names", &named)])
}
