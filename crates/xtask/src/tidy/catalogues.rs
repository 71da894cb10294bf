//! Texts for people: every language has every text that the app uses, and no other.
//!
//! A text is used when its key stands as a string in the app's sources. Keys that are put
//! together at run time are declared by their beginning in [`BUILT_KEYS`].

use super::{Source, literals};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What stands for the number of a text with plural forms.
const NUMBER: &str = "{n}";
/// The folder of the catalogues, and the language that the others are held against.
const FOLDER: &str = "public/text/";
const FIRST: &str = "public/text/en.json";
/// Languages that must be there.
const NEEDED: [&str; 2] = ["public/text/en.json", "public/text/fr.json"];

/// Beginnings of keys that the app puts together, and from what.
const BUILT_KEYS: [(&str, &str); 12] = [
    (
        "problem.",
        "the kind and the side of a problem, src/pages/problem.rs",
    ),
    ("mapping.title.", "the part, src/pages/mapping/"),
    ("mapping.lead.", "the part, src/pages/mapping/"),
    ("mapping.caption.", "the part, src/pages/mapping/"),
    ("mapping.part.", "the part, src/pages/mapping/"),
    (
        "mapping.evidence.",
        "why something is proposed, src/pages/mapping/",
    ),
    (
        "mapping.finding.",
        "the kind of finding, src/pages/mapping/",
    ),
    (
        "periodType.",
        "DHIS2's name of a data set's period type, src/pages/mapping/table.rs",
    ),
    ("kind.", "the kind of a value, src/pages/import/words.rs"),
    (
        "outcome.",
        "what became of a value, src/pages/import/words.rs",
    ),
    (
        "reason.",
        "why a value is not sent, src/pages/import/words.rs",
    ),
    ("refusal.", "the server's code, src/pages/import/words.rs"),
];

/// Strings that look like keys and are something else.
const NOT_KEYS: [(&str, &str); 0] = [];

/// Key → text; the forms of a plural are joined, since they share their parameters.
type Catalogue = BTreeMap<String, String>;

/// All complaints about catalogues and their use.
pub(super) fn check(sources: &[Source]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut catalogues = BTreeMap::new();
    for source in sources
        .iter()
        .filter(|source| source.path.starts_with(FOLDER))
    {
        match parse(&source.text) {
            Ok(catalogue) => {
                catalogues.insert(source.path.as_str(), catalogue);
            }
            Err(reason) => complaints.push(format!("{}: {reason}", source.path)),
        }
    }
    complaints.extend(
        NEEDED
            .iter()
            .filter(|path| !catalogues.contains_key(*path))
            .map(|path| format!("{path} is missing")),
    );
    let Some(first) = catalogues.get(FIRST) else {
        return complaints;
    };
    for (path, catalogue) in &catalogues {
        complaints.extend(languages_agree(path, catalogue, first));
    }
    let built = BUILT_KEYS.map(|(beginning, _)| beginning);
    complaints.extend(keys_and_sources_agree(
        first,
        &strings_of_the_app(sources),
        &built,
    ));
    complaints
}

/// The same keys, and in each text the same `{parameters}`.
fn languages_agree(path: &str, catalogue: &Catalogue, first: &Catalogue) -> Vec<String> {
    let mut complaints = Vec::new();
    for (key, text) in first {
        match catalogue.get(key) {
            None => complaints.push(format!("{path}: {key} is missing")),
            Some(own) if own.trim().is_empty() => {
                complaints.push(format!("{path}: {key} is empty"));
            }
            Some(own) if parameters(own) != parameters(text) => {
                complaints.push(format!(
                    "{path}: {key} has other {{parameters}} than English"
                ));
            }
            Some(_) => {}
        }
    }
    let left = catalogue.keys().filter(|key| !first.contains_key(*key));
    complaints.extend(left.map(|key| format!("{path}: {key} is not in English")));
    complaints
}

/// Each string that looks like a key is one, and each key is used.
fn keys_and_sources_agree(
    catalogue: &Catalogue,
    strings: &[(&str, &str)],
    built: &[&str],
) -> Vec<String> {
    let groups: BTreeSet<&str> = catalogue
        .keys()
        .filter_map(|key| key.split('.').next())
        .collect();
    let used: BTreeSet<&str> = strings.iter().map(|(_, string)| *string).collect();
    let mut complaints = Vec::new();
    for (path, string) in strings {
        let group = string.split('.').next().unwrap_or_default();
        let known = catalogue.contains_key(*string)
            || built.contains(string)
            || NOT_KEYS.iter().any(|(other, _)| other == string);
        if looks_like_key(string) && groups.contains(group) && !known {
            complaints.push(format!("{path}: there is no text {string}"));
        }
    }
    for key in catalogue.keys() {
        if !used.contains(key.as_str()) && !built.iter().any(|beginning| key.starts_with(beginning))
        {
            complaints.push(format!("{FIRST}: {key} is used nowhere"));
        }
    }
    for beginning in built {
        if !catalogue.keys().any(|key| key.starts_with(beginning)) {
            complaints.push(format!(
                "no key begins with {beginning} (tidy/catalogues.rs)"
            ));
        }
    }
    complaints
}

/// `(path, string)` for each string literal in code that can name a text.
fn strings_of_the_app(sources: &[Source]) -> Vec<(&str, &str)> {
    sources
        .iter()
        .filter(|source| can_name_texts(&source.path))
        .flat_map(|source| {
            literals::strings(literals::without_tests(&source.text))
                .into_iter()
                .map(|string| (source.path.as_str(), string))
        })
        .collect()
}

fn can_name_texts(path: &str) -> bool {
    let folders = ["src/", "crates/exchange/src/", "crates/engine/src/"];
    let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
    path.ends_with(".rs") && !is_test && folders.iter().any(|folder| path.starts_with(folder))
}

/// `import.plan.title`: words of letters, digits, `-` and `_`, joined by dots.
fn looks_like_key(string: &str) -> bool {
    string.contains('.')
        && string.starts_with(|c: char| c.is_ascii_lowercase())
        && string.split('.').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        })
}

/// The words in braces.
fn parameters(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

fn parse(text: &str) -> Result<Catalogue, String> {
    let Ok(Value::Object(members)) = serde_json::from_str(text) else {
        return Err("is no JSON object".to_owned());
    };
    let mut catalogue = Catalogue::new();
    for (key, value) in members {
        let text = match value {
            Value::String(text) => text,
            // One text per plural category; every language has "other", and the number in it
            // is put in for this name.
            Value::Object(forms)
                if forms.values().all(Value::is_string)
                    && forms
                        .get("other")
                        .and_then(Value::as_str)
                        .is_some_and(|text| text.contains(NUMBER)) =>
            {
                forms
                    .values()
                    .filter_map(Value::as_str)
                    .collect::<Vec<_>>()
                    .join("\n")
            }
            _ => {
                return Err(format!(
                    "{key} is neither a text nor the forms of one, the other with {NUMBER}"
                ));
            }
        };
        catalogue.insert(key, text);
    }
    Ok(catalogue)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(entries: &[(&str, &str)]) -> Catalogue {
        entries
            .iter()
            .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
            .collect()
    }

    #[test]
    fn languages_that_differ() {
        let english = catalogue(&[
            ("a.one", "{n} of {m}"),
            ("a.two", "two"),
            ("a.three", "three"),
        ]);
        let french = catalogue(&[
            ("a.one", "{m} : {n}"),
            ("a.two", "deux {n}"),
            ("a.four", "quatre"),
        ]);
        assert_eq!(
            languages_agree("fr", &french, &english),
            [
                "fr: a.three is missing",
                "fr: a.two has other {parameters} than English",
                "fr: a.four is not in English",
            ]
        );
        assert_eq!(
            languages_agree("en", &english, &english),
            Vec::<String>::new()
        );
    }

    #[test]
    fn keys_that_are_missing_or_left_over() {
        let english = catalogue(&[
            ("plan.title", "Plan"),
            ("plan.old", "Old"),
            ("reason.closed", "Closed"),
        ]);
        let strings = [
            ("src/a.rs", "plan.title"),
            ("src/a.rs", "plan.new"),
            ("src/a.rs", "api/me.json"),
        ];
        assert_eq!(
            keys_and_sources_agree(&english, &strings, &["reason.", "side."]),
            [
                "src/a.rs: there is no text plan.new",
                "public/text/en.json: plan.old is used nowhere",
                "no key begins with side. (tidy/catalogues.rs)",
            ]
        );
    }

    #[test]
    fn strings_in_tests_and_comments_do_not_use_a_text() {
        let text = "//! \"a.b\"\nfn f() { t(\"c.d\") }\n#[cfg(test)]\nmod tests { \"e.f\" }\n";
        let source = Source {
            path: "src/a.rs".to_owned(),
            text: text.to_owned(),
        };
        let test = Source {
            path: "src/text/tests.rs".to_owned(),
            text: "fn f() { t(\"g.h\") }".to_owned(),
        };
        assert_eq!(strings_of_the_app(&[source, test]), [("src/a.rs", "c.d")]);
    }

    #[test]
    fn plural_forms_are_one_text() {
        let parsed = parse(r#"{"rows": {"one": "{n} row", "other": "{n} rows"}}"#).unwrap();
        assert_eq!(parameters(&parsed["rows"]), BTreeSet::from(["n"]));
        assert!(parse(r#"{"rows": 3}"#).is_err());
        assert!(parse(r#"{"rows": {"one": "{n} row"}}"#).is_err());
        assert!(parse(r#"{"rows": {"one": "{count} row", "other": "{count} rows"}}"#).is_err());
        assert!(parse("[]").is_err());
    }

    #[test]
    fn a_language_that_is_missing() {
        let source = Source {
            path: FIRST.to_owned(),
            text: r#"{"problem.side.app": "Tributary"}"#.to_owned(),
        };
        // Of the beginnings that this one text does not use it complains, too.
        let first = check(&[source]).into_iter().next();
        assert_eq!(first.as_deref(), Some("public/text/fr.json is missing"));
    }
}
