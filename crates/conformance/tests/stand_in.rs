//! The suite itself, held against stand-in servers: it cleans up after itself whatever
//! happens, it works on a server that is in use, and it notices a server that behaves like
//! another version than it says.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::time::Duration;
use tributary_conformance::stage::{Setting, Stage};
use tributary_conformance::verdict::Stop;
use tributary_conformance::{behaviours, cleanup, fixture, run};
use tributary_dhis2::differences::items;
use tributary_dhis2::{Differences, Version};
use tributary_sandbox::{RunningServer, ServerOptions, ServerVersion, start};

async fn server(version: ServerVersion) -> RunningServer {
    let mut options = ServerOptions::new(version);
    options.today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22);
    start(options).await.unwrap()
}

fn setting(server: &RunningServer) -> Setting {
    Setting {
        base: server.base_url.clone(),
        admin: ("admin".into(), "district".into()),
        source: None,
        source_login: None,
        patience: Duration::from_secs(1),
    }
}

/// What of the suite is on the server: collection and id.
fn left_on(server: &RunningServer) -> Vec<String> {
    let metadata = server.server.snapshot();
    let mut left: Vec<String> = Vec::new();
    for (collection, objects) in metadata.collections.iter() {
        left.extend(
            objects
                .iter()
                .filter(|(id, object)| {
                    id.starts_with("cfm") || object.to_string().contains(fixture::CODE)
                })
                .map(|(id, _)| format!("{collection} {id}")),
        );
    }
    left
}

#[tokio::test]
async fn a_run_leaves_nothing_behind() {
    let server = server(ServerVersion::V42).await;
    let report = run::run(setting(&server), None, std::future::pending(), |_| {})
        .await
        .unwrap();
    assert!(report.good(), "{}", report.table(true));
    assert_eq!(left_on(&server), Vec::<String>::new());
    server.stop().await;
}

#[tokio::test]
async fn an_interrupted_run_leaves_nothing_behind() {
    let server = server(ServerVersion::V41).await;
    // Once the suite's metadata is there.
    let loaded = async {
        while left_on(&server).is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let report = run::run(setting(&server), None, loaded, |_| {})
        .await
        .unwrap();
    assert!(!report.complete && !report.good());
    assert!(report.findings.len() < behaviours::all().count());
    assert_eq!(left_on(&server), Vec::<String>::new());
    server.stop().await;
}

#[tokio::test]
async fn what_an_aborted_run_left_is_in_nobodys_way() {
    let server = server(ServerVersion::V43).await;
    let stage = Stage::enter(setting(&server)).await.unwrap();
    stage.set_up(|_| {}).await.unwrap();
    stage.route().await.unwrap();
    assert!(left_on(&server).len() > 40);
    let report = run::run(setting(&server), None, std::future::pending(), |_| {})
        .await
        .unwrap();
    assert!(report.good(), "{}", report.table(true));
    assert_eq!(left_on(&server), Vec::<String>::new());
    server.stop().await;
}

#[tokio::test]
async fn a_server_in_use_keeps_what_is_its_own() {
    let server = server(ServerVersion::V40).await;
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/recordings/seed/metadata.json"
    );
    let seed = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    server.server.load_metadata(&seed).unwrap();
    let count = |server: &RunningServer| -> usize {
        let metadata = server.server.snapshot();
        metadata
            .collections
            .values()
            .map(|objects| objects.len())
            .sum()
    };
    let before = count(&server);
    let report = run::run(setting(&server), None, std::future::pending(), |_| {})
        .await
        .unwrap();
    assert!(report.good(), "{}", report.table(true));
    assert_eq!(count(&server), before);
    server.stop().await;
}

/// Differences that no server shows in a small number of requests: their checks hold
/// whatever the value. And one that `input_periods_inverted` hides when both are mistaken.
const NOT_SHOWN: [&str; 3] = [
    "max_values_per_write",
    "small_route_read_timeout_millis",
    "input_period_closing_day_open",
];

/// Runs the checks on a server with the rules of another version: each difference between
/// the two has to be noticed.
async fn mistaken(server_version: ServerVersion, taken_for: Version) {
    let server = server(server_version).await;
    let mut stage = Stage::enter(setting(&server)).await.unwrap();
    let right = stage.rules;
    stage.set_up(|_| {}).await.unwrap();
    stage.rules = Differences::of(taken_for);
    let mut noticed = BTreeSet::new();
    for behaviour in behaviours::all() {
        // An address that is not held against dhis.conf may also be one that it allows.
        if (behaviour.check)(&stage).await.is_err() {
            noticed.extend(behaviour.differences.iter().copied());
        }
    }
    let unnoticed: Vec<&str> = items()
        .iter()
        .filter(|item| item.value(&right) != item.value(&stage.rules))
        .map(|item| item.name)
        .filter(|name| !noticed.contains(name) && !NOT_SHOWN.contains(name))
        .collect();
    assert_eq!(
        unnoticed,
        Vec::<&str>::new(),
        "{server_version} taken for {taken_for}"
    );
    stage.rules = right;
    stage.rules.input_period_closing_day_open ^= true;
    let closing_day = behaviours::all().find(|one| one.name == "closing day");
    let checked = (closing_day.unwrap().check)(&stage).await;
    assert!(matches!(checked, Err(Stop::NotMet(_))), "{checked:?}");
    assert_eq!(cleanup::remove_all(&stage).await, Vec::<String>::new());
    server.stop().await;
}

#[tokio::test]
async fn a_server_that_is_older_than_it_says_is_found_out() {
    mistaken(ServerVersion::V42, Version::new(43, 1, 0)).await;
    mistaken(ServerVersion::V40, Version::new(42, 5, 2)).await;
}

#[tokio::test]
async fn a_server_that_is_newer_than_it_says_is_found_out() {
    mistaken(ServerVersion::V43, Version::new(41, 9, 0)).await;
    mistaken(ServerVersion::V42, Version::new(40, 12, 0)).await;
}
