//! What a person sees who opens a screen for administrators without the right to it: what is
//! missing, and who can give it.

use super::PageTitle;
use crate::route::Route;
use crate::text::t;
use crate::widgets::{LinkButton, Notice, NoticeKind};
use leptos::prelude::*;
use tributary_exchange::questions::session::Session;

/// Whether the person sees the screens for administrators.
pub fn may_configure() -> bool {
    use_context::<Session>().is_some_and(|session| session.rights.configure)
}

/// The screen in place of one that the person may not see.
#[component]
pub fn MissingRight(
    /// The heading of the screen in whose place this is.
    #[prop(into)]
    title: String,
) -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <PageTitle title/>
            <Notice kind=NoticeKind::Info title=t("missingRight.title")>
                <p>{t("missingRight.what")}</p>
                <ul class="bullets">
                    <li>{t("missingRight.authority")}</li>
                    <li>{t("missingRight.routes")}</li>
                </ul>
                <p>{t("missingRight.who")}</p>
            </Notice>
            <LinkButton href=Route::Import.href()>{t("missingRight.back")}</LinkButton>
        </div>
    }
}
