//! Deleting an exchange; what it brought in stays.

use crate::ask::ask;
use crate::browser::document;
use crate::pages::ProblemNotice;
use crate::text::{t, t_with};
use crate::widgets::{Button, ButtonKind, Dialog, unique_id};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::problem::Problem;
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
    let running = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let cancel_id = unique_id("delete-exchange");
    let focused = cancel_id.clone();
    Effect::new(move |_| {
        if open.get() {
            problem.set(None);
            let focused = focused.clone();
            request_animation_frame(move || document::focus(&focused));
        }
    });
    let delete = Callback::new(move |()| {
        let question = DeleteExchange { id: id.get_value() };
        running.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = ask(&question).await;
            running.set(false);
            match answer {
                Ok(()) => {
                    open.set(false);
                    on_deleted.try_run(());
                }
                Err(found) => problem.set(Some(found)),
            }
        });
    });
    let close = Callback::new(move |()| {
        if !running.get_untracked() {
            open.set(false);
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
