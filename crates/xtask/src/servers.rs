//! The sandbox as a program beside this one: built, started, waited for, and ended with its owner.

use crate::workspace::{root, run as run_command};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a server may take until it listens; the sample data are made and stored in that time.
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
    /// Port of each on the loopback address; 0 takes a free one.
    pub ports: (u16, u16),
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
    /// Starts both servers and waits until both listen.
    pub fn start(wanted: &Wanted) -> Result<Self> {
        let destination = port_or_free(wanted.ports.0)?;
        let source = port_or_free(wanted.ports.1)?;
        let program = Command::new(program()?)
            .args([
                "--destination",
                &wanted.destination,
                "--source",
                &wanted.source,
            ])
            .args([
                "--port",
                &destination.to_string(),
                "--source-port",
                &source.to_string(),
            ])
            .args(&wanted.more)
            .spawn()
            .context("cannot start the sandbox")?;
        let mut pair = Self {
            destination: format!("http://localhost:{destination}"),
            source: format!("http://localhost:{source}"),
            program,
        };
        pair.wait_for(destination)?;
        pair.wait_for(source)?;
        Ok(pair)
    }

    /// Waits until somebody interrupts, or the servers end by themselves.
    pub fn run_until_interrupted(mut self) -> Result<()> {
        let status = self.program.wait().context("lost the sandbox")?;
        if !status.success() {
            bail!("the sandbox ended with {status}");
        }
        Ok(())
    }

    fn wait_for(&mut self, port: u16) -> Result<()> {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let started = Instant::now();
        while TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err() {
            if let Some(status) = self.program.try_wait()? {
                bail!("the sandbox ended with {status} before it listened");
            }
            if started.elapsed() > PATIENCE {
                bail!("the sandbox does not listen on port {port}");
            }
            sleep(Duration::from_millis(100));
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

fn port_or_free(port: u16) -> Result<u16> {
    if port != 0 {
        return Ok(port);
    }
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("there is no free port")?;
    Ok(listener.local_addr()?.port())
}
