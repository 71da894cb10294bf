//! Reading an app's zip, with the limits that DHIS2 sets to it.

use std::io::{Cursor, Read};

use indexmap::IndexMap;
use serde_json::Value;

/// At most this many entries.
const MAX_ENTRIES: usize = 10_000;
/// At most this many bytes unpacked.
const MAX_SIZE: u64 = 1 << 30;
/// An entry unpacks to at most this many times its packed size.
const MAX_RATIO: u64 = 100;

/// Why a zip is not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Limits or names that DHIS2 does not take.
    Unsafe,
    /// It is no zip; DHIS2 then says that the manifest is missing.
    NotAZip,
    /// It is a zip without a manifest that can be read.
    NoManifest,
}

/// The manifest and the files of a zip, out of the one top folder if there is one.
pub fn read(bytes: &[u8]) -> Result<(Value, IndexMap<String, Vec<u8>>), Refusal> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::NotAZip)?;
    if archive.len() > MAX_ENTRIES {
        return Err(Refusal::Unsafe);
    }
    let mut files = IndexMap::new();
    let mut total = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| Refusal::Unsafe)?;
        let name = entry.name().trim_start_matches(['.', '/', '\\']).to_owned();
        if entry.is_dir() {
            continue;
        }
        let size = entry.size();
        total += size;
        let climbs = entry.name().split(['/', '\\']).any(|part| part == "..");
        if climbs
            || total > MAX_SIZE
            || size > entry.compressed_size().max(1).saturating_mul(MAX_RATIO)
        {
            return Err(Refusal::Unsafe);
        }
        let mut content = Vec::new();
        entry
            .take(size + 1)
            .read_to_end(&mut content)
            .map_err(|_| Refusal::Unsafe)?;
        if content.len() as u64 != size {
            return Err(Refusal::Unsafe);
        }
        files.insert(name, content);
    }
    let top = files
        .keys()
        .next()
        .and_then(|name| name.split_once('/'))
        .map(|(top, _)| format!("{top}/"));
    if let Some(top) = top.filter(|top| {
        !files.contains_key("manifest.webapp") && files.keys().all(|n| n.starts_with(top))
    }) {
        files = files
            .into_iter()
            .map(|(name, content)| {
                let name = name[top.len()..].trim_start_matches('/');
                (name.to_owned(), content)
            })
            .collect();
    }
    let manifest = files
        .get("manifest.webapp")
        .and_then(|m| serde_json::from_slice(m).ok())
        .ok_or(Refusal::NoManifest)?;
    Ok((manifest, files))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer
                .start_file(*name, zip::write::SimpleFileOptions::default())
                .unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn one_top_folder_is_taken_away() {
        let (manifest, files) = read(&zip_of(&[
            ("a/manifest.webapp", b"{\"name\": \"x\"}"),
            ("a/b/c.js", b"1"),
            // Found by fuzzing: the name began with a slash then.
            ("a//d.js", b"2"),
        ]))
        .unwrap();
        assert_eq!(manifest["name"], "x");
        assert!(files.contains_key("b/c.js"));
        assert!(files.contains_key("d.js"), "{:?}", files.keys());
    }

    #[test]
    fn what_dhis2_refuses_is_refused() {
        assert_eq!(read(b"hello"), Err(Refusal::NotAZip));
        assert_eq!(
            read(&zip_of(&[("index.html", b"x")])),
            Err(Refusal::NoManifest)
        );
        let zeros = vec![0; 1_000_000];
        assert_eq!(
            read(&zip_of(&[("manifest.webapp", b"{}"), ("zeros", &zeros)])),
            Err(Refusal::Unsafe)
        );
        assert_eq!(
            read(&zip_of(&[("manifest.webapp", b"{}"), ("a/../../b", b"x")])),
            Err(Refusal::Unsafe)
        );
    }
}
