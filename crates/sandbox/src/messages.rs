//! `/api/messageConversations`: DHIS2's own mail between users. Recorded: "message to a
//! group", "messages of the clerk".

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::PRIVATE;
use crate::metadata::list::{asked_fields, plain_list};
use crate::metadata::view::View;
use crate::random;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::state::Snapshot;

/// Where conversations are kept among the metadata.
const COLLECTION: &str = "messageConversations";

/// Answers whatever is asked below `/api/messageConversations`.
pub fn answer(server: &Server, request: &Request, user: &CurrentUser, rest: &[&str]) -> Reply {
    match (request.method.as_str(), rest) {
        ("GET", []) => list(server, request, user),
        ("POST", []) => begin(server, request, user),
        ("POST", ["read" | "unread"]) => mark(server, request, user, rest == ["read"]),
        ("GET", [uid]) => one(server, request, user, uid),
        ("POST", [uid]) => reply(server, request, user, uid),
        _ => Err(crate::headers::nothing_here(server, request)),
    }
}

fn refuse(status: u16, message: &str, code: Option<&str>) -> Answer {
    Answer::error(status, message, code).with_header("cache-control", PRIVATE)
}

/// Whether the user takes part in a conversation.
fn is_of(conversation: &Value, user: &CurrentUser) -> bool {
    let people = conversation["userMessages"]
        .as_array()
        .into_iter()
        .flatten();
    people
        .into_iter()
        .any(|m| m["user"]["id"] == user.uid.as_str())
}

/// A conversation as this user sees it.
fn shown(conversation: &Value, user: &CurrentUser) -> Value {
    let mut out = conversation.clone();
    let own = conversation["userMessages"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|m| m["user"]["id"] == user.uid.as_str())
        .cloned()
        .unwrap_or_default();
    out["read"] = (own["read"] == true).into();
    out["followUp"] = (own["followUp"] == true).into();
    out["displayName"] = conversation["subject"].clone();
    out["name"] = conversation["subject"].clone();
    out
}

/// `GET`: the user's own conversations, the latest first.
fn list(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let metadata = server.snapshot();
    let all = metadata.collections.get(COLLECTION).into_iter().flatten();
    let own: Vec<Value> = all
        .rev()
        .filter(|(_, c)| is_of(c, user))
        .map(|(_, c)| shown(c, user))
        .collect();
    let body = plain_list(
        server,
        request,
        user,
        &metadata,
        COLLECTION,
        &own,
        "id,displayName",
    )?;
    Ok(Answer::json(200, &body).with_header("cache-control", PRIVATE))
}

fn find<'m>(metadata: &'m Snapshot, uid: &str) -> Option<&'m Value> {
    metadata.collections.get(COLLECTION)?.get(uid)
}

/// `GET …/{uid}`.
fn one(server: &Server, request: &Request, user: &CurrentUser, uid: &str) -> Reply {
    let metadata = server.snapshot();
    let Some(conversation) = find(&metadata, uid) else {
        let body = json!({"message": format!("No MessageConversation found with UID: {uid}")});
        return Err(Answer::json(404, &body));
    };
    if !is_of(conversation, user) && !user.is_superuser() {
        return Err(refuse(
            403,
            "Not authorized to access this conversation.",
            Some("E1006"),
        ));
    }
    let conversation = shown(conversation, user);
    let base = request.base();
    let view = View::of(server, &metadata, user, &base);
    let body = view.project(None, &conversation, &asked_fields(request, "*"));
    Ok(Answer::json(200, &body).with_header("cache-control", PRIVATE))
}

/// The users that a message is for: those named, those of the groups, and those who
/// enter data for the org units.
fn recipients(metadata: &Snapshot, body: &Value) -> Result<Vec<String>, Answer> {
    let ids = |name: &str| {
        let list = body[name].as_array().into_iter().flatten();
        list.filter_map(|i| i["id"].as_str())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let object = |collection: &str, uid: &str| metadata.collections.get(collection)?.get(uid);
    let mut out = Vec::new();
    for unit in ids("organisationUnits") {
        if object("organisationUnits", &unit).is_none() {
            return Err(refuse(
                409,
                &format!("Organisation Unit does not exist: {unit}"),
                None,
            ));
        }
        for (uid, user) in metadata.collections.get("users").into_iter().flatten() {
            let mut own = user["organisationUnits"].as_array().into_iter().flatten();
            if own.any(|o| o["id"] == unit.as_str()) {
                out.push(uid.clone());
            }
        }
    }
    for user in ids("users") {
        if object("users", &user).is_none() {
            return Err(refuse(409, &format!("User does not exist: {user}"), None));
        }
        out.push(user);
    }
    for group in ids("userGroups") {
        let Some(object) = object("userGroups", &group) else {
            let message = format!("UserGroup with id {group} could not be found.");
            return Err(refuse(404, &message, Some("E1005")));
        };
        let members = object["users"].as_array().into_iter().flatten();
        out.extend(members.filter_map(|m| m["id"].as_str()).map(str::to_owned));
    }
    out.sort();
    out.dedup();
    Ok(out)
}

fn message(server: &Server, user: &CurrentUser, text: &str) -> Value {
    json!({
        "id": random::uid(), "text": text, "sender": {"id": user.uid}, "internal": false,
        "created": server.clock.timestamp(), "lastUpdated": server.clock.timestamp(),
    })
}

fn created(request: &Request, uid: &str) -> Answer {
    let body = json!({"httpStatus": "Created", "httpStatusCode": 201, "status": "OK", "message": "Message conversation created"});
    Answer::json(201, &body).with_header(
        "location",
        format!("{}/api/{COLLECTION}/{uid}", request.base()),
    )
}

/// `POST`: a new conversation. The sender takes part in it, and has read it.
fn begin(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let body = request.json()?;
    let people = recipients(&server.snapshot(), &body)?;
    if people.is_empty() {
        return Err(refuse(409, "No recipients selected.", None));
    }
    let uid = random::uid();
    let mut reading = vec![json!({"user": {"id": user.uid}, "read": true, "followUp": false})];
    reading.extend(
        people
            .iter()
            .filter(|p| **p != user.uid)
            .map(|p| json!({"user": {"id": p}, "read": false, "followUp": false})),
    );
    let now = server.clock.timestamp();
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let conversation = json!({
        "id": uid, "subject": text("subject"), "messageType": "PRIVATE", "messageCount": 1,
        "created": now, "lastUpdated": now, "lastMessage": now, "lastSender": {"id": user.uid},
        "userMessages": reading, "messages": [message(server, user, text("text"))],
    });
    server.change(|state, batch| {
        state.put_object(batch, COLLECTION, &uid, conversation);
        Ok(())
    })?;
    Ok(created(request, &uid))
}

/// `POST …/{uid}`: an answer; the body is its text. It is unread for the others.
fn reply(server: &Server, request: &Request, user: &CurrentUser, uid: &str) -> Reply {
    let Some(mut conversation) = find(&server.snapshot(), uid).cloned() else {
        let message = format!("Message conversation does not exist: {uid}");
        return Err(refuse(404, &message, Some("E1005")));
    };
    if !is_of(&conversation, user) && !user.is_superuser() {
        let message = "Not authorized to send messages to this conversation.";
        return Err(refuse(403, message, Some("E1006")));
    }
    let text = String::from_utf8_lossy(&request.body).into_owned();
    if let Some(messages) = conversation["messages"].as_array_mut() {
        messages.push(message(server, user, &text));
        conversation["messageCount"] = conversation["messages"]
            .as_array()
            .map_or(0, Vec::len)
            .into();
    }
    for reading in conversation["userMessages"]
        .as_array_mut()
        .into_iter()
        .flatten()
    {
        reading["read"] = (reading["user"]["id"] == user.uid.as_str()).into();
    }
    conversation["lastMessage"] = server.clock.timestamp().into();
    conversation["lastSender"] = json!({"id": user.uid});
    server.change(|state, batch| {
        state.put_object(batch, COLLECTION, uid, conversation);
        Ok(())
    })?;
    Ok(created(request, uid))
}

/// `POST …/read` and `…/unread` with a list of uids.
fn mark(server: &Server, request: &Request, user: &CurrentUser, read: bool) -> Reply {
    let body = request.json()?;
    let asked: Vec<&str> = body
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let metadata = server.snapshot();
    let mut marked = Vec::new();
    server.change(|state, batch| {
        for uid in asked {
            let Some(mut conversation) = find(&metadata, uid).filter(|c| is_of(c, user)).cloned()
            else {
                continue;
            };
            for reading in conversation["userMessages"]
                .as_array_mut()
                .into_iter()
                .flatten()
            {
                if reading["user"]["id"] == user.uid.as_str() {
                    reading["read"] = read.into();
                }
            }
            state.put_object(batch, COLLECTION, uid, conversation);
            marked.push(uid.to_owned());
        }
        Ok(())
    })?;
    let key = if read { "markedRead" } else { "markedUnread" };
    Ok(Answer::json(200, &json!({ key: marked })))
}
