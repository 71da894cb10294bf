//! Who asks: session cookies, basic authentication, personal access tokens, and
//! what somebody without any of them is told.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::random;
use crate::request::Request;
use crate::server::Server;
use crate::state::{Snapshot, State};
use crate::store::Batch;
use crate::version::ServerVersion;

/// Idle sessions end after this long: `system.session.timeout` is 3600 s.
const IDLE_MILLIS: i64 = 3_600_000;
/// Older sessions are forgotten beyond this many; each request with a password makes one.
const MAX_SESSIONS: usize = 10_000;
/// The name of the session cookie.
pub const COOKIE: &str = "JSESSIONID";

/// A log-in.
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// Whose it is.
    pub user: String,
    /// When it was last used, in milliseconds since 1970.
    pub last_used: i64,
}

impl Session {
    /// From what the database holds.
    pub fn from_record(record: &Value) -> Self {
        Self {
            user: record["user"].as_str().unwrap_or_default().into(),
            last_used: record["lastUsed"].as_i64().unwrap_or_default(),
        }
    }
}

/// What is known about who asks.
#[derive(Default)]
pub struct Identity {
    /// The user, or nobody.
    pub user: Option<CurrentUser>,
    /// `Set-Cookie` headers that the answer carries.
    pub cookies: Vec<String>,
}

/// Finds out who asks. The error is for credentials that are there and wrong.
pub fn identify(server: &Server, request: &Request) -> Result<Identity, Answer> {
    let snapshot = server.snapshot();
    if let Some((scheme, credentials)) = request
        .header("authorization")
        .and_then(|h| h.split_once(' '))
    {
        if scheme.eq_ignore_ascii_case("basic") {
            let decoded = BASE64_STANDARD
                .decode(credentials.trim())
                .unwrap_or_default();
            let text = String::from_utf8_lossy(&decoded).into_owned();
            let (username, password) = text.split_once(':').unwrap_or((&text, ""));
            let user = check_password(server, &snapshot, username, password)
                .ok_or_else(|| not_logged_in(server, request))?;
            let cookies = open(server, &user.uid);
            return Ok(Identity {
                user: Some(user),
                cookies,
            });
        }
        if scheme.eq_ignore_ascii_case("apitoken") {
            let user = crate::tokens::check(server, request, credentials.trim())?;
            let user = current_user(&snapshot, &user);
            let cookies = user.iter().flat_map(|u| open(server, &u.uid)).collect();
            return Ok(Identity { user, cookies });
        }
    }
    let Some(id) = request.cookie(COOKIE) else {
        return Ok(Identity::default());
    };
    let now = server.clock.millis();
    let found = {
        let state = server.state();
        let session = state
            .sessions
            .get(id)
            .filter(|s| (now - s.last_used).abs() < IDLE_MILLIS);
        session.map(|s| (s.user.clone(), now - s.last_used))
    };
    let Some((uid, idle)) = found else {
        return Ok(Identity::default());
    };
    if idle > 60_000 {
        // Once a minute is often enough for a limit of an hour.
        server.change_sessions(|state, batch| {
            if let Some(session) = state.sessions.get_mut(id) {
                session.last_used = now;
                batch.put(
                    &["session", id],
                    &json!({"user": session.user, "lastUsed": now}),
                );
            }
        });
    }
    Ok(Identity {
        user: current_user(&snapshot, &uid),
        cookies: expiry_cookie(server).into_iter().collect(),
    })
}

/// Opens a session and gives its cookies.
pub fn open(server: &Server, user: &str) -> Vec<String> {
    let id = random::hex();
    let now = server.clock.millis();
    server.change_sessions(|state, batch| {
        batch.put(&["session", &id], &json!({"user": user, "lastUsed": now}));
        state.sessions.insert(
            id.clone(),
            Session {
                user: user.into(),
                last_used: now,
            },
        );
        while state.sessions.len() > MAX_SESSIONS {
            if let Some((oldest, _)) = state.sessions.shift_remove_index(0) {
                batch.remove(&["session", &oldest]);
            }
        }
    });
    // `SameSite` is set from 2.42 on (`session.cookie.samesite`, default Lax).
    let same_site = if server.options.version >= ServerVersion::V42 {
        "; SameSite=Lax"
    } else {
        ""
    };
    // The readable one first, as 2.43 does: clients that look for "SESSION" take the last.
    let mut cookies: Vec<String> = expiry_cookie(server).into_iter().collect();
    cookies.push(format!("{COOKIE}={id}; Path=/; HttpOnly{same_site}"));
    cookies
}

/// 2.43 tells in a readable cookie when the session ends (recorded: "me by session").
fn expiry_cookie(server: &Server) -> Option<String> {
    (server.options.version >= ServerVersion::V43).then(|| {
        let now = server.clock.millis() / 1000;
        format!(
            "SESSION_EXPIRE=\"server_time={now}&expiry_time={}\"; Path=/",
            now + IDLE_MILLIS / 1000
        )
    })
}

/// Ends one session.
pub fn close(server: &Server, id: &str) {
    server.change_sessions(|state, batch| {
        state.sessions.shift_remove(id);
        batch.remove(&["session", id]);
    });
}

/// Ends all sessions: the fault "session expired".
pub fn close_all(server: &Server) {
    server.change_sessions(|state, batch| {
        for (id, _) in state.sessions.drain(..) {
            batch.remove(&["session", &id]);
        }
    });
}

/// The user with this name and password.
pub fn check_password(
    server: &Server,
    snapshot: &Snapshot,
    username: &str,
    password: &str,
) -> Option<CurrentUser> {
    let uid = snapshot.index.user_by_name.get(username)?;
    let state = server.state();
    let kept = state.passwords.get(uid)?;
    (kept["hash"].as_str()? == hash(kept["salt"].as_str()?, password))
        .then(|| current_user(snapshot, uid))
        .flatten()
}

/// Keeps a password, salted and hashed.
pub fn set_password(state: &mut State, batch: &mut Batch, uid: &str, password: &str) {
    let salt = random::hex();
    let record = json!({"hash": hash(&salt, password), "salt": salt});
    batch.put(&["password", uid], &record);
    state.passwords.insert(uid.into(), record);
}

/// The hash of a secret under a salt.
pub fn hash(salt: &str, secret: &str) -> String {
    let digest = Sha256::digest(format!("{salt}:{secret}").as_bytes());
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

/// The rights of a user: authorities of all roles, org units, groups. Nobody if
/// the user is disabled or gone.
pub fn current_user(snapshot: &Snapshot, uid: &str) -> Option<CurrentUser> {
    let object = snapshot.collections.get("users")?.get(uid)?;
    if object["disabled"] == true {
        return None;
    }
    let ids = |name: &str| -> Vec<String> {
        let refs = object[name].as_array().into_iter().flatten();
        refs.filter_map(|r| r["id"].as_str())
            .map(str::to_owned)
            .collect()
    };
    let roles = snapshot.collections.get("userRoles");
    let mut authorities: Vec<String> = ids("userRoles")
        .iter()
        .filter_map(|role| roles?.get(role)?["authorities"].as_array())
        .flatten()
        .filter_map(|a| a.as_str().map(str::to_owned))
        .collect();
    authorities.sort();
    authorities.dedup();
    Some(CurrentUser {
        uid: uid.into(),
        username: object["username"].as_str().unwrap_or_default().into(),
        authorities,
        organisation_units: ids("organisationUnits"),
        data_view_organisation_units: ids("dataViewOrganisationUnits"),
        user_groups: snapshot
            .index
            .groups_of_user
            .get(uid)
            .cloned()
            .unwrap_or_default(),
    })
}

/// The administrator that every server starts with.
pub fn administrator(server: &Server) -> CurrentUser {
    current_user(&server.snapshot(), crate::metadata::defaults::ADMIN).unwrap_or_default()
}

/// Where the log-in page is.
pub fn login_path(version: ServerVersion) -> &'static str {
    match version {
        ServerVersion::V40 => "/dhis-web-commons/security/login.action",
        ServerVersion::V41 => "/dhis-web-login",
        ServerVersion::V42 => "/dhis-web-login/",
        ServerVersion::V43 => "/login/",
    }
}

/// Without a session: 401 for requests that say that a script makes them, else
/// the way to the log-in page ("no session, X-Requested-With" and its neighbours).
pub fn not_logged_in(server: &Server, request: &Request) -> Answer {
    if request.is_scripted() {
        let body = json!({"httpStatus": "Unauthorized", "httpStatusCode": 401, "status": "ERROR", "message": "Unauthorized"});
        return Answer::json(401, &body);
    }
    Answer::empty(302).with_header(
        "location",
        format!("{}{}", request.base(), login_path(server.options.version)),
    )
}
