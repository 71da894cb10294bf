//! What a server said, taken out of its envelope: DHIS2's own, a container's error object,
//! or a page, of which nothing is repeated.

use crate::transport::Response;
use crate::wire::WebMessage;

/// The first byte of the body's text, after a byte order mark and blanks.
pub(super) fn first_byte(body: &[u8]) -> Option<u8> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    body.iter()
        .copied()
        .find(|byte| !byte.is_ascii_whitespace())
}

/// What the server said, taken out of its envelope.
pub(super) struct Words {
    pub(super) code: Option<String>,
    pub(super) message: String,
    /// Whether the body is a page of HTML (or other markup).
    pub(super) is_page: bool,
    /// Whether it is a container's "not found" for a log-in page.
    pub(super) is_login_page: bool,
    /// Whether it is a page with a form for a password.
    pub(super) asks_to_log_in: bool,
}

impl Words {
    pub(super) fn of(response: &Response) -> Self {
        let is_page = first_byte(&response.body) == Some(b'<')
            || response
                .header("content-type")
                .is_some_and(|value| value.trim_start().starts_with("text/html"));
        let mut words = Self {
            code: None,
            message: String::new(),
            is_page,
            is_login_page: false,
            asks_to_log_in: is_page && asks_for_password(&response.body),
        };
        if response.status < 300 || is_page {
            return words;
        }
        let Ok(envelope) = serde_json::from_slice::<WebMessage>(&response.body) else {
            return words;
        };
        words.is_login_page = envelope.url.is_some_and(|url| url.contains("login"));
        words.code = envelope.error_code;
        words.message = envelope.message;
        // "create, same code" of `routes`: the envelope only says that there are errors.
        if let Some(report) = envelope
            .response
            .and_then(|response| response.error_reports.into_iter().next())
        {
            words.message = report.message;
            words.code = report.error_code.or(words.code);
        }
        words.message = without_address(&words.message);
        words
    }

    /// "run disabled", "run unknown route": `Route not found: 'x'` from 2.42,
    /// `Route x not found` before.
    pub(super) fn is_missing_route(&self) -> bool {
        self.message.starts_with("Route not found")
            || (self.message.starts_with("Route ") && self.message.ends_with(" not found"))
    }

    /// Whether the words are those of a connection that could not be made ("run, nobody
    /// listens"): the socket's text as a 500 from 2.42, Spring's `I/O error` as a 503 before.
    pub(super) fn tells_of_no_connection(&self) -> bool {
        const SIGNS: [&str; 14] = [
            "connection refused",
            "connect(..) failed",
            "finishconnect",
            "i/o error on",
            "failed to resolve",
            "unknownhost",
            "unknown host",
            "name or service not known",
            "no route to host",
            "unreachable",
            "connection reset",
            "connection prematurely closed",
            "pkix path",
            "handshake",
        ];
        let message = self.message.to_lowercase();
        SIGNS.iter().any(|sign| message.contains(sign)) || {
            message.contains("certificate") && self.code.is_none()
        }
    }
}

/// Cuts an upstream address out of the server's words: `Illegal character in query at index
/// 58: https://…` shows the whole address, which may hold a secret of the source.
fn without_address(message: &str) -> String {
    if message.starts_with("Illegal character in") {
        return message.split(": ").next().unwrap_or_default().to_owned();
    }
    message.chars().take(2_000).collect()
}

/// Whether a page holds a form for a password, or is the start of DHIS2's own log-in app,
/// which is drawn later.
fn asks_for_password(page: &[u8]) -> bool {
    const SIGNS: [&str; 5] = [
        "type=\"password\"",
        "type='password'",
        "type=password",
        "dhis-web-login",
        "dhis-web-commons/security/login",
    ];
    let begin = page.get(..page.len().min(200_000)).unwrap_or_default();
    let text = String::from_utf8_lossy(begin).to_ascii_lowercase();
    SIGNS.iter().any(|sign| text.contains(sign))
}
