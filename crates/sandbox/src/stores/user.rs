//! `/api/userDataStore`: a dataStore of one's own, without sharing and protection.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::NO_STORE;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::stores::{Entry, done, no_key, refuse, without_ending};

/// Answers a call below `/api/userDataStore`; `path` is what follows.
pub fn answer(server: &Server, request: &Request, user: &CurrentUser, path: &[&str]) -> Reply {
    let state = server.state();
    let mine = state.user_data_store.get(&user.uid);
    match (request.method.as_str(), without_ending(path).as_slice()) {
        ("GET", []) => {
            let names: Vec<&String> = mine.into_iter().flat_map(|m| m.keys()).collect();
            Ok(Answer::json(200, &json!(names)).with_header("cache-control", NO_STORE))
        }
        ("GET", [namespace]) => match mine.and_then(|m| m.get(*namespace)) {
            Some(keys) => Ok(Answer::json(200, &json!(keys.keys().collect::<Vec<_>>()))
                .with_header("cache-control", NO_STORE)),
            None => Err(refuse(
                404,
                &format!("Namespace not found: '{namespace}'"),
                Some("E1005"),
            )),
        },
        ("GET", [namespace, key]) => {
            let entry = mine
                .and_then(|m| m.get(*namespace))
                .and_then(|keys| keys.get(*key));
            entry
                .map(|e| Answer::json(200, e.value()))
                .ok_or_else(|| no_key(namespace, key))
        }
        ("POST" | "PUT", [namespace, key]) => {
            drop(state);
            put(server, request, user, namespace, key)
        }
        ("DELETE", [namespace]) => {
            drop(state);
            remove(server, user, namespace, None)
        }
        ("DELETE", [namespace, key]) => {
            drop(state);
            remove(server, user, namespace, Some(key))
        }
        _ => Err(crate::headers::nothing_here(server, request)),
    }
}

fn put(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    namespace: &str,
    key: &str,
) -> Reply {
    let Ok(value) = serde_json::from_slice::<Value>(&request.body) else {
        return Err(refuse(
            400,
            &format!("Invalid JSON value for key '{key}'"),
            Some("E1003"),
        ));
    };
    let entry = Entry::new(server, user, value, request.flag("encrypt"));
    server.change(|state, batch| {
        let keys = state
            .user_data_store
            .entry(user.uid.clone())
            .or_default()
            .entry(namespace.into())
            .or_default();
        let there = keys.contains_key(key);
        if there && request.method == "POST" {
            let message = format!("Key '{key}' already exists in namespace '{namespace}'");
            return Err(refuse(409, &message, Some("E1004")));
        }
        batch.put(&["userEntry", &user.uid, namespace, key], &entry.record);
        keys.insert(key.into(), entry);
        let (status, word) = if there {
            (200, "updated")
        } else {
            (201, "created")
        };
        Ok(done(
            status,
            &format!("Key '{key}' in namespace '{namespace}' {word}."),
        ))
    })
}

fn remove(server: &Server, user: &CurrentUser, namespace: &str, key: Option<&str>) -> Reply {
    server.change(|state, batch| {
        let namespaces = state.user_data_store.entry(user.uid.clone()).or_default();
        let missing = || {
            refuse(
                404,
                &format!("Namespace not found: '{namespace}'"),
                Some("E1005"),
            )
        };
        let keys = namespaces.get_mut(namespace).ok_or_else(missing)?;
        match key {
            Some(key) => {
                keys.remove(key).ok_or_else(|| no_key(namespace, key))?;
                batch.remove(&["userEntry", &user.uid, namespace, key]);
                Ok(done(
                    200,
                    &format!("Key '{key}' deleted from the namespace '{namespace}'."),
                ))
            }
            None => {
                for key in keys.keys() {
                    batch.remove(&["userEntry", &user.uid, namespace, key]);
                }
                namespaces.remove(namespace);
                Ok(done(200, &format!("Namespace deleted: '{namespace}'")))
            }
        }
    })
}
