//! Whether data is approved at an org unit, above it or not yet, and who may approve it.
//! A workflow has levels of the org-unit tree; data is approved from the lowest up.

use serde_json::Value;

use crate::context::CurrentUser;
use crate::server::Server;
use crate::state::Snapshot;
use crate::values::{Catalogue, Period};

/// Where approvals are kept among the metadata.
pub(super) const COLLECTION: &str = "dataApprovals";

/// What an approval is for.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    /// Uid of the workflow.
    pub workflow: String,
    /// The period.
    pub period: Period,
    /// Uid of the org unit.
    pub org_unit: String,
    /// Uid of the attribute option combo.
    pub attribute_option_combo: String,
}

/// Whether data is approved, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The workflow has no level at or above this org unit.
    Unapprovable,
    /// To be approved at an org unit above.
    UnapprovedAbove,
    /// Org units below come first.
    UnapprovedWaiting,
    /// May be approved here.
    UnapprovedReady,
    /// Approved here.
    ApprovedHere,
    /// Approved above.
    ApprovedAbove,
}

impl State {
    /// DHIS2's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unapprovable => "UNAPPROVABLE",
            Self::UnapprovedAbove => "UNAPPROVED_ABOVE",
            Self::UnapprovedWaiting => "UNAPPROVED_WAITING",
            Self::UnapprovedReady => "UNAPPROVED_READY",
            Self::ApprovedHere => "APPROVED_HERE",
            Self::ApprovedAbove => "APPROVED_ABOVE",
        }
    }
}

/// A selection's state, and what the user may do about it.
pub(super) struct Status {
    /// The state.
    pub state: State,
    /// The user may approve.
    pub may_approve: bool,
    /// The user may take the approval back.
    pub may_unapprove: bool,
    /// The approval itself, here or above.
    pub approval: Option<Value>,
}

/// What the answers follow from.
pub(super) struct World<'w> {
    /// The server.
    pub server: &'w Server,
    /// Who asks.
    pub user: &'w CurrentUser,
    /// The metadata.
    pub metadata: Snapshot,
    /// The index for value rules.
    pub catalogue: &'w Catalogue,
}

impl World<'_> {
    /// An object of the metadata.
    pub fn object(&self, collection: &str, uid: &str) -> Option<&Value> {
        self.metadata.collections.get(collection)?.get(uid)
    }

    /// The org-unit levels at which a workflow is approved, from the top down.
    fn levels(&self, workflow: &str) -> Vec<usize> {
        let levels = self
            .object("dataApprovalWorkflows", workflow)
            .and_then(|w| w["dataApprovalLevels"].as_array());
        let mut levels: Vec<(u64, usize)> = levels
            .into_iter()
            .flatten()
            .filter_map(|l| self.object("dataApprovalLevels", l["id"].as_str()?))
            .filter_map(|l| {
                let org_unit_level = usize::try_from(l["orgUnitLevel"].as_u64()?).ok()?;
                Some((l["level"].as_u64().unwrap_or_default(), org_unit_level))
            })
            .collect();
        levels.sort_unstable();
        levels
            .into_iter()
            .map(|(_, org_unit_level)| org_unit_level)
            .collect()
    }

    /// The approval of a selection at its org unit or above it.
    fn approval(&self, selection: &Selection) -> Option<&Value> {
        let units = self.catalogue.org_units();
        let all = self
            .metadata
            .collections
            .get(COLLECTION)
            .into_iter()
            .flatten();
        let fits = |approval: &&Value| {
            approval["workflow"]["id"] == selection.workflow.as_str()
                && approval["period"]["id"] == selection.period.iso.as_str()
                && approval["attributeOptionCombo"]["id"]
                    == selection.attribute_option_combo.as_str()
                && approval["organisationUnit"]["id"]
                    .as_str()
                    .is_some_and(|above| units.is_within(&selection.org_unit, above))
        };
        all.map(|(_, approval)| approval).find(fits)
    }

    /// The state of a selection, and what the user may do about it.
    pub fn status(&self, selection: &Selection) -> Status {
        let units = self.catalogue.org_units();
        let levels = self.levels(&selection.workflow);
        let level = units.get(&selection.org_unit).map_or(0, |u| u.level);
        let own = levels.iter().position(|l| *l == level);
        let approval = self.approval(selection);
        let state = match (approval, own) {
            (Some(a), _) if a["organisationUnit"]["id"] == selection.org_unit.as_str() => {
                State::ApprovedHere
            }
            (Some(_), _) => State::ApprovedAbove,
            (None, Some(at)) => match levels.get(at + 1) {
                Some(below) if !self.all_approved_at(selection, *below) => State::UnapprovedWaiting,
                _ => State::UnapprovedReady,
            },
            (None, None) if levels.iter().any(|l| *l < level) => State::UnapprovedAbove,
            (None, None) if levels.is_empty() => State::Unapprovable,
            (None, None) => State::UnapprovedWaiting,
        };
        // The user's own level: the first of the workflow at or below the user's org unit.
        let home = self
            .user
            .organisation_units
            .iter()
            .filter(|home| units.is_within(&selection.org_unit, home))
            .filter_map(|home| units.get(home))
            .map(|home| home.level)
            .next();
        let mine = home.and_then(|home| levels.iter().position(|l| *l >= home));
        let acts = |at: usize| {
            mine.is_some_and(|mine| {
                mine == at && self.user.has_authority("F_APPROVE_DATA")
                    || mine < at && self.user.has_authority("F_APPROVE_DATA_LOWER_LEVELS")
            })
        };
        Status {
            state,
            may_approve: state == State::UnapprovedReady && own.is_some_and(acts),
            may_unapprove: state == State::ApprovedHere && own.is_some_and(acts),
            approval: approval.cloned(),
        }
    }

    fn all_approved_at(&self, selection: &Selection, level: usize) -> bool {
        let below = self
            .catalogue
            .org_units()
            .with_descendants(&selection.org_unit);
        below.iter().filter(|unit| unit.level == level).all(|unit| {
            let below = Selection {
                org_unit: unit.uid.clone(),
                ..selection.clone()
            };
            self.approval(&below).is_some()
        })
    }
}
