//! Text in one line.

use super::field::{Field, described_by};
use super::unique_id;
use leptos::prelude::*;

/// An input for a line of text, with its field.
#[component]
pub fn TextInput(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The text, both ways.
    value: RwSignal<String>,
    /// How to fill it in.
    #[prop(into, optional)]
    help: Signal<String>,
    /// What is wrong with it.
    #[prop(into, optional)]
    error: Signal<String>,
    /// It must be filled in.
    #[prop(optional)]
    required: bool,
    /// The browser's kind of input: `text`, `search`, `url`, `number`.
    #[prop(into, optional)]
    input_type: Option<String>,
    /// An example of what is meant.
    #[prop(into, optional)]
    placeholder: String,
    /// What the browser may fill in by itself.
    #[prop(into, optional)]
    autocomplete: Option<String>,
    /// The input's id, for focus.
    #[prop(into, optional)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| unique_id("input"));
    view! {
        <Field id=id.clone() label=label help=help error=error required=required>
            <input class="input" id=id.clone() type=input_type.unwrap_or_else(|| "text".to_owned())
                autocomplete=autocomplete.unwrap_or_else(|| "off".to_owned()) placeholder=placeholder
                aria-describedby=described_by(&id) required=required
                aria-invalid=move || (!error.get().is_empty()).then_some("true")
                prop:value=move || value.get()
                on:input=move |event| value.set(event_target_value(&event))/>
        </Field>
    }
}

/// An input for a secret. It is never filled in or kept by the browser.
#[component]
pub fn PasswordInput(
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// The text, both ways.
    value: RwSignal<String>,
    /// How to fill it in.
    #[prop(into, optional)]
    help: Signal<String>,
    /// What is wrong with it.
    #[prop(into, optional)]
    error: Signal<String>,
    /// It must be filled in.
    #[prop(optional)]
    required: bool,
    /// The input's id, for focus.
    #[prop(into, optional)]
    id: Option<String>,
) -> impl IntoView {
    view! {
        <TextInput label=label value=value help=help error=error required=required id=id.unwrap_or_else(|| unique_id("input"))
            input_type="password" autocomplete="new-password"/>
    }
}
