//! `cargo xtask e2e`: the stories of `tests/e2e` in a browser.
//!
//! By default against two sandbox pairs in memory: one with the small set-up with which real
//! servers were recorded, one with the sample country, where faults are ordered. With two
//! addresses the first kind of stories runs, the same, against any two DHIS2 servers that hold
//! that set-up. `-- --project=screens` takes pictures of all screens instead.

use crate::servers::{Pair, Wanted, install};
use crate::workspace::{e2e_folder, run as run_command};
use crate::{fresh, tools};
use anyhow::{Result, bail};
use std::ffi::OsString;
use std::process::Command;

/// The stories that any two servers with the set-up of the recordings can tell.
const ANY_SERVERS: &str = "--project=stories";
/// The stories that need a server which fails on order.
const SANDBOX_ONLY: &str = "--project=bad-days";

/// What `cargo xtask e2e` takes.
#[derive(clap::Args, Default)]
pub struct Options {
    /// Address of a DHIS2 to install the app in, or version of the sandbox's (2.42 if not given).
    #[arg(long, value_name = "URL|VERSION")]
    destination: Option<String>,
    /// Address of a DHIS2 to bring values from, as the destination reaches it, or version of the sandbox's (2.41).
    #[arg(long, value_name = "URL|VERSION")]
    source: Option<String>,
    /// Load the set-up of the recordings into the two given servers first.
    #[arg(long, requires = "destination", requires = "source")]
    seed: bool,
    /// Arguments of Playwright, after `--`: `-- --grep smoke`.
    #[arg(last = true)]
    playwright: Vec<String>,
}

/// Holds the stories and their steps against their types; Playwright itself takes no notice of them.
pub fn check_types() -> Result<()> {
    tools::ensure_npm_packages()?;
    let mut tsc = Command::new(tools::npm_program("tsc"));
    run_command(tsc.args(["--project", "."]).current_dir(e2e_folder()))
}

/// Builds what is out of date, starts servers if none are given, installs the app, runs the stories.
pub fn run(options: &Options) -> Result<()> {
    tools::ensure_npm_packages()?;
    let chromium = tools::chromium()?;
    let zip = fresh::zip()?;
    let mut command = Command::new(tools::npm_program("playwright"));
    command
        .arg("test")
        .args(&options.playwright)
        .current_dir(e2e_folder())
        .env("CHROMIUM", chromium);
    let names_a_project = options
        .playwright
        .iter()
        .any(|argument| argument.starts_with("--project"));
    let (destination, source) = (options.destination.as_deref(), options.source.as_deref());
    if let (Some(destination), Some(source)) = (destination, source)
        && is_address(destination)
        && is_address(source)
    {
        if options.seed {
            seed([destination, source])?;
        }
        install(&zip, destination)?;
        if !names_a_project {
            command.arg(ANY_SERVERS);
        }
        return run_command(
            command
                .env("TRIBUTARY_DESTINATION", destination)
                .env("TRIBUTARY_SOURCE", source),
        );
    }
    if [destination, source].into_iter().flatten().any(is_address) {
        bail!("give both addresses, or none");
    }
    let versions = (destination.unwrap_or("2.42"), source.unwrap_or("2.41"));
    let recorded = Pair::start_bare(versions, &manner())?;
    let sample = Pair::start(&Wanted {
        destination: versions.0.to_owned(),
        source: versions.1.to_owned(),
        ports: (0, 0),
        data: None,
        more: manner().to_vec(),
    })?;
    seed([&recorded.destination, &recorded.source])?;
    for server in [&recorded.destination, &sample.destination] {
        install(&zip, server)?;
    }
    if !names_a_project {
        command.args([ANY_SERVERS, SANDBOX_ONLY]);
    }
    // The servers end when this function does.
    run_command(
        command
            .env("TRIBUTARY_DESTINATION", &recorded.destination)
            .env("TRIBUTARY_SOURCE", &recorded.source)
            .env("TRIBUTARY_SAMPLE_DESTINATION", &sample.destination)
            .env("TRIBUTARY_SAMPLE_SOURCE", &sample.source),
    )
}

/// Loads the set-up of the recordings into bare servers.
fn seed(servers: [&str; 2]) -> Result<()> {
    for server in servers {
        run_command(
            Command::new("node")
                .arg(e2e_folder().join("seed.mjs"))
                .arg(server),
        )?;
    }
    Ok(())
}

/// The date of the recordings, so that each run meets the same periods; the policy of a strict
/// proxy, so that a violation is seen.
fn manner() -> [OsString; 3] {
    ["--strict-proxy", "--today", "2026-11-22"].map(OsString::from)
}

fn is_address(value: &str) -> bool {
    value.starts_with("http://") || value.starts_with("https://")
}
