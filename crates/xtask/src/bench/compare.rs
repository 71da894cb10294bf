//! Reading and comparing a million values of each side: the app's engine as wasm, against plain JavaScript
//! in the same browser. Whoever comes to other counts than the data were made with fails the bench.

use super::spread::Spread;
use super::{Section, script};
use crate::build::{cargo_target_folder, compiler_flags, shrink};
use crate::tools;
use crate::workspace::{root, run};
use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the script calls each contender, and what it is.
const CONTENDERS: [(&str, &str); 4] = [
    ("wasm", "Tributary's engine, CSV"),
    ("plain-json", "plain JavaScript, JSON"),
    ("plain-csv", "plain JavaScript, CSV"),
    ("plain-whole", "plain JavaScript, JSON, all at once"),
];

/// So many times as much memory has plain JavaScript to take for all values at once.
const PART_OF_MEMORY: f64 = 12.0;

/// Builds the wasm and measures.
pub(super) fn measure(chromium: &Path, runs: u32, values: u32) -> Result<Section> {
    let folder = build()?;
    println!("Reading and comparing, {runs} runs");
    let (runs_text, values_text) = (runs.to_string(), values.to_string());
    let outcome = script::run(
        "compare.mjs",
        chromium,
        &[folder.as_ref(), runs_text.as_ref(), values_text.as_ref()],
    )?;
    Ok(Section {
        text: text(&outcome, runs).context("the script's result is not as expected")?,
        chromium: outcome["chromium"].as_str().unwrap_or_default().to_owned(),
        complaints: complaints(&outcome),
    })
}

/// The wasm and its glue, with the app's release profile and the same steps after the compiler.
fn build() -> Result<PathBuf> {
    println!("Compiling the engine for the browser");
    let target = cargo_target_folder();
    run(Command::new("cargo")
        .args(["build", "--quiet", "--release", "--locked"])
        .args(["--package=tributary-bench", "--target", tools::WASM_TARGET])
        .current_dir(root())
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_ENCODED_RUSTFLAGS", compiler_flags()?)
        .env_remove("RUSTFLAGS"))?;
    let compiled = target
        .join(tools::WASM_TARGET)
        .join("release/tributary_bench.wasm");
    let folder = target.join("bench");
    let bound = folder.join("bound");
    run(tools::command("wasm-bindgen")?
        .args(["--target", "web", "--no-typescript", "--out-dir"])
        .arg(&bound)
        .arg(&compiled))?;
    std::fs::copy(
        bound.join("tributary_bench.js"),
        folder.join("tributary_bench.js"),
    )
    .context("wasm-bindgen left no script")?;
    let small = folder.join("tributary_bench_bg.wasm");
    std::fs::copy(bound.join("tributary_bench_bg.wasm"), &small)
        .context("wasm-bindgen left no wasm")?;
    shrink(&small)?;
    Ok(folder)
}

/// The same steps as a program of this machine.
pub(super) fn build_program() -> Result<PathBuf> {
    println!("Compiling the engine for this machine");
    let target = cargo_target_folder();
    run(Command::new("cargo")
        .args(["build", "--quiet", "--release", "--locked"])
        .args(["--package=tributary-bench", "--example=native"])
        .current_dir(root())
        .env("CARGO_TARGET_DIR", &target))?;
    Ok(target.join("release/examples/native"))
}

/// Everybody has to find what the data were made with, and the engine has to do with a part of
/// the memory.
fn complaints(outcome: &Value) -> Vec<String> {
    let most = |name: &str| outcome["results"][name]["peak"].as_f64();
    let is_small = match (most("wasm"), most("plain-whole")) {
        (Some(own), Some(whole)) => own * PART_OF_MEMORY <= whole,
        _ => true,
    };
    let large = (!is_small).then(|| "the engine takes too much memory".to_owned());
    let wrong = CONTENDERS
        .iter()
        .filter(|(name, _)| outcome["results"][name]["counts"] != outcome["expected"])
        .map(|(name, what)| {
            format!(
                "{what}: counts {} instead of {}",
                outcome["results"][name]["counts"], outcome["expected"]
            )
        });
    wrong.chain(large).collect()
}

/// None where the script left something out.
fn text(outcome: &Value, runs: u32) -> Option<String> {
    let mut text = format!(
        "## Reading and comparing {0} + {0} values\n\n\
         Milliseconds of {runs} runs; how many times what the engine takes, run by run; milliseconds of processor \
         time on all cores (median); MB of page and Worker that stay with the plan; MB at most until it is made, beyond an empty page, \
         and how many times what the engine takes.\n\n\
         | | least | median | greatest | times | processor | stay | at most | times |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        outcome["sizes"]["values"]
    );
    let results = &outcome["results"];
    let most = |result: &Value| result["peak"].as_f64();
    let engine = numbers(&results["wasm"]["millis"])?;
    for (name, what) in CONTENDERS {
        let result = &results[name];
        let millis = numbers(&result["millis"])?;
        let times = Spread::of(millis.iter().zip(&engine).map(|(own, engine)| own / engine))?;
        let millis = Spread::of(millis)?;
        let cpu = Spread::of(numbers(&result["cpu"])?)?;
        writeln!(
            text,
            "| {what} | {:.0} | {:.0} | {:.0} | {} | {:.0} | {} | {} | {} |",
            millis.least(),
            millis.median(),
            millis.greatest(),
            if name == "wasm" {
                "1".to_owned()
            } else {
                format!(
                    "{:.1} ({:.1} to {:.1})",
                    times.median(),
                    times.least(),
                    times.greatest()
                )
            },
            cpu.median(),
            megabytes(&result["stays"]),
            megabytes(&result["peak"]),
            match (most(result), most(&results["wasm"])) {
                (Some(own), Some(engine)) => format!("{:.1}", own / engine),
                _ => "?".to_owned(),
            },
        )
        .ok()?;
    }
    let expected = &outcome["expected"];
    let count = |kind: &str| expected[kind].as_u64();
    writeln!(
        text,
        "\nFound by each of them: {} values pulled, {} same, {} new, {} changed, {} blocked, {} unmapped, {} excluded, in {} slices. \
         The bodies have {} MB as CSV and {} MB as JSON. The engine's linear memory ends at {} MB; it never shrinks.",
        count("pulled")?,
        count("same")?,
        count("new")?,
        count("changed")?,
        count("blocked")?,
        count("unmapped")?,
        count("excluded")?,
        outcome["sizes"]["slices"],
        megabytes(&outcome["sizes"]["csv"]),
        megabytes(&outcome["sizes"]["json"]),
        megabytes(&results["wasm"]["wasmBytes"]),
    )
    .ok()?;
    Some(text)
}

/// A list of numbers; none if it is something else.
pub(super) fn numbers(list: &Value) -> Option<Vec<f64>> {
    list.as_array()?.iter().map(Value::as_f64).collect()
}

/// "?" where it could not be measured: the peak is known on Linux only.
pub(super) fn megabytes(bytes: &Value) -> String {
    bytes
        .as_f64()
        .map_or_else(|| "?".to_owned(), |bytes| format!("{:.0}", bytes / 1e6))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn outcome() -> Value {
        let counts = json!({
            "pulled": 10, "same": 4, "new": 2, "changed": 1, "blocked": 1, "unmapped": 1, "excluded": 1,
        });
        let result = |millis: Value, stays: u64, peak: Value| json!({"millis": millis, "cpu": [900.0], "counts": counts, "stays": stays, "peak": peak, "wasmBytes": 24_000_000});
        json!({
            "chromium": "156",
            "sizes": {"values": 200_000, "csv": 44_000_000, "json": 120_000_000, "slices": 20},
            "expected": counts,
            "results": {
                "wasm": result(json!([500.0, 400.0]), 24_000_000, json!(19_000_000)),
                "plain-json": result(json!([1000.0, 1200.0]), 19_000_000, json!(150_000_000)),
                "plain-csv": result(json!([1500.0, 800.0]), 29_000_000, Value::Null),
                "plain-whole": result(json!([2000.0, 2000.0]), 29_000_000, json!(380_000_000)),
            },
        })
    }

    #[test]
    fn a_row_for_each() {
        let text = text(&outcome(), 2).unwrap();
        for row in [
            "comparing 200000 + 200000 values",
            "| Tributary's engine, CSV | 400 | 450 | 500 | 1 | 900 | 24 | 19 | 1.0 |",
            "| plain JavaScript, JSON | 1000 | 1100 | 1200 | 2.5 (2.0 to 3.0) | 900 | 19 | 150 | 7.9 |",
            "| plain JavaScript, CSV | 800 | 1150 | 1500 | 2.5 (2.0 to 3.0) | 900 | 29 | ? | ? |",
            "| plain JavaScript, JSON, all at once | 2000 | 2000 | 2000 | 4.5 (4.0 to 5.0) | 900 | 29 | 380 | 20.0 |",
        ] {
            assert!(text.contains(row), "{row} in {text}");
        }
    }

    #[test]
    fn other_counts_are_a_complaint() {
        assert_eq!(complaints(&outcome()), Vec::<String>::new());
        let mut other = outcome();
        other["results"]["plain-csv"]["counts"]["new"] = json!(3);
        assert_eq!(complaints(&other).len(), 1);
        other["results"]["wasm"]["peak"] = json!(32_000_000);
        assert_eq!(complaints(&other).len(), 2);
    }

    #[test]
    fn a_result_with_gaps_is_none() {
        let mut gap = outcome();
        gap["results"]["wasm"]["millis"] = Value::Null;
        assert_eq!(text(&gap, 2), None);
    }
}
