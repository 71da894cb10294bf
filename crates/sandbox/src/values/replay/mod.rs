//! Replays the recordings that are about data values, function by function, and
//! holds every answer against the recorded one.

mod conform;

use chrono::{NaiveDate, NaiveDateTime};
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

use super::{Catalogue, ValueStore};
use crate::answer::Answer;
use crate::collections::Collections;
use crate::context::{CurrentUser, ValueContext};
use crate::version::ServerVersion;

fn recordings(path: &str) -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/recordings")
        .join(path);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    serde_json::from_str(&text).unwrap()
}

/// A server with the set-up of the recordings.
struct Server {
    version: ServerVersion,
    collections: Collections,
    catalogue: Catalogue,
    store: ValueStore,
}

impl Server {
    fn seeded(version: ServerVersion) -> Self {
        let mut server = Self {
            version,
            collections: Collections::new(),
            catalogue: Catalogue::default(),
            store: ValueStore::in_memory(),
        };
        server.add_metadata(&recordings("seed/metadata.json"));
        let mut values = recordings("seed/values.json");
        if version < ServerVersion::V43 {
            values.as_object_mut().unwrap().remove("dataSet");
        }
        let count = values["dataValues"].as_array().unwrap().len();
        let answer = super::write(
            &server.context(&user("admin")),
            &[],
            "application/json",
            values.to_string().as_bytes(),
        );
        assert_eq!(answer.status, 200);
        assert_eq!(server.store.len(), count, "every value of the seed is kept");
        server
    }

    fn add_metadata(&mut self, payload: &Value) {
        for (collection, objects) in payload.as_object().unwrap() {
            let kept = self.collections.entry(collection.clone()).or_default();
            for object in objects.as_array().unwrap() {
                kept.insert(object["id"].as_str().unwrap().to_owned(), object.clone());
            }
        }
        self.catalogue = Catalogue::build(&self.collections);
    }

    fn context<'s>(&'s self, user: &'s CurrentUser) -> ValueContext<'s> {
        ValueContext {
            version: self.version,
            catalogue: &self.catalogue,
            user,
            now: now(),
            store: &self.store,
        }
    }

    /// The answer to a recorded request, or none when it is not about data values;
    /// what such a request changes in the metadata is changed all the same.
    fn answer(&mut self, request: &Value) -> Option<Answer> {
        let path = request["path"].as_str().unwrap();
        let method = request["method"].as_str().unwrap_or("GET");
        let query = pairs(&request["query"]);
        let parameter = |name: &str| query.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v);
        let who = user(request["as"].as_str().unwrap_or("admin"));
        let headers: Vec<(String, String)> = pairs(&request["headers"])
            .into_iter()
            .map(|(n, v)| (n.to_lowercase(), v))
            .collect();
        let content_type = headers
            .iter()
            .find(|(n, _)| n == "content-type")
            .map_or("application/json", |(_, v)| v);
        if parameter("async") == "true" {
            return None;
        }
        match (method, path) {
            ("POST", "/api/metadata") => {
                self.add_metadata(&request["json"]);
                None
            }
            ("POST", "/api/lockExceptions") => {
                self.add_metadata(&json!({"lockExceptions": [{"id": "lockExcept1",
                    "organisationUnit": {"id": parameter("ou")}, "period": {"id": parameter("pe")},
                    "dataSet": {"id": parameter("ds")}}]}));
                None
            }
            ("POST", "/api/dataApprovals") => {
                self.add_metadata(&json!({"dataApprovals": [{"id": "approval001",
                    "organisationUnit": {"id": parameter("ou")}, "period": {"id": parameter("pe")},
                    "workflow": {"id": parameter("wf")}}]}));
                None
            }
            ("PATCH", path) if path.starts_with("/api/organisationUnits/") => {
                let uid = path.rsplit('/').next().unwrap();
                let unit = &mut self.collections["organisationUnits"][uid];
                unit["attributeValues"] = request["json"][0]["value"].clone();
                self.catalogue = Catalogue::build(&self.collections);
                None
            }
            ("POST", "/api/dataValueSets") => {
                let body = body(request);
                Some(super::write(
                    &self.context(&who),
                    &query,
                    content_type,
                    &body,
                ))
            }
            ("GET", path) if path.starts_with("/api/dataValueSets") => {
                let suffix = path.trim_start_matches("/api/dataValueSets");
                Some(super::read(&self.context(&who), suffix, &query, &headers))
            }
            ("GET", "/api/completeDataSetRegistrations") => {
                Some(super::read_registrations(&self.context(&who), &query))
            }
            ("POST", "/api/completeDataSetRegistrations") => Some(super::write_registrations(
                &self.context(&who),
                &query,
                &body(request),
            )),
            ("DELETE", "/api/completeDataSetRegistrations") => {
                Some(super::remove_registration(&self.context(&who), &query))
            }
            _ => None,
        }
    }
}

/// The recorded servers' day.
fn now() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, 22)
        .and_then(|d| d.and_hms_milli_opt(1, 30, 0, 123))
        .unwrap()
}

/// The users of the recordings, as their server knows them.
fn user(name: &str) -> CurrentUser {
    let (uid, authorities, org_unit) = match name {
        "admin" => ("M5zQapPyTZI", vec!["ALL"], "ouCountry01"),
        "clerk" => (
            "usClerk0001",
            vec!["F_DATAVALUE_ADD", "F_DATAVALUE_DELETE"],
            "ouRegionA01",
        ),
        "manager" => ("usManager01", vec!["F_DATAVALUE_ADD"], "ouCountry01"),
        other => panic!("no such user: {other}"),
    };
    CurrentUser {
        uid: uid.into(),
        username: name.into(),
        authorities: authorities.into_iter().map(Into::into).collect(),
        organisation_units: vec![org_unit.into()],
        data_view_organisation_units: vec![org_unit.into()],
        user_groups: vec!["ugClerks001".into()],
    }
}

fn pairs(object: &Value) -> Vec<(String, String)> {
    let entries = object.as_object().into_iter().flatten();
    entries
        .flat_map(|(name, value)| match value {
            Value::Array(values) => values
                .iter()
                .map(|v| (name.clone(), v.as_str().unwrap().to_owned()))
                .collect(),
            value => vec![(name.clone(), value.as_str().unwrap().to_owned())],
        })
        .collect()
}

fn body(request: &Value) -> Vec<u8> {
    if let Some(text) = request["gzipText"].as_str() {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        return encoder.finish().unwrap();
    }
    match request["text"].as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => request["json"].to_string().into_bytes(),
    }
}

/// Replays a scenario, after those that changed its values on the recorded servers.
fn replay(before: &[&str], scenario: &str) {
    let mut failures = Vec::new();
    for version in ServerVersion::ALL {
        let mut server = Server::seeded(version);
        for scenario in before {
            for step in recordings(&format!("{version}/{scenario}.json"))["steps"]
                .as_array()
                .unwrap()
            {
                server.answer(&step["request"]);
            }
        }
        let recording = recordings(&format!("{version}/{scenario}.json"));
        let mut compared = 0;
        for step in recording["steps"].as_array().unwrap() {
            let name = step["name"].as_str().unwrap();
            let Some(answer) = server.answer(&step["request"]) else {
                continue;
            };
            compared += 1;
            let found = conform::differences(&step["response"], &answer);
            if !found.is_empty() {
                failures.push(format!(
                    "{version} {scenario} / {name}\n    {}",
                    found.join("\n    ")
                ));
            }
        }
        assert!(compared > 0, "{version} {scenario}: nothing was compared");
    }
    assert!(
        failures.is_empty(),
        "{} steps differ\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn good_imports_are_answered_as_recorded() {
    replay(&[], "import-good");
}

#[test]
fn exports_are_answered_as_recorded() {
    replay(&["completeness"], "export");
}

#[test]
fn bad_values_are_answered_as_recorded() {
    replay(&[], "import-bad-values");
}

#[test]
fn bad_requests_are_answered_as_recorded() {
    replay(&[], "import-bad-requests");
}

#[test]
fn import_options_are_answered_as_recorded() {
    replay(&[], "import-options");
}

#[test]
fn import_rules_are_answered_as_recorded() {
    replay(&[], "zz-import-rules");
}

#[test]
fn completeness_is_answered_as_recorded() {
    replay(&[], "completeness");
}
