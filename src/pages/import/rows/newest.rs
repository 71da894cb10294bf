//! One question at a time, and of those that wait only the newest: somebody who types or sorts
//! quickly never waits for answers that nobody looks at any more.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// The queue of one table.
#[derive(Clone, Default)]
pub(super) struct Newest(Rc<RefCell<Queue>>);

#[derive(Default)]
struct Queue {
    /// Somebody has the turn.
    is_taken: bool,
    /// Counts those who came; the last one is the newest.
    last: u32,
    waiting: Option<Waker>,
}

/// The turn; it ends when this is dropped.
pub(super) struct Turn(Rc<RefCell<Queue>>);

impl Newest {
    /// Waits for the turn. None for one that somebody newer came after: it is never had.
    pub(super) async fn turn(&self) -> Option<Turn> {
        let mine = {
            let mut queue = self.0.borrow_mut();
            queue.last = queue.last.wrapping_add(1);
            if let Some(older) = queue.waiting.take() {
                older.wake();
            }
            queue.last
        };
        poll_fn(|context| {
            let mut queue = self.0.borrow_mut();
            if queue.last != mine {
                return Poll::Ready(None);
            }
            if queue.is_taken {
                queue.waiting = Some(context.waker().clone());
                return Poll::Pending;
            }
            queue.is_taken = true;
            Poll::Ready(Some(Turn(Rc::clone(&self.0))))
        })
        .await
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let waiting = {
            let mut queue = self.0.borrow_mut();
            queue.is_taken = false;
            queue.waiting.take()
        };
        if let Some(waiting) = waiting {
            waiting.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::Context;

    #[test]
    fn of_those_that_wait_only_the_newest_gets_a_turn() {
        let newest = Newest::default();
        let mut context = Context::from_waker(Waker::noop());
        let mut first = pin!(newest.turn());
        let Poll::Ready(Some(turn)) = first.as_mut().poll(&mut context) else {
            panic!("nobody else is there");
        };
        let mut second = pin!(newest.turn());
        assert!(second.as_mut().poll(&mut context).is_pending());
        let mut third = pin!(newest.turn());
        assert!(third.as_mut().poll(&mut context).is_pending());
        assert!(matches!(
            second.as_mut().poll(&mut context),
            Poll::Ready(None)
        ));
        assert!(third.as_mut().poll(&mut context).is_pending());
        drop(turn);
        assert!(matches!(
            third.as_mut().poll(&mut context),
            Poll::Ready(Some(_))
        ));
    }
}
