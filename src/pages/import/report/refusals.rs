//! What was refused and why, by the server's code: our words, its code, and the rows.

use crate::browser::document;
use crate::pages::import::filter::Filter;
use crate::pages::import::rows::TABLE_ID;
use crate::pages::import::words;
use crate::text::{t, t_with, whole};
use leptos::prelude::*;
use tributary_exchange::questions::import::{Refusals, RowOutcome};

#[component]
pub(super) fn RefusalTable(
    /// The refusals, the most frequent first.
    refusals: Vec<Refusals>,
    /// What is looked at, both ways.
    filter: RwSignal<Filter>,
) -> impl IntoView {
    let rows = refusals.into_iter().map(|refusal| {
        let reason = words::refusal(&refusal.code, &refusal.message);
        let label = t_with("import.showRowsOf", &[("reason", &reason)]);
        let own_words = (reason != refusal.message).then(|| refusal.message.clone());
        let wanted = Filter::outcomes([RowOutcome::Rejected]).with_code(&refusal.code);
        let own = wanted.clone();
        let is_shown = move || filter.with(|filter| *filter == own);
        view! {
            <tr>
                <th scope="row">
                    <span>{reason}</span>
                    {own_words.filter(|words| !words.is_empty()).map(|words| view! { <span class="muted import-own-words">{words}</span> })}
                </th>
                <td>{refusal.code}</td>
                <td class="number">{whole(refusal.count)}</td>
                <td>
                    <button type="button" class="button button-secondary button-small" aria-label=label
                        aria-pressed=move || is_shown().to_string()
                        on:click=move |_| {
                            filter.set(wanted.clone());
                            document::reveal(TABLE_ID);
                        }>{t("import.showRows")}</button>
                </td>
            </tr>
        }
    });
    view! {
        <div class="stack import-refusals">
            <h2 id="import-refusals">{t("import.refusalsTitle")}</h2>
            <div class="table-scroll" tabindex="0" role="region" aria-labelledby="import-refusals">
                <table class="table">
                    <thead><tr>
                        <th scope="col">{t("import.refusalWhy")}</th>
                        <th scope="col">{t("import.refusalCode")}</th>
                        <th scope="col" class="number">{t("import.refusalCount")}</th>
                        <th scope="col"><span class="visually-hidden">{t("import.showRows")}</span></th>
                    </tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </div>
    }
}
