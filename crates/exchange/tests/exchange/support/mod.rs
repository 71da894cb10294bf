//! Two sandbox servers with the set-up of the recordings, and a transport that reaches
//! the destination within the process. The Route to the source is real HTTP on loopback.

#![allow(
    dead_code,
    unused_imports,
    reason = "shared by tests that each use a part of it"
)]

pub mod gate;
mod in_process;
pub mod load;
pub mod stage;
pub mod time;

use std::sync::Arc;

use serde_json::Value;
use time::Time;
use tributary_exchange::problem::Problem;
use tributary_exchange::question::{Asked, Progress, Question};
use tributary_exchange::service::Service;
use tributary_sandbox::request::Request as SandboxRequest;
use tributary_sandbox::{RunningServer, ServerOptions, ServerVersion, start};

pub use in_process::{Fault, InProcess, Sent, Traffic};

/// The metadata and values that every recording starts from.
pub fn seed(name: &str) -> Value {
    let path = format!(
        "{}/../../tests/recordings/seed/{name}",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A server with the set-up of the recordings, on the date of the recordings.
pub async fn server(version: ServerVersion, values: bool) -> RunningServer {
    server_at(version, values, None).await
}

/// The same, on time that the test advances.
pub async fn server_at(version: ServerVersion, values: bool, time: Option<&Time>) -> RunningServer {
    let mut options = ServerOptions::new(version);
    options.simulated_clock = time.map(|time| Arc::clone(&time.now));
    server_with(options, values).await
}

/// The same, as other options say.
pub async fn server_with(mut options: ServerOptions, values: bool) -> RunningServer {
    let version = options.version;
    options.today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22);
    let running = start(options).await.unwrap();
    let mut metadata = seed("metadata.json");
    // The app's key is `tributary`, so its authority is written in lower case.
    for role in metadata["userRoles"].as_array_mut().unwrap() {
        role["authorities"]
            .as_array_mut()
            .unwrap()
            .push("M_tributary".into());
    }
    running.server.load_metadata(&metadata).unwrap();
    let admin = as_admin(&running, "GET", "/api/me?fields=id", None).await;
    let admin = admin["id"].as_str().unwrap().to_owned();
    for part in ["organisationUnits", "dataViewOrganisationUnits"] {
        let body = serde_json::json!({"additions": [{"id": "ouCountry01"}]});
        as_admin(
            &running,
            "POST",
            &format!("/api/users/{admin}/{part}"),
            Some(body),
        )
        .await;
    }
    if values {
        let mut values = seed("values.json");
        if version < ServerVersion::V43 {
            values.as_object_mut().unwrap().shift_remove("dataSet");
        }
        running.server.load_values(&values).unwrap();
    }
    running
}

/// A request as the administrator; the answer as JSON (null when it has no body).
pub async fn as_admin(
    running: &RunningServer,
    method: &str,
    target: &str,
    body: Option<Value>,
) -> Value {
    let mut request = SandboxRequest::new(method, target)
        .with_header("authorization", "Basic YWRtaW46ZGlzdHJpY3Q=")
        .with_header("x-requested-with", "XMLHttpRequest");
    if let Some(body) = body {
        request = request.with_body("application/json", body.to_string());
    }
    let answer = running.server.handle(request).await;
    serde_json::from_slice(&answer.body).unwrap_or(Value::Null)
}

/// Asks a question and gives back its answer.
pub async fn ask<Q: Question>(
    service: &Service<InProcess>,
    question: Q,
) -> Result<Q::Answer, Problem> {
    ask_telling(service, question, &|_| {}).await
}

/// The same, with its progress.
pub async fn ask_telling<Q: Question>(
    service: &Service<InProcess>,
    question: Q,
    tell: &dyn Fn(Progress),
) -> Result<Q::Answer, Problem> {
    let body = serde_json::to_string(&question).unwrap();
    let asked = Asked {
        id: 1,
        area: Q::AREA,
        name: Q::NAME.to_owned(),
        body,
    };
    let answer = service.answer(&asked, tell).await?;
    Ok(serde_json::from_str(&answer).unwrap())
}
