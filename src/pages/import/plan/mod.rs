//! What an import would change, from the reading of both sides to the values on their way.
//! One address, several stands: reading, the plan, sending; after that comes the report.

mod confirm;
mod kinds;
mod ready;
mod trouble;
mod under_way;

use super::state::Stand;
use super::work::SentBack;
use super::{ImportSteps, stand_here};
use crate::route::Route;
pub(super) use kinds::share;
use leptos::prelude::*;
use ready::Ready;
pub(super) use trouble::LogIn;
use trouble::{Broken, Unread};
use under_way::{Reading, Sending};

#[component]
pub(super) fn ImportPlan(
    /// The exchange.
    exchange: String,
) -> impl IntoView {
    let id = StoredValue::new(exchange);
    let is_plan = |place: &Route| matches!(place, Route::ImportPlan { .. });
    let stand = stand_here(id, is_plan, SentBack::NoPlan);
    move || {
        let exchange = id.get_value();
        match stand.get() {
            Stand::Choosing | Stand::Reported => ().into_any(),
            Stand::Reading => {
                view! { <ImportSteps exchange current=1 may_go_back=true/><Reading/> }.into_any()
            }
            Stand::Failed => {
                let back = exchange.clone();
                view! { <ImportSteps exchange current=1 may_go_back=true/><Unread exchange=back/> }
                    .into_any()
            }
            Stand::Ready => {
                let back = exchange.clone();
                view! { <ImportSteps exchange current=1 may_go_back=true/><Ready exchange=back/> }
                    .into_any()
            }
            Stand::Sending => view! { <ImportSteps exchange current=2/><Sending/> }.into_any(),
            Stand::Broken => view! { <ImportSteps exchange current=2/><Broken/> }.into_any(),
        }
    }
}
