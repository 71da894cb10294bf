//! Imports a large exchange, changes some values at the source, imports again, and sends
//! everything again as programs do that do not look what is there. Both servers are sandboxes
//! that take as long for values as the recorded servers did, so that the clock says what each of
//! them takes. `cargo xtask bench` runs it; by hand it also takes fewer months, and one version
//! (`-- 11 2.43`). A row of the result, which is JSON, has milliseconds,
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
use support::load::{Change, Load};
use support::{Traffic, server_with};
use tributary_sandbox::{Pace, RunningServer, ServerOptions, ServerVersion};

/// Nine years of 58 facilities with 16 cells: 100 224 values.
const MONTHS: usize = 108;

/// What happens at the source, as the result calls it.
const CHANGES: [(&str, Change); 3] = [
    ("reports", Change::Reports),
    ("scattered", Change::Scattered),
    ("eachReport", Change::EachReport),
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let months = arguments.next().map(|text| text.parse());
    let months = months.map_or(MONTHS, |number| number.expect("a number of months"));
    let only = arguments.next().unwrap_or_default();
    let mut told = Vec::new();
    for version in [ServerVersion::V42, ServerVersion::V43] {
        if version.to_string().starts_with(&only) {
            told.push(measure(version, months).await);
        }
    }
    println!("{}", json!(told));
}

/// A server that takes its time.
async fn paced(version: ServerVersion) -> RunningServer {
    let mut options = ServerOptions::new(version);
    options.pace = Pace::recorded(version);
    assert!(options.pace.is_some(), "{version} was not timed");
    server_with(options, false).await
}

async fn measure(version: ServerVersion, months: usize) -> Value {
    let (destination, source) = (paced(version).await, paced(ServerVersion::V42).await);
    let load = Load::on(destination, source, months).await;
    let mut load = load.by_the_clock();
    let all = load.len() as u64;
    let mut imports = vec![import(&load, "first", all, (all, 0)).await];
    for (name, change) in CHANGES {
        let changed = load.change(change).await as u64;
        imports.push(import(&load, name, changed, (0, changed)).await);
    }
    imports.push(import(&load, "nothing", 0, (0, 0)).await);
    assert!(load.is_equal().await, "{version}");
    let begin = Instant::now();
    let traffic = load.send_all_again().await;
    json!({
        "version": version.to_string(), "values": all, "imports": imports,
        "again": row(version, "everything again", begin, traffic),
    })
}

/// An import that has to find so many new and changed values and to write them all.
async fn import(load: &Load, name: &str, values: u64, (new, changed): (u64, u64)) -> Value {
    let version = load.version;
    let begin = Instant::now();
    let (plan, traffic) = load.plan().await;
    let read = row(version, &format!("{name}, read"), begin, traffic);
    let begin = Instant::now();
    let (report, traffic) = load.send().await;
    let send = row(version, &format!("{name}, send"), begin, traffic);
    assert_eq!((plan.counts.new, plan.counts.changed), (new, changed));
    assert_eq!(report.outcomes.written, values);
    json!({"name": name, "values": values, "read": read, "send": send})
}

fn row(version: ServerVersion, what: &str, begin: Instant, traffic: Traffic) -> Value {
    let seconds = begin.elapsed().as_secs_f64();
    eprintln!("  {version}: {what}: {seconds:.1} s");
    json!({
        "seconds": seconds,
        "requests": traffic.requests,
        "reads": traffic.value_reads,
        "valuesRead": traffic.values_read,
        "writes": traffic.writes,
        "valuesWritten": traffic.values_written,
        "sent": traffic.bytes_sent,
        "received": traffic.bytes_received,
    })
}
