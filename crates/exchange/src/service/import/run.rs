//! A plan in the Worker's memory, and what became of it.

use std::collections::HashMap;
use std::rc::Rc;

use tributary_engine::outcome::{Outcome, OutcomeLog};
use tributary_engine::plan::Plan;
use tributary_engine::symbol::Symbols;

use super::journal::Journal;
use super::namebook::NameBook;
use super::rows::View;
use crate::questions::import::{PlanSummary, RunReport, SendPlan};

/// Why a confirmed value was not sent although its turn came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeldBack {
    /// The destination's value is no longer the one that the plan showed.
    ChangedSince,
}

/// The plan, its names, and what became of it.
#[derive(Debug)]
pub(in crate::service) struct Run {
    /// Shared with the sending, which goes on while rows are shown.
    pub(super) symbols: Rc<Symbols>,
    pub(super) plan: Plan,
    pub(super) names: NameBook,
    pub(super) summary: PlanSummary,
    /// What earlier runs saw, and what this one wrote.
    pub(super) journal: Journal,
    /// What the person confirmed, once they have.
    pub(super) confirmed: SendPlan,
    /// What became of each confirmed value; none before sending began.
    pub(super) log: Option<OutcomeLog>,
    /// The server's words for each of its codes.
    pub(super) messages: HashMap<String, String>,
    /// Confirmed values that were held back.
    pub(super) held_back: HashMap<u32, HeldBack>,
    pub(super) report: Option<RunReport>,
    /// The rows that the screen looks at, worked out once for each question's filter.
    pub(super) view: Option<View>,
}

impl Run {
    /// The outcome of an entry, with the server's code for a refusal.
    pub(super) fn outcome(&self, entry: u32) -> Option<(Outcome, &str)> {
        let log = self.log.as_ref()?;
        let outcome = log.get(entry)?;
        let code = match outcome {
            Outcome::Rejected(number) => log.code(number),
            _ => "",
        };
        Some((outcome, code))
    }
}
