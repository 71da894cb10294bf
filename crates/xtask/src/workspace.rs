//! Where things are in this workspace, and how other programs are started from it.

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// The folder of the root `Cargo.toml`.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .map_or_else(|| PathBuf::from("."), PathBuf::from)
}

/// The folder of the bundle that DHIS2 is given, unzipped.
pub fn bundle_folder() -> PathBuf {
    root().join("target/bundle")
}

/// The folder of the browser stories: its `package.json` also pins the npm tools of the build.
pub fn e2e_folder() -> PathBuf {
    root().join("tests/e2e")
}

/// The version of the app, as in the root `Cargo.toml` (all packages share it).
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Builds one of the workspace's programs, with the features that `cargo test --workspace` builds it with so
/// that both share the work, and gives back where it is.
pub fn built(program: &str) -> Result<PathBuf> {
    run(Command::new("cargo")
        .args([
            "build",
            "--quiet",
            "--locked",
            "--workspace",
            "--bin",
            program,
        ])
        .current_dir(root()))?;
    Ok(crate::build::cargo_target_folder()
        .join("debug")
        .join(program))
}

/// Runs a program, its output shown, and fails when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let shown = describe(command);
    let status = command
        .status()
        .with_context(|| format!("cannot start: {shown}"))?;
    if !status.success() {
        bail!("{shown} ended with {status}");
    }
    Ok(())
}

fn describe(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}
