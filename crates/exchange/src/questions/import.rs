//! An import: choose → plan → confirm → report. The plan and the run live in the
//! Worker; the page asks for counts and for the rows that are on the screen.

use serde::{Deserialize, Serialize};

use super::exchanges::OrgUnitNode;
use super::question;
pub use super::row::{RowKind, RowOutcome, RowPart, RowParts};
use super::runs::EarlierPart;
use crate::problem::Problem;

/// What can be chosen for an import with an exchange. Reads the metadata of the
/// destination (and tells its progress).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PrepareImport {
    /// Identifier of the exchange.
    pub exchange: String,
}
question!(Import: PrepareImport -> ImportChoices);

/// The answer to [`PrepareImport`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportChoices {
    /// Name of the exchange.
    pub exchange_name: String,
    /// Name of the source system.
    pub source_name: String,
    /// Names of the destination data sets.
    pub data_sets: Vec<String>,
    /// Periods on offer, newest first, for each period type that the data sets have.
    pub periods: Vec<PeriodChoice>,
    /// Org units that the person may capture data for, as far as something below them is mapped.
    pub org_units: Vec<OrgUnitNode>,
    /// Why the exchange can not be run at all, when it can not.
    pub obstacles: Vec<Problem>,
}

/// A period on offer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodChoice {
    /// DHIS2's id, for example `202610`.
    pub id: String,
    /// DHIS2's name of the type, for example `Monthly`.
    pub period_type: String,
    /// First day, `2026-10-01`.
    pub start: String,
    /// Last day, `2026-10-31`.
    pub end: String,
    /// Chosen at first, by the exchange's rule.
    pub chosen: bool,
}

/// Reads both sides and works out the plan. Tells its progress. A second call replaces
/// the plan of the first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReadPlan {
    /// Identifier of the exchange.
    pub exchange: String,
    /// Chosen periods.
    pub periods: Vec<String>,
    /// Chosen org units; those below them are meant too.
    pub org_units: Vec<String>,
}
question!(Import: ReadPlan -> PlanSummary);

/// Stops the reading or sending that goes on. What was begun is brought to a clear end.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Stop {}
question!(Import: Stop -> ());

/// Counts per kind. pulled = same + new + changed + edited here + blocked + unmapped + excluded
/// + combined; cleared ones are none of the source's values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindCounts {
    /// Values read at the source.
    pub pulled: u64,
    /// Equal at the destination.
    pub same: u64,
    /// Not at the destination yet.
    pub new: u64,
    /// Another value at the destination.
    pub changed: u64,
    /// Another value at the destination, put there by somebody since the last run.
    pub edited_here: u64,
    /// Not sent, for a reason known before.
    pub blocked: u64,
    /// Without a mapping.
    pub unmapped: u64,
    /// Left out on purpose by the mapping.
    pub excluded: u64,
    /// Source values that went into one cell together with another, beyond the first.
    #[serde(default)]
    pub combined: u64,
    /// Values of the destination whose source values were deleted.
    #[serde(default)]
    pub cleared: u64,
    /// Of the cleared ones: those that can be deleted.
    #[serde(default)]
    pub to_delete: u64,
}

/// The answer to [`ReadPlan`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanSummary {
    /// Name of the exchange.
    pub exchange_name: String,
    /// Name of the source system.
    pub source_name: String,
    /// Counts over all slices.
    pub counts: KindCounts,
    /// The exchange's policy offers to overwrite values that were edited here.
    pub overwrite_edited: bool,
    /// The exchange's policy offers to delete what was deleted at the source.
    #[serde(default)]
    pub delete_cleared: bool,
    /// Rows that several source values go into by a rule of the mapping.
    #[serde(default)]
    pub joined: u64,
    /// Of those rows: the ones that a source value is missing from.
    #[serde(default)]
    pub incomplete: u64,
    /// Why values are blocked: text key below `reason.` and how many.
    pub blocked_by: Vec<(String, u64)>,
    /// Data sets and periods that the plan covers.
    pub data_sets: Vec<String>,
    /// Period ids that the plan covers.
    pub periods: Vec<String>,
    /// Mapped org units that were read.
    pub org_units: u32,
    /// Slices read in full.
    pub slices_read: u32,
    /// Slices whose reading failed, with the reason; nothing of them is in the plan.
    pub failed_slices: Vec<FailedSlice>,
    /// The reading was stopped: the plan covers only what was read.
    pub stopped: bool,
    /// When the plan was made, by the server's clock.
    pub made_at: String,
}

/// A slice that could not be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FailedSlice {
    /// Name of the destination data set.
    pub data_set: String,
    /// Period id.
    pub period: String,
    /// How many org units.
    pub org_units: u32,
    /// Why.
    pub problem: Problem,
}

/// The columns that rows can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RowSort {
    /// As read: data set, period, org unit.
    #[default]
    AsRead,
    /// By name of the org unit.
    OrgUnit,
    /// By name of the data element.
    DataElement,
    /// By period.
    Period,
    /// By the value at the destination: nothing, numbers by size, other texts.
    Present,
    /// By the value at the source, likewise.
    Source,
    /// By what would be done, in the order of [`RowKind::ALL`].
    Kind,
}

/// Rows of the plan (or, after sending, of the report) that are on the screen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanRows {
    /// Only these kinds; empty means all.
    pub kinds: Vec<RowKind>,
    /// Only confirmed rows with these outcomes; empty means all rows.
    pub outcomes: Vec<RowOutcome>,
    /// Only rows with this code: the server's for a refusal, or the reason why a value is
    /// blocked or held back; empty means all rows.
    #[serde(default)]
    pub code: String,
    /// Only rows of this org unit, by [`super::browse::PlanPart::id`]; empty means all rows.
    #[serde(default)]
    pub org_unit: String,
    /// Only rows of this data element, by [`super::browse::PlanPart::id`]; empty means all rows.
    #[serde(default)]
    pub data_element: String,
    /// Text in the names of org unit, data element, option combo or in the period.
    pub search: String,
    /// Sorted by.
    pub sort: RowSort,
    /// From the end.
    pub descending: bool,
    /// First row wanted.
    pub offset: u32,
    /// How many rows at most.
    pub limit: u32,
}
question!(Import: PlanRows -> PlanWindow);

/// The answer to [`PlanRows`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanWindow {
    /// Rows that match in all.
    pub total: u32,
    /// The rows from the offset on.
    pub rows: Vec<PlanRow>,
}

/// One value of the plan, with names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanRow {
    /// What would be done.
    pub kind: RowKind,
    /// Name of the org unit (the destination's where it is mapped).
    pub org_unit: String,
    /// Period id.
    pub period: String,
    /// Name of the data element.
    pub data_element: String,
    /// Name of the category option combo; empty for `default`.
    pub category_option_combo: String,
    /// Name of the attribute option combo; empty for `default`.
    pub attribute_option_combo: String,
    /// The value at the destination.
    pub present: Option<String>,
    /// Who stored it there.
    pub stored_by: String,
    /// When it was last changed there.
    pub last_updated: String,
    /// The value at the source.
    pub value: String,
    /// The value as it is sent and stored, where servers write it in another way.
    #[serde(default)]
    pub stored_as: Option<String>,
    /// Why it is blocked or unmapped: text key below `reason.`.
    pub reason: Option<String>,
    /// What went into it, where several source cells go there.
    #[serde(default)]
    pub parts: Option<RowParts>,
    /// What became of it, once sending began.
    pub outcome: Option<RowOutcome>,
    /// The server's code for a refusal; for a blocked value the codes by which servers would
    /// refuse it.
    pub code: Option<String>,
    /// The server's words for a refusal.
    pub message: Option<String>,
}

impl PlanRow {
    /// Name in text keys of what became of the row: a value that is gone because it was to be
    /// deleted did not arrive.
    pub fn outcome_name(&self) -> Option<&'static str> {
        match (self.kind, self.outcome?) {
            (RowKind::Cleared, RowOutcome::Written) => Some("deleted"),
            (_, outcome) => Some(outcome.name()),
        }
    }
}

/// Sends what the plan says, after the person has confirmed it, or goes on after an
/// interruption: what was written is not sent again. Tells its progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendPlan {
    /// Also overwrite values that differ; otherwise only new values are sent.
    pub overwrite: bool,
    /// Also overwrite values that somebody edited here since the last run.
    pub overwrite_edited: bool,
    /// Also delete values that were deleted at the source.
    #[serde(default)]
    pub delete_cleared: bool,
}
question!(Import: SendPlan -> RunReport);

/// Counts of what became of the confirmed values.
/// confirmed = written + rejected + unknown + not_sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeCounts {
    /// Values that the person confirmed.
    pub confirmed: u64,
    /// Sent, and read back as sent.
    pub written: u64,
    /// Refused by the destination.
    pub rejected: u64,
    /// Sent, but neither an answer nor the read-back tells.
    pub unknown: u64,
    /// Not sent.
    pub not_sent: u64,
    /// Of those not sent: changed at the destination since the plan was made.
    pub changed_since: u64,
    /// Of those written: deleted.
    #[serde(default)]
    pub deleted: u64,
}

/// The report of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    /// The plan that was carried out.
    pub plan: PlanSummary,
    /// What the person confirmed.
    pub confirmed: SendPlan,
    /// What became of it.
    pub outcomes: OutcomeCounts,
    /// Refusals by code: code, the server's words for one of them, how many.
    pub refusals: Vec<Refusals>,
    /// Why the run ended early, when it did.
    pub ended_by: Option<Problem>,
    /// Stopped by the person.
    pub stopped: bool,
    /// Why the next run will not know what this one saw and wrote, when it will not.
    pub not_remembered: Option<Problem>,
    /// Why nobody else was told of the run while it went on, when they were not.
    #[serde(default)]
    pub not_announced: Option<Problem>,
    /// What was done before an interruption that this run went on after.
    #[serde(default)]
    pub earlier: Option<EarlierPart>,
    /// Requests that wrote.
    pub write_requests: u32,
    /// When the run began and ended, by the server's clock.
    pub began_at: String,
    /// See `began_at`.
    pub ended_at: String,
}

/// Refusals of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusals {
    /// The server's code, for example `E7640`; empty when it gave none.
    pub code: String,
    /// The server's words for one of them.
    pub message: String,
    /// How many values.
    pub count: u64,
}

/// The report of the last run in this Worker, if there is one (after a reload of a screen).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LastReport {}
question!(Import: LastReport -> Option<RunReport>);

/// The plan that the Worker holds, if it holds one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CurrentPlan {}
question!(Import: CurrentPlan -> Option<PlanSummary>);

/// Every row as CSV text, with a header, after or before sending.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ReportCsv {
    /// Column titles and words for kinds and outcomes in the user's language, by text key.
    pub words: Vec<(String, String)>,
}
question!(Import: ReportCsv -> String);
