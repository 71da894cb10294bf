//! Serving the files of an app: content types, redirects, replaced marks in
//! pages, cache headers, version by version.

use serde_json::Value;

use crate::answer::Answer;
use crate::apps::App;
use crate::apps::api::no_app;
use crate::context::CurrentUser;
use crate::headers::{NO_STORE, PRIVATE, nothing_here};
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::session::hash;
use crate::version::ServerVersion;

/// What a strict reverse proxy adds to the files of an app.
pub const STRICT_POLICY: &str =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; frame-ancestors 'self'";

/// `GET /api/apps/{key}/{path}`.
pub fn serve(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    key: &str,
    path: &str,
) -> Reply {
    let version = server.options.version;
    let modern = version >= ServerVersion::V42;
    let page = path.is_empty() || path.ends_with('/') || path.ends_with(".html");
    // From 2.42 on pages are never cached; up to 2.41 nothing is said ("slash", "index").
    let cached = |answer: Answer| {
        if modern && page {
            answer.with_header("cache-control", NO_STORE)
        } else {
            answer
        }
    };
    let state = server.state();
    let Some(app) = state.apps.get(key).filter(|app| app.is_open_to(user)) else {
        let answer = no_app(key).with_header("content-disposition", "inline;filename=f.txt");
        return Err(cached(if version == ServerVersion::V40 {
            answer.with_header("cache-control", PRIVATE)
        } else {
            answer
        }));
    };
    let base = request.base();
    let is_index = path.is_empty()
        || path.ends_with('/')
        || path == "index.html"
        || path.ends_with("/index.html");
    let unframed = request.parameter("redirect") == Some("false")
        || request.parameter("shell") == Some("false");
    let from_worker = request
        .header("referer")
        .is_some_and(|r| r.ends_with("/service-worker.js"));
    if modern && is_index && !unframed && !from_worker {
        let folder = path
            .strip_suffix("index.html")
            .unwrap_or(path)
            .trim_end_matches('/');
        let slash = if folder.is_empty() { "" } else { "/" };
        let query = if request.raw_query.is_empty() {
            String::new()
        } else {
            format!("?{}", request.raw_query)
        };
        return Ok(cached(Answer::empty(302).with_header(
            "location",
            format!("{base}/apps/{key}{slash}{folder}{query}"),
        )));
    }
    if path == "manifest.webapp" {
        return Ok(manifest(server, app, &base));
    }
    let file = if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    };
    let Some(content) = app.files.get(&file) else {
        let folder = format!("{path}/");
        if app.files.keys().any(|name| name.starts_with(&folder)) {
            return Ok(Answer::empty(302)
                .with_header("location", format!("{base}/api/apps/{key}/{folder}")));
        }
        return Err(nothing_here(server, request));
    };
    let tag = tag(app);
    let mut answer = Answer::text(200, &content_type(version, &file), Vec::new())
        .with_header("last-modified", &app.installed);
    if modern {
        answer = answer.with_header("etag", &tag);
    }
    if server.options.strict_proxy {
        answer = answer.with_header("content-security-policy", STRICT_POLICY);
    }
    answer = cached(answer);
    let known = request
        .header("if-none-match")
        .is_some_and(|t| modern && t == tag)
        || request
            .header("if-modified-since")
            .is_some_and(|t| t == app.installed);
    if known {
        answer.status = 304;
        answer.headers.retain(|(name, _)| name != "content-type");
        return Ok(answer);
    }
    let marks = match version {
        ServerVersion::V40 | ServerVersion::V41 => {
            file.ends_with("index.html") || file.ends_with("plugin.html")
        }
        // 2.42 looks at the path that was asked for, so `…/` stays as it is ("slash, redirect=false").
        ServerVersion::V42 => path.ends_with(".html"),
        ServerVersion::V43 => file.ends_with(".html"),
    };
    answer.body = if marks {
        replaced(version, content, &base, key)
    } else {
        content.to_vec()
    };
    Ok(answer)
}

/// A page with the server's addresses in the places meant for them. 2.43 also adds
/// one of its own below every `<head>`.
fn replaced(version: ServerVersion, content: &[u8], base: &str, key: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(content);
    let text = text
        .replace("__DHIS2_BASE_URL__", base)
        .replace("__DHIS2_APP_ROOT_URL__", &format!("{base}/api/apps/{key}"));
    let text = if version == ServerVersion::V43 {
        text.replace(
            "<head>",
            &format!("<head><meta name=\"dhis2-base-url\" content=\"{base}\" />"),
        )
    } else {
        text
    };
    // Up to 2.41 a page is written line by line, each with an end of line ("sub/").
    let ends = version <= ServerVersion::V41 && !text.ends_with('\n');
    if ends {
        format!("{text}\n").into_bytes()
    } else {
        text.into_bytes()
    }
}

/// The manifest is made anew, with the server's address for `href` ("manifest.webapp").
fn manifest(server: &Server, app: &App, base: &str) -> Answer {
    let version = server.options.version;
    let mut shown = app.shown(version, Some(base));
    if let Some(dhis) = shown["activities"]["dhis"].as_object_mut() {
        dhis.insert("href".into(), base.into());
    }
    let text = shown.to_string();
    if version >= ServerVersion::V42 {
        Answer::json(200, &shown)
            .with_header("etag", tag(app))
            .with_header("last-modified", &app.installed)
    } else {
        Answer {
            body: text.into_bytes(),
            ..Answer::empty(200)
        }
    }
}

fn tag(app: &App) -> String {
    let version = app
        .manifest
        .get("version")
        .map(Value::to_string)
        .unwrap_or_default();
    format!("\"{}\"", &hash(&version, &app.installed)[..32])
}

/// The content type by the file's ending; every type gets a charset. Jetty (up to
/// 2.41) and Tomcat differ in some, and 2.43 forces its own for `.js`.
fn content_type(version: ServerVersion, file: &str) -> String {
    let ending = file.rsplit_once('.').map_or("", |(_, e)| e);
    let old = version <= ServerVersion::V41;
    let kind = match ending {
        "html" | "htm" => "text/html",
        "js" if version == ServerVersion::V43 => "application/javascript",
        "js" | "mjs" => "text/javascript",
        "css" => "text/css",
        // Jetty writes JSON without a charset ("i18n/fr.json").
        "json" if old => return "application/json".into(),
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "txt" => "text/plain",
        "xml" => "application/xml",
        "gz" if old => "application/gzip",
        "gz" => "application/x-gzip",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    };
    format!("{kind};charset={}", if old { "utf-8" } else { "UTF-8" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_of_the_container() {
        assert_eq!(
            content_type(ServerVersion::V42, "a.1.js"),
            "text/javascript;charset=UTF-8"
        );
        assert_eq!(
            content_type(ServerVersion::V43, "a.1.js"),
            "application/javascript;charset=UTF-8"
        );
        assert_eq!(
            content_type(ServerVersion::V43, "a.mjs"),
            "text/javascript;charset=UTF-8"
        );
        assert_eq!(
            content_type(ServerVersion::V40, "a.wasm.gz"),
            "application/gzip;charset=utf-8"
        );
        assert_eq!(
            content_type(ServerVersion::V41, "fr.json"),
            "application/json"
        );
    }
}
