//! The catalogues agree with each other and with the code.

use super::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn catalogues() -> BTreeMap<String, BTreeMap<String, Value>> {
    let folder =
        fs::read_dir(Path::new(ROOT).join("public/text")).expect("the folder of the texts");
    let catalogues: BTreeMap<_, _> = folder
        .map(|entry| entry.expect("a file").path())
        .map(|path| {
            let language = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            let json = fs::read_to_string(&path).expect("a readable file");
            (
                language,
                serde_json::from_str(&json).expect("an object of texts"),
            )
        })
        .collect();
    assert!(catalogues.contains_key("en") && catalogues.contains_key("fr"));
    catalogues
}

/// The texts of an entry: one, or one per plural category.
fn forms(entry: &Value) -> Vec<&str> {
    match entry {
        Value::String(text) => vec![text],
        Value::Object(forms) => {
            assert!(forms.contains_key("other"), "no form for `other`: {entry}");
            forms
                .values()
                .map(|text| text.as_str().expect("a text"))
                .collect()
        }
        _ => panic!("neither a text nor plural forms: {entry}"),
    }
}

/// The parameters of a text. `{n}` is left out: a form for one thing may do without its number.
fn parameters(text: &str) -> BTreeSet<&str> {
    let names = text
        .split('{')
        .skip(1)
        .filter_map(|part| part.split_once('}'));
    names
        .map(|(name, _)| name)
        .filter(|name| *name != "n")
        .collect()
}

#[test]
fn all_languages_have_the_same_keys_and_parameters() {
    let catalogues = catalogues();
    let english = &catalogues["en"];
    for (language, texts) in &catalogues {
        let missing: Vec<_> = english
            .keys()
            .filter(|key| !texts.contains_key(*key))
            .collect();
        let surplus: Vec<_> = texts
            .keys()
            .filter(|key| !english.contains_key(*key))
            .collect();
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "{language}: missing {missing:?}, surplus {surplus:?}"
        );
        for (key, entry) in texts {
            let expected = parameters(forms(&english[key])[0]);
            assert_eq!(
                entry.is_object(),
                english[key].is_object(),
                "{language} {key}"
            );
            for text in forms(entry) {
                assert!(!text.trim().is_empty(), "{language} {key} is empty");
                assert_eq!(parameters(text), expected, "{language} {key}");
            }
        }
    }
}

#[test]
fn every_key_that_the_code_names_has_a_text() {
    let catalogues = catalogues();
    let mut sources = Vec::new();
    collect_sources(&Path::new(ROOT).join("src"), &mut sources);
    let mut named = BTreeSet::new();
    for source in sources {
        let code = fs::read_to_string(source).expect("a source file");
        let code: Vec<&str> = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        let code = code.join("\n");
        for call in ["t(\"", "t_with(\"", "t_count(\""] {
            for (at, _) in code.match_indices(call) {
                let is_whole_name =
                    !code[..at].ends_with(|letter: char| letter.is_alphanumeric() || letter == '_');
                let key = code[at + call.len()..]
                    .split('"')
                    .next()
                    .unwrap_or_default();
                if is_whole_name && key.contains('.') {
                    named.insert(key.to_owned());
                }
            }
        }
    }
    assert!(named.contains("frame.skip"), "the search finds keys");
    let unknown: Vec<_> = named
        .iter()
        .filter(|key| !catalogues["en"].contains_key(*key))
        .collect();
    assert!(unknown.is_empty(), "keys without a text: {unknown:?}");
}

fn collect_sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect_sources(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !path.ends_with("text/tests.rs")
        {
            into.push(path);
        }
    }
}

#[test]
fn parameters_are_put_in_and_other_braces_stay() {
    assert_eq!(
        filled("From {a} to {b}", &[("a", "x{b}"), ("b", "y")]),
        "From x{b} to y"
    );
    assert_eq!(filled("{unknown} {", &[("a", "x")]), "{unknown} {");
}

#[test]
fn plural_forms_follow_the_number() {
    let json = r#"{"rows": {"one": "{n} row of {of}", "other": "{n} rows of {of}"}}"#;
    let catalogue = Catalogue::parse("en", json).expect("a catalogue");
    assert_eq!(catalogue.counted("rows", 1, &[("of", "9")]), "1 row of 9");
    assert_eq!(catalogue.counted("rows", 3, &[("of", "9")]), "3 rows of 9");
    assert_eq!(catalogue.plain("no.such", &[]), "no.such");
}

#[test]
fn a_dhis2_locale_finds_its_language() {
    let known = ["en".to_owned(), "fr".to_owned(), "uz-cyrl".to_owned()];
    assert_eq!(best_language("fr", &known), Some("fr".to_owned()));
    assert_eq!(best_language("fr_CD", &known), Some("fr".to_owned()));
    assert_eq!(best_language("uz_Cyrl", &known), Some("uz-cyrl".to_owned()));
    assert_eq!(best_language("lo", &known), None);
}
