//! Browsing a plan of a million values in the real app: whether the page's thread is ever held
//! up for longer than a person notices.

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
/// Milliseconds of processor time that a task of the page's thread may take: a person notices more.
const MOST_WORK: f64 = 50.0;

/// Builds what is out of date, starts a bare sandbox with the app in it, and measures.
pub(super) fn measure(chromium: &Path) -> Result<Section> {
    let zip = fresh::zip()?;
    let server = One::start_bare("2.42", &[])?;
    install(&zip, &server.address)?;
    println!(
        "Browsing {} values",
        FACILITIES.saturating_mul(VALUES_OF_A_FACILITY)
    );
    let facilities = FACILITIES.to_string();
    let outcome = script::run(
        "browse.mjs",
        chromium,
        &[server.address.as_ref(), facilities.as_ref()],
    )?;
    drop(server);
    Ok(Section {
        text: text(&outcome).context("the script's result is not as expected")?,
        chromium: outcome["chromium"].as_str().unwrap_or_default().to_owned(),
        complaints: complaints(&outcome),
    })
}

/// The page must not be held up, and every value has to be there to be browsed.
fn complaints(outcome: &Value) -> Vec<String> {
    let wanted = FACILITIES.saturating_mul(VALUES_OF_A_FACILITY);
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
    use super::{complaints, text};
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
}
