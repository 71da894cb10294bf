//! Bringing figures in: choose an exchange, choose periods and org units, look at every change,
//! import, read the report. Four screens for the person at the district office, who knows months
//! and facilities and needs to know nothing of connections and mappings.
//!
//! [`state`] says what can follow on what, [`work`] is the import under way.

mod access;
mod choose;
mod filter;
mod left_over;
mod period_name;
mod plan;
mod report;
mod rows;
mod scope;
mod state;
mod words;
mod work;

use crate::route::Route;
use crate::text::t;
use crate::widgets::{Step, Stepper};
pub use choose::ChooseExchange;
use leptos::prelude::*;
use leptos::task::spawn_local;
use state::Stand;
use tributary_exchange::questions::session::Session;
use work::SentBack;

/// The screen of an address behind the choice of an exchange.
pub fn screen(route: &Route) -> AnyView {
    match route {
        Route::ImportScope { exchange } => {
            view! { <scope::ChooseScope exchange=exchange.clone()/> }.into_any()
        }
        Route::ImportPlan { exchange } => {
            view! { <plan::ImportPlan exchange=exchange.clone()/> }.into_any()
        }
        Route::ImportReport { exchange } => {
            view! { <report::ImportReport exchange=exchange.clone()/> }.into_any()
        }
        _ => view! { <ChooseExchange/> }.into_any(),
    }
}

/// The steps of an import, with this one shown.
#[component]
fn ImportSteps(
    /// The exchange.
    exchange: String,
    /// Which step, counted from 0.
    current: usize,
    /// One may go back to the choices.
    #[prop(optional)]
    may_go_back: bool,
) -> impl IntoView {
    let step = |label: String, href: Option<String>| Step { label, href };
    let back = may_go_back.then(|| Route::ImportScope { exchange }.href());
    let steps = vec![
        step(t("import.stepChoose"), back),
        step(t("import.stepReview"), None),
        step(t("import.stepImport"), None),
        step(t("import.stepReport"), None),
    ];
    view! { <Stepper label=t("import.steps") steps current/> }
}

/// What the session knows; empty where there is none.
fn session() -> Session {
    use_context::<Session>().unwrap_or_default()
}

/// The name of an exchange that the session knows.
fn name_of(exchange: &str) -> String {
    let exchanges = session().exchanges;
    exchanges
        .into_iter()
        .find(|known| known.id == exchange)
        .map(|known| known.name)
        .unwrap_or_default()
}

/// How the import of an exchange stands, for a screen whose addresses `is_here` knows.
/// Whoever belongs elsewhere is sent there; who has nothing to look at yet is told why.
fn stand_here(
    exchange: StoredValue<String>,
    is_here: fn(&Route) -> bool,
    sent_back: SentBack,
) -> Memo<Stand> {
    spawn_local(work::check_with_engine());
    let stand = Memo::new(move |_| exchange.with_value(|id| work::stand_of(id)));
    Effect::new(move |_| {
        let stand = stand.get();
        let place = exchange.with_value(|id| place_of(id, stand));
        if !is_here(&place) {
            if stand == Stand::Choosing {
                work::send_back(sent_back);
            }
            place.replace();
        }
    });
    stand
}

/// Where somebody belongs who has come to the address of a plan or a report.
fn place_of(exchange: &str, stand: Stand) -> Route {
    let exchange = exchange.to_owned();
    match stand {
        Stand::Choosing => Route::ImportScope { exchange },
        Stand::Reported => Route::ImportReport { exchange },
        Stand::Reading | Stand::Failed | Stand::Ready | Stand::Sending | Stand::Broken => {
            Route::ImportPlan { exchange }
        }
    }
}
