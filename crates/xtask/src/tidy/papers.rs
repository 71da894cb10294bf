//! What the papers promise to list is listed, and what they link to is there.

use super::Source;
use super::layers::{list, ours, text};
use serde_json::Value;
use std::collections::BTreeSet;

/// The decision that has a row for each crate that we use.
pub(super) const DEPENDENCIES: &str = "docs/adr/0008-dependencies.md";

/// Each direct dependency has a row in the table, and each row is a dependency.
pub(super) fn dependencies_are_explained(metadata: &Value, page: &str) -> Vec<String> {
    let packages = ours(metadata);
    let used: BTreeSet<&str> = packages
        .values()
        .flat_map(|package| list(package, "dependencies"))
        .map(|dependency| text(dependency, "name"))
        .filter(|name| !packages.contains_key(name))
        .collect();
    let explained: BTreeSet<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let missing = used
        .difference(&explained)
        .map(|name| format!("{DEPENDENCIES}: no row for {name}"));
    let left = explained
        .difference(&used)
        .map(|name| format!("{DEPENDENCIES}: {name} is not used any more"));
    missing.chain(left).collect()
}

/// Each relative link of a paper leads to a file or folder; `exists` is asked about a path from the root.
pub(super) fn links_lead_somewhere(paper: &Source, exists: impl Fn(&str) -> bool) -> Vec<String> {
    if !paper.path.ends_with(".md") {
        return Vec::new();
    }
    let folder = paper.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    paper
        .text
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|link| !link.is_empty() && !link.contains("://"))
        .filter(|link| !exists(&from_root(folder, link)))
        .map(|link| format!("{}: {link} is not there", paper.path))
        .collect()
}

/// The path that a link from within a folder means.
fn from_root(folder: &str, link: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn table_and_manifests_agree() {
        let metadata = json!({
            "workspace_members": ["xtask"],
            "packages": [{"id": "xtask", "name": "xtask", "dependencies": [{"name": "zip"}, {"name": "clap"}]}],
        });
        let check = |page| dependencies_are_explained(&metadata, page);
        assert_eq!(
            check("| `zip` | why |\n| `clap` | why |\n"),
            Vec::<String>::new()
        );
        assert_eq!(check("| `zip` | why |\n").len(), 1);
        assert_eq!(check("| `zip` | |\n| `clap` | |\n| `serde` | |\n").len(), 1);
    }

    #[test]
    fn links_to_nowhere() {
        let paper = Source {
            path: "docs/adr/a.md".to_owned(),
            text:
                "[a](b.md) [b](../../README.md#use) [c](#here) [d](https://a.org) [e](../gone.md)"
                    .to_owned(),
        };
        let there = ["docs/adr/b.md", "README.md"];
        assert_eq!(
            links_lead_somewhere(&paper, |path| there.contains(&path)),
            ["docs/adr/a.md: ../gone.md is not there"]
        );
    }
}
