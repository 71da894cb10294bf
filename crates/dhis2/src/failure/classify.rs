//! How an answer becomes a failure.
//!
//! The rules follow what DHIS2 2.40.12, 2.41.9, 2.42.5.2 and 2.43.1 answered (`routes`,
//! `system-and-session`, `tokens`, `export`). The hard part is a Route: it hands on the
//! source's status, so that a 401, 403, 404 or 500 may be the destination's or the source's.

use super::retry_after::retry_after_seconds;
use super::words::{Words, first_byte};
use super::{Failure, FailureKind, Side};
use crate::client::Door;
use crate::differences::{Differences, RouteQuery};
use crate::transport::{Response, TransportError};

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

/// Whether the answer may be the own server's refusal to call the Route's address as well
/// as the source's, so that [`crate::Client::route_address_is_allowed`] has to be asked
/// before [`classify`]: an empty 503 that says nothing of its maker.
#[must_use]
pub fn needs_address_check(door: &Door, response: &Response, differences: &Differences) -> bool {
    matches!(door, Door::Route(_))
        && response.status == 503
        && response.body.is_empty()
        && differences.route_allow_list
        && differences.route_query == RouteQuery::Twice
        && !made_by_source(response)
}

/// What was asked besides, of an answer that does not say itself whose it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// The answer of [`crate::Client::own_session_is_good`] where [`needs_session_check`]
    /// asked for it.
    pub own_session_good: Option<bool>,
    /// The answer of [`crate::Client::route_address_is_allowed`] where
    /// [`needs_address_check`] asked for it.
    pub address_allowed: Option<bool>,
}

/// The failure that an answer stands for; `None` when it is a good one. `differences` are
/// those of the destination, also for a Route: it is the destination that answers for it.
#[must_use]
pub fn classify(
    door: &Door,
    path: &str,
    response: &Response,
    expected: Expected,
    differences: &Differences,
    asked: Asked,
) -> Option<Failure> {
    let words = Words::of(response);
    let (side, kind) = match door {
        Door::Own => (
            Side::Destination,
            classify_own(path, response, expected, &words)?,
        ),
        Door::Route(_) => classify_route(response, expected, &words, differences, asked)?,
    };
    Some(Failure {
        side,
        kind,
        status: Some(response.status),
        code: words.code,
        message: words.message,
        path: path.split('?').next().unwrap_or_default().to_owned(),
        retry_after_seconds: retry_after_seconds(response),
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
        // A log-in page that the browser was led to, or that a proxy put in place of an answer.
        200..=299 if words.is_page && (response.redirected || words.asks_to_log_in) => {
            FailureKind::LoggedOut
        }
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
    asked: Asked,
) -> Option<(Side, FailureKind)> {
    // A Route hands on no `Location`, so a redirect that was followed is the destination's.
    if response.redirected {
        return Some((Side::Destination, FailureKind::LoggedOut));
    }
    let empty = response.body.is_empty();
    Some(match response.status {
        // ≤2.41 follow the source's redirect to its log-in page by themselves.
        200..=299 if words.is_page && words.asks_to_log_in => {
            (Side::Source, FailureKind::SourceRefusedLogin)
        }
        200..=299 => (Side::Source, wrong_body(response, expected, words)?),
        401 if asked.own_session_good == Some(true) => {
            (Side::Source, FailureKind::SourceRefusedLogin)
        }
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
        413 | 429 | 502..=504 if comes_from_before_dhis2(response, words) => {
            (Side::Destination, by_status(response.status))
        }
        503 if empty && differences.route_allow_list => {
            if made_by_source(response) || asked.address_allowed == Some(true) {
                (Side::Source, FailureKind::ServerError)
            } else if asked.address_allowed == Some(false) {
                (Side::Destination, FailureKind::HostNotAllowed)
            } else {
                (Side::Destination, FailureKind::HostNotAllowedOrSourceDown)
            }
        }
        503 if empty || words.tells_of_no_connection() => {
            (Side::Source, FailureKind::SourceUnreachable)
        }
        500 if words.tells_of_no_connection() => (Side::Source, FailureKind::SourceUnreachable),
        status => (Side::Source, by_status(status)),
    })
}

/// Whether a Route handed on an answer that the source made: of its headers a Route hands
/// on those that describe the body (DHIS2's RouteService), which no empty answer of DHIS2's
/// own has ("run after put without the secret" of `routes`).
fn made_by_source(response: &Response) -> bool {
    const OF_A_BODY: [&str; 6] = [
        "content-type",
        "content-encoding",
        "content-language",
        "etag",
        "expires",
        "last-modified",
    ];
    OF_A_BODY.iter().any(|name| response.header(name).is_some())
}

/// Whether an answer never was in the own DHIS2, but was made by a proxy before it: DHIS2
/// puts one of these headers on whatever it answers, also through a Route (every step of
/// `routes`), and a Route hands on no `Retry-After`.
fn comes_from_before_dhis2(response: &Response, words: &Words) -> bool {
    const OF_DHIS2: [&str; 3] = [
        "content-security-policy",
        "x-frame-options",
        "x-content-type-options",
    ];
    let marked = OF_DHIS2.iter().any(|name| response.header(name).is_some());
    response.header("retry-after").is_some() || (words.is_page && !marked)
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
