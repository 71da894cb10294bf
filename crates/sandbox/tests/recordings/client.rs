//! Sends the steps of a scenario to a server in the same process. The server listens
//! too, because its routes lead back to itself.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tributary_sandbox::RunningServer;
use tributary_sandbox::ServerVersion;
use tributary_sandbox::answer::Answer;
use tributary_sandbox::request::Request;
use tributary_sandbox::server::Server;

const USERS: [(&str, &str); 3] = [
    ("admin", "admin:district"),
    ("clerk", "clerk:Clerk123!"),
    ("manager", "manager:Route4Data!x"),
];

/// What came back, with the server's own address written as in the recordings.
pub struct Got {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Got {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The last header of a name: what the recorder kept of several.
    pub fn last_header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .rfind(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    pub fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.text).ok()
    }
}

pub struct Client {
    server: Arc<Server>,
    base: String,
    cookies: BTreeMap<String, String>,
    variables: BTreeMap<String, String>,
}

impl Client {
    pub fn new(running: &RunningServer) -> Self {
        let base = running.base_url.clone();
        let mut client = Self {
            server: Arc::clone(&running.server),
            base,
            cookies: BTreeMap::new(),
            variables: BTreeMap::new(),
        };
        client.forget();
        client
    }

    /// Forgets sessions and what was captured: each scenario starts anew.
    pub fn forget(&mut self) {
        self.cookies.clear();
        self.variables = [("base", &self.base), ("origin", &self.base)]
            .map(|(n, v)| (n.to_owned(), v.clone()))
            .into();
    }

    /// The set-up that all recordings start from.
    pub async fn seed(&mut self, metadata: &Value, mut values: Value, version: ServerVersion) {
        let post = |path: &str, body: &Value| json!({"name": path, "as": "admin", "method": "POST", "path": path, "json": body});
        let me = self
            .run(&json!({"name": "me", "path": "/api/me", "query": {"fields": "id"}}))
            .await;
        let admin = me.json().unwrap()["id"].as_str().unwrap().to_owned();
        let answer = self.run(&post("/api/metadata", metadata)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        for part in ["organisationUnits", "dataViewOrganisationUnits"] {
            let path = format!("/api/users/{admin}/{part}");
            let answer = self
                .run(&post(&path, &json!({"additions": [{"id": "ouCountry01"}]})))
                .await;
            assert_eq!(answer.status, 200, "{}", answer.text);
        }
        if version < ServerVersion::V43 {
            values.as_object_mut().unwrap().remove("dataSet");
        }
        let answer = self.run(&post("/api/dataValueSets", &values)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    fn fill(&self, text: &str) -> String {
        self.variables
            .iter()
            .fold(text.to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{{{name}}}}}"), value)
            })
    }

    fn fill_json(&self, value: &Value) -> Value {
        serde_json::from_str(&self.fill(&value.to_string())).unwrap()
    }

    /// Sends a step and keeps what it captures.
    pub async fn run(&mut self, step: &Value) -> Got {
        let step = self.fill_json(step);
        let text = |name: &str| step[name].as_str();
        let mut target = text("path").unwrap().to_owned();
        if let Some(raw) = text("rawQuery") {
            target = format!("{target}?{raw}");
        } else if let Some(query) = step["query"].as_object() {
            let mut out = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in query {
                let values = value
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![value.clone()]);
                for value in values {
                    out.append_pair(name, value.as_str().unwrap());
                }
            }
            target = format!("{target}?{}", out.finish());
        }
        let host = self.base.trim_start_matches("http://").to_owned();
        let mut request =
            Request::new(text("method").unwrap_or("GET"), &target).with_header("host", &host);
        for (name, value) in step["headers"].as_object().into_iter().flatten() {
            request = request.with_header(name, value.as_str().unwrap());
        }
        if request.header("accept-encoding").is_none() {
            request = request.with_header("accept-encoding", "identity");
        }
        if let Some(body) = step.get("json") {
            request.body = body.to_string().into_bytes();
            if request.header("content-type").is_none() {
                request = request.with_header("content-type", "application/json");
            }
        } else if let Some(body) = text("text") {
            request.body = body.into();
        } else if let Some(body) = text("gzipText") {
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            packed.write_all(body.as_bytes()).unwrap();
            request.body = packed.finish().unwrap();
        } else if let Some(body) = text("uploadBase64") {
            request = upload(
                request,
                text("uploadName").unwrap(),
                &BASE64_STANDARD.decode(body).unwrap(),
            );
        }
        let request = self
            .authorized(request, text("as").unwrap_or("admin"))
            .await;
        let mut got = self.got(self.server.handle(request.clone()).await);
        // A job is asked after until it is done; the recordings hold the last answer.
        if let Some(until) = step.get("repeatUntil") {
            let pointer = until["pointer"].as_str().unwrap();
            for _ in 0..100_000 {
                let body = got.json().unwrap_or_default();
                if body.pointer(pointer) == Some(&until["equals"]) {
                    break;
                }
                tokio::task::yield_now().await;
                got = self.got(self.server.handle(request.clone()).await);
            }
        }
        for (variable, pointer) in step["capture"].as_object().into_iter().flatten() {
            let body = got.json().unwrap_or_default();
            let value = body
                .pointer(pointer.as_str().unwrap())
                .and_then(Value::as_str)
                .unwrap_or("missing");
            self.variables.insert(variable.clone(), value.to_owned());
        }
        got
    }

    async fn authorized(&mut self, request: Request, who: &str) -> Request {
        let password = |name: &str| USERS.iter().find(|(n, _)| *n == name).unwrap().1;
        if who == "anonymous" {
            return request;
        }
        if let Some(name) = who.strip_prefix("session:") {
            if !self.cookies.contains_key(name) {
                let cookie = self.login(name, password(name)).await;
                self.cookies.insert(name.to_owned(), cookie);
            }
            return request.with_header("cookie", &self.cookies[name]);
        }
        request.with_header(
            "authorization",
            &format!("Basic {}", BASE64_STANDARD.encode(password(who))),
        )
    }

    /// A session cookie; up to 2.40 the one that a request with a password sets.
    async fn login(&self, name: &str, password: &str) -> String {
        let (user, secret) = password.split_once(':').unwrap();
        let body = json!({"username": user, "password": secret}).to_string();
        let request = Request::new("POST", "/api/auth/login").with_body("application/json", body);
        let mut answer = self.server.handle(request).await;
        if answer.status != 200 {
            let basic = format!("Basic {}", BASE64_STANDARD.encode(password));
            let request =
                Request::new("GET", "/api/me?fields=id").with_header("authorization", &basic);
            answer = self.server.handle(request).await;
        }
        let cookies = answer
            .headers
            .iter()
            .filter(|(n, v)| n == "set-cookie" && v.contains("SESSION"));
        let cookie = cookies
            .map(|(_, v)| v.split(';').next().unwrap().to_owned())
            .next_back();
        cookie.unwrap_or_else(|| panic!("no session for {name}: {}", answer.status))
    }

    fn got(&self, answer: Answer) -> Got {
        let mut plain = Vec::new();
        let packed = answer.body.starts_with(&[0x1f, 0x8b]);
        if !packed
            || GzDecoder::new(answer.body.as_slice())
                .read_to_end(&mut plain)
                .is_err()
        {
            plain = answer.body;
        }
        let own = |text: &str| text.replace(&self.base, "{{base}}");
        Got {
            status: answer.status,
            headers: answer
                .headers
                .iter()
                .map(|(n, v)| (n.clone(), own(v)))
                .collect(),
            text: own(&String::from_utf8_lossy(&plain)),
        }
    }
}

/// A form with one part named `file`.
fn upload(request: Request, name: &str, content: &[u8]) -> Request {
    let boundary = "----recordings";
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/zip\r\n\r\n"
    );
    let tail = format!("\r\n--{boundary}--\r\n");
    let body = [head.as_bytes(), content, tail.as_bytes()].concat();
    request.with_body(&format!("multipart/form-data; boundary={boundary}"), body)
}
