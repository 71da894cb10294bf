//! `cargo xtask test --only deny`: licences, origins and banned crates by cargo-deny and `deny.toml`.
//!
//! Its fourth check, known vulnerabilities, needs a list from outside the package registries and is left out.

use crate::tools;
use crate::workspace::{root, run as run_command};
use anyhow::Result;

/// Runs cargo-deny over the whole workspace.
pub fn run() -> Result<()> {
    tools::ensure_cargo_deny()?;
    run_command(
        tools::command("cargo-deny")?
            .args([
                "--workspace",
                "--locked",
                "check",
                "--hide-inclusion-graph",
                "licenses",
                "bans",
                "sources",
            ])
            .current_dir(root()),
    )?;
    println!(
        "Not asked: known vulnerabilities (cargo deny check advisories, where there is internet)"
    );
    Ok(())
}
