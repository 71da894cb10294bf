//! The part of the address behind the `#`, which says which screen is shown.
//!
//! DHIS2's global shell copies it to the address bar on every `popstate` of our frame.
//! Setting `location.hash` fires that by itself, replacing the history entry does not.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{PopStateEvent, window};

/// The present address behind the `#`, with it; empty when there is none.
pub fn hash() -> String {
    window()
        .and_then(|window| window.location().hash().ok())
        .unwrap_or_default()
}

/// Goes to another screen; the present one stays in the history.
pub fn go(hash: &str) {
    if let Some(window) = window() {
        window.location().set_hash(hash).ok();
    }
}

/// Goes to another screen in the place of the present one, so that Back does not lead to it.
pub fn replace(hash: &str) {
    let Some(window) = window() else { return };
    let replaced = window.history().and_then(|history| {
        history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(hash))
    });
    if let (Ok(()), Ok(event)) = (replaced, PopStateEvent::new("popstate")) {
        window.dispatch_event(&event).ok();
    }
}

/// Loads the whole page again.
pub fn reload() {
    if let Some(window) = window() {
        window.location().reload().ok();
    }
}

/// Calls back whenever the address changes, as long as the page lives.
pub fn on_change(then: impl Fn() + 'static) {
    let Some(window) = window() else { return };
    let callback = Closure::<dyn Fn()>::new(then);
    for event in ["popstate", "hashchange"] {
        window
            .add_event_listener_with_callback(event, callback.as_ref().unchecked_ref())
            .ok();
    }
    callback.forget();
}
