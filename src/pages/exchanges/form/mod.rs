//! The form of an exchange, new or existing; read-only for those who may look at it only.

mod edit;
mod inputs;
mod read_only;
mod state;

use crate::pages::{MissingRight, PageTitle, load, may_configure, shown};
use crate::text::t;
use edit::EditExchange;
use leptos::prelude::*;
use read_only::ReadOnlyExchange;
use tributary_exchange::questions::exchanges::OpenExchange;

/// The screen.
#[component]
pub fn ExchangeFormPage(
    /// Identifier of the exchange; none for a new one.
    id: Option<String>,
) -> impl IntoView {
    let title = if id.is_none() {
        t("exchanges.form.newTitle")
    } else {
        t("exchanges.form.editTitle")
    };
    if id.is_none() && !may_configure() {
        return view! { <MissingRight title/> }.into_any();
    }
    let loading = load(OpenExchange { id });
    let form = shown(loading, t("exchanges.form.loading"), move |form| {
        if form.editable {
            view! { <EditExchange form reload=loading.again/> }.into_any()
        } else {
            view! { <ReadOnlyExchange form/> }.into_any()
        }
    });
    view! {
        <div class="page page-narrow">
            <PageTitle title/>
            <p class="page-lead">{t("exchanges.form.lead")}</p>
            {form}
        </div>
    }
    .into_any()
}
