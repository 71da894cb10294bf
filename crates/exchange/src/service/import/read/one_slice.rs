//! One slice: both sides read, compared, and what is approved looked at.

use std::cell::{Cell as Flag, RefCell};

use futures_util::join;
use tributary_dhis2::values::ValueRead;
use tributary_dhis2::{Client, Failure, Transport};
use tributary_engine::compare::compare_slice;
use tributary_engine::mapping::CompiledMapping;
use tributary_engine::plan::SlicePlan;
use tributary_engine::preflight::SliceRules;
use tributary_engine::slice::Slice;
use tributary_engine::symbol::{Symbol, Symbols};
use tributary_engine::values::ValueTable;

use super::approvals::{self, Approvals};
use super::values::{ends_everything, read_into, wanted};
use crate::problem::{Problem, ProblemSide};
use crate::question::Progress;
use crate::questions::import::FailedSlice;
use crate::service::Tell;
use crate::service::import::journal::Journal;
use crate::service::import::prepare::Prepared;

/// After so many failed slices in a row the rest is not tried any more: the side is down.
const FAILURES_IN_A_ROW: u32 = 3;

/// What came of one slice.
pub(super) enum SliceOutcome {
    Planned(Box<SlicePlan>),
    Failed(Box<FailedSlice>),
    Stopped,
    /// Nothing more can be read at all: the session is over, the Route is gone …
    Over(Box<Problem>),
}

/// What all slices share while they are read.
pub(super) struct Reading<'a, T> {
    pub(super) own: &'a Client<T>,
    pub(super) source: &'a Client<T>,
    pub(super) prepared: &'a Prepared,
    pub(super) compiled: &'a CompiledMapping,
    pub(super) journal: &'a Journal,
    pub(super) symbols: RefCell<Symbols>,
    pub(super) progress: RefCell<Progress>,
    pub(super) failures_in_a_row: Flag<u32>,
    pub(super) approvals: Approvals,
    pub(super) stop: &'a Flag<bool>,
    pub(super) tell: Tell<'a>,
}

impl<T: Transport> Reading<'_, T> {
    /// Reads both sides of a slice and compares them.
    pub(super) async fn read(&self, slice: Slice) -> SliceOutcome {
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
                {
                    let mut progress = self.progress.borrow_mut();
                    progress.source_values += theirs.len() as u64;
                    progress.present_values += ours.len() as u64;
                }
                match self.plan(slice, &theirs, &ours).await {
                    Ok(plan) => SliceOutcome::Planned(Box::new(plan)),
                    Err(failure) => return SliceOutcome::Over(Box::new(failure.into())),
                }
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
                // With those that were deleted: the evidence that a value is gone.
                let read = ValueRead {
                    with_deleted: true,
                    ..wanted(set, &period, theirs.clone())
                };
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
