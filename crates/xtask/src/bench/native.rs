//! What a value costs, from ten thousand to five million of them: the engine compiled for this
//! machine, fed by a script with the same data as in the browser.

use super::compare::{build_program, numbers};
use super::spread::Spread;
use super::{Section, script};
use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

/// Values of each side.
const SIZES: [&str; 4] = ["10000", "100000", "1000000", "5000000"];

/// What happens to a value, as the script calls it.
const STEPS: [&str; 3] = ["read", "compare", "plan"];

/// Builds the program and measures.
pub(super) fn measure(chromium: &Path, runs: u32) -> Result<Section> {
    let program = build_program()?;
    println!("The cost of a value, {runs} runs of each size");
    let runs = runs.to_string();
    let mut arguments = vec![program.as_os_str(), runs.as_ref()];
    arguments.extend(SIZES.map(AsRef::<std::ffi::OsStr>::as_ref));
    let outcome = script::run("native.mjs", chromium, &arguments)?;
    Ok(Section {
        text: text(&outcome).context("the script's result is not as expected")?,
        chromium: String::new(),
        complaints: complaints(&outcome),
    })
}

/// Each size has to come to what its data were made with.
fn complaints(outcome: &Value) -> Vec<String> {
    let sizes = outcome["results"].as_array().into_iter().flatten();
    sizes
        .filter(|size| size["counts"] != size["expected"])
        .map(|size| {
            let (counts, expected) = (&size["counts"], &size["expected"]);
            format!("native engine: counts {counts} instead of {expected}")
        })
        .collect()
}

/// None where the script left something out.
fn text(outcome: &Value) -> Option<String> {
    let mut text = String::from(
        "## The cost of a value\n\n\
         The engine compiled for this machine, in nanoseconds for each source value (with the value of the \
         destination that it is compared with): reading, comparing and keeping in the plan, medians; all three, least, \
         median and greatest of the runs. Reading, comparing and planning a million takes as many milliseconds.\n\n\
         | values of each side | runs | read | compare | plan | least | median | greatest | plan, bytes a value |\n\
         |--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    let mut medians = Vec::new();
    for size in outcome["results"].as_array()? {
        let values = size["values"].as_f64()?;
        let nanoseconds = |millis: f64| millis * 1e6 / values;
        let mut whole: Vec<f64> = Vec::new();
        write!(text, "| {values} | {} |", size["read"].as_array()?.len()).ok()?;
        for step in STEPS {
            let times = numbers(&size[step])?;
            whole.resize(times.len(), 0.0);
            for (sum, time) in whole.iter_mut().zip(&times) {
                *sum += nanoseconds(*time);
            }
            let median = Spread::of(times)?.median();
            write!(text, " {:.0} |", nanoseconds(median)).ok()?;
        }
        let whole = Spread::of(whole)?;
        medians.push(whole.median());
        writeln!(
            text,
            " {:.0} | {:.0} | {:.0} | {:.0} |",
            whole.least(),
            whole.median(),
            whole.greatest(),
            size["planBytes"].as_f64()? / values,
        )
        .ok()?;
    }
    let medians = Spread::of(medians)?;
    let (least, greatest) = (medians.least(), medians.greatest());
    writeln!(
        text,
        "\nThe dearest size costs {:.0} % more a value than the cheapest (medians).",
        100.0 * (greatest - least) / least
    )
    .ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn outcome() -> Value {
        let counts = json!({"pulled": 10_000});
        let size = |values: u64, factor: f64| {
            let times = |millis: [f64; 3]| millis.map(|time| time * factor);
            json!({
                "values": values, "read": times([3.0, 2.0, 5.0]), "compare": times([1.0, 1.0, 2.0]),
                "plan": times([0.5, 0.1, 0.5]), "planBytes": values * 46,
                "counts": counts, "expected": counts,
            })
        };
        json!({"results": [size(10_000, 1.0), size(100_000, 12.0)]})
    }

    #[test]
    fn a_row_for_each_size() {
        let text = text(&outcome()).unwrap();
        for row in [
            "| 10000 | 3 | 300 | 100 | 50 | 310 | 450 | 750 | 46 |",
            "| 100000 | 3 | 360 | 120 | 60 | 372 | 540 | 900 | 46 |",
            "costs 20 % more",
        ] {
            assert!(text.contains(row), "{row} in {text}");
        }
    }

    #[test]
    fn other_counts_are_a_complaint() {
        assert_eq!(complaints(&outcome()), Vec::<String>::new());
        let mut other = outcome();
        other["results"][1]["counts"]["pulled"] = json!(9_999);
        assert_eq!(complaints(&other).len(), 1);
    }
}
