//! The headers that DHIS2's filters put on every answer, and the requests that
//! its container turns away before DHIS2 sees them.

use crate::answer::Answer;
use crate::request::Request;
use crate::server::Server;
use crate::version::ServerVersion;

/// Cache header of metadata and of errors.
pub const PRIVATE: &str = "no-cache, private";
/// Cache header of pages, lists of the dataStore and system information.
pub const NO_STORE: &str = "no-cache, no-store, max-age=0, must-revalidate";

/// A path with `..` is turned away by the container: 400 from 2.42 (Tomcat), 500
/// before (Jetty with the firewall's exception). Recorded: "dots", "run, path with dots".
pub fn container_refusal(version: ServerVersion, request: &Request) -> Option<Answer> {
    request.path.split('/').any(|part| part == "..").then(|| match version {
        ServerVersion::V40 | ServerVersion::V41 if wants_json(request) => Answer::text(
            500,
            "application/json",
            serde_json::json!({
                "servlet": "dispatcher",
                "cause0": "org.springframework.security.web.firewall.RequestRejectedException: The request was rejected because the URL was not normalized.",
                "message": "org.springframework.security.web.firewall.RequestRejectedException: The request was rejected because the URL was not normalized.",
                "url": request.path,
                "status": "500",
            })
            .to_string(),
        )
        .with_header("cache-control", "must-revalidate,no-cache,no-store"),
        ServerVersion::V40 | ServerVersion::V41 => container_page(version, 500),
        ServerVersion::V42 | ServerVersion::V43 => container_page(version, 400),
    })
}

/// Jetty writes its errors as JSON for those who ask for JSON.
pub fn wants_json(request: &Request) -> bool {
    request
        .header("accept")
        .is_some_and(|accept| accept.contains("application/json"))
}

/// An error page as the container makes them; their wording differs between
/// containers, so ours is short.
pub fn container_page(version: ServerVersion, status: u16) -> Answer {
    let reason = crate::answer::reason_phrase(status);
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><title>HTTP Status {status} – {reason}</title></head><body><h1>HTTP Status {status} – {reason}</h1></body></html>"
    );
    match version {
        ServerVersion::V40 | ServerVersion::V41 => {
            Answer::text(status, "text/html;charset=iso-8859-1", page)
                .with_header("cache-control", "must-revalidate,no-cache,no-store")
        }
        ServerVersion::V42 | ServerVersion::V43 => {
            Answer::text(status, "text/html;charset=utf-8", page)
        }
    }
}

/// What the container answers where nothing is: a page, or on Jetty JSON for
/// those who ask for it. Recorded: "unknown resource", "run, unknown sub path".
pub fn nothing_here(server: &Server, request: &Request) -> Answer {
    let version = server.options.version;
    if version <= ServerVersion::V41 && wants_json(request) {
        let servlet = if request.path.starts_with("/api/") {
            "dispatcher"
        } else {
            "org.eclipse.jetty.servlet.ServletHandler$Default404Servlet"
        };
        let body = serde_json::json!({"servlet": servlet, "message": "Not Found", "url": request.path, "status": "404"});
        return Answer::text(404, "application/json", body.to_string())
            .with_header("cache-control", "must-revalidate,no-cache,no-store");
    }
    let page = container_page(version, 404);
    // Of an app's files it is the app's handler that finds nothing ("nosuch.js").
    let is_nobodys = request.path.starts_with("/api/") && !request.path.starts_with("/api/apps/");
    if version >= ServerVersion::V42 && is_nobodys {
        with_vary(page)
    } else {
        page
    }
}

/// What Spring's own handling of origins adds, where DHIS2's does not come first: to
/// `/api/ping` and to what nobody answers ("ping anonymous", "unknown resource").
pub fn with_vary(answer: Answer) -> Answer {
    [
        "Origin",
        "Access-Control-Request-Method",
        "Access-Control-Request-Headers",
    ]
    .into_iter()
    .fold(answer, |answer, name| answer.with_header("vary", name))
}

/// Adds the security headers, and drops the charset that versions before 2.42
/// do not write for JSON.
pub fn finish(server: &Server, request: &Request, mut answer: Answer) -> Answer {
    let version = server.options.version;
    if version <= ServerVersion::V41 {
        for (name, value) in &mut answer.headers {
            if name == "content-type" && value == "application/json;charset=UTF-8" {
                *value = "application/json".into();
            }
        }
    }
    let outside = match version {
        // Beyond DHIS2's own filters: the recorded servers had nothing there ("shell").
        ServerVersion::V40 | ServerVersion::V41 => request.path.starts_with("/apps/"),
        ServerVersion::V42 | ServerVersion::V43 => request.path == "/api/ping",
    };
    if outside {
        return if request.path == "/api/ping" {
            with_vary(answer)
        } else {
            answer
        };
    }
    if !answer
        .headers
        .iter()
        .any(|(name, _)| name == "content-security-policy")
    {
        answer = answer.with_header("content-security-policy", "frame-ancestors 'self';");
    }
    answer.with_header("x-content-type-options", "nosniff")
}
