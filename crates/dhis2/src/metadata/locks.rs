//! What was unlocked or locked by hand, beyond what a data set's own members say: lock
//! exceptions, which reopen an expired period, and approvals, which close one.

use crate::client::{Client, Reading};
use crate::failure::Failure;
use crate::query::Query;
use crate::transport::Transport;
use crate::wire::{day, id_of, null_to_default};
use serde::{Deserialize, Deserializer};

/// Leave to enter an expired period of one data set in one org unit ("lock exceptions" of
/// `zz-import-rules`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LockException {
    /// Uid of the data set.
    #[serde(deserialize_with = "id_of")]
    pub data_set: Option<String>,
    /// Uid of the org unit. Without one DHIS2 opens nothing.
    #[serde(deserialize_with = "id_of")]
    pub organisation_unit: Option<String>,
    /// The period, as far as the server tells it.
    #[serde(deserialize_with = "null_to_default")]
    pub period: ExceptionPeriod,
}

/// The period of a [`LockException`]. Up to 2.42 it has an id; 2.43.1 leaves that out
/// (recorded: `"period": {}`), and has of a period only its dates and type (`Period` in
/// DHIS2's source), so the first day is asked for as well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExceptionPeriod {
    /// Its id: `202602`.
    pub id: Option<String>,
    /// Its first day.
    #[serde(deserialize_with = "day")]
    pub start_date: Option<String>,
}

/// How far data are approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApprovalState {
    /// Approved or accepted, here or above: nobody can write them, superusers neither (E7642,
    /// E8033; "after approval, admin" of `zz-import-rules`).
    Approved,
    /// Not approved, or approval does not apply.
    Open,
}

impl<'de> Deserialize<'de> for ApprovalState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Wire {
            state: String,
        }
        // `APPROVED_HERE` was recorded ("approval state"); all names: `DataApprovalState`
        // in DHIS2's source, 2.40–2.43.
        Ok(match Wire::deserialize(deserializer)?.state.as_str() {
            "APPROVED_HERE" | "APPROVED_ABOVE" | "ACCEPTED_HERE" => Self::Approved,
            _ => Self::Open,
        })
    }
}

impl<T: Transport> Client<T> {
    /// All lock exceptions; everybody may read them.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn lock_exceptions(&self) -> Result<Vec<LockException>, Failure> {
        let fields = "organisationUnit[id],period[id,startDate],dataSet[id]";
        self.list("lockExceptions", fields, Query::new()).await
    }

    /// How far the data of an approval workflow, a period and an org unit are approved, for
    /// an attribute option combo; for `default` when none is given.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn approval_state(
        &self,
        workflow: &str,
        period: &str,
        org_unit: &str,
        attribute_option_combo: Option<&str>,
    ) -> Result<ApprovalState, Failure> {
        let mut query = Query::new()
            .with("wf", workflow)
            .with("pe", period)
            .with("ou", org_unit);
        if let Some(attribute) = attribute_option_combo {
            query.push("aoc", attribute);
        }
        self.get_json("dataApprovals", &query, Reading::Small).await
    }
}
