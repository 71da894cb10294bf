//! What a developer runs: `cargo xtask <command>`.
//!
//! This file is the list of commands; each command is a module that says in its
//! first paragraph what it does and what it leaves behind.

mod budget;
mod build;
mod bundle;
mod dist;
mod tools;
mod workspace;

use clap::{Parser, Subcommand};

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
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().command {
        Command::Tools(options) => tools::run(&options),
        Command::Build(options) => build::run(&options),
        Command::Dist(options) => dist::run(&options),
    }
}
