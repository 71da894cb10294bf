//! Trying again: which failed reads are sent once more, after how long, and how often.
//!
//! A read changes nothing, so it is repeated where the failure may pass: no answer, no answer
//! in time, 5xx, a body that was cut off or is a proxy's page. Between two tries there is a
//! pause that doubles, with some chance in it, so that all who met the same trouble do not
//! come back at the same moment. Refusals (401, 403, 404, 409) are never repeated. A server
//! that says how long to wait (429, 503 with `Retry-After`) is obeyed, and not asked at all
//! where that is longer than anybody would sit and watch.
//!
//! A write is repeated only after a 429, which the server gives before it looks at the body.
//! Whatever else became of one is found out by reading back, which is the caller's work.
//!
//! [`Patience`] decides, [`Pauses`] is where the caller sees that it is waited, and says that
//! nobody wants to wait any more.

use crate::failure::{Failure, FailureKind, Side};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A pause looks this often whether it is still wanted, in milliseconds.
const LOOK_MILLIS: u32 = 250;

/// How often something is tried, and the pauses between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How often it is tried in all.
    pub attempts: u32,
    /// How often in all where no answer came in time: each such try was a long wait itself.
    pub attempts_without_answer: u32,
    /// The pause after the first failure, in milliseconds; it doubles with each.
    pub first_pause_millis: u32,
    /// The longest pause that is made without being asked to.
    pub longest_pause_millis: u32,
    /// The longest pause that a server may ask for; asked for more, it is not tried again.
    pub longest_told_millis: u32,
}

impl Patience {
    /// For what answers at once, and for which a person waits.
    pub const SMALL: Self = Self {
        attempts: 3,
        attempts_without_answer: 3,
        first_pause_millis: 500,
        ..Self::LARGE
    };
    /// For what may take minutes: metadata, values.
    pub const LARGE: Self = Self {
        attempts: 5,
        attempts_without_answer: 3,
        first_pause_millis: 1_000,
        longest_pause_millis: 30_000,
        longest_told_millis: 120_000,
    };
    /// For what can be cut in two where no answer comes in time: smaller parts are better
    /// than the same again.
    pub const DIVISIBLE: Self = Self {
        attempts_without_answer: 1,
        ..Self::LARGE
    };
    /// Once, whatever happens.
    pub const NONE: Self = Self {
        attempts: 1,
        attempts_without_answer: 1,
        ..Self::LARGE
    };

    /// How many milliseconds to wait before a *read* is tried again after its `failed`th
    /// failure (from 1); `None` where it is not. `chance` is from 0 to 1.
    #[must_use]
    pub fn pause(&self, failure: &Failure, failed: u32, chance: f64) -> Option<u32> {
        let attempts = match failure.kind {
            FailureKind::TimedOut => self.attempts_without_answer,
            // A page in place of an answer mostly stays one; a body that was cut off does not.
            // DHIS2's own 500 is mostly the same one again.
            FailureKind::WrongContent => self.attempts.min(2),
            FailureKind::ServerError if failure.status == Some(500) => self.attempts.min(2),
            _ => self.attempts,
        };
        let may = failure.may_pass_when_repeated() || failure.kind == FailureKind::TooManyRequests;
        if !may || failed >= attempts {
            return None;
        }
        if let Some(seconds) = failure.retry_after_seconds {
            let told = seconds.saturating_mul(1_000);
            // Not before the time, and not all at once at it.
            return (told <= self.longest_told_millis)
                .then(|| told.saturating_add(part(1_000, chance)));
        }
        // A server that asks to slow down without saying how long is given more time.
        let doublings = match failure.kind {
            FailureKind::TooManyRequests => failed + 2,
            _ => failed - 1,
        };
        let whole = self
            .first_pause_millis
            .saturating_mul(1_u32.checked_shl(doublings).unwrap_or(u32::MAX))
            .min(self.longest_pause_millis);
        Some(whole / 2 + part(whole / 2, chance))
    }

    /// The same for a *write*: only where the server said so before it looked at the body.
    #[must_use]
    pub fn pause_of_write(&self, failure: &Failure, failed: u32, chance: f64) -> Option<u32> {
        match failure.kind {
            FailureKind::TooManyRequests => self.pause(failure, failed, chance),
            _ => None,
        }
    }
}

/// `chance` of a span.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a chance from 0 to 1 of a span that is no longer than minutes"
)]
fn part(millis: u32, chance: f64) -> u32 {
    (f64::from(millis) * chance.clamp(0.0, 1.0)) as u32
}

/// A pause before something is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Who gave no usable answer.
    pub side: Side,
    /// How long it still lasts, rounded up.
    pub seconds_left: u32,
    /// Which try comes next, from 2.
    pub attempt: u32,
    /// How many there are at most.
    pub attempts: u32,
}

/// The pauses that are being made on behalf of one caller, and whether they are wanted.
#[derive(Debug, Default)]
pub struct Pauses {
    stopped: Rc<Cell<bool>>,
    under_way: RefCell<Vec<(u32, Pause)>>,
    begun: Cell<u32>,
    news: Cell<bool>,
}

impl Pauses {
    /// Pauses that end, and nothing is tried again, once `stopped` is set.
    #[must_use]
    pub fn until(stopped: Rc<Cell<bool>>) -> Self {
        Self {
            stopped,
            ..Self::default()
        }
    }

    /// The longest of those that are being made.
    #[must_use]
    pub fn longest(&self) -> Option<Pause> {
        let under_way = self.under_way.borrow();
        under_way
            .iter()
            .map(|(_, pause)| *pause)
            .max_by_key(|pause| pause.seconds_left)
    }

    /// Whether [`Pauses::longest`] may be another than when this was asked last.
    pub fn take_news(&self) -> bool {
        self.news.take()
    }

    /// Makes a pause of `millis`; `wait` lets so many milliseconds pass. Whether it lasted to
    /// its end, and something may be tried again.
    pub(crate) async fn make<F: Future<Output = ()>>(
        &self,
        pause: Pause,
        mut millis: u32,
        wait: impl Fn(u32) -> F,
    ) -> bool {
        let seat = Seat::take(self, pause);
        while millis > 0 && !self.stopped.get() {
            seat.show(millis.div_ceil(1_000));
            let step = millis.min(LOOK_MILLIS);
            wait(step).await;
            millis -= step;
        }
        !self.stopped.get()
    }
}

/// A pause's entry, removed also where nobody waits for its end any more.
struct Seat<'p>(&'p Pauses, u32);

impl<'p> Seat<'p> {
    fn take(pauses: &'p Pauses, pause: Pause) -> Self {
        let number = pauses.begun.get().wrapping_add(1);
        pauses.begun.set(number);
        pauses.under_way.borrow_mut().push((number, pause));
        pauses.news.set(true);
        Self(pauses, number)
    }

    fn show(&self, seconds_left: u32) {
        for (number, pause) in self.0.under_way.borrow_mut().iter_mut() {
            if *number == self.1 && pause.seconds_left != seconds_left {
                pause.seconds_left = seconds_left;
                self.0.news.set(true);
            }
        }
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        let own = self.1;
        self.0
            .under_way
            .borrow_mut()
            .retain(|(number, _)| *number != own);
        self.0.news.set(true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(kind: FailureKind, status: Option<u16>, told: Option<u32>) -> Failure {
        Failure {
            status,
            retry_after_seconds: told,
            ..Failure::new(Side::Source, kind, "x", "")
        }
    }

    #[test]
    fn pauses_double_up_to_a_bound_and_end() {
        let down = failure(FailureKind::NetworkDown, None, None);
        let patience = Patience {
            attempts: 9,
            ..Patience::LARGE
        };
        let pauses = |chance| -> Vec<_> {
            (1..10)
                .map(|failed| patience.pause(&down, failed, chance))
                .collect()
        };
        let of = |list: [u32; 8]| {
            let ends = [None];
            list.map(Some).into_iter().chain(ends).collect::<Vec<_>>()
        };
        let least = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000];
        assert_eq!(pauses(0.0), of(least));
        let most = least.map(|millis| millis * 2);
        assert_eq!(pauses(1.0), of(most));
    }

    #[test]
    fn what_is_repeated_and_how_often() {
        use FailureKind as K;
        for (kind, status, attempts) in [
            (K::NetworkDown, None, 5),
            (K::SourceUnreachable, Some(500), 5),
            (K::ServerError, Some(502), 5),
            (K::ServerError, Some(503), 5),
            (K::ServerError, Some(500), 2),
            (K::HostNotAllowedOrSourceDown, Some(503), 5),
            (K::TimedOut, Some(504), 3),
            (K::TimedOut, None, 3),
            (K::WrongContent, Some(200), 2),
            (K::TooManyRequests, Some(429), 5),
            (K::LoggedOut, Some(401), 1),
            (K::SourceRefusedLogin, Some(401), 1),
            (K::Forbidden, Some(403), 1),
            (K::RouteNotAllowed, Some(403), 1),
            (K::NotFound, Some(404), 1),
            (K::RouteMissing, Some(404), 1),
            (K::Conflict, Some(409), 1),
            (K::BadRequest, Some(400), 1),
            (K::TooLarge, Some(414), 1),
            (K::EmptyAnswer, Some(200), 1),
            (K::HostNotAllowed, Some(503), 1),
            (K::NotSendable, None, 1),
            (K::Interrupted, None, 1),
        ] {
            let failure = failure(kind, status, None);
            let made = (1..)
                .take_while(|failed| Patience::LARGE.pause(&failure, *failed, 0.5).is_some())
                .count();
            assert_eq!(made + 1, attempts, "{failure:?}");
            assert_eq!(Patience::NONE.pause(&failure, 1, 0.5), None);
            let write = Patience::LARGE.pause_of_write(&failure, 1, 0.5);
            assert_eq!(write.is_some(), failure.kind == K::TooManyRequests);
        }
    }

    #[test]
    fn a_server_is_obeyed_within_a_bound() {
        for (kind, status) in [
            (FailureKind::TooManyRequests, 429),
            (FailureKind::ServerError, 503),
        ] {
            let told = |seconds| failure(kind.clone(), Some(status), Some(seconds));
            let pause = |seconds, chance| Patience::LARGE.pause(&told(seconds), 1, chance);
            assert_eq!(pause(8, 0.0), Some(8_000));
            assert_eq!(pause(8, 1.0), Some(9_000));
            assert_eq!(pause(0, 0.0), Some(0));
            assert_eq!(pause(120, 0.0), Some(120_000));
            assert_eq!(pause(121, 0.0), None);
            assert_eq!(pause(u32::MAX, 0.0), None);
        }
        let untold = failure(FailureKind::TooManyRequests, Some(429), None);
        assert_eq!(Patience::LARGE.pause(&untold, 1, 0.0), Some(4_000));
        // A refusal that says when to come back stays one.
        let refused = failure(FailureKind::Forbidden, Some(403), Some(1));
        assert_eq!(Patience::LARGE.pause(&refused, 1, 0.0), None);
    }

    #[test]
    fn a_pause_is_seen_and_can_be_ended() {
        let stopped = Rc::new(Cell::new(false));
        let pauses = Pauses::until(Rc::clone(&stopped));
        let pause = Pause {
            side: Side::Source,
            seconds_left: 0,
            attempt: 2,
            attempts: 5,
        };
        let seen = RefCell::new(Vec::new());
        let passed = Cell::new(0);
        let wait = |millis| {
            passed.set(passed.get() + millis);
            if pauses.take_news() {
                let longest = pauses.longest();
                seen.borrow_mut()
                    .push(longest.map(|pause| pause.seconds_left));
            }
            std::future::ready(())
        };
        assert!(crate::testing::block_on(pauses.make(pause, 2_600, wait)));
        assert_eq!(passed.take(), 2_600);
        assert_eq!(seen.take(), [Some(3), Some(2), Some(1)]);
        assert_eq!((pauses.take_news(), pauses.longest()), (true, None));

        let wait = |millis| {
            passed.set(passed.get() + millis);
            stopped.set(true);
            std::future::ready(())
        };
        assert!(!crate::testing::block_on(pauses.make(pause, 60_000, wait)));
        assert_eq!(passed.take(), LOOK_MILLIS);
        assert_eq!(pauses.longest(), None);
    }
}
