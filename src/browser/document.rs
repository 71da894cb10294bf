//! The page as a document: title, language, direction, focus, and whether DHIS2's shell is around it.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, window};

/// Languages that are written from right to left (those that DHIS2 has among them).
const RIGHT_TO_LEFT: [&str; 6] = ["ar", "ckb", "fa", "prs", "ps", "ur"];

/// Sets the window's title, `Connections – Tributary | DHIS2`; an empty page name leaves its part out.
pub fn set_title(page: &str) {
    let title = if page.is_empty() {
        "Tributary | DHIS2".to_owned()
    } else {
        format!("{page} – Tributary | DHIS2")
    };
    if let Some(document) = window().and_then(|window| window.document()) {
        document.set_title(&title);
    }
}

/// Sets language and writing direction of the whole page.
pub fn set_language(language: &str) {
    let root = window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    if let Some(root) = root {
        root.set_attribute("lang", language).ok();
        root.set_attribute("dir", direction(language)).ok();
    }
}

/// `rtl` or `ltr`, by the language's tag.
pub fn direction(language: &str) -> &'static str {
    let primary = language.split('-').next().unwrap_or_default();
    if RIGHT_TO_LEFT.contains(&primary) {
        "rtl"
    } else {
        "ltr"
    }
}

/// Whether the page is written from right to left.
pub fn is_right_to_left() -> bool {
    let root = window()
        .and_then(|window| window.document())
        .and_then(|document| document.document_element());
    root.is_some_and(|root| root.get_attribute("dir").as_deref() == Some("rtl"))
}

/// Moves the keyboard focus to the element with this id, if it is there.
pub fn focus(id: &str) {
    if let Some(element) = html_element(id) {
        element.focus().ok();
    }
}

/// Scrolls as little as needed to show the element with this id.
pub fn reveal(id: &str) {
    let Some(element) = html_element(id) else {
        return;
    };
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Whether the keyboard focus is on the element with this id or inside it.
pub fn holds_focus(id: &str) -> bool {
    let active = window()
        .and_then(|window| window.document())
        .and_then(|document| document.active_element());
    match (html_element(id), active) {
        (Some(element), Some(active)) => element.contains(Some(active.unchecked_ref())),
        _ => false,
    }
}

/// Whether nothing is around this page; DHIS2's global shell (2.42 and later, or by setting on
/// 2.41) shows it in a frame and draws the header bar itself.
pub fn is_top_window() -> bool {
    let Some(window) = window() else { return true };
    // `top` is unreadable only when there is a foreign page around us.
    window.top().is_ok_and(|top| top.as_ref() == Some(&window))
}

fn html_element(id: &str) -> Option<HtmlElement> {
    window()?.document()?.get_element_by_id(id)?.dyn_into().ok()
}
