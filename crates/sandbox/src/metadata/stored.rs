//! What becomes of a payload before it is kept: members that DHIS2 computes are left
//! out, those that it fills in are filled in.

use serde_json::{Map, Value, json};

use crate::context::CurrentUser;
use crate::metadata::schema::Schema;
use crate::server::Server;

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
