//! The tools that Rust's own toolchain file cannot pin, each with its version, here and nowhere else.
//!
//! They are kept in one folder that all checkouts of a machine share
//! (`$TRIBUTARY_TOOLS`, else `$HOME/.cache/tributary/tools`) and are compiled there
//! when the pinned version is missing. npm tools (wasm-opt, esbuild, the browser
//! stories' own) are pinned by `tests/e2e/package-lock.json`.

use crate::workspace::{e2e_folder, root, run as run_command};
use anyhow::{Context, Result, bail};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What Rust is compiled to for the browser.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
const TRUNK: &str = "0.21.14";
/// Must equal the `wasm-bindgen` of the root `Cargo.toml` and `Trunk.toml`.
const WASM_BINDGEN: &str = "0.2.130";
const CARGO_DENY: &str = "0.20.2";

/// What `cargo xtask tools` takes.
#[derive(clap::Args)]
pub struct Options {
    /// Leave out Chromium, which only the browser stories and the bench need.
    #[arg(long)]
    no_browser: bool,
}

/// Installs everything at once, so that later commands start at full speed.
pub fn run(options: &Options) -> Result<()> {
    ensure_build_tools()?;
    if !options.no_browser {
        println!("Chromium: {}", chromium()?.display());
    }
    Ok(())
}

/// Makes sure of all that `cargo xtask build` needs.
pub fn ensure_build_tools() -> Result<()> {
    ensure_wasm_target()?;
    ensure_cargo_tool(
        "trunk",
        "trunk",
        TRUNK,
        &["--locked", "--no-default-features", "--features", "rustls"],
    )?;
    // Without --locked: the lock file of this version names a withdrawn pre-release.
    ensure_cargo_tool("wasm-bindgen", "wasm-bindgen-cli", WASM_BINDGEN, &[])?;
    ensure_npm_packages()
}

/// Makes sure of the program that checks licences and origins of dependencies.
pub fn ensure_cargo_deny() -> Result<()> {
    ensure_cargo_tool(
        "cargo-deny",
        "cargo-deny",
        CARGO_DENY,
        &["--locked", "--no-default-features"],
    )
}

/// A program of the tools folder, with that folder first on its `PATH`.
pub fn command(name: &str) -> Result<Command> {
    let mut command = Command::new(bin_folder()?.join(name));
    command.env("PATH", path_with_tools()?);
    Ok(command)
}

/// A program that came with the npm packages.
pub fn npm_program(name: &str) -> PathBuf {
    e2e_folder().join("node_modules/.bin").join(name)
}

/// The path of a Chromium: `$CHROMIUM`, else one on `PATH`, else Debian's, installed when we are root.
pub fn chromium() -> Result<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM") {
        return Ok(PathBuf::from(path));
    }
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    if let Some(path) = names.iter().find_map(|name| on_path(name)) {
        return Ok(path);
    }
    let is_root =
        env::var("USER").is_ok_and(|user| user == "root") || Path::new("/root").read_dir().is_ok();
    if is_root && on_path("apt-get").is_some() {
        println!("Chromium is missing: installing Debian's (a minute)");
        run_command(Command::new("apt-get").args(["update", "--quiet"]))?;
        run_command(
            Command::new("apt-get")
                .args([
                    "install",
                    "--yes",
                    "--quiet",
                    "--no-install-recommends",
                    "chromium",
                ])
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )?;
        if let Some(path) = on_path("chromium") {
            return Ok(path);
        }
    }
    bail!(
        "Chromium is missing: install it (Debian: apt-get install chromium) or give its path in CHROMIUM"
    )
}

fn ensure_wasm_target() -> Result<()> {
    let Some(rustup) = on_path("rustup") else {
        // A toolchain without rustup brings its targets itself; cargo says so if not.
        return Ok(());
    };
    let installed = Command::new(&rustup)
        .args(["target", "list", "--installed"])
        .current_dir(root())
        .output()
        .context("cannot ask rustup for its targets")?;
    let installed = String::from_utf8_lossy(&installed.stdout).into_owned();
    if installed.lines().any(|line| line.trim() == WASM_TARGET) {
        return Ok(());
    }
    println!("Adding the Rust target {WASM_TARGET}");
    run_command(
        Command::new(rustup)
            .args(["target", "add", WASM_TARGET])
            .current_dir(root()),
    )
}

fn ensure_cargo_tool(program: &str, package: &str, version: &str, options: &[&str]) -> Result<()> {
    let path = bin_folder()?.join(program);
    if version_of(&path).is_some_and(|found| found == version) {
        return Ok(());
    }
    println!(
        "Compiling {package} {version} into {} (once; 5 to 10 minutes)",
        tools_folder()?.display()
    );
    run_command(
        Command::new("cargo")
            .args(["install", "--debug", "--force", "--root"])
            .arg(tools_folder()?)
            .args(options)
            .arg(format!("{package}@{version}"))
            // Not in the workspace: its toolchain file and target folder are for the app.
            .current_dir(env::temp_dir())
            .env_remove("RUSTFLAGS")
            .env("CARGO_TARGET_DIR", tools_folder()?.join("build")),
    )?;
    fs::remove_dir_all(tools_folder()?.join("build")).ok();
    Ok(())
}

/// The version that a program prints about itself ("trunk 0.21.14"), if it starts.
fn version_of(path: &Path) -> Option<String> {
    let output = Command::new(path).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    text.split_whitespace().nth(1).map(str::to_owned)
}

/// Runs `npm ci` when the packages are missing or older than the lock file.
pub fn ensure_npm_packages() -> Result<()> {
    let folder = e2e_folder();
    let lock = fs::read(folder.join("package-lock.json"))
        .context("cannot read tests/e2e/package-lock.json")?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("Installing the npm packages of tests/e2e");
    run_command(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(&folder),
    )?;
    fs::write(stamp, lock).context("cannot note which npm packages are installed")
}

fn tools_folder() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("TRIBUTARY_TOOLS") {
        return Ok(PathBuf::from(folder));
    }
    let home = env::var_os("HOME").context("neither TRIBUTARY_TOOLS nor HOME is set")?;
    Ok(PathBuf::from(home).join(".cache/tributary/tools"))
}

fn bin_folder() -> Result<PathBuf> {
    Ok(tools_folder()?.join("bin"))
}

fn path_with_tools() -> Result<OsString> {
    let mut folders = vec![bin_folder()?];
    if let Some(path) = env::var_os("PATH") {
        folders.extend(env::split_paths(&path));
    }
    env::join_paths(folders).context("PATH cannot be put together")
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}
