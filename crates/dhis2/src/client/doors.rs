//! Whose fault a refusal was: whether the person's session still holds, and whether the own
//! server lets a Route call its address.

use super::{Client, Door, SMALL_MILLIS, headers, segment};
use crate::failure::{Asked, Expected, Failure, FailureKind, classify, from_transport};
use crate::transport::{Method, Request, Transport};

impl<T: Transport> Client<T> {
    /// Whether the person's own session (or the command's token) still holds, asked of the
    /// own server, whatever this client's door.
    ///
    /// # Errors
    /// A [`Failure`] when the own server gives no usable answer at all.
    pub async fn own_session_is_good(&self) -> Result<bool, Failure> {
        let path = "api/me?fields=id";
        let request = Request {
            method: Method::Get,
            path: path.to_owned(),
            headers: headers("application/json"),
            body: None,
            timeout_millis: Some(SMALL_MILLIS),
        };
        let response = self
            .transport
            .send(request)
            .await
            .map_err(|error| from_transport(&Door::Own, path, &error))?;
        let nothing = Asked::default();
        match classify(
            &Door::Own,
            path,
            &response,
            Expected::Json,
            &self.own,
            nothing,
        ) {
            None => Ok(true),
            Some(failure) if failure.kind == FailureKind::LoggedOut => Ok(false),
            Some(failure) => Err(failure),
        }
    }

    /// Whether the own server lets this client's Route call its address; `None` where it
    /// cannot be found out. The source is not called.
    ///
    /// Asked with a query that no server sends on: DHIS2 holds the address against
    /// `route.remote_servers_allowed` first (an empty 503) and refuses the query then (a 400,
    /// "run, space in value" of `routes`). Only where a query is not encoded again:
    /// [`RouteQuery::Twice`](crate::differences::RouteQuery::Twice).
    pub async fn route_address_is_allowed(&self) -> Option<bool> {
        let Door::Route(code) = &self.door else {
            return None;
        };
        let request = Request {
            method: Method::Get,
            path: format!("api/routes/{}/run?allowed=%20", segment(code)),
            headers: headers("application/json"),
            body: None,
            timeout_millis: Some(SMALL_MILLIS),
        };
        let response = self.transport.send(request).await.ok()?;
        match response.status {
            503 if response.body.is_empty() => Some(false),
            400 => {
                let answer: crate::wire::WebMessage =
                    serde_json::from_slice(&response.body).ok()?;
                answer
                    .message
                    .starts_with("Illegal character in")
                    .then_some(true)
            }
            _ => None,
        }
    }
}
