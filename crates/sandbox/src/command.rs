//! The command line of the `sandbox` program.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use serde_json::Value;

use crate::demo;
use crate::http::{RunningServer, start};
use crate::options::ServerOptions;
use crate::pace::Pace;
use crate::version::ServerVersion;

/// A stand-in for real DHIS2 servers.
#[derive(Parser)]
#[command(name = "sandbox", args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    bare: Bare,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum Command {
    /// A destination and a source with sample data.
    Demo(Demo),
}

/// One bare DHIS2: only `admin:district`, no metadata.
#[derive(Args)]
struct Bare {
    /// The DHIS2 version: 2.40, 2.41, 2.42 or 2.43.
    #[arg(long, default_value = "2.42")]
    version: ServerVersion,
    /// The port on 127.0.0.1; 0 takes any free one.
    #[arg(long, default_value_t = 8242)]
    port: u16,
    /// No metadata at first (there never is any without --load); kept for clarity.
    #[arg(long)]
    empty: bool,
    /// DHIS2 metadata or data values (JSON) to load; may be repeated.
    #[arg(long, value_name = "FILE")]
    load: Vec<PathBuf>,
    /// Serves a stand-in for the global shell at /apps/{key} (2.42 and later).
    #[arg(long)]
    shell: bool,
}

/// What both ways of starting share.
#[derive(Args, Clone)]
struct Common {
    /// The servers' date (YYYY-MM-DD) instead of the real one.
    #[arg(long, value_parser = date)]
    today: Option<NaiveDate>,
    /// Starts over: removes the database first.
    #[arg(long)]
    fresh: bool,
    /// Where the database files are; without it everything is kept in memory only.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Adds the policy of a strict reverse proxy to the files of apps.
    #[arg(long)]
    strict_proxy: bool,
    /// Prints a line for each request.
    #[arg(long)]
    log: bool,
    /// What routes may reach (2.42 and later), instead of localhost and https; may be repeated.
    #[arg(long, value_name = "GLOB")]
    allow: Vec<String>,
    /// How long reading and writing data values take: `recorded`, as long as they took the real
    /// 2.42.5.2 or 2.43.1 that was measured; without it as quickly as it goes.
    #[arg(long, value_name = "PACE", value_parser = ["recorded"])]
    pace: Option<String>,
}

#[derive(Args)]
struct Demo {
    /// The version of the destination.
    #[arg(long, default_value = "2.42")]
    destination: ServerVersion,
    /// The version of the source.
    #[arg(long, default_value = "2.41")]
    source: ServerVersion,
    /// The destination's port.
    #[arg(long, default_value_t = 8080)]
    destination_port: u16,
    /// The source's port.
    #[arg(long, default_value_t = 8081)]
    source_port: u16,
    /// DHIS2 metadata or data values (JSON) to load on both sides; may be repeated.
    #[arg(long, value_name = "FILE")]
    load: Vec<PathBuf>,
    /// Facilities at the destination, instead of 1200 (100 with --metadata).
    #[arg(long, value_name = "N")]
    facilities: Option<usize>,
    /// Months with values, instead of 24.
    #[arg(long, value_name = "N")]
    months: Option<usize>,
    /// Somebody's DHIS2 metadata (JSON) for both sides instead of the sample's own; the
    /// source has it under other uids. Org units, users and values are made.
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,
    /// With --metadata: the same uids on both sides.
    #[arg(long)]
    same_uids: bool,
    #[command(flatten)]
    common: Common,
}

fn date(text: &str) -> Result<NaiveDate, String> {
    text.parse()
        .map_err(|_| format!("{text} is not a date; write it as 2026-11-22"))
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

impl Common {
    fn options(
        &self,
        version: ServerVersion,
        port: u16,
        name: &str,
    ) -> Result<ServerOptions, Failure> {
        let mut options = ServerOptions::new(version);
        options.port = port;
        options.database = self
            .data
            .as_ref()
            .map(|folder| folder.join(format!("{name}.redb")));
        options.fresh = self.fresh;
        options.today = self.today;
        options.strict_proxy = self.strict_proxy;
        options.log = self.log;
        if !self.allow.is_empty() {
            options.route_allow_list.clone_from(&self.allow);
        }
        if self.pace.is_some() {
            let recorded = Pace::recorded(version);
            options.pace = Some(recorded.ok_or_else(|| format!("{version} was not timed"))?);
        }
        Ok(options)
    }
}

/// Runs the program until it is interrupted.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(e) => {
            eprintln!("{e}");
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(async {
        match cli.command {
            Some(Command::Demo(demo)) => pair(demo).await,
            None => one(cli.bare, cli.common).await,
        }
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::FAILURE
        }
    }
}

async fn one(bare: Bare, common: Common) -> Result<(), Failure> {
    if bare.empty && !bare.load.is_empty() {
        return Err("--empty and --load exclude each other".into());
    }
    let mut options = common.options(bare.version, bare.port, &format!("dhis2-{}", bare.port))?;
    options.shell = bare.shell;
    let running = start(options).await?;
    for file in &bare.load {
        load(&running, file)?;
    }
    println!(
        "DHIS2 {} at {} (admin:district)",
        bare.version, running.base_url
    );
    tokio::signal::ctrl_c().await?;
    running.stop().await;
    Ok(())
}

async fn pair(demo: Demo) -> Result<(), Failure> {
    let common = &demo.common;
    let mut options = common.options(demo.source, demo.source_port, "source")?;
    let source = start(options).await?;
    options = common.options(demo.destination, demo.destination_port, "destination")?;
    options.shell = true;
    let destination = start(options).await?;
    fill(&demo, &destination, &source)?;
    for file in &demo.load {
        load(&source, file)?;
        load(&destination, file)?;
    }
    println!(
        "destination: DHIS2 {} at {} (admin:district)",
        demo.destination, destination.base_url
    );
    println!(
        "source:      DHIS2 {} at {} (admin:district)",
        demo.source, source.base_url
    );
    tokio::signal::ctrl_c().await?;
    destination.stop().await;
    source.stop().await;
    Ok(())
}

/// Puts the sample data into servers that have nothing yet.
fn fill(demo: &Demo, destination: &RunningServer, source: &RunningServer) -> Result<(), Failure> {
    if demo::is_filled(&destination.server) && demo::is_filled(&source.server) {
        return Ok(());
    }
    let dressed = demo.metadata.as_deref().map(read_json).transpose()?;
    let sample = demo::Sample {
        facilities: demo.facilities,
        months: demo.months,
        dressed,
        same_uids: demo.same_uids,
    };
    let today = destination.server.clock.now().date();
    let (for_destination, for_source) = demo::servers(&sample, today);
    let both = [
        (destination, for_destination, "HMIS Lumandé"),
        (source, for_source, "Malaria programme"),
    ];
    for (running, content, name) in both {
        if !demo::is_filled(&running.server) {
            demo::fill(&running.server, &content)?;
            demo::name(&running.server, name)?;
        }
    }
    Ok(())
}

fn read_json(file: &std::path::Path) -> Result<Value, Failure> {
    let text = std::fs::read(file).map_err(|e| format!("{}: {e}", file.display()))?;
    serde_json::from_slice(&text).map_err(|e| format!("{}: {e}", file.display()).into())
}

/// Loads a file: data values if it has `dataValues`, else metadata.
fn load(running: &RunningServer, file: &std::path::Path) -> Result<(), Failure> {
    let content = read_json(file)?;
    let server = &running.server;
    let loaded = if content.get("dataValues").is_some() {
        server.load_values(&content)
    } else {
        // Without org units of its own the administrator could enter nothing.
        server
            .load_metadata(&content)
            .and_then(|()| demo::give_admin(server, &server.snapshot().index.roots()))
    };
    loaded.map_err(|e| format!("{}: {e}", file.display()).into())
}
