//! Tributary.
use leptos::prelude::*;

/// Starts.
pub fn start() {
    leptos::mount::mount_to_body(|| view! { <p>"hello"</p> });
}
