//! What a developer runs: `cargo xtask <command>`.
//!
//! This file is the list of commands; each command is a module that says in its
//! first paragraph what it does and what it leaves behind.

mod bench;
mod budget;
mod build;
mod bundle;
mod conformance;
mod demo;
mod deny;
mod dist;
mod e2e;
mod fresh;
mod mutate;
mod servers;
mod simulate;
mod split;
mod test;
mod tidy;
mod tools;
mod workspace;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, tests and packages Tributary.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Install what the other commands need: wasm target, Trunk, wasm-bindgen, npm packages, Chromium.
    Tools(tools::Options),
    /// Build the app into target/bundle and check its sizes.
    Build(build::Options),
    /// Build and zip the app into dist/tributary-<version>.zip.
    Dist(dist::Options),
    /// Start two stand-in servers with sample data and the app installed in one of them.
    Demo(demo::Options),
    /// Start stand-in servers as given; `--help` lists what the sandbox takes.
    Sandbox(servers::Options),
    /// Run everything that has to hold, or one step of it.
    Test(test::Options),
    /// Hold a DHIS2 server against what the client expects of it; `--help` lists what the suite takes.
    Conformance(conformance::Options),
    /// Write the part of docs/servers.md that comes from the lists in the code.
    ServersDoc,
    /// Break some rules, one at a time, and look whether a test notices.
    Mutate(mutate::Options),
    /// Let the whole engine live through seeds of faults, kills and other people's changes.
    Simulate(simulate::Options),
    /// Run the stories in a browser, against the sandbox or two given servers.
    E2e(e2e::Options),
    /// Measure in a browser: reading and comparing against plain JavaScript, and the first visit.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The chain of causes, without the stack that RUST_BACKTRACE would add: these are no faults of xtask.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Tools(options) => tools::run(&options),
        Command::Build(options) => build::run(&options),
        Command::Dist(options) => dist::run(&options),
        Command::Demo(options) => demo::run(&options),
        Command::Sandbox(options) => servers::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Conformance(options) => conformance::run(&options),
        Command::ServersDoc => conformance::write_document(),
        Command::Mutate(options) => mutate::run(&options),
        Command::Simulate(options) => simulate::run(&options),
        Command::E2e(options) => e2e::run(&options),
        Command::Bench(options) => bench::run(&options),
    }
}
