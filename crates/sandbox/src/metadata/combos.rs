//! The option combos of a category combo: DHIS2 makes those that are missing whenever
//! a category combo is saved.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::random;
use crate::state::State;
use crate::store::Batch;

/// Makes the option combos that a category combo lacks, one for each way to take
/// one option of each category.
pub fn complete(state: &mut State, batch: &mut Batch, combo: &str) {
    let collections = &state.metadata.collections;
    let get = |collection: &str, uid: &str| collections.get(collection).and_then(|c| c.get(uid));
    let ids = |object: &Value, member: &str| -> Vec<String> {
        let items = object[member].as_array().into_iter().flatten();
        items
            .filter_map(|i| i["id"].as_str().map(str::to_owned))
            .collect()
    };
    let Some(object) = get("categoryCombos", combo) else {
        return;
    };
    let mut ways: Vec<Vec<String>> = vec![Vec::new()];
    for category in ids(object, "categories") {
        let options = get("categories", &category)
            .map(|c| ids(c, "categoryOptions"))
            .unwrap_or_default();
        ways = ways
            .iter()
            .flat_map(|way| {
                options
                    .iter()
                    .map(|o| way.iter().cloned().chain([o.clone()]).collect())
            })
            .collect();
    }
    let present: HashSet<Vec<String>> = collections
        .get("categoryOptionCombos")
        .into_iter()
        .flat_map(|all| all.values())
        .filter(|o| o["categoryCombo"]["id"] == combo)
        .map(|o| {
            let mut options = ids(o, "categoryOptions");
            options.sort();
            options
        })
        .collect();
    let mut made = Vec::new();
    for way in ways.into_iter().filter(|way| !way.is_empty()) {
        let mut sorted = way.clone();
        sorted.sort();
        if present.contains(&sorted) {
            continue;
        }
        let names: Vec<&str> = way
            .iter()
            .filter_map(|o| get("categoryOptions", o).and_then(|o| o["name"].as_str()))
            .collect();
        let options: Vec<Value> = way.iter().map(|o| json!({"id": o})).collect();
        let uid = random::uid();
        let now = object["lastUpdated"].clone();
        let new = json!({
            "id": uid, "name": names.join(", "), "categoryCombo": {"id": combo}, "categoryOptions": options,
            "created": now, "lastUpdated": now,
        });
        made.push((uid, new));
    }
    for (uid, new) in made {
        state.put_object(batch, "categoryOptionCombos", &uid, new);
    }
}
