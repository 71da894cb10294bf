//! The person behind the session: `/api/me`.

use crate::client::{Client, Reading};
use crate::failure::Failure;
use crate::query::Query;
use crate::transport::Transport;
use crate::wire::null_to_default;
use serde::Deserialize;

/// An org unit as it stands in a person's own lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct MyOrgUnit {
    /// Uid.
    pub id: String,
    /// Name; empty where the server leaves it out.
    #[serde(deserialize_with = "null_to_default")]
    pub name: String,
    /// Uids from the root down, each after a slash: `/a/b/c`.
    #[serde(deserialize_with = "null_to_default")]
    pub path: String,
    /// 1 for the root.
    #[serde(deserialize_with = "null_to_default")]
    pub level: u32,
}

/// An id with a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Named {
    /// Uid.
    pub id: String,
    /// Name in the person's language where the server has one.
    #[serde(alias = "displayName", deserialize_with = "null_to_default")]
    pub name: String,
}

/// The languages that a person chose.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MySettings {
    /// Language of the screens: `fr`, `pt_BR`.
    pub key_ui_locale: Option<String>,
    /// Language of metadata names.
    pub key_db_locale: Option<String>,
}

/// The person, as the own server (or a source, for the Route's account) knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Me {
    /// Uid.
    pub id: String,
    /// Log-in name.
    #[serde(deserialize_with = "null_to_default")]
    pub username: String,
    /// Full name.
    #[serde(deserialize_with = "null_to_default")]
    pub name: String,
    /// Authorities; a superuser has `ALL`.
    #[serde(deserialize_with = "null_to_default")]
    pub authorities: Vec<String>,
    /// Org units whose sub-trees the person enters data for.
    #[serde(deserialize_with = "null_to_default")]
    pub organisation_units: Vec<MyOrgUnit>,
    /// Org units whose sub-trees the person sees data of; empty means the ones above.
    #[serde(deserialize_with = "null_to_default")]
    pub data_view_organisation_units: Vec<MyOrgUnit>,
    /// User groups.
    #[serde(deserialize_with = "null_to_default")]
    pub user_groups: Vec<Named>,
    /// Chosen languages.
    #[serde(deserialize_with = "null_to_default")]
    pub settings: MySettings,
    /// Uids of the data sets whose data the person may *read* (not write).
    #[serde(deserialize_with = "null_to_default")]
    pub data_sets: Vec<String>,
}

impl Me {
    /// Whether the person holds an authority, or all of them.
    #[must_use]
    pub fn has_authority(&self, authority: &str) -> bool {
        self.authorities
            .iter()
            .any(|held| held == authority || held == "ALL")
    }

    /// Whether the person may write data values at all (`F_DATAVALUE_ADD`).
    #[must_use]
    pub fn may_write_values(&self) -> bool {
        self.has_authority("F_DATAVALUE_ADD")
    }

    /// Whether the person may create Routes, which connections are made of.
    #[must_use]
    pub fn may_create_routes(&self) -> bool {
        self.has_authority("F_ROUTE_PUBLIC_ADD") || self.has_authority("F_ROUTE_PRIVATE_ADD")
    }
}

impl<T: Transport> Client<T> {
    /// Reads the person.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn me(&self) -> Result<Me, Failure> {
        let fields = "id,username,name,authorities,organisationUnits[id,name,path,level],\
                      dataViewOrganisationUnits[id,name,path,level],userGroups[id,name],\
                      settings[keyUiLocale,keyDbLocale],dataSets";
        let query = Query::new().with("fields", fields);
        self.get_json("me", &query, Reading::Small).await
    }
}
