//! `/api/dataStore`: namespaces, keys, values, protection.

use serde_json::json;

use super::protection::{denied, guard, is_open, protections};
use super::write::{create, delete, delete_namespace, put};
use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::NO_STORE;
use crate::metadata::access::{Right, has_external, object_access};
use crate::metadata::view::View;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::stores::{Entry, no_key, query, without_ending};
use crate::version::ServerVersion;

/// Answers a call below `/api/dataStore`; `path` is what follows.
pub fn answer(server: &Server, request: &Request, user: &CurrentUser, path: &[&str]) -> Reply {
    match (request.method.as_str(), without_ending(path).as_slice()) {
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
