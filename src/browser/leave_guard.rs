//! Asks before the tab is closed or reloaded, as long as something goes on that would be cut off.

use js_sys::Reflect;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, window};

/// While this lives, the browser asks the person before it leaves the page. The words are the
/// browser's own.
pub struct LeaveGuard {
    listener: Closure<dyn Fn(Event)>,
}

impl LeaveGuard {
    /// Begins to guard.
    pub fn new() -> Self {
        let listener = Closure::<dyn Fn(Event)>::new(|event: Event| {
            event.prevent_default();
            // Chrome up to 118 asks only when a value is returned.
            Reflect::set(&event, &JsValue::from_str("returnValue"), &JsValue::TRUE).ok();
        });
        if let Some(window) = window() {
            window
                .add_event_listener_with_callback("beforeunload", listener.as_ref().unchecked_ref())
                .ok();
        }
        Self { listener }
    }
}

impl Default for LeaveGuard {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for LeaveGuard {
    fn drop(&mut self) {
        let listener = self.listener.as_ref().unchecked_ref();
        if let Some(window) = window() {
            window
                .remove_event_listener_with_callback("beforeunload", listener)
                .ok();
        }
    }
}
