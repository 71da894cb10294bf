//! Faults on demand: an answer that a proxy gives, a line that is cut, a slow answer, a
//! session that ends in the middle. No real DHIS2 has this; nothing that is to run
//! against a real one may use it.
//!
//! One fault is one JSON object. It is ordered with `POST /sandbox/faults` (one, or a
//! list), or sent along with a request in the header `X-Sandbox-Fault`, and then
//! strikes that request alone.
//!
//! | member | meaning |
//! |---|---|
//! | `path`, `method` | which requests: start of the path (absent: all but `/sandbox/`), method |
//! | `after` | so many of them pass first |
//! | `times` | how often it strikes; absent: once, 0: always |
//! | `chance` | strikes each time with this probability (0 to 1), by the seed |
//! | `seed` | what chance, places and waiting times follow from; absent: 0 |
//! | `status` | this status instead of the work, with `body`, `contentType` and `retryAfter`; without `body` a proxy's page |
//! | `empty` | `true`: 200 without a body instead of the work |
//! | `afterWork` | `true`: with `status` or `empty`, the work is done all the same |
//! | `drop` | `before` (or `true`): the line is cut and nothing done; `after`: it is cut when the work is done, the answer is lost; `head`: cut behind the answer's head; `middle`: cut within its body, after `bytes` or where the seed says |
//! | `truncate` | `true` or a number of bytes: the body ends early, and its head says so too |
//! | `delayMillis`, `jitterMillis` | waits first; the jitter is added by the seed |
//! | `slowBytes`, `slowMillis` | the body comes in pieces of so many bytes, with so long between them |
//! | `expireSessions` | `true`: all sessions end first |
//!
//! `{"expireSessionsAfterRequests": n}` is short for `{"after": n, "expireSessions": true}`.
//! `DELETE /sandbox/faults` takes all back, `GET` lists what is still to come. The same
//! orders with the same seeds and the same requests do the same, however often.

mod effect;
mod order;

use serde_json::{Value, json};

pub use effect::Effect;
pub use order::Fault;

use crate::answer::Answer;
use crate::request::Request;
use crate::server::{Reply, Server};

/// The header by which a request brings its own fault.
pub const HEADER: &str = "x-sandbox-fault";

/// `POST`, `GET` and `DELETE` of `/sandbox/faults`. Needs no log-in: the sandbox
/// listens on the loopback interface only.
pub fn administer(server: &Server, request: &Request) -> Reply {
    match request.method.as_str() {
        "POST" => {
            let orders = match request.json()? {
                Value::Array(orders) => orders,
                one => vec![one],
            };
            let faults: Result<Vec<Fault>, String> =
                orders.into_iter().map(Fault::understand).collect();
            let faults = faults.map_err(|e| Answer::error(400, &e, None))?;
            server.change(|state, _| {
                state.faults.extend(faults);
                Ok(())
            })?;
        }
        "DELETE" => server.change(|state, _| {
            state.faults.clear();
            Ok(())
        })?,
        _ => {}
    }
    let left: Vec<Value> = server
        .state()
        .faults
        .iter()
        .map(|f| f.order.clone())
        .collect();
    Ok(Answer::json(200, &json!({ "faults": left })))
}

/// What strikes this request: the fault that it brings along, else the first ordered
/// one that it meets.
pub fn strike(server: &Server, request: &Request) -> Effect {
    if request.path.starts_with("/sandbox/") {
        return Effect::default();
    }
    if let Some(text) = request.header(HEADER) {
        let order = serde_json::from_str(text).map_err(|e| e.to_string());
        return match order.and_then(Fault::understand) {
            Ok(mut fault) => {
                let random = fault.next_random();
                Effect::of(&fault.order, random)
            }
            Err(words) => Effect::instead(Answer::error(400, &words, None)),
        };
    }
    if server.state().faults.is_empty() {
        return Effect::default();
    }
    let found = server.change(|state, _| {
        let mut struck = None;
        for (i, fault) in state.faults.iter_mut().enumerate() {
            if let Some(effect) = fault.meet(request) {
                struck = Some((i, effect, fault.is_over()));
                break;
            }
        }
        if let Some((i, _, true)) = struck {
            state.faults.remove(i);
        }
        Ok(struck.map(|(_, effect, _)| effect))
    });
    found.ok().flatten().unwrap_or_default()
}
