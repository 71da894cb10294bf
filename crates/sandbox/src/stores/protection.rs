//! Which namespaces of the dataStore are protected, by DHIS2 itself and by apps, and
//! whom the protection lets in.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::server::{Reply, Server};
use crate::stores::refuse;

/// Namespaces that DHIS2 itself protects: name, whether reading is free, authorities.
/// Recorded: "protections".
const BUILT_IN: &[(&str, &str, &str, &[&str])] = &[
    (
        "ANDROID_SETTINGS_APP",
        "NONE",
        "RESTRICTED",
        &["M_androidsettingsapp"],
    ),
    ("METADATASTORE", "HIDDEN", "HIDDEN", &["F_METADATA_MANAGE"]),
    (
        "ORG_UNIT_PROFILE",
        "NONE",
        "RESTRICTED",
        &["ALL", "F_ORG_UNIT_PROFILE_ADD"],
    ),
    (
        "capture",
        "NONE",
        "RESTRICTED",
        &["F_CAPTURE_DATASTORE_UPDATE"],
    ),
    (
        "settings-translations",
        "RESTRICTED",
        "RESTRICTED",
        &["F_SYSTEM_SETTING"],
    ),
    (
        "sms-config",
        "RESTRICTED",
        "RESTRICTED",
        &["F_MOBILE_SENDSMS"],
    ),
];

/// Whether the protection of a namespace lets the user in.
pub(super) fn is_open(server: &Server, user: &CurrentUser, namespace: &str, reading: bool) -> bool {
    if let Some((_, reads, writes, authorities)) =
        BUILT_IN.iter().find(|(name, ..)| *name == namespace)
    {
        let rule = if reading { reads } else { writes };
        return *rule == "NONE" || authorities.iter().any(|a| user.has_authority(a));
    }
    let state = server.state();
    let app = state
        .apps
        .values()
        .find(|app| app.namespace() == Some(namespace));
    app.is_none_or(|app| app.is_open_to(user))
}

pub(super) fn guard(
    server: &Server,
    user: &CurrentUser,
    namespace: &str,
    reading: bool,
) -> Result<(), Answer> {
    if is_open(server, user, namespace, reading) {
        return Ok(());
    }
    Err(refuse(
        403,
        &format!("Namespace '{namespace}' is protected, access denied"),
        None,
    ))
}

pub(super) fn denied(namespace: &str, key: &str, code: Option<&str>) -> Answer {
    refuse(
        403,
        &format!("Access denied for key '{key}' in namespace '{namespace}'"),
        code,
    )
}

pub(super) fn protections(server: &Server, user: &CurrentUser) -> Reply {
    if !user.has_authority("M_dhis-web-app-management") {
        return Err(refuse(
            403,
            "Access is denied, requires one Authority from [M_dhis-web-app-management]",
            None,
        ));
    }
    let state = server.state();
    let rule = |namespace: &str, reads: &str, writes: &str, authorities: Value| json!({"namespace": namespace, "reads": reads, "writes": writes, "readAuthorities": authorities, "writeAuthorities": authorities});
    let built_in = BUILT_IN
        .iter()
        .map(|(name, reads, writes, authorities)| rule(name, reads, writes, json!(authorities)));
    let apps = state.apps.values().filter_map(|app| {
        let authorities = json!(["M_dhis-web-app-management", app.authority()]);
        Some(rule(
            app.namespace()?,
            "RESTRICTED",
            "RESTRICTED",
            authorities,
        ))
    });
    Ok(Answer::json(200, &built_in.chain(apps).collect()))
}
