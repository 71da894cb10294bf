//! `cargo xtask build`: Rust → wasm (Trunk) → cut into parts ([`crate::split`]) → smaller wasm
//! (wasm-opt) → `target/bundle`.
//!
//! The bundle is what DHIS2 installs, unzipped. Nothing of the machine it was built on
//! gets into it: paths are cut off in the compiler, so that two builds give the same bytes.

use crate::workspace::{self, root};
use crate::{bundle, split, tools};
use anyhow::{Context, Result};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `cargo xtask build` takes.
#[derive(clap::Args)]
pub struct Options {}

/// Builds into `target/bundle` and prints the sizes.
pub fn run(_options: &Options) -> Result<()> {
    build(&cargo_target_folder(), &workspace::bundle_folder())
}

/// Builds with a given folder for the compiler's own files into a given bundle folder.
///
/// # Errors
/// When a tool is missing or fails, or a size budget is exceeded.
pub fn build(cargo_target: &Path, bundle_folder: &Path) -> Result<()> {
    tools::ensure_build_tools()?;
    let trunk_folder = cargo_target.join("trunk");
    compile(cargo_target, &trunk_folder)?;
    let linked = cargo_target
        .join(tools::WASM_TARGET)
        .join("release/app.wasm");
    let pieces = split::split(&linked, &cargo_target.join("split"))?;
    println!("Making the wasm smaller");
    shrink(&pieces.main)?;
    for file in pieces.files.values() {
        shrink(file)?;
    }
    bundle::make(&pieces, bundle_folder)
}

fn compile(cargo_target: &Path, trunk_folder: &Path) -> Result<()> {
    println!("Compiling the app for the browser");
    workspace::run(
        tools::command("trunk")?
            .args(["build", "--release", "--offline", "--dist"])
            .arg(trunk_folder)
            .current_dir(root())
            .env("CARGO_TARGET_DIR", cargo_target)
            .env("CARGO_ENCODED_RUSTFLAGS", compiler_flags()?)
            .env_remove("RUSTFLAGS")
            .env_remove("NO_COLOR"),
    )
}

/// Cuts the machine's folders out of panic messages and the like, and has Leptos build its
/// components with their types erased: 8 % less to download (measured with all widgets in use).
/// The linker keeps its relocations: by them the parts are told apart.
/// Arguments are separated by the 0x1f that cargo asks for.
pub fn compiler_flags() -> Result<String> {
    let home = env::var("CARGO_HOME").map_or_else(
        |_| env::var("HOME").map(|home| PathBuf::from(home).join(".cargo")),
        |folder| Ok(PathBuf::from(folder)),
    );
    let home = home.context("neither CARGO_HOME nor HOME is set")?;
    let flags = [
        "--cfg=erase_components".to_owned(),
        "-Clink-arg=--emit-relocs".to_owned(),
        format!("--remap-path-prefix={}=/tributary", root().display()),
        format!("--remap-path-prefix={}=/cargo", home.display()),
    ];
    Ok(flags.join("\u{1f}"))
}

/// Runs wasm-opt on a file; the result takes its place.
pub fn shrink(file: &Path) -> Result<()> {
    // What the oldest supported browsers have (Chrome 109, Firefox 115, Safari 16.4).
    workspace::run(
        Command::new(tools::npm_program("wasm-opt"))
            .arg(file)
            .args([
                "-Oz",
                "--converge",
                "--strip-debug",
                "--strip-producers",
                "--strip-target-features",
                "--enable-bulk-memory",
                "--enable-mutable-globals",
                "--enable-multivalue",
                "--enable-nontrapping-float-to-int",
                "--enable-reference-types",
                "--enable-sign-ext",
                "--output",
            ])
            .arg(file),
    )
}

/// Where cargo leaves what it builds.
pub fn cargo_target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
