//! What is derived from the metadata and asked for all the time: the org-unit
//! tree, the option combos of a category combo, who is in which group.

use std::collections::HashMap;

use serde_json::Value;

use crate::collections::Collections;

/// The place of an org unit in the tree.
#[derive(Debug, Default)]
pub struct Place {
    /// `/top/…/itself`.
    pub path: String,
    /// The root's is 1.
    pub level: usize,
    /// The uids right below, by name.
    pub children: Vec<String>,
}

/// Built anew after each change of metadata.
#[derive(Debug, Default)]
pub struct Index {
    /// Org unit uid → its place.
    pub places: HashMap<String, Place>,
    /// Category combo uid → its option combos.
    pub option_combos: HashMap<String, Vec<String>>,
    /// User uid → user groups.
    pub groups_of_user: HashMap<String, Vec<String>>,
    /// User name → user uid.
    pub user_by_name: HashMap<String, String>,
    /// Data element uid → data sets that hold it.
    pub data_sets_of_element: HashMap<String, Vec<String>>,
}

/// The uid in a reference.
fn id(value: &Value) -> Option<&str> {
    value["id"].as_str()
}

impl Index {
    /// Builds the index.
    pub fn build(collections: &Collections) -> Self {
        let objects = |name: &str| collections.get(name).into_iter().flatten();
        let mut index = Self::default();
        for (uid, unit) in objects("organisationUnits") {
            index.places.entry(uid.clone()).or_default();
            if let Some(parent) = id(&unit["parent"]) {
                index
                    .places
                    .entry(parent.into())
                    .or_default()
                    .children
                    .push(uid.clone());
            }
        }
        let units = collections.get("organisationUnits");
        let roots: Vec<&String> = objects("organisationUnits")
            .filter(|(_, unit)| {
                id(&unit["parent"]).is_none_or(|p| units.is_none_or(|all| !all.contains_key(p)))
            })
            .map(|(uid, _)| uid)
            .collect();
        let mut open: Vec<(String, String, usize)> = roots
            .into_iter()
            .map(|uid| (uid.clone(), String::new(), 0))
            .collect();
        while let Some((uid, above, depth)) = open.pop() {
            let Some(place) = index.places.get_mut(&uid) else {
                continue;
            };
            place.path = format!("{above}/{uid}");
            place.level = depth + 1;
            let name = |child: &String| {
                units
                    .and_then(|u| u.get(child))
                    .and_then(|u| u["name"].as_str())
                    .unwrap_or_default()
            };
            place.children.sort_by(|a, b| name(a).cmp(name(b)));
            for child in &place.children {
                open.push((child.clone(), place.path.clone(), depth + 1));
            }
        }
        for (uid, combo) in objects("categoryOptionCombos") {
            if let Some(owner) = id(&combo["categoryCombo"]) {
                index
                    .option_combos
                    .entry(owner.into())
                    .or_default()
                    .push(uid.clone());
            }
        }
        for (uid, group) in objects("userGroups") {
            for user in group["users"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(id)
            {
                index
                    .groups_of_user
                    .entry(user.into())
                    .or_default()
                    .push(uid.clone());
            }
        }
        for (uid, user) in objects("users") {
            if let Some(name) = user["username"].as_str() {
                index.user_by_name.insert(name.into(), uid.clone());
            }
        }
        for (uid, set) in objects("dataSets") {
            for element in set["dataSetElements"].as_array().into_iter().flatten() {
                if let Some(element) = id(&element["dataElement"]) {
                    index
                        .data_sets_of_element
                        .entry(element.into())
                        .or_default()
                        .push(uid.clone());
                }
            }
        }
        index
    }

    /// The org units without a parent, in the order of their uids.
    pub fn roots(&self) -> Vec<String> {
        let mut roots: Vec<String> = self
            .places
            .iter()
            .filter(|(_, place)| place.level == 1)
            .map(|(uid, _)| uid.clone())
            .collect();
        roots.sort();
        roots
    }

    /// Whether an org unit is one of these or below one of them.
    pub fn is_within(&self, unit: &str, roots: &[String]) -> bool {
        self.places.get(unit).is_some_and(|place| {
            place
                .path
                .split('/')
                .any(|part| roots.iter().any(|root| root == part))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_tree_has_paths_levels_and_children() {
        let mut collections = Collections::new();
        let units = collections.entry("organisationUnits".into()).or_default();
        units.insert(
            "c".into(),
            json!({"id": "c", "name": "C", "parent": {"id": "b"}}),
        );
        units.insert("a".into(), json!({"id": "a", "name": "A"}));
        units.insert(
            "b".into(),
            json!({"id": "b", "name": "B", "parent": {"id": "a"}}),
        );
        let index = Index::build(&collections);
        assert_eq!(index.places["c"].path, "/a/b/c");
        assert_eq!(index.places["c"].level, 3);
        assert_eq!(index.places["a"].children, ["b"]);
        assert!(index.is_within("c", &["b".into()]));
        assert!(!index.is_within("a", &["b".into()]));
    }
}
