//! Time that only the simulation advances, and the one thread that everything runs on. Where
//! all wait, the clock jumps to the moment that the first of them waits for; nothing sleeps.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// Noon of the recordings' day, in milliseconds since 1970: 2026-11-22T12:00 UTC.
const BEGINNING: i64 = 1_795_348_800_000;

/// Simulated time.
#[derive(Clone, Debug)]
pub struct Time {
    now: Arc<AtomicI64>,
    waiting: Rc<RefCell<BTreeMap<(i64, u64), Waker>>>,
    next: Rc<Cell<u64>>,
}

/// How a future ended.
#[derive(Debug)]
pub enum Ended<T> {
    /// By itself.
    Done(T),
    /// It was dropped where it waited: the tab was killed.
    Killed,
    /// It waits for something that never comes.
    Stuck,
}

impl Default for Time {
    fn default() -> Self {
        Self {
            now: Arc::new(AtomicI64::new(BEGINNING)),
            waiting: Rc::default(),
            next: Rc::default(),
        }
    }
}

impl Time {
    /// Milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    /// The same clock for a server.
    pub fn clock(&self) -> Arc<AtomicI64> {
        Arc::clone(&self.now)
    }

    /// Waits so many milliseconds.
    pub fn sleep(&self, millis: u64) -> Sleep {
        let number = self.next.get();
        self.next.set(number + 1);
        let until = self.now() + i64::try_from(millis).unwrap_or(i64::MAX / 2);
        Sleep {
            time: self.clone(),
            key: (until, number),
        }
    }

    /// Lets time pass with nothing going on.
    pub fn pass(&self, millis: i64) {
        self.now.fetch_add(millis, Ordering::Relaxed);
    }

    /// Runs a future; drops it where it still goes on after `life` milliseconds.
    pub fn run<F: Future>(&self, future: F, life: Option<u64>) -> Ended<F::Output> {
        let death = life.map(|millis| self.now() + i64::try_from(millis).unwrap_or(0));
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        let waker = Waker::from(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            while woken.0.swap(false, Ordering::Relaxed) {
                if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                    return Ended::Done(output);
                }
            }
            let first = self.waiting.borrow_mut().pop_first();
            let Some(((moment, _), waker)) = first else {
                return Ended::Stuck;
            };
            if death.is_some_and(|death| moment > death) {
                return Ended::Killed;
            }
            self.now.store(moment.max(self.now()), Ordering::Relaxed);
            waker.wake();
        }
    }
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Waits for a moment.
pub struct Sleep {
    time: Time,
    key: (i64, u64),
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.time.now() >= self.key.0 {
            return Poll::Ready(());
        }
        let mut waiting = self.time.waiting.borrow_mut();
        waiting.insert(self.key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.time.waiting.borrow_mut().remove(&self.key);
    }
}
