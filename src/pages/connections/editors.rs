//! Who may change a connection, with its mapping and exchanges: who made it, superusers, and the
//! members of the user groups that are chosen here.

use crate::ask::ask;
use crate::pages::{ProblemNotice, load, shown};
use crate::text::{t, t_count};
use crate::widgets::{Alert, AlertKind, Button, ButtonKind, Card, CheckList, Choice, Dialog};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::problem::Problem;
use tributary_exchange::questions::connections::{
    ConnectionChoices, ConnectionChoicesFound, ConnectionSummary, ShareConnection,
};

/// The card, with the dialog behind its button.
#[component]
pub(super) fn Editors(
    connection: ConnectionSummary,
    /// Where it is said that the choice is kept.
    alert: RwSignal<Option<Alert>>,
) -> impl IntoView {
    let kept = RwSignal::new(connection.editors.clone());
    let chosen = RwSignal::new(connection.editors);
    let open = RwSignal::new(false);
    let saving = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let id = StoredValue::new(connection.id);
    let change = move |()| {
        chosen.set(kept.get_untracked());
        problem.set(None);
        open.set(true);
    };
    let close = move |()| {
        if !saving.get_untracked() {
            open.set(false);
        }
    };
    let save = move |()| {
        saving.set(true);
        problem.set(None);
        let question = ShareConnection {
            id: id.get_value(),
            editors: chosen.get_untracked(),
        };
        spawn_local(async move {
            let answer = ask(&question).await;
            saving.try_set(false);
            match answer {
                Ok(shared) => {
                    kept.try_set(shared.editors);
                    open.try_set(false);
                    alert.try_set(Some(Alert {
                        kind: AlertKind::Success,
                        text: t("connections.editors.saved"),
                    }));
                }
                Err(failed) => {
                    problem.try_set(Some(failed));
                }
            }
        });
    };
    let who = move || match kept.with(Vec::len) {
        0 => t("connections.editors.none"),
        count => t_count(
            "connections.editors.groups",
            u64::try_from(count).unwrap_or(u64::MAX),
            &[],
        ),
    };
    let actions = move || {
        view! {
            <Button on_press=close>{t("connections.editors.cancel")}</Button>
            <Button kind=ButtonKind::Primary on_press=save loading=saving>{t("connections.editors.save")}</Button>
        }
    };
    let is_editable = connection.editable;
    view! {
        <Card title=t("connections.editors.title")>
            <p>{who}</p>
            {is_editable.then(|| view! {
                <div class="row"><Button on_press=change>{t("connections.editors.change")}</Button></div>
            })}
        </Card>
        <Dialog open on_close=close title=t("connections.editors.title") actions=actions>
            <Groups chosen/>
            {move || problem.get().map(|problem| view! { <ProblemNotice problem/> })}
        </Dialog>
    }
}

/// The user groups to tick; read when the dialog opens.
#[component]
fn Groups(chosen: RwSignal<Vec<String>>) -> impl IntoView {
    let loading = load(ConnectionChoices {});
    shown(
        loading,
        t("connections.loading"),
        move |found: ConnectionChoicesFound| {
            let choices = found
                .user_groups
                .into_iter()
                .map(|group| Choice::new(group.id, group.name))
                .collect::<Vec<_>>();
            if choices.is_empty() {
                return view! { <p>{t("connections.editors.noGroups")}</p> }.into_any();
            }
            view! {
                <CheckList legend=t("connections.editors.legend") choices chosen
                    help=t("connections.editors.help") search_label=t("connections.new.groupsSearch")/>
            }
            .into_any()
        },
    )
}
