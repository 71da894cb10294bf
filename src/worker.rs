//! The Worker's end: takes texts from the page and hands each to a handler, which answers
//! with as many texts as it likes, when it likes. The page's end is [`crate::ask`].

use crate::browser;
use crate::browser::fetch::BrowserTransport;
use serde_json::{from_str, to_string};
use std::rc::Rc;
use tributary_exchange::question::{Asked, Told};
use tributary_exchange::service::Service;

/// What a handler answers through; may be kept and called later.
pub type Tell = fn(&str);

/// Hands every message from the page to `handler`, as long as the Worker lives.
pub fn run(handler: impl Fn(String, Tell) + 'static) {
    browser::worker::listen(move |message| handler(message, browser::worker::tell));
}

/// Starts the engine: answers every question that comes, several at a time.
pub fn start() {
    let service = Rc::new(Service::new(BrowserTransport::new()));
    run(move |message, tell| {
        // Both ends are one build: what comes is a question.
        let Ok(asked) = from_str::<Asked>(&message) else {
            return;
        };
        let service = Rc::clone(&service);
        browser::worker::spawn(async move {
            let say = |told: Told| {
                if let Ok(text) = to_string(&told) {
                    tell(&text);
                }
            };
            say(service.answer(asked, say).await);
        });
    });
}
