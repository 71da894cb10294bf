//! What a row of a plan or a report can be: its kind, what became of it, what went into it.

use serde::{Deserialize, Serialize};

/// The kinds of a plan's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RowKind {
    /// Not at the destination yet.
    New,
    /// Another value at the destination.
    Changed,
    /// Another value at the destination, put there by somebody since the last run.
    EditedHere,
    /// Deleted at the source, and still at the destination.
    Cleared,
    /// Equal at the destination.
    Same,
    /// Not sent, for a reason known before.
    Blocked,
    /// Without a mapping.
    Unmapped,
    /// Left out on purpose.
    Excluded,
}

impl RowKind {
    /// All kinds in the order in which screens show them.
    pub const ALL: [Self; 8] = [
        Self::New,
        Self::Changed,
        Self::EditedHere,
        Self::Cleared,
        Self::Blocked,
        Self::Unmapped,
        Self::Excluded,
        Self::Same,
    ];

    /// Name in text keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::EditedHere => "editedHere",
            Self::Cleared => "cleared",
            Self::Same => "same",
            Self::Blocked => "blocked",
            Self::Unmapped => "unmapped",
            Self::Excluded => "excluded",
        }
    }
}

/// What became of a confirmed value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RowOutcome {
    /// Sent, and read back as sent.
    Written,
    /// Refused by the destination.
    Rejected,
    /// Sent, but neither an answer nor the read-back tells.
    Unknown,
    /// Not sent: stopped before, or changed at the destination since the plan was made.
    NotSent,
}

impl RowOutcome {
    /// All outcomes in the order in which screens show them.
    pub const ALL: [Self; 4] = [Self::Rejected, Self::Unknown, Self::NotSent, Self::Written];

    /// Name in text keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Rejected => "rejected",
            Self::Unknown => "unknown",
            Self::NotSent => "notSent",
        }
    }
}

/// What went into a row that several source cells go into.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowParts {
    /// The mapping's rule: `sum`, `last`, `max`, `min`, `first`.
    pub rule: String,
    /// Source cells that have a value.
    pub present: u32,
    /// Source cells that go there, those without a value included.
    pub expected: u32,
    /// One by one, the first in priority first.
    pub parts: Vec<RowPart>,
}

/// A source cell that goes into a row together with others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowPart {
    /// Name of the data element at the source.
    pub data_element: String,
    /// Name of its category option combo; empty for `default`.
    pub category_option_combo: String,
    /// Name of the attribute option combo; empty for `default`.
    pub attribute_option_combo: String,
    /// Uid of the org unit at the source, where several org units go to one; else empty.
    pub org_unit: String,
    /// Its value; none where it is missing.
    pub value: Option<String>,
    /// It was added or chosen.
    pub taken: bool,
}
