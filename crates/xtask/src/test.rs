//! `cargo xtask test`: everything that has to hold, cheapest first, each step with its time.
//!
//! All steps share one target folder. What costs most is the second build that proves the zip
//! reproducible: it is made with `--full`, and where `CI` is set.

use crate::workspace::{root, run as run_command};
use crate::{conformance, deny, dist, e2e, fresh, tidy};
use anyhow::{Context, Result};
use clap::ValueEnum;
use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

/// What `cargo xtask test` takes.
#[derive(clap::Args)]
pub struct Options {
    /// Run only this step; may be given more than once.
    #[arg(long, value_name = "STEP")]
    only: Vec<Step>,
    /// Also build a second time from nothing and compare the zips (always where CI is set).
    #[arg(long)]
    full: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Step {
    /// Sources are formatted.
    Format,
    /// Clippy has nothing to say, natively and for the browser, and TypeScript nothing to the stories.
    Lint,
    /// The project's own rules: layers, texts, file heads and lengths.
    Tidy,
    /// Licences and origins of dependencies.
    Deny,
    /// Unit, property and replay tests.
    Unit,
    /// Every parser of bytes from outside holds for the fuzz targets' seeds and mutations of them.
    Fuzz,
    /// The sandbox is, in each version, as the client expects a server to be; docs/servers.md is up to date.
    Conformance,
    /// The bundle is built and within its budget; with --full, twice the same.
    Bundle,
    /// The stories in a browser.
    Stories,
}

/// Runs the steps in order and stops at the first that fails.
pub fn run(options: &Options) -> Result<()> {
    let full = options.full || env::var_os("CI").is_some_and(|value| !value.is_empty());
    let mut times = Vec::new();
    for step in Step::value_variants() {
        if !options.only.is_empty() && !options.only.contains(step) {
            continue;
        }
        println!("\n== {}", step.name());
        let started = Instant::now();
        step.run(full).with_context(|| {
            format!(
                "{} failed after {}",
                step.name(),
                seconds(started.elapsed())
            )
        })?;
        times.push((step, started.elapsed()));
    }
    println!();
    for (step, time) in &times {
        println!("{:<12}{:>10}", step.name(), seconds(*time));
    }
    Ok(())
}

impl Step {
    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    fn run(self, full: bool) -> Result<()> {
        match self {
            Self::Format => cargo(&["fmt", "--all", "--check"]),
            Self::Lint => {
                cargo(&[
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--locked",
                    "--",
                    "--deny=warnings",
                ])?;
                cargo(&[
                    "clippy",
                    "--package=tributary",
                    "--target=wasm32-unknown-unknown",
                    "--locked",
                    "--",
                    "--deny=warnings",
                ])?;
                e2e::check_types()
            }
            Self::Tidy => tidy::run(),
            Self::Deny => deny::run(),
            Self::Unit => cargo(&["test", "--workspace", "--locked"]),
            // A package of its own, for cargo-fuzz; this part of it does without.
            Self::Fuzz => cargo(&[
                "test",
                "--manifest-path=fuzz/Cargo.toml",
                "--no-default-features",
            ]),
            Self::Conformance => conformance::step(),
            Self::Bundle if full => {
                dist::run(&dist::Options { check: true })?;
                fresh::note()
            }
            Self::Bundle => fresh::zip().map(|_| ()),
            Self::Stories => e2e::run(&e2e::Options::default()),
        }
    }
}

fn cargo(arguments: &[&str]) -> Result<()> {
    run_command(Command::new("cargo").args(arguments).current_dir(root()))
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
