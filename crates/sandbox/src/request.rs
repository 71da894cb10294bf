//! A request as every handler sees it, free of any HTTP library: method, path,
//! query, headers and body.

use serde_json::Value;

use crate::answer::Answer;

/// One request. Header names are lower case; the path is as it was sent, still
/// percent-encoded.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET`, `POST` …, upper case.
    pub method: String,
    /// The path before the `?`, as sent.
    pub path: String,
    /// What stands behind the `?`, as sent; empty when there is none.
    pub raw_query: String,
    /// The query decoded, in the order in which it was sent.
    pub query: Vec<(String, String)>,
    /// Header name (lower case) and value.
    pub headers: Vec<(String, String)>,
    /// The body as sent.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without headers and body. `target` is path and query.
    pub fn new(method: &str, target: &str) -> Self {
        let (path, raw_query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method: method.to_ascii_uppercase(),
            path: path.into(),
            raw_query: raw_query.into(),
            query: decode_pairs(raw_query),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// The same request with one header more.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.into()));
        self
    }

    /// The same request with this body.
    #[must_use]
    pub fn with_body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.with_header("content-type", content_type)
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The first value of a query parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// All values of a query parameter, in order.
    pub fn parameters<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.query
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// Whether a query parameter is `true`.
    pub fn flag(&self, name: &str) -> bool {
        self.parameter(name) == Some("true")
    }

    /// The body as JSON. DHIS2 answers 409 with the parser's words when it is none.
    pub fn json(&self) -> Result<Value, Answer> {
        serde_json::from_slice(&self.body)
            .map_err(|e| Answer::error(409, &format!("Invalid JSON: {e}"), None))
    }

    /// The address of this server as the client wrote it, without a path:
    /// what DHIS2 puts before every absolute URL that it makes.
    pub fn base(&self) -> String {
        let scheme = self.header("x-forwarded-proto").unwrap_or("http");
        format!("{scheme}://{}", self.header("host").unwrap_or("localhost"))
    }

    /// Whether the request says that it is made by a script (`X-Requested-With:
    /// XMLHttpRequest`): such requests get 401 instead of a redirect to the log-in page.
    pub fn is_scripted(&self) -> bool {
        self.header("x-requested-with")
            .is_some_and(|v| v.eq_ignore_ascii_case("XMLHttpRequest"))
    }

    /// The path cut at its slashes and decoded; a trailing slash leaves an empty last part.
    pub fn segments(&self) -> Vec<String> {
        self.path
            .trim_start_matches('/')
            .split('/')
            .map(decode)
            .collect()
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .filter(|(n, _)| n == "cookie")
            .flat_map(|(_, v)| v.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(n, _)| *n == name)
            .map(|(_, v)| v)
    }
}

/// Undoes percent-encoding once; a `+` stays a `+`.
pub fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let code = (bytes[i] == b'%').then(|| text.get(i + 1..i + 3)).flatten();
        match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                i += 3;
            }
            None => {
                out.push(bytes[i]);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Name and value pairs of a query or of a form, decoded once, `+` being a space.
pub fn decode_pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (
                decode(&name.replace('+', " ")),
                decode(&value.replace('+', " ")),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_decoded_once() {
        let request = Request::new("get", "/api/x?a=1%202&a=b%2526&c=x+y");
        assert_eq!(request.parameters("a").collect::<Vec<_>>(), ["1 2", "b%26"]);
        assert_eq!(request.parameter("c"), Some("x y"));
        assert_eq!(request.method, "GET");
    }

    #[test]
    fn a_path_keeps_its_trailing_slash_as_an_empty_part() {
        assert_eq!(
            Request::new("GET", "/api/apps/x/").segments(),
            ["api", "apps", "x", ""]
        );
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let request = Request::new("GET", "/").with_header("Cookie", "A=1; JSESSIONID=abc");
        assert_eq!(request.cookie("JSESSIONID"), Some("abc"));
        assert_eq!(request.cookie("SESSIONID"), None);
    }
}
