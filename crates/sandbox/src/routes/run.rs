//! `/api/routes/{uid or code}/run/…`: the request goes on to the route's server,
//! and its answer comes back.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Method, redirect};
use serde_json::Value;
use url::Url;

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::{self, PRIVATE};
use crate::http::DROP_HEADER;
use crate::metadata::access::Right;
use crate::metadata::access::granted;
use crate::request::Request;
use crate::routes::failure::failure;
use crate::routes::target::target;
use crate::routes::{is_allowed, neighbour};
use crate::server::{Reply, Server};
use crate::version::ServerVersion;

/// Request headers that go on to the other server. Never the session and never
/// the user's own authorization.
const FORWARDED: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "x-requested-with",
    "user-agent",
    "cache-control",
    "content-type",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-forwarded-prefix",
    "forwarded",
];
/// Answer headers that come back; no `Location`, no `Set-Cookie`.
const RETURNED: &[&str] = &[
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
    "cache-control",
    "last-modified",
    "etag",
];

/// The client: follows no redirect by itself, and leaves bodies as they come.
pub fn client() -> reqwest::Client {
    // The provider can be set once in a process; a second try changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .connect_timeout(Duration::from_secs(10))
        .build()
        .unwrap_or_default()
}

pub(super) fn refuse(status: u16, message: &str, code: Option<&str>) -> Answer {
    Answer::error(status, message, code).with_header("cache-control", PRIVATE)
}

/// Runs a route.
pub async fn run(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    id: &str,
    sub_path: Option<&str>,
) -> Reply {
    let version = server.options.version;
    // 2.40 takes only GET here: a POST is looked up as an object, other methods are not supported.
    if version == ServerVersion::V40 && request.method != "GET" {
        return Err(match request.method.as_str() {
            "POST" => refuse(
                404,
                &format!("Route with id {id} could not be found."),
                Some("E1005"),
            ),
            method => refuse(
                405,
                &format!("Request method '{method}' not supported"),
                None,
            ),
        });
    }
    let route = {
        let state = server.state();
        let all = state.metadata.collections.get("routes");
        let found = all.and_then(|routes| {
            routes
                .get(id)
                .or_else(|| routes.values().find(|r| r["code"] == id))
        });
        found.filter(|r| r["disabled"] != true).cloned()
    };
    let route = route.ok_or_else(|| {
        let message = if version >= ServerVersion::V42 {
            format!("Route not found: '{id}'")
        } else {
            format!("Route {id} not found")
        };
        refuse(404, &message, Some("E1005"))
    })?;
    let by_authority = route["authorities"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .any(|a| user.has_authority(a));
    if !(user.is_superuser() || granted(&route["sharing"], user, Right::Read) || by_authority) {
        let message = if version >= ServerVersion::V42 {
            "User not authorized to execute route"
        } else {
            "User not authorized"
        };
        return Err(refuse(403, message, Some("E1006")));
    }
    // The address is held against the allow list before the request is looked at (DHIS2's
    // RouteService): also a query that cannot be sent is an empty 503 then.
    let address = route["url"].as_str().unwrap_or_default();
    let address = Url::parse(address.strip_suffix("/**").unwrap_or(address));
    if address.is_ok_and(|address| !is_allowed(server, &address)) {
        return Ok(Answer::empty(503));
    }
    let target = target(server, request, &route, sub_path)?;
    let Some(target) = target else {
        // The recorded sources turn a raw accent away in their container ("run, accent").
        return Ok(headers::container_page(version, 400));
    };
    send(server, request, user, &route, target).await
}

async fn send(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    route: &Value,
    mut target: Url,
) -> Reply {
    let version = server.options.version;
    let auth = &route["auth"];
    if auth["type"] == "api-query-params" {
        let mut pairs = target.query_pairs_mut();
        for (name, value) in auth["queryParams"].as_object().into_iter().flatten() {
            pairs.append_pair(name, value.as_str().unwrap_or_default());
        }
    }
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut set = |name: &str, value: &str| {
        headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
        headers.push((name.to_owned(), value.to_owned()));
    };
    for (name, value) in request
        .headers
        .iter()
        .filter(|(n, _)| FORWARDED.contains(&n.as_str()))
    {
        set(name, value);
    }
    for (name, value) in route["headers"].as_object().into_iter().flatten() {
        set(name, value.as_str().unwrap_or_default());
    }
    set("X-Forwarded-User", &user.username);
    match auth["type"].as_str() {
        // A secret that was lost in an update is not sent ("run after put without the secret").
        Some("http-basic") => {
            if let Some(password) = auth["password"].as_str() {
                let pair = format!(
                    "{}:{password}",
                    auth["username"].as_str().unwrap_or_default()
                );
                set(
                    "Authorization",
                    &format!("Basic {}", BASE64_STANDARD.encode(pair)),
                );
            }
        }
        Some("api-token") => set(
            "Authorization",
            &format!("ApiToken {}", auth["token"].as_str().unwrap_or_default()),
        ),
        Some("api-headers") => {
            for (name, value) in auth["headers"].as_object().into_iter().flatten() {
                set(name, value.as_str().unwrap_or_default());
            }
        }
        _ => {}
    }
    if let Some(peer) = server.neighbour(&target) {
        let answer = neighbour::ask(peer, request, &target, headers).await;
        let header = |name: &str| {
            let found = answer.headers.iter().find(|(n, _)| n == name);
            found.map(|(_, value)| value.as_str())
        };
        let mut out = returned(version, answer.status, header);
        // Where the line is cut there, it is cut here.
        if let Some(cut) = header(DROP_HEADER) {
            out = out.with_header(DROP_HEADER, cut);
        }
        out.body = answer.body;
        return Ok(out);
    }
    let seconds = route["responseTimeoutSeconds"].as_u64().unwrap_or(5);
    let method = Method::from_bytes(request.method.as_bytes())
        .map_err(|e| refuse(400, &e.to_string(), None))?;
    // Up to 2.41 a redirect of the other server is followed, so that its log-in page arrives.
    let mut hops = if version <= ServerVersion::V41 { 5 } else { 0 };
    loop {
        let mut call = server
            .client()
            .request(method.clone(), target.clone())
            .timeout(Duration::from_secs(seconds));
        for (name, value) in &headers {
            if let (Ok(name), Ok(value)) = (
                HeaderName::try_from(name.as_str()),
                HeaderValue::try_from(value.as_str()),
            ) {
                call = call.header(name, value);
            }
        }
        if request.method != "GET" && !request.body.is_empty() {
            call = call.body(request.body.clone());
        }
        let answer = match call.send().await {
            Ok(answer) => answer,
            Err(error) => return Err(failure(version, request, &target, &error)),
        };
        let next = answer
            .headers()
            .get("location")
            .and_then(|l| l.to_str().ok())
            .and_then(|l| target.join(l).ok());
        if let (true, true, Some(next)) = (answer.status().is_redirection(), hops > 0, next) {
            hops -= 1;
            target = next;
            continue;
        }
        let mut out = returned(version, answer.status().as_u16(), |name| {
            answer.headers().get(name).and_then(|v| v.to_str().ok())
        });
        let mut answer = answer;
        loop {
            match answer.chunk().await {
                Ok(Some(bytes)) => out.body.extend_from_slice(&bytes),
                Ok(None) => return Ok(out),
                // From 2.42 on answers are handed on as they come: what breaks off there
                // breaks off here. Before, they are held back until they are whole.
                Err(_) if version >= ServerVersion::V42 => {
                    let so_far = out.body.len().to_string();
                    // The head has promised more than there is.
                    out.body.push(b' ');
                    return Ok(out.with_header(DROP_HEADER, so_far));
                }
                Err(error) => return Err(failure(version, request, &target, &error)),
            }
        }
    }
}

/// The head of the answer that comes back, by the other server's status and headers.
fn returned<'a>(
    version: ServerVersion,
    status: u16,
    header: impl Fn(&str) -> Option<&'a str>,
) -> Answer {
    let mut out = Answer::empty(status);
    for name in RETURNED {
        if let Some(value) = header(name) {
            // From 2.42 on a charset is added on the way ("run, upstream 404 object").
            let bare = *name == "content-type"
                && value == "application/json"
                && version >= ServerVersion::V42;
            out = out.with_header(
                name,
                if bare {
                    "application/json;charset=UTF-8"
                } else {
                    value
                },
            );
        }
    }
    out
}
