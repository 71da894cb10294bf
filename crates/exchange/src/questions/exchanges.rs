//! Exchanges: what to pull through a connection and its mapping.

use serde::{Deserialize, Serialize};

use super::connections::Named;
use super::question;

/// An exchange in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeSummary {
    /// Identifier (a DHIS2 uid).
    pub id: String,
    /// Its name.
    pub name: String,
    /// Name of its connection.
    pub connection_name: String,
    /// Identifier of its connection.
    pub connection: String,
    /// How many data sets it brings.
    pub data_sets: u32,
    /// Its period rule.
    pub period_rule: PeriodRule,
    /// Imports with it that have sent something and are not finished: cut off, or under way
    /// elsewhere. The person's own first.
    #[serde(default)]
    pub unfinished: Vec<Unfinished>,
}

/// An import that has sent something and is not finished.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    /// The person's name.
    pub name: String,
    /// It is the asking person's own.
    pub is_own: bool,
}

/// Which periods are offered first when an exchange is run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PeriodRule {
    /// The last n periods that are over, of the data set's own type (for monthly sets: months).
    Last(u32),
    /// The periods of this year up to the current one.
    ThisYear,
    /// Chosen at each run.
    Chosen,
}

impl Default for PeriodRule {
    fn default() -> Self {
        Self::Last(1)
    }
}

/// For which org units an exchange brings data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OrgUnitScope {
    /// All mapped org units that the person running it may capture data for.
    #[default]
    AllMapped,
    /// Only these destination org units and those below them.
    Below(Vec<String>),
}

/// All exchanges that the person can see, by name.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ListExchanges {}
question!(Start: ListExchanges -> Vec<ExchangeSummary>);

/// What the form for an exchange needs; of an existing one when `id` is given.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct OpenExchange {
    /// Identifier, or none for a new one.
    pub id: Option<String>,
}
question!(Exchanges: OpenExchange -> ExchangeForm);

/// The answer to [`OpenExchange`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExchangeForm {
    /// The exchange as stored, or a blank one.
    pub exchange: ExchangeDraft,
    /// May be changed by this person.
    pub editable: bool,
    /// Connections to choose from, with the data sets that their mapping covers.
    pub connections: Vec<ConnectionOffer>,
    /// Destination org units of the upper three levels, for the scope.
    pub org_units: Vec<OrgUnitNode>,
}

/// A connection that an exchange can use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionOffer {
    /// The connection.
    pub connection: Named,
    /// Mapped data sets: key is the source data set, name the destination's.
    pub data_sets: Vec<Named>,
}

/// An exchange as a person edits it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeDraft {
    /// Identifier; empty for a new one.
    pub id: String,
    /// Revision that was read; 0 for a new one.
    pub revision: u32,
    /// Its name.
    pub name: String,
    /// Identifier of its connection.
    pub connection: String,
    /// Source data sets that it brings.
    pub data_sets: Vec<String>,
    /// Which periods are offered first.
    pub period_rule: PeriodRule,
    /// For which org units.
    pub scope: OrgUnitScope,
    /// An import offers to overwrite values that somebody edited here since the last one;
    /// otherwise it offers to keep them. The person can choose otherwise each time.
    #[serde(default)]
    pub overwrite_edited: bool,
    /// An import offers to delete values whose source values were deleted; otherwise it offers
    /// to keep them. The person can choose otherwise each time.
    #[serde(default)]
    pub delete_cleared: bool,
}

/// An org unit in a tree, parents before children.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgUnitNode {
    /// Uid.
    pub id: String,
    /// Name in the user's language.
    pub name: String,
    /// Place of the parent in the list, or none for a root of what the person sees.
    pub parent: Option<u32>,
    /// Mapped org units at and below it.
    pub mapped: u32,
}

/// Stores an exchange. Refused when somebody else has stored it since it was read (`lostUpdate`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SaveExchange {
    /// The exchange.
    pub exchange: ExchangeDraft,
}
question!(Exchanges: SaveExchange -> ExchangeSummary);

/// Removes an exchange. Values that it brought stay.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeleteExchange {
    /// Identifier.
    pub id: String,
}
question!(Exchanges: DeleteExchange -> ());
