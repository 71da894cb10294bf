//! `GET` and `POST /api/sharing?type=…&id=…`: sharing of metadata and of dataStore
//! entries. Recorded: "share read only", "sharing", "share by the sharing resource".

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::metadata::access::{Right, granted, has_external, may};
use crate::metadata::schema::{SCHEMAS, Schema};
use crate::request::Request;
use crate::server::{Reply, Server};

/// What is shared.
enum Shared {
    Object(&'static Schema, Value),
    Entry(String, String, Value),
}

impl Shared {
    fn value(&self) -> &Value {
        match self {
            Self::Object(_, value) | Self::Entry(_, _, value) => value,
        }
    }
}

fn find(server: &Server, request: &Request) -> Result<Shared, Answer> {
    let kind = request.parameter("type").unwrap_or_default();
    let uid = request.parameter("id").unwrap_or_default();
    let missing = || {
        let message = format!("Object of type {kind} with identifier {uid} was not found.");
        Answer::error(404, &message, None).with_header("cache-control", crate::headers::PRIVATE)
    };
    let state = server.state();
    if kind == "dataStore" {
        let mut entries = state
            .data_store
            .iter()
            .flat_map(|(ns, keys)| keys.iter().map(move |(key, e)| (ns, key, e)));
        let (ns, key, entry) = entries
            .find(|(_, _, e)| e.record["id"] == uid)
            .ok_or_else(missing)?;
        return Ok(Shared::Entry(ns.clone(), key.clone(), entry.record.clone()));
    }
    let singular = |s: &Schema| s.name.eq_ignore_ascii_case(kind);
    let schema = SCHEMAS
        .iter()
        .find(|s| s.shareable && singular(s))
        .ok_or_else(missing)?;
    let object = state
        .metadata
        .collections
        .get(schema.collection)
        .and_then(|c| c.get(uid))
        .ok_or_else(missing)?;
    Ok(Shared::Object(schema, object.clone()))
}

/// `GET /api/sharing`.
pub fn get(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let shared = find(server, request)?;
    let value = shared.value();
    let allowed = match &shared {
        Shared::Object(schema, object) => may(schema, object, user, Right::Read),
        Shared::Entry(_, _, entry) => {
            user.is_superuser() || granted(&entry["sharing"], user, Right::Read)
        }
    };
    if !allowed {
        return Err(Answer::error(
            403,
            "You do not have manage access to this object.",
            Some("E1006"),
        ));
    }
    let sharing = &value["sharing"];
    let metadata = server.snapshot();
    let name = |collection: &str, uid: &str| {
        metadata
            .collections
            .get(collection)
            .and_then(|c| c.get(uid))
            .map(|o| o["name"].clone())
            .unwrap_or(Value::Null)
    };
    let list = |member: &str| -> Vec<Value> {
        let entries = sharing[member].as_object().into_iter().flatten();
        entries
            .map(|(uid, e)| {
                let name = name(member, uid);
                json!({"id": uid, "name": name, "displayName": name, "access": e["access"]})
            })
            .collect()
    };
    let mut object = Map::new();
    object.insert("id".into(), value["id"].clone());
    for member in ["name", "displayName"] {
        if let Some(name) = value.get("name") {
            object.insert(member.into(), name.clone());
        }
    }
    object.insert("publicAccess".into(), sharing["public"].clone());
    if let Some(owner) = sharing["owner"].as_str() {
        object.insert(
            "user".into(),
            json!({"id": owner, "name": name("users", owner)}),
        );
    }
    object.insert("userGroupAccesses".into(), list("userGroups").into());
    object.insert("userAccesses".into(), list("users").into());
    let mut meta = json!({"allowPublicAccess": true});
    if has_external(server.options.version) {
        object.insert("externalAccess".into(), false.into());
        if let Some(meta) = meta.as_object_mut() {
            meta.insert("allowExternalAccess".into(), false.into());
        }
    }
    Ok(Answer::json(200, &json!({"meta": meta, "object": object}))
        .with_header("cache-control", "no-cache"))
}

/// `POST` and `PUT /api/sharing`.
pub fn set(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let body = request.json()?;
    let shared = find(server, request)?;
    let allowed = match &shared {
        Shared::Object(schema, object) => may(schema, object, user, Right::Write),
        Shared::Entry(_, _, entry) => {
            user.is_superuser() || granted(&entry["sharing"], user, Right::Write)
        }
    };
    if !allowed {
        let message = "You do not have manage access to this object.";
        return Err(Answer::error(403, message, Some("E1006"))
            .with_header("cache-control", crate::headers::PRIVATE));
    }
    let given = &body["object"];
    let accesses = |name: &str| -> Map<String, Value> {
        let items = given[name].as_array().into_iter().flatten();
        items
            .filter_map(|i| {
                Some((
                    i["id"].as_str()?.to_owned(),
                    json!({"id": i["id"], "access": i["access"]}),
                ))
            })
            .collect()
    };
    let mut sharing = shared.value()["sharing"].clone();
    if let Some(map) = sharing.as_object_mut() {
        map.insert("public".into(), given["publicAccess"].clone());
        map.insert("users".into(), accesses("userAccesses").into());
        map.insert("userGroups".into(), accesses("userGroupAccesses").into());
    }
    server.change(|state, batch| {
        match shared {
            Shared::Object(schema, mut object) => {
                let uid = object["id"].as_str().unwrap_or_default().to_owned();
                object["sharing"] = sharing;
                state.put_object(batch, schema.collection, &uid, object);
            }
            Shared::Entry(namespace, key, mut record) => {
                record["sharing"] = sharing;
                batch.put(&["entry", &namespace, &key], &record);
                if let Some(entry) = state
                    .data_store
                    .get_mut(&namespace)
                    .and_then(|keys| keys.get_mut(&key))
                {
                    entry.record = record;
                }
            }
        }
        Ok(())
    })?;
    let body = json!({"httpStatus": "OK", "httpStatusCode": 200, "status": "OK", "message": "Access control set"});
    Ok(Answer::json(200, &body))
}
