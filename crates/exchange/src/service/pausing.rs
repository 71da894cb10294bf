//! Tells the person that a request is being waited for before it is tried again. The pauses are
//! made deep in the client; whoever works long lets them be told beside its own progress.

use std::cell::RefCell;
use std::future::poll_fn;
use std::pin::pin;

use tributary_dhis2::patience::Pauses;

use super::Tell;
use crate::question::{Progress, Waiting};

/// Answers a question with `answer`, whose progress is told to `tell`, and with it every pause
/// that is made meanwhile. All is on one thread: a pause begins, goes on and ends only while
/// the answer is being worked at, so that it is enough to look after each step of that.
pub(super) async fn told<Q, R>(
    pauses: &Pauses,
    tell: Tell<'_>,
    question: Q,
    answer: impl AsyncFnOnce(Q, Tell<'_>) -> R,
) -> R {
    let last = RefCell::new(Progress::default());
    let note_and_tell = |progress: Progress| {
        last.replace(progress.clone());
        tell(with_pause(progress, pauses));
    };
    let mut answering = pin!(answer(question, &note_and_tell));
    poll_fn(|context| {
        let outcome = answering.as_mut().poll(context);
        if pauses.take_news() && outcome.is_pending() {
            tell(with_pause(last.borrow().clone(), pauses));
        }
        outcome
    })
    .await
}

fn with_pause(progress: Progress, pauses: &Pauses) -> Progress {
    let waiting = pauses.longest().map(|pause| Waiting {
        side: pause.side.into(),
        seconds: pause.seconds_left,
        attempt: pause.attempt,
        attempts: pause.attempts,
    });
    Progress {
        waiting,
        ..progress
    }
}
