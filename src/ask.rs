//! How a screen asks the engine: `ask(&OpenSession {}).await`. The question goes to the Web
//! Worker as one line of JSON; what comes back is its answer or the problem, after any number
//! of progress notices.

use crate::browser::worker::WorkerLine;
use serde_json::{from_str, to_string};
use std::cell::RefCell;
use std::collections::HashMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};
use tributary_exchange::problem::{Problem, ProblemSide};
use tributary_exchange::question::{Area, Asked, Progress, Question, Told};

type Outcome = Result<String, Box<Problem>>;

/// What became of a question, for whoever waits for it.
#[derive(Default)]
struct Waiting {
    outcome: Option<Outcome>,
    waker: Option<Waker>,
}

struct Pending {
    waiting: Rc<RefCell<Waiting>>,
    on_progress: Rc<dyn Fn(Progress)>,
}

#[derive(Default)]
struct Desk {
    line: Option<WorkerLine>,
    last_id: u32,
    pending: HashMap<u32, Pending>,
}

thread_local! {
    static DESK: RefCell<Desk> = RefCell::default();
}

/// Asks, and waits for the answer.
///
/// # Errors
/// The engine's [`Problem`]; `engineStopped` when the Worker died meanwhile.
pub async fn ask<Q: Question>(question: &Q) -> Result<Q::Answer, Problem> {
    ask_with_progress(question, |_| {}).await
}

/// Asks, is told how far it has come, and waits for the answer.
///
/// # Errors
/// As [`ask`].
pub async fn ask_with_progress<Q: Question>(
    question: &Q,
    on_progress: impl Fn(Progress) + 'static,
) -> Result<Q::Answer, Problem> {
    let body = to_string(question).map_err(|error| broken(&error))?;
    let answer = send(Q::AREA, Q::NAME, body, Rc::new(on_progress))
        .await
        .map_err(|problem| *problem)?;
    from_str(&answer).map_err(|error| broken(&error))
}

/// Ends the Worker at once and with it everything that is being done; for a person who
/// does not want to wait for a slice to end. The next question starts a new one.
pub fn stop_engine() {
    let line = DESK.with_borrow(|desk| desk.line.clone());
    if let Some(line) = line {
        line.stop();
    }
    fail_all("");
}

async fn send(area: Area, name: &str, body: String, on_progress: Rc<dyn Fn(Progress)>) -> Outcome {
    let waiting = Rc::new(RefCell::new(Waiting::default()));
    let (line, id) = DESK.with_borrow_mut(|desk| {
        desk.last_id = desk.last_id.wrapping_add(1);
        desk.pending.insert(
            desk.last_id,
            Pending {
                waiting: Rc::clone(&waiting),
                on_progress,
            },
        );
        let line = desk
            .line
            .get_or_insert_with(|| WorkerLine::new(receive, |reason| fail_all(&reason)));
        (line.clone(), desk.last_id)
    });
    let asked = Asked {
        id,
        area,
        name: name.to_owned(),
        body,
    };
    line.send(&to_string(&asked).map_err(|error| Box::new(broken(&error)))?);
    poll_fn(move |context| {
        let mut waiting = waiting.borrow_mut();
        if let Some(outcome) = waiting.outcome.take() {
            return Poll::Ready(outcome);
        }
        waiting.waker = Some(context.waker().clone());
        Poll::Pending
    })
    .await
}

fn receive(text: String) {
    match from_str::<Told>(&text) {
        Ok(Told::Answer { id, outcome }) => {
            if let Some(pending) = DESK.with_borrow_mut(|desk| desk.pending.remove(&id)) {
                settle(&pending, outcome);
            }
        }
        Ok(Told::Progress { id, progress }) => {
            let listener = DESK.with_borrow(|desk| {
                desk.pending
                    .get(&id)
                    .map(|pending| Rc::clone(&pending.on_progress))
            });
            if let Some(listener) = listener {
                listener(progress);
            }
        }
        // Both ends are one build; this is a fault of ours, and everybody waiting is told.
        Err(error) => fail_all(&error.to_string()),
    }
}

fn fail_all(reason: &str) {
    let pending = DESK.with_borrow_mut(|desk| std::mem::take(&mut desk.pending));
    let mut pending: Vec<(u32, Pending)> = pending.into_iter().collect();
    pending.sort_by_key(|(id, _)| *id);
    for (_, one) in pending {
        let problem = Problem::of(ProblemSide::App, "engineStopped").with_message(reason);
        settle(&one, Err(Box::new(problem)));
    }
}

fn settle(pending: &Pending, outcome: Outcome) {
    let waker = {
        let mut waiting = pending.waiting.borrow_mut();
        waiting.outcome = Some(outcome);
        waiting.waker.take()
    };
    if let Some(waker) = waker {
        waker.wake();
    }
}

fn broken(error: &serde_json::Error) -> Problem {
    Problem::of(ProblemSide::App, "brokenMessage").with_message(error.to_string())
}
