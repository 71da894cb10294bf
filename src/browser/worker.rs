//! The two ends of the line between page and Web Worker. What goes over it is text; what the
//! text means is the business of those who use it.
//!
//! The loader has started a Worker beside the download of the wasm; it is taken when first needed,
//! and gets the wasm that the page has already compiled.
//! If it dies, whoever waits is told, and the next message starts a new one.

use super::boot;
use super::fetch;
use js_sys::{Array, Object, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    DedicatedWorkerGlobalScope, ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType,
};

/// Whether this copy of the wasm runs in a Worker.
pub fn is_worker() -> bool {
    js_sys::global().has_type::<DedicatedWorkerGlobalScope>()
}

type Listener = Rc<dyn Fn(String)>;

/// The page's end.
#[derive(Clone)]
pub struct WorkerLine {
    state: Rc<RefCell<State>>,
    on_message: Listener,
    on_crash: Listener,
}

#[derive(Default)]
struct State {
    worker: Option<Running>,
    /// Whether the Worker listens; before that, messages wait here.
    is_ready: bool,
    waiting: Vec<String>,
}

struct Running {
    worker: Worker,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn(ErrorEvent)>,
}

impl WorkerLine {
    /// A line on which nothing runs yet. `on_message` gets every text that the Worker sends,
    /// `on_crash` the browser's reason when the Worker died (all that was asked is then lost).
    pub fn new(on_message: impl Fn(String) + 'static, on_crash: impl Fn(String) + 'static) -> Self {
        Self {
            state: Rc::default(),
            on_message: Rc::new(on_message),
            on_crash: Rc::new(on_crash),
        }
    }

    /// Sends a text, starting the Worker if none runs.
    pub fn send(&self, text: &str) {
        if self.state.borrow().worker.is_none() {
            self.start();
        }
        let mut state = self.state.borrow_mut();
        if !state.is_ready {
            state.waiting.push(text.to_owned());
        } else if let Some(running) = &state.worker {
            post(&running.worker, text);
        }
    }

    /// Ends the Worker at once, whatever it is doing; the next message starts a new one.
    pub fn stop(&self) {
        let mut state = self.state.borrow_mut();
        if let Some(running) = state.worker.take() {
            running.worker.terminate();
        }
        state.is_ready = false;
        state.waiting.clear();
    }

    fn start(&self) {
        let Some(worker) = boot::take_worker().or_else(new_worker) else {
            self.crash("the Worker cannot be started");
            return;
        };
        let line = self.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            line.receive(&event.data());
        });
        let line = self.clone();
        let on_error = Closure::<dyn Fn(ErrorEvent)>::new(move |event: ErrorEvent| {
            line.crash(&event.message());
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let first = Object::new();
        for name in ["module", "base"] {
            Reflect::set(&first, &JsValue::from_str(name), &boot::member(name)).ok();
        }
        worker.post_message(&first).ok();
        self.state.borrow_mut().worker = Some(Running {
            worker,
            _on_message: on_message,
            _on_error: on_error,
        });
    }

    /// A text is for whoever listens; anything else is the Worker's sign that it is there.
    fn receive(&self, data: &JsValue) {
        if let Some(text) = data.as_string() {
            (self.on_message)(text);
            return;
        }
        let mut state = self.state.borrow_mut();
        state.is_ready = true;
        let waiting = std::mem::take(&mut state.waiting);
        if let Some(running) = &state.worker {
            for text in waiting {
                post(&running.worker, &text);
            }
        }
    }

    fn crash(&self, reason: &str) {
        // Its closures may be running right now: they are let go of in a later turn.
        let dead = self.state.borrow_mut().worker.take();
        if let Some(running) = dead {
            running.worker.terminate();
            wasm_bindgen_futures::spawn_local(async move { drop(running) });
        }
        {
            let mut state = self.state.borrow_mut();
            state.is_ready = false;
            state.waiting.clear();
        }
        (self.on_crash)(reason.to_owned());
    }
}

fn new_worker() -> Option<Worker> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(&boot::text_member("worker"), &options).ok()
}

/// A text goes with the present anti-forgery token, because a Worker cannot read cookies.
fn post(worker: &Worker, text: &str) {
    let token = fetch::token_from_cookie().unwrap_or_default();
    let message = Array::of2(&JsValue::from_str(text), &JsValue::from_str(&token));
    worker.post_message(&message).ok();
}

/// The Worker's end: calls `on_message` for every text from the page, for good.
pub fn listen(on_message: impl Fn(String) + 'static) {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else {
        return;
    };
    let callback = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let parts = Array::from(&event.data());
        fetch::set_token(parts.get(1).as_string().unwrap_or_default());
        if let Some(text) = parts.get(0).as_string() {
            on_message(text);
        }
    });
    scope.set_onmessage(Some(callback.as_ref().unchecked_ref()));
    callback.forget();
    scope.post_message(&JsValue::TRUE).ok();
}

/// Lets work go on beside what else there is to do. Leptos's own way needs a page.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    wasm_bindgen_futures::spawn_local(work);
}

/// The Worker's end: sends a text to the page.
pub fn tell(text: &str) {
    if let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        scope.post_message(&JsValue::from_str(text)).ok();
    }
}
