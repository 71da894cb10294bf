//! Which handler answers which path. What is not in this table does not exist:
//! it is answered 404 and printed, never guessed.
//!
//! | path | answered by |
//! |---|---|
//! | `/sandbox/…` | [`crate::faults`], files of the sandbox's own pages |
//! | `/api/ping`, `/api/system/…`, `/api/authorities` | [`crate::system`] |
//! | log-in page, `/api/auth/login`, log-out | [`crate::login`] |
//! | `/api/me…` | [`crate::me`] |
//! | `/api/userSettings…`, `/api/systemSettings…` | [`crate::settings`] |
//! | `/api/apiToken(s)…` | [`crate::tokens`] |
//! | `/api/dataStore…`, `/api/userDataStore…` | [`crate::stores`] |
//! | `/api/apps…` | [`crate::apps`] |
//! | `/`, `/apps/{key}` | [`crate::shell`] |
//! | `/api/routes/{id}/run…` | [`crate::routes::run`] |
//! | `/api/dataValueSets…`, `/api/completeDataSetRegistrations…` | [`crate::data_values`] |
//! | `/api/lockExceptions`, `/api/dataApprovals`, `/api/dataEntry/dataValues`, `/api/validation/…` | [`crate::entry`] |
//! | `/api/system/tasks…`, `/api/resourceTables/analytics` | [`crate::jobs`] |
//! | `/api/analytics…` | [`crate::analytics`] |
//! | `/api/messageConversations…` | [`crate::messages`] |
//! | `/api/configuration/corsWhitelist` | [`crate::cors`] |
//! | `/api/sharing`, `/api/metadata`, `/api/dataEntry/metadata` | [`crate::metadata`] |
//! | `/api/{collection}…` | [`crate::metadata::list`], [`crate::metadata::object`] |

use std::sync::Arc;

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::nothing_here;
use crate::metadata::{data_entry, export, import, list, object, schema, sharing};
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::session::{Identity, not_logged_in};
use crate::version::ServerVersion;
use crate::{
    analytics, apps, cors, data_values, entry, faults, jobs, login, me, messages, routes, settings,
    shell, stores, system, tokens,
};

/// Answers a request of somebody who may or may not be logged in.
pub async fn answer(server: &Arc<Server>, request: &Request, identity: Identity) -> Answer {
    let segments = request.segments();
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    let method = request.method.as_str();
    let reply = match open_to_all(server, request, method, &path) {
        Some(reply) => reply,
        None => match identity.user {
            Some(user) => for_users(server, request, &user, method, &path).await,
            None => Err(not_logged_in(server, request)),
        },
    };
    reply.unwrap_or_else(|refused| refused)
}

/// The word for a path that is not in the table.
fn unknown(server: &Server, request: &Request) -> Answer {
    eprintln!(
        "{} {} {}: the sandbox does not have this",
        server.options.version, request.method, request.path
    );
    nothing_here(server, request)
}

/// What needs no log-in.
fn open_to_all(server: &Server, request: &Request, method: &str, path: &[&str]) -> Option<Reply> {
    let version = server.options.version;
    Some(match (method, path) {
        (_, ["sandbox", "faults"]) => faults::administer(server, request),
        ("GET", ["sandbox", name]) => shell::asset(server, request, name),
        // The embedded servers of 2.40 and 2.41 wanted a log-in here ("ping anonymous").
        ("GET", ["api", "ping"]) if version >= ServerVersion::V42 => Ok(Answer::empty(200)),
        ("POST", ["api", "auth", "login"]) if version >= ServerVersion::V41 => {
            login::by_json(server, request)
        }
        ("POST", ["dhis-web-commons-security", "login.action"]) => login::by_form(server, request),
        (_, ["dhis-web-commons-security", "logout.action"]) => login::out(server, request),
        ("GET", ["dhis-web-commons", "security", "login.action"])
            if version == ServerVersion::V40 =>
        {
            login::page(server, request)
        }
        ("GET", ["dhis-web-login"] | ["dhis-web-login", "" | "index.html"])
            if matches!(version, ServerVersion::V41 | ServerVersion::V42) =>
        {
            login::page(server, request)
        }
        ("GET", ["login"] | ["login", "" | "index.html"]) if version == ServerVersion::V43 => {
            login::page(server, request)
        }
        ("GET", ["favicon.ico"]) => Err(nothing_here(server, request)),
        _ => return None,
    })
}

/// What needs a log-in.
async fn for_users(
    server: &Arc<Server>,
    request: &Request,
    user: &CurrentUser,
    method: &str,
    path: &[&str],
) -> Reply {
    let last = path.last().copied().unwrap_or_default();
    match (method, path) {
        ("GET", [""]) => shell::start(server, user),
        ("GET", ["apps", key] | ["apps", key, ""]) => shell::shell(server, request, user, key),
        ("GET", ["api", "ping"]) => Ok(Answer::empty(200)),
        ("GET", ["api", "system", "ping"]) => system::ping(),
        ("GET", ["api", "system", "info" | "info.json"]) => system::info(server, request),
        ("GET", ["api", "system", "id" | "id.json" | "uid"]) => system::ids(request),
        ("GET", ["api", "system", "tasks"]) => jobs::tasks(server, None, None),
        ("GET", ["api", "system", "tasks", kind]) => jobs::tasks(server, Some(kind), None),
        ("GET", ["api", "system", "tasks", kind, id]) => jobs::tasks(server, Some(kind), Some(id)),
        ("GET", ["api", "system", "taskSummaries", kind, id]) => jobs::summary(server, kind, id),
        ("POST" | "PUT", ["api", "resourceTables", "analytics"]) => {
            jobs::build_analytics(server, request, user)
        }
        ("GET" | "POST", ["api", "configuration", "corsWhitelist"]) => {
            cors::whitelist(server, request, user)
        }
        ("GET", ["api", "analytics" | "analytics.json", rest @ ..]) => {
            analytics::answer(server, request, user, rest)
        }
        (_, ["api", "lockExceptions", rest @ ..]) => {
            entry::lock_exceptions::answer(server, request, user, rest)
        }
        (_, ["api", "dataApprovals", rest @ ..]) => {
            entry::approvals::answer(server, request, user, rest)
        }
        ("GET", ["api", "dataEntry", "dataValues"]) => entry::form::get(server, request, user),
        ("GET", ["api", "validation", "dataSet", uid]) => {
            entry::validation::data_set(server, request, user, uid)
        }
        (_, ["api", "messageConversations", rest @ ..]) => {
            messages::answer(server, request, user, rest)
        }
        ("GET", ["api", "authorities" | "authorities.json"]) => system::authorities(server),
        ("GET", ["api", "me" | "me.json"]) => me::get(server, request, user),
        ("GET", ["api", "me", "authorization" | "authorities"]) => me::authorization(user, None),
        ("GET", ["api", "me", "authorization" | "authorities", one]) => {
            me::authorization(user, Some(one))
        }
        ("GET", ["api", "userSettings" | "userSettings.json"]) => {
            settings::user(server, user, None)
        }
        ("GET", ["api", "userSettings", key]) => settings::user(server, user, Some(key)),
        ("POST" | "PUT" | "DELETE", ["api", "userSettings", key]) => {
            settings::set_user(server, request, user, key)
        }
        ("GET", ["api", "systemSettings" | "systemSettings.json"]) => {
            settings::system(server, request, None)
        }
        ("GET", ["api", "systemSettings", key]) => settings::system(server, request, Some(key)),
        ("POST" | "PUT", ["api", "systemSettings", key]) => {
            settings::set_system(server, request, user, key)
        }
        ("GET", ["api", "staticContent", _]) => Err(nothing_here(server, request)),
        ("POST", ["api", "apiToken" | "apiTokens"]) => tokens::create(server, request, user),
        ("DELETE", ["api", "apiToken" | "apiTokens", uid]) => tokens::delete(server, user, uid),
        (_, ["api", "dataStore", rest @ ..]) => stores::api::answer(server, request, user, rest),
        (_, ["api", "userDataStore", rest @ ..]) => {
            stores::user::answer(server, request, user, rest)
        }
        (_, ["api", "apps" | "apps.json", ..]) => {
            for_apps(server, request, user, method, path).await
        }
        (_, ["api", "routes", id, "run"]) => {
            routes::run::run(server, request, user, id, None).await
        }
        (_, ["api", "routes", id, "run", ..]) => {
            let sub_path = request.path.splitn(6, '/').nth(5);
            routes::run::run(server, request, user, id, sub_path).await
        }
        (_, ["api", "dataValueSets"]) => for_values(server, request, user, "").await,
        (_, ["api", name]) if name.starts_with("dataValueSets.") => {
            for_values(server, request, user, &name["dataValueSets".len()..]).await
        }
        (_, ["api", "completeDataSetRegistrations"]) => {
            for_registrations(server, request, user).await
        }
        ("GET", ["api", "sharing"]) => sharing::get(server, request, user),
        ("POST" | "PUT", ["api", "sharing"]) => sharing::set(server, request, user),
        ("GET", ["api", "metadata" | "metadata.json"]) => export::get(server, request, user),
        ("POST", ["api", "metadata" | "metadata.json"]) => import::post(server, request, user),
        ("GET", ["api", "dataEntry", "metadata"]) => data_entry::get(server, request, user),
        ("GET", ["api"] | ["api", ""]) => {
            Ok(Answer::empty(302)
                .with_header("location", format!("{}/api/resources", request.base())))
        }
        (_, ["api", collection, rest @ ..]) => {
            let collection = if rest.is_empty() {
                collection.trim_end_matches(".json")
            } else {
                collection
            };
            match (schema::of(collection), method, rest) {
                (Some(schema), "GET", []) => list::list(server, request, user, schema),
                (Some(schema), "POST", []) => object::create(server, request, user, schema),
                (Some(schema), "GET", [_]) => list::one(
                    server,
                    request,
                    user,
                    schema,
                    last.trim_end_matches(".json"),
                ),
                (Some(schema), "PUT", [uid]) => object::replace(server, request, user, schema, uid),
                (Some(schema), "PATCH", [uid]) => object::patch(server, request, user, schema, uid),
                (Some(schema), "DELETE", [uid]) => object::delete(server, user, schema, uid),
                (Some(schema), "GET", [uid, member]) => {
                    list::member(server, request, user, schema, uid, member)
                }
                (Some(schema), "POST" | "PUT", [uid, member]) => {
                    object::change_list(server, request, user, schema, uid, member)
                }
                _ => Err(unknown(server, request)),
            }
        }
        _ => Err(unknown(server, request)),
    }
}

async fn for_apps(
    server: &Arc<Server>,
    request: &Request,
    user: &CurrentUser,
    method: &str,
    path: &[&str],
) -> Reply {
    match (method, path) {
        ("GET", [_, _]) => apps::api::list(server, request, user),
        ("POST", [_, _]) => apps::api::install(server, request, user).await,
        ("GET", [_, _, "menu"]) => apps::api::menu(server, request, user),
        ("DELETE", [_, _, key]) => apps::api::delete(server, request, user, key),
        ("GET", [_, _, key]) => Ok(Answer::empty(302)
            .with_header("location", format!("{}/api/apps/{key}/", request.base()))),
        ("GET", [_, _, key, rest @ ..]) => {
            apps::files::serve(server, request, user, key, &rest.join("/"))
        }
        _ => Err(unknown(server, request)),
    }
}

/// Data values take time: they are worked on where they hold up nobody else.
async fn for_values(
    server: &Arc<Server>,
    request: &Request,
    user: &CurrentUser,
    suffix: &str,
) -> Reply {
    let work = {
        let (server, request, user, suffix) = (
            Arc::clone(server),
            request.clone(),
            user.clone(),
            suffix.to_owned(),
        );
        move || match request.method.as_str() {
            "GET" => Ok(data_values::read(&server, &request, &user, &suffix)),
            "POST" => Ok(data_values::write(&server, &request, &user)),
            _ => Err(unknown(&server, &request)),
        }
    };
    let later =
        request.method == "POST" && request.flag("async") && user.has_authority("F_DATAVALUE_ADD");
    if later {
        return jobs::import(server, request, user);
    }
    beside(server, work).await
}

/// Does long work beside the requests of others; where time is simulated there are none,
/// and it is done at once.
async fn beside(server: &Server, work: impl FnOnce() -> Reply + Send + 'static) -> Reply {
    if server.clock.simulated.is_some() {
        return work();
    }
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|e| Err(Answer::error(500, &e.to_string(), None)))
}

/// Registrations of completeness, likewise.
async fn for_registrations(server: &Arc<Server>, request: &Request, user: &CurrentUser) -> Reply {
    let work = {
        let (server, request, user) = (Arc::clone(server), request.clone(), user.clone());
        move || match request.method.as_str() {
            "GET" => Ok(data_values::read_registrations(&server, &request, &user)),
            "POST" => Ok(data_values::write_registrations(&server, &request, &user)),
            "DELETE" => Ok(data_values::remove_registration(&server, &request, &user)),
            _ => Err(unknown(&server, &request)),
        }
    };
    beside(server, work).await
}
