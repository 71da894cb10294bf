//! The own entry, once it is made: refreshed while values are sent, removed when the run is
//! remembered.

use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::ops::Range;

use futures_util::join;
use tributary_dhis2::{Client, Failure, Transport};
use tributary_engine::journal;

use super::clock::{self, Now};
use super::records::{shorten, taken_over};
use super::slices::{self, State};
use super::{BEAT_MILLIS, CONFIRM_MILLIS, LOOK_MILLIS, MARKED_AT_ONCE};
use crate::problem::Problem;
use crate::questions::import::ReadPlan;
use crate::questions::runs::EarlierPart;
use crate::service::Service;
use crate::service::import::barrier::Barrier;
use crate::service::import::run::Run;
use crate::stored::running::{StoredCounts, StoredRunning};
use crate::stored::{NAMESPACE, running_key};

/// How often an entry is tried to be refreshed before the run ends for it.
const TRIES: u32 = 3;

/// The own entry of a run that goes on.
pub(in crate::service::import) struct Lease<'a, T> {
    service: &'a Service<T>,
    own: &'a Client<T>,
    key: String,
    record: RefCell<StoredRunning>,
    states: RefCell<Vec<State>>,
    /// Two refreshes at once would undo each other.
    turn: Barrier,
    /// Nobody refreshes any more.
    is_over: Cell<bool>,
    /// Why the run is not ours any more.
    lost: RefCell<Option<Problem>>,
    /// When it was last refreshed, by the clock for durations.
    refreshed: Cell<u64>,
    /// A slice was done since.
    has_news: Cell<bool>,
    /// Why there is no entry: the person may not make one.
    pub(in crate::service::import) not_announced: Option<Problem>,
}

/// What came of a refresh that was not stored.
enum Unrefreshed {
    /// Somebody else holds the run, or left it.
    Lost(Problem),
    /// It may be tried again.
    Failed(Failure),
}

impl<'a, T: Transport + Clone> Lease<'a, T> {
    /// A run whose entry has just been made; without one where the person may not make any.
    pub(super) fn new(
        service: &'a Service<T>,
        own: &'a Client<T>,
        key: String,
        record: StoredRunning,
        states: Vec<State>,
        not_announced: Option<Problem>,
    ) -> Self {
        Self {
            service,
            own,
            key,
            record: RefCell::new(record),
            states: RefCell::new(states),
            turn: Barrier::default(),
            is_over: Cell::new(not_announced.is_some()),
            lost: RefCell::new(None),
            refreshed: Cell::new(own.transport().millis()),
            has_news: Cell::new(false),
            not_announced,
        }
    }

    /// The slices at some places (counted among those of the run) are sent next: they and some
    /// of those behind them are marked as begun before anything of them is written.
    pub(in crate::service::import) async fn begin(
        &self,
        places: Range<usize>,
    ) -> Result<(), Problem> {
        let is_marked = {
            let mut states = self.states.borrow_mut();
            let next = states.get(places.clone()).unwrap_or_default();
            let is_marked = !next.contains(&State::Waiting);
            if !is_marked {
                let count = places.len().max(MARKED_AT_ONCE);
                for state in states.iter_mut().skip(places.start).take(count) {
                    if *state == State::Waiting {
                        *state = State::Begun;
                    }
                }
            }
            is_marked
        };
        if is_marked {
            self.check().await
        } else {
            self.refresh().await
        }
    }

    /// A slice is done: what became of its values is known.
    pub(in crate::service::import) fn done(&self, place: usize) {
        self.has_news.set(true);
        if let Some(state) = self.states.borrow_mut().get_mut(place) {
            *state = State::Done;
        }
    }

    /// Makes sure that the run is still ours, as far as that is not known; to be asked before
    /// each request that writes.
    pub(in crate::service::import) async fn check(&self) -> Result<(), Problem> {
        if let Some(problem) = self.lost.borrow().as_ref() {
            return Err(problem.clone());
        }
        let silent = self.own.transport().millis().abs_diff(self.refreshed.get());
        if silent > CONFIRM_MILLIS {
            return self.refresh().await;
        }
        Ok(())
    }

    /// Gives a sign of life now and then, until it is dropped. One that cannot be given is
    /// made up for by the next, or by [`Lease::check`].
    pub(in crate::service::import) async fn keep(&self) -> Infallible {
        loop {
            self.own.transport().wait(LOOK_MILLIS).await;
            let silent = self.own.transport().millis().abs_diff(self.refreshed.get());
            if self.has_news.get() || silent >= BEAT_MILLIS {
                // Why it failed is known to whoever sends next.
                let _ = self.refresh().await;
            }
        }
    }

    /// Brings refreshing to its end: none is under way when this is done, and none begins.
    pub(in crate::service::import) async fn rest(&self) {
        let _turn = self.turn.turn().await;
        self.is_over.set(true);
    }

    /// Stores how far the run is.
    async fn refresh(&self) -> Result<(), Problem> {
        let _turn = self.turn.turn().await;
        if self.is_over.get() {
            return Ok(());
        }
        if let Some(problem) = self.lost.borrow().as_ref() {
            return Err(problem.clone());
        }
        let mut tries = TRIES;
        loop {
            tries -= 1;
            match self.refresh_once().await {
                Ok(()) => return Ok(()),
                Err(Unrefreshed::Failed(failure))
                    if tries > 0 && failure.may_pass_when_repeated() => {}
                Err(Unrefreshed::Failed(failure)) => return Err(failure.into()),
                Err(Unrefreshed::Lost(problem)) => {
                    self.lost.replace(Some(problem.clone()));
                    self.service.held.replace(None);
                    return Err(problem);
                }
            }
        }
    }

    async fn refresh_once(&self) -> Result<(), Unrefreshed> {
        let theirs = self.own.stored::<StoredRunning>(NAMESPACE, &self.key);
        let (system, theirs) = join!(self.own.system_info(), theirs);
        let (system, theirs) = (
            system.map_err(Unrefreshed::Failed)?,
            theirs.map_err(Unrefreshed::Failed)?,
        );
        let theirs = theirs.ok_or_else(|| Unrefreshed::Lost(taken_over(None)))?;
        if theirs.token != self.record.borrow().token {
            return Err(Unrefreshed::Lost(taken_over(Some(&theirs))));
        }
        self.has_news.set(false);
        let next = self.next(&theirs, &clock::now(&system));
        self.own
            .store_over(NAMESPACE, &self.key, &next)
            .await
            .inspect_err(|_| self.has_news.set(true))
            .map_err(Unrefreshed::Failed)?;
        self.record.replace(next);
        self.refreshed.set(self.own.transport().millis());
        Ok(())
    }

    /// What is to be stored now.
    fn next(&self, theirs: &StoredRunning, now: &Now) -> StoredRunning {
        let states = self.states.borrow();
        let mut next = self.record.borrow().clone();
        let was_begun = slices::count(&next.slices).uncertain > 0 && !next.marked.is_empty();
        // Of the slices that were marked before, is one still under way?
        let is_going_on = slices::runs(&next.slices)
            .into_iter()
            .flat_map(|(count, state)| (0..count).map(move |_| state))
            .zip(states.iter())
            .any(|(before, now)| before == State::Begun && *now == State::Begun);
        if !(was_begun && is_going_on) {
            next.marked.clone_from(&now.text);
        }
        next.slices = slices::to_text(&states);
        next.sign.clone_from(&now.text);
        next.ahead = now.ahead.or(next.ahead);
        next.revision = theirs.revision.saturating_add(1);
        let found = with_run(self.service, |run| (counts(run), own_writes(run)));
        if let Some((counts, own)) = found {
            next.counts = counts;
            next.own = own;
        }
        shorten(&mut next);
        next
    }

    /// Removes the entry, now that the run is remembered. Where that fails it is found again
    /// by whoever comes next.
    pub(in crate::service::import) async fn release(&self) {
        let is_ours = self.lost.borrow().is_none() && self.not_announced.is_none();
        if is_ours && remove(self.own, &self.key).await {
            self.service.held.replace(None);
        }
    }

    /// Leaves the entry where it is, with how far the run came: something of it is not known.
    pub(in crate::service::import) async fn leave_behind(&self) {
        self.is_over.set(self.not_announced.is_some());
        // What is stored already is enough to find it again.
        let _ = self.refresh().await;
        self.is_over.set(true);
    }

    /// What was done before the interruption that this run goes on after.
    pub(in crate::service::import) fn earlier(&self) -> Option<EarlierPart> {
        let record = self.record.borrow();
        record.before.as_ref().map(|before| EarlierPart {
            began_at: before.began.clone(),
            written: before.written,
            rejected: before.rejected,
        })
    }
}

/// Removes an entry; tried twice.
async fn remove<T: Transport>(own: &Client<T>, key: &str) -> bool {
    for _ in 0..2 {
        if own.remove_stored(NAMESPACE, key).await.is_ok() {
            return true;
        }
    }
    false
}

/// A plan over what a run that was taken over was about has nothing to send: that run is over.
pub(in crate::service::import) async fn release_after_plan<T: Transport + Clone>(
    service: &Service<T>,
    own: &Client<T>,
    question: &ReadPlan,
) -> Result<(), Problem> {
    let held = service.held.borrow().clone();
    let Some(held) = held.filter(|held| held.exchange == question.exchange) else {
        return Ok(());
    };
    let key = running_key(&held.exchange, &held.id);
    let there = own.stored::<StoredRunning>(NAMESPACE, &key).await?;
    let is_the_same = there.is_some_and(|there| {
        there.token == held.token
            && there.periods == question.periods
            && there.org_units == question.org_units
    });
    if is_the_same && remove(own, &key).await {
        service.held.replace(None);
    }
    Ok(())
}

fn counts(run: &Run) -> StoredCounts {
    let total = run.log.as_ref().map(|log| log.total(&run.plan));
    total.map_or_else(StoredCounts::default, |total| StoredCounts {
        confirmed: total.confirmed,
        written: total.written,
        rejected: total.rejected,
    })
}

#[allow(
    clippy::iter_over_hash_type,
    reason = "what comes of it is put in order"
)]
fn own_writes(run: &Run) -> Vec<(String, String, i64, i64)> {
    let mut own = Vec::new();
    for (part, stamps) in &run.journal.written {
        let text = |symbol| run.symbols.text(symbol).to_owned();
        for go in journal::writes(stamps, "") {
            if let (Some(from), Some(to)) = (go.from.millis(), go.to.millis()) {
                own.push((text(part.0), text(part.1), from, to));
            }
        }
    }
    own.sort();
    own
}

/// Does something with the run that the Worker holds, if it holds one.
pub(super) fn with_run<T, R>(service: &Service<T>, work: impl FnOnce(&Run) -> R) -> Option<R> {
    service.run.borrow().as_ref().map(work)
}
