//! An address that no screen has.

use super::PageTitle;
use crate::route::Route;
use crate::text::t;
use leptos::prelude::*;

#[component]
pub(super) fn NotFound() -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <PageTitle title=t("notFound.title")/>
            <p>{t("notFound.text")}</p>
            <p><a href=Route::Import.href()>{t("notFound.back")}</a></p>
        </div>
    }
}
