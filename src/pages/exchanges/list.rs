//! All exchanges.

use super::delete::DeleteExchangeDialog;
use super::rule::rule_in_words;
use crate::browser::document;
use crate::pages::{MissingRight, PageTitle, load, may_configure, screen_alert, shown};
use crate::route::Route;
use crate::text::{t, t_with, whole};
use crate::widgets::{
    Alert, AlertBar, AlertKind, Button, ButtonKind, EmptyState, IconKind, LinkButton,
};
use leptos::prelude::*;
use tributary_exchange::questions::exchanges::{ExchangeSummary, ListExchanges};

/// The screen.
#[component]
pub fn ExchangesPage() -> impl IntoView {
    if !may_configure() {
        return view! { <MissingRight title=t("exchanges.title")/> }.into_any();
    }
    let alert = screen_alert();
    let loading = load(ListExchanges {});
    let on_deleted = Callback::new(move |name: String| {
        let text = t_with("exchanges.deleted", &[("name", &name)]);
        alert.set(Some(Alert {
            kind: AlertKind::Success,
            text,
        }));
        // After the dialog has closed, which gives the focus to a button that goes away.
        request_animation_frame(|| document::focus("page-title"));
        loading.again.run(());
    });
    let list = shown(loading, t("exchanges.loading"), move |exchanges| {
        if exchanges.is_empty() {
            return view! { <NoExchanges/> }.into_any();
        }
        let cards = exchanges
            .into_iter()
            .map(|exchange| view! { <ExchangeCard exchange on_deleted/> });
        view! {
            <LinkButton kind=ButtonKind::Primary href=Route::ExchangeNew.href()>{t("exchanges.add")}</LinkButton>
            <ul class="object-list">{cards.collect_view()}</ul>
        }
        .into_any()
    });
    view! {
        <div class="page">
            <PageTitle title=t("exchanges.title")/>
            <p class="page-lead">{t("exchanges.lead")}</p>
            {list}
            <AlertBar alert/>
        </div>
    }
    .into_any()
}

#[component]
fn NoExchanges() -> impl IntoView {
    view! {
        <EmptyState icon=IconKind::Exchange title=t("exchanges.emptyTitle") text=t("exchanges.emptyText")>
            <LinkButton kind=ButtonKind::Primary href=Route::ExchangeNew.href()>{t("exchanges.add")}</LinkButton>
        </EmptyState>
    }
}

#[component]
fn ExchangeCard(exchange: ExchangeSummary, on_deleted: Callback<String>) -> impl IntoView {
    let deleting = RwSignal::new(false);
    let name = StoredValue::new(exchange.name.clone());
    // Which of many buttons of the same name it is, for those who do not see the card around it.
    let about = move || view! { <span class="visually-hidden">" "{name.get_value()}</span> };
    let run = Route::ImportScope {
        exchange: exchange.id.clone(),
    };
    let edit = Route::ExchangeEdit {
        id: exchange.id.clone(),
    };
    let source = if exchange.connection_name.is_empty() {
        t("exchanges.facts.noConnection")
    } else {
        exchange.connection_name.clone()
    };
    let data_sets = whole(u64::from(exchange.data_sets));
    let periods = rule_in_words(&exchange.period_rule);
    view! {
        <li class="card object-card">
            <h2><a href=edit.href()>{name.get_value()}</a></h2>
            <dl class="facts">
                <div><dt>{t("exchanges.facts.source")}</dt><dd>{source}</dd></div>
                <div><dt>{t("exchanges.facts.dataSets")}</dt><dd>{data_sets}</dd></div>
                <div><dt>{t("exchanges.facts.periods")}</dt><dd>{periods}</dd></div>
            </dl>
            <div class="row">
                <LinkButton href=run.href() small=true>{t("exchanges.run")}{about()}</LinkButton>
                <LinkButton href=edit.href() small=true>{t("exchanges.edit")}{about()}</LinkButton>
                <Button small=true on_press=move |()| deleting.set(true)>{t("exchanges.delete.button")}{about()}</Button>
            </div>
            <DeleteExchangeDialog exchange open=deleting
                on_deleted=move |()| on_deleted.run(name.get_value())/>
        </li>
    }
}
