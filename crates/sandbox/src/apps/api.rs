//! `/api/apps`: installing, listing, removing.

use std::sync::Arc;

use futures_util::stream;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::apps::App;
use crate::apps::zip::{self, Refusal};
use crate::context::CurrentUser;
use crate::headers::PRIVATE;
use crate::random;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::stores;
use crate::version::ServerVersion;

/// The authority to install and to remove apps.
const MANAGE: &str = "M_dhis-web-app-management";

fn may_manage(server: &Server, user: &CurrentUser) -> Result<(), Answer> {
    if user.has_authority(MANAGE) {
        return Ok(());
    }
    let message = if server.options.version >= ServerVersion::V42 {
        format!("Access is denied, requires one Authority from [{MANAGE}]")
    } else {
        "Access is denied".to_owned()
    };
    Err(Answer::error(403, &message, None).with_header("cache-control", PRIVATE))
}

/// `POST /api/apps`: a form with one part named `file`.
pub async fn install(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    may_manage(server, user)?;
    let (name, bytes) = uploaded(request).await?;
    let app = install_zip(server, &name, &bytes)?;
    let version = server.options.version;
    // Up to 2.41 nothing is said about the app.
    Ok(if version >= ServerVersion::V42 {
        Answer::json(201, &app.shown(version, None))
    } else {
        Answer::empty(204)
    })
}

/// The file of a form.
async fn uploaded(request: &Request) -> Result<(String, Vec<u8>), Answer> {
    let missing = |e: String| Answer::error(400, &e, None);
    let kind = request.header("content-type").unwrap_or_default();
    let boundary = multer::parse_boundary(kind).map_err(|e| missing(e.to_string()))?;
    let body = request.body.clone();
    let mut form = multer::Multipart::new(
        stream::once(async move { Ok::<_, std::io::Error>(body) }),
        boundary,
    );
    while let Some(field) = form
        .next_field()
        .await
        .map_err(|e| missing(e.to_string()))?
    {
        if field.name() == Some("file") {
            let name = field.file_name().unwrap_or("app.zip").to_owned();
            let bytes = field.bytes().await.map_err(|e| missing(e.to_string()))?;
            return Ok((name, bytes.to_vec()));
        }
    }
    Err(missing("Required part 'file' is not present.".into()))
}

/// Installs a zip of this name, over an older version of the same app.
pub fn install_zip(server: &Server, name: &str, bytes: &[u8]) -> Result<App, Answer> {
    let version = server.options.version;
    let conflict = |message: &str| {
        let answer = Answer::error(409, message, None);
        if version == ServerVersion::V40 {
            answer.with_header("cache-control", PRIVATE)
        } else {
            answer
        }
    };
    let (manifest, files) = zip::read(bytes).map_err(|refusal| match (refusal, version) {
        (Refusal::Unsafe, _) => conflict("Zip file could not be read"),
        (Refusal::NotAZip, _) | (Refusal::NoManifest, ServerVersion::V42) => {
            conflict("Manifest file missing from zip file")
        }
        // These stumble over a zip without a manifest ("no manifest").
        (Refusal::NoManifest, ServerVersion::V43) => {
            let message = "Cannot invoke \"String.length()\" because \"appKey\" is null";
            Answer::error(500, message, None).with_header("cache-control", PRIVATE)
        }
        (Refusal::NoManifest, _) => {
            Answer::error(500, "entry", None).with_header("cache-control", PRIVATE)
        }
    })?;
    let mut app = App::from_record(json!({"manifest": manifest}));
    let key = app.key();
    if key.is_empty() {
        return Err(conflict("Manifest file missing from zip file"));
    }
    let taken = app.namespace().is_some_and(|namespace| {
        server
            .state()
            .apps
            .iter()
            .any(|(other, a)| *other != key && a.namespace() == Some(namespace))
    });
    if taken {
        return Err(conflict("Namespace defined in manifest is already in use"));
    }
    app.installed = server.clock.http_date();
    app.folder = match version {
        ServerVersion::V43 => format!("{key}_{}", random::text::<44>()),
        _ => name.trim_end_matches(".zip").to_owned(),
    };
    app.files = files
        .into_iter()
        .map(|(path, content)| (path, Arc::new(content)))
        .collect();
    server.change(|state, batch| {
        if let Some(old) = state.apps.shift_remove(&key) {
            for path in old.files.keys() {
                batch.remove(&["appFile", &key, path]);
            }
        }
        batch.put(&["app", &key], &app.record());
        for (path, content) in &app.files {
            batch.put_bytes(&["appFile", &key, path], content.to_vec());
        }
        state.apps.insert(key.clone(), app.clone());
        Ok(())
    })?;
    Ok(app)
}

/// `GET /api/apps`, `?key=…`.
pub fn list(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let state = server.state();
    let version = server.options.version;
    let base = request.base();
    let key = request.parameter("key");
    let found: Vec<Value> = state
        .apps
        .iter()
        .filter(|(k, app)| key.is_none_or(|wanted| wanted == k.as_str()) && app.is_open_to(user))
        .map(|(_, app)| app.shown(version, Some(&base)))
        .collect();
    if found.is_empty() && key.is_some() {
        return Err(no_app(key.unwrap_or_default()));
    }
    let kind = if version >= ServerVersion::V42 {
        "application/json;charset=UTF-8"
    } else {
        "application/json;charset=utf-8"
    };
    Ok(Answer::text(200, kind, Value::from(found).to_string()))
}

/// `GET /api/apps/menu`: what the apps menu of the header bar shows.
pub fn menu(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let state = server.state();
    let base = request.base();
    let modules: Vec<Value> = state
        .apps
        .iter()
        .filter(|(_, app)| app.is_open_to(user) && app.manifest["appType"].as_str().unwrap_or("APP") == "APP")
        .map(|(key, app)| {
            let icon = ["48", "128", "16"].iter().find_map(|size| app.manifest["icons"][*size].as_str());
            json!({
                "name": app.name(), "namespace": format!("/api/apps/{key}"), "displayName": app.name(),
                "defaultAction": format!("{base}/api/apps/{key}/{}", app.launch_path()),
                "icon": icon.map(|i| format!("{base}/api/apps/{key}/{i}")).unwrap_or_default(),
                "description": app.manifest["description"], "version": app.manifest["version"],
                "shortcuts": app.manifest.get("shortcuts").cloned().unwrap_or_else(|| json!([])),
            })
        })
        .collect();
    Ok(Answer::json(200, &json!({"modules": modules})))
}

/// `DELETE /api/apps/{key}`, `?deleteAppData=true`.
pub fn delete(server: &Server, request: &Request, user: &CurrentUser, key: &str) -> Reply {
    may_manage(server, user)?;
    server.change(|state, batch| {
        let app = state.apps.shift_remove(key).ok_or_else(|| no_app(key))?;
        batch.remove(&["app", key]);
        for path in app.files.keys() {
            batch.remove(&["appFile", key, path]);
        }
        if let (true, Some(namespace)) = (request.flag("deleteAppData"), app.namespace()) {
            stores::forget(state, batch, namespace);
        }
        Ok(())
    })?;
    Ok(Answer::empty(204))
}

/// The words for an app that is not there, or not for this user.
pub fn no_app(key: &str) -> Answer {
    Answer::error(404, &format!("App '{key}' not found."), None)
}
