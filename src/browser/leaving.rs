//! Asking before the tab is closed or loaded anew while something would be lost.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, window};

/// Makes the browser ask whenever the page is about to go away while `would_lose` says so.
/// To be called once for each reason to ask.
pub fn ask_before_unload(would_lose: impl Fn() -> bool + 'static) {
    let Some(window) = window() else { return };
    let callback = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if would_lose() {
            event.prevent_default();
            // Browsers before 2024 ask only when this is set as well.
            js_sys::Reflect::set(&event, &"returnValue".into(), &true.into()).ok();
        }
    });
    window.add_event_listener_with_callback("beforeunload", callback.as_ref().unchecked_ref()).ok();
    callback.forget();
}
