//! Several clients at once: each request is kept as a whole, and each read sees whole
//! requests only.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::{Value, json};
use tributary_sandbox::request::Request;
use tributary_sandbox::server::Server;
use tributary_sandbox::{RunningServer, ServerOptions, ServerVersion, start};

const ADMIN: &str = "Basic YWRtaW46ZGlzdHJpY3Q=";
const UNITS: [&str; 4] = ["ouFacA10001", "ouFacA10002", "ouFacA20001", "ouFacB10001"];
const PERIODS: [&str; 3] = ["202601", "202602", "202603"];
const ROUNDS: usize = 12;

/// A folder that is removed in the end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn file(path: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/recordings")
        .join(path);
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

async fn open(version: ServerVersion, database: &Path) -> RunningServer {
    let mut options = ServerOptions::new(version);
    options.today = NaiveDate::from_ymd_opt(2026, 11, 22);
    options.database = Some(database.to_owned());
    start(options).await.unwrap()
}

async fn call(server: &Arc<Server>, method: &str, target: &str, body: Value) -> (u16, Value) {
    let request = Request::new(method, target)
        .with_header("authorization", ADMIN)
        .with_body("application/json", body.to_string());
    let answer = server.handle(request).await;
    (
        answer.status,
        serde_json::from_slice(&answer.body).unwrap_or_default(),
    )
}

/// An import in which every value is the same.
fn import(value: usize) -> Value {
    let values: Vec<Value> = UNITS
        .iter()
        .flat_map(|unit| PERIODS.iter().map(move |period| (unit, period)))
        .map(|(unit, period)| {
            json!({"dataElement": "deIntZeroP1", "period": period, "orgUnit": unit, "value": value.to_string()})
        })
        .collect();
    json!({"dataSet": "dsMonthly01", "dataValues": values})
}

/// The different values that one read sees.
async fn seen(server: &Arc<Server>) -> BTreeSet<String> {
    let target = format!(
        "/api/dataValueSets?dataSet=dsMonthly01&startDate=2026-01-01&endDate=2026-03-31&{}",
        UNITS.map(|u| format!("orgUnit={u}")).join("&")
    );
    let (status, body) = call(server, "GET", &target, Value::Null).await;
    assert_eq!(status, 200);
    let values = body["dataValues"].as_array().cloned().unwrap_or_default();
    values
        .iter()
        .map(|v| v["value"].as_str().unwrap().to_owned())
        .collect()
}

async fn run(version: ServerVersion) {
    let folder = std::env::temp_dir().join(format!(
        "sandbox-at-once-{}-{}",
        version.release(),
        std::process::id()
    ));
    let folder = Folder(folder);
    let database = folder.0.join("server.redb");
    let running = open(version, &database).await;
    running
        .server
        .load_metadata(&file("seed/metadata.json"))
        .unwrap();
    tributary_sandbox::demo::give_admin(&running.server, &["ouCountry01".to_owned()]).unwrap();
    assert_eq!(
        call(&running.server, "POST", "/api/dataValueSets", import(1))
            .await
            .0,
        200
    );

    let mut tasks = Vec::new();
    for writer in 0..3_usize {
        let server = Arc::clone(&running.server);
        tasks.push(tokio::spawn(async move {
            for round in 0..ROUNDS {
                let value = 100 * (writer + 1) + round;
                let (status, _) = call(&server, "POST", "/api/dataValueSets", import(value)).await;
                assert_eq!(status, 200);
                let key = format!("/api/dataStore/at-once/{writer}-{round}");
                assert_eq!(call(&server, "POST", &key, json!({"n": value})).await.0, 201);
                let set = json!({"optionSets": [{
                    "id": format!("osWriter{writer}{round:02}"), "name": format!("set {writer} {round}"),
                    "valueType": "TEXT",
                }]});
                assert_eq!(call(&server, "POST", "/api/metadata", set).await.0, 200);
            }
        }));
    }
    for _ in 0..2 {
        let server = Arc::clone(&running.server);
        tasks.push(tokio::spawn(async move {
            for _ in 0..ROUNDS * 3 {
                let seen = seen(&server).await;
                assert_eq!(seen.len(), 1, "half of an import was read: {seen:?}");
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let last = seen(&running.server).await;
    assert_eq!(last.len(), 1);
    running.stop().await;

    // All of it is there after a restart.
    let running = open(version, &database).await;
    assert_eq!(seen(&running.server).await, last);
    for writer in 0..3 {
        for round in 0..ROUNDS {
            let target = format!("/api/dataStore/at-once/{writer}-{round}");
            assert_eq!(
                call(&running.server, "GET", &target, Value::Null).await.0,
                200
            );
            let target = format!("/api/optionSets/osWriter{writer}{round:02}");
            assert_eq!(
                call(&running.server, "GET", &target, Value::Null).await.0,
                200
            );
        }
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clients_of_2_40_at_once_see_and_keep_whole_requests() {
    run(ServerVersion::V40).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn clients_of_2_43_at_once_see_and_keep_whole_requests() {
    run(ServerVersion::V43).await;
}
