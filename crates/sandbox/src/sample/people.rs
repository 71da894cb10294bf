//! Who may log in at each server: roles, groups, users with their passwords, and
//! the sharing that follows from them.

use serde_json::{Value, json};

use super::uid::UidMaker;

/// The authority that DHIS2 derives from the app's short name `tributary`.
pub const APP_AUTHORITY: &str = "M_tributary";

/// Users of one server and what is shared with their groups.
pub struct People {
    /// For `userRoles` of a metadata payload.
    pub user_roles: Vec<Value>,
    /// For `userGroups`.
    pub user_groups: Vec<Value>,
    /// For `users`, passwords in clear as `POST /api/metadata` takes them.
    pub users: Vec<Value>,
    /// Sharing of what holds data: data sets and category options.
    pub data_sharing: Value,
}

/// Sharing of metadata that all may see and nobody but the administrators may change.
pub fn readable() -> Value {
    json!({"public": "r-------", "external": false, "users": {}, "userGroups": {}})
}

struct Account<'a> {
    username: &'a str,
    password: &'a str,
    first_name: &'a str,
    surname: &'a str,
    role: &'a str,
    org_unit: &'a str,
}

/// The destination's people: manager, clerk (of `district`), lecteur, visitor.
pub fn at_destination(uids: &mut UidMaker, country: &str, district: &str) -> People {
    let manager_role = uids.make("userRole", "manager");
    let clerk_role = uids.make("userRole", "clerk");
    let reader_role = uids.make("userRole", "lecteur");
    let visitor_role = uids.make("userRole", "visitor");
    let accounts = [
        account(
            "manager",
            "Manager1!",
            "Mariam",
            "Nkoulou",
            &manager_role,
            country,
        ),
        account(
            "clerk",
            "Clerk123!",
            "Célestin",
            "Okara",
            &clerk_role,
            district,
        ),
        account(
            "lecteur",
            "Lecteur1!",
            "Awa",
            "Diarandé",
            &reader_role,
            country,
        ),
        account(
            "visitor",
            "Visitor1!",
            "Tom",
            "Visser",
            &visitor_role,
            country,
        ),
    ];
    let (ids, users) = users(uids, &accounts);
    let clerks = uids.make("userGroup", "clerks");
    let managers = uids.make("userGroup", "managers");
    People {
        user_roles: vec![
            role(
                &manager_role,
                "HMIS manager",
                &[
                    APP_AUTHORITY,
                    "F_DATAVALUE_ADD",
                    "F_DATAVALUE_DELETE",
                    "F_VIEW_UNAPPROVED_DATA",
                    "F_ROUTE_PUBLIC_ADD",
                    "F_ROUTE_PRIVATE_ADD",
                    "F_ROUTE_DELETE",
                    "F_METADATA_EXPORT",
                    "F_METADATA_IMPORT",
                    "F_DATAELEMENT_PUBLIC_ADD",
                    "F_DATASET_PUBLIC_ADD",
                    "F_CATEGORY_OPTION_PUBLIC_ADD",
                    "F_CATEGORY_PUBLIC_ADD",
                    "F_CATEGORY_COMBO_PUBLIC_ADD",
                    "F_ORGANISATIONUNIT_ADD",
                    "F_ATTRIBUTE_PUBLIC_ADD",
                    "F_USERGROUP_PUBLIC_ADD",
                    "M_dhis-web-app-management",
                    "M_dhis-web-maintenance",
                    "M_dhis-web-dataentry",
                ],
            ),
            role(
                &clerk_role,
                "Data entry clerk",
                &[
                    APP_AUTHORITY,
                    "F_DATAVALUE_ADD",
                    "F_VIEW_UNAPPROVED_DATA",
                    "M_dhis-web-dataentry",
                ],
            ),
            role(
                &reader_role,
                "Data reader",
                &[APP_AUTHORITY, "F_VIEW_UNAPPROVED_DATA"],
            ),
            role(&visitor_role, "Visitor", &["M_dhis-web-dashboard"]),
        ],
        user_groups: vec![
            group(&clerks, "Data entry clerks", &[&ids[1]]),
            group(&managers, "HMIS managers", &[&ids[0]]),
        ],
        users,
        data_sharing: json!({
            "public": "r-r-----",
            "external": false,
            "users": {},
            "userGroups": {
                clerks.clone(): {"id": clerks, "access": "r-rw----"},
                managers.clone(): {"id": managers, "access": "rwrw----"},
            },
        }),
    }
}

/// The source's people: one who may read all data and write nothing.
pub fn at_source(uids: &mut UidMaker, country: &str) -> People {
    let reader_role = uids.make("userRole", "reader");
    let accounts = [account(
        "reader",
        "Reader123!",
        "Data",
        "Exchange",
        &reader_role,
        country,
    )];
    let (ids, users) = users(uids, &accounts);
    let readers = uids.make("userGroup", "readers");
    People {
        user_roles: vec![role(
            &reader_role,
            "Data exchange, read only",
            &["F_VIEW_UNAPPROVED_DATA"],
        )],
        user_groups: vec![group(&readers, "Data exchange", &[&ids[0]])],
        users,
        data_sharing: json!({
            "public": "r-------",
            "external": false,
            "users": {},
            "userGroups": {readers.clone(): {"id": readers, "access": "r-r-----"}},
        }),
    }
}

fn account<'a>(
    username: &'a str,
    password: &'a str,
    first_name: &'a str,
    surname: &'a str,
    role: &'a str,
    org_unit: &'a str,
) -> Account<'a> {
    Account {
        username,
        password,
        first_name,
        surname,
        role,
        org_unit,
    }
}

fn users(uids: &mut UidMaker, accounts: &[Account<'_>]) -> (Vec<String>, Vec<Value>) {
    accounts
        .iter()
        .map(|account| {
            let id = uids.make("user", account.username);
            let user = json!({
                "id": id,
                "username": account.username,
                "password": account.password,
                "firstName": account.first_name,
                "surname": account.surname,
                "userRoles": [{"id": account.role}],
                "organisationUnits": [{"id": account.org_unit}],
                "dataViewOrganisationUnits": [{"id": account.org_unit}],
            });
            (id, user)
        })
        .unzip()
}

fn role(id: &str, name: &str, authorities: &[&str]) -> Value {
    json!({"id": id, "name": name, "authorities": authorities, "sharing": readable()})
}

fn group(id: &str, name: &str, members: &[&str]) -> Value {
    let users: Vec<Value> = members.iter().map(|member| json!({"id": member})).collect();
    json!({"id": id, "name": name, "sharing": readable(), "users": users})
}
