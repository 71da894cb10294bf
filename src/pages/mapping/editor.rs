//! The panel beside the table in which a row's target is searched for. It stays open and goes
//! on to the next row without a choice, with the focus in its search: whoever maps hundreds
//! of rows types, presses Enter, and types again.

use super::screen::{Editing, Screen};
use super::table::{accepting, clearing, evidence, excluding, mapped, note, target_view, to};
use super::walk::{TARGET_INPUT, focus_target};
use crate::ask::ask;
use crate::text::t;
use crate::widgets::{
    Button, Icon, IconKind, OptionSource, Options, PickList, PickOption, Tag, TagKind,
};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use tributary_exchange::questions::mapping::{MappingPart, MappingTargets, RowChoice};

/// The panel; there while a row is being decided.
#[component]
pub fn Editor(
    /// The screen.
    screen: Screen,
) -> impl IntoView {
    let is_open = Memo::new(move |_| screen.editing.with(Option::is_some));
    move || is_open.get().then(|| view! { <Panel screen/> })
}

#[component]
fn Panel(screen: Screen) -> impl IntoView {
    let row_key = Memo::new(move |_| {
        screen
            .editing
            .with(|editing| editing.as_ref().map(|editing| editing.row.key.clone()))
    });
    let source = Signal::derive(move || targets(screen.part, row_key.get().unwrap_or_default()));
    let choose = Callback::new(move |option: Option<PickOption>| {
        if let (Some(option), Some(Editing { index, row })) =
            (option, screen.editing.get_untracked())
        {
            let (change, words) = (to(&row, &option.value), mapped(&row, &option.label));
            screen.decide(index, row, change, words);
        }
    });
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            screen.stop_editing();
        }
    };
    let about = move || {
        screen
            .editing
            .get()
            .map(|editing| about(screen.part, &editing))
    };
    let actions = move || {
        screen
            .editing
            .get()
            .map(|editing| actions(screen, &editing))
    };
    view! {
        <section class="mapping-panel" aria-labelledby="mapping-panel-title" on:keydown=on_key>
            <div class="mapping-panel-head">
                <h2 id="mapping-panel-title">{t("mapping.panel.title")}</h2>
                <button type="button" class="icon-button" aria-label=t("widget.close") on:click=move |_| screen.stop_editing()>
                    <Icon kind=IconKind::Cross/>
                </button>
            </div>
            <div class="mapping-panel-body stack">
                {about}
                <PickList id=TARGET_INPUT label=Signal::derive(|| t("mapping.panel.target")) source
                    chosen=Signal::derive(|| None::<PickOption>) on_choose=choose
                    help=Signal::derive(|| t("mapping.panel.help"))/>
                {actions}
            </div>
        </section>
    }
}

/// What the row is, and what stands for it now.
fn about(part: MappingPart, editing: &Editing) -> AnyView {
    let row = &editing.row;
    let now = match (&row.choice, &row.proposal) {
        (RowChoice::To(target), _) => {
            view! { <Tag kind=TagKind::Positive text=t("mapping.is.mapped")/>" "{target_view(part, target)} }.into_any()
        }
        (RowChoice::Excluded, _) => view! { <Tag text=t("mapping.is.leftOut")/> }.into_any(),
        (RowChoice::Open, Some(proposal)) => {
            view! { <Tag kind=TagKind::Neutral text=evidence(proposal)/>" "{target_view(part, &proposal.target)} }.into_any()
        }
        (RowChoice::Open, None) => view! { <Tag kind=TagKind::Warning text=t("mapping.is.open")/> }.into_any(),
    };
    view! {
        <dl class="mapping-about">
            <dt>{t("mapping.column.source")}</dt>
            <dd><strong>{row.name.clone()}</strong><span class="muted">{note(part, &row.detail, &row.code)}</span></dd>
            <dt>{t("mapping.column.destination")}</dt>
            <dd>{now}</dd>
        </dl>
    }
    .into_any()
}

fn actions(screen: Screen, editing: &Editing) -> AnyView {
    let (index, row) = (editing.index, &editing.row);
    // The pressed button may not be there for the next row; the search always is.
    let then_search = |act: Callback<()>| {
        Callback::new(move |()| {
            focus_target();
            act.run(());
        })
    };
    let accept = accepting(screen, index, row).map(|accept| {
        view! { <Button on_press=then_search(accept)>{t("mapping.panel.accept")}</Button> }
    });
    let exclude = (row.choice != RowChoice::Excluded)
        .then(|| view! { <Button on_press=then_search(excluding(screen, index, row))>{t("mapping.leaveOut")}</Button> });
    let clear = (row.choice != RowChoice::Open)
        .then(|| view! { <Button on_press=then_search(clearing(screen, index, row))>{t("mapping.clear")}</Button> });
    let skip = Callback::new(move |()| screen.skip());
    view! {
        <div class="row">
            {accept}{exclude}{clear}
            <Button on_press=then_search(skip)>{t("mapping.panel.skip")}</Button>
        </div>
    }
    .into_any()
}

fn targets(part: MappingPart, row: String) -> OptionSource {
    OptionSource::new(move |search, limit| {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let question = MappingTargets {
            part,
            row: row.clone(),
            search,
            offset: 0,
            limit,
        };
        async move {
            let window = ask(&question).await.ok()?;
            let options = window.targets.into_iter().map(|target| PickOption {
                detail: note(part, &target.detail, &target.code),
                value: target.key,
                label: target.name,
            });
            Some(Options {
                total: window.total as usize,
                options: options.collect(),
            })
        }
    })
}
