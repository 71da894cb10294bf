//! Routes: a server's way to other servers. Checked when they are saved, and run
//! as a real proxy. Recorded: scenario "routes".

mod failure;
mod neighbour;
pub mod run;
mod target;

use serde_json::{Map, Value};
use url::Url;

use crate::answer::Answer;
use crate::headers::PRIVATE;
use crate::server::Server;
use crate::version::ServerVersion;

fn refuse(message: &str) -> Answer {
    Answer::error(409, message, Some("E1004")).with_header("cache-control", PRIVATE)
}

/// What is checked before a route is saved ("create, ftp", "create, not a url",
/// "create, host not allowed", "create, timeout 300").
pub fn check(server: &Server, route: &Value) -> Result<(), Answer> {
    let text = route["url"].as_str().unwrap_or_default();
    let plain = text.strip_suffix("/**").unwrap_or(text);
    let url = Url::parse(plain).ok().filter(|_| !plain.contains(' '));
    let Some(url) = url else {
        return Err(refuse("Malformed route URL"));
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse("Route URL scheme must be either http or https"));
    }
    if !is_allowed(server, &url) {
        return Err(refuse("Route URL is not permitted"));
    }
    if route
        .get("responseTimeoutSeconds")
        .is_some_and(|t| !t.as_i64().is_some_and(|t| (1..=60).contains(&t)))
    {
        return Err(refuse(
            "Route response timeout must be greater than 0 seconds and less than or equal to 60 seconds",
        ));
    }
    Ok(())
}

/// Whether the allow list (2.42 and later) has the address.
pub fn is_allowed(server: &Server, url: &Url) -> bool {
    if server.options.version < ServerVersion::V42 {
        return true;
    }
    let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
    let origin = format!(
        "{}://{}{port}",
        url.scheme(),
        url.host_str().unwrap_or_default()
    );
    server
        .options
        .route_allow_list
        .iter()
        .any(|glob| matches_glob(glob, &origin))
}

/// Whether a glob (`*` any characters, `?` one) fits a text as a whole.
pub fn matches_glob(glob: &str, text: &str) -> bool {
    match glob.chars().next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = &glob[1..];
            (0..=text.len())
                .filter(|i| text.is_char_boundary(*i))
                .any(|i| matches_glob(rest, &text[i..]))
        }
        Some(wanted) => text.chars().next().is_some_and(|c| {
            (wanted == '?' || wanted == c)
                && matches_glob(&glob[wanted.len_utf8()..], &text[c.len_utf8()..])
        }),
    }
}

/// Authentication as it is shown: without anything secret ("read back",
/// "read back, headers auth").
pub fn shown_auth(auth: &Value) -> Value {
    let shown = ["type", "username", "clientId", "tokenUri", "scopes"];
    let members = auth
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| shown.contains(&name.as_str()));
    Value::Object(
        members
            .map(|(n, v)| (n.clone(), v.clone()))
            .collect::<Map<_, _>>(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_fit_origins() {
        assert!(matches_glob("http://localhost*", "http://localhost:8242"));
        assert!(matches_glob("https://*", "https://play.dhis2.org"));
        assert!(!matches_glob("https://*", "http://play.dhis2.org"));
        assert!(matches_glob("https://?.org", "https://a.org"));
    }

    #[test]
    fn nothing_secret_is_shown() {
        let auth = serde_json::json!({"type": "http-basic", "username": "u", "password": "p"});
        assert_eq!(
            shown_auth(&auth),
            serde_json::json!({"type": "http-basic", "username": "u"})
        );
    }
}
