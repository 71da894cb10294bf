//! Deleting a connection: what it means, what still uses it, and whether its route goes too.

use crate::ask::ask;
use crate::browser::document;
use crate::pages::{Deletion, ProblemNotice};
use crate::text::{t, t_with};
use crate::widgets::{Button, ButtonKind, Checkbox, Dialog, Notice, NoticeKind, unique_id};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::questions::connections::{ConnectionSummary, DeleteConnection};
use tributary_exchange::questions::exchanges::ListExchanges;

/// What routes that Tributary made are called; nobody else uses them as a rule.
const OWN_ROUTES: &str = "tributary-";

/// The dialog; it is shown while `open` is true.
#[component]
pub(super) fn DeleteConnectionDialog(
    connection: ConnectionSummary,
    open: RwSignal<bool>,
    /// Told when the connection is gone.
    #[prop(into)]
    on_deleted: Callback<()>,
) -> impl IntoView {
    let id = StoredValue::new(connection.id.clone());
    let route = StoredValue::new(connection.route.clone());
    let with_route = RwSignal::new(connection.route.starts_with(OWN_ROUTES));
    let users = RwSignal::new(Vec::<String>::new());
    let Deletion {
        running,
        problem,
        delete,
        close,
    } = Deletion::new(open, on_deleted, move || DeleteConnection {
        id: id.get_value(),
        delete_route: with_route.get_untracked(),
    });
    let cancel_id = unique_id("delete-connection");
    let focused = cancel_id.clone();
    Effect::new(move |_| {
        if !open.get() {
            return;
        }
        problem.set(None);
        users.set(Vec::new());
        let focused = focused.clone();
        request_animation_frame(move || document::focus(&focused));
        spawn_local(async move {
            // A courtesy: the names say what to do; the refusal itself is the engine's.
            let Ok(exchanges) = ask(&ListExchanges {}).await else {
                return;
            };
            let Some(id) = id.try_get_value() else { return };
            let using = exchanges
                .into_iter()
                .filter(|exchange| exchange.connection == id);
            users.set(using.map(|exchange| exchange.name).collect());
        });
    });
    let is_used = move || users.with(|users| !users.is_empty());
    let what = t_with("connections.delete.text", &[("name", &connection.name)]);
    let actions = move || {
        let cancel_id = cancel_id.clone();
        view! {
            <Button id=cancel_id on_press=close>{t("connections.delete.cancel")}</Button>
            {move || (!is_used()).then(|| view! {
                <Button kind=ButtonKind::Destructive on_press=delete loading=running>
                    {t("connections.delete.confirm")}
                </Button>
            })}
        }
    };
    view! {
        <Dialog open on_close=close title=t("connections.delete.title") actions=actions>
            {
                let what = what.clone();
                move || {
                    let users = users.get();
                    if users.is_empty() {
                        view! { <What text=what.clone() route=route.get_value() with_route/> }.into_any()
                    } else {
                        view! { <Used users/> }.into_any()
                    }
                }
            }
            {move || problem.get().map(|problem| view! { <ProblemNotice problem/> })}
        </Dialog>
    }
}

/// What is deleted, and whether the route is, too.
#[component]
fn What(text: String, route: String, with_route: RwSignal<bool>) -> impl IntoView {
    view! {
        <p>{text}</p>
        <div>
            <Checkbox label=t("connections.delete.route") checked=with_route
                on_change=move |to| with_route.set(to)/>
            <p class="field-help">{t_with("connections.delete.routeHelp", &[("route", &route)])}</p>
        </div>
    }
}

/// Which exchanges keep it from being deleted.
#[component]
fn Used(users: Vec<String>) -> impl IntoView {
    let names = users
        .into_iter()
        .map(|name| view! { <li>{name}</li> })
        .collect_view();
    view! {
        <Notice kind=NoticeKind::Warning title=t("connections.delete.usedTitle") announce=true>
            <ul class="bullets">{names}</ul>
            <p>{t("connections.delete.usedText")}</p>
        </Notice>
    }
}
