//! One value of a hundred changed: what an import then costs, beside what sending everything
//! again costs. The import is the app's own service (an example of `crates/exchange`) between
//! sandboxes that take as long for values as the recorded servers did; requests, bytes and values
//! are counted, and time is taken by the clock.

use super::Section;
use crate::workspace::root;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fmt::Write as _;
use std::process::{Command, Stdio};

/// The part of the time of sending everything that an import of one value of a hundred may take,
/// where whole reports were corrected. Where they are scattered it is about that (the paper says).
const AT_MOST: f64 = 0.2;
const IN_TIME: &str = "reports";
/// The part of its bytes.
const AT_MOST_OF_BYTES: f64 = 0.02;

/// What the example calls an import, what it is, and whether it is one of one value of a hundred.
const IMPORTS: [(&str, &str, bool); 5] = [
    ("first", "first import, all new", false),
    ("reports", "1 report of 100 corrected", true),
    (
        "scattered",
        "1 value of 100 corrected, each in another report",
        true,
    ),
    ("eachReport", "1 value of each report corrected", false),
    ("nothing", "nothing changed", false),
];

/// Imports, counts and takes the time: some twenty minutes.
pub(super) fn measure() -> Result<Section> {
    println!("One value of a hundred changed");
    let ran = Command::new("cargo")
        .args(["run", "--quiet", "--locked", "--package=tributary-exchange"])
        .args(["--example", "one_percent"])
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(ran.status.success(), "the import failed");
    let told: Value =
        serde_json::from_slice(&ran.stdout).context("the example's result is no JSON")?;
    section(&told).context("the example's result is not as expected")
}

fn section(told: &Value) -> Option<Section> {
    let mut section = Section {
        text: String::from(HEAD),
        chromium: String::new(),
        complaints: Vec::new(),
    };
    for world in told.as_array()? {
        add(&mut section, world)?;
    }
    section.text.push_str(FOOT);
    Some(section)
}

const HEAD: &str = "## One value of a hundred changed

100 224 values of 58 facilities in 108 months, 6 264 reports. Requests that read values (at both sides) and that write them, values, KiB of all bodies as they
travel; seconds by the clock until the plan is there, and for sending it; both together, and which part that is of sending everything.

| | reads | values read here | writes | values written | KiB sent | KiB received | plan, s | send, s | together, s | part |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

const FOOT: &str = "
The app's own service imports from one sandbox into another, with everything that it asks for besides values. Both servers are at the recorded pace
(`--pace recorded` of the sandbox): reading and writing values takes as long as it took the 2.42.5.2 and 2.43.1 that were measured, one request after the other,
so the time is that of real servers as far as values go. The source is a 2.42. Nobody looks at the plan before it is sent. *Everything sent again* is what programs do
that do not look what is there, in requests of the size that suits the version; that it has to be read at the source first is not counted.

On 2.42 a request that writes costs as much as 3 800 values in it. Values of many reports go into one request, so what scattered changes
cost is reading: what stands there is read for the plan, and in each place that is written once more before (nobody's newer value is overwritten) and after.
Where each report has a change, those places are all there are.
";

/// The rows of one version.
fn add(section: &mut Section, world: &Value) -> Option<()> {
    let version = world["version"].as_str()?;
    let again = Row::of(&world["again"])?;
    let imports = world["imports"].as_array()?;
    for (name, what, is_one_of_a_hundred) in IMPORTS {
        let import = imports.iter().find(|import| import["name"] == name)?;
        let (plan, send) = (Row::of(&import["read"])?, Row::of(&import["send"])?);
        let all = plan.and(&send);
        write_row(&mut section.text, &format!("{version}: {what}"), &all)?;
        writeln!(
            section.text,
            " {:.1} | {:.1} | {:.1} | {:.0} % |",
            plan.seconds,
            send.seconds,
            all.seconds,
            all.seconds / again.seconds * 100.0
        )
        .ok()?;
        let mut demand = |holds: bool, words: &str| {
            if !holds {
                let complaint = format!("{version}, {what}: {words}");
                section.complaints.push(complaint);
            }
        };
        let values = import["values"].as_u64()?;
        demand(
            all.values_written == values,
            "other values than the changed ones are sent",
        );
        if is_one_of_a_hundred {
            demand(
                all.sent < again.sent * AT_MOST_OF_BYTES,
                "more than a fiftieth of the bytes is sent",
            );
        }
        demand(
            name != IN_TIME || all.seconds <= again.seconds * AT_MOST,
            "the import takes more than a fifth of sending everything",
        );
    }
    write_row(
        &mut section.text,
        &format!("{version}: everything sent again"),
        &again,
    )?;
    writeln!(section.text, " | {0:.1} | {0:.1} | 100 % |", again.seconds).ok()
}

/// What was counted.
fn write_row(text: &mut String, what: &str, row: &Row) -> Option<()> {
    write!(
        text,
        "| {what} | {} | {} | {} | {} | {:.0} | {:.0} |",
        row.reads,
        row.values_read,
        row.writes,
        row.values_written,
        row.sent / 1024.0,
        row.received / 1024.0,
    )
    .ok()
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
    fn of(told: &Value) -> Option<Self> {
        let number = |name: &str| told[name].as_u64();
        Some(Self {
            reads: number("reads")?,
            values_read: number("valuesRead")?,
            writes: number("writes")?,
            values_written: number("valuesWritten")?,
            sent: told["sent"].as_f64()?,
            received: told["received"].as_f64()?,
            seconds: told["seconds"].as_f64()?,
        })
    }

    /// Both together.
    fn and(&self, other: &Self) -> Self {
        Self {
            reads: self.reads + other.reads,
            values_read: self.values_read + other.values_read,
            writes: self.writes + other.writes,
            values_written: self.values_written + other.values_written,
            sent: self.sent + other.sent,
            received: self.received + other.received,
            seconds: self.seconds + other.seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(seconds: f64) -> Value {
        let row = |values: u64, sent: u64, seconds: f64| {
            json!({"reads": 4, "valuesRead": 900, "writes": values.min(1), "valuesWritten": values,
                "sent": sent, "received": 2_048, "seconds": seconds})
        };
        let import = |(name, _, _): (&str, &str, bool)| {
            let (read, send) = (row(0, 0, 1.0), row(10, 1_024, seconds));
            json!({"name": name, "values": 10, "read": read, "send": send})
        };
        let imports = IMPORTS.map(import).to_vec();
        json!([{"version": "2.42.5.2", "imports": imports, "again": row(1_000, 102_400, 20.0)}])
    }

    #[test]
    fn time_is_what_the_clock_said() {
        let good = section(&told(2.0)).unwrap();
        assert_eq!(good.complaints, Vec::<String>::new());
        for row in [
            "| 2.42.5.2: 1 report of 100 corrected | 8 | 1800 | 1 | 10 | 1 | 4 | 1.0 | 2.0 | 3.0 | 15 % |",
            "| 2.42.5.2: everything sent again | 4 | 900 | 1 | 1000 | 100 | 2 | | 20.0 | 20.0 | 100 % |",
        ] {
            assert!(good.text.contains(row), "{row} in {}", good.text);
        }
        let slow = section(&told(3.1)).unwrap();
        assert_eq!(slow.complaints.len(), 1, "{:?}", slow.complaints);
        assert!(section(&json!([{"version": "2.42.5.2"}])).is_none());
    }
}
