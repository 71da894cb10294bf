//! The mapping of a connection: four parts, each with its own address, over one working copy
//! that lives in the Worker. A table shows what there is at the source and what it goes to; a
//! panel beside it is for choosing. Nothing is stored before the person says so.

mod bar;
mod combining;
mod editor;
mod findings;
mod held;
mod parts;
mod screen;
mod state;
mod table;
mod toolbar;
mod walk;

use super::not_found::NotFound;
use super::{PageTitle, ProblemNotice, UnsavedChanges};
use crate::browser::location;
use crate::route::Route;
use crate::text::{t, t_with, whole};
use crate::widgets::{
    AlertBar, Button, ButtonKind, Dialog, EmptyState, IconKind, LinkButton, Notice, NoticeKind,
    ProgressBar,
};
use bar::BottomBar;
use combining::CombiningRules;
use editor::Editor;
use findings::Findings;
use leptos::prelude::*;
use parts::Parts;
use screen::{Opening, Reading, Screen};
use state::{counts, follows_data_sets, part_of};
use table::RowTable;
use toolbar::Toolbar;
use tributary_exchange::problem::Problem;
use tributary_exchange::questions::mapping::MappingPart;
use tributary_exchange::questions::session::Session;

/// The screen of one part.
#[component]
pub fn MappingPage(
    /// Identifier of the connection.
    connection: String,
    /// The part's name in addresses.
    part: String,
) -> impl IntoView {
    match part_of(&part) {
        Some(part) => view! { <PartPage connection part/> }.into_any(),
        None => view! { <NotFound/> }.into_any(),
    }
}

#[component]
fn PartPage(connection: String, part: MappingPart) -> impl IntoView {
    let screen = Screen::new(connection.clone(), part);
    screen.start();
    let unsaved = Signal::derive(move || screen.state.with(|state| state.unsaved));
    let own = connection.clone();
    let is_within =
        move |next: &Route| matches!(next, Route::Mapping { connection, .. } if *connection == own);
    let within = Callback::new({
        let is_within = is_within.clone();
        move |next: Route| is_within(&next)
    });
    on_cleanup(move || {
        // Whoever leaves with unsaved changes has agreed to lose them.
        let is_gone = !is_within(&Route::parse(&location::hash()));
        if is_gone && unsaved.try_get_untracked() == Some(true) {
            held::forget();
        }
    });
    let back = Route::Connection { id: connection }.href();
    view! {
        <div class="page mapping-page">
            <p><a href=back>{move || match screen.state.with(|state| state.connection_name.clone()) {
                name if name.is_empty() => t("connections.title"),
                name => name,
            }}</a></p>
            <PageTitle title=t(&format!("mapping.title.{}", part.name()))/>
            <p class="page-lead">{t(&format!("mapping.lead.{}", part.name()))}</p>
            {move || match screen.opening.get() {
                Opening::Reading => view! { <ReadingBars screen/> }.into_any(),
                Opening::Failed(problem) => view! {
                    <ProblemNotice problem/>
                    <Button on_press=move |()| screen.reopen()>{t("app.tryAgain")}</Button>
                }.into_any(),
                Opening::Open => view! { <Work screen/> }.into_any(),
            }}
            <p class="visually-hidden" role="status">{move || screen.said.get()}</p>
        </div>
        {move || matches!(screen.opening.get(), Opening::Open).then(|| view! { <BottomBar screen/> })}
        <UnsavedChanges unsaved within/>
        <AlertBar alert=screen.alert/>
    }
}

/// How far reading both sides is, in words and numbers.
#[component]
fn ReadingBars(screen: Screen) -> impl IntoView {
    let bar = move |key: &'static str, steps: fn(Reading) -> Option<(u32, u32)>| {
        let steps = Memo::new(move |_| steps(screen.reading.get()).unwrap_or_default());
        let numbers = move || match steps.get() {
            (_, 0) => String::new(),
            (done, total) => t_with(
                "mapping.reading.steps",
                &[
                    ("done", &whole(u64::from(done))),
                    ("total", &whole(u64::from(total))),
                ],
            ),
        };
        view! {
            <ProgressBar label=Signal::derive(move || t(key)) numbers=Signal::derive(numbers)
                done=Signal::derive(move || u64::from(steps.get().0)) total=Signal::derive(move || u64::from(steps.get().1))/>
        }
    };
    view! {
        <div class="card stack mapping-reading">
            <p class="visually-hidden" role="status">{t("mapping.reading")}</p>
            {bar("mapping.reading.source", |reading| reading.source)}
            {bar("mapping.reading.destination", |reading| reading.destination)}
        </div>
    }
}

/// Everything that is there once the mapping is open.
#[component]
fn Work(screen: Screen) -> impl IntoView {
    let waits_for_data_sets = Memo::new(move |_| {
        let mapped = screen
            .state
            .with(|state| counts(&state.parts, MappingPart::DataSets).mapped);
        follows_data_sets(screen.part) && mapped == 0
    });
    let is_editing = Memo::new(move |_| screen.editing.with(Option::is_some));
    let data_sets = Route::Mapping {
        connection: screen.connection(),
        part: MappingPart::DataSets.name().to_owned(),
    }
    .href();
    view! {
        <ReadOnlyNotice screen/>
        {move || screen.was_lost.get().then(|| view! {
            <Notice kind=NoticeKind::Warning title=t("mapping.wasLost.title") announce=true>
                <p>{t("mapping.wasLost.text")}</p>
            </Notice>
        })}
        {move || screen.problem.get().map(|problem| view! { <Trouble screen problem/> })}
        <Parts screen/>
        <Findings screen/>
        <CombiningRules screen/>
        {move || if waits_for_data_sets.get() {
            let href = data_sets.clone();
            view! {
                <EmptyState icon=IconKind::Link title=t("mapping.dataSetsFirst.title") text=t("mapping.dataSetsFirst.text")>
                    <LinkButton href>{t("mapping.dataSetsFirst.go")}</LinkButton>
                </EmptyState>
            }.into_any()
        } else {
            view! {
                <Toolbar screen/>
                <div class="mapping-work" class:mapping-work-open=move || is_editing.get()>
                    <div class="mapping-rows"><RowTable screen/></div>
                    <Editor screen/>
                </div>
            }.into_any()
        }}
    }
}

/// Why nothing can be changed, and who can change it.
#[component]
fn ReadOnlyNotice(screen: Screen) -> impl IntoView {
    let may_configure = use_context::<Session>().is_some_and(|session| session.rights.configure);
    let reason = if may_configure {
        "mapping.readOnly.sharing"
    } else {
        "mapping.readOnly.right"
    };
    move || {
        (!screen.editable.get()).then(|| {
            view! { <Notice kind=NoticeKind::Info title=t("mapping.readOnly.title")><p>{t(reason)}</p></Notice> }
        })
    }
}

/// What went wrong, with what can be done about it. Somebody else having stored the mapping is
/// no failure of anybody: the person decides whose work goes on.
#[component]
fn Trouble(screen: Screen, problem: Problem) -> impl IntoView {
    let asks = RwSignal::new(false);
    if problem.kind != "lostUpdate" {
        return view! { <ProblemNotice problem/> }.into_any();
    }
    view! {
        <Notice kind=NoticeKind::Warning title=t("mapping.lostUpdate.title") announce=true>
            <p>{t("mapping.lostUpdate.text")}</p>
            <div class="row">
                <Button small=true on_press=move |()| asks.set(true)>{t("mapping.lostUpdate.reload")}</Button>
                <Button small=true on_press=move |()| screen.problem.set(None)>{t("mapping.lostUpdate.keep")}</Button>
            </div>
        </Notice>
        <Dialog open=asks on_close=move |()| asks.set(false) title=t("mapping.discard.title")
            actions=move || view! {
                <Button on_press=move |()| asks.set(false)>{t("mapping.discard.no")}</Button>
                <Button kind=ButtonKind::Destructive on_press=move |()| screen.reopen()>{t("mapping.discard.yes")}</Button>
            }>
            <p>{t("mapping.discard.text")}</p>
        </Dialog>
    }
    .into_any()
}
