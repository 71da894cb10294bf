//! Imports a large exchange into a sandbox, changes one value of a hundred, imports again, and
//! sends everything again as programs do that do not look what is there. Tells as JSON what
//! each of them cost. `cargo xtask bench` runs it; a row of the result has milliseconds,
//! requests, bytes and values.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "it shares the set-up of the tests and, as they do, fails by panicking"
)]

#[path = "../tests/exchange/support/mod.rs"]
mod support;

use std::time::Instant;

use serde_json::{Value, json};
use support::Traffic;
use support::load::Load;
use tributary_sandbox::ServerVersion;

/// Nine years of 58 facilities with 16 cells: 100 224 values.
const MONTHS: usize = 108;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let months = std::env::args()
        .nth(1)
        .map(|text| text.parse().expect("a number"));
    let mut told = Vec::new();
    for version in [ServerVersion::V42, ServerVersion::V43] {
        told.push(measure(version, months.unwrap_or(MONTHS)).await);
    }
    println!("{}", json!(told));
}

async fn measure(version: ServerVersion, months: usize) -> Value {
    let mut load = Load::new(version, months).await;
    let all = load.len() as u64;
    let (first, (plan, report)) = import(&load).await;
    assert_eq!((plan.counts.new, report.outcomes.written), (all, all));
    let changed = load.change().await as u64;
    let (second, (plan, report)) = import(&load).await;
    assert_eq!(
        (plan.counts.changed, report.outcomes.written),
        (changed, changed)
    );
    let (third, (plan, _)) = import(&load).await;
    assert_eq!(plan.counts.same, all);
    let begin = Instant::now();
    let traffic = load.send_all_again().await;
    let again = row(begin, traffic);
    json!({
        "version": version.to_string(), "values": all, "changed": changed,
        "first": first, "second": second, "third": third, "again": again,
    })
}

async fn import(
    load: &Load,
) -> (
    Value,
    (
        tributary_exchange::questions::import::PlanSummary,
        tributary_exchange::questions::import::RunReport,
    ),
) {
    let begin = Instant::now();
    let (plan, reading) = load.plan().await;
    let read = row(begin, reading);
    let begin = Instant::now();
    let (report, sending) = load.send().await;
    let sent = row(begin, sending);
    (json!({"read": read, "send": sent}), (plan, report))
}

fn row(begin: Instant, traffic: Traffic) -> Value {
    json!({
        "millis": begin.elapsed().as_secs_f64() * 1_000.0,
        "requests": traffic.requests,
        "reads": traffic.value_reads,
        "valuesRead": traffic.values_read,
        "writes": traffic.writes,
        "valuesWritten": traffic.values_written,
        "sent": traffic.bytes_sent,
        "received": traffic.bytes_received,
    })
}
