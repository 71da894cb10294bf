//! Writing single objects: `POST`, `PUT`, `PATCH`, `DELETE`.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::PRIVATE;
use crate::metadata::access::{Right, may, may_create};
use crate::metadata::check::{Known, check};
use crate::metadata::list::not_found;
use crate::metadata::schema::{Schema, of, referred};
use crate::metadata::stored::stored;
use crate::metadata::{combos, patch};
use crate::random;
use crate::request::Request;
use crate::routes;
use crate::server::{Reply, Server};
use crate::session;
use crate::state::{Snapshot, State};
use crate::store::Batch;

/// Writes what an import or a single call decided; `payload` is looked through
/// for passwords and for the groups that users bring along.
pub fn write(
    server: &Server,
    work: &[(&Schema, String, Option<Value>)],
    payload: &Value,
) -> Result<(), Answer> {
    server.change(|state, batch| {
        for (schema, uid, object) in work {
            match object {
                Some(object) => state.put_object(batch, schema.collection, uid, object.clone()),
                None => {
                    state.remove_object(batch, schema.collection, uid);
                }
            }
        }
        for user in payload["users"].as_array().into_iter().flatten() {
            let Some(uid) = user["id"].as_str() else {
                continue;
            };
            if let Some(password) = user["password"].as_str() {
                session::set_password(state, batch, uid, password);
            }
            for group in user["userGroups"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|g| g["id"].as_str())
            {
                add_to_list(state, batch, "userGroups", group, "users", uid);
            }
        }
        let combos = work.iter().filter(|(schema, _, object)| {
            schema.collection == "categoryCombos" && object.is_some()
        });
        let combos: Vec<String> = combos.map(|(_, uid, _)| uid.clone()).collect();
        for combo in combos {
            combos::complete(state, batch, &combo);
        }
        Ok(())
    })
}

fn add_to_list(
    state: &mut State,
    batch: &mut Batch,
    collection: &str,
    uid: &str,
    member: &str,
    added: &str,
) {
    let Some(mut object) = state
        .metadata
        .collections
        .get(collection)
        .and_then(|c| c.get(uid))
        .cloned()
    else {
        return;
    };
    let Some(map) = object.as_object_mut() else {
        return;
    };
    if let Value::Array(items) = map.entry(member).or_insert_with(|| json!([]))
        && !items.iter().any(|i| i["id"] == added)
    {
        items.push(json!({"id": added}));
    }
    state.put_object(batch, collection, uid, object);
}

fn denied(what: &str) -> Answer {
    let message = format!("You don't have the proper permissions to {what} this object.");
    Answer::error(403, &message, Some("E1006")).with_header("cache-control", PRIVATE)
}

/// The report on one object.
fn report(schema: &Schema, uid: &str, created: bool) -> Answer {
    let (name, status) = if created {
        ("Created", 201)
    } else {
        ("OK", 200)
    };
    let body = json!({
        "httpStatus": name, "httpStatusCode": status, "status": "OK",
        "response": {"responseType": "ObjectReport", "uid": uid, "klass": schema.klass, "errorReports": []},
    });
    Answer::json(status, &body)
}

/// Checks and writes one object.
fn save(
    server: &Server,
    metadata: &Snapshot,
    schema: &'static Schema,
    user: &CurrentUser,
    payload: Value,
    uid: &str,
) -> Result<(), Answer> {
    if schema.collection == "routes" {
        routes::check(server, &payload)?;
    }
    let existing = metadata
        .collections
        .get(schema.collection)
        .and_then(|c| c.get(uid));
    let as_import = json!({schema.collection: [payload.clone()]});
    let known = Known::new(metadata, &as_import);
    let errors = check(
        server,
        &known,
        schema,
        user,
        &payload,
        existing,
        uid,
        "CREATE_AND_UPDATE",
    );
    if !errors.is_empty() {
        let errors: Vec<Value> = errors.into_iter().map(|e| e.report).collect();
        let body = json!({
            "httpStatus": "Conflict", "httpStatusCode": 409, "status": "ERROR",
            "message": "One or more errors occurred, please see full details in import report.",
            "response": {"responseType": "ObjectReport", "uid": uid, "klass": schema.klass, "errorReports": errors},
        });
        return Err(Answer::json(409, &body).with_header("cache-control", PRIVATE));
    }
    let object = stored(server, schema, user, &payload, existing, uid);
    let mut with_id = payload;
    if let Some(map) = with_id.as_object_mut() {
        map.insert("id".into(), uid.into());
    }
    write(
        server,
        &[(schema, uid.to_owned(), Some(object))],
        &json!({schema.collection: [with_id]}),
    )
}

/// `POST /api/{collection}`.
pub fn create(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    schema: &'static Schema,
) -> Reply {
    let payload = request.json()?;
    if !may_create(schema, user) {
        return Err(denied("create"));
    }
    let metadata = server.snapshot();
    let uid = payload["id"]
        .as_str()
        .map_or_else(random::uid, str::to_owned);
    if metadata
        .collections
        .get(schema.collection)
        .is_some_and(|c| c.contains_key(&uid))
    {
        let message = format!(
            "Object of type {} with id {uid} already exists.",
            schema.name
        );
        return Err(
            Answer::error(409, &message, Some("E1004")).with_header("cache-control", PRIVATE)
        );
    }
    save(server, &metadata, schema, user, payload, &uid)?;
    Ok(report(schema, &uid, true).with_header(
        "location",
        format!("{}/api/{}/{uid}", request.base(), schema.collection),
    ))
}

/// The object, if the user may write it.
fn writable<'a>(
    metadata: &'a Snapshot,
    schema: &Schema,
    user: &CurrentUser,
    uid: &str,
    what: &str,
) -> Result<&'a Value, Answer> {
    let object = metadata
        .collections
        .get(schema.collection)
        .and_then(|c| c.get(uid))
        .ok_or_else(|| not_found(schema, uid))?;
    if may(schema, object, user, Right::Write) {
        Ok(object)
    } else {
        Err(denied(what))
    }
}

/// `PUT /api/{collection}/{uid}`: the whole object anew.
pub fn replace(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    schema: &'static Schema,
    uid: &str,
) -> Reply {
    let payload = request.json()?;
    let metadata = server.snapshot();
    writable(&metadata, schema, user, uid, "update")?;
    save(server, &metadata, schema, user, payload, uid)?;
    Ok(report(schema, uid, false))
}

/// `PATCH /api/{collection}/{uid}` with JSON Patch. It works on the object as it is
/// read, so that what is never shown, a route's secret, is lost ("run after the patch").
pub fn patch(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    schema: &'static Schema,
    uid: &str,
) -> Reply {
    let operations = request.json()?;
    let metadata = server.snapshot();
    let mut object = writable(&metadata, schema, user, uid, "update")?.clone();
    if schema.collection == "routes"
        && let Some(map) = object.as_object_mut()
        && let Some(auth) = map.get("auth")
    {
        let shown = routes::shown_auth(auth);
        map.insert("auth".into(), shown);
    }
    patch::apply(&mut object, &operations)
        .map_err(|e| Answer::error(400, &e, None).with_header("cache-control", PRIVATE))?;
    save(server, &metadata, schema, user, object, uid)?;
    Ok(report(schema, uid, false))
}

/// `DELETE /api/{collection}/{uid}`.
pub fn delete(server: &Server, user: &CurrentUser, schema: &'static Schema, uid: &str) -> Reply {
    let metadata = server.snapshot();
    writable(&metadata, schema, user, uid, "delete")?;
    if schema.collection == "routes" && !user.has_authority("F_ROUTE_DELETE") {
        return Err(denied("delete"));
    }
    write(server, &[(schema, uid.to_owned(), None)], &Value::Null)?;
    Ok(report(schema, uid, false))
}

/// `POST /api/{collection}/{uid}/{member}` with `{"additions": [{"id"}], "deletions": [{"id"}]}`, as
/// the set-up of the recordings does it for a user's org units; `PUT` with `{"identifiableObjects"}`.
pub fn change_list(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    schema: &'static Schema,
    uid: &str,
    member: &str,
) -> Reply {
    let body = request.json()?;
    let metadata = server.snapshot();
    let mut object = writable(&metadata, schema, user, uid, "update")?.clone();
    let Some(target) = referred(member).and_then(of) else {
        return Err(Answer::error(
            404,
            &format!("Property {member} does not exist on {}", schema.name),
            None,
        ));
    };
    let ids = |name: &str| -> Vec<String> {
        body[name]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|i| i["id"].as_str().map(str::to_owned))
            .collect()
    };
    let additions = [ids("additions"), ids("identifiableObjects")].concat();
    let deletions = ids("deletions");
    let there = metadata.collections.get(target.collection);
    if let Some(missing) = additions
        .iter()
        .find(|id| there.is_none_or(|t| !t.contains_key(*id)))
    {
        return Err(not_found(target, missing));
    }
    let Some(map) = object.as_object_mut() else {
        return Err(not_found(schema, uid));
    };
    let list = map.entry(member).or_insert_with(|| json!([]));
    if let Value::Array(items) = list {
        if request.method == "PUT" {
            items.clear();
        }
        items.retain(|item| !deletions.iter().any(|d| item["id"] == d.as_str()));
        for id in additions {
            if !items.iter().any(|item| item["id"] == id.as_str()) {
                items.push(json!({"id": id}));
            }
        }
    }
    map.insert("lastUpdated".into(), server.clock.timestamp().into());
    write(
        server,
        &[(schema, uid.to_owned(), Some(object))],
        &Value::Null,
    )?;
    let body = json!({"httpStatus": "OK", "httpStatusCode": 200, "status": "OK"});
    Ok(Answer::json(200, &body))
}
