//! A new connection: name, address, log-in and who may run it, or a route that exists. It is
//! kept only when its test passes. The secret is posted once, inside the new Route, and
//! taken out of the form as soon as the connection stands.

mod form;
mod state;

use crate::pages::{MissingRight, PageTitle, load, may_configure, shown};
use crate::text::t;
use form::NewConnectionForm;
use leptos::prelude::*;
use tributary_exchange::questions::connections::ConnectionChoices;

/// The screen.
#[component]
pub fn NewConnectionPage() -> impl IntoView {
    if !may_configure() {
        return view! { <MissingRight title=t("connections.new.title")/> }.into_any();
    }
    let loading = load(ConnectionChoices {});
    let form = shown(loading, t("connections.new.loading"), |choices| {
        view! { <NewConnectionForm choices/> }.into_any()
    });
    view! {
        <div class="page page-narrow">
            <PageTitle title=t("connections.new.title")/>
            <p class="page-lead">{t("connections.new.lead")}</p>
            {form}
        </div>
    }
    .into_any()
}
