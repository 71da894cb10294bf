//! A plan of a million values in the real app: how much memory it takes to read and compare it,
//! and whether the page's thread is ever held up for longer than a person notices.

use super::compare::megabytes;
use super::{Section, script};
use crate::fresh;
use crate::servers::{One, install};
use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

/// Each has 84 values a month, and twelve months are read.
const FACILITIES: u64 = 1_000;
const VALUES_OF_A_FACILITY: u64 = 84 * 12;
/// Bytes that page and Worker may take for it.
const MOST_MEMORY: f64 = 160e6;
/// Milliseconds of processor time that a task of the page's thread may take: a person notices more.
const MOST_WORK: f64 = 50.0;

/// Builds what is out of date, starts a bare sandbox with the app in it, and measures.
pub(super) fn measure(chromium: &Path) -> Result<Section> {
    let zip = fresh::zip()?;
    let facilities = FACILITIES.to_string();
    let run = |name: &str| {
        let server = One::start_bare("2.42", &[])?;
        install(&zip, &server.address)?;
        let arguments = [server.address.as_ref(), facilities.as_ref()];
        script::run(name, chromium, &arguments)
    };
    println!(
        "Reading and comparing {} values of each side in the app",
        values()
    );
    let memory = run("app-memory.mjs")?;
    println!("Browsing {} values", values());
    let outcome = run("browse.mjs")?;
    let text = text(&outcome).zip(memory_text(&memory));
    let (text, memory_text) = text.context("the script's result is not as expected")?;
    let mut complaints = complaints(&outcome);
    complaints.extend(memory_complaints(&memory));
    Ok(Section {
        text: format!("{memory_text}\n{text}"),
        chromium: outcome["chromium"].as_str().unwrap_or_default().to_owned(),
        complaints,
    })
}

/// How many values there are at each side.
fn values() -> u64 {
    FACILITIES.saturating_mul(VALUES_OF_A_FACILITY)
}

/// Every value has to be in the plan, against as many, within the bound.
fn memory_complaints(outcome: &Value) -> Vec<String> {
    let kinds = outcome["kinds"].as_array().into_iter().flatten();
    // `50,400 Different here`
    let number = |kind: &Value| -> Option<u64> {
        let (number, _) = kind.as_str()?.split_once(' ')?;
        number.replace(',', "").parse().ok()
    };
    let planned: u64 = kinds.filter_map(number).sum();
    let mut complaints = Vec::new();
    for (what, found) in [
        ("in the plan", Some(planned)),
        ("here", outcome["here"].as_u64()),
    ] {
        if found != Some(values()) {
            complaints.push(format!("{found:?} values {what} instead of {}", values()));
        }
    }
    if outcome["peak"]
        .as_f64()
        .is_some_and(|peak| peak > MOST_MEMORY)
    {
        complaints.push(format!(
            "page and Worker take {} MB",
            megabytes(&outcome["peak"])
        ));
    }
    complaints
}

/// None where the script left something out.
fn memory_text(outcome: &Value) -> Option<String> {
    outcome["kinds"].as_array()?;
    Some(format!(
        "## The app's memory for {0} + {0} values\n\n\
         MB of page and Worker, beyond the {1} of an empty page, while the app itself reads and compares them: {2} with the choice of \
         periods and org units on the screen, {3} at most while it reads (at most {4:.0}), {5} with the plan on the screen. \
         `performance.measureUserAgentSpecificMemory()`, which leaves out what wasm has, says {6} then.\n",
        values(),
        megabytes(&outcome["empty"]),
        megabytes(&outcome["begun"]),
        megabytes(&outcome["peak"]),
        MOST_MEMORY / 1e6,
        megabytes(&outcome["stays"]),
        megabytes(&outcome["told"]),
    ))
}

/// The page must not be held up, and every value has to be there to be browsed.
fn complaints(outcome: &Value) -> Vec<String> {
    let wanted = values();
    let mut complaints = Vec::new();
    if outcome["rows"].as_u64() != Some(wanted) {
        complaints.push(format!("{} rows instead of {wanted}", outcome["rows"]));
    }
    for step in outcome["steps"].as_array().into_iter().flatten() {
        let work = step["mostWork"].as_f64().unwrap_or(f64::MAX);
        if work > MOST_WORK {
            let name = step["name"].as_str().unwrap_or_default();
            complaints.push(format!("{name}: the page worked {work:.0} ms at once"));
        }
    }
    complaints
}

/// None where the script left something out.
fn text(outcome: &Value) -> Option<String> {
    let mut text = format!(
        "## Browsing a plan of {} values\n\n\
         Milliseconds until the rows are drawn, with all pauses that a person makes; the most processor time that the page's own \
         thread took for one task (at most 50); and, by the clock, which on a busy machine counts others too: tasks over 50 ms and \
         the longest time between two frames.\n\n\
         | what a person does | ms | most work at once, ms | tasks over 50 ms | longest frame, ms |\n\
         |---|--:|--:|--:|--:|\n",
        outcome["rows"].as_u64()?
    );
    for step in outcome["steps"].as_array()? {
        writeln!(
            text,
            "| {} | {} | {:.0} | {} | {:.0} |",
            step["name"].as_str()?,
            step["millis"].as_u64()?,
            step["mostWork"].as_f64()?,
            step["longTasks"].as_u64()?,
            step["longestFrame"].as_f64()?,
        )
        .ok()?;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{complaints, memory_complaints, memory_text, text};
    use serde_json::json;

    #[test]
    fn a_held_up_page_and_a_missing_row_are_told() {
        let step = |work: f64| json!({"name": "scroll", "millis": 900, "mostWork": work, "longTasks": 1, "longestFrame": 70.2});
        let good = json!({"rows": 1_008_000, "steps": [step(49.9)]});
        assert!(complaints(&good).is_empty());
        assert!(text(&good).is_some_and(|text| text.contains("| scroll | 900 | 50 | 1 | 70 |")));
        let bad = json!({"rows": 1_007_999, "steps": [step(20.0), step(61.7)]});
        let told = complaints(&bad).join("; ");
        assert_eq!(
            told,
            "1007999 rows instead of 1008000; scroll: the page worked 62 ms at once"
        );
        assert_eq!(text(&json!({"rows": 1})), None);
    }
    #[test]
    fn memory_counts_only_with_all_values() {
        let told = |same: &str, peak: u64| {
            json!({"kinds": ["50,400 Different here", same], "here": 1_008_000, "empty": 24_000_000,
                "begun": 60_000_000, "peak": peak, "stays": 98_000_000, "told": 2_600_000})
        };
        let good = told("957,600 Same here", 149_000_000);
        assert_eq!(memory_complaints(&good), Vec::<String>::new());
        let text = memory_text(&good).unwrap();
        assert!(text.contains("beyond the 24 of an empty page") && text.contains("149 at most"));
        let bad = memory_complaints(&told("957,599 Same here", 161_000_000));
        assert_eq!(bad.len(), 2, "{bad:?}");
    }
}
