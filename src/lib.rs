//! The app: draws and asks. Everything about data happens behind it, in the Worker.
//!
//! Reading order: [`app`] is the frame around all screens, [`route`] says which screen an
//! address means, [`pages`] are the screens, [`widgets`] what they are made of, [`text`] the
//! words, [`ask`] the way to the engine, [`browser`] the only place that knows web APIs,
//! [`worker`] the engine's end in the Web Worker, [`parts`] what of all this is loaded later.

pub mod app;
pub mod ask;
pub mod browser;
pub mod frame;
pub mod pages;
pub mod parts;
pub mod route;
pub mod text;
pub mod widgets;
pub mod worker;

/// Starts what this copy of the wasm is for: the engine in a Web Worker, the app in a page.
pub fn start() {
    if browser::worker::is_worker() {
        worker::start();
    } else {
        app::start();
    }
}
