//! `POST /api/metadata`: many objects at once, all or none. Recorded: scenario
//! "metadata-write".

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::PRIVATE;
use crate::metadata::access::may_create;
use crate::metadata::object;
use crate::metadata::schema::{SCHEMAS, Schema};
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::session;
use crate::state::Snapshot;
use crate::version::ServerVersion;

/// What becomes of one object of the payload.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Created,
    Updated,
    Deleted,
    Ignored,
}

/// The counts of a report.
#[derive(Default, Clone, Copy)]
struct Counts {
    created: usize,
    updated: usize,
    deleted: usize,
    ignored: usize,
}

impl Counts {
    fn add(&mut self, fate: Fate, times: usize) {
        *match fate {
            Fate::Created => &mut self.created,
            Fate::Updated => &mut self.updated,
            Fate::Deleted => &mut self.deleted,
            Fate::Ignored => &mut self.ignored,
        } += times;
    }

    fn json(self) -> Value {
        let total = self.created + self.updated + self.deleted + self.ignored;
        json!({"created": self.created, "updated": self.updated, "deleted": self.deleted, "ignored": self.ignored, "total": total})
    }
}

/// An error about one object.
pub struct ObjectError {
    /// `E5003` and its like.
    pub code: &'static str,
    /// The report as DHIS2 writes it.
    pub report: Value,
}

/// Answers `POST /api/metadata`.
pub fn post(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let payload = with_ids(request.json()?);
    let (ok, report) = run(server, &payload, user, request)?;
    let body = if ok {
        json!({"httpStatus": "OK", "httpStatusCode": 200, "status": "OK", "response": report})
    } else {
        json!({
            "httpStatus": "Conflict", "httpStatusCode": 409, "status": "WARNING",
            "message": "One or more errors occurred, please see full details in import report.",
            "response": report,
        })
    };
    let answer = Answer::json(if ok { 200 } else { 409 }, &body);
    Ok(if ok {
        answer
    } else {
        answer.with_header("cache-control", PRIVATE)
    })
}

/// Loads a file of metadata as the administrator.
pub fn load(server: &Server, payload: &Value) -> Result<(), String> {
    let request = Request::new("POST", "/api/metadata");
    match run(
        server,
        &with_ids(payload.clone()),
        &session::administrator(server),
        &request,
    ) {
        Ok((true, _)) => Ok(()),
        Ok((false, report)) => Err(report.to_string()),
        Err(answer) => Err(String::from_utf8_lossy(&answer.body).into_owned()),
    }
}

/// The payload with an id for each object that has none.
fn with_ids(mut payload: Value) -> Value {
    for objects in payload
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(Value::as_array_mut)
    {
        for object in objects.iter_mut().filter_map(Value::as_object_mut) {
            object
                .entry("id")
                .or_insert_with(|| crate::random::uid().into());
        }
    }
    payload
}

fn run(
    server: &Server,
    payload: &Value,
    user: &CurrentUser,
    request: &Request,
) -> Result<(bool, Value), Answer> {
    let metadata = server.snapshot();
    let strategy = request
        .parameter("importStrategy")
        .unwrap_or("CREATE_AND_UPDATE");
    let validate = request.parameter("importMode") == Some("VALIDATE");
    let atomic = request.parameter("atomicMode") != Some("NONE");
    let known = Known::new(&metadata, payload);
    let mut all = Counts::default();
    let mut types = Vec::new();
    let mut work: Vec<(&Schema, String, Option<Value>)> = Vec::new();
    let mut failed = false;
    for schema in SCHEMAS {
        let Some(objects) = payload[schema.collection]
            .as_array()
            .filter(|o| !o.is_empty())
        else {
            continue;
        };
        let mut counts = Counts::default();
        let mut reports = Vec::new();
        for (position, payload_object) in objects.iter().enumerate() {
            let uid = payload_object["id"].as_str().unwrap_or_default().to_owned();
            let existing = metadata
                .collections
                .get(schema.collection)
                .and_then(|c| c.get(&uid));
            let errors = check(
                server,
                &known,
                schema,
                user,
                payload_object,
                existing,
                &uid,
                strategy,
            );
            let fate = match (existing.is_some(), strategy) {
                _ if !errors.is_empty() => Fate::Ignored,
                (true, "DELETE") => Fate::Deleted,
                (false, "DELETE") => Fate::Ignored,
                (true, _) => Fate::Updated,
                (false, _) => Fate::Created,
            };
            // Recorded oddities: an invalid reference counts twice ("missing combo"), and an
            // object that exists already is reported with the index after its own ("create again").
            let twice = errors.iter().any(|e| e.code == "E5002");
            let late = errors.iter().any(|e| e.code == "E5000");
            counts.add(fate, if twice { 2 } else { 1 });
            if errors.is_empty() {
                let object = (fate != Fate::Deleted)
                    .then(|| object::stored(server, schema, user, payload_object, existing, &uid));
                if fate != Fate::Ignored {
                    work.push((schema, uid, object));
                }
            } else {
                failed = true;
                let errors: Vec<Value> = errors.into_iter().map(|e| e.report).collect();
                let index = position + usize::from(late);
                reports.push(json!({"klass": schema.klass, "index": index, "uid": uid, "errorReports": errors}));
            }
        }
        types.push((schema.klass, counts, reports));
    }
    let stopped = failed && atomic;
    if !validate && !stopped {
        object::write(server, &work, payload)?;
    }
    let types: Vec<Value> = types
        .into_iter()
        .map(|(klass, mut counts, reports)| {
            if stopped {
                counts = Counts {
                    ignored: counts.created + counts.updated + counts.deleted + counts.ignored,
                    ..Counts::default()
                };
            }
            all = Counts {
                created: all.created + counts.created,
                updated: all.updated + counts.updated,
                deleted: all.deleted + counts.deleted,
                ignored: all.ignored + counts.ignored,
            };
            json!({"klass": klass, "stats": counts.json(), "objectReports": reports})
        })
        .collect();
    let status = match (failed, stopped) {
        (false, _) => "OK",
        (true, true) => "ERROR",
        (true, false) => "WARNING",
    };
    let report = json!({"responseType": "ImportReport", "status": status, "stats": all.json(), "typeReports": types});
    Ok((!failed, report))
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
