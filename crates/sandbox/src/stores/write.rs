//! Writing entries of the dataStore.

use serde_json::Value;

use super::protection::{denied, guard};
use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::metadata::access::Right;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::state::State;
use crate::store::Batch;
use crate::stores::{Entry, done, no_key, query, refuse};
use crate::version::ServerVersion;

/// The body as a value. 2.40 hands the database's words on ("bad json").
pub(super) fn parse(server: &Server, request: &Request, key: &str) -> Result<Value, Answer> {
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

pub(super) fn create(
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

pub(super) fn put(
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

pub(super) fn delete(server: &Server, user: &CurrentUser, namespace: &str, key: &str) -> Reply {
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

pub(super) fn delete_namespace(server: &Server, user: &CurrentUser, namespace: &str) -> Reply {
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
