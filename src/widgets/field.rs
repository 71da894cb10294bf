//! What stands around every input: label, help, what is wrong with it.

use leptos::prelude::*;

/// A field around an input that has `id=id` and `aria-describedby=described_by(&id)`.
#[component]
pub fn Field(
    /// The input's id.
    #[prop(into)]
    id: String,
    /// The label.
    #[prop(into)]
    label: Signal<String>,
    /// How to fill it in; empty for none.
    #[prop(into, optional)]
    help: Signal<String>,
    /// What is wrong with it; empty while nothing is.
    #[prop(into, optional)]
    error: Signal<String>,
    /// It must be filled in.
    #[prop(optional)]
    required: bool,
    /// The input.
    children: Children,
) -> impl IntoView {
    let note = described_by(&id);
    view! {
        <div class="field">
            <label class="field-label" for=id>{move || label.get()}{required.then(|| view! { <span aria-hidden="true">" *"</span> })}</label>
            {children()}
            <div id=note>
                {move || (!help.get().is_empty()).then(|| view! { <p class="field-help">{help.get()}</p> })}
                {move || (!error.get().is_empty()).then(|| view! { <p class="field-error">{error.get()}</p> })}
            </div>
        </div>
    }
}

/// The id of the help and error of the input with this id.
pub(super) fn described_by(id: &str) -> String {
    format!("{id}-note")
}
