//! A first visit with nothing in the cache: when the first screen can be used over slow lines, and
//! what it costs on the wire. The real bundle, served by the sandbox.

use super::spread::Spread;
use super::{Section, script};
use crate::budget::FIRST_SCREEN;
use crate::fresh;
use crate::servers::{Pair, Wanted, install};
use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

/// Milliseconds until the screen can be used, by the script's name of the line.
const BUDGETS: [(&str, f64); 2] = [
    ("1.6 Mbit/s, 150 ms", 3_500.0),
    ("400 kbit/s, 400 ms", 9_000.0),
];

/// Builds what is out of date, starts the sandbox with the app in it, and measures.
pub(super) fn measure(chromium: &Path, runs: u32) -> Result<Section> {
    let zip = fresh::zip()?;
    let pair = Pair::start(&Wanted {
        destination: "2.42".to_owned(),
        source: "2.41".to_owned(),
        ports: (0, 0),
        data: None,
        more: Vec::new(),
    })?;
    install(&zip, &pair.destination)?;
    println!("First visits, {runs} for each line");
    let runs_text = runs.to_string();
    let outcome = script::run(
        "start.mjs",
        chromium,
        &[pair.destination.as_ref(), runs_text.as_ref()],
    )?;
    drop(pair);
    Ok(Section {
        text: text(&outcome, runs).context("the script's result is not as expected")?,
        chromium: outcome["chromium"].as_str().unwrap_or_default().to_owned(),
        complaints: complaints(&outcome),
    })
}

/// The bytes of the app's own files are the same on every machine, so they have to be within the budget.
fn complaints(outcome: &Value) -> Vec<String> {
    lines(outcome)
        .filter_map(|(line, _)| {
            let bytes = spread(line, "app", "bytes")?.greatest();
            (bytes > FIRST_SCREEN as f64).then(|| {
                format!(
                    "{}: {bytes} bytes of the app, more than {FIRST_SCREEN}",
                    name(line)
                )
            })
        })
        .collect()
}

/// None where the script left something out.
fn text(outcome: &Value, runs: u32) -> Option<String> {
    let mut text = format!(
        "## The first usable screen\n\n\
         {runs} first visits over each line, with a CPU slowed down {} times: milliseconds until something is drawn, \
         and until the Import screen can be used (median, least to greatest); KiB on the wire and requests.\n\n\
         | line | first paint | usable | budget | | the app's files | API |\n\
         |---|--:|--:|--:|---|--:|--:|\n",
        outcome["slowdown"]
    );
    for (line, budget) in lines(outcome) {
        let visits = line["visits"].as_array()?;
        let of =
            |member: &str| Spread::of(visits.iter().filter_map(|visit| visit[member].as_f64()));
        let (painted, usable) = (of("firstPaint")?, of("usable")?);
        writeln!(
            text,
            "| {} | {:.0} | {:.0} ({:.0} to {:.0}) | {budget:.0} | {} | {} | {} |",
            name(line),
            painted.median(),
            usable.median(),
            usable.least(),
            usable.greatest(),
            under_or_over(usable.median(), budget),
            wire(line, "app")?,
            wire(line, "api")?,
        )
        .ok()?;
    }
    let app = lines(outcome)
        .filter_map(|(line, _)| spread(line, "app", "bytes"))
        .map(|bytes| bytes.greatest())
        .fold(0.0, f64::max);
    writeln!(
        text,
        "\nThe app's files may cost {} KiB with all headers: {}.",
        FIRST_SCREEN / 1024,
        under_or_over(app, FIRST_SCREEN as f64),
    )
    .ok()?;
    Some(text)
}

/// The measured lines with their budgets.
fn lines(outcome: &Value) -> impl Iterator<Item = (&Value, f64)> {
    BUDGETS.iter().filter_map(|(wanted, budget)| {
        let mut all = outcome["lines"].as_array()?.iter();
        Some((all.find(|line| name(line) == *wanted)?, *budget))
    })
}

fn name(line: &Value) -> &str {
    line["name"].as_str().unwrap_or_default()
}

/// `"app"` or `"api"`, and their bytes or requests, over all visits.
fn spread(line: &Value, part: &str, member: &str) -> Option<Spread> {
    let visits = line["visits"].as_array()?.iter();
    Spread::of(visits.filter_map(|visit| visit[part][member].as_f64()))
}

/// `213 KiB, 9 requests`.
fn wire(line: &Value, part: &str) -> Option<String> {
    let (bytes, requests) = (
        spread(line, part, "bytes")?,
        spread(line, part, "requests")?,
    );
    Some(format!(
        "{:.0} KiB, {:.0} requests",
        bytes.median() / 1024.0,
        requests.median()
    ))
}

fn under_or_over(measured: f64, budget: f64) -> String {
    let share = 100.0 * (measured - budget).abs() / budget;
    let word = if measured > budget { "over" } else { "under" };
    format!("{word} by {share:.0} %")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn outcome(bytes: u64) -> Value {
        let visit = |usable: f64| {
            json!({
                "usable": usable, "firstPaint": 400.0,
                "app": {"bytes": bytes, "requests": 9}, "api": {"bytes": 2048, "requests": 4},
            })
        };
        let line =
            |name: &str, usable: [f64; 3]| json!({"name": name, "visits": usable.map(visit)});
        json!({
            "slowdown": 4,
            "lines": [
                line("1.6 Mbit/s, 150 ms", [3000.0, 2800.0, 3400.0]),
                line("400 kbit/s, 400 ms", [9900.0, 9800.0, 9950.0]),
            ],
        })
    }

    #[test]
    fn a_row_for_each_line() {
        let text = text(&outcome(300 * 1024), 3).unwrap();
        for row in [
            "| 1.6 Mbit/s, 150 ms | 400 | 3000 (2800 to 3400) | 3500 | under by 14 % | 300 KiB, 9 requests | 2 KiB, 4 requests |",
            "| 400 kbit/s, 400 ms | 400 | 9900 (9800 to 9950) | 9000 | over by 10 % | 300 KiB, 9 requests | 2 KiB, 4 requests |",
            "350 KiB with all headers: under by 14 %",
        ] {
            assert!(text.contains(row), "{row} in {text}");
        }
    }

    #[test]
    fn bytes_over_the_budget_are_a_complaint_and_times_are_not() {
        let most = FIRST_SCREEN as u64;
        assert_eq!(complaints(&outcome(most)), Vec::<String>::new());
        assert_eq!(complaints(&outcome(most + 1)).len(), 2);
    }
}
