//! The mapping of a connection, part by part. The Worker holds both sides' metadata
//! and the working copy; the page asks for the rows that are on the screen.

use serde::{Deserialize, Serialize};

use super::question;

/// The parts of a mapping, in the order in which a person goes through them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "camelCase")]
pub enum MappingPart {
    /// Source data set → destination data set.
    #[default]
    DataSets,
    /// Source data element and category option combo → destination ones.
    Items,
    /// Source attribute option combo → destination one.
    AttributeOptionCombos,
    /// Source org unit → destination org unit.
    OrgUnits,
}

impl MappingPart {
    /// All parts in order.
    pub const ALL: [Self; 4] = [
        Self::DataSets,
        Self::Items,
        Self::AttributeOptionCombos,
        Self::OrgUnits,
    ];

    /// Name in addresses, text keys and dataStore keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::DataSets => "dataSets",
            Self::Items => "items",
            Self::AttributeOptionCombos => "attributeOptionCombos",
            Self::OrgUnits => "orgUnits",
        }
    }
}

/// Reads both sides' metadata and the stored mapping. Tells its progress.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenMapping {
    /// Identifier of the connection.
    pub connection: String,
}
question!(Mapping: OpenMapping -> MappingState);

/// Where the working copy stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MappingState {
    /// Name of the connection.
    pub connection_name: String,
    /// Name of the source system.
    pub source_name: String,
    /// May be changed by this person.
    pub editable: bool,
    /// Differs from what is stored.
    pub unsaved: bool,
    /// Counts per part.
    pub parts: Vec<PartState>,
    /// Things to mend, the graver first.
    pub findings: Vec<MappingFinding>,
    /// Where values of several sources meet, and what is made of them.
    #[serde(default)]
    pub combining: Combining,
}

/// Where values of several sources meet in one cell, and what is made of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Combining {
    /// The rule for all items without one of their own; empty for none.
    pub rule: String,
    /// Destination items that several source items go to, or that have a rule of their own.
    pub items: Vec<CombinedItem>,
    /// Destination org units that several source org units go to: there every item meets.
    pub org_units: u32,
    /// Destination attribute option combos that several of the source go to: likewise.
    pub attribute_option_combos: u32,
    /// Where every item meets: the mapped destination items that are not among `items`, for
    /// which a rule of their own may be set.
    #[serde(default)]
    pub others: Vec<TargetOption>,
}

/// A destination item that several source items go to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CombinedItem {
    /// The destination's item.
    pub target: TargetOption,
    /// Its own rule; empty where that for all counts.
    pub rule: String,
    /// The source's items, the first in priority first.
    pub sources: Vec<TargetOption>,
}

/// Counts of one part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartState {
    /// Which part.
    pub part: MappingPart,
    /// Rows in all (for items: only those of mapped data sets).
    pub total: u32,
    /// Rows with a target.
    pub mapped: u32,
    /// Rows that were left out on purpose.
    pub excluded: u32,
    /// Rows for which a proposal waits.
    pub proposed: u32,
}

/// Something in the mapping that would go wrong in a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingFinding {
    /// Text key below `mapping.finding.`, for example `sameTarget`.
    pub kind: String,
    /// Where.
    pub part: MappingPart,
    /// Names of what it is about, source first.
    pub names: Vec<String>,
    /// Keys of the rows concerned.
    pub rows: Vec<String>,
}

/// Which rows of a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MappingFilter {
    /// All rows.
    #[default]
    All,
    /// Rows without a choice.
    Open,
    /// Rows with a proposal that waits.
    Proposed,
    /// Rows with a target.
    Mapped,
    /// Rows left out on purpose.
    Excluded,
}

/// The rows of a part that are on the screen.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MappingRows {
    /// Which part.
    pub part: MappingPart,
    /// Which rows.
    pub filter: MappingFilter,
    /// Text that the names or codes contain.
    pub search: String,
    /// Keys of the only rows to look at, as a [`MappingFinding`] gives them; empty for all.
    pub only: Vec<String>,
    /// First row wanted.
    pub offset: u32,
    /// How many rows at most.
    pub limit: u32,
}
question!(Mapping: MappingRows -> MappingWindow);

/// The answer to [`MappingRows`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingWindow {
    /// Rows that match in all.
    pub total: u32,
    /// The rows from the offset on.
    pub rows: Vec<MappingRow>,
}

/// One row: a thing at the source and what is chosen for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingRow {
    /// Key of the row within its part.
    pub key: String,
    /// Name at the source.
    pub name: String,
    /// Second line: category option combo, or the path of an org unit.
    pub detail: String,
    /// Code at the source, empty when it has none.
    pub code: String,
    /// What is chosen.
    pub choice: RowChoice,
    /// What would be proposed, when nothing is chosen.
    pub proposal: Option<Proposal>,
}

/// What a person has chosen for a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowChoice {
    /// Nothing yet.
    #[default]
    Open,
    /// Left out on purpose.
    Excluded,
    /// A target at the destination.
    To(TargetOption),
}

/// A proposal with its evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The target.
    pub target: TargetOption,
    /// Text key below `mapping.evidence.`: `sameUid`, `sameCode`, `default`, `sameOptions`.
    pub evidence: String,
}

/// A possible target at the destination.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetOption {
    /// Key of the target within its part.
    pub key: String,
    /// Name at the destination.
    pub name: String,
    /// Second line: category option combo, or the path of an org unit.
    pub detail: String,
    /// Code at the destination, empty when it has none.
    pub code: String,
}

/// Possible targets for a row, the likely ones first: of the mapped data set before others.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MappingTargets {
    /// Which part.
    pub part: MappingPart,
    /// Key of the row.
    pub row: String,
    /// Text that name, detail or code contain (accents and case do not matter).
    pub search: String,
    /// First one wanted.
    pub offset: u32,
    /// How many at most.
    pub limit: u32,
}
question!(Mapping: MappingTargets -> TargetWindow);

/// The answer to [`MappingTargets`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetWindow {
    /// Targets that match in all.
    pub total: u32,
    /// The targets from the offset on.
    pub targets: Vec<TargetOption>,
}

/// Changes the working copy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangeMapping {
    /// Which part.
    pub part: MappingPart,
    /// What to do.
    pub change: MappingChange,
}
question!(Mapping: ChangeMapping -> MappingState);

/// A change of the working copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MappingChange {
    /// Choose a target for a row.
    To {
        /// Key of the row.
        row: String,
        /// Key of the target.
        target: String,
    },
    /// Leave a row out on purpose.
    Exclude {
        /// Key of the row.
        row: String,
    },
    /// Take the choice of a row back.
    Clear {
        /// Key of the row.
        row: String,
    },
    /// Say how values that meet are combined.
    Combine {
        /// Key of the destination item; empty for all without a rule of their own.
        target: String,
        /// `sum`, `last`, `max`, `min` or `first`; empty to take the rule back.
        rule: String,
        /// Keys of the source items by priority, for `first`.
        order: Vec<String>,
    },
    /// Accept all proposals of the part.
    AcceptProposals,
    /// Take back the last change.
    Undo,
}

/// Stores the working copy. Refused when somebody else has stored the mapping since it
/// was opened (`lostUpdate`).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SaveMapping {}
question!(Mapping: SaveMapping -> MappingState);
