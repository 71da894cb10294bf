//! Work that goes on after its request was answered: imports with `async=true` and
//! the building of analytics tables. Recorded: "async", "async task", "async summary",
//! "build". What a job told is gone after a restart, as with DHIS2.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::data_values;
use crate::random;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::version::ServerVersion;

/// Imports of data values.
const IMPORT: &str = "DATAVALUE_IMPORT";
/// Building of analytics tables.
const ANALYTICS: &str = "ANALYTICS_TABLE";
/// Jobs beyond this many are forgotten, the oldest first.
const MAX_JOBS: usize = 500;

/// One job.
#[derive(Clone, Debug, Default)]
pub struct Job {
    /// Its type, as in the path of its tasks.
    pub kind: &'static str,
    /// Its uid.
    pub id: String,
    /// What it told, the latest last.
    pub told: Vec<Value>,
    /// What came of it, once it is done.
    pub summary: Option<Value>,
}

/// Notes a job and answers as DHIS2 does before it runs. `old_name` is how 2.40 names
/// the job's type.
fn begin(
    server: &Server,
    request: &Request,
    kind: &'static str,
    old_name: &str,
    parameters: Option<Value>,
) -> Result<(String, Answer), Answer> {
    let id = random::uid();
    let version = server.options.version;
    let (name, status) = if version == ServerVersion::V40 {
        (old_name.to_owned(), "SCHEDULED")
    } else {
        (format!("{kind} ({})", server.clock.millis()), "NOT_STARTED")
    };
    let mut response = Map::new();
    response.insert("name".into(), name.as_str().into());
    response.insert("id".into(), id.as_str().into());
    response.insert("created".into(), server.clock.timestamp().into());
    response.insert("jobType".into(), kind.into());
    response.insert("jobStatus".into(), status.into());
    if let Some(parameters) = parameters {
        response.insert("jobParameters".into(), parameters);
    }
    let tasks = format!("/api/system/tasks/{kind}");
    response.insert(
        "relativeNotifierEndpoint".into(),
        format!("{tasks}/{id}").into(),
    );
    if version >= ServerVersion::V42 {
        response.insert("responseType".into(), "JobConfiguration".into());
    }
    let job = Job {
        kind,
        id: id.clone(),
        ..Job::default()
    };
    server.change(|state, _| {
        state.jobs.push(job);
        let beyond = state.jobs.len().saturating_sub(MAX_JOBS);
        state.jobs.drain(..beyond);
        Ok(())
    })?;
    let body = json!({
        "httpStatus": "OK", "httpStatusCode": 200, "status": "OK", "message": format!("Initiated {name}"),
        "response": response,
    });
    let mut answer = Answer::json(200, &body);
    // 2.40 tells the place of an import's tasks only.
    if version > ServerVersion::V40 || kind == IMPORT {
        answer = answer.with_header("location", format!("{}{tasks}", request.base()));
    }
    Ok((id, answer))
}

/// Adds to what a job told, and closes it when there is a summary or an end.
fn tell(server: &Server, id: &str, told: Vec<Value>, summary: Option<Value>) {
    let changed = server.change(|state, _| {
        if let Some(job) = state.jobs.iter_mut().find(|job| job.id == id) {
            job.told.extend(told);
            job.summary = summary;
        }
        Ok(())
    });
    if let Err(answer) = changed {
        eprintln!("{}", String::from_utf8_lossy(&answer.body));
    }
}

/// One thing told.
fn notification(server: &Server, kind: &str, level: &str, message: &str, completed: bool) -> Value {
    let uid = random::uid();
    json!({
        "uid": uid, "id": uid, "level": level, "category": kind, "time": server.clock.timestamp(),
        "message": message, "completed": completed,
    })
}

/// `POST /api/dataValueSets?async=true`.
pub fn import(server: &Arc<Server>, request: &Request, user: &CurrentUser) -> Reply {
    let version = server.options.version;
    let options = data_values::options(server, request);
    let parameters = (version > ServerVersion::V40).then(|| options.clone());
    let (id, answer) = begin(server, request, IMPORT, "dataValueImport", parameters)?;
    let (server, request, user) = (Arc::clone(server), request.clone(), user.clone());
    tokio::task::spawn_blocking(move || {
        let done = data_values::write(&server, &request, &user);
        let body: Value = serde_json::from_slice(&done.body).unwrap_or_default();
        let summary = body.get("response").cloned();
        let told = told_by_import(&server, &request, options, &body);
        tell(&server, &id, told, summary);
    });
    Ok(answer)
}

/// What an import tells on its way, by version ("async task").
fn told_by_import(server: &Server, request: &Request, options: Value, body: &Value) -> Vec<Value> {
    let version = server.options.version;
    let info = |message: &str| notification(server, IMPORT, "INFO", message, false);
    let end = |level: &str, message: &str| notification(server, IMPORT, level, message, true);
    let Some(summary) = body.get("response") else {
        let message = body["message"].as_str().unwrap_or("Process failed");
        return vec![info("Process started"), end("ERROR", message)];
    };
    if version == ServerVersion::V40 {
        return vec![
            info("Process started"),
            info("Importing data values"),
            end("INFO", "Import done"),
        ];
    }
    let mut parameters = info("Data value set import");
    let mut data = options;
    for absent in ["preheatCache", "filename", "notificationLevel"] {
        data[absent] = Value::Null;
    }
    if data.get("dataSet").is_none() {
        data["dataSet"] = Value::Null;
    }
    parameters["dataType"] = "PARAMETERS".into();
    parameters["data"] = data;
    let count = |name: &str| summary["importCount"][name].as_u64().unwrap_or_default();
    let [imported, updated, ignored, deleted] =
        ["imported", "updated", "ignored", "deleted"].map(count);
    let mut told = vec![
        parameters,
        info("Loading file resource"),
        info("Loading file content"),
    ];
    match version {
        ServerVersion::V40 | ServerVersion::V41 => told.push(info("Importing data...")),
        ServerVersion::V42 => {
            told.extend(
                [
                    "Reading data set header",
                    "Creating import context",
                    "Preheat caches...",
                    "Loading base metadata",
                    "Run data set validation",
                    "Importing values (list)",
                ]
                .map(info),
            );
            let words = format!(
                "Import summary: [imports={imported}, updates={updated}, ignores={ignored}]"
            );
            told.push(info(&words));
        }
        ServerVersion::V43 => {
            let sent: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            let values = sent["dataValues"].as_array().map_or(0, Vec::len);
            let text = |name: &str| sent[name].as_str().unwrap_or_default();
            let set = text("dataSet");
            told.push(info("Deserializing JSON data"));
            told.push(info(&format!(
                "Decoding group ds={set} [de= ou={} pe={} aoc={}]({values} values)",
                text("orgUnit"),
                text("period"),
                text("attributeOptionCombo")
            )));
            told.push(info(&format!(
                "Validating group ds={set} ({values} values)"
            )));
            if summary["status"] != "ERROR" {
                told.push(info(&format!(
                    "Upserting group ds={set} ({} values)",
                    imported + updated
                )));
            }
        }
    }
    let status = summary["status"].as_str().unwrap_or_default();
    told.push(end(
        "INFO",
        &format!(
            "Import complete with status {status}, {imported} created, {updated} updated, {deleted} deleted, {ignored} ignored"
        ),
    ));
    told
}

/// `POST /api/resourceTables/analytics`: here nothing needs building, only noting that it was.
pub fn build_analytics(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    if !user.has_authority("F_PERFORM_MAINTENANCE") {
        let message = if server.options.version < ServerVersion::V42 {
            "Access is denied"
        } else {
            "Access is denied, requires one Authority from [F_PERFORM_MAINTENANCE]"
        };
        return Err(Answer::error(403, message, None));
    }
    let mut parameters = json!({
        "skipTableTypes": [], "skipPrograms": [], "skipResourceTables": request.flag("skipResourceTables"),
    });
    if server.options.version > ServerVersion::V40 {
        parameters["skipOutliers"] = request.flag("skipOutliers").into();
    }
    let (id, answer) = begin(
        server,
        request,
        ANALYTICS,
        "inMemoryAnalyticsJob",
        Some(parameters),
    )?;
    let now = server.clock.timestamp();
    server.change(|state, batch| {
        batch.put(&["analytics", "built"], &now.as_str().into());
        state.analytics_built = Some(now);
        Ok(())
    })?;
    let told = vec![
        notification(
            server,
            ANALYTICS,
            "INFO",
            "Populating analytics tables",
            false,
        ),
        notification(
            server,
            ANALYTICS,
            "INFO",
            "Analytics tables updated: 00:00:00.000",
            true,
        ),
    ];
    tell(server, &id, told, None);
    Ok(answer)
}

/// `GET /api/system/tasks[/{type}[/{id}]]`: what jobs told, the latest first. A job that
/// is not known has told nothing ("task of no job").
pub fn tasks(server: &Server, kind: Option<&str>, id: Option<&str>) -> Reply {
    let state = server.state();
    let told = |job: &Job| Value::from(job.told.iter().rev().cloned().collect::<Vec<_>>());
    let body = match (kind, id) {
        (Some(kind), Some(id)) => state
            .jobs
            .iter()
            .find(|job| job.kind == kind && job.id == id)
            .map_or_else(|| json!([]), told),
        (kind, _) => {
            let mut all = Map::new();
            for job in state
                .jobs
                .iter()
                .filter(|job| kind.is_none_or(|kind| job.kind == kind))
            {
                match kind {
                    Some(_) => all.insert(job.id.clone(), told(job)),
                    None => {
                        let jobs = all.entry(job.kind).or_insert_with(|| json!({}));
                        jobs[job.id.as_str()] = told(job);
                        None
                    }
                };
            }
            Value::Object(all)
        }
    };
    Ok(Answer::json(200, &body).with_header("cache-control", "no-store"))
}

/// `GET /api/system/taskSummaries/{type}/{id}`: what came of a job; nothing at all for a
/// job that is not known or not done ("summary of no job").
pub fn summary(server: &Server, kind: &str, id: &str) -> Reply {
    let state = server.state();
    let job = state
        .jobs
        .iter()
        .find(|job| job.kind == kind && job.id == id);
    let answer = match job.and_then(|job| job.summary.as_ref()) {
        Some(summary) => Answer::json(200, summary),
        None => Answer::empty(200),
    };
    Ok(answer.with_header("cache-control", "no-store"))
}
