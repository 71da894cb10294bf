//! When reading or sending ended without what it was for.

use crate::browser::boot;
use crate::pages::import::left_over::LeftOver;
use crate::pages::import::state::{Phase, can_go_on, is_in_the_way};
use crate::pages::import::work;
use crate::pages::{PageTitle, ProblemNotice};
use crate::route::Route;
use crate::text::t;
use crate::widgets::{Button, ButtonKind, LinkButton};
use leptos::prelude::*;
use tributary_exchange::problem::Problem;

/// Reading ended without a plan.
#[component]
pub(super) fn Unread(exchange: String) -> impl IntoView {
    let problem = work::work().with_untracked(|work| match &work.phase {
        Phase::Failed(problem) => Some((**problem).clone()),
        _ => None,
    });
    let log_in = problem
        .as_ref()
        .map(|problem| view! { <LogIn problem=problem.clone()/> });
    let back = Route::ImportScope { exchange }.href();
    view! {
        <div class="page page-narrow">
            <PageTitle title=t("import.unreadTitle")/>
            <p>{t("import.unreadSafe")}</p>
            {problem.map(|problem| view! { <ProblemNotice problem/> })}
            {log_in}
            <div class="row">
                <Button kind=ButtonKind::Primary on_press=move |()| work::read_again()>{t("import.readAgain")}</Button>
                <LinkButton href=back>{t("import.changeChoice")}</LinkButton>
            </div>
        </div>
    }
}

/// Sending ended without a report.
#[component]
pub(super) fn Broken() -> impl IntoView {
    let (problem, exchange, periods) = work::work().with_untracked(|work| {
        let problem = match &work.phase {
            Phase::Broken(_, problem) => Some((**problem).clone()),
            _ => None,
        };
        (problem, work.asked.exchange.clone(), work.periods.clone())
    });
    // Somebody else's import is in the way, or one that was cut off.
    let others = problem
        .as_ref()
        .filter(|problem| is_in_the_way(problem))
        .map(|_| view! { <LeftOver exchange periods/> });
    let goes_on = problem.as_ref().is_some_and(can_go_on);
    let log_in = problem
        .as_ref()
        .map(|problem| view! { <LogIn problem=problem.clone()/> });
    view! {
        <div class="page page-narrow">
            <PageTitle title=t("import.brokenTitle")/>
            {problem.map(|problem| view! { <ProblemNotice problem/> })}
            {others}
            <p>{t("import.whatIsSafe")}</p>
            {log_in}
            <div class="row">
                {if goes_on {
                    view! {
                        <Button kind=ButtonKind::Primary on_press=move |()| work::send_on()>{t("import.continue")}</Button>
                    }.into_any()
                } else {
                    view! {
                        <Button kind=ButtonKind::Primary on_press=move |()| work::read_again()>{t("import.readAgain")}</Button>
                    }.into_any()
                }}
            </div>
        </div>
    }
}

/// Where to log in again, when that is what is needed. Another tab, so that the plan stays here.
#[component]
pub(in crate::pages::import) fn LogIn(problem: Problem) -> impl IntoView {
    (problem.kind == "loggedOut").then(|| {
        view! {
            <p>
                {t("import.logInFirst")}" "
                <a href=boot::boot().base target="_blank" rel="noreferrer">{t("import.logIn")}</a>
            </p>
        }
    })
}
