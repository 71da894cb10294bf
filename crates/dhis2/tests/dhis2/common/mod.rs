//! The recordings of real servers, step by step.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "shared by tests that each use a part of it; a missing recording must fail them"
)]

use serde_json::Value;
use tributary_dhis2::{Differences, Response, Version};

/// The versions that were recorded.
pub const VERSIONS: [&str; 4] = ["2.40.12", "2.41.9", "2.42.5.2", "2.43.1"];

/// One recorded request with its answer.
pub struct Step {
    pub name: String,
    pub request: Value,
    pub response: Response,
}

/// All steps of a scenario as a version answered them.
pub fn steps(version: &str, scenario: &str) -> Vec<Step> {
    let path = format!(
        "{}/../../tests/recordings/{version}/{scenario}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut recording: Value = serde_json::from_str(&text).unwrap();
    let Value::Array(steps) = recording["steps"].take() else {
        panic!("{path} has no steps")
    };
    steps.into_iter().map(step).collect()
}

/// The names of all scenarios of a version, in the order in which they were recorded.
pub fn scenarios(version: &str) -> Vec<String> {
    let path = format!(
        "{}/../../tests/recordings/{version}",
        env!("CARGO_MANIFEST_DIR")
    );
    let entries = std::fs::read_dir(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

/// One step by its name.
pub fn named(version: &str, scenario: &str, name: &str) -> Step {
    steps(version, scenario)
        .into_iter()
        .find(|step| step.name == name)
        .unwrap_or_else(|| panic!("{version} {scenario} has no step {name:?}"))
}

/// The rules for a recorded version.
pub fn differences(version: &str) -> Differences {
    Differences::of(Version::parse(version).unwrap())
}

/// The values (or registrations of completeness) that a recorded request sent; `None` where
/// the request is none of either, or in another form than JSON.
pub fn sent(step: &Step) -> Option<&Vec<Value>> {
    let path = step.request["path"].as_str()?;
    let body = &step.request["json"];
    let list = if path.ends_with("/dataValueSets") {
        &body["dataValues"]
    } else if path.ends_with("/completeDataSetRegistrations") {
        &body["completeDataSetRegistrations"]
    } else {
        return None;
    };
    let is_import = step.request["method"] == "POST" && !step.name.starts_with("async");
    list.as_array().filter(|_| is_import)
}

/// The key and value of a sent or read value.
pub fn cell(value: &Value) -> [String; 5] {
    [
        "dataElement",
        "period",
        "orgUnit",
        "categoryOptionCombo",
        "attributeOptionCombo",
    ]
    .map(|member| value[member].as_str().unwrap_or_default().to_owned())
}

fn step(mut step: Value) -> Step {
    let response = step["response"].take();
    let body = match (&response["json"], &response["text"]) {
        (Value::Null, Value::String(text)) => text.clone().into_bytes(),
        (Value::Null, _) => Vec::new(),
        (json, _) => serde_json::to_vec(json).unwrap(),
    };
    let headers = response["headers"].as_object().map(|headers| {
        headers
            .iter()
            .map(|(name, value)| (name.to_lowercase(), value.as_str().unwrap_or("").to_owned()))
            .collect()
    });
    Step {
        name: step["name"].as_str().unwrap().to_owned(),
        request: step["request"].take(),
        response: Response {
            status: u16::try_from(response["status"].as_u64().unwrap()).unwrap(),
            headers: headers.unwrap_or_default(),
            body,
            redirected: false,
        },
    }
}
