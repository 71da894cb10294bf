//! What is checked before an object is written: rights, strategy, references, values
//! that must be unique. The reports are DHIS2's. Recorded: scenario "metadata-write".

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::context::CurrentUser;
use crate::metadata::access::may_create;
use crate::metadata::schema::{SCHEMAS, Schema};
use crate::server::Server;
use crate::state::Snapshot;
use crate::version::ServerVersion;

/// An error about one object.
pub struct ObjectError {
    /// `E5003` and its like.
    pub code: &'static str,
    /// The report as DHIS2 writes it.
    pub report: Value,
}

/// The uids that references may point at, and the values that are taken.
pub struct Known<'a> {
    metadata: &'a Snapshot,
    payload: std::collections::HashMap<&'a str, HashSet<&'a str>>,
}

impl<'a> Known<'a> {
    /// What the server has and what the payload brings.
    pub fn new(metadata: &'a Snapshot, payload: &'a Value) -> Self {
        let ids = |objects: &'a Value| {
            objects
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|o| o["id"].as_str())
                .collect()
        };
        let payload = SCHEMAS
            .iter()
            .map(|s| (s.collection, ids(&payload[s.collection])))
            .collect();
        Self { metadata, payload }
    }

    fn has(&self, collection: &str, uid: &str) -> bool {
        self.metadata
            .collections
            .get(collection)
            .is_some_and(|c| c.contains_key(uid))
            || self
                .payload
                .get(collection)
                .is_some_and(|c| c.contains(uid))
    }
}

/// `Name [uid] (Type)`, as messages name an object.
pub fn named(schema: &Schema, object: &Value, uid: &str) -> String {
    let name = object["name"]
        .as_str()
        .or_else(|| object["username"].as_str())
        .unwrap_or_default();
    format!("{name} [{uid}] ({})", schema.name)
}

/// All that is wrong with one object.
#[allow(
    clippy::too_many_arguments,
    reason = "the whole situation of one object is what is judged"
)]
pub fn check(
    server: &Server,
    known: &Known<'_>,
    schema: &Schema,
    user: &CurrentUser,
    object: &Value,
    existing: Option<&Value>,
    uid: &str,
    strategy: &str,
) -> Vec<ObjectError> {
    let version = server.options.version;
    let display = named(schema, object, uid);
    let error =
        |code: &'static str, message: String, args: Vec<String>, more: &[(&str, String)]| {
            let mut report = Map::new();
            report.insert("message".into(), message.into());
            // 2.40 leaves the arguments out ("create, same code").
            if version >= ServerVersion::V41 {
                report.insert("args".into(), json!(args));
            }
            report.insert("mainKlass".into(), schema.klass.into());
            report.insert("errorCode".into(), code.into());
            for (name, value) in more {
                report.insert((*name).into(), value.as_str().into());
            }
            report.insert("errorProperties".into(), json!(args));
            ObjectError {
                code,
                report: Value::Object(report),
            }
        };
    if !may_create(schema, user) {
        let person = known
            .metadata
            .collections
            .get("users")
            .and_then(|u| u.get(&user.uid))
            .unwrap_or(&Value::Null);
        let person = format!(
            "{} [{}] (User)",
            person["name"].as_str().unwrap_or_default(),
            user.uid
        );
        let message = format!("User `{person}` is not allowed to create objects of type {display}");
        return vec![error("E3000", message, vec![person, display], &[])];
    }
    if strategy == "DELETE" {
        return Vec::new();
    }
    if strategy == "CREATE"
        && let Some(existing) = existing
    {
        let found = named(schema, existing, uid);
        let word = if version >= ServerVersion::V43 {
            "import strategy"
        } else {
            "import mode"
        };
        let message = format!(
            "Found matching object for reference, but {word} is CREATE. Identifier was UID, and object was {found}."
        );
        return vec![error(
            "E5000",
            message,
            vec!["UID".into(), found],
            &[("mainId", uid.into())],
        )];
    }
    if strategy == "UPDATE" && existing.is_none() {
        let message = format!(
            "No matching object for reference. Identifier was UID, and object was {display}."
        );
        return vec![error(
            "E5001",
            message,
            vec!["UID".into(), display],
            &[("mainId", uid.into())],
        )];
    }
    let mut errors = Vec::new();
    for (name, value) in object.as_object().into_iter().flatten() {
        let Some(target) =
            crate::metadata::schema::referred(name).and_then(crate::metadata::schema::of)
        else {
            continue;
        };
        if matches!(
            name.as_str(),
            "createdBy" | "lastUpdatedBy" | "user" | "children"
        ) {
            continue;
        }
        let items = value
            .as_array()
            .map_or_else(|| vec![value], |items| items.iter().collect());
        for missing in items
            .into_iter()
            .filter_map(|i| i["id"].as_str())
            .filter(|id| !known.has(target.collection, id))
        {
            let reference = format!("[{missing}] ({})", target.name);
            let message = format!(
                "Invalid reference {reference} on object {display} for association `{name}`"
            );
            let args = vec![reference, display.clone(), name.clone()];
            errors.push(error(
                "E5002",
                message,
                args,
                &[("mainId", uid.into()), ("errorProperty", name.clone())],
            ));
        }
    }
    if schema.collection == "dataSets" {
        for element in object["dataSetElements"].as_array().into_iter().flatten() {
            if let Some(missing) = element["dataElement"]["id"]
                .as_str()
                .filter(|id| !known.has("dataElements", id))
            {
                let reference = format!("[{missing}] (DataElement)");
                let message = format!(
                    "Invalid reference {reference} on object {display} for association `dataElement`"
                );
                let args = vec![reference, display.clone(), "dataElement".into()];
                errors.push(error(
                    "E5002",
                    message,
                    args,
                    &[
                        ("mainId", uid.into()),
                        ("errorProperty", "dataElement".into()),
                    ],
                ));
            }
        }
    }
    if !errors.is_empty() {
        return errors;
    }
    for property in schema.unique {
        let Some(value) = object[*property].as_str() else {
            continue;
        };
        let taken = known
            .metadata
            .collections
            .get(schema.collection)
            .into_iter()
            .flatten();
        let other = taken
            .filter(|(id, _)| *id != uid)
            .find(|(_, o)| o[*property] == value)
            .map(|(id, _)| id.clone());
        if let Some(other) = other {
            let message = format!(
                "Property `{property}` with value `{value}` on object {display} already exists on object {other}"
            );
            let args = vec![
                (*property).to_owned(),
                value.to_owned(),
                display.clone(),
                other.clone(),
            ];
            errors.push(error(
                "E5003",
                message,
                args,
                &[("mainId", other), ("errorProperty", (*property).to_owned())],
            ));
        }
    }
    errors
}
