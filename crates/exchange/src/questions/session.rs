//! Who is logged in, where, and what they may do: the first question of all.

use serde::{Deserialize, Serialize};

use super::question;
use crate::questions::exchanges::ExchangeSummary;

/// Opens the session: user, server, rights and the exchanges that can be run.
/// One round trip (its three requests run side by side).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OpenSession {}
question!(Start: OpenSession -> Session);

/// The answer to [`OpenSession`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// Uid of the user.
    pub user_id: String,
    /// Log-in name.
    pub username: String,
    /// Name as people write it.
    pub user_name: String,
    /// The user's interface language (`keyUiLocale`), for example `fr`; empty when not set.
    pub ui_locale: String,
    /// Release of the destination, for example `2.42.5.2`.
    pub server_release: String,
    /// Name of the destination as its administrators call it.
    pub server_name: String,
    /// The server's version is newer than the rules that the app knows.
    pub newer_than_known: bool,
    /// The server's date, `2026-11-22`: what "last month" is counted from.
    pub today: String,
    /// What the person may do.
    pub rights: Rights,
    /// Exchanges that the person can see, by name.
    pub exchanges: Vec<ExchangeSummary>,
}

/// What the logged-in person may do in Tributary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// Holds the app's own authority (`M_tributary`), or may manage all apps, or is superuser:
    /// without it the namespace of the app is closed to them.
    pub use_app: bool,
    /// May see and change connections, mappings and exchanges: `ALL`, `F_TRIBUTARY_MANAGE`,
    /// or the right to make Routes.
    pub configure: bool,
    /// May make Routes (`F_ROUTE_PUBLIC_ADD` or `F_ROUTE_PRIVATE_ADD` or `ALL`).
    pub make_routes: bool,
    /// May add data values (`F_DATAVALUE_ADD` or `ALL`).
    pub add_values: bool,
    /// Has at least one org unit to capture data for.
    pub has_org_units: bool,
}
