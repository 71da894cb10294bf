//! Cuts the linked wasm at the functions marked `#[wasm_split(<part>)]`: one file with all that
//! the first screen needs, one for each part, one for what several parts share. Then wasm-bindgen
//! makes the first file's glue script. `public/parts.js` loads the others.
//!
//! The cutting is done by Leptos's own library for it, by the relocations that the linker left.
//! Its loader script is not used: it knows neither gzipped files nor names with hashes.

use crate::{tools, workspace};
use anyhow::{Context, Result, anyhow};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use wasm_split_cli_support::{Options, transform};

/// The module by which the wasm asks for its parts.
const LOADER: &str = "./parts.js";

/// What the cutting leaves.
pub struct Pieces {
    /// wasm-bindgen's glue script.
    pub glue: PathBuf,
    /// The wasm of the first screen.
    pub main: PathBuf,
    /// Name of a further file, without ending → the file.
    pub files: BTreeMap<String, PathBuf>,
    /// Name of a part → the names of the files that it consists of.
    pub parts: BTreeMap<String, Vec<String>>,
}

/// Cuts `linked` into files in `folder`, replacing what is there.
///
/// # Errors
/// When the wasm cannot be read or cut, or wasm-bindgen fails.
pub fn split(linked: &Path, folder: &Path) -> Result<Pieces> {
    println!("Cutting the wasm into parts");
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let wasm = fs::read(linked).with_context(|| format!("cannot read {}", linked.display()))?;
    let uncut = folder.join("app.wasm");
    let mut options = Options::new(&wasm);
    options.output_dir = folder;
    options.main_out_path = &uncut;
    options.link_name = LOADER;
    options.main_module = "./app.js";
    let cut = transform(options).map_err(|error| anyhow!("{error:?}"))?;
    workspace::run(
        tools::command("wasm-bindgen")?
            .arg(&uncut)
            .args(["--target", "web", "--no-typescript", "--no-demangle"])
            .args(["--keep-lld-exports", "--out-name", "app", "--out-dir"])
            .arg(folder.join("glue")),
    )?;
    let mut files = BTreeMap::new();
    for path in cut.split_modules {
        let stem = path.file_stem().context("a part without a name")?;
        files.insert(stem.to_string_lossy().into_owned(), path);
    }
    Ok(Pieces {
        glue: folder.join("glue/app.js"),
        main: folder.join("glue/app_bg.wasm"),
        files,
        parts: cut.prefetch_map.into_iter().collect(),
    })
}
