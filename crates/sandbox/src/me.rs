//! `GET /api/me` and its parts. Recorded: "me as clerk", "me as manager".

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::metadata::access::{Right, may};
use crate::metadata::fields::{self, Field};
use crate::metadata::schema;
use crate::metadata::view::View;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::settings;
use crate::version::ServerVersion;

/// What is shown when no fields are asked for.
const DEFAULT: &str = "id,username,surname,firstName,name,displayName,code,email,created,lastUpdated,disabled,userRoles,userGroups,organisationUnits,dataViewOrganisationUnits,teiSearchOrganisationUnits,access,authorities,settings,programs,dataSets";

/// `GET /api/me`.
pub fn get(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let metadata = server.snapshot();
    let base = request.base();
    let version = server.options.version;
    let view = View {
        version,
        metadata: &metadata,
        user,
        base: &base,
    };
    let object = view.object("users", &user.uid).unwrap_or(&Value::Null);
    let asked = match request.parameter("fields") {
        Some(text) if !text.contains('*') && !text.contains(":all") => fields::parse(text),
        _ => fields::parse(DEFAULT),
    };
    let own = ["authorities", "settings", "dataSets", "programs"];
    let plain: Vec<Field> = asked
        .iter()
        .filter(|f| !own.contains(&f.name.as_str()))
        .cloned()
        .collect();
    let mut body = view.project(schema::of("users"), object, &plain);
    let Some(map) = body.as_object_mut() else {
        return Err(Answer::empty(500));
    };
    for field in asked.iter().filter(|f| own.contains(&f.name.as_str())) {
        let value = match field.name.as_str() {
            "authorities" => json!(user.authorities),
            "dataSets" => readable_data_sets(&view),
            "programs" => json!([]),
            _ => {
                let mut settings = settings::of_user(server, user);
                // Up to 2.41 the members asked for within `settings` are not heeded.
                if let (Some(children), true) = (&field.children, version >= ServerVersion::V42) {
                    settings.retain(|name, _| {
                        children.iter().any(|c| c.name == *name || c.name == "*")
                    });
                }
                Value::Object(settings)
            }
        };
        map.insert(field.name.clone(), value);
    }
    Ok(Answer::json(200, &body))
}

/// The data sets whose data the user may read.
fn readable_data_sets(view: &View<'_>) -> Value {
    let Some(schema) = schema::of("dataSets") else {
        return json!([]);
    };
    let all = view
        .metadata
        .collections
        .get("dataSets")
        .into_iter()
        .flat_map(|sets| sets.values());
    all.filter(|set| may(schema, set, view.user, Right::DataRead))
        .map(|set| set["id"].clone())
        .collect()
}

/// `GET /api/me/authorization[/{authority}]`: all authorities, or whether one is held.
pub fn authorization(user: &CurrentUser, authority: Option<&str>) -> Reply {
    Ok(match authority {
        None => Answer::json(200, &json!(user.authorities)),
        Some(one) => Answer::json(200, &json!(user.has_authority(one)))
            .with_header("cache-control", "no-store"),
    })
}
