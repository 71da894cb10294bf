//! What a first visit costs on the wire, held by the build.
//!
//! Half of the people meant are on slow lines: 350 KiB are about two seconds at 1.6 Mbit/s and
//! seven at 400 kbit/s. DHIS2 compresses nothing, so a file counts as it lies in the bundle.

use anyhow::{Result, bail};
use std::collections::BTreeMap;

/// The goal for the first usable screen, everything together.
pub const FIRST_SCREEN: usize = 350 * 1024;
/// The goal for the gzipped wasm alone.
const WASM: usize = 250 * 1024;

/// What the first screen may cost until the goal is met: the figure reached so far and a
/// little air. It may only go down; the build fails above it.
pub const FIRST_SCREEN_CEILING: usize = 840 * 1024;

/// A row of the table: what it is, and how the names of its files begin and end.
const FIRST_SCREEN_PARTS: [(&str, &str, &str); 11] = [
    ("page", "index", ".html"),
    ("build number", "version", ".json"),
    ("loader", "loader.", ".js"),
    ("style", "style.", ".css"),
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
    println!(
        "  {:<34}{sum:>10}  goal {FIRST_SCREEN}, ceiling {FIRST_SCREEN_CEILING}",
        "together"
    );
    println!("  {:<34}{wasm:>10}  goal {WASM}", "wasm alone");
    if sum > FIRST_SCREEN_CEILING {
        bail!(
            "the first screen costs more than it did: {sum} bytes, the ceiling is {FIRST_SCREEN_CEILING}"
        );
    }
    if sum > FIRST_SCREEN || wasm > WASM {
        println!("  The goal is not met yet: see docs/adr/0004.");
    }
    Ok(())
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
