//! The folder that DHIS2 installs: every file under a name that holds a hash of its content,
//! except those whose names DHIS2 or the browser must know beforehand.
//!
//! A hashed name may be cached for good, so an upgrade is a new name. The hash has the form
//! `name.<12 hex>.ext`, which DHIS2 2.44 recognises as such. References are put in from the
//! leaves upwards (fonts → style, glue → worker → loader → page): each is written in the source
//! as the plain name in quotes and must be found there, so a forgotten file fails the build.
//!
//! DHIS2 compresses nothing it serves (seen on 2.40 to 2.43): wasm, texts and the style of
//! the screens are therefore also stored gzipped and unpacked by the loader, and scripts and styles are minified.

mod pack;

use crate::budget;
use crate::split::Pieces;
use crate::workspace::{root, version};
use anyhow::{Context, Result, bail};
use pack::{gzipped, hashed_name, minified, short_hex};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// DHIS2 refuses a zip in which a file shrinks to less than a hundredth (ZipFileUtils, 2.40 to 2.43).
const MOST_SHRINKING: usize = 100;

/// The oldest and the newest DHIS2 that the app supports.
const DHIS2_VERSIONS: (&str, &str) = ("2.40", "2.43");

/// A bundle that is being put together.
#[derive(Default)]
struct Bundle {
    /// File name → content.
    files: BTreeMap<String, Vec<u8>>,
    /// Plain name, as sources write it → name in the bundle.
    names: BTreeMap<String, String>,
}

/// Makes the bundle out of the wasm's shrunk pieces, replacing what is in `folder`.
///
/// # Errors
/// When a source is missing or refers to a file that is not there, or a limit is exceeded.
pub fn make(pieces: &Pieces, folder: &Path) -> Result<()> {
    println!("Putting the bundle together");
    let mut bundle = Bundle::default();
    add_fonts(&mut bundle)?;
    let (first, screens) = read_styles()?;
    let first = bundle.with_references(&first, "style")?;
    bundle.add_hashed("style.css", minified(&first, "css")?.into_bytes());
    let screens = bundle.with_references(&screens, "the style of the screens")?;
    bundle.add_hashed_with_gzip("screens.css", minified(&screens, "css")?.into_bytes())?;
    add_texts(&mut bundle)?;
    bundle.add_hashed_with_gzip("app.wasm", fs::read(&pieces.main)?)?;
    for (name, path) in &pieces.files {
        bundle.add_hashed_with_gzip(&format!("{name}.wasm"), fs::read(path)?)?;
    }
    bundle.add_script("files.js", &read("public/files.js")?)?;
    bundle.add_script("parts.js", &parts_script(pieces)?)?;
    let glue = glue_script(&bundle, &fs::read_to_string(&pieces.glue)?)?;
    bundle.add_hashed("app.js", minified(&glue, "js")?.into_bytes());
    bundle.add_script("worker.js", &read("public/worker.js")?)?;
    let loader = bundle.with_references(&read("public/loader.js")?, "loader.js")?;
    let build = bundle.build_number(&loader);
    let loader = loader
        .replace("@version@", version())
        .replace("@build@", &build);
    bundle.add_hashed("loader.js", minified(&loader, "js")?.into_bytes());
    add_page(&mut bundle)?;
    add_platform_files(&mut bundle, &build)?;
    bundle.check_shrinking()?;
    bundle.write(folder)?;
    println!("{}", folder.display());
    budget::check(&bundle.files)
}

/// The names of all files of a bundle folder, sorted.
pub fn file_names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?
    {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

impl Bundle {
    fn add(&mut self, name: &str, content: Vec<u8>) {
        self.files.insert(name.to_owned(), content);
    }

    fn add_hashed(&mut self, name: &str, content: Vec<u8>) {
        let hashed = hashed_name(name, &content);
        self.names.insert(name.to_owned(), hashed.clone());
        self.add(&hashed, content);
    }

    /// A script, with the names of the bundle in it and made small.
    fn add_script(&mut self, name: &str, source: &str) -> Result<()> {
        let script = self.with_references(source, name)?;
        self.add_hashed(name, minified(&script, "js")?.into_bytes());
        Ok(())
    }

    /// The file itself, for browsers and proxies that spoil the other one, and its gzipped twin `<name>.gz`.
    fn add_hashed_with_gzip(&mut self, name: &str, content: Vec<u8>) -> Result<()> {
        let hashed = hashed_name(name, &content);
        self.add(&format!("{hashed}.gz"), gzipped(&content)?);
        self.names
            .insert(format!("{name}.gz"), format!("{hashed}.gz"));
        self.names.insert(name.to_owned(), hashed.clone());
        self.add(&hashed, content);
        Ok(())
    }

    /// Puts the bundle's names into a source, and checks that the source names only what there is.
    fn with_references(&self, source: &str, what: &str) -> Result<String> {
        let mut text = source.to_owned();
        for (plain, hashed) in &self.names {
            text = text.replace(&format!("\"{plain}\""), &format!("\"{hashed}\""));
            text = text.replace(&format!("\"./{plain}\""), &format!("\"./{hashed}\""));
        }
        let left =
            quoted_words(&text).find(|word| is_reference(word) && !self.files.contains_key(*word));
        if let Some(word) = left {
            bail!("{what} refers to \"{word}\", which is not in the bundle");
        }
        Ok(text)
    }

    /// A number for everything that makes this build what it is; the loader compares it with
    /// the installed one's (`version.json`).
    fn build_number(&self, loader: &str) -> String {
        let mut hash = Sha256::new();
        for (name, content) in &self.files {
            hash.update(name);
            hash.update(content);
        }
        hash.update(loader);
        short_hex(&hash.finalize())
    }

    fn check_shrinking(&self) -> Result<()> {
        for (name, content) in &self.files {
            let packed = gzipped(content)?.len().max(1);
            if content.len() / packed > MOST_SHRINKING {
                bail!(
                    "{name} shrinks more than {MOST_SHRINKING} times; DHIS2 would refuse the zip"
                );
            }
        }
        Ok(())
    }

    fn write(&self, folder: &Path) -> Result<()> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        for (name, content) in &self.files {
            fs::write(folder.join(name), content)?;
        }
        Ok(())
    }
}

fn add_fonts(bundle: &mut Bundle) -> Result<()> {
    for path in sorted_files("public/fonts", "woff2")? {
        bundle.add_hashed(&file_name(&path), fs::read(path)?);
    }
    bundle.add("OFL.txt", fs::read(root().join("public/fonts/OFL.txt"))?);
    Ok(())
}

fn add_texts(bundle: &mut Bundle) -> Result<()> {
    for path in sorted_files("public/text", "json")? {
        let text: Value = serde_json::from_slice(&fs::read(&path)?)
            .with_context(|| format!("{} is not JSON", path.display()))?;
        let name = format!("text.{}", file_name(&path));
        bundle.add_hashed_with_gzip(&name, serde_json::to_vec(&text)?)?;
    }
    Ok(())
}

/// The page, without the line that only Trunk needs and without indentation.
fn add_page(bundle: &mut Bundle) -> Result<()> {
    let page = read("index.html")?;
    let kept: Vec<&str> = page
        .lines()
        .map(str::trim)
        .filter(|line| {
            !line.is_empty() && !line.contains("data-trunk") && !line.starts_with("<!--")
        })
        .collect();
    let page = bundle.with_references(&kept.join("\n"), "index.html")?;
    bundle.add("index.html", page.into_bytes());
    Ok(())
}

fn add_platform_files(bundle: &mut Bundle, build: &str) -> Result<()> {
    let mut manifest: Value =
        serde_json::from_str(&read("manifest.webapp")?).context("manifest.webapp is not JSON")?;
    manifest["version"] = json!(version());
    for path in sorted_files("public/icons", "png")? {
        bundle.add(&file_name(&path), fs::read(path)?);
    }
    for icon in manifest["icons"].as_object().into_iter().flatten() {
        let name = icon.1.as_str().unwrap_or_default();
        if !bundle.files.contains_key(name) {
            bail!("manifest.webapp names the icon {name}, which is not in public/icons");
        }
    }
    let config = json!({
        "type": "app",
        "name": manifest["short_name"],
        "title": manifest["name"],
        "description": manifest["description"],
        "version": version(),
        "minDHIS2Version": DHIS2_VERSIONS.0,
        "maxDHIS2Version": DHIS2_VERSIONS.1,
        "dataStoreNamespace": manifest["activities"]["dhis"]["namespace"],
        "customAuthorities": manifest["authorities"],
        "shortcuts": manifest["shortcuts"],
    });
    bundle.add("manifest.webapp", pretty(&manifest)?);
    bundle.add("d2.config.json", pretty(&config)?);
    bundle.add(
        "version.json",
        pretty(&json!({ "version": version(), "build": build }))?,
    );
    for name in ["manifest.webapp.translations.json", "dhis2-cache.json"] {
        bundle.add(name, read(&format!("public/{name}"))?.into_bytes());
    }
    for name in ["CHANGELOG.md", "LICENSE"] {
        bundle.add(name, read(name)?.into_bytes());
    }
    Ok(())
}

/// wasm-bindgen's script. Only what it imports gets the bundle's names: it also holds module
/// names as the wasm has them, and those stay. A module from which several functions come is
/// imported once for each; the last one counts, so the others go.
fn glue_script(bundle: &Bundle, source: &str) -> Result<String> {
    let mut script = String::with_capacity(source.len());
    let member = |line: &str| {
        let (module, import) = line.trim().split_once(": import")?;
        import.ends_with(',').then(|| module.to_owned())
    };
    let mut lines = source.lines().peekable();
    while let Some(line) = lines.next() {
        let own = member(line);
        if own.is_some() && own == lines.peek().and_then(|next| member(next)) {
            continue;
        }
        if line.starts_with("import ") {
            script.push_str(&bundle.with_references(line, "app.js")?);
        } else {
            script.push_str(line);
        }
        script.push('\n');
    }
    Ok(script)
}

/// The loader of the parts: `public/parts.js` with the files of each part (gzipped and plain), and
/// one loader for each part under the name by which the wasm imports it.
fn parts_script(pieces: &Pieces) -> Result<String> {
    let mut script = read("public/parts.js")?;
    let mut files: BTreeMap<&str, Vec<[String; 2]>> = BTreeMap::new();
    for (part, names) in &pieces.parts {
        let names = names
            .iter()
            .map(|name| [format!("{name}.wasm.gz"), format!("{name}.wasm")]);
        files.insert(part, names.collect());
        script.push_str(&format!(
            "export const __wasm_split_load_{part} = load.bind(null, {});\n",
            json!(part)
        ));
    }
    Ok(script.replace("\"@parts@\"", &json!(files).to_string()))
}

/// The style sheets in the order of their names: those that the page itself needs before the
/// app is there (their names begin with 0), and those of the screens.
fn read_styles() -> Result<(String, String)> {
    let (mut first, mut screens) = (String::new(), String::new());
    for path in sorted_files("public/style", "css")? {
        let style = if file_name(&path).starts_with('0') {
            &mut first
        } else {
            &mut screens
        };
        style.push_str(&fs::read_to_string(path)?);
        style.push('\n');
    }
    Ok((first, screens))
}

fn quoted_words(text: &str) -> impl Iterator<Item = &str> {
    text.split('"')
        .skip(1)
        .step_by(2)
        .map(|word| word.trim_start_matches("./"))
}

/// Whether a quoted word is meant as a file of the bundle: one name with a known ending.
fn is_reference(word: &str) -> bool {
    let endings = [".js", ".css", ".wasm", ".gz", ".woff2"];
    let is_name = word
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter));
    is_name
        && endings
            .iter()
            .any(|ending| word.len() > ending.len() && word.ends_with(ending))
}

fn sorted_files(folder: &str, extension: &str) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in
        fs::read_dir(root().join(folder)).with_context(|| format!("cannot list {folder}"))?
    {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(root().join(path)).with_context(|| format!("cannot read {path}"))
}

fn pretty(value: &Value) -> Result<Vec<u8>> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_replaced_and_unknown_ones_are_refused() {
        let mut bundle = Bundle::default();
        bundle.add_hashed("app.js", b"1".to_vec());
        let text = bundle.with_references(r#"import init from "./app.js";"#, "a test");
        assert_eq!(
            text.expect("known"),
            r#"import init from "./app.6b86b273ff34.js";"#
        );
        let refused = bundle.with_references(r#"load("other.js")"#, "a test");
        assert!(
            refused
                .expect_err("unknown")
                .to_string()
                .contains("other.js")
        );
    }
}
