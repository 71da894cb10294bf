//! `cargo xtask bench`: how quick the app is, measured in a browser and held against plain JavaScript.
//!
//! Five parts: reading and comparing a million values of each side ([`compare`]), what a value costs
//! from ten thousand to five million ([`native`]), the first visit over a slow line ([`start`]),
//! the memory and the browsing of a plan of a million values in the app ([`browse`]), and an import of which one value of a hundred
//! changed ([`one_percent`]). Each prints a table; with
//! `--write` they also become `docs/performance.md`. Times fail nothing, because they are those of a
//! machine; wrong counts, too many bytes and a page that is held up do.

mod browse;
mod compare;
mod native;
mod one_percent;
mod paper;
mod script;
mod spread;
mod start;

use crate::tools;
use anyhow::{Result, bail};
use clap::ValueEnum;

/// What `cargo xtask bench` takes.
#[derive(clap::Args)]
pub struct Options {
    /// Measure only this.
    #[arg(long, value_name = "PART")]
    only: Option<Part>,
    /// How often each is measured; 5 for compare and 3 for the others if not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    runs: Option<u32>,
    /// How many values each side has in the browser; a multiple of 10 000.
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    values: u32,
    /// Write what was measured into docs/performance.md; needs all parts.
    #[arg(long, conflicts_with = "only")]
    write: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Reading and comparing values, against plain JavaScript.
    Compare,
    /// What a value costs, from ten thousand to five million of them, without a browser.
    Native,
    /// The first usable screen over slow lines, and its bytes.
    Start,
    /// A plan of a million values in the app: its memory, and whether the page is ever held up.
    Browse,
    /// An import of which one value of a hundred changed, beside sending everything again, by the
    /// clock: some twenty minutes.
    OnePercent,
}

/// What a part found.
struct Section {
    /// Heading and tables in Markdown, for the terminal and the paper.
    text: String,
    /// Release of the browser, `156.0.8078.79`.
    chromium: String,
    /// What must not be so.
    complaints: Vec<String>,
}

/// Measures, prints, and writes if asked to.
pub fn run(options: &Options) -> Result<()> {
    tools::ensure_build_tools()?;
    let chromium = tools::chromium()?;
    let wanted = |part| options.only.is_none_or(|only| only == part);
    let mut sections = Vec::new();
    if wanted(Part::Compare) {
        sections.push(compare::measure(
            &chromium,
            options.runs.unwrap_or(5),
            options.values,
        )?);
    }
    if wanted(Part::Native) {
        sections.push(native::measure(&chromium, options.runs.unwrap_or(3))?);
    }
    if wanted(Part::Start) {
        sections.push(start::measure(&chromium, options.runs.unwrap_or(3))?);
    }
    if wanted(Part::Browse) {
        sections.push(browse::measure(&chromium)?);
    }
    if wanted(Part::OnePercent) {
        sections.push(one_percent::measure()?);
    }
    let machine = paper::machine(&sections);
    println!("\nMachine: {machine}");
    for section in &sections {
        println!("\n{}", section.text);
    }
    let complaints: Vec<&str> = sections
        .iter()
        .flat_map(|section| &section.complaints)
        .map(String::as_str)
        .collect();
    if !complaints.is_empty() {
        bail!("{}", complaints.join("; "));
    }
    if options.write {
        paper::write(&machine, &sections)?;
    }
    Ok(())
}
