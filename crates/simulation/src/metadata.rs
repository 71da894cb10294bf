//! The metadata of both servers of a world: those of the recordings, cut down.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::elements::ELEMENTS;
use crate::side::DEFAULT;
use crate::world::{TAKEN_OUT, UNITS};

const METADATA: &str = include_str!("../../../tests/recordings/seed/metadata.json");

/// The recordings' metadata, cut down to this world.
pub(crate) fn metadata(taken_out: bool) -> Result<Value, String> {
    let mut metadata: Value = serde_json::from_str(METADATA).map_err(|e| e.to_string())?;
    // The app's key is `tributary`, so its authority is written in lower case.
    for role in list(&mut metadata, "userRoles")? {
        list(role, "authorities")?.push("M_tributary".into());
    }
    let kept = |unit: &Value| {
        let uid = unit["id"].as_str().unwrap_or_default();
        UNITS.contains(&uid)
    };
    list(&mut metadata, "organisationUnits")?.retain(kept);
    let elements = |member: &Value| {
        let uid = member["dataElement"]["id"].as_str().unwrap_or_default();
        ELEMENTS.iter().any(|one| one.uid == uid)
    };
    for set in list(&mut metadata, "dataSets")? {
        let units = list(set, "organisationUnits")?;
        units.retain(|unit| kept(unit) && !(taken_out && unit["id"] == TAKEN_OUT));
        list(set, "dataSetElements")?.retain(elements);
    }
    Ok(metadata)
}

fn list<'a>(value: &'a mut Value, member: &str) -> Result<&'a mut Vec<Value>, String> {
    let found = value[member].as_array_mut();
    found.ok_or_else(|| format!("the metadata has no {member}"))
}

/// Uids by name. `default` has no name in a row.
pub(crate) fn uids() -> Result<BTreeMap<String, String>, String> {
    let metadata: Value = serde_json::from_str(METADATA).map_err(|e| e.to_string())?;
    let mut uids = BTreeMap::from([(String::new(), DEFAULT.to_owned())]);
    for collection in [
        "organisationUnits",
        "dataElements",
        "categoryOptionCombos",
        "dataSets",
    ] {
        for object in metadata[collection].as_array().into_iter().flatten() {
            let text = |member: &str| object[member].as_str().unwrap_or_default().to_owned();
            if let Some(twice) = uids.insert(text("name"), text("id")) {
                return Err(format!("{} and {twice} have one name", text("id")));
            }
        }
    }
    Ok(uids)
}
