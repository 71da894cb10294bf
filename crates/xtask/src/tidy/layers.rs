//! Layers depend downwards only, and the pure one on nothing that could do I/O.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a package may depend on among our own.
struct Layer {
    name: &'static str,
    /// In the program itself.
    below: &'static [&'static str],
    /// In its tests, besides those.
    in_tests: &'static [&'static str],
}

const LAYERS: [Layer; 9] = [
    Layer {
        name: "tributary-engine",
        below: &[],
        in_tests: &[],
    },
    Layer {
        name: "tributary-dhis2",
        below: &[],
        in_tests: &["tributary-sandbox"],
    },
    Layer {
        name: "tributary-exchange",
        below: &["tributary-engine", "tributary-dhis2"],
        in_tests: &["tributary-sandbox"],
    },
    Layer {
        name: "tributary",
        below: &["tributary-exchange", "tributary-engine", "tributary-dhis2"],
        in_tests: &["tributary-sandbox"],
    },
    // Measures them; nobody depends on it.
    Layer {
        name: "tributary-bench",
        below: &["tributary-engine", "tributary-dhis2"],
        in_tests: &[],
    },
    // Holds servers against the client; the sandbox is one of them.
    Layer {
        name: "tributary-conformance",
        below: &["tributary-dhis2"],
        in_tests: &["tributary-sandbox"],
    },
    // Both ends of the line in one process; nobody depends on it.
    Layer {
        name: "tributary-simulation",
        below: &["tributary-exchange", "tributary-dhis2", "tributary-sandbox"],
        in_tests: &[],
    },
    // It must not share the code that it is there to test.
    Layer {
        name: "tributary-sandbox",
        below: &[],
        in_tests: &[],
    },
    Layer {
        name: "xtask",
        below: &["tributary-sandbox"],
        in_tests: &[],
    },
];

/// Not in the engine, however deep: I/O, clocks, randomness, the browser, threads of execution.
const NOT_IN_THE_ENGINE: [&str; 15] = [
    "async-std",
    "axum",
    "getrandom",
    "gloo-net",
    "gloo-timers",
    "hyper",
    "js-sys",
    "leptos",
    "rand",
    "redb",
    "reqwest",
    "tokio",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "web-sys",
];

/// Complaints about the dependency graph that `cargo metadata` gives.
pub(super) fn check(metadata: &Value) -> Vec<String> {
    let packages = ours(metadata);
    let mut complaints = Vec::new();
    for (name, package) in &packages {
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == *name) else {
            complaints.push(format!(
                "{name} has no place among the layers (crates/xtask/src/tidy/layers.rs)"
            ));
            continue;
        };
        for dependency in list(package, "dependencies") {
            let on = text(dependency, "name");
            let in_tests = text(dependency, "kind") == "dev";
            // A package may name itself to switch on a feature for its own tests.
            let allowed = layer.below.contains(&on)
                || (in_tests && (layer.in_tests.contains(&on) || on == *name));
            if packages.contains_key(on) && !allowed {
                complaints.push(format!("{name} may not depend on {on}"));
            }
        }
    }
    let engine = dependency_names(metadata, "tributary-engine");
    for forbidden in NOT_IN_THE_ENGINE
        .iter()
        .filter(|name| engine.contains(**name))
    {
        complaints.push(format!("tributary-engine depends on {forbidden}; see: cargo tree -p tributary-engine -i {forbidden}"));
    }
    complaints
}

/// Our packages by name.
pub(super) fn ours(metadata: &Value) -> BTreeMap<&str, &Value> {
    let members: BTreeSet<&str> = list(metadata, "workspace_members")
        .filter_map(Value::as_str)
        .collect();
    list(metadata, "packages")
        .filter(|package| members.contains(text(package, "id")))
        .map(|package| (text(package, "name"), package))
        .collect()
}

/// Names of all that a package needs to run, itself included.
fn dependency_names<'a>(metadata: &'a Value, package: &str) -> BTreeSet<&'a str> {
    let names: BTreeMap<&str, &str> = list(metadata, "packages")
        .map(|package| (text(package, "id"), text(package, "name")))
        .collect();
    let nodes: BTreeMap<&str, &Value> = list(&metadata["resolve"], "nodes")
        .map(|node| (text(node, "id"), node))
        .collect();
    let mut waiting: Vec<&str> = names
        .iter()
        .filter(|(_, name)| **name == package)
        .map(|(id, _)| *id)
        .collect();
    let mut found = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !found.insert(id) {
            continue;
        }
        for dependency in nodes
            .get(id)
            .into_iter()
            .flat_map(|node| list(node, "deps"))
        {
            if list(dependency, "dep_kinds").any(|kind| kind["kind"].is_null()) {
                waiting.push(text(dependency, "pkg"));
            }
        }
    }
    found
        .into_iter()
        .filter_map(|id| names.get(id).copied())
        .collect()
}

pub(super) fn list<'a>(value: &'a Value, member: &str) -> impl Iterator<Item = &'a Value> {
    value[member].as_array().into_iter().flatten()
}

pub(super) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A workspace in which each package depends on the given ones: `(package, dependency, kind)`.
    fn workspace(edges: &[(&str, &str, Option<&str>)]) -> Value {
        let mut names: BTreeSet<&str> = edges
            .iter()
            .flat_map(|(from, to, _)| [*from, *to])
            .collect();
        names.insert("tributary-engine");
        let of = |name: &str| {
            edges
                .iter()
                .filter(move |(from, _, _)| *from == name)
                .collect::<Vec<_>>()
        };
        let packages: Vec<Value> = names
            .iter()
            .map(|name| {
                let dependencies: Vec<Value> = of(name)
                    .iter()
                    .map(|(_, to, kind)| json!({"name": to, "kind": kind}))
                    .collect();
                json!({"id": name, "name": name, "dependencies": dependencies})
            })
            .collect();
        let nodes: Vec<Value> = names
            .iter()
            .map(|name| {
                let deps: Vec<Value> = of(name)
                    .iter()
                    .map(|(_, to, kind)| json!({"pkg": to, "dep_kinds": [{"kind": kind}]}))
                    .collect();
                json!({"id": name, "deps": deps})
            })
            .collect();
        let members: Vec<&str> = names
            .into_iter()
            .filter(|name| name.starts_with("tributary") || *name == "xtask")
            .collect();
        json!({"packages": packages, "workspace_members": members, "resolve": {"nodes": nodes}})
    }

    #[test]
    fn downward_is_allowed() {
        let metadata = workspace(&[
            ("tributary", "tributary-exchange", None),
            ("tributary-exchange", "tributary-engine", None),
            ("tributary-exchange", "tributary-sandbox", Some("dev")),
            ("tributary-engine", "serde", None),
            ("tributary-engine", "tokio", Some("dev")),
        ]);
        assert_eq!(check(&metadata), Vec::<String>::new());
    }

    #[test]
    fn upward_and_sideways_are_not() {
        let metadata = workspace(&[
            ("tributary-dhis2", "tributary-engine", None),
            ("tributary-sandbox", "tributary-dhis2", Some("dev")),
            ("tributary-exchange", "tributary-sandbox", None),
        ]);
        assert_eq!(
            check(&metadata),
            [
                "tributary-dhis2 may not depend on tributary-engine",
                "tributary-exchange may not depend on tributary-sandbox",
                "tributary-sandbox may not depend on tributary-dhis2",
            ]
        );
    }

    #[test]
    fn the_engine_is_pure_however_deep() {
        let metadata = workspace(&[
            ("tributary-engine", "harmless", None),
            ("harmless", "tokio", None),
        ]);
        assert_eq!(check(&metadata).len(), 1);
        assert!(check(&metadata)[0].contains("tokio"));
    }

    #[test]
    fn a_new_package_needs_a_place() {
        assert!(check(&workspace(&[("tributary-new", "serde", None)]))[0].contains("no place"));
    }
}
