//! Some out of a list, with boxes to tick; a long list can be searched.

use super::{Checkbox, Choice, fold, unique_id};
use crate::text::{t, t_count};
use leptos::prelude::*;

/// From how many entries on there is a box to search in.
const SEARCHED_FROM: usize = 10;
/// Entries that are drawn at most; the search finds the others.
const DRAWN: usize = 200;

/// A list of boxes.
#[component]
pub fn CheckList(
    /// What is chosen here.
    #[prop(into)]
    legend: String,
    /// What there is to choose from.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The values of what is ticked, both ways.
    chosen: RwSignal<Vec<String>>,
    /// What ticking means; empty for none.
    #[prop(into, optional)]
    help: Signal<String>,
    /// What is wrong with the choice; empty while nothing is.
    #[prop(into, optional)]
    error: Signal<String>,
    /// The words of the box to search in.
    #[prop(into)]
    search_label: String,
    /// The element's id, for focus.
    #[prop(into, optional)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| unique_id("check-list"));
    let note = format!("{id}-note");
    let described_by = note.clone();
    let search = RwSignal::new(String::new());
    let matching = Memo::new(move |_| {
        let wanted = fold(&search.get());
        let all = choices.get();
        all.into_iter()
            .filter(|choice| fold(&choice.label).contains(&wanted))
            .collect::<Vec<_>>()
    });
    let is_long = move || choices.with(Vec::len) >= SEARCHED_FROM;
    let change = move |value: String, ticked: bool| {
        chosen.update(|chosen| {
            chosen.retain(|other| *other != value);
            if ticked {
                chosen.push(value);
            }
        });
    };
    let drawn = move || matching.get().into_iter().take(DRAWN).collect::<Vec<_>>();
    let said = move || {
        let count = matching.with(Vec::len);
        if count == 0 {
            return t("widget.checkNone");
        }
        let hidden = count.saturating_sub(DRAWN);
        if hidden > 0 {
            let hidden = u64::try_from(hidden).unwrap_or_default();
            return t_count("widget.checkMore", hidden, &[]);
        }
        let ticked = u64::try_from(chosen.with(Vec::len)).unwrap_or_default();
        t_count("widget.checkChosen", ticked, &[])
    };
    view! {
        <fieldset class="check-list" id=id tabindex="-1" aria-describedby=described_by>
            <legend class="field-label">{legend}</legend>
            {move || is_long().then(|| view! {
                <input class="input input-dense" type="search" autocomplete="off"
                    aria-label=search_label.clone() placeholder=search_label.clone()
                    on:input=move |event| search.set(event_target_value(&event))/>
            })}
            <ul class="check-entries">
                <For each=drawn key=|choice| choice.value.clone() let:choice>
                    <li><CheckEntry choice chosen on_change=Callback::new(move |(value, ticked)| change(value, ticked))/></li>
                </For>
            </ul>
            <p class="field-help" role="status">{said}</p>
            <div id=note>
                {move || (!help.get().is_empty()).then(|| view! { <p class="field-help">{help.get()}</p> })}
                {move || (!error.get().is_empty()).then(|| view! { <p class="field-error">{error.get()}</p> })}
            </div>
        </fieldset>
    }
}

#[component]
fn CheckEntry(
    choice: Choice,
    chosen: RwSignal<Vec<String>>,
    on_change: Callback<(String, bool)>,
) -> impl IntoView {
    let Choice { value, label } = choice;
    let own = StoredValue::new(value);
    let is_ticked =
        Signal::derive(move || own.with_value(|own| chosen.with(|all| all.contains(own))));
    view! {
        <Checkbox label checked=is_ticked
            on_change=move |ticked| on_change.run((own.get_value(), ticked))/>
    }
}
