//! `/api/lockExceptions`: leave to enter data of an expired period, for one data set,
//! period and org unit. Recorded: "lock exception", "lock exceptions".

use serde_json::{Value, json};

use super::{conflict, forbidden, required};
use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::metadata::access::{Right, may};
use crate::metadata::list::{asked_fields, plain_list};
use crate::metadata::schema;
use crate::metadata::view::View;
use crate::random;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::state::Snapshot;
use crate::values::Period;
use crate::version::ServerVersion;

/// Where lock exceptions are kept among the metadata.
const COLLECTION: &str = "lockExceptions";

/// Answers whatever is asked below `/api/lockExceptions`.
pub fn answer(server: &Server, request: &Request, user: &CurrentUser, rest: &[&str]) -> Reply {
    match (request.method.as_str(), rest) {
        ("GET", []) => list(server, request, user),
        ("GET", ["combinations"]) => combinations(server, request, user),
        ("POST", []) => add(server, request, user),
        ("DELETE", []) => remove(server, request, user),
        _ => Err(crate::headers::nothing_here(server, request)),
    }
}

/// `GET`: all of them, for everybody, in pages.
fn list(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let metadata = server.snapshot();
    let shown = exceptions(server, &metadata);
    let body = plain_list(server, request, user, &metadata, COLLECTION, &shown, "*")?;
    Ok(own_json(server, &body))
}

/// `GET …/combinations`: one entry for each data set and period.
fn combinations(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let metadata = server.snapshot();
    let mut shown = exceptions(server, &metadata);
    let key = |o: &Value| (o["dataSet"]["id"].to_string(), o["period"].to_string());
    shown.sort_by_key(key);
    shown.dedup_by_key(|o| key(o));
    let base = request.base();
    let view = View::of(server, &metadata, user, &base);
    let fields = asked_fields(request, "*");
    let part: Vec<Value> = shown
        .iter()
        .map(|o| view.project(None, o, &fields))
        .collect();
    Ok(own_json(server, &json!({ COLLECTION: part })))
}

/// The exceptions as they are shown. 2.43 gives a period no id any more.
fn exceptions(server: &Server, metadata: &Snapshot) -> Vec<Value> {
    let all = metadata.collections.get(COLLECTION).into_iter().flatten();
    all.map(|(_, kept)| {
        let mut shown = kept.clone();
        let iso = kept["period"]["id"].as_str().unwrap_or_default();
        let name = Period::parse(iso).map_or_else(|| iso.to_owned(), |p| p.name());
        shown["period"] = if server.options.version >= ServerVersion::V43 {
            // What is left of a period's members in DHIS2's source (`Period`, 2.43.1).
            Period::parse(iso).map_or_else(
                || json!({}),
                |p| {
                    json!({"startDate": format!("{}T00:00:00.000", p.start),
                        "endDate": format!("{}T00:00:00.000", p.end)})
                },
            )
        } else {
            json!({"id": iso, "code": iso, "name": name})
        };
        let place = |member: &str, collection: &str| {
            let uid = kept[member]["id"].as_str()?;
            metadata.collections.get(collection)?.get(uid)?["name"].as_str()
        };
        let parts = [
            place("dataSet", "dataSets"),
            place("organisationUnit", "organisationUnits"),
            Some(name.as_str()),
        ];
        shown["name"] = parts
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" - ")
            .into();
        shown
    })
    .collect()
}

/// The JSON of the older writer: its charset in lower case up to 2.41.
fn own_json(server: &Server, body: &Value) -> Answer {
    if server.options.version < ServerVersion::V42 {
        Answer::text(200, "application/json;charset=utf-8", body.to_string())
    } else {
        Answer::json(200, body)
    }
}

/// The data set, if the user may change it.
fn writable_set(
    metadata: &Snapshot,
    user: &CurrentUser,
    uid: &str,
) -> Result<Option<bool>, Answer> {
    let Some(schema) = schema::of("dataSets") else {
        return Err(Answer::empty(500));
    };
    let set = metadata
        .collections
        .get("dataSets")
        .and_then(|c| c.get(uid));
    Ok(set.map(|set| may(schema, set, user, Right::Write)))
}

/// `POST ?ou=&pe=&ds=`; `ou` may be a list in brackets. Wants the right to change the
/// data set, and an org unit of the user's own part of the tree.
fn add(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let (org_units, iso, set) = (
        required(request, "ou")?,
        required(request, "pe")?,
        required(request, "ds")?,
    );
    let (metadata, catalogue) = (server.snapshot(), server.catalogue());
    let (Some(may_write), Some(period)) = (writable_set(&metadata, user, set)?, Period::parse(iso))
    else {
        return Err(conflict(" DataSet or Period is invalid", None));
    };
    if !may_write {
        return Err(forbidden(
            "You don't have the proper permissions to update this object",
        ));
    }
    let org_units: Vec<&str> = org_units
        .trim_start_matches('[')
        .trim_end_matches(']')
        .split(',')
        .filter(|o| !o.is_empty())
        .collect();
    if org_units.is_empty() {
        return Err(conflict("OrganisationUnit ID is invalid.", None));
    }
    let mut added = Vec::new();
    for org_unit in &org_units {
        let units = catalogue.org_units();
        if units.get(org_unit).is_none() {
            let message = format!("Can't find OrganisationUnit with id ={org_unit}");
            return Err(conflict(&message, None));
        }
        if !user.is_superuser() && !units.may_enter(user, org_unit) {
            let message =
                "You can only add a lock exceptions to your data capture organisation units.";
            return Err(forbidden(message));
        }
        let assigned = catalogue
            .data_set(set)
            .is_some_and(|s| s.org_units.contains(*org_unit));
        if assigned {
            added.push(json!({
                "id": random::uid(), "dataSet": {"id": set}, "period": {"id": period.iso},
                "organisationUnit": {"id": org_unit}, "created": server.clock.timestamp(),
            }));
        }
    }
    if added.is_empty() {
        let message = format!(
            "None of the target organisation unit(s) {} is linked to the specified data set: {set}",
            org_units.join(",")
        );
        return Err(conflict(&message, None));
    }
    server.change(|state, batch| {
        for exception in added {
            let uid = exception["id"].as_str().unwrap_or_default().to_owned();
            state.put_object(batch, COLLECTION, &uid, exception);
        }
        Ok(())
    })?;
    let body = json!({"httpStatus": "Created", "httpStatusCode": 201, "status": "OK", "message": "LockException created successfully."});
    Ok(Answer::json(201, &body))
}

/// `DELETE ?pe=&ds=[&ou=]`: takes back the exceptions of one org unit, or of all.
fn remove(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let (iso, set) = (required(request, "pe")?, required(request, "ds")?);
    let org_unit = request.parameter("ou");
    let metadata = server.snapshot();
    let (Some(may_write), Some(period)) = (writable_set(&metadata, user, set)?, Period::parse(iso))
    else {
        let message =
            format!("Can't find LockException with combination: dataSet={set}, period={iso}");
        return Err(conflict(&message, None));
    };
    if !may_write {
        return Err(forbidden(
            "You don't have the proper permissions to delete this object.",
        ));
    }
    let all = metadata.collections.get(COLLECTION).into_iter().flatten();
    let gone: Vec<String> = all
        .filter(|(_, e)| {
            e["dataSet"]["id"] == set
                && e["period"]["id"] == period.iso.as_str()
                && org_unit.is_none_or(|o| e["organisationUnit"]["id"] == o)
        })
        .map(|(uid, _)| uid.clone())
        .collect();
    server.change(|state, batch| {
        for uid in gone {
            state.remove_object(batch, COLLECTION, &uid);
        }
        Ok(())
    })?;
    Ok(Answer::empty(204))
}
