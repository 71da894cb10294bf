//! What a list shows when there is nothing in it yet.

use super::{Icon, IconKind};
use leptos::prelude::*;

/// An icon, a title, a sentence, and what to do.
#[component]
pub fn EmptyState(
    /// The icon.
    icon: IconKind,
    /// The title.
    #[prop(into)]
    title: String,
    /// The sentence.
    #[prop(into)]
    text: String,
    /// The one action; may be left out.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <Icon kind=icon/>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}
