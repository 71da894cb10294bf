//! `cargo xtask dist`: the bundle as `dist/tributary-<version>.zip`, the file to install or to submit.
//!
//! The zip is reproducible: sorted entries, fixed times and rights. `--check` proves it by
//! building once more from nothing, in another folder, and comparing the bytes. Both builds go on
//! at once: the compiler's last step (the whole program in one unit) keeps one core busy for minutes.

use crate::workspace::{bundle_folder, root, version};
use crate::{build, bundle, tools};
use anyhow::{Context, Result, anyhow, bail};
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::thread;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// What `cargo xtask dist` takes.
#[derive(clap::Args)]
pub struct Options {
    /// Build a second time from nothing in another folder and compare the two zips.
    #[arg(long)]
    pub check: bool,
}

/// Builds, zips and prints the checksum.
pub fn run(options: &Options) -> Result<()> {
    if options.check {
        // Two builds may not install the same tool at the same time.
        tools::ensure_build_tools()?;
    }
    let second = options.check.then(|| thread::spawn(build_again));
    build::run(&build::Options {})?;
    let bytes = zipped(&bundle_folder())?;
    let path = zip_path();
    fs::create_dir_all(root().join("dist"))?;
    fs::write(&path, &bytes).with_context(|| format!("cannot write {}", path.display()))?;
    println!("{} ({} bytes)", path.display(), bytes.len());
    println!("SHA-256 {}", checksum(&bytes));
    if let Some(second) = second {
        let second = second
            .join()
            .map_err(|_| anyhow!("the second build broke off"))??;
        if bytes != second {
            bail!(
                "the second build gave other bytes: SHA-256 {}",
                checksum(&second)
            );
        }
        println!("The second build gave the same bytes");
    }
    Ok(())
}

/// Where the zip of this version is left.
pub fn zip_path() -> PathBuf {
    root().join(format!("dist/tributary-{}.zip", version()))
}

/// The zip of a build in a folder that holds nothing of an earlier one.
fn build_again() -> Result<Vec<u8>> {
    println!("Building a second time, from nothing");
    let folder = root().join("target/reproduce");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    build::build(&folder.join("cargo"), &folder.join("bundle"))?;
    let bytes = zipped(&folder.join("bundle"))?;
    fs::remove_dir_all(&folder)?;
    Ok(bytes)
}

fn zipped(folder: &Path) -> Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for name in bundle::file_names(folder)? {
        writer.start_file(&name, options)?;
        writer.write_all(&fs::read(folder.join(&name))?)?;
    }
    Ok(writer.finish()?.into_inner())
}

fn checksum(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
