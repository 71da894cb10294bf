//! An exchange as it is edited: name, connection, data sets, periods, org units.

use super::inputs::{ALL, BELOW, Inputs};
use super::state::{CHOSEN, DELETE, Fault, FieldName, KEEP, LAST, OVERWRITE, THIS_YEAR};
use crate::ask::ask;
use crate::browser::document;
use crate::pages::{ProblemNotice, UnsavedChanges, carry_success};
use crate::route::Route;
use crate::text::{t, t_count};
use crate::widgets::{
    Button, ButtonKind, Card, CheckList, Choice, EmptyState, IconKind, LinkButton, Notice,
    NoticeKind, OrgUnitTree, RadioCard, RadioCards, Select, TextInput,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::problem::Problem;
use tributary_exchange::questions::exchanges::{ExchangeForm, SaveExchange};
use tributary_exchange::questions::mapping::MappingPart;

type Faults = Memo<Vec<Fault>>;

/// Id of what went wrong, so that it can be shown.
const PROBLEM: &str = "exchange-problem";

#[component]
pub(super) fn EditExchange(
    form: ExchangeForm,
    /// Reads the exchange again and starts the form anew.
    reload: Callback<()>,
) -> impl IntoView {
    let inputs = Inputs::new(form);
    if !inputs.has_connections() {
        return view! {
            <EmptyState icon=IconKind::Link title=t("exchanges.form.noConnectionsTitle") text=t("exchanges.form.noConnectionsText")>
                <LinkButton kind=ButtonKind::Primary href=Route::ConnectionNew.href()>{t("exchanges.form.addConnection")}</LinkButton>
            </EmptyState>
        }
        .into_any();
    }
    inputs.follow_connection();
    // Errors show only once the person has tried to save, and then follow what is changed.
    let tried = RwSignal::new(false);
    let faults = Memo::new(move |_| {
        if tried.get() {
            inputs.filled().faults()
        } else {
            Vec::new()
        }
    });
    let saving = RwSignal::new(false);
    let done = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let save = move |()| {
        tried.set(true);
        problem.set(None);
        let wrong = untrack(|| inputs.filled()).faults();
        if let Some((field, _)) = wrong.first() {
            let id = field.id();
            request_animation_frame(move || document::focus(id));
            return;
        }
        let Some(exchange) = inputs.draft() else {
            return;
        };
        saving.set(true);
        spawn_local(async move {
            let answer = ask(&SaveExchange { exchange }).await;
            saving.set(false);
            match answer {
                Ok(_) => {
                    done.set(true);
                    carry_success(t("exchanges.saved"));
                    Route::Exchanges.go();
                }
                Err(found) => {
                    problem.set(Some(found));
                    request_animation_frame(|| document::reveal(PROBLEM));
                }
            }
        });
    };
    let unsaved = Signal::derive(move || saving.get() || (!done.get() && inputs.is_changed()));
    view! {
        <UnsavedChanges unsaved/>
        {move || (!faults.with(Vec::is_empty)).then(|| view! { <FaultList faults=faults.get()/> })}
        <What inputs faults/>
        <Periods inputs faults/>
        <OrgUnits inputs faults/>
        <EditedHere inputs/>
        <Cleared inputs/>
        <div id=PROBLEM class="stack">{move || problem.get().map(|problem| {
            let is_overtaken = problem.kind == "lostUpdate";
            view! {
                <ProblemNotice problem/>
                {is_overtaken.then(|| view! {
                    <Button on_press=reload>{t("exchanges.form.reload")}</Button>
                })}
            }
        })}</div>
        <div class="row">
            <Button kind=ButtonKind::Primary on_press=save loading=saving>{t("exchanges.form.save")}</Button>
            <LinkButton kind=ButtonKind::Secondary href=Route::Exchanges.href()>{t("exchanges.form.cancel")}</LinkButton>
        </div>
    }
    .into_any()
}

fn error(faults: Faults, field: FieldName) -> Signal<String> {
    Signal::derive(move || {
        let key = faults.with(|faults| {
            faults
                .iter()
                .find(|(at, _)| *at == field)
                .map(|(_, key)| *key)
        });
        key.map(t).unwrap_or_default()
    })
}

#[component]
fn FaultList(faults: Vec<Fault>) -> impl IntoView {
    let entries = faults.into_iter().map(|(field, key)| {
        view! {
            <li><button type="button" class="link-button" on:click=move |_| document::focus(field.id())>{t(key)}</button></li>
        }
    });
    view! {
        <Notice kind=NoticeKind::Error title=t("exchanges.form.faults") announce=true>
            <ul class="bullets">{entries.collect_view()}</ul>
        </Notice>
    }
}

/// Name, connection and data sets.
#[component]
fn What(inputs: Inputs, faults: Faults) -> impl IntoView {
    let mut connections = inputs.connections();
    if connections
        .iter()
        .all(|choice| choice.value != inputs.connection.get_untracked())
    {
        let value = inputs.connection.get_untracked();
        connections.insert(0, Choice::new(value, t("exchanges.form.chooseConnection")));
    }
    let choices = Memo::new(move |_| inputs.data_set_choices());
    let data_sets = move || {
        if inputs.connection.get().is_empty() {
            return ().into_any();
        }
        if choices.with(Vec::is_empty) {
            let connection = inputs.connection.get();
            let part = MappingPart::DataSets.name().to_owned();
            let mapping = Route::Mapping { connection, part };
            return view! {
                <Notice kind=NoticeKind::Warning title=t("exchanges.form.noDataSetsTitle")>
                    <p>{t("exchanges.form.noDataSetsText")}</p>
                    <p><a href=mapping.href()>{t("exchanges.form.map")}</a></p>
                </Notice>
            }
            .into_any();
        }
        view! {
            <CheckList id=FieldName::DataSets.id() legend=t("exchanges.form.dataSets") choices=choices chosen=inputs.data_sets
                help=t("exchanges.form.dataSetsHelp") error=error(faults, FieldName::DataSets)
                search_label=t("exchanges.form.dataSetsSearch")/>
        }
        .into_any()
    };
    view! {
        <Card title=t("exchanges.form.what")>
            <TextInput id=FieldName::Name.id() label=t("exchanges.form.name") help=t("exchanges.form.nameHelp")
                value=inputs.name error=error(faults, FieldName::Name) required=true/>
            <Select id=FieldName::Connection.id() label=t("exchanges.form.connection") choices=connections
                value=inputs.connection error=error(faults, FieldName::Connection)/>
            {data_sets}
        </Card>
    }
}

/// Which periods are offered first when it is run.
#[component]
fn Periods(inputs: Inputs, faults: Faults) -> impl IntoView {
    let cards = vec![
        card(LAST, t("exchanges.form.last"), t("exchanges.form.lastText")),
        card(
            THIS_YEAR,
            t("exchanges.rule.thisYear"),
            t("exchanges.form.thisYearText"),
        ),
        card(
            CHOSEN,
            t("exchanges.rule.chosen"),
            t("exchanges.form.chosenText"),
        ),
    ];
    view! {
        <Card title=t("exchanges.form.periods")>
            <RadioCards legend=t("exchanges.form.rule") cards value=inputs.rule/>
            {move || (inputs.rule.get() == LAST).then(|| view! {
                <TextInput id=FieldName::Count.id() label=t("exchanges.form.count") value=inputs.count input_type="number"
                    error=error(faults, FieldName::Count) required=true/>
            })}
        </Card>
    }
}

/// For which org units.
#[component]
fn OrgUnits(inputs: Inputs, faults: Faults) -> impl IntoView {
    let cards = vec![
        card(
            ALL,
            t("exchanges.form.allOrgUnits"),
            t("exchanges.form.allOrgUnitsText"),
        ),
        card(
            BELOW,
            t("exchanges.form.below"),
            t("exchanges.form.belowText"),
        ),
    ];
    let unseen = u64::try_from(inputs.unseen.with_value(Vec::len)).unwrap_or_default();
    let fault = error(faults, FieldName::OrgUnits);
    let below = move || {
        (inputs.scope.get() == BELOW).then(|| {
            let tree = Signal::derive(move || inputs.tree.get_value());
            view! {
                <div id=FieldName::OrgUnits.id() tabindex="-1">
                    <OrgUnitTree label=t("exchanges.form.belowLabel") tree ticks=inputs.ticks/>
                    {move || (!fault.get().is_empty()).then(|| view! { <p class="field-error">{fault.get()}</p> })}
                    {(unseen > 0).then(|| view! { <p class="field-help">{t_count("exchanges.form.unseen", unseen, &[])}</p> })}
                </div>
            }
        })
    };
    view! {
        <Card title=t("exchanges.form.orgUnits")>
            <RadioCards legend=t("exchanges.form.scope") cards value=inputs.scope/>
            {below}
        </Card>
    }
}

/// What is offered for values that somebody edited here.
#[component]
fn EditedHere(inputs: Inputs) -> impl IntoView {
    let cards = vec![
        card(
            KEEP,
            t("exchanges.form.editedKeep"),
            t("exchanges.form.editedKeepText"),
        ),
        card(
            OVERWRITE,
            t("exchanges.form.editedOverwrite"),
            t("exchanges.form.editedOverwriteText"),
        ),
    ];
    view! {
        <Card title=t("exchanges.form.edited")>
            <RadioCards legend=t("exchanges.form.editedRule") cards value=inputs.edited/>
        </Card>
    }
}

/// What is offered for values that were deleted at the source.
#[component]
fn Cleared(inputs: Inputs) -> impl IntoView {
    let cards = vec![
        card(
            KEEP,
            t("exchanges.form.clearedKeep"),
            t("exchanges.form.clearedKeepText"),
        ),
        card(
            DELETE,
            t("exchanges.form.clearedDelete"),
            t("exchanges.form.clearedDeleteText"),
        ),
    ];
    view! {
        <Card title=t("exchanges.form.cleared")>
            <RadioCards legend=t("exchanges.form.clearedRule") cards value=inputs.cleared/>
        </Card>
    }
}

/// One of the choices of a rule or a policy.
fn card(value: &str, title: String, text: String) -> RadioCard {
    RadioCard {
        value: value.to_owned(),
        title,
        text,
    }
}
