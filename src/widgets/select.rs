//! One out of a few, as the browser's own list: the lightest and, on weak machines, the best.

use super::field::{Field, described_by};
use super::unique_id;
use leptos::prelude::*;

/// One of the things to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is chosen.
    pub value: String,
    /// How it is called.
    pub label: String,
}

impl Choice {
    /// A choice from its value and its name.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// A list to choose one from; with many entries take [`super::PickList`].
#[component]
pub fn Select(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// What there is to choose from.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The value of the present choice, both ways; an unknown one shows the first entry's place empty.
    value: RwSignal<String>,
    /// How to choose.
    #[prop(into, optional)]
    help: Signal<String>,
    /// What is wrong with the choice.
    #[prop(into, optional)]
    error: Signal<String>,
    /// The flat form, for toolbars.
    #[prop(optional)]
    dense: bool,
    /// The element's id, for focus.
    #[prop(into, optional)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| unique_id("select"));
    view! {
        <Field id=id.clone() label=label help=help error=error>
            <select class="input" class:input-dense=dense id=id.clone() aria-describedby=described_by(&id)
                aria-invalid=move || (!error.get().is_empty()).then_some("true")
                on:change=move |event| value.set(event_target_value(&event))>
                {move || {
                    let entries = choices.get().into_iter().map(|choice| {
                        let own = choice.value.clone();
                        view! {
                            <option value=choice.value prop:selected=move || value.get() == own>{choice.label}</option>
                        }
                    });
                    entries.collect_view()
                }}
            </select>
        </Field>
    }
}
