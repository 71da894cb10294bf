//! A connection in the list: what it is, whether it is mapped, and what can be done with it.

use super::delete::DeleteConnectionDialog;
use super::stamp::moment;
use super::test::{TestResult, TestState, tester};
use crate::route::Route;
use crate::text::{t, t_with};
use crate::widgets::{Button, LinkButton, Tag, TagKind};
use leptos::prelude::*;
use tributary_exchange::questions::connections::ConnectionSummary;
use tributary_exchange::questions::mapping::MappingPart;

/// The card.
#[component]
pub(super) fn ConnectionCard(
    connection: ConnectionSummary,
    /// Told when the connection was deleted.
    on_deleted: Callback<String>,
) -> impl IntoView {
    let test = tester(connection.id.clone());
    let deleting = RwSignal::new(false);
    let name = StoredValue::new(connection.name.clone());
    // Which of many buttons of the same name it is, for those who do not see the card around it.
    let about = move || view! { <span class="visually-hidden">" "{name.get_value()}</span> };
    let is_editable = connection.editable;
    let own = connection.clone();
    let page = Route::Connection {
        id: connection.id.clone(),
    };
    let part = MappingPart::DataSets.name().to_owned();
    let mapping = Route::Mapping {
        connection: connection.id.clone(),
        part,
    };
    view! {
        <li class="card object-card">
            <div class="row row-spread">
                <h2><a href=page.href()>{name.get_value()}</a></h2>
                <MappedTag has_mapping=connection.has_mapping/>
            </div>
            <Facts connection=connection.clone() test=test.state/>
            <div class="row">
                <LinkButton href=mapping.href() small=true>
                    {t("connections.map")}{about()}
                </LinkButton>
                <Button small=true on_press=test.run loading=test.running>
                    {t("connections.test.button")}{about()}
                </Button>
                {is_editable.then(|| view! {
                    <Button small=true on_press=move |()| deleting.set(true)>
                        {t("connections.delete.button")}{about()}
                    </Button>
                })}
            </div>
            <TestResult tester=test/>
            <DeleteConnectionDialog connection=own open=deleting
                on_deleted=move |()| on_deleted.run(name.get_value())/>
        </li>
    }
}

/// Whether a mapping is stored, in words.
#[component]
pub(super) fn MappedTag(has_mapping: bool) -> impl IntoView {
    if has_mapping {
        view! { <Tag kind=TagKind::Positive text=t("connections.mapped")/> }
    } else {
        view! { <Tag kind=TagKind::Neutral text=t("connections.notMapped")/> }
    }
}

/// What is known of a connection; a test that has just passed knows it better.
#[component]
pub(super) fn Facts(connection: ConnectionSummary, test: RwSignal<TestState>) -> impl IntoView {
    let host = connection.host.clone();
    let system = Memo::new(move |_| {
        test.with(|test| match test {
            TestState::Passed(found) => (
                found.source_name.clone(),
                found.source_release.clone(),
                true,
            ),
            _ => (
                connection.source_name.clone(),
                connection.source_release.clone(),
                false,
            ),
        })
    });
    let tested_at = connection.tested_at.clone();
    let release = move || {
        system.with(|(_, release, _)| t_with("connections.facts.dhis2", &[("release", release)]))
    };
    let tested = move || {
        if system.with(|(_, _, is_new)| *is_new) {
            t("connections.facts.testedNow")
        } else if tested_at.is_empty() {
            t("connections.facts.neverTested")
        } else {
            moment(&tested_at)
        }
    };
    let host_shown = if host.is_empty() {
        t("connections.facts.hostHidden")
    } else {
        host
    };
    view! {
        <dl class="facts">
            <div><dt>{t("connections.facts.system")}</dt><dd>{move || system.with(|(name, _, _)| name.clone())}" "<span class="muted">{release}</span></dd></div>
            <div><dt>{t("connections.facts.host")}</dt><dd>{host_shown}</dd></div>
            <div><dt>{t("connections.facts.tested")}</dt><dd>{tested}</dd></div>
        </dl>
    }
}
