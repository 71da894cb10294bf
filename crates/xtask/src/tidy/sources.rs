//! What every source file has and does not have.

use super::{Source, literals};

/// Files may be as long as this without a word.
const GOOD_LENGTH: usize = 400;
/// Files longer than this need a reason.
const GREATEST_LENGTH: usize = 700;

/// Files over [`GREATEST_LENGTH`], each with its reason.
const LONG_FOR_A_REASON: [(&str, &str); 0] = [];

/// Files outside `src/browser/` that name the browser's interfaces, each with its reason.
const BROWSER_FOR_A_REASON: [(&str, &str); 0] = [];

/// Crates that are the browser. `leptos` is not among them: it draws.
const BROWSER_CRATES: [&str; 6] = [
    "web_sys",
    "js_sys",
    "gloo_net",
    "gloo_timers",
    "wasm_bindgen",
    "wasm_bindgen_futures",
];

// Put together here so that this file is not found by its own check.
const MACHINE_PATHS: [&str; 3] = [
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
];
const UNFINISHED: [&str; 4] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!("),
    concat!("XX", "X:"),
];

/// All complaints about one file.
pub(super) fn check(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    complaints.extend(module_says_what_it_is_for(source));
    complaints.extend(length_has_a_reason(source));
    complaints.extend(browser_is_behind_its_folder(source));
    complaints.extend(styles_are_in_files(source));
    complaints.extend(is_finished(source));
    complaints.extend(names_no_machine(source));
    complaints
}

/// A Rust module begins with a paragraph about itself.
fn module_says_what_it_is_for(source: &Source) -> Option<String> {
    let first = source
        .text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with("#!["))?;
    let described = !is_our_rust(source) || first.starts_with("//!");
    (!described).then(|| {
        format!(
            "{}: does not begin with a paragraph (//!) about itself",
            source.path
        )
    })
}

/// Over 700 lines only for a reason; over 400 is a warning, see [`long_file_warning`].
fn length_has_a_reason(source: &Source) -> Option<String> {
    let lines = source.text.lines().count();
    let allowed = !is_code(source)
        || lines <= GREATEST_LENGTH
        || LONG_FOR_A_REASON
            .iter()
            .any(|(path, _)| *path == source.path);
    (!allowed).then(|| {
        format!(
            "{}: {lines} lines; split it, or give a reason in tidy/sources.rs",
            source.path
        )
    })
}

/// Says which files are on their way to being too long.
pub(super) fn long_file_warning(source: &Source) -> Option<String> {
    let lines = source.text.lines().count();
    (is_code(source) && lines > GOOD_LENGTH).then(|| format!("{}: {lines} lines", source.path))
}

/// Only `src/browser/` names web-sys and its relatives.
fn browser_is_behind_its_folder(source: &Source) -> Option<String> {
    let layered = source.path.starts_with("src/")
        || ["engine", "dhis2", "exchange"]
            .iter()
            .any(|name| source.path.starts_with(&format!("crates/{name}/")));
    if !layered
        || !source.path.ends_with(".rs")
        || source.path.starts_with("src/browser/")
        || BROWSER_FOR_A_REASON
            .iter()
            .any(|(path, _)| *path == source.path)
    {
        return None;
    }
    let code = literals::without_comments_and_strings(&source.text);
    let named = BROWSER_CRATES.iter().find(|name| has_word(&code, name))?;
    Some(format!(
        "{}: names {named}; only src/browser/ talks to the browser",
        source.path
    ))
}

/// A `style="…"` attribute is an inline style, which a strict policy forbids (`style:width=…` is not).
fn styles_are_in_files(source: &Source) -> Option<String> {
    let inline = source.path.starts_with("src/")
        && source.path.ends_with(".rs")
        && [" style=", "\tstyle=", "inner_html"]
            .iter()
            .any(|word| source.text.contains(word));
    inline.then(|| {
        format!(
            "{}: inline style or markup; use a class, or style:property=…",
            source.path
        )
    })
}

/// No notes about work left.
fn is_finished(source: &Source) -> Option<String> {
    let word = UNFINISHED
        .iter()
        .find(|word| has_word(&source.text, word))?;
    Some(format!("{}: {word}", source.path))
}

/// No folder of somebody's machine.
fn names_no_machine(source: &Source) -> Option<String> {
    let goes_on = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.');
    let path = MACHINE_PATHS.iter().find(|path| {
        let mut places = source.text.match_indices(*path);
        places.any(|(at, _)| goes_on(&source.text[at + path.len()..]))
    })?;
    Some(format!("{}: names {path}", source.path))
}

/// Whether the word stands in the text with nothing on its left that would make it a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(is_part);
        let after =
            word.ends_with(is_part) && text[at + word.len()..].chars().next().is_some_and(is_part);
        !before && !after
    })
}

fn is_our_rust(source: &Source) -> bool {
    source.path.ends_with(".rs")
        && (source.path.starts_with("src/")
            || (source.path.starts_with("crates/") && source.path.contains("/src/")))
}

fn is_code(source: &Source) -> bool {
    [".rs", ".ts", ".js", ".css"]
        .iter()
        .any(|ending| source.path.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> Vec<String> {
        check(&Source {
            path: path.to_owned(),
            text: text.to_owned(),
        })
    }

    #[test]
    fn a_good_file_passes() {
        let text = "//! Widgets. Nothing of web_sys here.\nfn a() { b(\"web_sys\") } // js_sys\n";
        assert_eq!(
            complaints("src/widgets/button.rs", text),
            Vec::<String>::new()
        );
        assert_eq!(
            complaints("src/browser/fetch.rs", "//! Fetch.\nuse web_sys::Window;\n"),
            Vec::<String>::new()
        );
        assert_eq!(
            complaints("crates/sandbox/tests/replay.rs", "use web_sys;\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_module_without_a_paragraph() {
        assert_eq!(
            complaints("crates/engine/src/plan.rs", "use std::fmt;\n").len(),
            1
        );
        assert_eq!(
            complaints("crates/engine/src/plan.rs", "#![cfg(test)]\n//! Plan.\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_long_file() {
        let text = format!("//! Long.\n{}", "fn a() {}\n".repeat(GREATEST_LENGTH));
        assert_eq!(complaints("src/a.rs", &text).len(), 1);
        let shorter = Source {
            path: "src/a.rs".to_owned(),
            text: "//!\n".repeat(GOOD_LENGTH + 1),
        };
        assert!(long_file_warning(&shorter).is_some());
    }

    #[test]
    fn the_browser_outside_its_folder() {
        for code in [
            "use web_sys::Window;",
            "fn a() -> js_sys::Date { b }",
            "leptos::web_sys::window()",
        ] {
            assert_eq!(
                complaints("src/pages/a.rs", &format!("//! A.\n{code}\n")).len(),
                1,
                "{code}"
            );
        }
        assert_eq!(
            complaints("crates/dhis2/src/a.rs", "//! A.\nuse gloo_net::http;\n").len(),
            1
        );
    }

    #[test]
    fn an_inline_style() {
        assert_eq!(
            complaints("src/a.rs", "//! A.\nview! { <p style=\"color: red\"/> }\n").len(),
            1
        );
        assert_eq!(
            complaints("src/a.rs", "//! A.\nview! { <p style:width=w/> }\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn unfinished_work() {
        for word in UNFINISHED {
            assert_eq!(
                complaints("docs/a.md", &format!("a {word} b")).len(),
                1,
                "{word}"
            );
        }
        assert_eq!(
            complaints("docs/a.md", "TODOS and mastodons"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_machine() {
        for path in MACHINE_PATHS {
            assert_eq!(
                complaints("README.md", &format!("cd {path}main")).len(),
                1,
                "{path}"
            );
        }
        assert_eq!(
            complaints("README.md", "the /worker, a network/"),
            Vec::<String>::new()
        );
    }
}
