//! One connection: what is known of it, its test, the four parts of its mapping, who may change
//! it, and the way to delete it.

use super::card::{Facts, MappedTag};
use super::delete::DeleteConnectionDialog;
use super::editors::Editors;
use super::test::{TestResult, tester};
use crate::pages::{
    MissingRight, PageTitle, ProblemNotice, carry_success, load, may_configure, screen_alert, shown,
};
use crate::route::Route;
use crate::text::{t, t_with};
use crate::widgets::{Alert, AlertBar, Button, ButtonKind, Card, LinkButton};
use leptos::prelude::*;
use tributary_exchange::problem::{Problem, ProblemSide};
use tributary_exchange::questions::connections::{ConnectionSummary, ListConnections};
use tributary_exchange::questions::mapping::MappingPart;

/// The screen.
#[component]
pub fn ConnectionPage(
    /// Identifier of the connection.
    id: String,
) -> impl IntoView {
    if !may_configure() {
        return view! { <MissingRight title=t("connections.one.title")/> }.into_any();
    }
    let alert = screen_alert();
    let loading = load(ListConnections {});
    let screen = shown(loading, t("connections.loading"), move |connections| {
        let found = connections
            .into_iter()
            .find(|connection| connection.id == id);
        let Some(connection) = found else {
            let problem = Problem::of(ProblemSide::Destination, "gone");
            return view! {
                <PageTitle title=t("connections.one.title")/>
                <ProblemNotice problem/>
                <LinkButton href=Route::Connections.href()>{t("connections.one.all")}</LinkButton>
            }
            .into_any();
        };
        view! { <Connection connection alert/> }.into_any()
    });
    view! { <div class="page">{screen}<AlertBar alert/></div> }.into_any()
}

#[component]
fn Connection(connection: ConnectionSummary, alert: RwSignal<Option<Alert>>) -> impl IntoView {
    let test = tester(connection.id.clone());
    let deleting = RwSignal::new(false);
    let own = connection.clone();
    let on_deleted = move |()| {
        carry_success(t_with("connections.deleted", &[("name", &own.name)]));
        Route::Connections.replace();
    };
    let is_editable = connection.editable;
    let facts = connection.clone();
    let route = t_with("connections.one.route", &[("route", &connection.route)]);
    view! {
        <p class="breadcrumb"><a href=Route::Connections.href()>{t("connections.title")}</a></p>
        <PageTitle title=connection.name.clone()/>
        <NextStep connection=connection.clone()/>
        <Card title=t("connections.one.facts")>
            <Facts connection=facts test=test.state/>
            <p class="muted">{route}</p>
            <div class="row">
                <Button on_press=test.run loading=test.running>{t("connections.test.long")}</Button>
                {is_editable.then(|| view! {
                    <Button on_press=move |()| deleting.set(true)>{t("connections.delete.long")}</Button>
                })}
            </div>
            <TestResult tester=test/>
        </Card>
        <MappingParts connection=connection.clone()/>
        <Editors connection=connection.clone() alert/>
        <DeleteConnectionDialog connection open=deleting on_deleted/>
    }
}

/// The one thing to do next: map the data sets, or, when that is done, make an exchange.
#[component]
fn NextStep(connection: ConnectionSummary) -> impl IntoView {
    let (text, href, label) = if connection.has_mapping {
        (
            t("connections.next.mapped"),
            Route::ExchangeNew.href(),
            t("connections.next.exchange"),
        )
    } else {
        let href = mapping_href(&connection.id, MappingPart::DataSets);
        (
            t("connections.next.notMapped"),
            href,
            t("connections.next.map"),
        )
    };
    view! {
        <div class="card next-step">
            <p>{text}</p>
            <LinkButton kind=ButtonKind::Primary href>{label}</LinkButton>
        </div>
    }
}

fn mapping_href(connection: &str, part: MappingPart) -> String {
    Route::Mapping {
        connection: connection.to_owned(),
        part: part.name().to_owned(),
    }
    .href()
}

#[component]
fn MappingParts(connection: ConnectionSummary) -> impl IntoView {
    let parts = MappingPart::ALL.map(|part| {
        let (title, text) = match part {
            MappingPart::DataSets => (
                t("mapping.part.dataSets"),
                t("connections.part.dataSetsText"),
            ),
            MappingPart::Items => (t("mapping.part.items"), t("connections.part.itemsText")),
            MappingPart::AttributeOptionCombos => (
                t("mapping.part.attributeOptionCombos"),
                t("connections.part.optionsText"),
            ),
            MappingPart::OrgUnits => (
                t("mapping.part.orgUnits"),
                t("connections.part.orgUnitsText"),
            ),
        };
        let href = mapping_href(&connection.id, part);
        view! { <li><a href=href>{title}</a><span class="muted">{text}</span></li> }
    });
    view! {
        <section class="card stack">
            <div class="row row-spread">
                <h2>{t("connections.one.mapping")}</h2>
                <MappedTag has_mapping=connection.has_mapping/>
            </div>
            <ol class="part-list">{parts.into_iter().collect_view()}</ol>
        </section>
    }
}
