//! Replays what real servers answered, request by request, against the sandbox, and holds
//! every answer against the recorded one. Steps that are not met are listed with their
//! reasons in `not-met.json`; the list can only shrink: a listed step that is met
//! fails the test as much as one that is not met and not listed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends at the first thing that is not as it must be"
)]

mod client;
mod compare;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, Ordering};

use chrono::NaiveDate;
use serde_json::Value;
use tributary_sandbox::{ServerOptions, ServerVersion, start};

use client::Client;

/// A file below `tests/recordings` of the workspace.
fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/recordings")
        .join(path)
}

fn json(path: &str) -> Value {
    let file = file(path);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    serde_json::from_str(&text).unwrap()
}

/// The scenarios, in the order in which they were recorded.
fn scenarios() -> Vec<String> {
    let names = std::fs::read_dir(file("scenarios"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names
        .filter_map(|n| n.strip_suffix(".json").map(str::to_owned))
        .collect();
    names.sort();
    names
}

fn is_for(item: &Value, version: ServerVersion) -> bool {
    item["versions"].as_array().is_none_or(|v| {
        v.iter()
            .any(|p| version.release().starts_with(p.as_str().unwrap()))
    })
}

/// Step name → what differs, for all scenarios of a version.
async fn replay(version: ServerVersion) -> (usize, BTreeMap<String, Vec<String>>) {
    let mut options = ServerOptions::new(version);
    options.today = NaiveDate::from_ymd_opt(2026, 11, 22);
    // The recorded servers' own list (dhis.conf).
    options.route_allow_list = vec!["http://localhost*".into(), "https://*".into()];
    options.port = free_port();
    let running = start(options).await.unwrap();
    let mut client = Client::new(&running);
    client
        .seed(
            &json("seed/metadata.json"),
            json("seed/values.json"),
            version,
        )
        .await;
    let mut differences = BTreeMap::new();
    let mut steps = 0;
    for name in scenarios() {
        let scenario = json(&format!("scenarios/{name}.json"));
        let recorded = json(&format!("{}/{name}.json", version.release()));
        client.forget();
        for step in scenario["steps"].as_array().unwrap() {
            if !is_for(&scenario, version) || !is_for(step, version) {
                continue;
            }
            let got = client.run(step).await;
            let wanted = recorded["steps"]
                .as_array()
                .unwrap()
                .iter()
                .find(|s| s["name"] == step["name"]);
            // A step left out of a recording is sent, but not compared.
            let Some(wanted) = wanted else { continue };
            steps += 1;
            let found = compare::differences(&wanted["response"], &got, step);
            if !found.is_empty() {
                let label = format!(
                    "{}/{name}/{}",
                    version.release(),
                    step["name"].as_str().unwrap()
                );
                differences.insert(label, found);
            }
        }
    }
    running.stop().await;
    (steps, differences)
}

/// A port of four digits, as the recorded servers had: a message counts characters of
/// the server's own address ("run, space in value").
fn free_port() -> u16 {
    let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    (1..10)
        .find_map(|_| {
            let start =
                7000 + (std::process::id() as u16 + NEXT.fetch_add(37, Ordering::Relaxed)) % 2000;
            (start..start + 37).find(free)
        })
        .unwrap()
}

static NEXT: AtomicU16 = AtomicU16::new(0);

async fn check(version: ServerVersion) {
    let listed: BTreeMap<String, String> =
        serde_json::from_str(include_str!("../not-met.json")).unwrap();
    let prefix = format!("{}/", version.release());
    let listed: BTreeMap<&String, &String> = listed
        .iter()
        .filter(|(label, _)| label.starts_with(&prefix))
        .collect();
    let (steps, differences) = replay(version).await;
    // Straight to the error stream, which the test runner does not swallow.
    let met = steps - differences.len();
    let mut shown = format!("{version}: {met} of {steps} recorded steps met\n");
    for (label, reason) in &listed {
        shown += &format!("  not met: {label}: {reason}\n");
    }
    let _ = std::io::stderr().write_all(shown.as_bytes());
    let mut wrong = Vec::new();
    for (label, found) in &differences {
        if !listed.contains_key(label) {
            wrong.push(format!(
                "{label}\n    {}",
                found[..found.len().min(8)].join("\n    ")
            ));
        }
    }
    for label in listed.keys() {
        if !differences.contains_key(*label) {
            wrong.push(format!("{label} is met: take it off the list"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} steps:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_2_40() {
    check(ServerVersion::V40).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_2_41() {
    check(ServerVersion::V41).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_2_42() {
    check(ServerVersion::V42).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_2_43() {
    check(ServerVersion::V43).await;
}
