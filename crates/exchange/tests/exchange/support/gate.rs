//! A gate that every request passes: it holds those that a test wants held until they are let
//! go, and remembers how many were under way at once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

/// Requests are told apart by their line: method, a blank, and the path without its query.
pub type Which = fn(&str) -> bool;

/// Reads of values, at either side.
pub fn reads(line: &str) -> bool {
    line.contains("dataValueSets.")
}

/// Those of the source.
pub fn source_reads(line: &str) -> bool {
    reads(line) && line.contains("/run/")
}

/// Those of the destination.
pub fn own_reads(line: &str) -> bool {
    reads(line) && !line.contains("/run/")
}

/// Writes of values.
pub fn writes(line: &str) -> bool {
    line == "POST api/dataValueSets"
}

/// The gate; open for all until something is to be held.
#[derive(Clone, Default)]
pub struct Gate(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    holds: Option<Which>,
    /// Every request that came, in this order: its line, and when it was answered.
    came: Vec<Passage>,
    /// Who waits, by the place of the request.
    held: BTreeMap<usize, Option<Waker>>,
    /// Comings and answers so far.
    moments: usize,
}

struct Passage {
    line: String,
    from: usize,
    until: Option<usize>,
}

/// A request on its way; answered when this is dropped.
pub struct Pass {
    gate: Gate,
    place: usize,
}

impl Gate {
    /// Holds these from now on.
    pub fn hold(&self, which: Which) {
        self.0.borrow_mut().holds = Some(which);
    }

    /// Holds none any more.
    pub fn open(&self) {
        self.0.borrow_mut().holds = None;
        let came = self.0.borrow().came.len();
        for place in 0..came {
            self.let_go(place);
        }
    }

    /// Lets one go, by its place among all that came.
    pub fn let_go(&self, place: usize) {
        let waker = self.0.borrow_mut().held.remove(&place);
        if let Some(waker) = waker.flatten() {
            waker.wake();
        }
    }

    /// The places of those that are held, in the order in which they came.
    pub fn held(&self, which: Which) -> Vec<usize> {
        let state = self.0.borrow();
        let held = state.held.keys().copied();
        held.filter(|place| which(&state.came[*place].line))
            .collect()
    }

    /// How many came so far.
    pub fn came(&self, which: Which) -> usize {
        let state = self.0.borrow();
        let came = state.came.iter();
        came.filter(|passage| which(&passage.line)).count()
    }

    /// How many were under way at the same moment, at most.
    pub fn most_at_once(&self, which: Which) -> usize {
        let state = self.0.borrow();
        let all = || state.came.iter().filter(|passage| which(&passage.line));
        let at = |moment: usize| {
            let is_open = |passage: &&Passage| {
                passage.from <= moment && passage.until.is_none_or(|until| until > moment)
            };
            all().filter(is_open).count()
        };
        all().map(|passage| at(passage.from)).max().unwrap_or(0)
    }

    /// A request comes.
    pub async fn enter(&self, line: &str) -> Pass {
        let place = {
            let mut state = self.0.borrow_mut();
            state.moments += 1;
            let from = state.moments;
            state.came.push(Passage {
                line: line.to_owned(),
                from,
                until: None,
            });
            let place = state.came.len() - 1;
            if state.holds.is_some_and(|holds| holds(line)) {
                state.held.insert(place, None);
            }
            place
        };
        let pass = Pass {
            gate: self.clone(),
            place,
        };
        poll_fn(|context| match self.0.borrow_mut().held.get_mut(&place) {
            None => Poll::Ready(()),
            Some(waker) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
        })
        .await;
        pass
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut state = self.gate.0.borrow_mut();
        state.moments += 1;
        let now = state.moments;
        state.held.remove(&self.place);
        state.came[self.place].until = Some(now);
    }
}
