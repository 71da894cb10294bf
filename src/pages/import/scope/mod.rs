//! Choose periods and org units for an exchange.

mod periods;
mod state;

use super::choose::{UnderWay, remember_use};
use super::left_over::LeftOver;
use super::period_name::PeriodUnit;
use super::work::{self, SentBack};
use super::{ImportSteps, name_of, words};
use crate::ask::ask_with_progress;
use crate::browser::storage;
use crate::pages::{PageTitle, ProblemNotice};
use crate::route::Route;
use crate::text::{t, t_count, t_with};
use crate::widgets::{
    Button, ButtonKind, LinkButton, Notice, NoticeKind, OrgUnitTree, ProgressBar, Ticks, TreeUnit,
    UnitTree,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use periods::PeriodBoxes;
use state::{
    Hindrance, Remembered, by_rule, first_org_units, first_periods, grouped, hindrance,
    mapped_under,
};
use std::collections::BTreeSet;
use std::sync::Arc;
use tributary_exchange::problem::Problem;
use tributary_exchange::question::Progress;
use tributary_exchange::questions::import::{ImportChoices, PrepareImport, ReadPlan};

/// How far the choices are.
#[derive(Clone)]
enum Offer {
    Waiting,
    Here(Arc<ImportChoices>),
    Failed(Problem),
}

#[component]
pub(super) fn ChooseScope(
    /// The exchange.
    exchange: String,
) -> impl IntoView {
    let offer = RwSignal::new(Offer::Waiting);
    let progress = RwSignal::new(Progress::default());
    let id = StoredValue::new(exchange.clone());
    let load = move || {
        offer.set(Offer::Waiting);
        let question = PrepareImport {
            exchange: id.get_value(),
        };
        spawn_local(async move {
            // The screen may be gone when the answer comes.
            let tell = move |told| {
                progress.try_set(told);
            };
            let answer = match ask_with_progress(&question, tell).await {
                Ok(choices) => Offer::Here(Arc::new(choices)),
                Err(problem) => Offer::Failed(problem),
            };
            offer.try_set(answer);
        });
    };
    load();
    let name = name_of(&exchange);
    let sent_back = work::taken_back().map(|why| {
        let key = match why {
            SentBack::NoPlan => "import.planGone",
            SentBack::NoReport => "import.reportGone",
        };
        view! { <Notice kind=NoticeKind::Info announce=true title=t(key)/> }
    });
    view! {
        <ImportSteps exchange=exchange current=0/>
        <div class="page import-head">
            <PageTitle title=t("import.scopeTitle")/>
            {(!name.is_empty()).then(|| view! { <p class="page-lead">{name.clone()}</p> })}
            {sent_back}
            <UnderWay/>
        </div>
        {move || match offer.get() {
            Offer::Waiting => view! { <div class="page"><Waiting progress/></div> }.into_any(),
            Offer::Here(choices) => view! { <Choices exchange=id.get_value() choices/> }.into_any(),
            Offer::Failed(problem) => view! {
                <div class="page">
                    <ProblemNotice problem/>
                    <div class="row">
                        <Button on_press=move |()| load()>{t("app.tryAgain")}</Button>
                        <LinkButton kind=ButtonKind::Secondary href=Route::Import.href()>{t("import.back")}</LinkButton>
                    </div>
                </div>
            }.into_any(),
        }}
    }
}

#[component]
fn Waiting(progress: RwSignal<Progress>) -> impl IntoView {
    let numbers = move || progress.with(words::steps);
    view! {
        <div role="status">
            <ProgressBar label=Signal::derive(move || progress.with(words::stage))
                done=Signal::derive(move || u64::from(progress.with(|progress| progress.done)))
                total=Signal::derive(move || u64::from(progress.with(|progress| progress.total)))
                numbers=Signal::derive(numbers)/>
        </div>
    }
}

#[component]
fn Choices(exchange: String, choices: Arc<ImportChoices>) -> impl IntoView {
    let memory = format!("import.{exchange}");
    let id = exchange.clone();
    let remembered: Option<Remembered> =
        storage::remembered(&memory).and_then(|text| serde_json::from_str(&text).ok());
    let chosen = RwSignal::new(first_periods(&choices, remembered.as_ref()));
    let tree = Arc::new(UnitTree::new(tree_units(&choices)));
    let ticks = RwSignal::new(Ticks::of(
        &tree,
        &first_org_units(&choices, remembered.as_ref()),
    ));
    let tree = Signal::stored(tree);
    let facts = StoredValue::new(Arc::clone(&choices));
    let ticked = Memo::new(move |_| tree.with(|tree| ticks.with(|ticks| ticks.ids(tree))));
    let units = Memo::new(move |_| {
        ticked.with(|ticked| facts.with_value(|choices| mapped_under(choices, ticked)))
    });
    let hindered = Memo::new(move |_| {
        let under_way = work::sending().is_some();
        let periods = chosen.with(BTreeSet::len);
        facts.with_value(|choices| hindrance(choices, periods, units.get(), under_way))
    });
    let groups = grouped(&choices.periods);
    let unit = match groups.as_slice() {
        [only] => only.unit,
        _ => PeriodUnit::Other,
    };
    let counted = move || {
        let number = |count: usize| u64::try_from(count).unwrap_or_default();
        let sets = facts.with_value(|choices| choices.data_sets.len());
        [
            t_count(unit.count_key(), number(chosen.with(BTreeSet::len)), &[]),
            t_count("import.knownUnitCount", units.get(), &[]),
            t_count("import.dataSetCount", number(sets), &[]),
        ]
        .join(" · ")
    };
    let read = move |()| {
        let asked = ReadPlan {
            exchange: exchange.clone(),
            // In the order of the screen, not of the ids.
            periods: facts.with_value(|choices| {
                let ids = choices.periods.iter().map(|period| period.id.clone());
                chosen.with_untracked(|chosen| ids.filter(|id| chosen.contains(id)).collect())
            }),
            org_units: ticked.get_untracked(),
        };
        let remember = Remembered {
            by_rule: facts.with_value(|choices| by_rule(choices)),
            periods: asked.periods.clone(),
            org_units: asked.org_units.clone(),
        };
        if let Ok(text) = serde_json::to_string(&remember) {
            storage::remember(&memory, &text);
        }
        remember_use(&exchange);
        work::read(asked, facts.with_value(|choices| choices.periods.clone()));
        Route::ImportPlan {
            exchange: exchange.clone(),
        }
        .go();
    };
    let obstacles = choices
        .obstacles
        .iter()
        .map(|problem| view! { <ProblemNotice problem=problem.clone()/> });
    let obstacles = obstacles.collect_view();
    let has_units = !choices.org_units.is_empty();
    let reason = Signal::derive(move || hindered.get().map(hindrance_words).unwrap_or_default());
    view! {
        <div class="page">
        <p>{t_with("import.fromWhat", &[("source", &choices.source_name), ("sets", &choices.data_sets.join(", "))])}</p>
        <LeftOver exchange=id periods=choices.periods.clone()/>
        {obstacles}
        <div class="import-scope">
            <section class="card stack" aria-labelledby="import-when">
                <h2 id="import-when">{t("import.periods")}</h2>
                {groups.into_iter().map(|group| view! { <PeriodBoxes group chosen/> }).collect_view()}
            </section>
            {has_units.then(|| view! {
                <section class="card stack" aria-labelledby="import-where">
                    <h2 id="import-where">{t("import.orgUnits")}</h2>
                    <OrgUnitTree label=t("import.orgUnits") tree ticks/>
                </section>
            })}
        </div>
        </div>
        <div class="bottom-bar">
            <Button kind=ButtonKind::Primary on_press=read disabled_reason=reason>{t("import.read")}</Button>
            <LinkButton kind=ButtonKind::Secondary href=Route::Import.href()>{t("import.back")}</LinkButton>
            <span role="status">{counted}</span>
        </div>
    }
}

fn hindrance_words(hindrance: Hindrance) -> String {
    t(match hindrance {
        Hindrance::Obstacle => "import.hinderedByObstacle",
        Hindrance::UnderWay => "import.hinderedByImport",
        Hindrance::NoPeriod => "import.hinderedByPeriods",
        Hindrance::NoOrgUnit => "import.hinderedByOrgUnits",
    })
}

fn tree_units(choices: &ImportChoices) -> Vec<TreeUnit> {
    let id_at = |place: u32| {
        choices
            .org_units
            .get(usize::try_from(place).ok()?)
            .map(|unit| unit.id.clone())
    };
    let units = choices.org_units.iter().map(|unit| TreeUnit {
        id: unit.id.clone(),
        name: unit.name.clone(),
        parent: unit.parent.and_then(id_at).unwrap_or_default(),
    });
    units.collect()
}
