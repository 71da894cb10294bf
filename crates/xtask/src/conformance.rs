//! `cargo xtask conformance`: holds a DHIS2 server against what the client expects of it; and
//! `cargo xtask servers-doc`, which writes the part of docs/servers.md that comes from the
//! same lists.
//!
//! The suite itself is the program of `crates/conformance`; as a step of `cargo xtask test` it
//! runs against the sandbox in each version, and the document has to be up to date.

use crate::servers::One;
use crate::workspace::{built, root};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The versions that the sandbox stands in for.
const VERSIONS: [&str; 4] = ["2.40", "2.41", "2.42", "2.43"];
/// The date of the recorded servers, which the sandbox is given.
const TODAY: &str = "2026-11-22";

const DOCUMENT: &str = "docs/servers.md";
const BEGIN: &str = "<!-- written by cargo xtask servers-doc -->\n";
const END: &str = "<!-- end of what cargo xtask servers-doc writes -->\n";

/// What `cargo xtask conformance` takes: whatever the suite takes.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub struct Options {
    /// --base URL --admin USER:PASSWORD and more; --help lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Runs the suite against the server that the arguments name.
pub fn run(options: &Options) -> Result<()> {
    let mut command = Command::new(program()?);
    command.arg("run").args(&options.arguments);
    finish(command)
}

/// Hands this process over, so that Ctrl-C reaches the suite alone and it can clean up.
#[cfg(unix)]
fn finish(mut command: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec()).context("cannot start the suite")
}

#[cfg(not(unix))]
fn finish(mut command: Command) -> Result<()> {
    let status = command.status().context("cannot start the suite")?;
    if !status.success() {
        bail!("the suite ended with {status}");
    }
    Ok(())
}

/// The step of `cargo xtask test`.
pub fn step() -> Result<()> {
    let program = program()?;
    document_is_up_to_date(&program)?;
    let mut not_good = Vec::new();
    for version in VERSIONS {
        let today = ["--today", TODAY].map(OsString::from);
        let server = One::start_bare(version, &today)?;
        let status = Command::new(&program)
            .args(["run", "--brief", "--base", &server.address])
            .args(["--admin", "admin:district"])
            .status()
            .context("cannot start the suite")?;
        if !status.success() {
            not_good.push(version);
        }
    }
    if !not_good.is_empty() {
        bail!(
            "the sandbox does not behave as DHIS2 {}",
            not_good.join(", ")
        );
    }
    Ok(())
}

/// Writes the generated part of the document anew.
pub fn write_document() -> Result<()> {
    let path = root().join(DOCUMENT);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {DOCUMENT}"))?;
    let text = with_generated(&text, &generated(&program()?)?)?;
    fs::write(&path, text).with_context(|| format!("cannot write {DOCUMENT}"))
}

fn document_is_up_to_date(program: &PathBuf) -> Result<()> {
    let path = root().join(DOCUMENT);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {DOCUMENT}"))?;
    if with_generated(&text, &generated(program)?)? != text {
        bail!("{DOCUMENT} is not up to date: cargo xtask servers-doc");
    }
    Ok(())
}

/// What the suite's program prints for the document.
fn generated(program: &PathBuf) -> Result<String> {
    let output = Command::new(program)
        .arg("document")
        .output()
        .context("cannot start the suite")?;
    if !output.status.success() {
        bail!("the suite cannot print its document");
    }
    String::from_utf8(output.stdout).context("the document is not UTF-8")
}

/// The document with its generated part replaced.
fn with_generated(text: &str, generated: &str) -> Result<String> {
    let lost = || {
        format!(
            "{DOCUMENT} has lost its marks {} {}",
            BEGIN.trim(),
            END.trim()
        )
    };
    let (before, rest) = text.split_once(BEGIN).with_context(lost)?;
    let (_, after) = rest.split_once(END).with_context(lost)?;
    Ok(format!("{before}{BEGIN}\n{generated}\n{END}{after}"))
}

fn program() -> Result<PathBuf> {
    built("conformance")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_part_between_the_marks_is_replaced() {
        let text = format!("# Servers\n{BEGIN}old\n{END}after\n");
        let new = with_generated(&text, "new\n").unwrap();
        assert_eq!(new, format!("# Servers\n{BEGIN}\nnew\n\n{END}after\n"));
        assert_eq!(with_generated(&new, "new\n").unwrap(), new);
        assert!(with_generated("# Servers\n", "new\n").is_err());
    }
}
