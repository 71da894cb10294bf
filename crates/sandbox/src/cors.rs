//! Requests that come from a page of another server. A browser says so in `Origin`;
//! DHIS2 answers those of its own address and of the origins that an administrator has
//! listed. Up to 2.41 the others are answered without the headers that would let the
//! page see the answer; from 2.42 on they are cut short: 200, empty, nothing done.
//! Recorded: scenario "cors".

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::request::Request;
use crate::routes::matches_glob;
use crate::server::{Reply, Server};
use crate::version::ServerVersion;

/// What becomes of a request because of where it comes from.
pub enum Origin {
    /// It is answered as any other.
    Same,
    /// It is answered as any other, with these headers more.
    Allowed(Vec<(&'static str, String)>),
    /// This is the answer.
    Answered(Answer),
}

/// Looks at `Origin`, before anybody asks who the user is.
pub fn look(server: &Server, request: &Request) -> Origin {
    let Some(origin) = request.header("origin").filter(|o| !o.is_empty()) else {
        return Origin::Same;
    };
    let is_new = server.options.version >= ServerVersion::V42;
    // Outside DHIS2's own filters; Spring lets everybody in ("ping from elsewhere").
    if is_new && request.path == "/api/ping" {
        return Origin::Allowed(vec![("access-control-allow-origin", "*".into())]);
    }
    let listed = |state: &crate::state::State| {
        state
            .cors_whitelist
            .iter()
            .any(|allowed| matches_glob(allowed, origin))
    };
    if origin != request.base() && !listed(&server.state()) {
        return if is_new {
            Origin::Answered(Answer::empty(200))
        } else {
            Origin::Same
        };
    }
    let mut headers = vec![
        ("access-control-allow-credentials", "true".to_owned()),
        ("access-control-allow-origin", origin.to_owned()),
        ("vary", "Origin".to_owned()),
    ];
    let Some(method) = preflight(request) else {
        headers.push(("access-control-expose-headers", "ETag, Location".to_owned()));
        return Origin::Allowed(headers);
    };
    headers.push(("access-control-allow-methods", method.to_owned()));
    let asked = request
        .header("access-control-request-headers")
        .unwrap_or_default();
    headers.push(("access-control-allow-headers", asked.to_owned()));
    headers.push(("access-control-max-age", "3600".to_owned()));
    let answer = headers
        .into_iter()
        .fold(Answer::empty(204), |answer, (name, value)| {
            answer.with_header(name, value)
        });
    Origin::Answered(answer)
}

/// The method that a preflight asks for.
fn preflight(request: &Request) -> Option<&str> {
    let method = request.header("access-control-request-method")?;
    (request.method == "OPTIONS" && !method.is_empty()).then_some(method)
}

/// `GET` and `POST /api/configuration/corsWhitelist`.
pub fn whitelist(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    if request.method == "GET" {
        let listed = json!(server.state().cors_whitelist);
        return Ok(Answer::json(200, &listed));
    }
    if !user.has_authority("F_SYSTEM_SETTING") {
        let message = if server.options.version < ServerVersion::V42 {
            "Access is denied"
        } else {
            "Access is denied, requires one Authority from [F_SYSTEM_SETTING]"
        };
        return Err(Answer::error(403, message, None));
    }
    let body = request.json()?;
    let origins = body
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let origins: Vec<String> = origins.map(str::to_owned).collect();
    server.change(|state, batch| {
        batch.put(&["configuration", "corsWhitelist"], &json!(origins));
        state.cors_whitelist = origins;
        Ok(())
    })?;
    Ok(Answer::empty(204))
}
