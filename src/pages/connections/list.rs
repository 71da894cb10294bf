//! All connections.

use super::card::ConnectionCard;
use crate::browser::document;
use crate::pages::{MissingRight, PageTitle, load, may_configure, screen_alert, shown};
use crate::route::Route;
use crate::text::{t, t_with};
use crate::widgets::{Alert, AlertBar, AlertKind, ButtonKind, EmptyState, IconKind, LinkButton};
use leptos::prelude::*;
use tributary_exchange::questions::connections::{ConnectionSummary, ListConnections};

/// The screen.
#[component]
pub fn ConnectionsPage() -> impl IntoView {
    if !may_configure() {
        return view! { <MissingRight title=t("connections.title")/> }.into_any();
    }
    let alert = screen_alert();
    let loading = load(ListConnections {});
    let on_deleted = Callback::new(move |name: String| {
        let text = t_with("connections.deleted", &[("name", &name)]);
        alert.set(Some(Alert {
            kind: AlertKind::Success,
            text,
        }));
        // After the dialog has closed, which gives the focus to a button that goes away.
        request_animation_frame(|| document::focus("page-title"));
        loading.again.run(());
    });
    let list = shown(loading, t("connections.loading"), move |connections| {
        if connections.is_empty() {
            return view! { <NoConnections/> }.into_any();
        }
        view! { <List connections on_deleted/> }.into_any()
    });
    view! {
        <div class="page">
            <PageTitle title=t("connections.title")/>
            <p class="page-lead">{t("connections.lead")}</p>
            {list}
            <AlertBar alert/>
        </div>
    }
    .into_any()
}

#[component]
fn List(connections: Vec<ConnectionSummary>, on_deleted: Callback<String>) -> impl IntoView {
    let cards = connections
        .into_iter()
        .map(|connection| view! { <ConnectionCard connection on_deleted/> });
    view! {
        <LinkButton kind=ButtonKind::Primary href=Route::ConnectionNew.href()>{t("connections.add")}</LinkButton>
        <ul class="object-list">{cards.collect_view()}</ul>
    }
}

#[component]
fn NoConnections() -> impl IntoView {
    view! {
        <EmptyState icon=IconKind::Link title=t("connections.emptyTitle") text=t("connections.emptyText")>
            <LinkButton kind=ButtonKind::Primary href=Route::ConnectionNew.href()>{t("connections.add")}</LinkButton>
        </EmptyState>
    }
}
