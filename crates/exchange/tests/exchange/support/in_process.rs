//! Carries requests to a sandbox in this process, as a browser would on a session, and fails where
//! it is told to.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use tributary_dhis2::{Method, Request, Response, Transport, TransportError};
use tributary_sandbox::RunningServer;
use tributary_sandbox::request::Request as SandboxRequest;

use super::gate::Gate;
use super::time::{Held, Latch, REQUEST_MILLIS, Time};

/// What happens to the next write of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// The session is over.
    LoggedOut,
    /// The network is down, before and after.
    NetworkDown,
    /// Nothing can be stored in the dataStore.
    StoreDown,
    /// No journal can be stored there.
    JournalDown,
    /// The person may make no entry for a run.
    MayNotAnnounce,
}

/// A value that was sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sent {
    /// Data element, org unit, period and combos.
    pub cell: String,
    pub value: String,
    /// What was there just before.
    pub before: Option<String>,
}

/// What went over the line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Traffic {
    /// Requests of all kinds.
    pub requests: u64,
    /// Those that read values, at either side.
    pub value_reads: u64,
    /// Values that were read here.
    pub values_read: u64,
    /// Requests that wrote values.
    pub writes: u64,
    /// Values in them.
    pub values_written: u64,
    /// Bytes of their bodies.
    pub bytes_written: u64,
    /// Bytes of all bodies of requests, and of answers as they travel.
    pub bytes_sent: u64,
    pub bytes_received: u64,
}

/// Carries requests to a sandbox in this process, as a browser would on a session.
#[derive(Clone)]
pub struct InProcess {
    server: Arc<tributary_sandbox::server::Server>,
    authorization: String,
    /// Methods and paths (without query) of all requests.
    pub log: Rc<RefCell<Vec<String>>>,
    pub fault: Rc<Cell<Fault>>,
    pub traffic: Rc<Cell<Traffic>>,
    /// The writes, counted from 1, that are carried out and whose answers are lost.
    pub lost: Rc<RefCell<BTreeSet<usize>>>,
    /// The request that is held.
    pub latch: Latch,
    /// What all requests pass.
    pub gate: Gate,
    /// What the test advances, as every request does; none for the machine's own.
    pub time: Option<Time>,
    /// Where the machine's own time counts, and pauses are made: since when.
    pub clock: Option<Instant>,
    /// Every value that was sent, by whoever shares this.
    pub sent: Rc<RefCell<Vec<Sent>>>,
}

impl InProcess {
    /// `basic` is the base64 of `user:password`.
    pub fn new(running: &RunningServer, basic: &str) -> Self {
        Self {
            server: Arc::clone(&running.server),
            authorization: format!("Basic {basic}"),
            log: Rc::default(),
            fault: Rc::new(Cell::new(Fault::None)),
            traffic: Rc::default(),
            lost: Rc::default(),
            latch: Latch::default(),
            gate: Gate::default(),
            time: None,
            clock: None,
            sent: Rc::default(),
        }
    }

    /// On the time of a test.
    pub fn at(running: &RunningServer, basic: &str, time: &Time) -> Self {
        let time = Some(time.clone());
        Self {
            time,
            ..Self::new(running, basic)
        }
    }

    /// Another person's (or tab's), at the same time; what both send is noted in one list.
    pub fn beside(&self, basic: &str) -> Self {
        Self {
            server: Arc::clone(&self.server),
            authorization: format!("Basic {basic}"),
            log: Rc::default(),
            fault: Rc::default(),
            traffic: Rc::default(),
            lost: Rc::default(),
            latch: Latch::default(),
            gate: Gate::default(),
            time: self.time.clone(),
            clock: self.clock,
            sent: Rc::clone(&self.sent),
        }
    }

    /// Notes what a write is about to change.
    async fn note_sent(&self, body: &[u8]) {
        let body: Value = serde_json::from_slice(body).unwrap();
        let mut present: BTreeMap<String, String> = BTreeMap::new();
        let values = body["dataValues"].as_array().unwrap();
        let periods: BTreeSet<&str> = values
            .iter()
            .map(|v| v["period"].as_str().unwrap())
            .collect();
        for period in periods {
            let data_set = body["dataSet"].as_str().unwrap();
            let target = format!(
                "/api/dataValueSets.json?dataSet={data_set}&period={period}&orgUnit=ouCountry01&children=true"
            );
            let request = SandboxRequest::new("GET", &target)
                .with_header("authorization", "Basic YWRtaW46ZGlzdHJpY3Q=");
            let answer = self.server.handle(request).await;
            let answer: Value = serde_json::from_slice(&answer.body).unwrap();
            for value in answer["dataValues"].as_array().into_iter().flatten() {
                let text = value["value"].as_str().unwrap().to_owned();
                present.insert(cell(value), text);
            }
        }
        for value in values {
            let cell = cell(value);
            self.sent.borrow_mut().push(Sent {
                before: present.get(&cell).cloned(),
                value: value["value"].as_str().unwrap().to_owned(),
                cell,
            });
        }
    }

    /// How many of the requests so far wrote values.
    pub fn writes(&self) -> usize {
        self.log
            .borrow()
            .iter()
            .filter(|line| *line == "POST api/dataValueSets")
            .count()
    }

    /// Posts a document past the client; the answer as JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Value {
        let request = Request {
            method: Method::Post,
            path: path.to_owned(),
            headers: vec![
                ("Content-Type".into(), "application/json".into()),
                ("X-Requested-With".into(), "XMLHttpRequest".into()),
            ],
            body: Some(body.to_string().into_bytes()),
            timeout_millis: None,
        };
        let answer = self.send(request).await.unwrap();
        serde_json::from_slice(&answer.body).unwrap()
    }

    fn count(&self, path: &str, writes: bool, sent: &[u8], received: usize) {
        let mut traffic = self.traffic.get();
        traffic.requests += 1;
        traffic.bytes_sent += sent.len() as u64;
        traffic.bytes_received += received as u64;
        traffic.value_reads += u64::from(path.contains("dataValueSets."));
        if writes {
            traffic.writes += 1;
            traffic.bytes_written += sent.len() as u64;
            let body: Value = serde_json::from_slice(sent).unwrap_or_default();
            let values = body["dataValues"].as_array().map_or(0, Vec::len);
            traffic.values_written += values as u64;
        }
        self.traffic.set(traffic);
    }
}

fn cell(value: &Value) -> String {
    let members = [
        "dataElement",
        "orgUnit",
        "period",
        "categoryOptionCombo",
        "attributeOptionCombo",
    ];
    members
        // 2.43 leaves `default` out.
        .map(|member| value[member].as_str().unwrap_or("HllvX50cXC0"))
        .join(" ")
}

impl Transport for InProcess {
    async fn wait(&self, millis: u32) {
        if self.clock.is_some() {
            return tokio::time::sleep(Duration::from_millis(millis.into())).await;
        }
        match &self.time {
            Some(time) => time.wait(millis).await,
            // The pauses of patience pass at once; what is done now and then never comes.
            None if millis <= 1_000 => {}
            None => std::future::pending().await,
        }
    }

    fn millis(&self) -> u64 {
        if let Some(began) = self.clock {
            return u64::try_from(began.elapsed().as_millis()).unwrap();
        }
        let time = self.time.as_ref();
        time.map_or(0, |time| u64::try_from(time.millis()).unwrap())
    }

    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let path = request.path.split('?').next().unwrap_or_default();
        let line = format!("{} {path}", request.method.as_str());
        let _pass = self.gate.enter(&line).await;
        self.log.borrow_mut().push(line);
        let held = self.latch.counts();
        if held == Some(Held::Before) {
            self.latch.wait().await;
        }
        let answer = self.carry(request).await;
        if let Some(time) = &self.time {
            time.pass(REQUEST_MILLIS);
        }
        if held == Some(Held::After) {
            self.latch.wait().await;
        }
        answer
    }
}

impl InProcess {
    async fn carry(&self, request: Request) -> Result<Response, TransportError> {
        let path = request.path.split('?').next().unwrap_or_default();
        let writes = request.method == Method::Post && path == "api/dataValueSets";
        let fault = self.fault.get();
        if fault == Fault::NetworkDown && writes {
            return Err(TransportError::Network("down".into()));
        }
        let stores = request.method != Method::Get && path.starts_with("api/dataStore");
        if fault == Fault::StoreDown && stores {
            return Err(TransportError::Network("down".into()));
        }
        let is_journal = stores && path.contains("/run-");
        if fault == Fault::JournalDown && is_journal {
            return Err(TransportError::Network("down".into()));
        }
        if fault == Fault::MayNotAnnounce && stores && path.contains("/running-") {
            let body = br#"{"httpStatus":"Forbidden","httpStatusCode":403,"status":"ERROR",
                "message":"Namespace 'tributary' is protected, access denied"}"#;
            return Ok(Response {
                status: 403,
                headers: vec![("content-type".into(), "application/json".into())],
                body: body.to_vec(),
                redirected: false,
            });
        }
        if let (true, Some(body)) = (writes && self.time.is_some(), &request.body) {
            self.note_sent(body).await;
        }
        let mut sent = SandboxRequest::new(request.method.as_str(), &format!("/{}", request.path));
        if !(fault == Fault::LoggedOut && (writes || path == "api/me")) {
            sent = sent.with_header("authorization", &self.authorization);
        }
        for (name, value) in &request.headers {
            sent = sent.with_header(name, value);
        }
        sent.body = request.body.unwrap_or_default();
        let body = sent.body.clone();
        let answer = self.server.handle(sent).await;
        let received = answer.body.len();
        self.count(path, writes, &body, received);
        if writes && self.lost.borrow().contains(&self.writes()) {
            return Err(TransportError::Network("the line broke".into()));
        }
        let mut body = answer.body;
        let is_own_read = path == "api/dataValueSets.csv";
        if body.starts_with(&[0x1f, 0x8b]) {
            let mut inflated = Vec::new();
            flate2::read::GzDecoder::new(&body[..])
                .read_to_end(&mut inflated)
                .unwrap();
            body = inflated;
        }
        if is_own_read {
            let mut traffic = self.traffic.get();
            let lines = body.iter().filter(|byte| **byte == b'\n').count() as u64;
            traffic.values_read += lines.saturating_sub(1);
            self.traffic.set(traffic);
        }
        Ok(Response {
            status: answer.status,
            headers: answer.headers,
            body,
            redirected: false,
        })
    }
}
