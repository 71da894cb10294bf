//! Time that only a test advances, and a place in it where a request is held.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::{Poll, Waker};

use futures_util::future::{Either, select};

/// Noon of the recordings' day: 2026-11-22T12:00 UTC.
const NOON: i64 = 1_795_348_800_000;

/// What each request takes.
pub const REQUEST_MILLIS: i64 = 100;

/// A clock that stands still until somebody advances it, shared with a server.
#[derive(Clone, Debug)]
pub struct Time {
    pub now: Arc<AtomicI64>,
    waiting: Rc<RefCell<Vec<(i64, Waker)>>>,
}

impl Default for Time {
    fn default() -> Self {
        Self {
            now: Arc::new(AtomicI64::new(NOON)),
            waiting: Rc::default(),
        }
    }
}

impl Time {
    pub fn millis(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    /// Lets time pass; whoever waited for a moment of it goes on.
    pub fn pass(&self, millis: i64) {
        let now = self.now.fetch_add(millis, Ordering::Relaxed) + millis;
        let waiting = self.waiting.take();
        let (due, later) = waiting.into_iter().partition(|(moment, _)| *moment <= now);
        self.waiting.replace(later);
        let due: Vec<(i64, Waker)> = due;
        due.into_iter().for_each(|(_, waker)| waker.wake());
    }

    pub async fn wait(&self, millis: u32) {
        let until = self.millis() + i64::from(millis);
        poll_fn(|context| {
            if self.millis() >= until {
                return Poll::Ready(());
            }
            let waker = context.waker().clone();
            self.waiting.borrow_mut().push((until, waker));
            Poll::Pending
        })
        .await;
    }
}

/// Where a request is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// On its way to the server.
    Before,
    /// It was carried out, and its answer is on the way.
    After,
}

/// Holds one request of those to come, until it is let go.
#[derive(Clone, Debug, Default)]
pub struct Latch {
    at: Rc<Cell<Option<(usize, Held)>>>,
    is_reached: Rc<Cell<bool>>,
    wakers: Rc<RefCell<Vec<Waker>>>,
}

impl Latch {
    /// Holds the request of this number, counted from 1 from now on.
    pub fn hold(&self, number: usize, held: Held) {
        self.at.set(Some((number, held)));
        self.is_reached.set(false);
    }

    /// Lets it go, and holds none.
    pub fn open(&self) {
        self.at.set(None);
        self.is_reached.set(false);
        self.wakers.take().into_iter().for_each(Waker::wake);
    }

    /// Whether this one is to be held; counts.
    pub fn counts(&self) -> Option<Held> {
        let (number, held) = self.at.get()?;
        self.at.set(Some((number.saturating_sub(1), held)));
        (number == 1).then_some(held)
    }

    /// A request waits here.
    pub async fn wait(&self) {
        self.is_reached.set(true);
        self.wakers.take().into_iter().for_each(Waker::wake);
        self.until(|| !self.is_reached.get()).await;
    }

    async fn until(&self, is_so: impl Fn() -> bool) {
        poll_fn(|context| {
            if is_so() {
                return Poll::Ready(());
            }
            self.wakers.borrow_mut().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// Lets `work` go on until the request is held; what came of it where it never was.
    pub async fn reached<F: Future + Unpin>(&self, work: &mut F) -> Option<F::Output> {
        let reached = pin!(self.until(|| self.is_reached.get()));
        match select(work, reached).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(_) => None,
        }
    }
}
