//! The network between the person's machine and the destination: it takes time, it fails as
//! the seed says, and it sees every request.

mod errand;

use std::cell::{Cell, RefCell};
use std::io::Read;
use std::rc::Rc;
use std::sync::Arc;

use futures_util::FutureExt;
use serde_json::{Value, json};
use tributary_dhis2::transport::{KEPT_BYTES, TakePiece};
use tributary_dhis2::{Method, Request, Response, Transport, TransportError};
use tributary_exchange::problem::Problem;
use tributary_exchange::question::{Asked, Question};
use tributary_exchange::service::Service;
use tributary_sandbox::faults::HEADER as FAULT;
use tributary_sandbox::http::DROP_HEADER;
use tributary_sandbox::request::Request as SandboxRequest;
use tributary_sandbox::server::Server;

pub use errand::{Errand, Onlooker, Weather};

use errand::Nobody;

use crate::random::Random;
use crate::time::Time;
use crate::world::World;

/// `manager:Route4Data!x`, as a browser sends it.
pub const MANAGER: &str = "Basic bWFuYWdlcjpSb3V0ZTREYXRhIXg=";
/// `clerk:Clerk123!`.
pub const CLERK: &str = "Basic Y2xlcms6Q2xlcmsxMjMh";

/// A transport to the destination.
#[derive(Clone)]
pub struct Line(Rc<Inner>);

struct Inner {
    time: Time,
    destination: Arc<Server>,
    source: Arc<Server>,
    authorization: &'static str,
    random: Random,
    weather: Cell<Weather>,
    logged_in: Cell<bool>,
    faults: Cell<u64>,
    requests: Cell<u64>,
    /// Writes that hang before the server, and when they get there.
    hanging: RefCell<Vec<(i64, SandboxRequest)>>,
    /// What happened, for a look at a failing seed and to compare two runs of one.
    trace: RefCell<Vec<String>>,
    onlooker: Rc<dyn Onlooker>,
}

/// A fault as the sandbox is told, or as the line itself does it.
enum Fault {
    None,
    /// At the destination, or before it.
    Here(Value),
    /// At the source, behind the Route.
    There(Value),
    /// The answer comes too late.
    Slow,
    /// A write hangs on its way, longer than anybody waits for it.
    Hangs,
    /// The session is over, until somebody logs in again.
    LoggedOut,
}

impl Line {
    /// A line of a world.
    pub fn new(
        time: &Time,
        world: &World,
        authorization: &'static str,
        random: Random,
        onlooker: Rc<dyn Onlooker>,
    ) -> Self {
        Self(Rc::new(Inner {
            time: time.clone(),
            destination: Arc::clone(&world.destination.server),
            source: Arc::clone(&world.source.server),
            authorization,
            random,
            weather: Cell::default(),
            logged_in: Cell::new(true),
            faults: Cell::default(),
            requests: Cell::default(),
            hanging: RefCell::default(),
            trace: RefCell::default(),
            onlooker,
        }))
    }

    /// A line without faults that nobody looks at.
    pub fn calm(time: &Time, world: &World, authorization: &'static str) -> Self {
        Self::new(
            time,
            world,
            authorization,
            Random::new(0, "calm"),
            Rc::new(Nobody),
        )
    }

    /// From now on it fails so often.
    pub fn set_weather(&self, weather: Weather) {
        self.0.weather.set(weather);
    }

    /// The person logs in (again).
    pub fn log_in(&self) {
        self.0.logged_in.set(true);
    }

    /// Faults so far.
    pub fn faults(&self) -> u64 {
        self.0.faults.get()
    }

    /// Requests so far.
    pub fn requests(&self) -> u64 {
        self.0.requests.get()
    }

    /// Notes something in the trace.
    pub fn note(&self, text: String) {
        self.0.trace.borrow_mut().push(text);
    }

    /// All that happened.
    pub fn trace(&self) -> Vec<String> {
        self.0.trace.borrow().clone()
    }

    fn draw(&self, errand: Errand, through_route: bool) -> Fault {
        let random = &self.0.random;
        let weather = self.0.weather.get();
        let permille = match errand {
            Errand::ReadOwn | Errand::ReadSource => weather.reads,
            Errand::Write | Errand::Delete => weather.writes,
            Errand::Other => weather.other,
        };
        if !random.chance(permille) {
            return Fault::None;
        }
        self.0.faults.set(self.0.faults.get() + 1);
        let status = random.pick(&[502, 503, 504]).copied().unwrap_or(502);
        let seed = random.next() >> 1;
        let fault = match random.below(12) {
            0 | 1 => json!({"drop": "before"}),
            2 | 3 => json!({"drop": "after"}),
            4 => json!({"drop": "middle", "seed": seed}),
            5 => json!({"status": status}),
            6 => json!({"status": status, "afterWork": true, "retryAfter": 5}),
            7 => json!({"status": 429, "retryAfter": 30}),
            8 => json!({"empty": true, "afterWork": random.chance(500)}),
            9 => json!({"truncate": true, "seed": seed}),
            10 if errand.is_write() && random.chance(700) => return Fault::Hangs,
            10 => return Fault::Slow,
            _ => return Fault::LoggedOut,
        };
        if through_route && fault["status"].is_null() == random.chance(500) {
            return Fault::There(fault);
        }
        Fault::Here(fault)
    }

    /// Carries out the writes that hang no longer than until `moment`.
    pub fn deliver(&self, moment: i64) {
        let due = |at: &(i64, SandboxRequest)| at.0 <= moment;
        let mut hanging = self.0.hanging.take();
        let (arriving, waiting) = hanging.drain(..).partition(due);
        let mut arriving: Vec<(i64, SandboxRequest)> = arriving;
        self.0.hanging.replace(waiting);
        if arriving.is_empty() {
            return;
        }
        self.note(format!("{} writes arrive late", arriving.len()));
        self.0.onlooker.late(&mut || {
            for (_, request) in arriving.drain(..) {
                // It never waits, and nobody waits for its answer.
                let _ = self.0.destination.handle(request).now_or_never();
            }
        });
    }

    async fn carry(&self, request: Request) -> Result<Arrived, TransportError> {
        let inner = &self.0;
        inner.requests.set(inner.requests.get() + 1);
        let path = request.path.split('?').next().unwrap_or_default();
        let through_route = path.starts_with("api/routes/") && path.contains("/run/");
        let errand = match request.method {
            Method::Post if path == "api/dataValueSets" => {
                if request.path.contains("importStrategy=DELETE") {
                    Errand::Delete
                } else {
                    Errand::Write
                }
            }
            Method::Get if path.starts_with("api/dataValueSets.") => Errand::ReadOwn,
            Method::Get if through_route && path.contains("/dataValueSets.") => Errand::ReadSource,
            _ => Errand::Other,
        };
        let fault = self.draw(errand, through_route);
        let shown = match &fault {
            Fault::None => String::new(),
            Fault::Here(order) => format!(" {order}"),
            Fault::There(order) => format!(" at the source {order}"),
            Fault::Slow => " too slow".to_owned(),
            Fault::Hangs => " hangs".to_owned(),
            Fault::LoggedOut => " logged out".to_owned(),
        };
        // Uids that the sandbox drew are no part of the trace.
        let resource = path.rsplit('/').next().unwrap_or_default();
        let resource = if errand == Errand::Other {
            ""
        } else {
            resource
        };
        let way = 1 + inner.random.below(150);
        inner.time.sleep(way).await;
        self.note(format!(
            "{} {errand:?} {resource}{shown}",
            inner.time.now() % 100_000_000
        ));
        let mut sent = SandboxRequest::new(request.method.as_str(), &format!("/{}", request.path));
        for (name, value) in &request.headers {
            sent = sent.with_header(name, value);
        }
        if let Some(body) = &request.body {
            sent.body.clone_from(body);
        }
        match &fault {
            Fault::Here(order) => sent = sent.with_header(FAULT, &order.to_string()),
            Fault::There(order) => {
                let order = SandboxRequest::new("POST", "/sandbox/faults")
                    .with_body("application/json", order.to_string());
                inner.source.handle(order).await;
            }
            Fault::LoggedOut => inner.logged_in.set(false),
            Fault::None | Fault::Slow | Fault::Hangs => {}
        }
        if inner.logged_in.get() {
            sent = sent.with_header("authorization", inner.authorization);
        }
        // Not just before another write: no program can notice what comes then.
        if !errand.is_write() {
            self.deliver(inner.time.now());
        }
        inner.onlooker.before(errand, request.body.as_deref());
        if matches!(fault, Fault::Hangs) {
            let delay = inner.random.below(20_000);
            let moment = inner.time.now() + i64::try_from(delay).unwrap_or(0);
            inner.hanging.borrow_mut().push((moment, sent));
            return Err(TransportError::Network("the line broke".into()));
        }
        let answer = inner.destination.handle(sent).await;
        if matches!(fault, Fault::There(_)) {
            let order = SandboxRequest::new("DELETE", "/sandbox/faults");
            inner.source.handle(order).await;
        }
        if let (Fault::Slow, Some(millis)) = (&fault, request.timeout_millis) {
            inner.time.sleep(u64::from(millis)).await;
            return Err(TransportError::TimedOut);
        }
        inner.time.sleep(1 + inner.random.below(way)).await;
        let cut = answer.headers.iter().find(|(name, _)| name == DROP_HEADER);
        let mut body = answer.body;
        let mut broken = None;
        if let Some((_, at)) = cut {
            let error = TransportError::Network("the line broke".into());
            // A number: so many bytes come before.
            let Ok(at) = at.parse() else {
                return Err(error);
            };
            body.truncate(at);
            broken = Some(error);
        }
        let (body, cut_off) = inflated(body);
        Ok(Arrived {
            response: Response {
                status: answer.status,
                headers: answer.headers,
                body,
                redirected: false,
            },
            broken: broken.or(cut_off),
        })
    }
}

/// What came of an answer.
struct Arrived {
    response: Response,
    /// Why no more of it came.
    broken: Option<TransportError>,
}

/// As a browser does it: what can be inflated of a body that is cut off, and that it is.
fn inflated(body: Vec<u8>) -> (Vec<u8>, Option<TransportError>) {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return (body, None);
    }
    let mut inflated = Vec::new();
    let outcome = flate2::read::GzDecoder::new(&body[..]).read_to_end(&mut inflated);
    let error = outcome.err();
    let broken = error.map(|error| TransportError::Network(error.to_string()));
    (inflated, broken)
}

impl Transport for Line {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let arrived = self.carry(request).await?;
        arrived.broken.map_or(Ok(arrived.response), Err)
    }

    async fn send_in_pieces(
        &self,
        request: Request,
        take: &mut TakePiece<'_>,
    ) -> Result<Response, TransportError> {
        let Arrived {
            mut response,
            broken,
        } = self.carry(request).await?;
        if response.status == 200 {
            let mut rest = &response.body[..];
            while !rest.is_empty() {
                let size = 1 + self.0.random.below(400);
                let size = usize::try_from(size).unwrap_or(1).min(rest.len());
                let (piece, after) = rest.split_at(size);
                take(piece);
                rest = after;
                self.0.time.sleep(self.0.random.below(20)).await;
            }
            response.body.truncate(KEPT_BYTES);
        }
        broken.map_or(Ok(response), Err)
    }

    async fn wait(&self, millis: u32) {
        self.0.time.sleep(u64::from(millis)).await;
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.0.time.now()).unwrap_or_default()
    }

    #[allow(clippy::cast_precision_loss, reason = "a thousandth is fine enough")]
    fn chance(&self) -> f64 {
        self.0.random.below(1_001) as f64 / 1_000.0
    }
}

/// Asks a question and gives back its answer.
///
/// # Errors
/// What the service says, and what is no JSON.
pub async fn ask<Q: Question>(service: &Service<Line>, question: Q) -> Result<Q::Answer, Problem> {
    let broken = |error: serde_json::Error| {
        use tributary_exchange::problem::ProblemSide;
        Problem::of(ProblemSide::App, "brokenMessage").with_message(error.to_string())
    };
    let asked = Asked {
        id: 1,
        area: Q::AREA,
        name: Q::NAME.to_owned(),
        body: serde_json::to_string(&question).map_err(broken)?,
    };
    let answer = service.answer(&asked, &|_| {}).await?;
    serde_json::from_str(&answer).map_err(broken)
}
