//! How an answer becomes a failure.
//!
//! The rules follow what DHIS2 2.40.12, 2.41.9, 2.42.5.2 and 2.43.1 answered (`routes`,
//! `system-and-session`, `tokens`, `export`). The hard part is a Route: it hands on the
//! source's status, so that a 401, 403, 404 or 500 may be the destination's or the source's.

use super::{Failure, FailureKind, Side};
use crate::client::Door;
use crate::differences::Differences;
use crate::transport::{Response, TransportError};
use crate::wire::WebMessage;

/// What kind of body an answer must have to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A JSON document.
    Json,
    /// CSV, or any text that is not a page.
    Text,
    /// Anything; also nothing.
    Anything,
}

/// Whether the answer may come from an ended session of the person as well as from the
/// source, so that [`crate::Client::own_session_is_good`] has to be asked before
/// [`classify`].
#[must_use]
pub fn needs_session_check(door: &Door, response: &Response) -> bool {
    matches!(door, Door::Route(_)) && !response.redirected && response.status == 401
}

/// The failure that an answer stands for; `None` when it is a good one.
///
/// `own_session_good` is the answer of [`crate::Client::own_session_is_good`] where
/// [`needs_session_check`] asked for it, and `None` else. `differences` are those of the
/// destination, also for a Route: it is the destination that answers for it.
#[must_use]
pub fn classify(
    door: &Door,
    path: &str,
    response: &Response,
    expected: Expected,
    differences: &Differences,
    own_session_good: Option<bool>,
) -> Option<Failure> {
    let words = Words::of(response);
    let (side, kind) = match door {
        Door::Own => (
            Side::Destination,
            classify_own(path, response, expected, &words)?,
        ),
        Door::Route(_) => {
            classify_route(response, expected, &words, differences, own_session_good)?
        }
    };
    Some(Failure {
        side,
        kind,
        status: Some(response.status),
        code: words.code,
        message: words.message,
        path: path.split('?').next().unwrap_or_default().to_owned(),
    })
}

/// The failure for a request that got no answer.
#[must_use]
pub fn from_transport(door: &Door, path: &str, error: &TransportError) -> Failure {
    let (side, kind, message) = match error {
        TransportError::Network(text) => (Side::Network, FailureKind::NetworkDown, text.as_str()),
        TransportError::TimedOut => match door {
            Door::Own => (Side::Destination, FailureKind::TimedOut, ""),
            Door::Route(_) => (Side::Source, FailureKind::TimedOut, ""),
        },
        TransportError::Aborted => (Side::Network, FailureKind::Interrupted, ""),
    };
    Failure::new(side, kind, path, message)
}

fn classify_own(
    path: &str,
    response: &Response,
    expected: Expected,
    words: &Words,
) -> Option<FailureKind> {
    let creates_route = path.split('?').next() == Some("api/routes");
    let kind = match response.status {
        // A log-in page that the browser was led to, in place of an answer.
        200..=299 if response.redirected && words.is_page => FailureKind::LoggedOut,
        300..=399 | 401 => FailureKind::LoggedOut,
        200..=299 => return wrong_body(response, expected, words),
        403 if creates_route && words.code.as_deref() == Some("E1006") => {
            FailureKind::RouteNotPermittedToCreate
        }
        409 if creates_route && words.message == "Route URL is not permitted" => {
            FailureKind::HostNotAllowed
        }
        status => by_status(status),
    };
    Some(kind)
}

fn classify_route(
    response: &Response,
    expected: Expected,
    words: &Words,
    differences: &Differences,
    own_session_good: Option<bool>,
) -> Option<(Side, FailureKind)> {
    // A Route hands on no `Location`, so a redirect that was followed is the destination's.
    if response.redirected {
        return Some((Side::Destination, FailureKind::LoggedOut));
    }
    let empty = response.body.is_empty();
    Some(match response.status {
        200..=299 => (Side::Source, wrong_body(response, expected, words)?),
        401 if own_session_good == Some(true) => (Side::Source, FailureKind::SourceRefusedLogin),
        401 => (Side::Destination, FailureKind::LoggedOut),
        // The source sends elsewhere: http for https, a moved server, a log-in page.
        300..=399 => (Side::Source, FailureKind::SourceRedirects),
        // A token that is none is a 400 of the source ("use a wrong one" of `tokens`).
        400 if words.message == "Checksum validation failed" => {
            (Side::Source, FailureKind::SourceRefusedLogin)
        }
        400 | 502 if words.message.contains("does not allow sub-paths") => {
            (Side::Destination, FailureKind::RouteTakesNoPaths)
        }
        400 if words.message.starts_with("Illegal character in") => {
            (Side::Destination, FailureKind::NotSendable)
        }
        // "run, clerk without access": 2.40 and 2.41 say less than 2.42 and 2.43.
        403 if words.message.starts_with("User not authorized") => {
            (Side::Destination, FailureKind::RouteNotAllowed)
        }
        404 if words.is_missing_route() => (Side::Destination, FailureKind::RouteMissing),
        // ≤2.41 follow the source's redirect to a log-in page that may not be there
        // ("run after put without the secret").
        404 if words.is_login_page => (Side::Source, FailureKind::SourceRefusedLogin),
        503 if empty && differences.route_allow_list => {
            (Side::Destination, FailureKind::HostNotAllowed)
        }
        503 if empty || words.tells_of_no_connection() => {
            (Side::Source, FailureKind::SourceUnreachable)
        }
        500 if words.tells_of_no_connection() => (Side::Source, FailureKind::SourceUnreachable),
        status => (Side::Source, by_status(status)),
    })
}

/// What is wrong with the body of a 2xx; `None` when nothing is.
fn wrong_body(response: &Response, expected: Expected, words: &Words) -> Option<FailureKind> {
    if expected == Expected::Anything {
        return None;
    }
    if response.body.iter().all(u8::is_ascii_whitespace) {
        return Some(FailureKind::EmptyAnswer);
    }
    let first = first_byte(&response.body);
    let wrong = match expected {
        Expected::Json => !matches!(
            first,
            Some(b'{' | b'[' | b'"' | b'0'..=b'9' | b'-' | b't' | b'f' | b'n')
        ),
        _ => words.is_page || first == Some(b'<'),
    };
    wrong.then_some(FailureKind::WrongContent)
}

fn by_status(status: u16) -> FailureKind {
    match status {
        400 | 405 | 406 | 415 => FailureKind::BadRequest,
        401 => FailureKind::LoggedOut,
        403 => FailureKind::Forbidden,
        404 | 410 => FailureKind::NotFound,
        408 | 504 => FailureKind::TimedOut,
        409 | 412 => FailureKind::Conflict,
        413 | 414 | 431 => FailureKind::TooLarge,
        429 => FailureKind::TooManyRequests,
        500..=599 => FailureKind::ServerError,
        _ => FailureKind::BadRequest,
    }
}

/// The first byte of the body's text, after a byte order mark and blanks.
fn first_byte(body: &[u8]) -> Option<u8> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.iter()
        .copied()
        .find(|byte| !byte.is_ascii_whitespace())
}

/// What the server said, taken out of its envelope.
struct Words {
    code: Option<String>,
    message: String,
    is_page: bool,
    is_login_page: bool,
}

impl Words {
    fn of(response: &Response) -> Self {
        let is_page = first_byte(&response.body) == Some(b'<')
            || response
                .header("content-type")
                .is_some_and(|value| value.trim_start().starts_with("text/html"));
        let mut words = Self {
            code: None,
            message: String::new(),
            is_page,
            is_login_page: false,
        };
        if response.status < 300 || is_page {
            return words;
        }
        let Ok(envelope) = serde_json::from_slice::<WebMessage>(&response.body) else {
            return words;
        };
        words.is_login_page = envelope.url.is_some_and(|url| url.contains("login"));
        words.code = envelope.error_code;
        words.message = envelope.message;
        // "create, same code" of `routes`: the envelope only says that there are errors.
        if let Some(report) = envelope
            .response
            .and_then(|response| response.error_reports.into_iter().next())
        {
            words.message = report.message;
            words.code = report.error_code.or(words.code);
        }
        words.message = without_address(&words.message);
        words
    }

    /// "run disabled", "run unknown route": `Route not found: 'x'` from 2.42,
    /// `Route x not found` before.
    fn is_missing_route(&self) -> bool {
        self.message.starts_with("Route not found")
            || (self.message.starts_with("Route ") && self.message.ends_with(" not found"))
    }

    /// Whether the words are those of a connection that could not be made ("run, nobody
    /// listens"): the socket's text as a 500 from 2.42, Spring's `I/O error` as a 503 before.
    fn tells_of_no_connection(&self) -> bool {
        const SIGNS: [&str; 14] = [
            "connection refused",
            "connect(..) failed",
            "finishconnect",
            "i/o error on",
            "failed to resolve",
            "unknownhost",
            "unknown host",
            "name or service not known",
            "no route to host",
            "unreachable",
            "connection reset",
            "connection prematurely closed",
            "pkix path",
            "handshake",
        ];
        let message = self.message.to_lowercase();
        SIGNS.iter().any(|sign| message.contains(sign)) || {
            message.contains("certificate") && self.code.is_none()
        }
    }
}

/// Cuts an upstream address out of the server's words: `Illegal character in query at index
/// 58: https://…` shows the whole address, which may hold a secret of the source.
fn without_address(message: &str) -> String {
    if message.starts_with("Illegal character in") {
        return message.split(": ").next().unwrap_or_default().to_owned();
    }
    message.chars().take(2_000).collect()
}
