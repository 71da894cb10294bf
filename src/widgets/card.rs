//! A white box with a title.

use leptos::prelude::*;

/// A card. Its title is a heading of the second level.
#[component]
pub fn Card(
    /// The title; empty for none.
    #[prop(into, optional)]
    title: String,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card stack">
            {(!title.is_empty()).then(|| view! { <h2>{title}</h2> })}
            {children()}
        </section>
    }
}
