//! What every DHIS2 has from its first start on: the administrator with the role
//! that may do everything, and the default category, option, combo and option combo
//! under uids that are the same on all servers ("data entry metadata").

use serde_json::{Value, json};

use crate::clock::Clock;
use crate::session;
use crate::state::State;
use crate::store::Batch;

/// The administrator's uid, the same on every server set up by DHIS2 itself.
pub const ADMIN: &str = "M5zQapPyTZI";
/// The role of the administrator.
const SUPERUSER: &str = "yrB6vc5Ip3r";
/// The default category combo.
pub const COMBO: &str = "bjDvmb4bfuf";
/// The default category option combo.
pub const OPTION_COMBO: &str = "HllvX50cXC0";
/// The default category.
pub const CATEGORY: &str = "GLevLNI9wkl";
/// The default category option.
pub const OPTION: &str = "xYerKDKCefk";

/// Fills an empty server.
pub fn fill(state: &mut State, batch: &mut Batch, clock: &Clock) {
    let now = clock.timestamp();
    let mut put = |collection: &str, uid: &str, mut object: Value| {
        if let Some(map) = object.as_object_mut() {
            map.insert("id".into(), uid.into());
            map.insert("created".into(), now.as_str().into());
            map.insert("lastUpdated".into(), now.as_str().into());
        }
        state.put_object(batch, collection, uid, object);
    };
    let public =
        |access: &str| json!({"public": access, "external": false, "users": {}, "userGroups": {}});
    put(
        "userRoles",
        SUPERUSER,
        json!({"name": "Superuser", "code": "Superuser", "description": "Superuser", "authorities": ["ALL"], "sharing": public("--------")}),
    );
    put(
        "users",
        ADMIN,
        json!({
            "username": "admin", "code": "admin", "firstName": "admin", "surname": "admin", "name": "admin admin",
            "userRoles": [{"id": SUPERUSER}], "organisationUnits": [], "dataViewOrganisationUnits": [], "disabled": false,
        }),
    );
    put(
        "categoryOptions",
        OPTION,
        json!({"name": "default", "code": "default", "shortName": "default", "organisationUnits": [], "sharing": public("rwrw----")}),
    );
    put(
        "categories",
        CATEGORY,
        json!({
            "name": "default", "code": "default", "shortName": "default", "dataDimensionType": "DISAGGREGATION",
            "dataDimension": false, "categoryOptions": [{"id": OPTION}], "sharing": public("rw------"),
        }),
    );
    put(
        "categoryCombos",
        COMBO,
        json!({
            "name": "default", "code": "default", "dataDimensionType": "DISAGGREGATION", "skipTotal": false,
            "categories": [{"id": CATEGORY}], "sharing": public("rw------"),
        }),
    );
    put(
        "categoryOptionCombos",
        OPTION_COMBO,
        json!({"name": "default", "code": "default", "categoryCombo": {"id": COMBO}, "categoryOptions": [{"id": OPTION}]}),
    );
    session::set_password(state, batch, ADMIN, "district");
}
