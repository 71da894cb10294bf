//! `GET /api/metadata`: whole collections in one answer. Recorded: "metadata, some
//! classes, clerk" and "metadata, all, clerk".

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::PRIVATE;
use crate::metadata::access::{Right, may};
use crate::metadata::filters;
use crate::metadata::list::asked_fields;
use crate::metadata::schema::{SCHEMAS, Schema};
use crate::metadata::view::View;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::system;

/// Answers the export. Everything at once needs an authority of its own.
pub fn get(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let chosen: Vec<&Schema> = SCHEMAS
        .iter()
        .filter(|s| request.flag(s.collection))
        .collect();
    if chosen.is_empty() && !user.has_authority("F_METADATA_EXPORT") {
        let message = "Unfiltered access to metadata export requires super user or 'F_METADATA_EXPORT' authority.";
        return Err(Answer::error(409, message, None).with_header("cache-control", PRIVATE));
    }
    let chosen = if chosen.is_empty() {
        SCHEMAS.iter().collect()
    } else {
        chosen
    };
    let metadata = server.snapshot();
    let base = request.base();
    let view = View::of(server, &metadata, user, &base);
    let filters = filters::of(request, &view, None)?;
    let fields = asked_fields(request, ":owner");
    let mut body = Map::new();
    let version = server.options.version;
    let date = server
        .clock
        .now()
        .format("%Y-%m-%dT%H:%M:%S%.3f+0000")
        .to_string();
    body.insert(
        "system".into(),
        json!({"id": system::ID, "rev": "", "version": version.release(), "date": date}),
    );
    for schema in chosen {
        let objects: Vec<Value> = metadata
            .collections
            .get(schema.collection)
            .into_iter()
            .flat_map(|all| all.values())
            .filter(|o| may(schema, o, user, Right::Read))
            .filter(|o| {
                filters
                    .iter()
                    .all(|f| filters::meets(&view, Some(schema), o, f))
            })
            .map(|o| view.project(Some(schema), o, &fields))
            .collect();
        if !objects.is_empty() {
            body.insert(schema.collection.into(), objects.into());
        }
    }
    Ok(Answer::json(200, &Value::Object(body)))
}
