//! Writing single objects (`POST`, `PUT`, `PATCH`, `DELETE`), and what becomes of
//! a payload before it is kept.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::PRIVATE;
use crate::metadata::access::{Right, may, may_create};
use crate::metadata::import::{Known, check};
use crate::metadata::list::not_found;
use crate::metadata::patch;
use crate::metadata::schema::{Schema, of, referred};
use crate::random;
use crate::request::Request;
use crate::routes;
use crate::server::{Reply, Server};
use crate::session;
use crate::state::{Snapshot, State};
use crate::store::Batch;

/// Members that DHIS2 computes and that a payload may bring along from a read.
const COMPUTED: &[&str] = &[
    "access",
    "href",
    "displayName",
    "displayShortName",
    "displayFormName",
    "displayDescription",
    "favorite",
    "favorites",
    "password",
    "isDefault",
];
/// The same for org units alone; the level of an org unit level is its own.
const COMPUTED_OF_ORG_UNITS: &[&str] = &["path", "level", "leaf", "children", "ancestors"];

/// Members with DHIS2's value when a payload does not bring them ("data entry metadata").
fn defaults(collection: &str) -> Value {
    match collection {
        "dataElements" => {
            json!({"domainType": "AGGREGATE", "aggregationType": "NONE", "valueType": "TEXT", "zeroIsSignificant": false})
        }
        "dataSets" => json!({
            "version": 0, "expiryDays": 0, "timelyDays": 15, "openFuturePeriods": 0, "openPeriodsAfterCoEndDate": 0,
            "formType": "DEFAULT", "mobile": false, "notifyCompletingUser": false, "fieldCombinationRequired": false,
            "validCompleteOnly": false, "noValueRequiresComment": false, "skipOffline": false, "dataElementDecoration": false,
            "renderAsTabs": false, "renderHorizontally": false, "compulsoryFieldsCompleteOnly": false,
            "dataInputPeriods": [], "indicators": [], "compulsoryDataElementOperands": [], "sections": [],
            "dataSetElements": [], "organisationUnits": [],
        }),
        "categories" => json!({"dataDimension": false, "dataDimensionType": "DISAGGREGATION"}),
        "categoryCombos" => json!({"skipTotal": false, "dataDimensionType": "DISAGGREGATION"}),
        "categoryOptions" => json!({"organisationUnits": []}),
        "optionSets" => json!({"version": 0}),
        "routes" => {
            json!({"disabled": false, "headers": {}, "authorities": [], "responseTimeoutSeconds": 5})
        }
        "users" => {
            json!({"disabled": false, "organisationUnits": [], "dataViewOrganisationUnits": [], "userRoles": []})
        }
        _ => json!({}),
    }
}

/// A payload as it is kept.
pub fn stored(
    server: &Server,
    schema: &Schema,
    user: &CurrentUser,
    payload: &Value,
    existing: Option<&Value>,
    uid: &str,
) -> Value {
    let now = server.clock.timestamp();
    let mut object = payload.as_object().cloned().unwrap_or_default();
    for name in COMPUTED {
        object.shift_remove(*name);
    }
    if schema.collection == "organisationUnits" {
        for name in COMPUTED_OF_ORG_UNITS {
            object.shift_remove(*name);
        }
    }
    object.retain(|_, value| !value.is_null());
    for (name, value) in defaults(schema.collection)
        .as_object()
        .into_iter()
        .flatten()
    {
        if !object.contains_key(name) {
            object.insert(name.clone(), value.clone());
        }
    }
    object.insert("id".into(), uid.into());
    let kept = |name: &str| existing.map(|e| e[name].clone()).filter(|v| !v.is_null());
    object.insert(
        "created".into(),
        kept("created").unwrap_or_else(|| now.as_str().into()),
    );
    object.insert(
        "createdBy".into(),
        kept("createdBy").unwrap_or_else(|| json!({"id": user.uid})),
    );
    object.insert("lastUpdated".into(), now.into());
    object.insert("lastUpdatedBy".into(), json!({"id": user.uid}));
    if schema.shareable {
        let given = object.shift_remove("sharing").or_else(|| kept("sharing"));
        let old = object.shift_remove("publicAccess");
        object.insert("sharing".into(), sharing(schema, user, given, old));
    }
    if schema.collection == "users" {
        let text = |name: &str| {
            object
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let name = format!("{} {}", text("firstName"), text("surname"));
        object.insert("name".into(), name.trim().into());
        object.shift_remove("userGroups");
    }
    Value::Object(object)
}

/// Sharing with all of its members.
fn sharing(
    schema: &Schema,
    user: &CurrentUser,
    given: Option<Value>,
    old_public: Option<Value>,
) -> Value {
    let mut out = match given {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    };
    let public = old_public.unwrap_or_else(|| schema.public.into());
    for (name, value) in [
        ("owner", json!(user.uid)),
        ("external", json!(false)),
        ("users", json!({})),
        ("userGroups", json!({})),
        ("public", public),
    ] {
        if out.get(name).is_none_or(Value::is_null) {
            out.insert(name.into(), value);
        }
    }
    Value::Object(out)
}

/// Writes what an import or a single call decided; `payload` is looked through
/// for passwords and for the groups that users bring along.
pub fn write(
    server: &Server,
    work: &[(&Schema, String, Option<Value>)],
    payload: &Value,
) -> Result<(), Answer> {
    server.change(|state, batch| {
        for (schema, uid, object) in work {
            match object {
                Some(object) => state.put_object(batch, schema.collection, uid, object.clone()),
                None => {
                    state.remove_object(batch, schema.collection, uid);
                }
            }
        }
        for user in payload["users"].as_array().into_iter().flatten() {
            let Some(uid) = user["id"].as_str() else {
                continue;
            };
            if let Some(password) = user["password"].as_str() {
                session::set_password(state, batch, uid, password);
            }
            for group in user["userGroups"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|g| g["id"].as_str())
            {
                add_to_list(state, batch, "userGroups", group, "users", uid);
            }
        }
        let combos = work.iter().filter(|(schema, _, object)| {
            schema.collection == "categoryCombos" && object.is_some()
        });
        let combos: Vec<String> = combos.map(|(_, uid, _)| uid.clone()).collect();
        for combo in combos {
            complete_combo(state, batch, &combo);
        }
        Ok(())
    })
}

fn add_to_list(
    state: &mut State,
    batch: &mut Batch,
    collection: &str,
    uid: &str,
    member: &str,
    added: &str,
) {
    let Some(mut object) = state
        .metadata
        .collections
        .get(collection)
        .and_then(|c| c.get(uid))
        .cloned()
    else {
        return;
    };
    let Some(map) = object.as_object_mut() else {
        return;
    };
    if let Value::Array(items) = map.entry(member).or_insert_with(|| json!([]))
        && !items.iter().any(|i| i["id"] == added)
    {
        items.push(json!({"id": added}));
    }
    state.put_object(batch, collection, uid, object);
}

/// Makes the option combos that a category combo lacks, one for each way to take
/// one option of each category.
fn complete_combo(state: &mut State, batch: &mut Batch, combo: &str) {
    let collections = &state.metadata.collections;
    let get = |collection: &str, uid: &str| collections.get(collection).and_then(|c| c.get(uid));
    let ids = |object: &Value, member: &str| -> Vec<String> {
        let items = object[member].as_array().into_iter().flatten();
        items
            .filter_map(|i| i["id"].as_str().map(str::to_owned))
            .collect()
    };
    let Some(object) = get("categoryCombos", combo) else {
        return;
    };
    let mut ways: Vec<Vec<String>> = vec![Vec::new()];
    for category in ids(object, "categories") {
        let options = get("categories", &category)
            .map(|c| ids(c, "categoryOptions"))
            .unwrap_or_default();
        ways = ways
            .iter()
            .flat_map(|way| {
                options
                    .iter()
                    .map(|o| way.iter().cloned().chain([o.clone()]).collect())
            })
            .collect();
    }
    let present: HashSet<Vec<String>> = collections
        .get("categoryOptionCombos")
        .into_iter()
        .flat_map(|all| all.values())
        .filter(|o| o["categoryCombo"]["id"] == combo)
        .map(|o| {
            let mut options = ids(o, "categoryOptions");
            options.sort();
            options
        })
        .collect();
    let mut made = Vec::new();
    for way in ways.into_iter().filter(|way| !way.is_empty()) {
        let mut sorted = way.clone();
        sorted.sort();
        if present.contains(&sorted) {
            continue;
        }
        let names: Vec<&str> = way
            .iter()
            .filter_map(|o| get("categoryOptions", o).and_then(|o| o["name"].as_str()))
            .collect();
        let options: Vec<Value> = way.iter().map(|o| json!({"id": o})).collect();
        let uid = random::uid();
        let now = object["lastUpdated"].clone();
        let new = json!({
            "id": uid, "name": names.join(", "), "categoryCombo": {"id": combo}, "categoryOptions": options,
            "created": now, "lastUpdated": now,
        });
        made.push((uid, new));
    }
    for (uid, new) in made {
        state.put_object(batch, "categoryOptionCombos", &uid, new);
    }
}

fn denied(what: &str) -> Answer {
    let message = format!("You don't have the proper permissions to {what} this object.");
    Answer::error(403, &message, Some("E1006")).with_header("cache-control", PRIVATE)
}

/// The report on one object.
fn report(schema: &Schema, uid: &str, created: bool) -> Answer {
    let (name, status) = if created {
        ("Created", 201)
    } else {
        ("OK", 200)
    };
    let body = json!({
        "httpStatus": name, "httpStatusCode": status, "status": "OK",
        "response": {"responseType": "ObjectReport", "uid": uid, "klass": schema.klass, "errorReports": []},
    });
    Answer::json(status, &body)
}

/// Checks and writes one object.
fn save(
    server: &Server,
    metadata: &Snapshot,
    schema: &'static Schema,
    user: &CurrentUser,
    payload: Value,
    uid: &str,
) -> Result<(), Answer> {
    if schema.collection == "routes" {
        routes::check(server, &payload)?;
    }
    let existing = metadata
        .collections
        .get(schema.collection)
        .and_then(|c| c.get(uid));
    let as_import = json!({schema.collection: [payload.clone()]});
    let known = Known::new(metadata, &as_import);
    let errors = check(
        server,
        &known,
        schema,
        user,
        &payload,
        existing,
        uid,
        "CREATE_AND_UPDATE",
    );
    if !errors.is_empty() {
        let errors: Vec<Value> = errors.into_iter().map(|e| e.report).collect();
        let body = json!({
            "httpStatus": "Conflict", "httpStatusCode": 409, "status": "ERROR",
            "message": "One or more errors occurred, please see full details in import report.",
            "response": {"responseType": "ObjectReport", "uid": uid, "klass": schema.klass, "errorReports": errors},
        });
        return Err(Answer::json(409, &body).with_header("cache-control", PRIVATE));
    }
    let object = stored(server, schema, user, &payload, existing, uid);
    let mut with_id = payload;
    if let Some(map) = with_id.as_object_mut() {
        map.insert("id".into(), uid.into());
    }
    write(
        server,
        &[(schema, uid.to_owned(), Some(object))],
        &json!({schema.collection: [with_id]}),
    )
}

/// `POST /api/{collection}`.
pub fn create(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    schema: &'static Schema,
) -> Reply {
    let payload = request.json()?;
    if !may_create(schema, user) {
        return Err(denied("create"));
    }
    let metadata = server.snapshot();
    let uid = payload["id"]
        .as_str()
        .map_or_else(random::uid, str::to_owned);
    if metadata
        .collections
        .get(schema.collection)
        .is_some_and(|c| c.contains_key(&uid))
    {
        let message = format!(
            "Object of type {} with id {uid} already exists.",
            schema.name
        );
        return Err(
            Answer::error(409, &message, Some("E1004")).with_header("cache-control", PRIVATE)
        );
    }
    save(server, &metadata, schema, user, payload, &uid)?;
    Ok(report(schema, &uid, true).with_header(
        "location",
        format!("{}/api/{}/{uid}", request.base(), schema.collection),
    ))
}

/// The object, if the user may write it.
fn writable<'a>(
    metadata: &'a Snapshot,
    schema: &Schema,
    user: &CurrentUser,
    uid: &str,
    what: &str,
) -> Result<&'a Value, Answer> {
    let object = metadata
        .collections
        .get(schema.collection)
        .and_then(|c| c.get(uid))
        .ok_or_else(|| not_found(schema, uid))?;
    if may(schema, object, user, Right::Write) {
        Ok(object)
    } else {
        Err(denied(what))
    }
}

/// `PUT /api/{collection}/{uid}`: the whole object anew.
pub fn replace(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    schema: &'static Schema,
    uid: &str,
) -> Reply {
    let payload = request.json()?;
    let metadata = server.snapshot();
    writable(&metadata, schema, user, uid, "update")?;
    save(server, &metadata, schema, user, payload, uid)?;
    Ok(report(schema, uid, false))
}

/// `PATCH /api/{collection}/{uid}` with JSON Patch. It works on the object as it is
/// read, so that what is never shown, a route's secret, is lost ("run after the patch").
pub fn patch(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    schema: &'static Schema,
    uid: &str,
) -> Reply {
    let operations = request.json()?;
    let metadata = server.snapshot();
    let mut object = writable(&metadata, schema, user, uid, "update")?.clone();
    if schema.collection == "routes"
        && let Some(map) = object.as_object_mut()
        && let Some(auth) = map.get("auth")
    {
        let shown = routes::shown_auth(auth);
        map.insert("auth".into(), shown);
    }
    patch::apply(&mut object, &operations)
        .map_err(|e| Answer::error(400, &e, None).with_header("cache-control", PRIVATE))?;
    save(server, &metadata, schema, user, object, uid)?;
    Ok(report(schema, uid, false))
}

/// `DELETE /api/{collection}/{uid}`.
pub fn delete(server: &Server, user: &CurrentUser, schema: &'static Schema, uid: &str) -> Reply {
    let metadata = server.snapshot();
    writable(&metadata, schema, user, uid, "delete")?;
    if schema.collection == "routes" && !user.has_authority("F_ROUTE_DELETE") {
        return Err(denied("delete"));
    }
    write(server, &[(schema, uid.to_owned(), None)], &Value::Null)?;
    Ok(report(schema, uid, false))
}

/// `POST /api/{collection}/{uid}/{member}` with `{"additions": [{"id"}], "deletions": [{"id"}]}`, as
/// the set-up of the recordings does it for a user's org units; `PUT` with `{"identifiableObjects"}`.
pub fn change_list(
    server: &Server,
    request: &Request,
    user: &CurrentUser,
    schema: &'static Schema,
    uid: &str,
    member: &str,
) -> Reply {
    let body = request.json()?;
    let metadata = server.snapshot();
    let mut object = writable(&metadata, schema, user, uid, "update")?.clone();
    let Some(target) = referred(member).and_then(of) else {
        return Err(Answer::error(
            404,
            &format!("Property {member} does not exist on {}", schema.name),
            None,
        ));
    };
    let ids = |name: &str| -> Vec<String> {
        body[name]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|i| i["id"].as_str().map(str::to_owned))
            .collect()
    };
    let additions = [ids("additions"), ids("identifiableObjects")].concat();
    let deletions = ids("deletions");
    let there = metadata.collections.get(target.collection);
    if let Some(missing) = additions
        .iter()
        .find(|id| there.is_none_or(|t| !t.contains_key(*id)))
    {
        return Err(not_found(target, missing));
    }
    let Some(map) = object.as_object_mut() else {
        return Err(not_found(schema, uid));
    };
    let list = map.entry(member).or_insert_with(|| json!([]));
    if let Value::Array(items) = list {
        if request.method == "PUT" {
            items.clear();
        }
        items.retain(|item| !deletions.iter().any(|d| item["id"] == d.as_str()));
        for id in additions {
            if !items.iter().any(|item| item["id"] == id.as_str()) {
                items.push(json!({"id": id}));
            }
        }
    }
    map.insert("lastUpdated".into(), server.clock.timestamp().into());
    write(
        server,
        &[(schema, uid.to_owned(), Some(object))],
        &Value::Null,
    )?;
    let body = json!({"httpStatus": "OK", "httpStatusCode": 200, "status": "OK"});
    Ok(Answer::json(200, &body))
}
