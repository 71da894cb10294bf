//! User settings and system settings. Recorded: "user settings", "system settings",
//! and the member `settings` of "me as clerk".

use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::PRIVATE;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::version::ServerVersion;

/// The settings that every user has, with their values of the version.
fn user_defaults(version: ServerVersion) -> Value {
    if version >= ServerVersion::V42 {
        serde_json::json!({
            "keyDbLocale": "en", "keyMessageSmsNotification": false, "keyTrackerDashboardLayout": "",
            "keyStyle": "light_blue/light_blue.css", "keyUiLocale": "en", "keyAnalysisDisplayProperty": "name",
            "keyMessageEmailNotification": false,
        })
    } else {
        serde_json::json!({
            "keyMessageSmsNotification": true, "keyStyle": "light_blue/light_blue.css", "keyUiLocale": "en",
            "keyAnalysisDisplayProperty": "name", "keyMessageEmailNotification": true,
        })
    }
}

fn system_defaults(version: ServerVersion) -> Value {
    // 2.43 leaves the style empty.
    let style = if version >= ServerVersion::V43 {
        ""
    } else {
        "light_blue/light_blue.css"
    };
    serde_json::json!({
        "keyDateFormat": "yyyy-MM-dd", "applicationTitle": "DHIS 2", "keyFlag": "dhis2", "keyStyle": style,
        "keyUiLocale": "en", "keyDbLocale": "en", "keyCalendar": "iso8601",
    })
}

fn merged(defaults: Value, set: Option<&Map<String, Value>>) -> Map<String, Value> {
    let mut out = defaults.as_object().cloned().unwrap_or_default();
    out.extend(
        set.into_iter()
            .flatten()
            .map(|(k, v)| (k.clone(), v.clone())),
    );
    out
}

/// The settings of a user.
pub fn of_user(server: &Server, user: &CurrentUser) -> Map<String, Value> {
    merged(
        user_defaults(server.options.version),
        server.state().user_settings.get(&user.uid),
    )
}

/// `GET /api/userSettings[/{key}]`.
pub fn user(server: &Server, user: &CurrentUser, key: Option<&str>) -> Reply {
    let all = of_user(server, user);
    match key {
        None => Ok(Answer::json(200, &Value::Object(all)).with_header("cache-control", PRIVATE)),
        Some(key) => one(&all, key),
    }
}

fn one(all: &Map<String, Value>, key: &str) -> Reply {
    let Some(value) = all.get(key) else {
        return Err(
            Answer::error(404, &format!("Setting {key} not found"), None)
                .with_header("cache-control", PRIVATE),
        );
    };
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    Ok(Answer::text(200, "text/plain;charset=UTF-8", text).with_header("cache-control", PRIVATE))
}

/// The value that a request brings: `?value=`, or the body.
fn value_of(request: &Request) -> Value {
    let text = request.parameter("value").map_or_else(
        || String::from_utf8_lossy(&request.body).trim().to_owned(),
        str::to_owned,
    );
    match text.as_str() {
        "true" => true.into(),
        "false" => false.into(),
        _ => text.into(),
    }
}

fn set_answer(kind: &str, key: &str) -> Answer {
    let message = format!("{kind} setting saved: '{key}'");
    let body = serde_json::json!({"httpStatus": "OK", "httpStatusCode": 200, "status": "OK", "message": message});
    Answer::json(200, &body)
}

/// `POST`, `PUT` and `DELETE` of `/api/userSettings/{key}`.
pub fn set_user(server: &Server, request: &Request, user: &CurrentUser, key: &str) -> Reply {
    let mut settings = server
        .state()
        .user_settings
        .get(&user.uid)
        .cloned()
        .unwrap_or_default();
    let removed = request.method == "DELETE";
    if removed {
        settings.shift_remove(key);
    } else {
        settings.insert(key.into(), value_of(request));
    }
    server.change(|state, batch| {
        batch.put(
            &["userSettings", &user.uid],
            &Value::Object(settings.clone()),
        );
        state.user_settings.insert(user.uid.clone(), settings);
        Ok(())
    })?;
    Ok(if removed {
        Answer::empty(204)
    } else {
        set_answer("User", key)
    })
}

/// `GET /api/systemSettings[/{key}]`, with `?key=a&key=b` for some of them.
pub fn system(server: &Server, request: &Request, key: Option<&str>) -> Reply {
    let mut all = merged(
        system_defaults(server.options.version),
        Some(&server.state().system_settings),
    );
    if let Some(key) = key {
        return one(&all, key);
    }
    let wanted: Vec<&str> = request
        .parameters("key")
        .flat_map(|k| k.split(','))
        .collect();
    if !wanted.is_empty() {
        all.retain(|name, _| wanted.contains(&name.as_str()));
    }
    Ok(Answer::json(200, &Value::Object(all))
        .with_header("cache-control", "no-cache, no-store, must-revalidate"))
}

/// `POST /api/systemSettings/{key}`, for those with the authority.
pub fn set_system(server: &Server, request: &Request, user: &CurrentUser, key: &str) -> Reply {
    if !user.has_authority("F_SYSTEM_SETTING") {
        return Err(Answer::error(
            403,
            "Access is denied, requires one Authority from [F_SYSTEM_SETTING]",
            None,
        ));
    }
    let value = value_of(request);
    server.change(|state, batch| {
        batch.put(&["systemSetting", key], &value);
        state.system_settings.insert(key.into(), value);
        Ok(())
    })?;
    Ok(set_answer("System", key))
}
