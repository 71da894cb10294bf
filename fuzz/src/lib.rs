//! What is fuzzed: one function for each parser that takes bytes from outside. Each reads
//! whatever bytes it is given and panics where something does not hold that must hold for
//! all of them. `fuzz_targets/` runs them under cargo-fuzz, `tests/seeds.rs` over the seeds
//! and their mutations, without cargo-fuzz.
#![forbid(unsafe_code)]

mod documents;
mod server;
mod texts;

/// The reader of app zips in the sandbox, by itself: the rest of the sandbox takes minutes
/// to build under a fuzzer.
#[path = "../../crates/sandbox/src/apps/zip.rs"]
#[allow(clippy::all, reason = "checked where it belongs")]
mod zip_of_app;

pub use documents::{documents, value_csv, value_json};
pub use server::{error_body, import_answer};
pub use texts::{address, period, query, version};

/// A target's name and function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets, by the names of their binaries and of the folders of their seeds.
pub const TARGETS: [Target; 10] = [
    ("address", address),
    ("app_package", app_package),
    ("documents", documents),
    ("error_body", error_body),
    ("import_answer", import_answer),
    ("period", period),
    ("query", query),
    ("value_csv", value_csv),
    ("value_json", value_json),
    ("version", version),
];

/// An app's zip as the sandbox reads it: no name leads out of the app's folder, and the
/// manifest is among the files.
pub fn app_package(data: &[u8]) {
    if let Ok((_, files)) = zip_of_app::read(data) {
        assert!(files.contains_key("manifest.webapp"));
        for name in files.keys() {
            assert!(!name.starts_with('/'), "{name:?}");
            assert!(name.split(['/', '\\']).all(|part| part != ".."), "{name:?}");
        }
    }
}
