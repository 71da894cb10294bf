//! The stored form of a connection. No secret is in it: the log-in at the source lives
//! in the Route and nowhere else.

use serde::{Deserialize, Serialize};

/// A source and the Route that leads to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredConnection {
    /// Version of this form.
    pub schema: u32,
    /// Raised by each save.
    pub revision: u32,
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// Kind of source; `dhis2` is the only one so far.
    pub kind: String,
    /// Code of the Route.
    pub route: String,
    /// Host of the source, for people (the address itself is in the Route).
    #[serde(default)]
    pub host: String,
    /// Release of the source when it was last tested.
    #[serde(default)]
    pub source_release: String,
    /// Name of the source system when it was last tested.
    #[serde(default)]
    pub source_name: String,
    /// When it was last tested, by the destination's clock.
    #[serde(default)]
    pub tested_at: String,
    /// Uid of the user who made it, and who may change all that belongs to it.
    #[serde(default)]
    pub made_by: String,
    /// Uids of the user groups that may change the connection, its mapping and its exchanges,
    /// beside who made it; what is made later is shared with them, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub editors: Vec<String>,
}

impl StoredConnection {
    /// Who may change what belongs to it.
    pub fn writers(&self) -> Writers {
        Writers {
            groups: self.editors.clone(),
            users: Some(self.made_by.clone())
                .filter(|user| !user.is_empty())
                .into_iter()
                .collect(),
        }
    }
}

/// Who may change a stored object, beside its own maker and superusers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writers {
    /// Uids of user groups.
    pub groups: Vec<String>,
    /// Uids of users.
    pub users: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form_stays_as_it_is() {
        let stored = StoredConnection {
            schema: 1,
            revision: 3,
            id: "cnSource001".into(),
            name: "Malaria programme".into(),
            kind: "dhis2".into(),
            route: "malaria".into(),
            host: "malaria.example.org".into(),
            source_release: "2.41.9".into(),
            source_name: "NMCP".into(),
            tested_at: "2026-11-22T09:30:00".into(),
            made_by: "usManager01".into(),
            editors: vec!["ugManagers1".into()],
        };
        let text = r#"{"schema":1,"revision":3,"id":"cnSource001","name":"Malaria programme","kind":"dhis2","route":"malaria","host":"malaria.example.org","sourceRelease":"2.41.9","sourceName":"NMCP","testedAt":"2026-11-22T09:30:00","madeBy":"usManager01","editors":["ugManagers1"]}"#;
        assert_eq!(serde_json::to_string(&stored).unwrap(), text);
        assert_eq!(
            serde_json::from_str::<StoredConnection>(text).unwrap(),
            stored
        );
    }
}
