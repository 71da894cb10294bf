//! `cargo xtask simulate`: the whole engine against model servers, seed by seed, and a look at
//! one seed that failed. The simulation itself is the program of `crates/simulation`.

use crate::workspace::{built, run as start};
use anyhow::Result;
use std::ffi::OsString;
use std::process::Command;

/// What `cargo xtask simulate` takes: whatever the simulation takes.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub struct Options {
    /// --seeds 1000, --from 5000, --seed 17; --help says more.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Lives through the seeds that the arguments name.
pub fn run(options: &Options) -> Result<()> {
    start(Command::new(built("simulation")?).args(&options.arguments))
}
