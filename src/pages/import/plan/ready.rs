//! The plan: what would change, value by value, before anything does.

use super::confirm::Confirm;
use super::kinds::KindBoxes;
use crate::browser::document;
use crate::pages::import::filter::{Filter, first_look};
use crate::pages::import::period_name::words_of;
use crate::pages::import::rows::{TABLE_ID, ValueTable};
use crate::pages::import::state::{Verdict, verdict};
use crate::pages::import::{words, work};
use crate::pages::{PageTitle, problem_title};
use crate::route::Route;
use crate::text::{t, t_count, t_with};
use crate::widgets::{Button, ButtonKind, LinkButton, Notice, NoticeKind};
use leptos::prelude::*;
use tributary_exchange::questions::import::{FailedSlice, PeriodChoice, PlanSummary, RowKind};

/// Failed parts that are listed; more are counted.
const FAILED_LISTED: usize = 20;

#[component]
pub(super) fn Ready(exchange: String) -> impl IntoView {
    let (plan, periods) = work::work().with_untracked(|work| {
        (
            work.phase.plan().cloned().unwrap_or_default(),
            work.periods.clone(),
        )
    });
    let verdict = verdict(&plan);
    let filter = RwSignal::new(first_look(&plan.counts));
    let is_asking = RwSignal::new(false);
    let title = match verdict {
        Verdict::ToSend(_) => t("import.planTitle"),
        Verdict::OnlyEdited(_) => t("import.onlyEdited"),
        Verdict::OnlyCleared(_) => t("import.onlyCleared"),
        Verdict::UpToDate => t("import.upToDate"),
        Verdict::NothingSendable => t("import.nothingSendable"),
        Verdict::NothingThere => t("import.nothingThere"),
        Verdict::NothingRead => t("import.nothingRead"),
    };
    let period_names: Vec<String> = plan
        .periods
        .iter()
        .map(|id| words_of(id, &periods))
        .collect();
    let lead = t_with(
        "import.planLead",
        &[
            ("exchange", &plan.exchange_name),
            ("source", &plan.source_name),
            ("periods", &period_names.join(", ")),
        ],
    );
    let is_open = verdict == Verdict::NothingSendable;
    let has_rows = plan.counts.pulled + plan.counts.cleared > 0;
    let back = Route::ImportScope { exchange }.href();
    let blocked = plan.blocked_by.clone();
    let counts = plan.counts;
    let edited_text = if plan.overwrite_edited {
        "import.editedTextOffered"
    } else {
        "import.editedText"
    };
    let stopped = plan.stopped;
    let failed = plan.failed_slices.clone();
    let is_whole = !stopped && failed.is_empty();
    let read_words = t_count(
        "import.planRead",
        counts.pulled,
        &[("units", &unit_words(&plan))],
    );
    let joined = [
        ("import.combinedLine", counts.combined),
        ("import.incompleteLine", plan.incomplete),
    ];
    let joined = joined
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(key, count)| t_count(key, count, &[]));
    let joined: Vec<String> = joined.collect();
    let cleared_text = match (counts.to_delete, plan.delete_cleared) {
        (0, _) => t("import.clearedTextKept"),
        (count, true) => t_count("import.clearedTextOffered", count, &[]),
        (count, false) => t_count("import.clearedText", count, &[]),
    };
    let bar = match verdict {
        Verdict::ToSend(count) => {
            let label = t_count("import.importButton", count, &[]);
            view! {
                <Button kind=ButtonKind::Primary id="import-confirm" on_press=move |()| is_asking.set(true)>{label}</Button>
            }
            .into_any()
        }
        Verdict::OnlyEdited(count) | Verdict::OnlyCleared(count) => {
            let href = Route::Import.href();
            let key = if matches!(verdict, Verdict::OnlyEdited(_)) {
                "import.overwriteButton"
            } else {
                "import.deleteButton"
            };
            view! {
                <LinkButton href>{t("import.done")}</LinkButton>
                <Button id="import-confirm" on_press=move |()| is_asking.set(true)>{t_count(key, count, &[])}</Button>
            }
            .into_any()
        }
        _ => {
            let href = Route::Import.href();
            view! { <LinkButton href>{t("import.done")}</LinkButton> }.into_any()
        }
    };
    view! {
        <div class="page">
            <PageTitle title/>
            <p class="page-lead">{lead}</p>
            <p>{read_words}" "{joined.join(" ")}</p>
            {stopped.then(|| view! {
                <Notice kind=NoticeKind::Warning title=t("import.stoppedTitle")>
                    <p>{t("import.stoppedText")}</p>
                </Notice>
            })}
            {(!failed.is_empty()).then(|| view! { <FailedParts failed periods/> })}
            {(!is_whole).then(|| view! {
                <Button on_press=move |()| work::read_again()>{t("import.readAgain")}</Button>
            })}
            {(counts.edited_here > 0).then(|| view! {
                <Notice kind=NoticeKind::Info title=t_count("import.editedTitle", counts.edited_here, &[])>
                    <p>{t(edited_text)}</p>
                </Notice>
            })}
            {(counts.cleared > 0).then(|| view! {
                <Notice kind=NoticeKind::Info title=t_count("import.clearedTitle", counts.cleared, &[])>
                    <p>{cleared_text}</p>
                </Notice>
            })}
            {has_rows.then(|| view! {
                <KindBoxes counts filter/>
                {(!blocked.is_empty()).then(|| view! { <Reasons blocked filter is_open/> })}
                <ValueTable caption=t("import.planTable") filter/>
            })}
        </div>
        <div class="bottom-bar">
            {bar}
            <LinkButton kind=ButtonKind::Secondary href=back>{t("import.changeChoice")}</LinkButton>
        </div>
        <Confirm plan open=is_asking/>
    }
}

fn unit_words(plan: &PlanSummary) -> String {
    t_count("import.orgUnitCount", u64::from(plan.org_units), &[])
}

/// Why values are not sent, each with its rows.
#[component]
fn Reasons(
    blocked: Vec<(String, u64)>,
    filter: RwSignal<Filter>,
    /// Nothing else is to be seen, so the reasons are.
    is_open: bool,
) -> impl IntoView {
    let total = blocked.iter().map(|(_, count)| count).sum();
    let entries = blocked.into_iter().map(|(code, count)| {
        let reason = words::reason(&code);
        let label = t_with("import.showRowsOf", &[("reason", &reason)]);
        let own = code.clone();
        let is_shown = move || filter.with(|filter| filter.code == own);
        let toggle = move |_| {
            filter.update(|filter| {
                *filter = if filter.code == code {
                    Filter::kinds([RowKind::Blocked])
                } else {
                    Filter::kinds([RowKind::Blocked]).with_code(&code)
                };
            });
            document::reveal(TABLE_ID);
        };
        view! {
            <li class="import-reason-line">
                <span class="import-reason-count">{words::values(count)}</span>
                <span>{reason}</span>
                <button type="button" class="button button-secondary button-small" aria-label=label
                    aria-pressed=move || is_shown().to_string() on:click=toggle>{t("import.showRows")}</button>
            </li>
        }
    });
    let entries = entries.collect_view();
    view! {
        <details class="card import-why" open=is_open>
            <summary>{t_count("import.blockedTitle", total, &[])}</summary>
            <ul class="import-reasons">{entries}</ul>
        </details>
    }
}

/// The parts that could not be read.
#[component]
fn FailedParts(failed: Vec<FailedSlice>, periods: Vec<PeriodChoice>) -> impl IntoView {
    let count = u64::try_from(failed.len()).unwrap_or(u64::MAX);
    let more = failed.len().saturating_sub(FAILED_LISTED);
    let entries = failed.into_iter().take(FAILED_LISTED).map(|slice| {
        let parts = [
            slice.data_set,
            words_of(&slice.period, &periods),
            t_count("import.orgUnitCount", u64::from(slice.org_units), &[]),
        ];
        view! { <li>{parts.join(" · ")}": "{problem_title(&slice.problem)}</li> }
    });
    let entries = entries.collect_view();
    view! {
        <Notice kind=NoticeKind::Error announce=true title=t_count("import.failedTitle", count, &[])>
            <p>{t("import.failedText")}</p>
            <ul class="import-list">{entries}</ul>
            {(more > 0).then(|| view! {
                <p>{t_count("import.failedMore", u64::try_from(more).unwrap_or(u64::MAX), &[])}</p>
            })}
        </Notice>
    }
}
