//! What a fault does to one request.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::answer::{Answer, reason_phrase};
use crate::http::{DROP_HEADER, SLOW_HEADER};
use crate::server::Server;
use crate::session;

/// Where the line is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    /// Before anything was done.
    Before,
    /// When all is done, before a byte of the answer.
    After,
    /// Behind the head of the answer.
    Head,
    /// Within its body: after so many bytes, or at a place that the number gives.
    Middle(Option<u64>, u64),
}

/// The effect on one request; by default none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effect {
    /// An answer in place of the server's.
    answer: Option<Answer>,
    /// The work is done before that answer is given.
    after_work: bool,
    cut: Option<Cut>,
    /// The body ends after so many bytes, or where the number says.
    truncate: Option<(Option<u64>, u64)>,
    delay: Option<Duration>,
    /// Bytes of a piece, milliseconds between pieces.
    slow: Option<(u64, u64)>,
    expire: bool,
}

impl Effect {
    /// What an order says; `random` is drawn anew for each request.
    pub fn of(order: &Value, random: u64) -> Self {
        let number = |name: &str| order[name].as_u64();
        let cut = match &order["drop"] {
            Value::Bool(true) => Some(Cut::Before),
            other => match other.as_str() {
                Some("before") => Some(Cut::Before),
                Some("after") => Some(Cut::After),
                Some("head") => Some(Cut::Head),
                Some("middle") => Some(Cut::Middle(number("bytes"), random)),
                _ => None,
            },
        };
        let truncate = match &order["truncate"] {
            Value::Bool(true) => Some((None, random)),
            other => other.as_u64().map(|bytes| (Some(bytes), random)),
        };
        let status = number("status").and_then(|s| u16::try_from(s).ok());
        let answer = match status {
            Some(status) => Some(proxy_answer(order, status)),
            None => (order["empty"] == true).then(|| Answer::empty(200)),
        };
        let jitter = number("jitterMillis").map_or(0, |most| random % (most + 1));
        let delay = number("delayMillis").unwrap_or(0) + jitter;
        let slow = number("slowBytes")
            .zip(number("slowMillis"))
            .map(|(bytes, millis)| (bytes.max(1), millis));
        Self {
            answer,
            after_work: order["afterWork"] == true,
            cut,
            truncate,
            delay: (delay > 0).then(|| Duration::from_millis(delay)),
            slow,
            expire: order["expireSessions"] == true,
        }
    }

    /// This answer instead of the server's.
    pub fn instead(answer: Answer) -> Self {
        Self {
            answer: Some(answer),
            ..Self::default()
        }
    }

    /// What comes before the request is looked at: waiting, ending sessions, an answer
    /// in place of the work.
    pub async fn before(&self, server: &Arc<Server>) -> Option<Answer> {
        if let Some(delay) = self.delay {
            tokio::time::sleep(delay).await;
        }
        if self.expire {
            session::close_all(server);
        }
        if self.cut == Some(Cut::Before) {
            return Some(cut(Answer::empty(500), 0, false));
        }
        self.answer.clone().filter(|_| !self.after_work)
    }

    /// What comes after the work was done.
    pub fn after(&self, answer: Answer) -> Answer {
        let mut answer = match &self.answer {
            Some(instead) if self.after_work => instead.clone(),
            _ => answer,
        };
        let length = answer.body.len();
        if let Some((bytes, random)) = self.truncate {
            answer.body.truncate(place(length, bytes, random));
        }
        if let Some((bytes, millis)) = self.slow {
            answer = answer.with_header(SLOW_HEADER, format!("{bytes}/{millis}"));
        }
        match self.cut {
            Some(Cut::After) => cut(answer, 0, false),
            Some(Cut::Head) => cut(answer, 0, true),
            Some(Cut::Middle(bytes, random)) => {
                let at = place(length, bytes, random);
                cut(answer, at, true)
            }
            Some(Cut::Before) | None => answer,
        }
    }
}

/// A place within a body: where the order says, else where the number says, never at
/// its end.
fn place(length: usize, bytes: Option<u64>, random: u64) -> usize {
    let last = length.saturating_sub(1);
    let wanted = bytes.unwrap_or_else(|| random % (last as u64).max(1));
    usize::try_from(wanted).unwrap_or(last).min(last)
}

/// The sign for the HTTP layer to cut the line after so many bytes of the body; without
/// a head not even the status is sent.
fn cut(answer: Answer, at: usize, with_head: bool) -> Answer {
    let sign = if with_head {
        at.to_string()
    } else {
        "all".to_owned()
    };
    answer.with_header(DROP_HEADER, sign)
}

/// What stands before the server says: a page of its own, unless the order has a body.
fn proxy_answer(order: &Value, status: u16) -> Answer {
    let kind = order["contentType"].as_str().unwrap_or("text/html");
    let reason = match status {
        429 => "Too Many Requests",
        504 => "Gateway Time-out",
        503 => "Service Temporarily Unavailable",
        other => reason_phrase(other),
    };
    let body = order["body"].as_str().map_or_else(
        || {
            format!(
                "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n<center><h1>{status} {reason}</h1></center>\r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n"
            )
        },
        str::to_owned,
    );
    let answer = Answer::text(status, kind, body);
    match &order["retryAfter"] {
        Value::Null => answer,
        Value::String(text) => answer.with_header("retry-after", text.as_str()),
        other => answer.with_header("retry-after", other.to_string()),
    }
}
