//! Reads both sides, slice by slice, and compares each as soon as it is read. At most
//! two slices are under way, so at most two requests at each side.

use std::cell::{Cell as Flag, RefCell};

use futures_util::{StreamExt, join, stream};
use tributary_dhis2::values::{ReadFormat, Row, ValueRead};
use tributary_dhis2::{Client, Failure, FailureKind, Transport};
use tributary_engine::cell::Cell;
use tributary_engine::compare::compare_slice;
use tributary_engine::mapping::CompiledMapping;
use tributary_engine::moment::Moment;
use tributary_engine::plan::{EntryKind, Plan, SlicePlan};
use tributary_engine::preflight::SliceRules;
use tributary_engine::slice::{self, Slice};
use tributary_engine::symbol::Symbols;
use tributary_engine::values::ValueTable;

use super::Busy;
use super::namebook::NameBook;
use super::prepare::{Prepared, source_name};
use super::run::Run;
use crate::problem::{Problem, ProblemSide};
use crate::question::{Progress, Stage};
use crate::questions::import::{FailedSlice, KindCounts, PlanSummary, ReadPlan};
use crate::service::{Service, Tell, mapping, session};

/// Org units of a slice at most: their uids still fit into one address through a Route.
const ORG_UNITS_PER_SLICE: usize = 200;

/// Slices under way at a time. Two requests at each side: the people there go on working.
const SLICES_AT_A_TIME: usize = 2;

/// After so many failed slices in a row the rest is not tried any more: the side is down.
const FAILURES_IN_A_ROW: u32 = 3;

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
    *service.run.borrow_mut() = Some(run);
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
    let compiled = CompiledMapping::new(&engine_mapping, &mut symbols);
    let slices = planned_slices(prepared, question, &compiled, &mut symbols);
    let work = Reading {
        own: &own,
        source: &source,
        prepared,
        compiled: &compiled,
        symbols: RefCell::new(symbols),
        progress: RefCell::new(Progress {
            stage: Stage::Reading,
            total: u32::try_from(slices.len()).unwrap_or(u32::MAX),
            ..Progress::default()
        }),
        failures_in_a_row: Flag::new(0),
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
    let place = session::place(service).await?;
    let summary = PlanSummary {
        exchange_name: prepared.exchange.name.clone(),
        source_name: source_name(&prepared.connection),
        counts: KindCounts {
            pulled: counts.pulled,
            same: counts.same,
            new: counts.new,
            changed: counts.changed,
            blocked: counts.blocked,
            unmapped: counts.unmapped,
            excluded: counts.excluded,
        },
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
        symbols,
        plan,
        names,
        summary,
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

/// The slices of the question: for each data set only the periods of its own type.
fn planned_slices(
    prepared: &Prepared,
    question: &ReadPlan,
    compiled: &CompiledMapping,
    symbols: &mut Symbols,
) -> Vec<Slice> {
    let scope = &prepared.exchange.org_units;
    let mut chosen = slice::org_units_within(&prepared.destination, &question.org_units, symbols);
    if !scope.is_empty() {
        let allowed = slice::org_units_within(&prepared.destination, scope, symbols);
        chosen.retain(|unit| allowed.contains(unit));
    }
    let periods: Vec<_> = question
        .periods
        .iter()
        .filter_map(|id| tributary_engine::period::Period::parse(id).ok())
        .map(|period| (symbols.intern(&period.id()), period.period_type()))
        .collect();
    let all: Vec<_> = periods.iter().map(|(symbol, _)| *symbol).collect();
    let mut slices = slice::slices(compiled, &all, &chosen, ORG_UNITS_PER_SLICE);
    slices.retain(|slice| {
        let set = prepared
            .destination
            .data_sets
            .get(symbols.text(slice.data_set));
        let kind = periods
            .iter()
            .find(|(symbol, _)| *symbol == slice.period)
            .map(|(_, kind)| *kind);
        set.map(|set| set.period_type) == kind
    });
    slices
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

/// What came of one slice.
enum SliceOutcome {
    Planned(Box<SlicePlan>),
    Failed(Box<FailedSlice>),
    Stopped,
    /// Nothing more can be read at all: the session is over, the Route is gone …
    Over(Box<Problem>),
}

/// What all slices share while they are read.
struct Reading<'a, T> {
    own: &'a Client<T>,
    source: &'a Client<T>,
    prepared: &'a Prepared,
    compiled: &'a CompiledMapping,
    symbols: RefCell<Symbols>,
    progress: RefCell<Progress>,
    failures_in_a_row: Flag<u32>,
    stop: &'a Flag<bool>,
    tell: Tell<'a>,
}

impl<T: Transport> Reading<'_, T> {
    async fn read(&self, slice: Slice) -> SliceOutcome {
        if self.stop.get() {
            return SliceOutcome::Stopped;
        }
        let outcome = if self.failures_in_a_row.get() >= FAILURES_IN_A_ROW {
            Err(Problem::of(ProblemSide::App, "notTried"))
        } else {
            match self.both_sides(&slice).await {
                Ok(tables) => Ok(tables),
                Err(failure) if ends_everything(&failure) => {
                    return SliceOutcome::Over(Box::new(failure.into()));
                }
                Err(failure) => {
                    self.failures_in_a_row.set(self.failures_in_a_row.get() + 1);
                    Err(failure.into())
                }
            }
        };
        let planned = match outcome {
            Ok((theirs, ours)) => {
                self.failures_in_a_row.set(0);
                let mut progress = self.progress.borrow_mut();
                progress.source_values += theirs.len() as u64;
                progress.present_values += ours.len() as u64;
                SliceOutcome::Planned(Box::new(self.compare(slice, &theirs, &ours)))
            }
            Err(problem) => SliceOutcome::Failed(Box::new(self.failed(&slice, problem))),
        };
        let progress = {
            let mut progress = self.progress.borrow_mut();
            progress.done += 1;
            progress.clone()
        };
        (self.tell)(progress);
        planned
    }

    /// The values of the source and of the destination.
    async fn both_sides(&self, slice: &Slice) -> Result<(ValueTable, ValueTable), Failure> {
        let (theirs, ours, period) = {
            let symbols = self.symbols.borrow();
            let text = |symbol| symbols.text(symbol).to_owned();
            let theirs: Vec<String> = slice.source_org_units().map(text).collect();
            let ours: Vec<String> = slice.destination_org_units().map(text).collect();
            (theirs, ours, text(slice.period))
        };
        let source = async {
            let mut table = ValueTable::new();
            for set in &slice.source_data_sets {
                let set = self.symbols.borrow().text(*set).to_owned();
                let read = wanted(set, &period, theirs.clone());
                self.read_side(self.source, read, &mut table).await?;
            }
            Ok(table)
        };
        let present = async {
            let set = self.symbols.borrow().text(slice.data_set).to_owned();
            let mut table = ValueTable::new();
            self.read_side(self.own, wanted(set, &period, ours.clone()), &mut table)
                .await?;
            Ok(table)
        };
        let (source, present) = join!(source, present);
        Ok((source?, present?))
    }

    async fn read_side(
        &self,
        client: &Client<T>,
        read: ValueRead,
        table: &mut ValueTable,
    ) -> Result<(), Failure> {
        read_into(client, read, table, &self.symbols).await
    }

    fn compare(&self, slice: Slice, theirs: &ValueTable, ours: &ValueTable) -> SlicePlan {
        let mut symbols = self.symbols.borrow_mut();
        let rules = SliceRules::new(
            &self.prepared.destination,
            &self.prepared.rights,
            self.prepared.today,
            &slice,
            &mut symbols,
        );
        compare_slice(&slice, self.compiled, &rules, &symbols, theirs, ours)
    }

    fn failed(&self, slice: &Slice, problem: Problem) -> FailedSlice {
        let symbols = self.symbols.borrow();
        let uid = symbols.text(slice.data_set);
        FailedSlice {
            data_set: self
                .prepared
                .destination
                .data_sets
                .get(uid)
                .map_or_else(|| uid.to_owned(), |set| set.name.clone()),
            period: symbols.text(slice.period).to_owned(),
            org_units: u32::try_from(slice.org_units.len()).unwrap_or(u32::MAX),
            problem,
        }
    }
}

/// What to ask a side for.
pub(super) fn wanted(data_set: String, period: &str, org_units: Vec<String>) -> ValueRead {
    ValueRead {
        data_set,
        periods: vec![period.to_owned()],
        org_units,
        with_children: false,
        format: ReadFormat::Csv,
    }
}

/// Reads values into a table. A read may be sent again: once where the failure may pass,
/// and once as JSON where a proxy or a Route spoiled the compressed CSV. What was read
/// before a failure is thrown away.
pub(super) async fn read_into<T: Transport>(
    client: &Client<T>,
    mut read: ValueRead,
    table: &mut ValueTable,
    symbols: &RefCell<Symbols>,
) -> Result<(), Failure> {
    let mut again = true;
    loop {
        let mut fresh = ValueTable::new();
        let outcome = client
            .read_values(&read, |row| add(&mut fresh, symbols, &row))
            .await;
        match outcome {
            Ok(_) => {
                // Nearly always there is one data set, and nothing to put together.
                if table.is_empty() {
                    *table = fresh;
                    return Ok(());
                }
                for value in fresh.iter() {
                    table.push(
                        value.cell,
                        value.text,
                        value.stored_by,
                        value.last_updated,
                        value.has_comment,
                    );
                }
                return Ok(());
            }
            Err(failure)
                if failure.kind == FailureKind::WrongContent && read.format == ReadFormat::Csv =>
            {
                read.format = ReadFormat::Json;
            }
            Err(failure) if again && failure.may_pass_when_repeated() => again = false,
            Err(failure) => return Err(failure),
        }
    }
}

fn add(table: &mut ValueTable, symbols: &RefCell<Symbols>, row: &Row<'_>) {
    if row.deleted {
        return;
    }
    let mut symbols = symbols.borrow_mut();
    let cell = Cell {
        data_element: symbols.intern(row.data_element),
        category_option_combo: symbols.intern(row.category_option_combo),
        attribute_option_combo: symbols.intern(row.attribute_option_combo),
        org_unit: symbols.intern(row.org_unit),
        period: symbols.intern(row.period),
    };
    let stored_by = symbols.intern(row.stored_by);
    let last_updated = Moment::parse(row.last_updated);
    table.push(
        cell,
        row.value,
        stored_by,
        last_updated,
        !row.comment.is_empty(),
    );
}

/// Failures after which no other slice can be read either.
pub(super) fn ends_everything(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        FailureKind::LoggedOut
            | FailureKind::SourceRefusedLogin
            | FailureKind::RouteMissing
            | FailureKind::RouteNotAllowed
            | FailureKind::RouteTakesNoPaths
            | FailureKind::HostNotAllowed
            | FailureKind::Interrupted
    )
}
