//! The screens, one folder each, and the choice among them by address.

mod carried;
mod connections;
mod deletion;
mod exchanges;
mod import;
mod loaded;
mod mapping;
mod missing_right;
mod newer_server;
mod not_found;
mod problem;
mod stand_in;
mod unsaved;

use crate::browser::document;
use crate::parts::{self, PartMissing};
use crate::route::Route;
pub use carried::{carry_success, screen_alert};
use connections::{ConnectionPage, ConnectionsPage, NewConnectionPage};
pub use deletion::Deletion;
use exchanges::{ExchangeFormPage, ExchangesPage};
use leptos::prelude::*;
pub use loaded::{Loaded, Loading, load, shown};
use mapping::MappingPage;
pub use missing_right::{MissingRight, may_configure};
pub use newer_server::NewerServer;
use not_found::NotFound;
pub use problem::{ProblemNotice, problem_title};
pub use stand_in::{ScreenMissing, ScreenOnItsWay};
pub use unsaved::UnsavedChanges;
use wasm_split_helpers::wasm_split;

/// The screen of an address.
pub fn page(route: &Route) -> AnyView {
    let own = route.clone();
    match route {
        Route::Import => view! { <import::ChooseExchange/> }.into_any(),
        Route::ImportScope { .. } | Route::ImportPlan { .. } | Route::ImportReport { .. } => {
            parts::screen(load_import, move || import_screen(own.clone()))
        }
        Route::Connections
        | Route::ConnectionNew
        | Route::Connection { .. }
        | Route::Mapping { .. }
        | Route::Exchanges
        | Route::ExchangeNew
        | Route::ExchangeEdit { .. } => {
            parts::screen(load_setup, move || setup_screen(own.clone()))
        }
        Route::NotFound { .. } => view! { <NotFound/> }.into_any(),
    }
}

/// Fetches the screens that somebody who brings figures in needs next.
pub async fn fetch_next() {
    // Whoever goes there without them is told what is wrong.
    load_import().await.ok();
}

#[wasm_split(import, fallible, preload(load_import))]
fn import_screen(route: Route) -> Result<AnyView, PartMissing> {
    Ok(import::screen(&route))
}

#[wasm_split(setup, fallible, preload(load_setup))]
fn setup_screen(route: Route) -> Result<AnyView, PartMissing> {
    Ok(match route {
        Route::Connections => view! { <ConnectionsPage/> }.into_any(),
        Route::ConnectionNew => view! { <NewConnectionPage/> }.into_any(),
        Route::Connection { id } => view! { <ConnectionPage id/> }.into_any(),
        Route::Mapping { connection, part } => view! { <MappingPage connection part/> }.into_any(),
        Route::Exchanges => view! { <ExchangesPage/> }.into_any(),
        Route::ExchangeNew => view! { <ExchangeFormPage id=None/> }.into_any(),
        Route::ExchangeEdit { id } => view! { <ExchangeFormPage id=Some(id)/> }.into_any(),
        _ => view! { <NotFound/> }.into_any(),
    })
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
