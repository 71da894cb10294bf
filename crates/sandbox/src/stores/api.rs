//! `/api/dataStore`: namespaces, keys, values, protection.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::NO_STORE;
use crate::metadata::access::{Right, has_external, object_access};
use crate::metadata::view::View;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::state::State;
use crate::store::Batch;
use crate::stores::{Entry, done, no_key, query, refuse};
use crate::version::ServerVersion;

/// Answers a call below `/api/dataStore`; `path` is what follows.
pub fn answer(server: &Server, request: &Request, user: &CurrentUser, path: &[&str]) -> Reply {
    match (request.method.as_str(), path) {
        ("GET", []) => namespaces(server, user),
        ("GET", ["protections"]) if server.options.version >= ServerVersion::V42 => {
            protections(server, user)
        }
        ("GET", [namespace]) if request.parameter("fields").is_some() => {
            guard(server, user, namespace, true)?;
            query::entries(server, request, user, namespace)
        }
        ("GET", [namespace] | [namespace, "keys"]) => keys(server, user, namespace),
        ("DELETE", [namespace]) => delete_namespace(server, user, namespace),
        ("GET", [namespace, key]) => read(server, user, namespace, key),
        ("GET", [namespace, key, "metaData"]) => meta(server, user, namespace, key),
        ("POST", [namespace, key]) => create(server, request, user, namespace, key),
        ("PUT", [namespace, key]) => put(server, request, user, namespace, key),
        ("DELETE", [namespace, key]) => delete(server, user, namespace, key),
        _ => Err(crate::headers::nothing_here(server, request)),
    }
}

/// Namespaces that DHIS2 itself protects: name, whether reading is free, authorities.
/// Recorded: "protections".
const BUILT_IN: &[(&str, &str, &str, &[&str])] = &[
    (
        "ANDROID_SETTINGS_APP",
        "NONE",
        "RESTRICTED",
        &["M_androidsettingsapp"],
    ),
    ("METADATASTORE", "HIDDEN", "HIDDEN", &["F_METADATA_MANAGE"]),
    (
        "ORG_UNIT_PROFILE",
        "NONE",
        "RESTRICTED",
        &["ALL", "F_ORG_UNIT_PROFILE_ADD"],
    ),
    (
        "capture",
        "NONE",
        "RESTRICTED",
        &["F_CAPTURE_DATASTORE_UPDATE"],
    ),
    (
        "settings-translations",
        "RESTRICTED",
        "RESTRICTED",
        &["F_SYSTEM_SETTING"],
    ),
    (
        "sms-config",
        "RESTRICTED",
        "RESTRICTED",
        &["F_MOBILE_SENDSMS"],
    ),
];

/// Whether the protection of a namespace lets the user in.
fn is_open(server: &Server, user: &CurrentUser, namespace: &str, reading: bool) -> bool {
    if let Some((_, reads, writes, authorities)) =
        BUILT_IN.iter().find(|(name, ..)| *name == namespace)
    {
        let rule = if reading { reads } else { writes };
        return *rule == "NONE" || authorities.iter().any(|a| user.has_authority(a));
    }
    let state = server.state();
    let app = state
        .apps
        .values()
        .find(|app| app.namespace() == Some(namespace));
    app.is_none_or(|app| app.is_open_to(user))
}

fn guard(
    server: &Server,
    user: &CurrentUser,
    namespace: &str,
    reading: bool,
) -> Result<(), Answer> {
    if is_open(server, user, namespace, reading) {
        return Ok(());
    }
    Err(refuse(
        403,
        &format!("Namespace '{namespace}' is protected, access denied"),
        None,
    ))
}

fn denied(namespace: &str, key: &str, code: Option<&str>) -> Answer {
    refuse(
        403,
        &format!("Access denied for key '{key}' in namespace '{namespace}'"),
        code,
    )
}

fn namespaces(server: &Server, user: &CurrentUser) -> Reply {
    let all: Vec<String> = {
        let state = server.state();
        let seen = state
            .data_store
            .iter()
            .filter(|(_, keys)| keys.values().any(|e| e.may(user, Right::Read)));
        seen.map(|(name, _)| name.clone()).collect()
    };
    let open: Vec<String> = all
        .into_iter()
        .filter(|n| is_open(server, user, n, true))
        .collect();
    Ok(Answer::json(200, &json!(open)).with_header("cache-control", NO_STORE))
}

fn protections(server: &Server, user: &CurrentUser) -> Reply {
    if !user.has_authority("M_dhis-web-app-management") {
        return Err(refuse(
            403,
            "Access is denied, requires one Authority from [M_dhis-web-app-management]",
            None,
        ));
    }
    let state = server.state();
    let rule = |namespace: &str, reads: &str, writes: &str, authorities: Value| json!({"namespace": namespace, "reads": reads, "writes": writes, "readAuthorities": authorities, "writeAuthorities": authorities});
    let built_in = BUILT_IN
        .iter()
        .map(|(name, reads, writes, authorities)| rule(name, reads, writes, json!(authorities)));
    let apps = state.apps.values().filter_map(|app| {
        let authorities = json!(["M_dhis-web-app-management", app.authority()]);
        Some(rule(
            app.namespace()?,
            "RESTRICTED",
            "RESTRICTED",
            authorities,
        ))
    });
    Ok(Answer::json(200, &built_in.chain(apps).collect()))
}

fn keys(server: &Server, user: &CurrentUser, namespace: &str) -> Reply {
    let listed = |answer: Answer| answer.with_header("cache-control", NO_STORE);
    if !is_open(server, user, namespace, true) {
        let message = format!("Namespace '{namespace}' is protected, access denied");
        return Err(listed(Answer::error(403, &message, None)));
    }
    let state = server.state();
    let Some(entries) = state.data_store.get(namespace) else {
        return Err(listed(Answer::error(
            404,
            &format!("Namespace not found: '{namespace}'"),
            Some("E1005"),
        )));
    };
    let keys: Vec<&String> = entries
        .iter()
        .filter(|(_, e)| e.may(user, Right::Read))
        .map(|(key, _)| key)
        .collect();
    Ok(listed(Answer::json(200, &json!(keys))))
}

/// An entry that the user may read.
fn readable(
    server: &Server,
    user: &CurrentUser,
    namespace: &str,
    key: &str,
) -> Result<Entry, Answer> {
    guard(server, user, namespace, true)?;
    let state = server.state();
    let entry = state
        .data_store
        .get(namespace)
        .and_then(|keys| keys.get(key))
        .ok_or_else(|| no_key(namespace, key))?;
    // The code comes with the refusal to read from 2.42 on ("clerk reads an unshared entry").
    let code = (server.options.version >= ServerVersion::V42).then_some("E1006");
    if entry.may(user, Right::Read) {
        Ok(entry.clone())
    } else {
        Err(denied(namespace, key, code))
    }
}

fn read(server: &Server, user: &CurrentUser, namespace: &str, key: &str) -> Reply {
    Ok(Answer::json(
        200,
        readable(server, user, namespace, key)?.value(),
    ))
}

fn meta(server: &Server, user: &CurrentUser, namespace: &str, key: &str) -> Reply {
    let entry = readable(server, user, namespace, key)?;
    let metadata = server.snapshot();
    let version = server.options.version;
    let view = View {
        version,
        metadata: &metadata,
        user,
        base: "",
    };
    let record = &entry.record;
    let person = |member: &str| view.person(record[member].as_str().unwrap_or_default());
    let mut sharing = record["sharing"].clone();
    if let (false, Some(map)) = (has_external(version), sharing.as_object_mut()) {
        map.shift_remove("external");
    }
    let write = entry.may(user, Right::Write);
    let mut body = json!({
        "created": record["created"], "lastUpdated": record["lastUpdated"], "translations": [],
        "createdBy": person("createdBy"), "favorites": [], "lastUpdatedBy": person("lastUpdatedBy"), "sharing": sharing,
        "namespace": namespace, "key": key, "access": object_access(version, true, write), "favorite": false,
        "user": person("createdBy"), "id": record["id"], "attributeValues": [],
    });
    if let (ServerVersion::V40, Some(map)) = (version, body.as_object_mut()) {
        map.insert("externalAccess".into(), false.into());
        map.insert("publicAccess".into(), record["sharing"]["public"].clone());
        map.insert("userAccesses".into(), json!([]));
        map.insert("userGroupAccesses".into(), json!([]));
    }
    Ok(Answer::json(200, &body))
}

/// The body as a value. 2.40 hands the database's words on ("bad json").
fn parse(server: &Server, request: &Request, key: &str) -> Result<Value, Answer> {
    serde_json::from_slice(&request.body).map_err(|_| {
        if server.options.version >= ServerVersion::V41 {
            return refuse(400, &format!("Invalid JSON value for key '{key}'"), Some("E1003"));
        }
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let start = body.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
        let end = body[start..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(body.len(), |i| start + i);
        let (token, context) = (&body[start..end], &body[..end]);
        let words = format!(
            "ERROR: invalid input syntax for type json\n  Detail: Token \"{token}\" is invalid.\n  Where: JSON data, line 1: {context}...\nunnamed portal parameter $7 = '...'"
        );
        refuse(409, &words, None)
    })
}

fn keep(state: &mut State, batch: &mut Batch, namespace: &str, key: &str, entry: Entry) {
    batch.put(&["entry", namespace, key], &entry.record);
    state
        .data_store
        .entry(namespace.into())
        .or_default()
        .insert(key.into(), entry);
}

fn drop_key(state: &mut State, batch: &mut Batch, namespace: &str, key: &str) {
    batch.remove(&["entry", namespace, key]);
    if let Some(keys) = state.data_store.get_mut(namespace) {
        keys.remove(key);
        if keys.is_empty() {
            state.data_store.remove(namespace);
        }
    }
}

fn create(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    namespace: &str,
    key: &str,
) -> Reply {
    guard(server, user, namespace, false)?;
    let value = parse(server, request, key)?;
    let entry = Entry::new(server, user, value, request.flag("encrypt"));
    server.change(|state, batch| {
        if state
            .data_store
            .get(namespace)
            .is_some_and(|keys| keys.contains_key(key))
        {
            let message = format!("Key '{key}' already exists in namespace '{namespace}'");
            return Err(refuse(409, &message, Some("E1004")));
        }
        keep(state, batch, namespace, key, entry);
        Ok(())
    })?;
    Ok(done(201, &format!("Key created: '{key}'")))
}

fn put(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    namespace: &str,
    key: &str,
) -> Reply {
    guard(server, user, namespace, false)?;
    let version = server.options.version;
    // 2.40 knows no `path`: what was meant for a member becomes the whole value ("after put path").
    let path = request
        .parameter("path")
        .filter(|_| version >= ServerVersion::V41);
    let empty = request.body.is_empty();
    if empty && version == ServerVersion::V40 {
        let message = "Required request body is missing: public org.hisp.dhis.dxf2.webmessage.WebMessage org.hisp.dhis.webapi.controller.DatastoreController.putEntry(java.lang.String,java.lang.String,java.lang.String,boolean) throws org.hisp.dhis.feedback.BadRequestException,org.hisp.dhis.feedback.ConflictException";
        return Err(refuse(500, message, None));
    }
    let value = if empty {
        Value::Null
    } else {
        parse(server, request, key)?
    };
    let new = Entry::new(server, user, value.clone(), request.flag("encrypt"));
    let now = server.clock.timestamp();
    server.change(|state, batch| {
        let Some(mut entry) = state
            .data_store
            .get(namespace)
            .and_then(|keys| keys.get(key))
            .cloned()
        else {
            keep(state, batch, namespace, key, new);
            return Ok(done(201, &format!("Key created: '{key}'")));
        };
        if !entry.may(user, Right::Write) {
            return Err(denied(namespace, key, None));
        }
        match (empty, path) {
            // A PUT without a body removes the key and says that it was updated ("put empty body").
            (true, None) => drop_key(state, batch, namespace, key),
            (_, Some(path)) => {
                query::set_path(&mut entry.record["value"], path, value);
                keep(state, batch, namespace, key, entry);
            }
            (false, None) => {
                if version == ServerVersion::V40 {
                    // 2.40 writes to the encrypted value too, and says when ("read encrypted after put").
                    let member = if entry.record.get("encrypted").is_some() {
                        "encrypted"
                    } else {
                        "value"
                    };
                    entry.record[member] = value;
                    entry.record["lastUpdated"] = now.into();
                    entry.record["lastUpdatedBy"] = user.uid.as_str().into();
                } else {
                    entry.record["value"] = value;
                }
                keep(state, batch, namespace, key, entry);
            }
        }
        Ok(done(200, &format!("Key updated: '{key}'")))
    })
}

fn delete(server: &Server, user: &CurrentUser, namespace: &str, key: &str) -> Reply {
    guard(server, user, namespace, false)?;
    server.change(|state, batch| {
        let entry = state
            .data_store
            .get(namespace)
            .and_then(|keys| keys.get(key))
            .ok_or_else(|| no_key(namespace, key))?;
        if !entry.may(user, Right::Write) {
            return Err(denied(namespace, key, None));
        }
        drop_key(state, batch, namespace, key);
        Ok(())
    })?;
    Ok(done(
        200,
        &format!("Key '{key}' deleted from namespace '{namespace}'"),
    ))
}

fn delete_namespace(server: &Server, user: &CurrentUser, namespace: &str) -> Reply {
    guard(server, user, namespace, false)?;
    server.change(|state, batch| {
        let keys: Vec<String> = match state.data_store.get(namespace) {
            Some(keys) if keys.values().all(|e| e.may(user, Right::Write)) => {
                keys.keys().cloned().collect()
            }
            Some(_) => {
                return Err(refuse(
                    403,
                    &format!("Access denied for namespace '{namespace}'"),
                    None,
                ));
            }
            None => {
                return Err(refuse(
                    404,
                    &format!("Namespace not found: '{namespace}'"),
                    Some("E1005"),
                ));
            }
        };
        for key in keys {
            drop_key(state, batch, namespace, &key);
        }
        Ok(())
    })?;
    Ok(done(200, &format!("Namespace deleted: '{namespace}'")))
}

/// Removes a namespace with all of its keys: an app that is removed with its data.
pub fn forget(state: &mut State, batch: &mut Batch, namespace: &str) {
    for key in state
        .data_store
        .remove(namespace)
        .into_iter()
        .flat_map(std::collections::BTreeMap::into_keys)
    {
        batch.remove(&["entry", namespace, &key]);
    }
}
