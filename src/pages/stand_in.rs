//! What stands on the page instead of a screen: one that is on its way, or one that could not
//! be loaded and can be tried again.

use super::ProblemNotice;
use crate::text::t;
use crate::widgets::{Button, Loader};
use leptos::prelude::*;
use tributary_exchange::problem::Problem;

/// A screen that is on its way.
#[component]
pub fn ScreenOnItsWay() -> impl IntoView {
    view! { <div class="page"><Loader label=t("app.opening")/></div> }
}

/// A screen that could not be loaded, with the reason; `again` tries once more.
#[component]
pub fn ScreenMissing(problem: Problem, #[prop(into)] again: Callback<()>) -> impl IntoView {
    view! {
        <div class="page page-narrow">
            <h1 id="page-title" tabindex="-1">{t("app.title")}</h1>
            <ProblemNotice problem/>
            <Button on_press=again>{t("app.tryAgain")}</Button>
        </div>
    }
}
