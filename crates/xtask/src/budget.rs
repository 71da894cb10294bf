//! What a first visit costs on the wire, held by the build.
//!
//! Half of the people meant are on slow lines: 350 KiB are about two seconds at 1.6 Mbit/s and
//! seven at 400 kbit/s. DHIS2 compresses nothing, so a file counts as it lies in the bundle.

use anyhow::{Result, bail};
use std::collections::BTreeMap;

/// The most that the first usable screen may cost, everything together.
pub const FIRST_SCREEN: usize = 350 * 1024;
/// The most that the gzipped wasm of the first screen may cost.
const WASM: usize = 250 * 1024;

/// A row of the table: what it is, and how the names of its files begin and end.
const FIRST_SCREEN_PARTS: [(&str, &str, &str); 12] = [
    ("page", "index", ".html"),
    ("build number", "version", ".json"),
    ("loader", "loader.", ".js"),
    ("style of the page", "style.", ".css"),
    ("style of the screens", "screens.", ".css.gz"),
    ("fetching", "files.", ".js"),
    ("glue", "app.", ".js"),
    ("loader of the parts", "parts.", ".js"),
    ("wasm", "app.", ".wasm.gz"),
    ("worker", "worker.", ".js"),
    ("fonts (2)", "roboto-latin-", "-normal."),
    ("texts (largest of the languages)", "text.", ".json.gz"),
];

/// Prints the table and fails when a budget is exceeded.
pub fn check(files: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    let mut sum = 0;
    let mut wasm = 0;
    println!("{:<36}{:>10}", "On the wire to the first screen", "bytes");
    for (what, start, end) in FIRST_SCREEN_PARTS {
        let sizes = files
            .iter()
            .filter(|(name, _)| belongs(name, start, end))
            .map(|(_, content)| content.len());
        let bytes: usize = if what.starts_with("texts") {
            sizes.max().unwrap_or(0)
        } else {
            sizes.sum()
        };
        if bytes == 0 {
            bail!("the bundle has no file for: {what}");
        }
        if what == "wasm" {
            wasm = bytes;
        }
        sum += bytes;
        println!("  {what:<34}{bytes:>10}");
    }
    println!("  {:<34}{sum:>10}  at most {FIRST_SCREEN}", "together");
    println!("  {:<34}{wasm:>10}  at most {WASM}", "wasm alone");
    println!(
        "  {:<34}{:>10}",
        "parts that are loaded later",
        later(files)
    );
    if sum > FIRST_SCREEN || wasm > WASM {
        bail!(
            "the first screen is over its budget. See docs/adr/0010: what it does not need can go into a part of its own"
        );
    }
    Ok(())
}

/// What the gzipped parts of the wasm cost that the first screen does not need.
fn later(files: &BTreeMap<String, Vec<u8>>) -> usize {
    let parts = files
        .iter()
        .filter(|(name, _)| name.ends_with(".wasm.gz") && !name.starts_with("app."));
    parts.map(|(_, content)| content.len()).sum()
}

/// Fonts: `roboto-latin-400-normal.<hash>.woff2`, not those of further scripts, which few pages load.
fn belongs(name: &str, start: &str, end: &str) -> bool {
    let ends = if end == "-normal." {
        name.contains(end) && !name.starts_with("roboto-latin-ext")
    } else {
        name.ends_with(end)
    };
    name.starts_with(start) && ends
}
