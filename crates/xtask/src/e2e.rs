//! `cargo xtask e2e`: the stories of `tests/e2e` in a browser.
//!
//! By default against a new sandbox pair in memory. With two addresses the same stories run against any two
//! DHIS2 servers that hold the small set-up with which real servers were recorded.

use crate::servers::{Pair, Wanted, install};
use crate::workspace::{e2e_folder, run as run_command};
use crate::{fresh, tools};
use anyhow::{Result, bail};
use std::ffi::OsString;
use std::process::Command;

/// What `cargo xtask e2e` takes.
#[derive(clap::Args, Default)]
pub struct Options {
    /// Address of a DHIS2 to install the app in, or version of the sandbox's (2.42 if not given).
    #[arg(long, value_name = "URL|VERSION")]
    destination: Option<String>,
    /// Address of a DHIS2 to bring values from, as the destination reaches it, or version of the sandbox's (2.41).
    #[arg(long, value_name = "URL|VERSION")]
    source: Option<String>,
    /// Arguments of Playwright, after `--`: `-- --grep smoke`.
    #[arg(last = true)]
    playwright: Vec<String>,
}

/// Builds what is out of date, starts servers if none are given, installs the app, runs the stories.
pub fn run(options: &Options) -> Result<()> {
    tools::ensure_npm_packages()?;
    let chromium = tools::chromium()?;
    let zip = fresh::zip()?;
    let (destination, source) = (options.destination.as_deref(), options.source.as_deref());
    let (pair, addresses, setup) = match (destination, source) {
        (Some(destination), Some(source)) if is_address(destination) && is_address(source) => (
            None,
            (destination.to_owned(), source.to_owned()),
            "recordings",
        ),
        _ if [destination, source].into_iter().flatten().any(is_address) => {
            bail!("give both addresses, or none");
        }
        _ => {
            let pair = Pair::start(&wanted(destination, source))?;
            let addresses = (pair.destination.clone(), pair.source.clone());
            (Some(pair), addresses, "sample")
        }
    };
    install(&zip, &addresses.0)?;
    let outcome = run_command(
        Command::new(tools::npm_program("playwright"))
            .arg("test")
            .args(&options.playwright)
            .current_dir(e2e_folder())
            .env("CHROMIUM", chromium)
            .env("TRIBUTARY_DESTINATION", addresses.0)
            .env("TRIBUTARY_SOURCE", addresses.1)
            .env("TRIBUTARY_SETUP", setup),
    );
    drop(pair);
    outcome
}

fn wanted(destination: Option<&str>, source: Option<&str>) -> Wanted {
    Wanted {
        destination: destination.unwrap_or("2.42").to_owned(),
        source: source.unwrap_or("2.41").to_owned(),
        ports: (0, 0),
        data: None,
        // The date of the recordings, so that each run meets the same periods.
        more: ["--strict-proxy", "--today", "2026-11-22"]
            .map(OsString::from)
            .to_vec(),
    }
}

fn is_address(value: &str) -> bool {
    value.starts_with("http://") || value.starts_with("https://")
}
