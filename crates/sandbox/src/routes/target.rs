//! The address that a run of a route calls: its own, a path below it, and the query as the
//! version decodes and encodes it.

use serde_json::Value;
use url::Url;

use super::run::refuse;
use crate::answer::Answer;
use crate::request::{Request, decode};
use crate::server::Server;
use crate::version::ServerVersion;

/// The address to call; nothing where it holds characters that cannot be sent.
pub(super) fn target(
    server: &Server,
    request: &Request,
    route: &Value,
    sub_path: Option<&str>,
) -> Result<Option<Url>, Answer> {
    let version = server.options.version;
    let url = route["url"].as_str().unwrap_or_default();
    let sub = sub_path.filter(|s| !s.is_empty());
    let mut address = match (url.strip_suffix("/**"), sub) {
        (Some(base), sub) => format!("{base}/{}", sub.unwrap_or_default()),
        (None, None) => url.to_owned(),
        (None, Some(_)) => {
            let message = format!(
                "Route '{}' does not allow sub-paths",
                route["id"].as_str().unwrap_or_default()
            );
            return Err(match version {
                ServerVersion::V40 | ServerVersion::V41 => refuse(400, &message, Some("E1003")),
                ServerVersion::V42 | ServerVersion::V43 => refuse(502, &message, None),
            });
        }
    };
    if version >= ServerVersion::V42 {
        // Decoded once and not encoded again: what is then no legal address is refused
        // ("run, space in value"), and what was encoded twice arrives.
        if !request.raw_query.is_empty() {
            address = format!("{address}?{}", decode(&request.raw_query.replace('+', " ")));
        }
        let path_end = address.find('?').unwrap_or(address.len());
        if let Some(at) = address.find([' ', '"', '{', '}', '|', '\\', '^', '<', '>', '`']) {
            let part = if at > path_end { "query" } else { "path" };
            let at = address[..at].chars().count();
            return Err(refuse(
                400,
                &format!("Illegal character in {part} at index {at}: {address}"),
                None,
            ));
        }
        if !address.is_ascii() {
            return Ok(None);
        }
        return match Url::parse(&address) {
            Ok(url) => Ok(Some(url)),
            Err(e) => Err(refuse(400, &format!("{e}: {address}"), None)),
        };
    }
    // Up to 2.41: split at `&`, decoded as a whole, and encoded again once.
    let mut url =
        Url::parse(&address).map_err(|e| refuse(400, &format!("{e}: {address}"), None))?;
    if !request.raw_query.is_empty() {
        let decoded = decode(&request.raw_query.replace('+', " "));
        let mut pairs = url.query_pairs_mut();
        for pair in decoded.split('&').filter(|p| !p.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.append_pair(name, value);
        }
    }
    Ok(Some(url))
}
