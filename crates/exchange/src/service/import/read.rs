//! Reads both sides and compares them slice by slice, as soon as each is read. At most two
//! reads are under way at each side, and fewer while a server is slow. What was read is
//! compared and put into the plan before more is asked for, so that no more is held than what
//! is under way: a slow machine keeps the servers waiting, not its memory full.
//!
//! [`slices`] knows of which slices the question is made, [`tiles`] which of them are read at
//! one go, [`pace`] how much that is. [`one_slice`] reads and compares, [`by_period`] takes
//! apart what was read together, [`approvals`] asks what is approved, [`values`] reads one side.

mod approvals;
mod by_period;
mod one_slice;
mod pace;
mod slices;
mod tiles;
mod values;

use std::cell::{Cell as Flag, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tributary_dhis2::Transport;
use tributary_engine::mapping::CompiledMapping;
use tributary_engine::plan::{EntryKind, Plan};
use tributary_engine::symbol::Symbols;

use super::Busy;
use super::journal::{self, Journal};
use super::lease;
use super::namebook::NameBook;
use super::prepare::{Prepared, source_name};
use super::run::Run;
use crate::problem::{Problem, ProblemSide};
use crate::question::{Progress, Stage};
use crate::questions::import::{KindCounts, PlanSummary, ReadPlan, SendPlan};
use crate::service::{Service, Tell, mapping, session};
use crate::stored::exchange::{DELETE, OVERWRITE};
use approvals::Approvals;
use one_slice::{Reading, SliceOutcome, TileOutcome};
use pace::{MOST_AT_A_TIME, Pace};
use slices::Question;
pub(super) use values::{ends_everything, read_rows, wanted};

/// Tiles that were read and wait for one before them, at most: it is being cut in two.
const TILES_WAITING: usize = 2 * MOST_AT_A_TIME;

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
        let failed = journal::write(service, &own, &place.me.username, &summary.made_at).await;
        // A run that was gone on with has nothing more to send. Where this fails it is found
        // again, and again there is nothing.
        if failed.is_none() && summary.failed_slices.is_empty() {
            let _ = lease::release_after_plan(service, &own, &question).await;
        }
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
    let all = Question::new(prepared, question, &compiled, &mut symbols);
    let tiles = all.tiles();
    let mut journal = Journal::read(&own, prepared, question, &mut symbols).await?;
    journal.planned = lease::before_answer(&session::place(service).await?.system);
    for part in all.parts() {
        *journal.expected.entry(part).or_default() += all.destination_org_units();
    }
    let work = Reading {
        own: &own,
        source: &source,
        prepared,
        compiled: &compiled,
        journal: &journal,
        question: &all,
        symbols: RefCell::new(symbols),
        progress: RefCell::new(Progress {
            stage: Stage::Reading,
            total: u32::try_from(tiles.total()).unwrap_or(u32::MAX),
            ..Progress::default()
        }),
        tiles: RefCell::new(tiles),
        pace: RefCell::new(Pace::new(service.at_one_go.0)),
        failures_in_a_row: Flag::new(0),
        cuts_in_a_row: Flag::new(0),
        approvals: Approvals::default(),
        stop: &service.stop,
        pause: &service.pause,
        tell,
    };
    tell(work.progress.borrow().clone());
    let mut plan = Plan::new();
    let mut failed_slices = Vec::new();
    let mut put = |outcome| match outcome {
        SliceOutcome::Planned(slice) => plan.push(*slice).map_err(unaccounted),
        SliceOutcome::Failed(failed) => {
            failed_slices.push(*failed);
            Ok(())
        }
    };
    let stopped = read_tiles(&work, &mut put).await?;
    let symbols = work.symbols.into_inner();
    let names = NameBook::new(
        &symbols,
        &prepared.destination,
        &prepared.source,
        &compiled,
        &prepared.met_units,
    );
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
        org_units: u32::try_from(all.destination_org_units()).unwrap_or(u32::MAX),
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

/// Reads all tiles, some at a time, and puts their slices away in the order of the question.
/// Whether the person stopped it before the end.
async fn read_tiles<T: Transport>(
    work: &Reading<'_, T>,
    put: &mut dyn FnMut(SliceOutcome) -> Result<(), Problem>,
) -> Result<bool, Problem> {
    let mut under_way = FuturesUnordered::new();
    // Places of those under way, and what was read out of turn.
    let mut open = Vec::new();
    let mut waiting: BTreeMap<_, Vec<SliceOutcome>> = BTreeMap::new();
    let mut stopped = false;
    loop {
        while under_way.is_empty()
            || (under_way.len() < work.pace.borrow().at_a_time() && waiting.len() <= TILES_WAITING)
        {
            let values = work.pace.borrow().values();
            let Some(tile) = work.tiles.borrow_mut().next(values) else {
                break;
            };
            open.push(tile.place());
            under_way.push(async move {
                let outcome = work.read(&tile).await;
                (tile, outcome)
            });
        }
        let Some((tile, outcome)) = under_way.next().await else {
            break;
        };
        open.retain(|place| *place != tile.place());
        match outcome {
            TileOutcome::Read(slices) => drop(waiting.insert(tile.place(), slices)),
            TileOutcome::TooLarge => drop(work.tiles.borrow_mut().give_back(&tile)),
            TileOutcome::Stopped => stopped = true,
            TileOutcome::Over(problem) => return Err(*problem),
        }
        let half = work.tiles.borrow().first_half().map(tiles::Tile::place);
        let first_open = open.iter().copied().chain(half).min();
        while let Some(first) = waiting.first_entry()
            && first_open.is_none_or(|open| *first.key() < open)
        {
            for slice in first.remove() {
                put(slice)?;
            }
        }
    }
    Ok(stopped)
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
