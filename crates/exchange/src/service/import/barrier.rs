//! Something that work waits at until it is opened: the pause that a person asked for, or
//! one's turn where two would get in each other's way. All on one thread, as everything here.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// Open at first.
#[derive(Debug, Default)]
pub(in crate::service) struct Barrier {
    closed: Cell<bool>,
    waiting: RefCell<Vec<Waker>>,
}

impl Barrier {
    /// Whoever comes from now on waits.
    pub(in crate::service) fn close(&self) {
        self.closed.set(true);
    }

    /// Everybody goes on.
    pub(in crate::service) fn open(&self) {
        self.closed.set(false);
        for waker in self.waiting.take() {
            waker.wake();
        }
    }

    /// Whether somebody who came now would wait.
    pub(in crate::service) fn is_closed(&self) -> bool {
        self.closed.get()
    }

    /// Waits until it is open.
    pub(in crate::service) async fn pass(&self) {
        poll_fn(|context| {
            if self.closed.get() {
                self.waiting.borrow_mut().push(context.waker().clone());
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })
        .await;
    }

    /// Waits until it is open and closes it behind oneself, until the turn is dropped.
    pub(in crate::service) async fn turn(&self) -> Turn<'_> {
        // Between the two nobody else runs.
        self.pass().await;
        self.close();
        Turn(self)
    }
}

/// Opens the barrier when it is dropped.
#[derive(Debug)]
pub(in crate::service) struct Turn<'a>(&'a Barrier);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.open();
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Context;

    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn whoever_comes_while_it_is_closed_waits() {
        let barrier = Barrier::default();
        assert!(barrier.pass().now_or_never().is_some());
        barrier.close();
        let mut waits = pin!(barrier.pass());
        let mut context = Context::from_waker(Waker::noop());
        assert!(waits.as_mut().poll(&mut context).is_pending());
        barrier.open();
        assert!(waits.as_mut().poll(&mut context).is_ready());
    }

    #[test]
    fn one_after_the_other() {
        let barrier = Barrier::default();
        let first = barrier.turn().now_or_never().unwrap();
        let mut second = pin!(barrier.turn());
        let mut third = pin!(barrier.turn());
        let mut context = Context::from_waker(Waker::noop());
        assert!(second.as_mut().poll(&mut context).is_pending());
        assert!(third.as_mut().poll(&mut context).is_pending());
        drop(first);
        let Poll::Ready(turn) = third.as_mut().poll(&mut context) else {
            panic!("it is free");
        };
        assert!(second.as_mut().poll(&mut context).is_pending());
        drop(turn);
        assert!(second.as_mut().poll(&mut context).is_ready());
    }
}
