//! The question before anything is written: how many values, from where, to where.

use crate::pages::import::period_name::words_of;
use crate::pages::import::state::{offered, to_send};
use crate::pages::import::{session, words, work};
use crate::text::{t, t_count, t_with};
use crate::widgets::{Button, ButtonKind, Checkbox, Dialog};
use leptos::prelude::*;
use tributary_exchange::questions::import::{PlanSummary, SendPlan};

/// Periods that the sentence names; more are counted.
const PERIODS_NAMED: usize = 6;

#[component]
pub(super) fn Confirm(
    /// What is to be confirmed.
    plan: PlanSummary,
    /// Whether the question is asked, both ways.
    open: RwSignal<bool>,
) -> impl IntoView {
    let before = work::work().with_untracked(|work| work.confirmed_before);
    let first = before.unwrap_or_else(|| offered(&plan));
    let overwrite = RwSignal::new(first.overwrite);
    let overwrite_edited = RwSignal::new(first.overwrite_edited);
    let delete_cleared = RwSignal::new(first.delete_cleared);
    let confirmed = move || SendPlan {
        overwrite: overwrite.get(),
        overwrite_edited: overwrite_edited.get(),
        delete_cleared: delete_cleared.get(),
    };
    let server = session().server_name;
    let (changed, edited) = (plan.counts.changed, plan.counts.edited_here);
    let to_delete = plan.counts.to_delete;
    let periods = work::work().with_untracked(|work| {
        let names: Vec<String> = plan
            .periods
            .iter()
            .take(PERIODS_NAMED)
            .map(|id| words_of(id, &work.periods))
            .collect();
        let more =
            u64::try_from(plan.periods.len().saturating_sub(PERIODS_NAMED)).unwrap_or_default();
        if more == 0 {
            names.join(", ")
        } else {
            t_count("import.andMore", more, &[("names", &names.join(", "))])
        }
    });
    let units = t_count("import.orgUnitCount", u64::from(plan.org_units), &[]);
    let plan = StoredValue::new(plan);
    let count = Memo::new(move |_| plan.with_value(|plan| to_send(plan, &confirmed())));
    let sentence = move || {
        let source = plan.with_value(|plan| plan.source_name.clone());
        let deletions = if delete_cleared.get() { to_delete } else { 0 };
        let values = words::values(count.get() - deletions.min(count.get()));
        let names: [(&str, &str); 5] = [
            ("values", &values),
            ("source", &source),
            ("server", &server),
            ("periods", &periods),
            ("units", &units),
        ];
        let into = t_with("import.confirmSentence", &names);
        if deletions == 0 {
            return into;
        }
        let deleted = t_count("import.confirmDeletes", deletions, &[("server", &server)]);
        format!("{into} {deleted}")
    };
    let sentence = StoredValue::new(sentence);
    let reason = Signal::derive(move || {
        if count.get() == 0 {
            t("import.confirmNothing")
        } else {
            String::new()
        }
    });
    let actions = move || {
        view! {
            <Button on_press=move |()| open.set(false)>{t("import.confirmNo")}</Button>
            <Button kind=ButtonKind::Primary disabled_reason=reason on_press=move |()| {
                open.set(false);
                work::send(untrack(confirmed));
            }>{t("import.confirmYes")}</Button>
        }
    };
    view! {
        <Dialog open=open on_close=move |()| open.set(false) title=t("import.confirmTitle") actions=actions>
            <p role="status">{move || sentence.with_value(|sentence| sentence())}</p>
            {(changed > 0).then(|| view! {
                <Checkbox label=Signal::stored(t_count("import.confirmOverwrite", changed, &[]))
                    checked=overwrite on_change=move |to| overwrite.set(to)/>
            })}
            {(edited > 0).then(|| view! {
                <Checkbox label=Signal::stored(t_count("import.confirmOverwriteEdited", edited, &[]))
                    checked=overwrite_edited on_change=move |to| overwrite_edited.set(to)/>
            })}
            {(to_delete > 0).then(|| view! {
                <Checkbox label=Signal::stored(t_count("import.confirmDelete", to_delete, &[]))
                    checked=delete_cleared on_change=move |to| delete_cleared.set(to)/>
            })}
            <p>{t("import.confirmSafe")}</p>
        </Dialog>
    }
}
