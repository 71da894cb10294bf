//! Who may read and write an object: DHIS2's sharing, with `r` and `w` for the
//! object in the first two places and for its data in the third and fourth.

use serde_json::{Value, json};

use crate::context::CurrentUser;
use crate::metadata::schema::Schema;
use crate::version::ServerVersion;

/// Places in an access string such as `rwr-----`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Right {
    /// Read the object.
    Read = 0,
    /// Write the object.
    Write = 1,
    /// Read its data.
    DataRead = 2,
    /// Write its data.
    DataWrite = 3,
}

/// Whether sharing grants a right to somebody who is not a superuser.
pub fn granted(sharing: &Value, user: &CurrentUser, right: Right) -> bool {
    let letter = if matches!(right, Right::Read | Right::DataRead) {
        b'r'
    } else {
        b'w'
    };
    let gives = |access: &Value| {
        access
            .as_str()
            .is_some_and(|a| a.as_bytes().get(right as usize) == Some(&letter))
    };
    let listed = |list: &Value, is_mine: &dyn Fn(&str) -> bool| match list {
        Value::Object(entries) => entries
            .iter()
            .any(|(id, entry)| is_mine(id) && gives(&entry["access"])),
        _ => false,
    };
    gives(&sharing["public"])
        || (matches!(right, Right::Read | Right::Write) && sharing["owner"] == user.uid.as_str())
        || listed(&sharing["users"], &|id| id == user.uid)
        || listed(&sharing["userGroups"], &|id| {
            user.user_groups.iter().any(|g| g == id)
        })
}

/// Whether the user has a right to an object of this kind.
pub fn may(schema: &Schema, object: &Value, user: &CurrentUser, right: Right) -> bool {
    if user.is_superuser() {
        return true;
    }
    match right {
        Right::Read => !schema.shareable || granted(&object["sharing"], user, right),
        Right::Write => {
            may_create(schema, user)
                && (!schema.shareable || granted(&object["sharing"], user, right))
        }
        Right::DataRead | Right::DataWrite => {
            !schema.data_shareable || granted(&object["sharing"], user, right)
        }
    }
}

/// Whether the user may make objects of this kind.
pub fn may_create(schema: &Schema, user: &CurrentUser) -> bool {
    user.is_superuser() || schema.create.iter().any(|a| user.has_authority(a))
}

/// The member `access` of an object. `externalize` is there in 2.40 and 2.42
/// only ("read back" of the routes, "meta" of the dataStore).
pub fn access(
    version: ServerVersion,
    schema: &Schema,
    object: &Value,
    user: &CurrentUser,
) -> Value {
    let write = may(schema, object, user, Right::Write);
    let mut out = object_access(version, may(schema, object, user, Right::Read), write);
    if schema.data_shareable
        && let Some(map) = out.as_object_mut()
    {
        let data = json!({
            "write": may(schema, object, user, Right::DataWrite),
            "read": may(schema, object, user, Right::DataRead),
        });
        map.insert("data".into(), data);
    }
    out
}

/// `access` without data rights.
pub fn object_access(version: ServerVersion, read: bool, write: bool) -> Value {
    let mut out =
        json!({"manage": write, "write": write, "read": read, "update": write, "delete": write});
    if let (true, Some(map)) = (has_external(version), out.as_object_mut()) {
        map.insert("externalize".into(), false.into());
    }
    out
}

/// External access is written by 2.40 and 2.42 and not by 2.41 and 2.43.
pub fn has_external(version: ServerVersion) -> bool {
    matches!(version, ServerVersion::V40 | ServerVersion::V42)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_users_owner_and_the_public_are_granted_what_they_are() {
        let user = CurrentUser {
            uid: "u".into(),
            user_groups: vec!["g".into()],
            ..CurrentUser::default()
        };
        let sharing = json!({"public": "r-------", "owner": "x", "users": {}, "userGroups": {"g": {"id": "g", "access": "rwr-----"}}});
        assert!(granted(&sharing, &user, Right::Write));
        assert!(granted(&sharing, &user, Right::DataRead));
        assert!(!granted(&sharing, &user, Right::DataWrite));
        let stranger = CurrentUser {
            uid: "s".into(),
            ..CurrentUser::default()
        };
        assert!(granted(&sharing, &stranger, Right::Read));
        assert!(!granted(&sharing, &stranger, Right::Write));
        let owner = CurrentUser {
            uid: "x".into(),
            ..CurrentUser::default()
        };
        assert!(granted(&sharing, &owner, Right::Write));
    }
}
