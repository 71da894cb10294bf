//! The sandbox as a program beside this one: built, started, waited for, and ended with its owner.

use crate::workspace::{root, run as run_command};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::spawn;
use std::time::{Duration, Instant};

/// How long the servers may take until they are ready; the sample data are made and stored in that time.
const PATIENCE: Duration = Duration::from_secs(180);

/// A destination and a source that run until this is dropped.
pub struct Pair {
    /// Address of the DHIS2 that values are brought into.
    pub destination: String,
    /// Address of the DHIS2 that they come from.
    pub source: String,
    program: Child,
}

/// How a pair is to be.
pub struct Wanted {
    /// Version of the destination, `2.42`.
    pub destination: String,
    /// Version of the source.
    pub source: String,
    /// Port of each on the loopback address, destination first; 0 takes a free one.
    pub ports: (u16, u16),
    /// Where their state is kept; none keeps it in memory.
    pub data: Option<PathBuf>,
    /// Further arguments of the sandbox.
    pub more: Vec<OsString>,
}

/// What `cargo xtask sandbox` takes: whatever the sandbox takes.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub struct Options {
    /// Arguments of the sandbox; --help lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<OsString>,
}

/// Builds the sandbox and runs it with the given arguments until it is interrupted.
pub fn run(options: &Options) -> Result<()> {
    let status = Command::new(program()?)
        .args(&options.arguments)
        .status()
        .context("cannot start the sandbox")?;
    if !status.success() {
        bail!("the sandbox ended with {status}");
    }
    Ok(())
}

impl Pair {
    /// Starts both servers and waits until both are ready.
    pub fn start(wanted: &Wanted) -> Result<Self> {
        let mut command = Command::new(program()?);
        command
            .arg("demo")
            .args(["--destination", &wanted.destination])
            .args(["--source", &wanted.source])
            .args(["--destination-port", &wanted.ports.0.to_string()])
            .args(["--source-port", &wanted.ports.1.to_string()]);
        if let Some(folder) = &wanted.data {
            command.arg("--data").arg(folder);
        }
        let mut program = command
            .args(&wanted.more)
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the sandbox")?;
        let output = program.stdout.take().context("the sandbox has no output")?;
        let mut pair = Self {
            destination: String::new(),
            source: String::new(),
            program,
        };
        pair.wait_for_addresses(&shown_lines(output))?;
        Ok(pair)
    }

    /// The sandbox says where each server is once it is ready: `destination: DHIS2 2.42 at http://…`.
    fn wait_for_addresses(&mut self, lines: &Receiver<String>) -> Result<()> {
        let started = Instant::now();
        while self.destination.is_empty() || self.source.is_empty() {
            let left = PATIENCE.saturating_sub(started.elapsed());
            let Ok(line) = lines.recv_timeout(left) else {
                bail!(
                    "the sandbox ended, or was not ready within {} s",
                    PATIENCE.as_secs()
                );
            };
            match addressed(&line) {
                Some(("destination", address)) => self.destination = address.to_owned(),
                Some(("source", address)) => self.source = address.to_owned(),
                _ => {}
            }
        }
        Ok(())
    }

    /// Waits until somebody interrupts, or the servers end by themselves.
    pub fn run_until_interrupted(mut self) -> Result<()> {
        let status = self.program.wait().context("lost the sandbox")?;
        if !status.success() {
            bail!("the sandbox ended with {status}");
        }
        Ok(())
    }
}

impl Drop for Pair {
    fn drop(&mut self) {
        // Both calls fail only when it has ended already.
        self.program.kill().ok();
        self.program.wait().ok();
    }
}

/// Installs the zip in a DHIS2 by `POST /api/apps`, as App Management does.
pub fn install(zip: &Path, server: &str) -> Result<()> {
    run_command(
        Command::new("node")
            .arg(root().join("tests/e2e/install.mjs"))
            .arg(server)
            .arg(zip),
    )
}

/// Builds the sandbox with the features that `cargo test --workspace` builds it with, so that both share the work.
fn program() -> Result<PathBuf> {
    run_command(
        Command::new("cargo")
            .args([
                "build",
                "--quiet",
                "--locked",
                "--workspace",
                "--bin=sandbox",
            ])
            .current_dir(root()),
    )?;
    Ok(crate::build::cargo_target_folder().join("debug/sandbox"))
}

/// Hands on each line of the sandbox's output and shows it; goes on showing when nobody takes them any more.
fn shown_lines(output: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            println!("{line}");
            sender.send(line).ok();
        }
    });
    receiver
}

/// `("source", "http://localhost:8081")` of `source:  DHIS2 2.41 at http://localhost:8081 (…)`.
fn addressed(line: &str) -> Option<(&str, &str)> {
    let (which, rest) = line.split_once(':')?;
    let address = rest
        .split_whitespace()
        .find(|word| word.starts_with("http://"))?;
    Some((which, address.trim_end_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::addressed;

    #[test]
    fn addresses_are_read() {
        assert_eq!(
            addressed("source:      DHIS2 2.41 at http://localhost:8081 (admin:district)"),
            Some(("source", "http://localhost:8081"))
        );
        assert_eq!(addressed("2.42 GET /api/me 200 3 ms"), None);
    }
}
