//! Buttons. One primary button per screen; its words are a verb and its object.

use super::unique_id;
use leptos::prelude::*;

/// How a button looks and what that means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// An action among others.
    #[default]
    Basic,
    /// The one action that the screen is for.
    Primary,
    /// An action of less weight.
    Secondary,
    /// Takes something away for good.
    Destructive,
}

impl ButtonKind {
    fn class(self) -> &'static str {
        match self {
            Self::Basic => "button",
            Self::Primary => "button button-primary",
            Self::Secondary => "button button-secondary",
            Self::Destructive => "button button-destructive",
        }
    }
}

/// A button. A disabled one says why, and can still be reached by keyboard so that the reason
/// can be read.
#[component]
pub fn Button(
    /// How it looks.
    #[prop(optional)]
    kind: ButtonKind,
    /// What it does.
    #[prop(into)]
    on_press: Callback<()>,
    /// It is doing it right now.
    #[prop(into, optional)]
    loading: Signal<bool>,
    /// Why it cannot be pressed now; empty when it can.
    #[prop(into, optional)]
    disabled_reason: Signal<String>,
    /// The small form, for tables and toolbars.
    #[prop(optional)]
    small: bool,
    /// The element's id, for focus.
    #[prop(into, optional)]
    id: Option<String>,
    /// The words.
    children: Children,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| unique_id("button"));
    let reason_id = format!("{id}-reason");
    let described_by = reason_id.clone();
    let is_off = move || loading.get() || disabled_reason.with(|reason| !reason.is_empty());
    let class = if small {
        format!("{} button-small", kind.class())
    } else {
        kind.class().to_owned()
    };
    view! {
        <button id=id type="button" class=class
            aria-disabled=move || is_off().then_some("true")
            aria-describedby=move || disabled_reason.with(|reason| (!reason.is_empty()).then(|| described_by.clone()))
            title=move || disabled_reason.get()
            on:click=move |_| if !is_off() { on_press.run(()) }>
            {move || loading.get().then(|| view! { <span class="loader loader-small" aria-hidden="true"></span> })}
            {children()}
        </button>
        <span id=reason_id hidden>{move || disabled_reason.get()}</span>
    }
}

/// A link that looks like a button: for going somewhere, where a button does something.
#[component]
pub fn LinkButton(
    /// How it looks.
    #[prop(optional)]
    kind: ButtonKind,
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// The small form.
    #[prop(optional)]
    small: bool,
    /// The words.
    children: Children,
) -> impl IntoView {
    let class = if small {
        format!("{} button-small", kind.class())
    } else {
        kind.class().to_owned()
    };
    view! { <a class=class href=href>{children()}</a> }
}
