//! Reads both sides, slice by slice, and compares each as soon as it is read. At most
//! two slices are under way, so at most two requests at each side.
//!
//! [`slices`] cuts the question into slices, [`one_slice`] reads and compares one,
//! [`approvals`] asks what is approved, [`values`] reads one side.

mod approvals;
mod one_slice;
mod slices;
mod values;

use std::cell::{Cell as Flag, RefCell};
use std::rc::Rc;

use futures_util::{StreamExt, stream};
use tributary_dhis2::Transport;
use tributary_engine::mapping::CompiledMapping;
use tributary_engine::plan::{EntryKind, Plan};
use tributary_engine::symbol::Symbols;

use super::Busy;
use super::journal::{self, Journal};
use super::namebook::NameBook;
use super::prepare::{Prepared, source_name};
use super::run::Run;
use crate::problem::{Problem, ProblemSide};
use crate::question::{Progress, Stage};
use crate::questions::import::{KindCounts, PlanSummary, ReadPlan, SendPlan};
use crate::service::{Service, Tell, mapping, session};
use crate::stored::exchange::{DELETE, OVERWRITE};
use approvals::Approvals;
use one_slice::{Reading, SliceOutcome};
use slices::planned_slices;
pub(super) use values::{ends_everything, read_rows, wanted};

/// Slices under way at a time. Two requests at each side: the people there go on working.
const SLICES_AT_A_TIME: usize = 2;

/// Answers [`ReadPlan`].
pub(in crate::service) async fn read_plan<T: Transport + Clone>(
    service: &Service<T>,
    question: ReadPlan,
    tell: Tell<'_>,
) -> Result<PlanSummary, Problem> {
    let busy = Busy::begin(service)?;
    let prepared = service.prepared.borrow_mut().take();
    let prepared = prepared
        .filter(|prepared| prepared.exchange.id == question.exchange)
        .ok_or_else(|| Problem::of(ProblemSide::App, "notPrepared"))?;
    // Until there is a new plan there is none: the old one no longer holds.
    *service.run.borrow_mut() = None;
    let outcome = read_all(service, &prepared, &question, tell).await;
    *service.prepared.borrow_mut() = Some(prepared);
    drop(busy);
    let run = outcome?;
    let summary = run.summary.clone();
    let is_done = run.plan.counts().to_send() == 0 && !summary.stopped;
    *service.run.borrow_mut() = Some(run);
    if is_done {
        // There will be no sending after which it is remembered that both sides agreed. It
        // is no harm if it cannot be: the next plan knows what this one knew.
        let (own, place) = (service.own().await?, session::place(service).await?);
        journal::write(service, &own, &place.me.username, &summary.made_at).await;
    }
    Ok(summary)
}

async fn read_all<T: Transport + Clone>(
    service: &Service<T>,
    prepared: &Prepared,
    question: &ReadPlan,
    tell: Tell<'_>,
) -> Result<Run, Problem> {
    let own = service.own().await?;
    let source = service.source(&prepared.connection.route).await?;
    let mut symbols = Symbols::new();
    let engine_mapping = mapping::engine_mapping(&prepared.choices, &prepared.pairs);
    let mut compiled = CompiledMapping::new(&engine_mapping, &mut symbols);
    compiled.learn_source(&prepared.source, &mut symbols);
    let slices = planned_slices(prepared, question, &compiled, &mut symbols);
    let mut journal = Journal::read(&own, prepared, question, &mut symbols).await?;
    for slice in &slices {
        *journal
            .expected
            .entry((slice.data_set, slice.period))
            .or_default() += 1;
    }
    let work = Reading {
        own: &own,
        source: &source,
        prepared,
        compiled: &compiled,
        journal: &journal,
        symbols: RefCell::new(symbols),
        progress: RefCell::new(Progress {
            stage: Stage::Reading,
            total: u32::try_from(slices.len()).unwrap_or(u32::MAX),
            ..Progress::default()
        }),
        failures_in_a_row: Flag::new(0),
        approvals: Approvals::default(),
        stop: &service.stop,
        tell,
    };
    tell(work.progress.borrow().clone());
    let org_units: std::collections::HashSet<_> = slices
        .iter()
        .flat_map(|slice| slice.destination_org_units().collect::<Vec<_>>())
        .collect();
    let mut plan = Plan::new();
    let mut failed_slices = Vec::new();
    let mut stopped = false;
    {
        let mut read = stream::iter(slices)
            .map(|slice| work.read(slice))
            .buffered(SLICES_AT_A_TIME);
        while let Some(outcome) = read.next().await {
            match outcome {
                SliceOutcome::Planned(slice) => plan.push(*slice).map_err(unaccounted)?,
                SliceOutcome::Failed(failed) => failed_slices.push(*failed),
                SliceOutcome::Stopped => stopped = true,
                SliceOutcome::Over(problem) => return Err(*problem),
            }
        }
    }
    let symbols = work.symbols.into_inner();
    let names = NameBook::new(&symbols, &prepared.destination, &prepared.source, &compiled);
    let counts = plan.counts();
    counts.check().map_err(unaccounted)?;
    let (joined, incomplete) = plan.joined();
    let place = session::place(service).await?;
    let summary = PlanSummary {
        exchange_name: prepared.exchange.name.clone(),
        source_name: source_name(&prepared.connection),
        counts: KindCounts {
            pulled: counts.pulled,
            same: counts.same,
            new: counts.new,
            changed: counts.changed,
            edited_here: counts.edited_here,
            blocked: counts.blocked,
            unmapped: counts.unmapped,
            excluded: counts.excluded,
            combined: counts.combined,
            cleared: counts.cleared,
            to_delete: counts.to_delete,
        },
        overwrite_edited: prepared.exchange.edited_here == OVERWRITE,
        delete_cleared: prepared.exchange.cleared == DELETE,
        joined,
        incomplete,
        blocked_by: reasons(&plan),
        data_sets: prepared
            .pairs
            .iter()
            .filter_map(|(_, set)| prepared.destination.data_sets.get(set))
            .map(|set| set.name.clone())
            .collect(),
        periods: question.periods.clone(),
        org_units: u32::try_from(org_units.len()).unwrap_or(u32::MAX),
        slices_read: u32::try_from(plan.slices().len()).unwrap_or(u32::MAX),
        failed_slices,
        stopped,
        made_at: place.stamp(),
    };
    Ok(Run {
        symbols: Rc::new(symbols),
        plan,
        names,
        summary,
        journal,
        confirmed: SendPlan::default(),
        log: None,
        messages: std::collections::HashMap::new(),
        held_back: std::collections::HashMap::new(),
        report: None,
        view: None,
    })
}

/// A plan that does not add up is an error of ours, and nothing may be sent from it.
fn unaccounted(error: impl std::fmt::Display) -> Problem {
    Problem::of(ProblemSide::App, "unaccounted").with_message(error.to_string())
}

/// Why values are blocked, the most frequent reason first.
fn reasons(plan: &Plan) -> Vec<(String, u64)> {
    let mut counts: indexmap::IndexMap<&'static str, u64> = indexmap::IndexMap::new();
    for (_, entry) in plan.iter() {
        if let EntryKind::Blocked(reason) = entry.kind {
            *counts.entry(reason.code()).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts
        .into_iter()
        .map(|(code, count)| (code.to_owned(), count))
        .collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts
}
