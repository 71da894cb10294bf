//! What a request handler knows besides the request: who asks, which DHIS2
//! version answers, what time it is, and the indexed metadata and values.

use chrono::NaiveDateTime;

use crate::values::{Catalogue, ValueStore};
use crate::version::ServerVersion;

/// The user on whose behalf a request is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrentUser {
    /// Uid of the user object.
    pub uid: String,
    /// The name that is written to `storedBy`.
    pub username: String,
    /// The union of the authorities of all of the user's roles.
    pub authorities: Vec<String>,
    /// Uids of the org units that the user may enter data for (with everything below them).
    pub organisation_units: Vec<String>,
    /// Uids of the org units that the user may see data of (with everything below
    /// them). Empty: those of `organisation_units` count.
    pub data_view_organisation_units: Vec<String>,
    /// Uids of the user groups that the user belongs to.
    pub user_groups: Vec<String>,
}

impl CurrentUser {
    /// Whether the user holds the authority `ALL`, which passes every check of rights.
    pub fn is_superuser(&self) -> bool {
        self.authorities.iter().any(|a| a == "ALL")
    }

    /// Whether the user holds the authority (or `ALL`).
    pub fn has_authority(&self, authority: &str) -> bool {
        self.authorities
            .iter()
            .any(|a| a == authority || a == "ALL")
    }
}

/// What the handlers of data values and completeness are given.
#[derive(Clone, Copy)]
pub struct ValueContext<'a> {
    /// The DHIS2 version whose behaviour is asked for.
    pub version: ServerVersion,
    /// The metadata, indexed.
    pub catalogue: &'a Catalogue,
    /// Who asks.
    pub user: &'a CurrentUser,
    /// The server's clock, in UTC.
    pub now: NaiveDateTime,
    /// The data values and completeness registrations.
    pub store: &'a ValueStore,
}
