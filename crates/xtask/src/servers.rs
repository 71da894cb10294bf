//! The sandbox as a program beside this one: built, started, waited for, and ended with its owner.

use crate::workspace::{built, root, run as run_command};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::spawn;
use std::time::Duration;

/// How long the servers may take until they are ready; the sample data are made and stored in that time.
const PATIENCE: Duration = Duration::from_secs(180);

/// A destination and a source that run until this is dropped.
pub struct Pair {
    /// Address of the DHIS2 that values are brought into.
    pub destination: String,
    /// Address of the DHIS2 that they come from.
    pub source: String,
    programs: Vec<Running>,
}

/// A server that runs until this is dropped.
pub struct One {
    /// Its address.
    pub address: String,
    _program: Running,
}

/// A program that ends with its owner.
struct Running(Child);

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
        let (program, lines) = Running::start(command.args(&wanted.more))?;
        // It says where each server is once it is ready: `destination: DHIS2 2.42 at http://…`.
        let mut addresses = [String::new(), String::new()];
        while addresses.iter().any(String::is_empty) {
            match addressed(&next_line(&lines)?) {
                Some(("destination", address)) => address.clone_into(&mut addresses[0]),
                Some(("source", address)) => address.clone_into(&mut addresses[1]),
                _ => {}
            }
        }
        let [destination, source] = addresses;
        Ok(Self {
            destination,
            source,
            programs: vec![program],
        })
    }

    /// Starts two bare servers, in memory and on free ports.
    pub fn start_bare(versions: (&str, &str), more: &[OsString]) -> Result<Self> {
        let (destination, first) = bare(versions.0, more)?;
        let (source, second) = bare(versions.1, more)?;
        Ok(Self {
            destination,
            source,
            programs: vec![first, second],
        })
    }

    /// Waits until somebody interrupts, or the servers end by themselves.
    pub fn run_until_interrupted(mut self) -> Result<()> {
        for program in &mut self.programs {
            let status = program.0.wait().context("lost the sandbox")?;
            if !status.success() {
                bail!("the sandbox ended with {status}");
            }
        }
        Ok(())
    }
}

impl One {
    /// Starts a bare server, in memory and on a free port.
    pub fn start_bare(version: &str, more: &[OsString]) -> Result<Self> {
        let (address, program) = bare(version, more)?;
        Ok(Self {
            address,
            _program: program,
        })
    }
}

/// One bare DHIS2 of a version, with its address.
fn bare(version: &str, more: &[OsString]) -> Result<(String, Running)> {
    let mut command = Command::new(program()?);
    command.args(["--version", version, "--port", "0", "--empty"]);
    let (program, lines) = Running::start(command.args(more))?;
    loop {
        if let Some((_, address)) = addressed(&next_line(&lines)?) {
            return Ok((address.to_owned(), program));
        }
    }
}

impl Running {
    /// Starts a sandbox and hands on the lines that it writes.
    fn start(command: &mut Command) -> Result<(Self, Receiver<String>)> {
        let mut program = command
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the sandbox")?;
        let output = program.stdout.take();
        // Owned from here on, so that it ends whatever happens next.
        let running = Self(program);
        let output = output.context("the sandbox has no output")?;
        Ok((running, shown_lines(output)))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both calls fail only when it has ended already.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn next_line(lines: &Receiver<String>) -> Result<String> {
    lines.recv_timeout(PATIENCE).with_context(|| {
        let seconds = PATIENCE.as_secs();
        format!("the sandbox ended, or was not ready within {seconds} s")
    })
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

fn program() -> Result<PathBuf> {
    built("sandbox")
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

/// `("source", "http://localhost:8081")` of `source:  DHIS2 2.41 at http://localhost:8081 (…)`;
/// the word is empty where there is none before the address (`DHIS2 2.41 at http://…`).
fn addressed(line: &str) -> Option<(&str, &str)> {
    let (which, rest) = match line.split_once(": ") {
        Some((which, rest)) => (which, rest),
        None => ("", line),
    };
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
        assert_eq!(
            addressed("DHIS2 2.42 at http://localhost:8242 (admin:district)"),
            Some(("", "http://localhost:8242"))
        );
        assert_eq!(addressed("2.42 GET /api/me 200 3 ms"), None);
    }
}
