//! Above the table: which rows are shown, and what is done with all of them.

use super::screen::Screen;
use super::state::shown_by;
use crate::browser::timer;
use crate::text::{t, t_count, whole};
use crate::widgets::{Button, ButtonKind, unique_id};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::questions::mapping::MappingFilter;

/// How long typing must rest before rows are asked for, in milliseconds.
const REST: u32 = 200;

const FILTERS: [(MappingFilter, &str); 5] = [
    (MappingFilter::All, "mapping.filter.all"),
    (MappingFilter::Open, "mapping.filter.toDo"),
    (MappingFilter::Proposed, "mapping.filter.proposed"),
    (MappingFilter::Mapped, "mapping.filter.mapped"),
    (MappingFilter::Excluded, "mapping.filter.leftOut"),
];

/// Filter, search, and what is done with all rows.
#[component]
pub fn Toolbar(
    /// The screen.
    screen: Screen,
) -> impl IntoView {
    let proposed = move || u64::from(screen.counts().proposed);
    view! {
        <div class="mapping-toolbar">
            <Filters screen/>
            <Search screen/>
            {move || screen.editable.get().then(|| view! {
                <div class="row mapping-bulk">
                    <Button kind=ButtonKind::Secondary on_press=move |()| screen.accept_all()
                        disabled_reason=Signal::derive(move || if proposed() == 0 { t("mapping.noProposals") } else { String::new() })>
                        {move || t_count("mapping.acceptAll", proposed(), &[])}
                    </Button>
                    <Button kind=ButtonKind::Secondary on_press=move |()| screen.undo()
                        disabled_reason=Signal::derive(move || {
                            if screen.ledger.with(|ledger| ledger.can_undo()) { String::new() } else { t("mapping.nothingToUndo") }
                        })>
                        {t("mapping.undo")}
                    </Button>
                </div>
            })}
        </div>
        {move || {
            let only = screen.only.with(|only| u64::try_from(only.len()).unwrap_or_default());
            (only > 0).then(|| view! {
                <p class="row mapping-only">
                    <span>{t_count("mapping.only", only, &[])}</span>
                    <Button small=true on_press=move |()| screen.only.set(Vec::new())>{t("mapping.showAll")}</Button>
                </p>
            })
        }}
    }
}

#[component]
fn Filters(screen: Screen) -> impl IntoView {
    let name = unique_id("mapping-filter");
    let segments = FILTERS.into_iter().map(|(filter, key)| {
        let is_chosen = move || screen.filter.get() == filter;
        view! {
            <label class="mapping-segment" class:mapping-segment-chosen=is_chosen>
                <input class="visually-hidden" type="radio" name=name.clone() prop:checked=is_chosen
                    on:change=move |_| {
                        screen.editing.set(None);
                        screen.filter.set(filter);
                    }/>
                <span>{t(key)}" "<span class="mapping-segment-count">{move || whole(u64::from(shown_by(&screen.counts(), filter)))}</span></span>
            </label>
        }
    });
    view! {
        <fieldset class="mapping-segments">
            <legend class="visually-hidden">{t("mapping.filter")}</legend>
            {segments.collect_view()}
        </fieldset>
    }
}

#[component]
fn Search(screen: Screen) -> impl IntoView {
    let typed = StoredValue::new(0_u32);
    let on_input = move |text: String| {
        typed.update_value(|typed| *typed = typed.wrapping_add(1));
        let own = typed.get_value();
        spawn_local(async move {
            timer::sleep(REST).await;
            // Only the last of several letters counts, and the screen may be gone.
            if typed.try_get_value() == Some(own) {
                screen.editing.set(None);
                screen.search.set(text);
            }
        });
    };
    view! {
        <input class="input input-dense mapping-search" type="search" autocomplete="off" aria-label=t("mapping.search")
            placeholder=t("mapping.search") on:input=move |event| on_input(event_target_value(&event))/>
    }
}
