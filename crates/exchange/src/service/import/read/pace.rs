//! How much one read asks for and how many reads are under way, by how quickly the servers
//! answer. Their own people come first: a read is to take a few seconds, there are never more
//! than two at each side, and only one while a server is slower than it was.
//!
//! Pure: it is told what came of each read and asked before the next.

/// Reads under way at a time, at each side.
pub(super) const MOST_AT_A_TIME: usize = 2;

/// What the first read asks for. 16 000 values took a 2.43.1 server 1.6 s as CSV.
const FIRST_VALUES: usize = 5_000;
/// Both sides of a slice are held while it is compared: some ten MB for so many values.
const MOST_VALUES: usize = 50_000;
/// Below this a request costs more than its values.
const FEWEST_VALUES: usize = 100;

/// A read that takes less may be larger next time.
const QUICK_MILLIS: u64 = 1_000;
/// One that takes more has to be smaller.
const SLOW_MILLIS: u64 = 5_000;

/// Values that cost about as much as the request that they come in.
const VALUES_OF_A_REQUEST: usize = 1_000;
/// So many times slower than at its best is a server that has other work to do.
const MUCH_SLOWER: u64 = 4;
/// Reads in a row after which two are tried again.
const GOOD_ONES: u32 = 4;

/// What is known of how the servers answer.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    values: usize,
    most: usize,
    at_a_time: usize,
    /// Of the quickest read, in microseconds for each value, the request counted as some.
    best: Option<u64>,
    good: u32,
}

impl Pace {
    /// For reads of no more than so many values.
    pub(super) fn new(most: usize) -> Self {
        let most = most.min(MOST_VALUES);
        Self {
            values: FIRST_VALUES.min(most),
            most,
            at_a_time: MOST_AT_A_TIME,
            best: None,
            good: 0,
        }
    }

    /// How many values the next read is to ask for, as far as that can be foreseen.
    pub(super) fn values(&self) -> usize {
        self.values
    }

    /// How many reads may be under way.
    pub(super) fn at_a_time(&self) -> usize {
        self.at_a_time
    }

    /// A read came to its end: how many values the larger side had, how long the slower one
    /// took with all pauses, and whether the read was about as large as was wanted.
    pub(super) fn finished(&mut self, values: usize, millis: u64, was_full: bool) {
        if millis > SLOW_MILLIS {
            self.values = (self.values / 2).max(FEWEST_VALUES).min(self.most);
        } else if millis < QUICK_MILLIS && was_full {
            self.values = (self.values * 2).min(self.most);
        }
        let counted = u64::try_from(values + VALUES_OF_A_REQUEST).unwrap_or(u64::MAX);
        let cost = millis.saturating_mul(1_000) / counted;
        let best = self.best.map_or(cost, |best| best.min(cost)).max(1);
        self.best = Some(best);
        if millis >= QUICK_MILLIS && cost > best.saturating_mul(MUCH_SLOWER) {
            self.slow_down();
        } else {
            self.good += 1;
            if self.good >= GOOD_ONES {
                self.at_a_time = MOST_AT_A_TIME;
            }
        }
    }

    /// A read did not come to its end in time, or a server asked to be left alone.
    pub(super) fn troubled(&mut self) {
        self.values = (self.values / 4).max(FEWEST_VALUES).min(self.most);
        self.slow_down();
    }

    fn slow_down(&mut self) {
        self.at_a_time = 1;
        self.good = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values and reads at a time after each read of (values, milliseconds, full).
    fn after(reads: &[(usize, u64, bool)]) -> Vec<(usize, usize)> {
        let mut pace = Pace::new(usize::MAX);
        let seen = reads.iter().map(|&(values, millis, was_full)| {
            pace.finished(values, millis, was_full);
            (pace.values(), pace.at_a_time())
        });
        seen.collect()
    }

    #[test]
    fn reads_grow_while_they_are_quick_and_shrink_when_they_are_slow() {
        let quick = after(&[(5_000, 400, true); 5]);
        let sizes: Vec<_> = quick.iter().map(|(values, _)| *values).collect();
        assert_eq!(sizes, [10_000, 20_000, 40_000, 50_000, 50_000]);
        // A read that could not be larger says nothing about larger ones.
        assert_eq!(after(&[(16, 20, false)]), [(5_000, 2)]);
        // Within what is wanted it stays.
        assert_eq!(after(&[(5_000, 1_000, true)]), [(5_000, 2)]);
        assert_eq!(after(&[(5_000, 5_000, true)]), [(5_000, 2)]);
        let slow = after(&[(5_000, 9_000, true); 8]);
        assert_eq!(slow.first(), Some(&(2_500, 2)));
        assert_eq!(slow.last(), Some(&(FEWEST_VALUES, 2)));
        assert_eq!(slow[5], (FEWEST_VALUES, 2));
    }

    #[test]
    fn one_at_a_time_while_a_server_is_slower_than_it_was() {
        let mut pace = Pace::new(usize::MAX);
        pace.finished(5_000, 600, true);
        assert_eq!(pace.at_a_time(), 2);
        // Twice as much takes twice as long: that is no slower.
        pace.finished(11_000, 1_300, true);
        assert_eq!(pace.at_a_time(), 2);
        pace.finished(5_000, 2_500, true);
        assert_eq!(pace.at_a_time(), 1);
        for _ in 1..GOOD_ONES {
            pace.finished(5_000, 700, true);
            assert_eq!(pace.at_a_time(), 1);
        }
        pace.finished(5_000, 700, true);
        assert_eq!(pace.at_a_time(), 2);
        // A few milliseconds more or less mean nothing.
        pace.finished(0, 2, false);
        pace.finished(0, 40, false);
        assert_eq!(pace.at_a_time(), 2);
    }

    #[test]
    fn trouble_makes_reads_smaller_and_fewer() {
        let mut pace = Pace::new(usize::MAX);
        pace.troubled();
        assert_eq!((pace.values(), pace.at_a_time()), (1_250, 1));
        for _ in 0..9 {
            pace.troubled();
        }
        assert_eq!((pace.values(), pace.at_a_time()), (FEWEST_VALUES, 1));
    }
}
