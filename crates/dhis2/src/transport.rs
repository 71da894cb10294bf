//! The one port of this crate: a request goes in, an answer comes out, and time passes.
//!
//! A transport knows where its DHIS2 is; requests name paths relative to the DHIS2 context
//! (`api/me`). It follows redirects as browsers do (and says so), inflates bodies that begin
//! with the gzip magic bytes `1f 8b` (DHIS2 answers `compression=gzip` without a
//! `Content-Encoding`), and adds `X-XSRF-TOKEN` where a cookie of that purpose exists.

use std::future::Future;
use std::rc::Rc;

/// How much of a body that was handed over in pieces the answer still holds: enough to tell a
/// page of HTML from what was asked for.
pub const KEPT_BYTES: usize = 16 * 1_024;

/// After so many milliseconds without a piece, a body that has begun is given up with
/// [`TransportError::TimedOut`]: the line is dead, whatever is left of the request's time-out.
/// As long as a Route waits for its source at most, so that a slow source is heard.
pub const SILENCE_MILLIS: u32 = 60_000;

/// What takes a body piece by piece. It does its work before it gives back, and the next piece
/// is not asked for meanwhile: so much of a body is held as the platform has on its way.
pub type TakePiece<'a> = dyn FnMut(&[u8]) + 'a;

/// The HTTP methods that this crate uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads; may be sent again ([`crate::patience`]).
    Get,
    /// Creates or imports; never sent again by the client.
    Post,
    /// Replaces; never sent again by the client.
    Put,
    /// Removes; never sent again by the client.
    Delete,
}

impl Method {
    /// The method's name on the wire, upper-case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// One request, ready to be carried.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The HTTP method.
    pub method: Method,
    /// Path relative to the DHIS2 context, without a leading slash, with the encoded query:
    /// `api/me?fields=id`.
    pub path: String,
    /// Header names as they are to be sent, and their values.
    pub headers: Vec<(String, String)>,
    /// The body; `None` for requests without one.
    pub body: Option<Vec<u8>>,
    /// After how many milliseconds the transport gives up with [`TransportError::TimedOut`];
    /// `None` leaves it to the transport.
    pub timeout_millis: Option<u32>,
}

impl std::fmt::Debug for Request {
    /// Leaves the body out: it may hold a source's secret.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Request")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &self.headers)
            .field("body_bytes", &self.body.as_ref().map(Vec::len))
            .field("timeout_millis", &self.timeout_millis)
            .finish()
    }
}

/// One answer of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case, and their values.
    pub headers: Vec<(String, String)>,
    /// The body, already inflated.
    pub body: Vec<u8>,
    /// Whether the answer came from another address than the one asked
    /// (`fetch`'s `response.redirected`): a log-in page, mostly.
    pub redirected: bool,
}

impl Response {
    /// The value of a header, by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Why no answer came at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The server could not be reached; the text is the platform's.
    #[error("network: {0}")]
    Network(String),
    /// No answer within the request's time-out.
    #[error("timed out")]
    TimedOut,
    /// The person (or the run) stopped it.
    #[error("stopped")]
    Aborted,
}

/// Carries requests to one DHIS2 server on the session (or token) that it was made for.
pub trait Transport {
    /// Sends one request and waits for its whole answer.
    ///
    /// # Errors
    /// [`TransportError`] when there is no answer; an answer with an error status is an answer.
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, TransportError>>;

    /// Sends one request and hands the body of an answer with status 200 to `take`, inflated,
    /// piece by piece as it comes. The answer that is given back then holds the body's first
    /// [`KEPT_BYTES`] only; with any other status it is as [`Transport::send`] gives it.
    ///
    /// As it stands here it waits for the whole body; a transport that can do better does.
    ///
    /// # Errors
    /// As [`Transport::send`]. Pieces may have been handed over before.
    fn send_in_pieces(
        &self,
        request: Request,
        take: &mut TakePiece<'_>,
    ) -> impl Future<Output = Result<Response, TransportError>> {
        async move {
            let mut response = self.send(request).await?;
            if response.status == 200 {
                take(&response.body);
                response.body.truncate(KEPT_BYTES);
            }
            Ok(response)
        }
    }

    /// Lets so many milliseconds pass. As it stands here the time never comes: what is done
    /// now and then while a transport without a clock is used is then not done at all.
    fn wait(&self, millis: u32) -> impl Future<Output = ()> {
        let _ = millis;
        std::future::pending()
    }

    /// Milliseconds by a clock that goes on while the machine sleeps; for durations, since
    /// nobody knows whether it is right. A transport without a clock stands still.
    fn millis(&self) -> u64 {
        0
    }

    /// Anything from 0 to 1, another each time where there is chance.
    fn chance(&self) -> f64 {
        0.5
    }
}

impl<T: Transport + ?Sized> Transport for &T {
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, TransportError>> {
        (**self).send(request)
    }

    fn send_in_pieces(
        &self,
        request: Request,
        take: &mut TakePiece<'_>,
    ) -> impl Future<Output = Result<Response, TransportError>> {
        (**self).send_in_pieces(request, take)
    }

    fn wait(&self, millis: u32) -> impl Future<Output = ()> {
        (**self).wait(millis)
    }

    fn millis(&self) -> u64 {
        (**self).millis()
    }

    fn chance(&self) -> f64 {
        (**self).chance()
    }
}

impl<T: Transport + ?Sized> Transport for Rc<T> {
    fn send(&self, request: Request) -> impl Future<Output = Result<Response, TransportError>> {
        (**self).send(request)
    }

    fn send_in_pieces(
        &self,
        request: Request,
        take: &mut TakePiece<'_>,
    ) -> impl Future<Output = Result<Response, TransportError>> {
        (**self).send_in_pieces(request, take)
    }

    fn wait(&self, millis: u32) -> impl Future<Output = ()> {
        (**self).wait(millis)
    }

    fn millis(&self) -> u64 {
        (**self).millis()
    }

    fn chance(&self) -> f64 {
        (**self).chance()
    }
}
