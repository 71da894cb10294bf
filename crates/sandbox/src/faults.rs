//! Faults that a test orders with `POST /sandbox/faults`: an answer that says
//! 503, a line that is cut before or after the work was done, a slow answer, a
//! session that ends in the middle. No real DHIS2 has this; nothing that is to
//! run against a real one may use it.
//!
//! One fault is one JSON object:
//! `{"path": "/api/dataValueSets", "method": "POST", "after": 2, "times": 1, …}` with
//! one of `"status": 503` (and `"body"`, `"contentType"`), `"drop": "before"` or `"after"`
//! (`true` means before), `"delayMillis": 500`, `"expireSessions": true`. `path` is the
//! start of the path (absent: all paths but `/sandbox/`), `after` lets that many requests pass first,
//! `times` is how often it strikes (absent: once; 0: always).
//! `{"expireSessionsAfterRequests": n}` is short for `{"after": n, "expireSessions": true}`.
//! `DELETE /sandbox/faults` takes all back, `GET` lists what is still to come.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::http::DROP_HEADER;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::session;

/// One fault.
#[derive(Clone, Debug, Default)]
pub struct Fault {
    /// The order as it was given.
    pub order: Value,
    /// How many matching requests still pass.
    pub after: u64,
    /// How often it still strikes; none for always.
    pub times: Option<u64>,
}

/// What a fault does to one request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effect {
    answer: Option<Answer>,
    drop_after: bool,
    delay: Option<Duration>,
    expire: bool,
}

/// `POST`, `GET` and `DELETE` of `/sandbox/faults`. Needs no log-in: the sandbox
/// listens on the loopback interface only.
pub fn administer(server: &Server, request: &Request) -> Reply {
    match request.method.as_str() {
        "POST" => {
            let body = request.json()?;
            let orders = match body {
                Value::Array(orders) => orders,
                one => vec![one],
            };
            server.change(|state, _| {
                state.faults.extend(orders.into_iter().map(understand));
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
    Ok(Answer::json(200, &json!({"faults": left})))
}

fn understand(mut order: Value) -> Fault {
    if let Some(after) = order["expireSessionsAfterRequests"].as_u64() {
        order = json!({"after": after, "expireSessions": true});
    }
    let times = match order["times"].as_u64() {
        Some(0) => None,
        Some(n) => Some(n),
        None => Some(1),
    };
    Fault {
        after: order["after"].as_u64().unwrap_or(0),
        times,
        order,
    }
}

/// Takes the first fault that this request meets.
pub fn strike(server: &Server, request: &Request) -> Effect {
    if server.state().faults.is_empty() || request.path.starts_with("/sandbox/") {
        return Effect::default();
    }
    let found = server.change(|state, _| {
        let mut struck = None;
        for (i, fault) in state.faults.iter_mut().enumerate() {
            let here = fault.order["path"]
                .as_str()
                .is_none_or(|p| request.path.starts_with(p))
                && fault.order["method"]
                    .as_str()
                    .is_none_or(|m| m.eq_ignore_ascii_case(&request.method));
            if !here {
                continue;
            }
            if fault.after > 0 {
                fault.after -= 1;
                continue;
            }
            if let Some(times) = &mut fault.times {
                *times -= 1;
            }
            struck = Some((i, fault.order.clone(), fault.times == Some(0)));
            break;
        }
        if let Some((i, _, true)) = struck {
            state.faults.remove(i);
        }
        Ok(struck.map(|(_, order, _)| order))
    });
    let Ok(Some(order)) = found else {
        return Effect::default();
    };
    let drop = match &order["drop"] {
        Value::Bool(true) => "before",
        other => other.as_str().unwrap_or_default(),
    };
    let answer = match order["status"].as_u64().and_then(|s| u16::try_from(s).ok()) {
        Some(status) => {
            let kind = order["contentType"]
                .as_str()
                .unwrap_or("text/html;charset=utf-8");
            Some(Answer::text(
                status,
                kind,
                order["body"].as_str().unwrap_or_default(),
            ))
        }
        None if drop == "before" => Some(cut()),
        None => None,
    };
    Effect {
        answer,
        drop_after: drop == "after",
        delay: order["delayMillis"].as_u64().map(Duration::from_millis),
        expire: order["expireSessions"] == true,
    }
}

impl Effect {
    /// What comes before the request is looked at: waiting, ending sessions, an answer instead.
    pub async fn before(&self, server: &Arc<Server>) -> Option<Answer> {
        if let Some(delay) = self.delay {
            tokio::time::sleep(delay).await;
        }
        if self.expire {
            session::close_all(server);
        }
        self.answer.clone()
    }

    /// What comes after the work was done.
    pub fn after(&self, answer: Answer) -> Answer {
        if self.drop_after { cut() } else { answer }
    }
}

/// The sign for the HTTP layer to cut the line instead of answering.
fn cut() -> Answer {
    Answer::empty(500).with_header(DROP_HEADER, "true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_form_waits_and_strikes_once() {
        let fault = understand(json!({"expireSessionsAfterRequests": 3}));
        assert_eq!((fault.after, fault.times), (3, Some(1)));
        assert_eq!(fault.order["expireSessions"], true);
    }
}
