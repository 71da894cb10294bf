//! Deleting an exchange; what it brought in stays.

use crate::browser::document;
use crate::pages::{Deletion, ProblemNotice};
use crate::text::{t, t_with};
use crate::widgets::{Button, ButtonKind, Dialog, unique_id};
use leptos::prelude::*;
use tributary_exchange::questions::exchanges::{DeleteExchange, ExchangeSummary};

/// The dialog; it is shown while `open` is true.
#[component]
pub(super) fn DeleteExchangeDialog(
    exchange: ExchangeSummary,
    open: RwSignal<bool>,
    /// Told when the exchange is gone.
    #[prop(into)]
    on_deleted: Callback<()>,
) -> impl IntoView {
    let id = StoredValue::new(exchange.id);
    let Deletion {
        running,
        problem,
        delete,
        close,
    } = Deletion::new(open, on_deleted, move || DeleteExchange {
        id: id.get_value(),
    });
    let cancel_id = unique_id("delete-exchange");
    let focused = cancel_id.clone();
    Effect::new(move |_| {
        if open.get() {
            problem.set(None);
            let focused = focused.clone();
            request_animation_frame(move || document::focus(&focused));
        }
    });
    let what = t_with("exchanges.delete.text", &[("name", &exchange.name)]);
    let actions = move || {
        let cancel_id = cancel_id.clone();
        view! {
            <Button id=cancel_id on_press=close>{t("exchanges.delete.cancel")}</Button>
            <Button kind=ButtonKind::Destructive on_press=delete loading=running>{t("exchanges.delete.confirm")}</Button>
        }
    };
    view! {
        <Dialog open on_close=close title=t("exchanges.delete.title") actions=actions>
            <p>{what.clone()}</p>
            {move || problem.get().map(|problem| view! { <ProblemNotice problem/> })}
        </Dialog>
    }
}
