//! DHIS2's sharing: eight letters for the public, for users and for user groups.

use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::context::CurrentUser;

/// What is shared with whom. Letters 1–2 are metadata read and write, 3–4 data
/// read and write.
#[derive(Clone, Debug, Default)]
pub struct Sharing {
    public: String,
    users: FxHashMap<String, String>,
    groups: FxHashMap<String, String>,
}

/// Positions of the letters.
const METADATA_READ: (usize, u8) = (0, b'r');
const DATA_READ: (usize, u8) = (2, b'r');
const DATA_WRITE: (usize, u8) = (3, b'w');

impl Sharing {
    /// Reads the member `sharing` of an object, or the older `publicAccess`.
    pub fn of(object: &Value) -> Self {
        let sharing = &object["sharing"];
        let public = sharing["public"]
            .as_str()
            .or_else(|| object["publicAccess"].as_str());
        Self {
            // What DHIS2 gives an object that is sent without sharing.
            public: public.unwrap_or("rw------").to_owned(),
            users: accesses(&sharing["users"]),
            groups: accesses(&sharing["userGroups"]),
        }
    }

    /// Whether the user sees the object.
    pub fn may_read_metadata(&self, user: &CurrentUser) -> bool {
        self.allows(user, METADATA_READ)
    }

    /// Whether the user may read the object's data.
    pub fn may_read_data(&self, user: &CurrentUser) -> bool {
        self.allows(user, DATA_READ)
    }

    /// Whether the user may write the object's data.
    pub fn may_write_data(&self, user: &CurrentUser) -> bool {
        self.allows(user, DATA_WRITE)
    }

    fn allows(&self, user: &CurrentUser, (at, letter): (usize, u8)) -> bool {
        let has = |access: &String| access.as_bytes().get(at) == Some(&letter);
        user.is_superuser()
            || has(&self.public)
            || self.users.get(&user.uid).is_some_and(has)
            || user
                .user_groups
                .iter()
                .any(|g| self.groups.get(g).is_some_and(has))
    }
}

/// `{uid: {"access": "rw------"}}`, as stored.
fn accesses(shared: &Value) -> FxHashMap<String, String> {
    let Some(shared) = shared.as_object() else {
        return FxHashMap::default();
    };
    shared
        .iter()
        .filter_map(|(uid, entry)| Some((uid.clone(), entry["access"].as_str()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn public_user_and_group_access_add_up() {
        let sharing = Sharing::of(&json!({"sharing": {"public": "r-------",
            "users": {"ana": {"id": "ana", "access": "rwrw----"}},
            "userGroups": {"clerks": {"access": "rwr-----"}}}}));
        let user = |uid: &str, group: &str, authority: &str| CurrentUser {
            uid: uid.into(),
            user_groups: vec![group.into()],
            authorities: vec![authority.into()],
            ..CurrentUser::default()
        };
        assert!(sharing.may_read_metadata(&user("x", "x", "x")));
        assert!(!sharing.may_read_data(&user("x", "x", "x")));
        assert!(sharing.may_write_data(&user("ana", "x", "x")));
        assert!(sharing.may_read_data(&user("x", "clerks", "x")));
        assert!(!sharing.may_write_data(&user("x", "clerks", "x")));
        assert!(sharing.may_write_data(&user("x", "x", "ALL")));
    }
}
