//! One tile: both sides read, and of each of its slices both sides compared, and what is
//! approved looked at.

use std::cell::{Cell as Flag, RefCell};

use futures_util::join;
use tributary_dhis2::patience::Patience;
use tributary_dhis2::values::ValueRead;
use tributary_dhis2::{Client, Failure, FailureKind, Transport};
use tributary_engine::compare::compare_slice;
use tributary_engine::mapping::CompiledMapping;
use tributary_engine::plan::SlicePlan;
use tributary_engine::preflight::SliceRules;
use tributary_engine::slice::Slice;
use tributary_engine::symbol::{Symbol, Symbols};
use tributary_engine::values::ValueTable;

use super::approvals::{self, Approvals};
use super::by_period::by_period;
use super::pace::Pace;
use super::slices::Question;
use super::tiles::{Tile, Tiles};
use super::values::{ends_everything, read_into, wanted};
use crate::problem::{Problem, ProblemSide};
use crate::question::Progress;
use crate::questions::import::FailedSlice;
use crate::service::Tell;
use crate::service::import::barrier::Barrier;
use crate::service::import::journal::Journal;
use crate::service::import::prepare::Prepared;

/// After so many failed slices in a row the rest is not tried any more: the side is down.
const FAILURES_IN_A_ROW: u32 = 3;

/// So many tiles in a row may be cut in two because a side did not answer in time. After them
/// it is not their size.
const CUTS_IN_A_ROW: u32 = 4;

/// What came of one slice.
pub(super) enum SliceOutcome {
    Planned(Box<SlicePlan>),
    Failed(Box<FailedSlice>),
}

/// What came of one tile.
pub(super) enum TileOutcome {
    /// Its slices, in the order of their periods.
    Read(Vec<SliceOutcome>),
    /// A side did not answer in time: smaller ones may be answered.
    TooLarge,
    Stopped,
    /// Nothing more can be read at all: the session is over, the Route is gone …
    Over(Box<Problem>),
}

/// What all tiles share while they are read.
pub(super) struct Reading<'a, T> {
    pub(super) own: &'a Client<T>,
    pub(super) source: &'a Client<T>,
    pub(super) prepared: &'a Prepared,
    pub(super) compiled: &'a CompiledMapping,
    pub(super) journal: &'a Journal,
    pub(super) question: &'a Question,
    pub(super) tiles: RefCell<Tiles>,
    pub(super) pace: RefCell<Pace>,
    pub(super) symbols: RefCell<Symbols>,
    pub(super) progress: RefCell<Progress>,
    pub(super) failures_in_a_row: Flag<u32>,
    pub(super) cuts_in_a_row: Flag<u32>,
    pub(super) approvals: Approvals,
    pub(super) stop: &'a Flag<bool>,
    pub(super) pause: &'a Barrier,
    pub(super) tell: Tell<'a>,
}

impl<T: Transport> Reading<'_, T> {
    /// Reads both sides of a tile and compares them.
    pub(super) async fn read(&self, tile: &Tile) -> TileOutcome {
        self.wait().await;
        if self.stop.get() {
            return TileOutcome::Stopped;
        }
        let slices = self.question.slices(tile);
        let outcome = if self.failures_in_a_row.get() >= FAILURES_IN_A_ROW {
            Err(Problem::of(ProblemSide::App, "notTried"))
        } else {
            match self.both_sides(tile, &slices).await {
                Ok(tables) => Ok(tables),
                Err(failure) if ends_everything(&failure) => {
                    return TileOutcome::Over(Box::new(failure.into()));
                }
                // Nobody waits for it any more.
                Err(_) if self.stop.get() => return TileOutcome::Stopped,
                Err(failure) => {
                    let is_too_large = self.is_too_large(tile, &failure);
                    if is_too_large || failure.may_pass_when_repeated() {
                        self.pace.borrow_mut().troubled();
                    }
                    if is_too_large {
                        self.cuts_in_a_row.set(self.cuts_in_a_row.get() + 1);
                        return TileOutcome::TooLarge;
                    }
                    self.failures_in_a_row.set(self.failures_in_a_row.get() + 1);
                    Err(failure.into())
                }
            }
        };
        let mut planned = Vec::with_capacity(slices.len());
        match outcome {
            Ok(tables) => {
                self.failures_in_a_row.set(0);
                self.cuts_in_a_row.set(0);
                for (slice, (theirs, ours)) in slices.into_iter().zip(tables) {
                    {
                        let mut progress = self.progress.borrow_mut();
                        progress.source_values += theirs.len() as u64;
                        progress.present_values += ours.len() as u64;
                    }
                    match self.plan(slice, &theirs, &ours).await {
                        Ok(plan) => planned.push(SliceOutcome::Planned(Box::new(plan))),
                        Err(failure) => return TileOutcome::Over(Box::new(failure.into())),
                    }
                }
            }
            Err(problem) => {
                let failed = |slice: &Slice| Box::new(self.failed(slice, problem.clone()));
                planned.extend(slices.iter().map(failed).map(SliceOutcome::Failed));
            }
        }
        let progress = {
            let mut progress = self.progress.borrow_mut();
            let size = self.tiles.borrow().size(tile);
            progress.done += u32::try_from(size).unwrap_or(u32::MAX);
            progress.clone()
        };
        (self.tell)(progress);
        TileOutcome::Read(planned)
    }

    /// Waits while the person wants it to.
    async fn wait(&self) {
        if self.pause.is_closed() {
            let tell = |paused| {
                self.progress.borrow_mut().paused = paused;
                let progress = self.progress.borrow().clone();
                (self.tell)(progress);
            };
            tell(true);
            self.pause.pass().await;
            tell(false);
        }
    }

    /// Whether smaller tiles may be read where this one failed so.
    fn is_too_large(&self, tile: &Tile, failure: &Failure) -> bool {
        let is_size = matches!(failure.kind, FailureKind::TimedOut | FailureKind::TooLarge);
        is_size && tile.is_divisible() && self.cuts_in_a_row.get() < CUTS_IN_A_ROW
    }

    /// The values of the source and of the destination, slice by slice.
    async fn both_sides(
        &self,
        tile: &Tile,
        slices: &[Slice],
    ) -> Result<Vec<(ValueTable, ValueTable)>, Failure> {
        let Some(first) = slices.first() else {
            return Ok(Vec::new());
        };
        let periods: Vec<Symbol> = slices.iter().map(|slice| slice.period).collect();
        let wanted = |set, org_units: Vec<Symbol>| {
            let symbols = self.symbols.borrow();
            let text = |symbol: &Symbol| symbols.text(*symbol).to_owned();
            wanted(
                text(&set),
                periods.iter().map(text).collect(),
                org_units.iter().map(text).collect(),
            )
        };
        let patience = if tile.is_divisible() && self.cuts_in_a_row.get() < CUTS_IN_A_ROW {
            Patience::DIVISIBLE
        } else {
            Patience::LARGE
        };
        let began = self.own.transport().millis();
        let source = async {
            let mut table = ValueTable::new();
            for set in &first.source_data_sets {
                // With those that were deleted: the evidence that a value is gone.
                let read = ValueRead {
                    with_deleted: true,
                    ..wanted(*set, first.source_org_units().collect())
                };
                read_into(self.source, read, patience, &mut table, &self.symbols).await?;
            }
            Ok(table)
        };
        let present = async {
            let mut table = ValueTable::new();
            let read = wanted(first.data_set, first.destination_org_units().collect());
            read_into(self.own, read, patience, &mut table, &self.symbols).await?;
            Ok(table)
        };
        let (source, present) = join!(source, present);
        let (source, present) = (source?, present?);
        let millis = self.own.transport().millis().saturating_sub(began);
        self.learn(tile, source.len().max(present.len()), millis);
        let unasked = |client: &Client<T>| {
            let words = "values of a period that was not asked for";
            Failure::new(
                client.side(),
                FailureKind::WrongContent,
                "dataValueSets",
                words,
            )
        };
        let theirs = by_period(source, &periods).ok_or_else(|| unasked(self.source))?;
        let ours = by_period(present, &periods).ok_or_else(|| unasked(self.own))?;
        Ok(theirs.into_iter().zip(ours).collect())
    }

    /// Notes how large a tile was and how long it took.
    fn learn(&self, tile: &Tile, values: usize, millis: u64) {
        let mut pace = self.pace.borrow_mut();
        let mut tiles = self.tiles.borrow_mut();
        // More than half of what was wanted is as good as all of it.
        let was_full = tiles.expected(tile) * 2 >= pace.values();
        pace.finished(values, millis, was_full);
        tiles.learn(tile, values);
    }

    /// The plan of a slice. Where its data set is under approval, what would be sent is
    /// asked about, and compared again if some of it is approved. Fails where nothing more
    /// can be read at all.
    async fn plan(
        &self,
        slice: Slice,
        theirs: &ValueTable,
        ours: &ValueTable,
    ) -> Result<SlicePlan, Failure> {
        let planned = self.compare(&slice, theirs, ours, &[]);
        let questions = approvals::questions(&planned, self.prepared, &self.symbols.borrow());
        let approved = self.approvals.ask(self.own, questions).await?;
        Ok(if approved.is_empty() {
            planned
        } else {
            self.compare(&slice, theirs, ours, &approved)
        })
    }

    fn compare(
        &self,
        slice: &Slice,
        theirs: &ValueTable,
        ours: &ValueTable,
        approved: &[(Symbol, Symbol)],
    ) -> SlicePlan {
        let mut symbols = self.symbols.borrow_mut();
        let mut rules = SliceRules::new(
            &self.prepared.destination,
            &self.prepared.rights,
            self.prepared.today,
            slice,
            &mut symbols,
        );
        for &(org_unit, attribute) in approved {
            rules.approve(org_unit, attribute);
        }
        let seen = self.journal.seen.get(&(slice.data_set, slice.period));
        compare_slice(slice, self.compiled, &rules, &symbols, theirs, ours, seen)
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
