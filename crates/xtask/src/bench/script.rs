//! The measuring itself is done by scripts of `tests/bench`, which drive the browser.

use crate::workspace::root;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a script: shows what it prints and gives back its last line, which is JSON.
pub(super) fn run(name: &str, chromium: &Path, arguments: &[&OsStr]) -> Result<Value> {
    let mut program = Command::new("node")
        .arg(root().join("tests/bench").join(name))
        .args(arguments)
        .env("CHROMIUM", chromium)
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start node")?;
    let output = program.stdout.take().context("the script has no output")?;
    let mut last = String::new();
    for line in BufReader::new(output).lines() {
        let line = line.context("cannot read what the script prints")?;
        if !line.starts_with('{') {
            println!("{line}");
        }
        last = line;
    }
    let status = program.wait().context("lost the script")?;
    if !status.success() {
        bail!("tests/bench/{name} ended with {status}");
    }
    serde_json::from_str(&last).with_context(|| format!("tests/bench/{name} gave no result"))
}
