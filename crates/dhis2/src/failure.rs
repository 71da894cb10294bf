//! What went wrong, on which side, in the server's own words.
//!
//! Every request of this crate ends in its answer or in one [`Failure`]. Its kind is what a
//! screen turns into "what happened and what to do"; how an answer becomes a kind is in
//! [`classify`], held against the recordings of real servers.

mod classify;
mod retry_after;
mod words;

pub use classify::{
    Asked, Expected, classify, from_transport, needs_address_check, needs_session_check,
};

/// Where a failure lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The DHIS2 that Tributary is installed in.
    Destination,
    /// The source behind a Route.
    Source,
    /// Between the person's machine and the destination: no answer came at all.
    Network,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The person's own session ended (or the command's token is refused): log in again.
    LoggedOut,
    /// The source refused the account that the Route holds.
    SourceRefusedLogin,
    /// Logged in, but not allowed to do this; the message says what.
    Forbidden,
    /// The thing asked for does not exist.
    NotFound,
    /// No Route of that code, or it is disabled.
    RouteMissing,
    /// The person has no access to run this Route: it must be shared with them.
    RouteNotAllowed,
    /// The source's address is not in the server's `route.remote_servers_allowed` (dhis.conf).
    HostNotAllowed,
    /// An empty 503 through a Route, of which nobody can tell whether it is the server's
    /// ([`FailureKind::HostNotAllowed`]) or the source's, which is out of service.
    HostNotAllowedOrSourceDown,
    /// The person may not create Routes (`F_ROUTE_PUBLIC_ADD` or `F_ROUTE_PRIVATE_ADD`).
    RouteNotPermittedToCreate,
    /// The Route's address ends without `/**` and takes no paths.
    RouteTakesNoPaths,
    /// The source sends elsewhere: `http` for `https`, a moved server, a log-in page.
    SourceRedirects,
    /// The server could not reach the source: nobody listens, name unknown, certificate.
    SourceUnreachable,
    /// No answer in time.
    TimedOut,
    /// A 200 without any body where one was due. Up to 2.42 a refused read looks like this;
    /// from 2.42 every request whose Origin the server does not recognise does.
    EmptyAnswer,
    /// The body is not what was asked for: a proxy's HTML page, XML, a cut-off file.
    WrongContent,
    /// The request was not understood (400, 405, 415).
    BadRequest,
    /// 5xx with the server's message.
    ServerError,
    /// 409: the server's rules refuse it; code and message say why.
    Conflict,
    /// Too many requests (429): wait, for [`Failure::retry_after_seconds`] where it is said.
    TooManyRequests,
    /// Too large for the server or a proxy before it (413, 414).
    TooLarge,
    /// The server's version is older than 2.40, or its text is no version.
    UnsupportedVersion,
    /// A value cannot be sent through a Route of this server version without damage.
    NotSendable,
    /// Somebody else changed or removed the stored object since it was read: for callers who
    /// end there ([`crate::data_store::Updated`] says it without being a failure).
    LostUpdate,
    /// The network failed on the way to the destination.
    NetworkDown,
    /// Stopped by the person.
    Interrupted,
}

/// One failure: side, kind, and the server's own words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{side:?}: {kind:?} at {path}: {message}")]
pub struct Failure {
    /// Where it lies.
    pub side: Side,
    /// What happened.
    pub kind: FailureKind,
    /// HTTP status, where an answer came.
    pub status: Option<u16>,
    /// The server's own code (`E1006`), where it gave one.
    pub code: Option<String>,
    /// The server's own words; empty where it said nothing. Never a whole page, never an
    /// address with a query.
    pub message: String,
    /// The path asked, without its query.
    pub path: String,
    /// How long to wait before the next request, where the server says so (`Retry-After`,
    /// with 429 and 503; only the own server's arrives, a Route hands it on from nobody).
    pub retry_after_seconds: Option<u32>,
}

impl Failure {
    /// A failure that no answer's status stands behind.
    #[must_use]
    pub fn new(side: Side, kind: FailureKind, path: &str, message: impl Into<String>) -> Self {
        Self {
            side,
            kind,
            status: None,
            code: None,
            message: message.into(),
            path: path.split('?').next().unwrap_or_default().to_owned(),
            retry_after_seconds: None,
        }
    }

    /// Whether the same *read* may succeed when it is sent again a moment later. A 429 is not
    /// among them: a server that asks to slow down is not asked again at once
    /// ([`crate::patience`] is about when).
    #[must_use]
    pub fn may_pass_when_repeated(&self) -> bool {
        matches!(
            self.kind,
            FailureKind::TimedOut
                | FailureKind::NetworkDown
                | FailureKind::SourceUnreachable
                | FailureKind::ServerError
                | FailureKind::HostNotAllowedOrSourceDown
                | FailureKind::WrongContent
        )
    }
}
