//! What is approved: asked only about data sets with an approval workflow, only about org
//! units and attribute option combos of which something would be sent, and for a bounded
//! number of them. What was not asked, or not answered, the server refuses by itself
//! (E7642, E8033).

use std::cell::Cell as Flag;

use indexmap::IndexSet;
use tributary_dhis2::metadata::ApprovalState;
use tributary_dhis2::{Client, Failure, Transport};
use tributary_engine::plan::SlicePlan;
use tributary_engine::symbol::{Symbol, Symbols};

use super::values::ends_everything;
use crate::service::import::prepare::Prepared;

/// Requests about approval for one plan at most: a district has fewer facilities than this,
/// and on 2.40–2.43 each is a request of its own (`GET /api/dataApprovals`, "approval state").
const QUESTIONS_PER_PLAN: u32 = 60;

/// One org unit and attribute option combo of a slice.
#[derive(Debug)]
pub(super) struct Question {
    org_unit: Symbol,
    attribute: Symbol,
    workflow: String,
    period: String,
    org_unit_id: String,
    /// None for `default`.
    attribute_id: Option<String>,
}

/// How many questions may still be asked.
#[derive(Debug)]
pub(super) struct Approvals {
    left: Flag<u32>,
}

impl Default for Approvals {
    fn default() -> Self {
        Self {
            left: Flag::new(QUESTIONS_PER_PLAN),
        }
    }
}

/// What would have to be asked about a slice; nothing where its data set has no workflow.
pub(super) fn questions(plan: &SlicePlan, prepared: &Prepared, symbols: &Symbols) -> Vec<Question> {
    let catalogue = &prepared.destination;
    let set = catalogue.data_sets.get(symbols.text(plan.slice().data_set));
    let Some((set, workflow)) = set.and_then(|set| Some((set, set.workflow.clone()?))) else {
        return Vec::new();
    };
    let is_default = catalogue
        .attribute_combo(set)
        .is_none_or(|combo| combo.is_default);
    let pairs: IndexSet<(Symbol, Symbol)> = plan
        .iter()
        .filter(|entry| entry.kind.is_sent())
        .map(|entry| (entry.cell.org_unit, entry.cell.attribute_option_combo))
        .collect();
    let text = |symbol| symbols.text(symbol).to_owned();
    pairs
        .into_iter()
        .map(|(org_unit, attribute)| Question {
            org_unit,
            attribute,
            workflow: workflow.clone(),
            period: text(plan.slice().period),
            org_unit_id: text(org_unit),
            attribute_id: (!is_default).then(|| text(attribute)),
        })
        .collect()
}

impl Approvals {
    /// Those that are approved, as far as it could be asked. Fails only where nothing more
    /// can be read at all.
    pub(super) async fn ask<T: Transport>(
        &self,
        own: &Client<T>,
        questions: Vec<Question>,
    ) -> Result<Vec<(Symbol, Symbol)>, Failure> {
        let mut approved = Vec::new();
        for question in questions {
            let Some(left) = self.left.get().checked_sub(1) else {
                break;
            };
            self.left.set(left);
            let state = own
                .approval_state(
                    &question.workflow,
                    &question.period,
                    &question.org_unit_id,
                    question.attribute_id.as_deref(),
                )
                .await;
            match state {
                Ok(ApprovalState::Approved) => {
                    approved.push((question.org_unit, question.attribute));
                }
                Ok(ApprovalState::Open) => {}
                Err(failure) if ends_everything(&failure) => return Err(failure),
                // Not worth a failed slice: the server checks it again on writing.
                Err(_) => {}
            }
        }
        Ok(approved)
    }
}
