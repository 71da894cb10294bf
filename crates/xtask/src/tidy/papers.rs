//! What the papers promise to list is listed.

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
}
