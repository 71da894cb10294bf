//! What an import did: in one sentence, as a sum that comes out even, refusal by refusal, and
//! row by row; and how to go on from there.

mod accounting;
mod csv;
mod refusals;

use super::filter::Filter;
use super::left_over::moment;
use super::period_name::words_of;
use super::plan::{LogIn, share};
use super::rows::ValueTable;
use super::state::{Phase, Stand};
use super::work::{self, SentBack};
use super::{ImportSteps, session, stand_here, words};
use crate::ask::ask;
use crate::browser::{clock, download};
use crate::pages::{PageTitle, ProblemNotice};
use crate::route::Route;
use crate::text::{t, t_count, t_with, whole};
use crate::widgets::{Button, ButtonKind, Notice, NoticeKind};
use accounting::{Accounting, Headline, account, can_continue, first_look, headline};
use leptos::prelude::*;
use leptos::task::spawn_local;
use refusals::RefusalTable;
use tributary_exchange::problem::{Problem, ProblemSide};
use tributary_exchange::questions::import::{ReportCsv, RunReport};
use tributary_exchange::questions::runs::EarlierPart;

#[component]
pub(super) fn ImportReport(
    /// The exchange.
    exchange: String,
) -> impl IntoView {
    let id = StoredValue::new(exchange);
    let is_report = |place: &Route| matches!(place, Route::ImportReport { .. });
    let stand = stand_here(id, is_report, SentBack::NoReport);
    move || {
        let report = work::work().with_untracked(|work| match &work.phase {
            Phase::Reported(report) => Some((**report).clone()),
            _ => None,
        });
        match (stand.get(), report) {
            (Stand::Reported, Some(report)) => {
                let exchange = id.get_value();
                view! { <ImportSteps exchange current=3 may_go_back=true/><Report report/> }
                    .into_any()
            }
            _ => ().into_any(),
        }
    }
}

#[component]
fn Report(report: RunReport) -> impl IntoView {
    let accounting = account(&report);
    let filter = RwSignal::new(first_look(&report));
    let problem = RwSignal::new(None::<Problem>);
    let is_loading = RwSignal::new(false);
    let headline = headline(&report);
    let continues = can_continue(&report);
    let name = StoredValue::new(report.plan.exchange_name.clone());
    let today = StoredValue::new(today());
    let save = move |()| {
        is_loading.set(true);
        let today = today.get_value();
        spawn_local(async move {
            let answer = ask(&ReportCsv {
                words: csv::file_words(),
            })
            .await;
            is_loading.try_set(false);
            match answer {
                Ok(text) => {
                    let name = name
                        .try_with_value(|name| csv::file_name(name, &today))
                        .unwrap_or_default();
                    download::download(&name, "text/csv;charset=utf-8", text.as_bytes());
                }
                Err(failed) => {
                    problem.try_set(Some(failed));
                }
            }
        });
    };
    // The address follows the reading that begins.
    let again = move |()| work::read_again();
    let refusals = report.refusals.clone();
    // An interrupted one is remembered when it goes on.
    let is_forgotten = report.not_remembered.is_some() && report.ended_by.is_none();
    let not_announced = report.not_announced.is_some();
    let earlier = report.earlier.clone();
    // A row for each cell, the values that were deleted at the source among them.
    let cells = accounting.read.saturating_sub(accounting.combined) + report.plan.counts.cleared;
    let rows = t_count("import.download", cells, &[]);
    view! {
        <div class="page">
            <PageTitle title=t(headline_key(headline))/>
            <p class="page-lead">{lead(&report)}</p>
            <Ending headline report=report.clone()/>
            {is_forgotten.then(|| view! {
                <Notice kind=NoticeKind::Warning title=t("import.notRememberedTitle")>
                    <p>{t("import.notRememberedText")}</p>
                </Notice>
            })}
            {not_announced.then(|| view! {
                <Notice kind=NoticeKind::Warning title=t("import.notAnnouncedTitle")>
                    <p>{t("import.notAnnouncedText")}</p>
                </Notice>
            })}
            {earlier.map(|earlier| view! { <Earlier earlier/> })}
            <Sum accounting filter/>
            {(!refusals.is_empty()).then(|| view! { <RefusalTable refusals filter/> })}
            <section class="stack" aria-labelledby="import-rows">
                <div class="row row-spread">
                    <h2 id="import-rows">{t("import.rowsTitle")}</h2>
                    <Button on_press=save loading=is_loading>{rows}</Button>
                </div>
                {move || problem.get().map(|problem| view! { <ProblemNotice problem/> })}
                <ValueTable caption=t("import.reportTable") filter/>
            </section>
        </div>
        <div class="bottom-bar">
            {if continues {
                view! {
                    <Button kind=ButtonKind::Primary on_press=move |()| work::send_on()>{t("import.continue")}</Button>
                    <Button on_press=again>{t("import.again")}</Button>
                    <Button kind=ButtonKind::Secondary on_press=move |()| Route::Import.go()>{t("import.done")}</Button>
                }.into_any()
            } else {
                view! {
                    <Button kind=ButtonKind::Primary on_press=move |()| Route::Import.go()>{t("import.done")}</Button>
                    <Button on_press=again>{t("import.again")}</Button>
                }.into_any()
            }}
        </div>
    }
}

/// The server's date, for the name of the file.
fn today() -> String {
    let today = session().today;
    if today.is_empty() {
        clock::today()
    } else {
        today
    }
}

fn headline_key(headline: Headline) -> &'static str {
    match headline {
        Headline::Interrupted => "import.headInterrupted",
        Headline::Stopped => "import.headStopped",
        Headline::Refused => "import.headRefused",
        Headline::Unsure => "import.headUnsure",
        Headline::HeldBack => "import.headHeldBack",
        Headline::Arrived => "import.headArrived",
    }
}

/// "312 of 314 values arrived. Malaria monthly, October 2026, from …".
fn lead(report: &RunReport) -> String {
    let periods = work::work().with_untracked(|work| {
        let names: Vec<String> = report
            .plan
            .periods
            .iter()
            .map(|id| words_of(id, &work.periods))
            .collect();
        names.join(", ")
    });
    let (written, confirmed) = (
        whole(report.outcomes.written),
        words::values(report.outcomes.confirmed),
    );
    let names: [(&str, &str); 5] = [
        ("written", &written),
        ("values", &confirmed),
        ("exchange", &report.plan.exchange_name),
        ("periods", &periods),
        ("source", &report.plan.source_name),
    ];
    t_with("import.reportLead", &names)
}

/// Why it ended before its end, what is safe, and how to go on.
#[component]
fn Ending(headline: Headline, report: RunReport) -> impl IntoView {
    let notice = |kind: NoticeKind, title: &str, text: &str| {
        let text = t(text);
        view! { <Notice kind title=t(title)><p>{text}</p></Notice> }.into_any()
    };
    match headline {
        Headline::Interrupted => {
            let problem = report.ended_by;
            let log_in = problem
                .as_ref()
                .map(|problem| view! { <LogIn problem=problem.clone()/> });
            view! {
                <div class="stack">
                    {problem.map(|problem| view! { <ProblemNotice problem/> })}
                    <p>{t("import.whatIsSafe")}</p>
                    {log_in}
                </div>
            }
            .into_any()
        }
        Headline::Stopped => notice(
            NoticeKind::Warning,
            "import.stoppedHere",
            "import.whatIsSafe",
        ),
        Headline::Unsure => notice(
            NoticeKind::Warning,
            "import.unsureTitle",
            "import.unsureText",
        ),
        Headline::HeldBack => notice(
            NoticeKind::Info,
            "import.heldBackTitle",
            "import.heldBackText",
        ),
        Headline::Arrived | Headline::Refused => ().into_any(),
    }
}

/// What was done before the interruption that this import went on after.
#[component]
fn Earlier(earlier: EarlierPart) -> impl IntoView {
    // What was not read back any more is not counted.
    let title = if earlier.written == 0 {
        t("import.earlierUnknown")
    } else {
        t_count("import.earlierTitle", earlier.written, &[])
    };
    let began = moment(&earlier.began_at);
    view! {
        <Notice kind=NoticeKind::Info title>
            <p>{t_with("import.earlierText", &[("began", &began)])}</p>
        </Notice>
    }
}

/// The sum: what was read, and where every value of it went.
#[component]
fn Sum(accounting: Accounting, filter: RwSignal<Filter>) -> impl IntoView {
    let read = accounting.read;
    let beside = [
        ("import.combinedLine", accounting.combined),
        ("import.deletedHere", accounting.deletions),
    ];
    let beside = beside
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(key, count)| view! { <p>{t_count(key, count, &[])}</p> })
        .collect_view();
    let shares = accounting.terms.iter().filter_map(|(term, count)| {
        let width = share(*count, read)?;
        Some(view! { <div class=format!("import-share {}", term.class()) style:width=width></div> })
    });
    let shares = shares.collect_view();
    let adds_up = accounting.adds_up;
    let boxes = accounting.terms.into_iter().filter(|(_, count)| *count > 0).map(|(term, count)| {
        let is_shown = move || filter.with(|filter| *filter == term.filter());
        view! {
            <li>
                <button type="button" class=format!("import-box {}", term.class())
                    aria-pressed=move || is_shown().to_string()
                    on:click=move |_| {
                        let next = if untrack(is_shown) { Filter::default() } else { term.filter() };
                        filter.set(next);
                    }>
                    <span class="import-box-number">{whole(count)}</span>
                    <span class="import-box-name">{t(term.key())}</span>
                </button>
            </li>
        }
    });
    view! {
        <section class="stack" aria-labelledby="import-sum">
            <h2 id="import-sum">{t_count("import.sumTitle", read, &[])}</h2>
            {(!adds_up).then(|| view! { <ProblemNotice problem=Problem::of(ProblemSide::App, "unaccounted")/> })}
            {beside}
            <ul class="import-boxes import-sum">{boxes.collect_view()}</ul>
            <div class="import-shares" aria-hidden="true">{shares}</div>
            <p class="muted">{t("import.kindsHelp")}</p>
        </section>
    }
}
