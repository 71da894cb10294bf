//! The screens, one folder each, and the choice among them by address.

mod not_found;
mod problem;

use crate::browser::document;
use crate::route::Route;
use crate::text::t;
use leptos::prelude::*;
use not_found::NotFound;
pub use problem::ProblemNotice;

/// The screen of an address.
pub fn page(route: &Route) -> AnyView {
    match route {
        Route::Import
        | Route::ImportScope { .. }
        | Route::ImportPlan { .. }
        | Route::ImportReport { .. } => titled("import.title", "import.lead"),
        Route::Connections
        | Route::ConnectionNew
        | Route::Connection { .. }
        | Route::Mapping { .. } => titled("connections.title", "connections.lead"),
        Route::Exchanges | Route::ExchangeNew | Route::ExchangeEdit { .. } => {
            titled("exchanges.title", "exchanges.lead")
        }
        Route::NotFound { .. } => view! { <NotFound/> }.into_any(),
    }
}

fn titled(title: &str, lead: &str) -> AnyView {
    view! {
        <div class="page">
            <PageTitle title=t(title)/>
            <p class="page-lead">{t(lead)}</p>
        </div>
    }
    .into_any()
}

/// A screen's heading. It names the window, too, and takes the focus when the screen appears,
/// so that a screen reader says where one is.
#[component]
pub fn PageTitle(
    /// The words.
    #[prop(into)]
    title: String,
) -> impl IntoView {
    document::set_title(&title);
    Effect::new(|_| document::focus("page-title"));
    view! { <h1 id="page-title" tabindex="-1">{title}</h1> }
}
