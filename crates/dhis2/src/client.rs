//! The client: requests through one door, answers or failures back.
//!
//! Reads are repeated where that may help, after a pause ([`crate::patience`]); writes never
//! are. A read whose body is taken piece by piece is sent once here, since pieces of a first
//! try may have been taken: whoever takes them repeats it ([`Client::patiently`]).

mod doors;
mod patiently;

use crate::differences::Differences;
use crate::failure::{Asked, Expected, Failure, FailureKind, Side, classify, from_transport};
use crate::failure::{needs_address_check, needs_session_check};
use crate::patience::{Patience, Pauses};
use crate::query::{Encoding, Query};
use crate::transport::{Method, Request, Response, TakePiece, Transport};
use serde::de::DeserializeOwned;
use std::pin::Pin;
use std::rc::Rc;

/// Where a client's requests go.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// The server that Tributary is installed in: `api/<path>`.
    Own,
    /// A source, by the code (or uid) of a Route of that server:
    /// `api/routes/<code>/run/<path>`.
    Route(String),
}

/// How long an answer may take, and so how patient a read is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Answers at once: system info, a person, a few objects.
    Small,
    /// May take minutes: all org units.
    Large,
    /// Values of a slice, which can be cut smaller where they take long.
    Values,
}

/// Milliseconds that a small read may take.
const SMALL_MILLIS: u32 = 60_000;
/// Milliseconds that a large read or a write may take: what usual proxies allow.
const LARGE_MILLIS: u32 = 300_000;
/// Milliseconds that a read of values may take.
const VALUES_MILLIS: u32 = 120_000;
/// Milliseconds that a read through a Route may take: its own 60 s and the way there.
const ROUTE_MILLIS: u32 = 65_000;

/// A request under way. On the heap, and of one type for all callers: written out in each
/// of them it would be a tenth of the app's download.
pub(crate) type Sending<'a, D> = Pin<Box<dyn Future<Output = Result<D, Failure>> + 'a>>;

/// Talks to one DHIS2 through one [`Door`].
#[derive(Clone, Debug)]
pub struct Client<T> {
    transport: T,
    door: Door,
    own: Differences,
    /// Where the pauses before repeated reads are seen and ended.
    pauses: Rc<Pauses>,
    is_patient: bool,
}

impl<T: Transport> Client<T> {
    /// A client for the server that Tributary is installed in.
    pub fn own(transport: T, own: Differences) -> Self {
        Self {
            transport,
            door: Door::Own,
            own,
            pauses: Rc::default(),
            is_patient: true,
        }
    }

    /// A client for a source behind a Route. `own` are the differences of the server that
    /// runs the Route, not of the source.
    pub fn through_route(transport: T, code: impl Into<String>, own: Differences) -> Self {
        Self {
            transport,
            door: Door::Route(code.into()),
            own,
            pauses: Rc::default(),
            is_patient: true,
        }
    }

    /// The same client, whose pauses are seen and can be ended by somebody.
    #[must_use]
    pub fn with_pauses(mut self, pauses: Rc<Pauses>) -> Self {
        self.pauses = pauses;
        self
    }

    /// The same client, which sends everything once: for whoever looks at the failures.
    #[must_use]
    pub fn without_patience(mut self) -> Self {
        self.is_patient = false;
        self
    }

    /// The door of this client.
    pub fn door(&self) -> &Door {
        &self.door
    }

    /// The differences of the own server.
    pub fn own_differences(&self) -> &Differences {
        &self.own
    }

    /// The transport, to make a client for another door.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// The side that this client's door leads to.
    pub fn side(&self) -> Side {
        match self.door {
            Door::Own => Side::Destination,
            Door::Route(_) => Side::Source,
        }
    }

    /// Reads a JSON document: `path` relative to `api/`, without a leading slash.
    ///
    /// # Errors
    /// Every [`Failure`]; [`FailureKind::WrongContent`] when the document is not of `D`'s shape.
    pub async fn get_json<D: DeserializeOwned>(
        &self,
        path: &str,
        query: &Query,
        reading: Reading,
    ) -> Result<D, Failure> {
        let mut document = None;
        let mut read = |response: Response| {
            document = Some(parse(self.side(), path, &response)?);
            Ok(())
        };
        let json = (Expected::Json, "application/json");
        self.get_read(path, query, json, reading, &mut read).await?;
        // There is no success without one.
        document.ok_or_else(|| Failure::new(self.side(), FailureKind::EmptyAnswer, path, ""))
    }

    /// Reads a document without holding it, once: hands it to `take` piece by piece.
    ///
    /// # Errors
    /// Every [`Failure`]; a page in place of the document and an empty answer are failures.
    /// Pieces may have been handed over before: throw away what they gave.
    pub fn get_pieces<'a>(
        &'a self,
        path: &'a str,
        query: &'a Query,
        take: &'a mut TakePiece<'a>,
    ) -> Sending<'a, ()> {
        Box::pin(async move {
            let mut request = self.read_request(path, query, "*/*")?;
            request.timeout_millis = Some(self.timeout(Reading::Values, false));
            self.once(request, Expected::Text, Some(take)).await?;
            Ok(())
        })
    }

    /// Sends a write, once, and gives back its answer when the status is 2xx and there is a
    /// JSON body (from 2.42 a write whose Origin the server does not recognise is an empty
    /// 200, and nothing is done).
    ///
    /// # Errors
    /// Every [`Failure`].
    pub fn write<'a>(
        &'a self,
        method: Method,
        path: &'a str,
        query: &'a Query,
        body: Option<Vec<u8>>,
    ) -> Sending<'a, Response> {
        Box::pin(async move {
            let (full_path, response) = self.write_raw(method, path, query, body).await?;
            self.judge(&full_path, response, Expected::Json).await
        })
    }

    /// Sends a write, once, and gives back whatever came, with the path asked.
    pub(crate) async fn write_raw(
        &self,
        method: Method,
        path: &str,
        query: &Query,
        body: Option<Vec<u8>>,
    ) -> Result<(String, Response), Failure> {
        let full_path = self.path(path, query)?;
        let mut headers = headers("application/json");
        if body.is_some() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        let request = Request {
            method,
            path: full_path.clone(),
            headers,
            body,
            timeout_millis: Some(LARGE_MILLIS),
        };
        match self.transport.send(request).await {
            Ok(response) => Ok((full_path, response)),
            Err(error) => Err(from_transport(&self.door, &full_path, &error)),
        }
    }

    pub(crate) fn get<'a>(
        &'a self,
        path: &'a str,
        query: &'a Query,
        expected: Expected,
        accept: &'a str,
        reading: Reading,
    ) -> Sending<'a, Response> {
        Box::pin(async move {
            let mut found = Response::default();
            let mut keep = |response| {
                found = response;
                Ok(())
            };
            self.get_read(path, query, (expected, accept), reading, &mut keep)
                .await?;
            Ok(found)
        })
    }

    /// Reads a document patiently and hands it to `read`, whose failure counts as one of the
    /// reading: a body that was cut off is only noticed there.
    fn get_read<'a>(
        &'a self,
        path: &'a str,
        query: &'a Query,
        (expected, accept): (Expected, &'a str),
        reading: Reading,
        read: &'a mut dyn FnMut(Response) -> Result<(), Failure>,
    ) -> Sending<'a, ()> {
        Box::pin(async move {
            let patience = match reading {
                Reading::Small => Patience::SMALL,
                Reading::Large | Reading::Values => Patience::LARGE,
            };
            let request = self.read_request(path, query, accept)?;
            let mut failed = 0;
            loop {
                let may_repeat = self.is_patient && failed + 1 < patience.attempts_without_answer;
                let mut sent = request.clone();
                sent.timeout_millis = Some(self.timeout(reading, may_repeat));
                let answer = self.once(sent, expected, None).await;
                let Err(failure) = answer.and_then(&mut *read) else {
                    return Ok(());
                };
                failed += 1;
                if !self.pause(patience, &failure, failed).await {
                    return Err(failure);
                }
            }
        })
    }

    fn read_request(&self, path: &str, query: &Query, accept: &str) -> Result<Request, Failure> {
        Ok(Request {
            method: Method::Get,
            path: self.path(path, query)?,
            headers: headers(accept),
            body: None,
            timeout_millis: None,
        })
    }

    /// Sends a request once; the body of a good answer goes to `take`, if there is one.
    async fn once(
        &self,
        request: Request,
        expected: Expected,
        take: Option<&mut TakePiece<'_>>,
    ) -> Result<Response, Failure> {
        let path = request.path.clone();
        let answer = match take {
            None => self.transport.send(request).await,
            Some(take) => self.transport.send_in_pieces(request, take).await,
        };
        match answer {
            Ok(response) => self.judge(&path, response, expected).await,
            Err(error) => Err(from_transport(&self.door, &path, &error)),
        }
    }

    /// Passes a good answer on and turns any other into its failure.
    pub(crate) fn judge<'a>(
        &'a self,
        path: &'a str,
        response: Response,
        expected: Expected,
    ) -> Sending<'a, Response> {
        Box::pin(async move {
            let mut asked = Asked::default();
            if needs_session_check(&self.door, &response) {
                asked.own_session_good = Some(self.own_session_is_good().await?);
            }
            if needs_address_check(&self.door, &response, &self.own) {
                asked.address_allowed = self.route_address_is_allowed().await;
            }
            match classify(&self.door, path, &response, expected, &self.own, asked) {
                None => Ok(response),
                Some(failure) => Err(failure),
            }
        })
    }

    /// The encoded path with its query.
    fn path(&self, path: &str, query: &Query) -> Result<String, Failure> {
        let (mut full_path, encoding) = match &self.door {
            Door::Own => (format!("api/{path}"), Encoding::Direct),
            Door::Route(code) => (
                format!("api/routes/{}/run/{path}", segment(code)),
                Encoding::Route(self.own.route_query),
            ),
        };
        let text = query.encode(encoding).map_err(|error| {
            Failure::new(
                Side::Destination,
                FailureKind::NotSendable,
                &full_path,
                error.to_string(),
            )
        })?;
        if !text.is_empty() {
            full_path.push('?');
            full_path.push_str(&text);
        }
        Ok(full_path)
    }

    /// How long to wait. Only a small read that may still be sent again is given up early,
    /// so that a slow source is heard in the end.
    fn timeout(&self, reading: Reading, may_repeat: bool) -> u32 {
        match (&self.door, reading) {
            (Door::Own, Reading::Small) => SMALL_MILLIS,
            (Door::Own, Reading::Large) => LARGE_MILLIS,
            (Door::Own, Reading::Values) => VALUES_MILLIS,
            (Door::Route(_), Reading::Small) if may_repeat => self
                .own
                .small_route_read_timeout_millis
                .unwrap_or(ROUTE_MILLIS),
            (Door::Route(_), _) => ROUTE_MILLIS,
        }
    }
}

/// Reads a JSON body into `D`.
pub(crate) fn parse<D: DeserializeOwned>(
    side: Side,
    path: &str,
    response: &Response,
) -> Result<D, Failure> {
    serde_json::from_slice(&response.body).map_err(|error| Failure {
        status: Some(response.status),
        ..Failure::new(side, FailureKind::WrongContent, path, error.to_string())
    })
}

/// The headers of every request. Without `X-Requested-With` an ended session is a redirect
/// to the log-in page instead of a 401 ("no session, X-Requested-With" of
/// `system-and-session`); without `Accept` 2.41 gives XML through a Route.
fn headers(accept: &str) -> Vec<(String, String)> {
    vec![
        ("Accept".to_owned(), accept.to_owned()),
        ("X-Requested-With".to_owned(), "XMLHttpRequest".to_owned()),
    ]
}

/// Encodes one segment of a path (a dataStore key, a code).
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
