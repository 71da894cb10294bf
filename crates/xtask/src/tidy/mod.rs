//! `cargo xtask test --only tidy`: the rules of ARCHITECTURE.md that no compiler knows.
//!
//! Each check is a function from what it looks at to a list of complaints, with a test in which
//! it complains; this file only gathers the input and prints.

mod catalogues;
mod layers;
mod literals;
mod page;
mod papers;
mod sources;

use crate::workspace::{bundle_folder, root};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A text file of the checkout.
#[derive(Debug)]
pub(crate) struct Source {
    /// Path from the root, with `/` between folders.
    pub(crate) path: String,
    /// Its content.
    pub(crate) text: String,
}

/// Folders that hold nothing written by hand here.
const SKIPPED_FOLDERS: [&str; 7] = [
    "target",
    "dist",
    "node_modules",
    ".git",
    "recordings",
    "test-results",
    "playwright-report",
];

/// Endings of files that are read as text.
const TEXT_ENDINGS: [&str; 13] = [
    ".rs", ".toml", ".md", ".ts", ".js", ".mjs", ".json", ".html", ".css", ".webapp", ".yml",
    ".svg", "run",
];

/// Runs all checks and fails when one complains.
///
/// # Errors
/// When something is not tidy, or the checkout cannot be read.
pub(crate) fn run() -> Result<()> {
    let sources = read_sources()?;
    let metadata = cargo_metadata()?;
    let mut complaints = Vec::new();
    complaints.extend(layers::check(&metadata));
    complaints.extend(papers::dependencies_are_explained(
        &metadata,
        text_of(&sources, papers::DEPENDENCIES),
    ));
    for source in &sources {
        complaints.extend(sources::check(source));
        complaints.extend(papers::links_lead_somewhere(source, |path| {
            root().join(path).exists()
        }));
    }
    complaints.extend(page::scripts_and_styles_are_files(
        "index.html",
        text_of(&sources, "index.html"),
    ));
    if let Ok(built) = fs::read_to_string(bundle_folder().join("index.html")) {
        complaints.extend(page::scripts_and_styles_are_files(
            "the built index.html",
            &built,
        ));
    }
    complaints.extend(catalogues::check(&sources));
    for warning in sources.iter().filter_map(sources::long_file_warning) {
        println!("warning: {warning}");
    }
    for complaint in &complaints {
        println!("{complaint}");
    }
    if complaints.is_empty() {
        println!("{} files are tidy", sources.len());
        Ok(())
    } else {
        bail!("{} complaints", complaints.len())
    }
}

fn text_of<'a>(sources: &'a [Source], path: &str) -> &'a str {
    sources
        .iter()
        .find(|source| source.path == path)
        .map_or("", |source| source.text.as_str())
}

fn cargo_metadata() -> Result<Value> {
    let output = Command::new("cargo")
        .args(["metadata", "--format-version=1", "--locked"])
        .current_dir(root())
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        bail!(
            "cargo metadata: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata gave no JSON")
}

fn read_sources() -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    read_folder(&root(), "", &mut sources)?;
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

fn read_folder(folder: &Path, prefix: &str, sources: &mut Vec<Source>) -> Result<()> {
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            if !SKIPPED_FOLDERS.contains(&name.as_str()) {
                read_folder(&entry.path(), &format!("{path}/"), sources)?;
            }
        } else if name != "package-lock.json"
            && TEXT_ENDINGS.iter().any(|ending| name.ends_with(ending))
        {
            let text =
                fs::read_to_string(entry.path()).with_context(|| format!("cannot read {path}"))?;
            sources.push(Source { path, text });
        }
    }
    Ok(())
}
