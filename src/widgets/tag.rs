//! A short state, in a colour and always in words.

use leptos::prelude::*;

/// What the colour says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagKind {
    /// Nothing in particular.
    #[default]
    Default,
    /// Worth seeing.
    Neutral,
    /// Good.
    Positive,
    /// Needs a look.
    Warning,
    /// Bad.
    Negative,
}

/// A tag.
#[component]
pub fn Tag(
    /// What the colour says.
    #[prop(optional)]
    kind: TagKind,
    /// The words.
    #[prop(into)]
    text: String,
) -> impl IntoView {
    let class = match kind {
        TagKind::Default => "tag",
        TagKind::Neutral => "tag tag-neutral",
        TagKind::Positive => "tag tag-positive",
        TagKind::Warning => "tag tag-warning",
        TagKind::Negative => "tag tag-negative",
    };
    view! { <span class=class>{text}</span> }
}
