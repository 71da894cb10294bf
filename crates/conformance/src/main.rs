//! The command: `conformance run --base URL --admin USER:PASSWORD`, and `conformance document`
//! for the part of docs/servers.md that comes from the same list.

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tributary_conformance::stage::Setting;
use tributary_conformance::{document, run};

/// The environment variable of a password that is not on the command line.
const PASSWORD: &str = "CONFORMANCE_PASSWORD";

#[derive(Parser)]
#[command(
    name = "conformance",
    about = "Holds a DHIS2 server against what Tributary expects of it."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the suite on a server. It loads small metadata of its own and removes them again.
    Run(Box<Run>),
    /// Print the generated part of docs/servers.md.
    Document,
}

#[derive(clap::Args)]
struct Run {
    /// Address of the server, without /api: https://test.example.org/dhis
    #[arg(long, value_name = "URL")]
    base: String,
    /// A superuser of it; without :PASSWORD the variable CONFORMANCE_PASSWORD holds it, which no
    /// list of processes shows.
    #[arg(long, value_name = "USER:PASSWORD", value_parser = login)]
    admin: (String, String),
    /// The address by which the server's Routes reach it itself, where it is another than --base
    /// (in a container: http://localhost:8080); with --source-login another DHIS2.
    #[arg(long, value_name = "URL")]
    source: Option<String>,
    /// An account at the source, where that is another server.
    #[arg(long, value_name = "USER:PASSWORD", value_parser = login, requires = "source")]
    source_login: Option<(String, String)>,
    /// How many seconds to wait until the server uses the new metadata (2.41 and 2.42 take minutes).
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    patience: u64,
    /// Only behaviours whose name holds this text.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Write what was found as JSON, too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Leave out of the table what was met.
    #[arg(long)]
    brief: bool,
}

fn login(text: &str) -> Result<(String, String), String> {
    let (user, password) = match text.split_once(':') {
        Some((user, password)) => (user, password.to_owned()),
        None => (text, std::env::var(PASSWORD).unwrap_or_default()),
    };
    if user.is_empty() || password.is_empty() {
        return Err(format!("USER:PASSWORD is needed, or USER and {PASSWORD}"));
    }
    Ok((user.to_owned(), password))
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Document => {
            print!("{}", document::generated());
            ExitCode::SUCCESS
        }
        Command::Run(options) => match hold(*options) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => {
                eprintln!("error: {error:#}");
                ExitCode::from(2)
            }
        },
    }
}

/// Runs the suite and prints what it found; whether the server is as expected.
fn hold(options: Run) -> anyhow::Result<bool> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let setting = Setting {
        base: options.base.trim_end_matches('/').to_owned(),
        admin: options.admin,
        source: options.source,
        source_login: options.source_login,
        patience: Duration::from_secs(options.patience),
    };
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without a signal handler there is nothing to wait for.
            std::future::pending::<()>().await;
        }
        eprintln!("interrupted; removing what was made");
    };
    let only = options.only.as_deref();
    let report = runtime.block_on(run::run(setting, only, interrupted, |words| {
        eprintln!("{words}");
    }))?;
    println!("{}", report.table(options.brief));
    if let Some(file) = options.json {
        std::fs::write(file, format!("{:#}\n", report.json()))?;
    }
    Ok(report.good())
}
