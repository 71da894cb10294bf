//! Finding one's way in the rows of a plan: what they can be chosen by, and where an org unit's
//! begin.

use serde::{Deserialize, Serialize};

use super::import::PlanRows;
use super::question;

/// Where the rows of an org unit begin: the place of the first row, among those that `rows`
/// asks for, whose org unit's name begins with the text, or else contains it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FindRow {
    /// Which rows in which order; its window does not matter.
    pub rows: PlanRows,
    /// What the name begins with, without regard to accents and capitals.
    pub text: String,
}
question!(Import: FindRow -> Option<u32>);

/// The org units or data elements that the plan has rows of, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanParts {
    /// Which of them.
    pub part: RowPart,
    /// Words that the name contains.
    pub search: String,
    /// How many at most.
    pub limit: u32,
}
question!(Import: PlanParts -> PlanPartsFound);

/// What rows can be chosen by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RowPart {
    /// Org units.
    #[default]
    OrgUnit,
    /// Data elements.
    DataElement,
}

/// The answer to [`PlanParts`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPartsFound {
    /// How many match in all.
    pub total: u32,
    /// The first of them.
    pub parts: Vec<PlanPart>,
}

/// An org unit or a data element of the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPart {
    /// Its uid.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How many rows of the whole plan it has.
    pub rows: u32,
}
