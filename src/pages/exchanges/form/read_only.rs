//! An exchange for those who may run it and not change it.

use super::state::{data_set_entries, tree_of};
use crate::pages::exchanges::rule::rule_in_words;
use crate::route::Route;
use crate::text::{t, t_with};
use crate::widgets::{LinkButton, Notice, NoticeKind};
use leptos::prelude::*;
use tributary_exchange::questions::exchanges::{ExchangeForm, OrgUnitScope};

#[component]
pub(super) fn ReadOnlyExchange(form: ExchangeForm) -> impl IntoView {
    let exchange = form.exchange;
    let offer = form
        .connections
        .iter()
        .find(|offer| offer.connection.id == exchange.connection);
    let connection = offer
        .map(|offer| offer.connection.name.clone())
        .unwrap_or_default();
    let data_sets = data_set_entries(offer, &exchange.data_sets)
        .into_iter()
        .filter(|(id, _)| exchange.data_sets.contains(id))
        .map(|(id, name)| name.unwrap_or_else(|| t_with("exchanges.form.unmapped", &[("id", &id)])))
        .collect::<Vec<_>>()
        .join(", ");
    let tree = tree_of(&form.org_units);
    let org_units = match &exchange.scope {
        OrgUnitScope::AllMapped => t("exchanges.form.allOrgUnits"),
        OrgUnitScope::Below(units) => {
            let name = |id: &String| {
                tree.find(id)
                    .and_then(|node| tree.unit(node))
                    .map(|unit| unit.name.clone())
            };
            units
                .iter()
                .map(|id| name(id).unwrap_or_else(|| id.clone()))
                .collect::<Vec<_>>()
                .join(", ")
        }
    };
    let edited = if exchange.overwrite_edited {
        t("exchanges.form.editedOverwrite")
    } else {
        t("exchanges.form.editedKeep")
    };
    let cleared = if exchange.delete_cleared {
        t("exchanges.form.clearedDelete")
    } else {
        t("exchanges.form.clearedKeep")
    };
    let run = Route::ImportScope {
        exchange: exchange.id,
    };
    view! {
        <Notice kind=NoticeKind::Info title=t("exchanges.form.readOnlyTitle")>
            <p>{t("exchanges.form.readOnlyText")}</p>
        </Notice>
        <section class="card stack">
            <h2>{exchange.name}</h2>
            <dl class="facts">
                <div><dt>{t("exchanges.facts.source")}</dt><dd>{connection}</dd></div>
                <div><dt>{t("exchanges.facts.dataSets")}</dt><dd>{data_sets}</dd></div>
                <div><dt>{t("exchanges.facts.periods")}</dt><dd>{rule_in_words(&exchange.period_rule)}</dd></div>
                <div><dt>{t("exchanges.form.orgUnits")}</dt><dd>{org_units}</dd></div>
                <div><dt>{t("exchanges.form.edited")}</dt><dd>{edited}</dd></div>
                <div><dt>{t("exchanges.form.cleared")}</dt><dd>{cleared}</dd></div>
            </dl>
            <LinkButton href=run.href()>{t("exchanges.run")}</LinkButton>
        </section>
    }
}
