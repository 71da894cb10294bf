//! The zip as it follows from the present sources: built when one of them changed, else the one that is there.

use crate::dist;
use crate::workspace::root;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Files and folders that the bundle is made of.
const INPUTS: [&str; 20] = [
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "Trunk.toml",
    "crates/dhis2",
    "crates/engine",
    "crates/exchange",
    "crates/xtask/src/build.rs",
    "crates/xtask/src/budget.rs",
    "crates/xtask/src/bundle",
    "crates/xtask/src/bundle.rs",
    "crates/xtask/src/split.rs",
    "crates/xtask/src/tools.rs",
    "index.html",
    "manifest.webapp",
    "public",
    "rust-toolchain.toml",
    "src",
    "tests/e2e/package-lock.json",
];

/// The path of an up-to-date zip.
pub fn zip() -> Result<PathBuf> {
    let noted = fs::read_to_string(note_path()).unwrap_or_default();
    if noted == checksum_of_inputs()? && dist::zip_path().exists() {
        println!("The bundle is up to date: {}", dist::zip_path().display());
    } else {
        dist::run(&dist::Options { check: false })?;
        note()?;
    }
    Ok(dist::zip_path())
}

/// Notes that the zip was made from the present sources.
pub fn note() -> Result<()> {
    fs::write(note_path(), checksum_of_inputs()?).context("cannot note what the zip was made from")
}

fn note_path() -> PathBuf {
    root().join("dist/.made-from")
}

fn checksum_of_inputs() -> Result<String> {
    let mut hash = Sha256::new();
    for input in INPUTS {
        add(&root().join(input), &mut hash).with_context(|| format!("cannot read {input}"))?;
    }
    Ok(hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

fn add(path: &Path, hash: &mut Sha256) -> Result<()> {
    if path.is_dir() {
        let mut entries = fs::read_dir(path)?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<Vec<_>>>()?;
        entries.sort();
        for entry in entries {
            add(&entry, hash)?;
        }
    } else {
        hash.update(path.to_string_lossy().as_bytes());
        hash.update(fs::read(path)?);
    }
    Ok(())
}
