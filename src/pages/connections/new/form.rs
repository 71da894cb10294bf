//! The form of a new connection.

use super::state::{Draft, FieldName, Login, Way};
use crate::ask::ask;
use crate::browser::document;
use crate::pages::{ProblemNotice, UnsavedChanges, carry_success};
use crate::route::Route;
use crate::text::{t, t_with};
use crate::widgets::{
    Button, ButtonKind, Card, CheckList, Choice, LinkButton, Loader, LoaderSize, Notice,
    NoticeKind, PasswordInput, RadioCard, RadioCards, Select, TextInput,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::problem::Problem;
use tributary_exchange::questions::connections::ConnectionChoicesFound;

const NEW_ROUTE: &str = "new";
const EXISTING_ROUTE: &str = "existing";
const TOKEN: &str = "token";
const BASIC: &str = "basic";

/// The inputs, each both ways.
#[derive(Clone, Copy)]
struct Inputs {
    name: RwSignal<String>,
    way: RwSignal<String>,
    address: RwSignal<String>,
    login: RwSignal<String>,
    token: RwSignal<String>,
    username: RwSignal<String>,
    password: RwSignal<String>,
    groups: RwSignal<Vec<String>>,
    route: RwSignal<String>,
}

impl Inputs {
    fn new(may_make_routes: bool) -> Self {
        let empty = || RwSignal::new(String::new());
        let way = if may_make_routes {
            NEW_ROUTE
        } else {
            EXISTING_ROUTE
        };
        Self {
            name: empty(),
            way: RwSignal::new(way.to_owned()),
            address: empty(),
            login: RwSignal::new(TOKEN.to_owned()),
            token: empty(),
            username: empty(),
            password: empty(),
            groups: RwSignal::new(Vec::new()),
            route: empty(),
        }
    }

    fn way(self) -> Way {
        if self.way.get() == EXISTING_ROUTE {
            Way::ExistingRoute
        } else {
            Way::NewRoute
        }
    }

    fn login(self) -> Login {
        if self.login.get() == BASIC {
            Login::Basic
        } else {
            Login::Token
        }
    }

    fn draft(self) -> Draft {
        Draft {
            name: self.name.get(),
            way: self.way(),
            address: self.address.get(),
            login: self.login(),
            token: self.token.get(),
            username: self.username.get(),
            password: self.password.get(),
            groups: self.groups.get(),
            route: self.route.get(),
        }
    }

    /// Whether anything was typed or ticked.
    fn is_touched(self) -> bool {
        let texts = [
            self.name,
            self.address,
            self.token,
            self.username,
            self.password,
            self.route,
        ];
        texts.iter().any(|text| text.with(|text| !text.is_empty()))
            || self.groups.with(|groups| !groups.is_empty())
    }

    fn forget_secrets(self) {
        self.token.set(String::new());
        self.password.set(String::new());
    }
}

/// Id of what went wrong, so that it can be shown.
const PROBLEM: &str = "connection-problem";

#[component]
pub(super) fn NewConnectionForm(choices: ConnectionChoicesFound) -> impl IntoView {
    let inputs = Inputs::new(choices.may_make_routes);
    // Errors show only once the person has tried to send, and then follow what is typed.
    let tried = RwSignal::new(false);
    let faults = Memo::new(move |_| {
        if tried.get() {
            inputs.draft().faults()
        } else {
            Vec::new()
        }
    });
    let sending = RwSignal::new(false);
    let done = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let send = move |()| {
        tried.set(true);
        problem.set(None);
        let draft = untrack(|| inputs.draft());
        if let Some((field, _)) = draft.faults().first() {
            let id = field.id();
            request_animation_frame(move || document::focus(id));
            return;
        }
        sending.set(true);
        spawn_local(async move {
            let answer = match draft.way {
                Way::NewRoute => ask(&draft.with_new_route()).await,
                Way::ExistingRoute => ask(&draft.over_route()).await,
            };
            sending.set(false);
            match answer {
                Ok(made) => {
                    done.set(true);
                    inputs.forget_secrets();
                    carry_success(t_with("connections.new.made", &[("name", &made.name)]));
                    Route::Connection { id: made.id }.replace();
                }
                Err(found) => {
                    problem.set(Some(found));
                    request_animation_frame(|| document::reveal(PROBLEM));
                }
            }
        });
    };
    let unsaved = Signal::derive(move || sending.get() || (!done.get() && inputs.is_touched()));
    let error = move |field| Signal::derive(move || error_of(&faults.get(), field));
    let ways = ways(&choices);
    let off = if choices.may_make_routes {
        Vec::new()
    } else {
        vec![NEW_ROUTE.to_owned()]
    };
    let choices = StoredValue::new(choices);
    view! {
        <UnsavedChanges unsaved/>
        {move || (!faults.with(Vec::is_empty)).then(|| view! { <Faults faults=faults.get()/> })}
        <Card>
            <TextInput id=FieldName::Name.id() label=t("connections.new.name") help=t("connections.new.nameHelp")
                value=inputs.name error=error(FieldName::Name) required=true/>
            <RadioCards legend=t("connections.new.way") cards=ways value=inputs.way off/>
        </Card>
        {move || match inputs.way() {
            Way::NewRoute => view! { <NewRoute inputs choices faults/> }.into_any(),
            Way::ExistingRoute => view! { <ExistingRoute inputs choices faults/> }.into_any(),
        }}
        <div id=PROBLEM>{move || problem.get().map(|problem| view! { <ProblemNotice problem/> })}</div>
        <div class="row">
            <Button kind=ButtonKind::Primary on_press=send loading=sending>{t("connections.new.send")}</Button>
            <LinkButton kind=ButtonKind::Secondary href=Route::Connections.href()>{t("connections.new.cancel")}</LinkButton>
        </div>
        <div role="status">
            {move || sending.get().then(|| view! {
                <Loader label=t("connections.new.sending") size=LoaderSize::Small/>
            })}
        </div>
    }
}

/// The two ways; the first one says who can go it where the person cannot.
fn ways(choices: &ConnectionChoicesFound) -> Vec<RadioCard> {
    let text = if choices.may_make_routes {
        t("connections.new.newRouteText")
    } else if choices.who_can_make_routes.is_empty() {
        t("connections.new.newRouteOff")
    } else {
        let who = choices.who_can_make_routes.join(", ");
        t_with("connections.new.newRouteOffWho", &[("who", &who)])
    };
    vec![
        RadioCard {
            value: NEW_ROUTE.to_owned(),
            title: t("connections.new.newRoute"),
            text,
        },
        RadioCard {
            value: EXISTING_ROUTE.to_owned(),
            title: t("connections.new.existingRoute"),
            text: t("connections.new.existingRouteText"),
        },
    ]
}

fn error_of(faults: &[(FieldName, &'static str)], field: FieldName) -> String {
    faults
        .iter()
        .find(|(at, _)| *at == field)
        .map(|(_, key)| t(key))
        .unwrap_or_default()
}

#[component]
fn Faults(faults: Vec<(FieldName, &'static str)>) -> impl IntoView {
    let entries = faults.into_iter().map(|(field, key)| {
        view! {
            <li><button type="button" class="link-button" on:click=move |_| document::focus(field.id())>{t(key)}</button></li>
        }
    });
    view! {
        <Notice kind=NoticeKind::Error title=t("connections.new.faults") announce=true>
            <ul class="bullets">{entries.collect_view()}</ul>
        </Notice>
    }
}

type FaultList = Memo<Vec<(FieldName, &'static str)>>;

#[component]
fn NewRoute(
    inputs: Inputs,
    choices: StoredValue<ConnectionChoicesFound>,
    faults: FaultList,
) -> impl IntoView {
    let error = move |field| Signal::derive(move || error_of(&faults.get(), field));
    let address_help = Signal::derive(move || {
        let draft = Draft {
            address: inputs.address.get(),
            ..Draft::default()
        };
        let meant = draft.address_meant();
        meant.map_or_else(
            || t("connections.new.addressHelp"),
            |meant| t_with("connections.new.addressMeant", &[("address", &meant)]),
        )
    });
    let is_unencrypted = Memo::new(move |_| {
        Draft {
            address: inputs.address.get(),
            ..Draft::default()
        }
        .is_unencrypted()
    });
    let logins = vec![
        RadioCard {
            value: TOKEN.to_owned(),
            title: t("connections.new.token"),
            text: t("connections.new.tokenText"),
        },
        RadioCard {
            value: BASIC.to_owned(),
            title: t("connections.new.basic"),
            text: t("connections.new.basicText"),
        },
    ];
    let groups = choices.with_value(|choices| {
        let groups = choices.user_groups.iter();
        groups
            .map(|group| Choice::new(group.id.clone(), group.name.clone()))
            .collect::<Vec<_>>()
    });
    view! {
        <Card title=t("connections.new.source")>
            <TextInput id=FieldName::Address.id() label=t("connections.new.address") help=address_help
                value=inputs.address error=error(FieldName::Address) required=true
                placeholder="https://hmis.example.org/dhis"/>
            {move || is_unencrypted.get().then(|| view! {
                <Notice kind=NoticeKind::Warning title=t("connections.new.unencrypted") announce=true/>
            })}
            <RadioCards legend=t("connections.new.login") cards=logins value=inputs.login/>
            {move || match inputs.login() {
                Login::Token => view! {
                    <PasswordInput id=FieldName::Token.id() label=t("connections.new.tokenLabel")
                        help=t("connections.new.tokenHelp") value=inputs.token
                        error=error(FieldName::Token) required=true/>
                }.into_any(),
                Login::Basic => view! {
                    <TextInput id=FieldName::Username.id() label=t("connections.new.username") value=inputs.username
                        error=error(FieldName::Username) required=true/>
                    <PasswordInput id=FieldName::Password.id() label=t("connections.new.password") value=inputs.password
                        error=error(FieldName::Password) required=true/>
                }.into_any(),
            }}
            <Notice kind=NoticeKind::Info title=t("connections.new.secretTitle")>
                <p>{t("connections.new.secretText")}</p>
            </Notice>
        </Card>
        <Card title=t("connections.new.who")>
            {if groups.is_empty() {
                view! { <p>{t("connections.new.noGroups")}</p> }.into_any()
            } else {
                view! {
                    <CheckList legend=t("connections.new.groups") choices=groups chosen=inputs.groups
                        help=t("connections.new.groupsHelp") search_label=t("connections.new.groupsSearch")/>
                }.into_any()
            }}
        </Card>
    }
}

#[component]
fn ExistingRoute(
    inputs: Inputs,
    choices: StoredValue<ConnectionChoicesFound>,
    faults: FaultList,
) -> impl IntoView {
    let routes = choices.with_value(|choices| choices.routes.clone());
    if routes.is_empty() {
        return view! {
            <Notice kind=NoticeKind::Warning title=t("connections.new.noRoutesTitle")>
                <p>{t("connections.new.noRoutesText")}</p>
            </Notice>
        }
        .into_any();
    }
    let mut entries = vec![Choice::new("", t("connections.new.chooseRoute"))];
    entries.extend(
        routes
            .into_iter()
            .map(|route| Choice::new(route.code, format!("{} ({})", route.name, route.url))),
    );
    let error = Signal::derive(move || error_of(&faults.get(), FieldName::Route));
    view! {
        <Card title=t("connections.new.source")>
            <Select id=FieldName::Route.id() label=t("connections.new.routeLabel") choices=entries value=inputs.route
                help=t("connections.new.routeHelp") error/>
        </Card>
    }
    .into_any()
}
