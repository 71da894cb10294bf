//! Connections: sources and the Routes that lead to them.

use serde::{Deserialize, Serialize};

use super::question;

/// All connections that the person can see, by name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ListConnections {}
question!(Connections: ListConnections -> Vec<ConnectionSummary>);

/// A connection in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionSummary {
    /// Identifier of the connection (a DHIS2 uid).
    pub id: String,
    /// Its name.
    pub name: String,
    /// Code of the Route that it is reached through.
    pub route: String,
    /// Host of the source, as the Route says; empty where the person may not read the Route.
    pub host: String,
    /// Release of the source when it was last tested.
    pub source_release: String,
    /// Name of the source system when it was last tested.
    pub source_name: String,
    /// When it was last tested, `2026-11-22T09:30:00`.
    pub tested_at: String,
    /// A mapping is stored for it.
    pub has_mapping: bool,
    /// The person may change it.
    pub editable: bool,
    /// Uids of the user groups that may change it, its mapping and its exchanges, beside who
    /// made them.
    pub editors: Vec<String>,
}

/// What the form for a new connection offers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ConnectionChoices {}
question!(Connections: ConnectionChoices -> ConnectionChoicesFound);

/// The answer to [`ConnectionChoices`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionChoicesFound {
    /// Routes that the person can run and that lead to an address with sub paths (`/**`).
    pub routes: Vec<RouteChoice>,
    /// User groups that a Route and its connection can be shared with.
    pub user_groups: Vec<Named>,
    /// Whether the person may make Routes.
    pub may_make_routes: bool,
    /// Who can: names of people or of user roles that hold the right, as far as can be read.
    pub who_can_make_routes: Vec<String>,
}

/// A Route that exists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteChoice {
    /// Its code (or uid where it has no code).
    pub code: String,
    /// Its name.
    pub name: String,
    /// The address that it leads to.
    pub url: String,
}

/// Something with a uid and a name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Uid.
    pub id: String,
    /// Name in the user's language.
    pub name: String,
}

/// How the app logs in at the source. Posted once to the own server inside the new
/// Route, and kept nowhere. `Debug` does not print it.
#[derive(Clone, Serialize, Deserialize)]
pub enum SourceLogin {
    /// A personal access token of the source (`d2p_…`).
    Token(String),
    /// User name and password.
    Basic {
        /// User name at the source.
        username: String,
        /// Password at the source.
        password: String,
    },
}

impl std::fmt::Debug for SourceLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Token(_) => "Token(hidden)",
            Self::Basic { .. } => "Basic(hidden)",
        })
    }
}

/// Makes a Route to a source, tests it, and keeps the connection when the test passes.
/// When it fails, the Route is removed again and nothing is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreateConnection {
    /// Name of the connection.
    pub name: String,
    /// Address as typed.
    pub address: String,
    /// Log-in at the source.
    pub login: SourceLogin,
    /// Uids of the user groups that may run exchanges of it.
    pub share_with: Vec<String>,
}
question!(Connections: CreateConnection -> ConnectionSummary);

/// Keeps a connection over a Route that exists, after testing it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CreateConnectionOverRoute {
    /// Name of the connection.
    pub name: String,
    /// Code of the Route.
    pub route: String,
}
question!(Connections: CreateConnectionOverRoute -> ConnectionSummary);

/// Lets the members of user groups change a connection, its mapping and its exchanges, now
/// and those to come; takes the right from the groups that are not named.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ShareConnection {
    /// Identifier of the connection.
    pub id: String,
    /// Uids of the user groups.
    pub editors: Vec<String>,
}
question!(Connections: ShareConnection -> ConnectionSummary);

/// Tests a connection again and keeps what it learned.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TestConnection {
    /// Identifier of the connection.
    pub id: String,
}
question!(Connections: TestConnection -> ConnectionTest);

/// What a test of a connection found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionTest {
    /// Release of the source.
    pub source_release: String,
    /// Name of the source system.
    pub source_name: String,
    /// Log-in name that the Route uses at the source.
    pub username: String,
    /// Its version is newer than the rules that the app knows.
    pub newer_than_known: bool,
    /// Names of the org units whose data that account may read.
    pub org_units: Vec<String>,
    /// Calendar of the source, when it is another than the destination's.
    pub other_calendar: Option<String>,
    /// The account at the source is a superuser: more rights than are needed.
    pub superuser: bool,
}

/// Removes a connection with its mapping; its Route too when asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeleteConnection {
    /// Identifier of the connection.
    pub id: String,
    /// Also delete the Route.
    pub delete_route: bool,
}
question!(Connections: DeleteConnection -> ());
