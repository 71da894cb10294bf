//! The Worker's end: takes questions from the page, has each answered, and sends the answers
//! back, in the order in which they are ready. The page's end is [`crate::ask`].
//!
//! The code of each area of the service is a part of the wasm that is loaded when the first
//! question of that area comes ([`crate::parts`]).

use crate::browser;
use crate::browser::fetch::BrowserTransport;
use crate::parts::PartMissing;
use serde_json::{from_str, to_string};
use std::pin::Pin;
use std::rc::Rc;
use tributary_exchange::question::{Area, Asked, Progress, Told};
use tributary_exchange::service::{Outcome, Service};
use wasm_split_helpers::wasm_split;

type Engine = Rc<Service<BrowserTransport>>;
type Answering = Pin<Box<dyn Future<Output = Outcome>>>;
type TellProgress = Box<dyn Fn(Progress)>;

/// Starts the engine: answers every question that comes, several at a time.
pub fn start() {
    let service: Engine = Rc::new(Service::new(BrowserTransport::new()));
    browser::worker::listen(move |message| {
        // Both ends are one build: what comes is a question.
        let Ok(asked) = from_str::<Asked>(&message) else {
            return;
        };
        let service = Rc::clone(&service);
        browser::worker::spawn(async move {
            let id = asked.id;
            let tell = Box::new(move |progress| say(&Told::Progress { id, progress }));
            let outcome = answer(service, asked, tell).await.map_err(Box::new);
            say(&Told::Answer { id, outcome });
        });
    });
}

fn say(told: &Told) {
    if let Ok(text) = to_string(told) {
        browser::worker::tell(&text);
    }
}

async fn answer(service: Engine, asked: Asked, tell: TellProgress) -> Outcome {
    let answering = match asked.area {
        Area::Start => return service.answer_start(&asked).await,
        Area::Connections => connections(service, asked).await,
        Area::Mapping => mapping(service, asked, tell).await,
        Area::Exchanges => exchanges(service, asked).await,
        Area::Import => import(service, asked, tell).await,
    };
    match answering {
        Ok(answering) => answering.await,
        Err(missing) => Err(missing.into()),
    }
}

#[wasm_split(setup, fallible)]
fn connections(service: Engine, asked: Asked) -> Result<Answering, PartMissing> {
    Ok(Box::pin(
        async move { service.answer_connections(&asked).await },
    ))
}

#[wasm_split(setup, fallible)]
fn exchanges(service: Engine, asked: Asked) -> Result<Answering, PartMissing> {
    Ok(Box::pin(
        async move { service.answer_exchanges(&asked).await },
    ))
}

#[wasm_split(setup, fallible)]
fn mapping(service: Engine, asked: Asked, tell: TellProgress) -> Result<Answering, PartMissing> {
    Ok(Box::pin(async move {
        service.answer_mapping(&asked, &tell).await
    }))
}

#[wasm_split(import, fallible)]
fn import(service: Engine, asked: Asked, tell: TellProgress) -> Result<Answering, PartMissing> {
    Ok(Box::pin(async move {
        service.answer_import(&asked, &tell).await
    }))
}
