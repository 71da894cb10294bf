//! What a run came to.

use tributary_engine::outcome::{Outcome, Outcomes};
use tributary_engine::plan::Kind;

use super::no_plan;
use crate::problem::{Problem, ProblemSide};
use crate::questions::import::{OutcomeCounts, Refusals};
use crate::service::import::run::Run;

/// The outcomes of the whole run. They have to add up.
pub(super) fn counted(run: &Run) -> Result<OutcomeCounts, Problem> {
    let log = run.log.as_ref().ok_or_else(no_plan)?;
    let Outcomes {
        confirmed,
        written,
        rejected,
        unknown,
        not_sent,
    } = log.total(&run.plan);
    log.total(&run.plan).check().map_err(|missing| {
        Problem::of(ProblemSide::App, "unaccounted").with_message(missing.to_string())
    })?;
    let changed_since = run.held_back.len() as u64;
    let is_deleted = |(entry, outcome): &(u32, Outcome)| {
        *outcome == Outcome::Written
            && run
                .plan
                .get(*entry)
                .is_some_and(|found| found.kind.kind() == Kind::Cleared)
    };
    let deleted = log.iter().filter(is_deleted).count() as u64;
    Ok(OutcomeCounts {
        confirmed,
        written,
        rejected,
        unknown,
        not_sent,
        changed_since,
        deleted,
    })
}

/// Refusals by code, the most frequent first.
pub(super) fn refusals(run: &Run) -> Vec<Refusals> {
    let mut counts: indexmap::IndexMap<String, u64> = indexmap::IndexMap::new();
    if let Some(log) = &run.log {
        for (_, outcome) in log.iter() {
            if let Outcome::Rejected(number) = outcome {
                *counts.entry(log.code(number).to_owned()).or_default() += 1;
            }
        }
    }
    let mut refusals: Vec<Refusals> = counts
        .into_iter()
        .map(|(code, count)| Refusals {
            message: run.messages.get(&code).cloned().unwrap_or_default(),
            code,
            count,
        })
        .collect();
    refusals.sort_by_key(|refusal| std::cmp::Reverse(refusal.count));
    refusals
}
