//! Choices that this browser remembers. Never anything of a source: see SECURITY.md.
//!
//! Storage may be switched off or full; a choice that cannot be kept is simply not remembered.

use web_sys::{Storage, window};

const PREFIX: &str = "tributary.";

/// A choice remembered for good in this browser.
pub fn remembered(name: &str) -> Option<String> {
    local()?.get_item(&format!("{PREFIX}{name}")).ok()?
}

/// Remembers a choice for good in this browser.
pub fn remember(name: &str, value: &str) {
    if let Some(storage) = local() {
        storage.set_item(&format!("{PREFIX}{name}"), value).ok();
    }
}

/// What was kept for this tab: survives a reload, not the tab.
pub fn kept_for_tab(name: &str) -> Option<String> {
    tab()?.get_item(&format!("{PREFIX}{name}")).ok()?
}

/// Keeps something for this tab; an empty value takes it away.
pub fn keep_for_tab(name: &str, value: &str) {
    let Some(storage) = tab() else { return };
    let key = format!("{PREFIX}{name}");
    if value.is_empty() {
        storage.remove_item(&key).ok();
    } else {
        storage.set_item(&key, value).ok();
    }
}

fn local() -> Option<Storage> {
    window()?.local_storage().ok()?
}

fn tab() -> Option<Storage> {
    window()?.session_storage().ok()?
}
