//! `POST /api/metadata`: many objects at once, all or none. Recorded: scenario
//! "metadata-write".

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::PRIVATE;
use crate::metadata::check::{Known, check};
use crate::metadata::object;
use crate::metadata::schema::{SCHEMAS, Schema};
use crate::metadata::stored::stored;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::session;

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
                    .then(|| stored(server, schema, user, payload_object, existing, &uid));
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
