//! Personal access tokens (`/api/apiToken`): made once, shown once, checked on
//! every request that carries `Authorization: ApiToken …`.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::random;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::session::hash;
use crate::version::ServerVersion;

/// Tokens live this long when nothing else is said: 30 days.
const DEFAULT_LIFE_MILLIS: i64 = 30 * 24 * 3_600_000;

/// `POST /api/apiToken` (also `apiTokens`). Recorded: scenario "tokens".
pub fn create(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let body = request.json()?;
    let kind = body["type"].as_str().unwrap_or("PERSONAL_ACCESS_TOKEN_V2");
    let prefix = match kind {
        "PERSONAL_ACCESS_TOKEN" if server.options.version == ServerVersion::V40 => "d2pat_",
        "PERSONAL_ACCESS_TOKEN_V1" if server.options.version >= ServerVersion::V41 => "d2pat_",
        "PERSONAL_ACCESS_TOKEN_V2" if server.options.version >= ServerVersion::V41 => "d2p_",
        // 2.40 knows one kind, by another name, and fails to read this one ("create").
        _ => {
            let message = format!(
                "Cannot deserialize value of type `org.hisp.dhis.security.apikey.ApiTokenType` from String \"{kind}\": not one of the values accepted for Enum class: [PERSONAL_ACCESS_TOKEN]\n at [Source: (org.eclipse.jetty.server.HttpInput); line: 1, column: 10] (through reference chain: org.hisp.dhis.security.apikey.ApiToken[\"type\"])"
            );
            return Err(Answer::error(500, &message, None)
                .with_header("cache-control", "no-cache, private"));
        }
    };
    let secret = random::text::<44>();
    let key = format!("{prefix}{secret}{}", checksum(&secret));
    let uid = random::uid();
    let salt = random::hex();
    let expire = body["expire"]
        .as_i64()
        .unwrap_or(server.clock.millis() + DEFAULT_LIFE_MILLIS);
    let record = json!({
        "user": user.uid, "salt": salt, "hash": hash(&salt, &key), "expire": expire, "type": kind,
        "attributes": body["attributes"], "created": server.clock.timestamp(),
    });
    server.change(|state, batch| {
        batch.put(&["token", &uid], &record);
        state.tokens.insert(uid.clone(), record);
        Ok(())
    })?;
    let response = if server.options.version == ServerVersion::V41 {
        "ApiTokenCreationResponse"
    } else {
        "ObjectReport"
    };
    let body = json!({
        "httpStatus": "Created", "httpStatusCode": 201, "status": "OK",
        "response": {"responseType": response, "key": key, "uid": uid, "klass": "org.hisp.dhis.security.apikey.ApiToken", "errorReports": []},
    });
    Ok(Answer::json(201, &body)
        .with_header("location", format!("{}/api/apiToken/{uid}", request.base())))
}

/// `DELETE /api/apiToken/{uid}`: own tokens, or any for a superuser.
pub fn delete(server: &Server, user: &CurrentUser, uid: &str) -> Reply {
    server.change(|state, batch| {
        let owned = state
            .tokens
            .get(uid)
            .is_some_and(|t| t["user"] == user.uid || user.is_superuser());
        if !owned {
            return Err(Answer::error(
                404,
                &format!("ApiToken with id {uid} could not be found."),
                Some("E1005"),
            )
            .with_header("cache-control", "no-cache, private"));
        }
        state.tokens.shift_remove(uid);
        batch.remove(&["token", uid]);
        Ok(())
    })?;
    let body = json!({
        "httpStatus": "OK", "httpStatusCode": 200, "status": "OK",
        "response": {"responseType": "ObjectReport", "uid": uid, "klass": "org.hisp.dhis.security.apikey.ApiToken", "errorReports": []},
    });
    Ok(Answer::json(200, &body))
}

/// The uid of the user whom a token stands for. Errors as recorded in "use a
/// wrong one", "use expired", "post with get only".
pub fn check(server: &Server, request: &Request, key: &str) -> Result<String, Answer> {
    let refuse = |status: u16, message: &str| {
        let name = crate::answer::reason_phrase(status);
        let body = json!({"httpStatus": name, "httpStatusCode": status, "status": "ERROR", "message": message});
        Answer::json(status, &body)
            .with_header("www-authenticate", "ApiToken")
            .with_header("cache-control", "no-cache, private")
    };
    let body = key
        .strip_prefix("d2p_")
        .or_else(|| key.strip_prefix("d2pat_"))
        .unwrap_or_default();
    let whole = body.len() > 6 && body.is_ascii();
    let (secret, sum) = if whole {
        body.split_at(body.len() - 6)
    } else {
        ("", "")
    };
    if server.options.version > ServerVersion::V40 && (!whole || checksum(secret) != sum) {
        return Err(refuse(400, "Checksum validation failed"));
    }
    let state = server.state();
    let found = state.tokens.values().find(|t| {
        t["salt"]
            .as_str()
            .is_some_and(|salt| t["hash"] == hash(salt, key))
    });
    let Some(token) = found else {
        // 2.40 looks no further than this ("use a wrong one").
        let end = if server.options.version == ServerVersion::V40 {
            "."
        } else {
            ""
        };
        return Err(refuse(401, &format!("The API token does not exists{end}")));
    };
    if token["expire"].as_i64().unwrap_or_default() < server.clock.millis() {
        return Err(refuse(
            401,
            "Failed to authenticate API token, token has expired.",
        ));
    }
    let forbidden = token["attributes"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|attribute| {
            attribute["type"] == "MethodAllowedList"
                && !has(&attribute["allowedMethods"], &request.method)
        });
    if forbidden {
        return Err(refuse(
            401,
            "Failed to authenticate API token, request http method is not allowed.",
        ));
    }
    Ok(token["user"].as_str().unwrap_or_default().into())
}

fn has(list: &Value, text: &str) -> bool {
    list.as_array()
        .is_some_and(|items| items.iter().any(|i| i == text))
}

/// Six digits to the base 62 that guard against slips of the pen.
fn checksum(secret: &str) -> String {
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = crc32fast::hash(secret.as_bytes());
    let mut out = [b'0'; 6];
    for place in out.iter_mut().rev() {
        *place = DIGITS[(rest % 62) as usize];
        rest /= 62;
    }
    String::from_utf8_lossy(&out).into_owned()
}
