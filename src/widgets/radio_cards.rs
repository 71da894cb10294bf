//! One out of very few, each with a sentence that says what it means.

use super::unique_id;
use leptos::prelude::*;

/// One of the cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RadioCard {
    /// What is chosen.
    pub value: String,
    /// Its name.
    pub title: String,
    /// What it means.
    pub text: String,
}

/// Cards of which one is chosen; arrow keys go from one to the next, as with all radio buttons.
#[component]
pub fn RadioCards(
    /// What the choice is about.
    #[prop(into)]
    legend: String,
    /// The cards.
    cards: Vec<RadioCard>,
    /// The value of the chosen one, both ways.
    value: RwSignal<String>,
    /// Values that cannot be chosen; the card's text says why.
    #[prop(optional)]
    off: Vec<String>,
) -> impl IntoView {
    let name = unique_id("radio");
    let cards = cards.into_iter().map(|card| {
        let is_off = off.contains(&card.value);
        let own = StoredValue::new(card.value);
        let is_chosen = move || own.with_value(|own| value.get() == *own);
        view! {
            <label class="radio-card" class:radio-card-chosen=is_chosen class:radio-card-off=is_off>
                <input type="radio" name=name.clone() prop:checked=is_chosen disabled=is_off
                    on:change=move |_| value.set(own.get_value())/>
                <span><span class="radio-card-title">{card.title}</span>
                <span class="radio-card-text">{card.text}</span></span>
            </label>
        }
    });
    view! {
        <fieldset class="radio-cards">
            <legend class="field-label">{legend}</legend>
            {cards.collect_view()}
        </fieldset>
    }
}
