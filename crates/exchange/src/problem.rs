//! What went wrong, in the form that a screen shows: which side, what kind, the
//! server's own words and code. The screen turns `kind` into a sentence and an
//! advice (`problem.<kind>.title`, `problem.<kind>.advice` of the translation
//! catalogue); the rest is the detail for an administrator.

use serde::{Deserialize, Serialize};
use tributary_dhis2::{Failure, FailureKind, Side};

/// On which side something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ProblemSide {
    /// The server that data comes from.
    Source,
    /// What is mapped to what.
    Mapping,
    /// The server that the app is installed in.
    Destination,
    /// The line between browser and destination.
    Network,
    /// The app itself.
    App,
}

/// A failure as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// On which side.
    pub side: ProblemSide,
    /// Stable name of the kind in camel case, for example `sourceRefusedLogin`;
    /// part of the text keys.
    pub kind: String,
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// The server's own error code, for example `E7640`.
    pub code: Option<String>,
    /// The server's own words.
    pub message: Option<String>,
    /// What was asked for (a path without secrets).
    pub path: Option<String>,
    /// After how many seconds the server wants to be asked again, where it says so.
    #[serde(default)]
    pub retry_after_seconds: Option<u32>,
}

impl Problem {
    /// A problem of ours, without an answer of a server.
    pub fn of(side: ProblemSide, kind: &str) -> Self {
        Self {
            side,
            kind: kind.to_owned(),
            status: None,
            code: None,
            message: None,
            path: None,
            retry_after_seconds: None,
        }
    }

    /// The same problem with words that say more.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }
}

impl From<Side> for ProblemSide {
    fn from(side: Side) -> Self {
        match side {
            Side::Destination => Self::Destination,
            Side::Source => Self::Source,
            Side::Network => Self::Network,
        }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let side = failure.side.into();
        let kind = match failure.kind {
            FailureKind::LoggedOut => "loggedOut",
            FailureKind::SourceRefusedLogin => "sourceRefusedLogin",
            FailureKind::Forbidden => "forbidden",
            FailureKind::NotFound => "notFound",
            FailureKind::RouteMissing => "routeMissing",
            FailureKind::RouteNotAllowed => "routeNotAllowed",
            FailureKind::HostNotAllowed => "hostNotAllowed",
            FailureKind::HostNotAllowedOrSourceDown => "hostNotAllowedOrSourceDown",
            FailureKind::RouteNotPermittedToCreate => "routeNotPermittedToCreate",
            FailureKind::RouteTakesNoPaths => "routeTakesNoPaths",
            FailureKind::SourceRedirects => "sourceRedirects",
            FailureKind::SourceUnreachable => "sourceUnreachable",
            FailureKind::TimedOut => "timedOut",
            FailureKind::EmptyAnswer => "emptyAnswer",
            FailureKind::WrongContent => "wrongContent",
            FailureKind::BadRequest => "badRequest",
            FailureKind::ServerError => "serverError",
            FailureKind::Conflict => "conflict",
            FailureKind::TooManyRequests => "tooManyRequests",
            FailureKind::TooLarge => "tooLarge",
            FailureKind::UnsupportedVersion => "unsupportedVersion",
            FailureKind::NotSendable => "notSendable",
            FailureKind::LostUpdate => "lostUpdate",
            FailureKind::NetworkDown => "networkDown",
            FailureKind::Interrupted => "interrupted",
        };
        Self {
            side,
            kind: kind.to_owned(),
            status: failure.status,
            code: failure.code,
            message: (!failure.message.is_empty()).then_some(failure.message),
            path: (!failure.path.is_empty()).then_some(failure.path),
            retry_after_seconds: failure.retry_after_seconds,
        }
    }
}
