//! The periods to choose from: boxes to tick, by type.

use super::state::PeriodGroup;
use crate::pages::import::period_name::period_words;
use crate::text::{t, t_count};
use crate::widgets::{Button, ButtonKind, Checkbox};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The periods of one type.
#[component]
pub(super) fn PeriodBoxes(
    /// The periods.
    group: PeriodGroup,
    /// The chosen ones of all types, both ways.
    chosen: RwSignal<BTreeSet<String>>,
) -> impl IntoView {
    // Worked out once: a period must not vanish from the screen when its tick is taken away.
    let first = group.shown_at_first(&chosen.get_untracked());
    let more = group.periods.len() - first;
    let is_open = RwSignal::new(false);
    let title = t(group.unit.title_key());
    let all_ids: Vec<String> = group
        .periods
        .iter()
        .map(|period| period.id.clone())
        .collect();
    let entries: Vec<(String, String)> = group
        .periods
        .iter()
        .map(|period| (period.id.clone(), period_words(period)))
        .collect();
    let entries = StoredValue::new(entries);
    let all_ids = StoredValue::new(all_ids);
    let boxes = move |from: usize, to: usize| {
        let part = entries.with_value(|entries| entries.get(from..to).unwrap_or_default().to_vec());
        part.into_iter()
            .map(|(id, name)| {
                let own = id.clone();
                let is_chosen = Signal::derive(move || chosen.with(|chosen| chosen.contains(&own)));
                let on_change = move |to: bool| {
                    chosen.update(|chosen| {
                        if to {
                            chosen.insert(id.clone());
                        } else {
                            chosen.remove(&id);
                        }
                    });
                };
                view! { <li><Checkbox label=Signal::stored(name) checked=is_chosen on_change=on_change/></li> }
            })
            .collect_view()
    };
    let choose_all = move |()| {
        is_open.set(true);
        chosen.update(|chosen| chosen.extend(all_ids.get_value()));
    };
    let choose_none = move |()| {
        let is_other = |id: &String| all_ids.with_value(|ids| !ids.contains(id));
        chosen.update(|chosen| chosen.retain(is_other));
    };
    view! {
        <fieldset class="import-periods">
            <legend class="field-label">{title}</legend>
            <ul class="import-period-list">
                {boxes(0, first)}
                {move || is_open.get().then(|| boxes(first, first + more))}
            </ul>
            <div class="row">
                {move || (more > 0 && !is_open.get()).then(|| view! {
                    <Button small=true kind=ButtonKind::Secondary on_press=move |()| is_open.set(true)>
                        {t_count("import.showOlder", u64::try_from(more).unwrap_or_default(), &[])}
                    </Button>
                })}
                <Button small=true kind=ButtonKind::Secondary on_press=choose_all>{t("import.chooseAll")}</Button>
                <Button small=true kind=ButtonKind::Secondary on_press=choose_none>{t("import.chooseNone")}</Button>
            </div>
        </fieldset>
    }
}
