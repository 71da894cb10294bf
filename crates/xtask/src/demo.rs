//! `cargo xtask demo`: two stand-in servers with sample data, and the app installed in one of them.
//!
//! What is done there is kept until the next start with `--fresh`.

use crate::fresh;
use crate::servers::{Pair, Wanted, install};
use crate::workspace::root;
use anyhow::Result;
use std::ffi::OsString;

/// What `cargo xtask demo` takes.
#[derive(clap::Args)]
pub struct Options {
    /// Version of the DHIS2 that the app is installed in.
    #[arg(long, value_name = "VERSION", default_value = "2.42")]
    destination: String,
    /// Version of the DHIS2 that values come from.
    #[arg(long, value_name = "VERSION", default_value = "2.41")]
    source: String,
    /// Port of the destination; the source has the next one.
    #[arg(long, default_value_t = 8085)]
    port: u16,
    /// Start over with the sample data.
    #[arg(long)]
    fresh: bool,
    /// Further arguments of the sandbox, after `--`.
    #[arg(last = true)]
    more: Vec<OsString>,
}

/// Builds what is out of date, starts, installs, and stays until Ctrl-C.
pub fn run(options: &Options) -> Result<()> {
    let zip = fresh::zip()?;
    let mut more = options.more.clone();
    if options.fresh {
        more.push("--fresh".into());
    }
    let pair = Pair::start(&Wanted {
        destination: options.destination.clone(),
        source: options.source.clone(),
        ports: (options.port, options.port.saturating_add(1)),
        // Two versions do not share their state: a database is of one version.
        data: Some(root().join(format!(
            "target/demo/{}-from-{}",
            options.destination, options.source
        ))),
        more,
    })?;
    install(&zip, &pair.destination)?;
    println!(
        "
Open       {}/api/apps/tributary/index.html
Log in as  manager / Manager1!   sets up connections, mappings and exchanges
           clerk / Clerk123!     imports for one district
           admin / district      may do everything
Source     {}  (reader / Reader123!)
End with Ctrl-C.
",
        pair.destination, pair.source
    );
    pair.run_until_interrupted()
}
