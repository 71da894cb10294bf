//! One value of a hundred changed: what an import then costs, beside what sending everything
//! again costs. The import is the app's own service against sandboxes (an example of
//! `crates/exchange`); requests, bytes and values are counted. A sandbox is no measure of time,
//! so the destination's time is worked out from what real servers took for each value.

use super::Section;
use crate::workspace::root;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fmt::Write as _;
use std::process::Command;

/// What a real server took, in milliseconds; the figures of the recordings for 100 000 values of
/// which 1 % differ.
struct Speed {
    /// For each value read as gzipped CSV.
    read: f64,
    /// For each request that writes.
    request: f64,
    /// For each value written.
    write: f64,
}

/// 100 224 values were read in 6.0 s; sent in requests of 10 000 in 84 s, 1 000 of them in 2.9 s.
const V42: Speed = Speed {
    read: 0.06,
    request: 2_290.0,
    write: 0.61,
};
/// 100 224 values were read in 9.0 s; sent in requests of 1 000 in 171 s, 1 000 of them in 1.7 s.
const V43: Speed = Speed {
    read: 0.09,
    request: 0.0,
    write: 1.7,
};

/// The part of the time of sending everything that the import may take.
const AT_MOST: f64 = 0.2;

/// Imports, and counts.
pub(super) fn measure() -> Result<Section> {
    println!("One value of a hundred changed");
    let ran = Command::new("cargo")
        .args(["run", "--quiet", "--locked", "--package=tributary-exchange"])
        .args(["--example", "one_percent"])
        .current_dir(root())
        .output()?;
    let error = String::from_utf8_lossy(&ran.stderr);
    ensure!(ran.status.success(), "the import failed: {error}");
    let told: Value =
        serde_json::from_slice(&ran.stdout).context("the example's result is no JSON")?;
    let mut section = Section {
        text: String::from(HEAD),
        chromium: String::new(),
        complaints: Vec::new(),
    };
    for (world, speed) in told.as_array().into_iter().flatten().zip([V42, V43]) {
        add(&mut section, world, &speed).context("the example's result is not as expected")?;
    }
    section.text.push_str(FOOT);
    Ok(section)
}

const HEAD: &str = "## One value of a hundred changed

100 224 values of 58 facilities in 108 months; 63 of their 6 264 reports are corrected at the source. Requests that read values (at both sides) and that write
them, values, KiB of all bodies as they travel, and the destination's seconds.

| | reads | values read here | writes | values written | KiB sent | KiB received | seconds |
|---|--:|--:|--:|--:|--:|--:|--:|
";

const FOOT: &str = "
Counted: the app's own service imports from one sandbox into another, with everything that it asks for besides values. The seconds are
worked out, since a sandbox is quicker than a server: each value read and written counts what it took the 2.42.5.2 and 2.43.1 that were recorded.
";

/// The rows of one version.
fn add(section: &mut Section, world: &Value, speed: &Speed) -> Option<()> {
    let version = world["version"].as_str()?;
    let first = Row::sum(&world["first"], speed)?;
    let second = Row::sum(&world["second"], speed)?;
    let third = Row::sum(&world["third"], speed)?;
    let again = Row::of(&world["again"], speed)?;
    for (what, row) in [
        ("first import, all new", &first),
        ("import after the change", &second),
        ("import with nothing changed", &third),
        ("everything sent again", &again),
    ] {
        writeln!(
            section.text,
            "| {version}: {what} | {} | {} | {} | {} | {:.0} | {:.0} | {:.1} |",
            row.reads,
            row.values_read,
            row.writes,
            row.values_written,
            row.sent / 1024.0,
            row.received / 1024.0,
            row.seconds,
        )
        .ok()?;
    }
    let changed = world["changed"].as_u64()?;
    let mut demand = |holds: bool, what: &str| {
        if !holds {
            section.complaints.push(format!("{version}: {what}"));
        }
    };
    demand(
        second.values_written == changed,
        "other values than the changed ones are sent",
    );
    demand(
        third.writes == 0,
        "values are sent although nothing changed",
    );
    demand(
        second.sent < again.sent / 50.0,
        "more than a fiftieth of the bytes is sent",
    );
    demand(
        second.seconds <= again.seconds * AT_MOST,
        "the import takes more than a fifth of sending everything",
    );
    Some(())
}

/// What an import, or a part of it, cost.
struct Row {
    reads: u64,
    values_read: u64,
    writes: u64,
    values_written: u64,
    sent: f64,
    received: f64,
    seconds: f64,
}

impl Row {
    #[allow(clippy::cast_precision_loss, reason = "thousands of values")]
    fn of(told: &Value, speed: &Speed) -> Option<Self> {
        let number = |name: &str| told[name].as_u64();
        let (values_read, values_written) = (number("valuesRead")?, number("valuesWritten")?);
        let writes = number("writes")?;
        let millis = values_read as f64 * speed.read
            + writes as f64 * speed.request
            + values_written as f64 * speed.write;
        Some(Self {
            reads: number("reads")?,
            values_read,
            writes,
            values_written,
            sent: told["sent"].as_f64()?,
            received: told["received"].as_f64()?,
            seconds: millis / 1_000.0,
        })
    }

    /// Of planning and sending together.
    fn sum(told: &Value, speed: &Speed) -> Option<Self> {
        let (read, send) = (
            Self::of(&told["read"], speed)?,
            Self::of(&told["send"], speed)?,
        );
        Some(Self {
            reads: read.reads + send.reads,
            values_read: read.values_read + send.values_read,
            writes: read.writes + send.writes,
            values_written: read.values_written + send.values_written,
            sent: read.sent + send.sent,
            received: read.received + send.received,
            seconds: read.seconds + send.seconds,
        })
    }
}
