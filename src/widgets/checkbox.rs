//! A box to tick.

use leptos::html;
use leptos::prelude::*;

/// A checkbox with its label.
#[component]
pub fn Checkbox(
    /// The words beside it.
    #[prop(into)]
    label: Signal<String>,
    /// Whether it is ticked.
    #[prop(into)]
    checked: Signal<bool>,
    /// Neither ticked nor not: some of what it stands for.
    #[prop(into, optional)]
    mixed: Signal<bool>,
    /// It cannot be changed now.
    #[prop(into, optional)]
    disabled: Signal<bool>,
    /// Told what it should become.
    #[prop(into)]
    on_change: Callback<bool>,
    /// The label is only for screen readers (in tables).
    #[prop(optional)]
    label_hidden: bool,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = node.get() {
            input.set_indeterminate(mixed.get());
        }
    });
    view! {
        <label class="checkbox">
            <input type="checkbox" node_ref=node prop:checked=move || checked.get() disabled=move || disabled.get()
                on:change=move |event| on_change.run(event_target_checked(&event))/>
            <span class:visually-hidden=label_hidden>{move || label.get()}</span>
        </label>
    }
}
