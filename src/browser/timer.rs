//! Waiting, in the page and in the Worker alike.

use js_sys::{Function, Promise, Reflect};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Calls something once after a while, unless dropped before.
pub struct Timer {
    handle: JsValue,
    fired: Rc<Cell<bool>>,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Starts to wait; `then` is called after `millis` milliseconds.
    pub fn after(millis: u32, then: impl FnOnce() + 'static) -> Self {
        let fired = Rc::new(Cell::new(false));
        let noted = Rc::clone(&fired);
        let callback = Closure::once(move || {
            noted.set(true);
            then();
        });
        let handle = call_global("setTimeout", callback.as_ref(), &JsValue::from(millis));
        Self {
            handle,
            fired,
            _callback: callback,
        }
    }

    /// Whether the time has come.
    pub fn has_fired(&self) -> bool {
        self.fired.get()
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        call_global("clearTimeout", &self.handle, &JsValue::UNDEFINED);
    }
}

/// Lets `millis` milliseconds pass; 0 gives the browser the chance to paint.
pub async fn sleep(millis: u32) {
    let mut start = |resolve: Function, _reject: Function| {
        call_global("setTimeout", &resolve, &JsValue::from(millis));
    };
    let promise = Promise::new(&mut start);
    // A promise that is only ever resolved.
    JsFuture::from(promise).await.ok();
}

fn call_global(name: &str, first: &JsValue, second: &JsValue) -> JsValue {
    let global = js_sys::global();
    Reflect::get(&global, &JsValue::from_str(name))
        .and_then(|function| function.dyn_into::<Function>())
        .and_then(|function| function.call2(&global, first, second))
        .unwrap_or(JsValue::UNDEFINED)
}
