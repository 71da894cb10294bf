//! What server is this: `/api/system/info`, `/api/system/ping`, `/api/system/id`,
//! `/api/ping`, `/api/authorities`. Recorded: scenario "system-and-session".

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::headers::NO_STORE;
use crate::random;
use crate::request::Request;
use crate::server::{Reply, Server};

/// The system id; a real server draws one.
pub const ID: &str = "5a9d0b0c-0000-4000-8000-73616e64626f";

/// `GET /api/system/info`.
pub fn info(server: &Server, request: &Request) -> Reply {
    let now = server.clock.timestamp();
    // What administrators call their DHIS2 is one of the system settings.
    let name = match server.state().system_settings.get("applicationTitle") {
        Some(Value::String(title)) => title.clone(),
        _ => "DHIS2 sandbox".to_owned(),
    };
    // Told as set. The ids of periods are read as those of ISO 8601 all the same: no server
    // with another calendar was recorded.
    let calendar = server.state().system_settings.get("keyCalendar").cloned();
    let calendar = calendar.unwrap_or_else(|| json!("iso8601"));
    let all = json!({
        "contextPath": request.base(),
        "userAgent": request.header("user-agent").unwrap_or_default(),
        "calendar": calendar,
        "dateFormat": "yyyy-mm-dd",
        "serverDate": now,
        "serverTimeZoneId": "UTC",
        "serverTimeZoneDisplayName": "Coordinated Universal Time",
        "version": server.options.version.release(),
        "revision": "sandbox",
        "systemId": ID,
        "systemName": name,
        "instanceBaseUrl": request.base(),
        "isMetadataVersionEnabled": false,
    });
    let body = match request.parameter("fields") {
        Some(fields) if !fields.contains('*') => {
            let wanted: Vec<&str> = fields.split(',').map(str::trim).collect();
            let members = all
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(name, _)| wanted.contains(&name.as_str()));
            Value::Object(
                members
                    .map(|(n, v)| (n.clone(), v.clone()))
                    .collect::<Map<_, _>>(),
            )
        }
        _ => all,
    };
    Ok(Answer::json(200, &body).with_header("cache-control", NO_STORE))
}

/// `GET /api/system/ping`: `pong`, under the type of JSON though it is none.
pub fn ping() -> Reply {
    Ok(Answer::text(200, "application/json;charset=UTF-8", "pong")
        .with_header("cache-control", NO_STORE))
}

/// `GET /api/system/id?limit=n`: new uids.
pub fn ids(request: &Request) -> Reply {
    let limit = request
        .parameter("limit")
        .and_then(|l| l.parse::<usize>().ok())
        .unwrap_or(1)
        .clamp(1, 10_000);
    let codes: Vec<String> = (0..limit).map(|_| random::uid()).collect();
    Ok(Answer::json(200, &json!({"codes": codes})).with_header("cache-control", NO_STORE))
}

/// `GET /api/authorities`: what can be given to a role: the authorities that any
/// role of this server holds and those that make objects, and of each installed app its
/// own. A real server lists more of its own.
pub fn authorities(server: &Server) -> Reply {
    let state = server.state();
    let mut ids: BTreeSet<String> = [
        "ALL",
        "F_DATAVALUE_ADD",
        "F_DATAVALUE_DELETE",
        "F_METADATA_EXPORT",
        "F_METADATA_IMPORT",
        "F_ROUTE_DELETE",
    ]
    .map(str::to_owned)
    .into();
    for schema in crate::metadata::schema::SCHEMAS {
        ids.extend(schema.create.iter().map(|a| (*a).to_owned()));
    }
    for role in state
        .metadata
        .collections
        .get("userRoles")
        .into_iter()
        .flat_map(|roles| roles.values())
    {
        ids.extend(
            role["authorities"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|a| a.as_str().map(str::to_owned)),
        );
    }
    let mut names: Map<String, Value> = Map::new();
    for app in state.apps.values() {
        names.insert(app.authority(), format!("{} app", app.name()).into());
        names.extend(
            app.own_authorities()
                .into_iter()
                .map(|a| (a.clone(), a.into())),
        );
    }
    ids.extend(names.keys().cloned());
    let list: Vec<Value> = ids
        .into_iter()
        .map(|id| {
            let name = names
                .get(&id)
                .cloned()
                .unwrap_or_else(|| id.as_str().into());
            json!({"id": id, "name": name})
        })
        .collect();
    Ok(Answer::json(200, &json!({"systemAuthorities": list})))
}
