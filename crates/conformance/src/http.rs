//! The client's transport over real HTTP, as a browser would carry it: redirects are
//! followed and told, bodies with the gzip magic bytes are inflated.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use std::io::Read;
use std::time::Duration;
use tributary_dhis2::{Method, Request, Response, Transport, TransportError};

/// How a transport shows who it is.
#[derive(Clone)]
pub enum Login {
    /// Not at all.
    Nobody,
    /// A `Basic` header with each request, so that no session with old rights is in the way.
    Basic(String),
    /// The cookie of a session: `JSESSIONID=…`.
    Session(String),
}

impl Login {
    /// User name and password.
    #[must_use]
    pub fn basic(username: &str, password: &str) -> Self {
        Self::Basic(format!(
            "Basic {}",
            STANDARD.encode(format!("{username}:{password}"))
        ))
    }
}

/// Carries requests to one server.
#[derive(Clone)]
pub struct Http {
    following: reqwest::Client,
    plain: reqwest::Client,
    base: String,
    login: Login,
}

impl Http {
    /// A transport to the DHIS2 at `base` (without a slash at its end), not logged in.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(base: &str) -> Result<Self, reqwest::Error> {
        // The provider can be set once in a process; a second try changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = |policy| {
            reqwest::Client::builder()
                // A real 2.42.5.2 closes a connection behind an empty answer without a word; the
                // next request on it would be lost. Browsers send such a request again.
                .pool_max_idle_per_host(0)
                .redirect(policy)
                .connect_timeout(Duration::from_secs(10))
                .build()
        };
        Ok(Self {
            following: client(Policy::limited(10))?,
            plain: client(Policy::none())?,
            base: base.trim_end_matches('/').to_owned(),
            login: Login::Nobody,
        })
    }

    /// The same server, as somebody else.
    #[must_use]
    pub fn with(&self, login: Login) -> Self {
        Self {
            login,
            ..self.clone()
        }
    }

    /// The server's address.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Opens a session, by the JSON call (2.41+) or by the form of the log-in page, and gives
    /// back its cookie; `None` where the server refuses.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn open_session(
        &self,
        username: &str,
        password: &str,
        by_json: bool,
    ) -> Result<Option<String>, TransportError> {
        let (path, kind, body) = if by_json {
            let body = serde_json::json!({"username": username, "password": password});
            ("api/auth/login", "application/json", body.to_string())
        } else {
            let body = form(&[("j_username", username), ("j_password", password)]);
            let path = "dhis-web-commons-security/login.action";
            (path, "application/x-www-form-urlencoded", body)
        };
        let answer = self
            .plain
            .post(format!("{}/{path}", self.base))
            .header("Content-Type", kind)
            .timeout(Duration::from_secs(60))
            .body(body)
            .send()
            .await
            .map_err(|error| failed(&error))?;
        // The form answers a wrong password with a redirect to the page, `failed` in its query.
        let refused = answer.status().as_u16() >= 400
            || answer
                .headers()
                .get(LOCATION)
                .and_then(|place| place.to_str().ok())
                .is_some_and(|place| place.contains("failed") || place.contains("error"));
        let cookies: Vec<&str> = answer
            .headers()
            .get_all(SET_COOKIE)
            .iter()
            .filter_map(|cookie| cookie.to_str().ok()?.split(';').next())
            .collect();
        Ok((!refused && !cookies.is_empty()).then(|| cookies.join("; ")))
    }

    /// Ends the session of this transport, as the link in DHIS2's header bar does.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn log_out(&self) -> Result<(), TransportError> {
        let address = format!("{}/dhis-web-commons-security/logout.action", self.base);
        let mut request = self.plain.get(address).timeout(Duration::from_secs(60));
        if let Login::Session(cookie) = &self.login {
            request = request.header(COOKIE, cookie);
        }
        request.send().await.map_err(|error| failed(&error))?;
        Ok(())
    }
}

impl Transport for Http {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let address = format!("{}/{}", self.base, request.path);
        let mut sent = self.following.request(method, &address);
        for (name, value) in &request.headers {
            sent = sent.header(name, value);
        }
        sent = match &self.login {
            Login::Nobody => sent,
            Login::Basic(words) => sent.header(AUTHORIZATION, words),
            Login::Session(cookie) => sent.header(COOKIE, cookie),
        };
        if let Some(millis) = request.timeout_millis {
            sent = sent.timeout(Duration::from_millis(millis.into()));
        }
        if let Some(body) = request.body {
            sent = sent.body(body);
        }
        let answer = sent.send().await.map_err(|error| failed(&error))?;
        let status = answer.status().as_u16();
        let redirected = reqwest::Url::parse(&address).is_ok_and(|asked| asked != *answer.url());
        let headers = answer
            .headers()
            .iter()
            .filter_map(|(name, value)| {
                Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
            })
            .collect();
        let body = answer.bytes().await.map_err(|error| failed(&error))?;
        let body = inflated(body.to_vec())?;
        Ok(Response {
            status,
            headers,
            body,
            redirected,
        })
    }

    /// Real time passes: a request that is tried again waits as it would in the app.
    async fn wait(&self, millis: u32) {
        tokio::time::sleep(Duration::from_millis(millis.into())).await;
    }
}

/// Inflates what begins with the gzip magic bytes: DHIS2 answers `compression=gzip` without
/// a `Content-Encoding`.
fn inflated(body: Vec<u8>) -> Result<Vec<u8>, TransportError> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(body);
    }
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(&body[..])
        .read_to_end(&mut text)
        .map_err(|error| TransportError::Network(error.to_string()))?;
    Ok(text)
}

fn failed(error: &reqwest::Error) -> TransportError {
    if error.is_timeout() {
        return TransportError::TimedOut;
    }
    // The outer error only names the address; what happened is at the end of the chain.
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    TransportError::Network(cause.to_string())
}

/// Pairs as a form sends them.
fn form(pairs: &[(&str, &str)]) -> String {
    let mut url = reqwest::Url::parse("http://form/").ok();
    if let Some(url) = &mut url {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    url.as_ref()
        .and_then(reqwest::Url::query)
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn gzip_is_known_by_its_first_bytes() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"dataelement,period\n").unwrap();
        let packed = packed.finish().unwrap();
        assert_eq!(inflated(packed.clone()).unwrap(), b"dataelement,period\n");
        assert_eq!(inflated(b"plain".to_vec()).unwrap(), b"plain");
        assert!(inflated(packed[..packed.len() - 4].to_vec()).is_err());
    }

    #[test]
    fn a_form_escapes_what_a_password_may_hold() {
        assert_eq!(form(&[("a", "x&y=z +")]), "a=x%26y%3Dz+%2B");
    }
}
