//! How many values a write holds: what is best for the server's version, and less while a write
//! takes long, so that the people there are not held up and no proxy gives up waiting.

/// A write that takes longer has to be smaller.
const SLOW_MILLIS: u64 = 10_000;
/// One that takes less may be larger again.
const QUICK_MILLIS: u64 = 5_000;
/// Below this the request costs more than its values.
const FEWEST_VALUES: usize = 100;

/// The size of the next write.
#[derive(Clone, Copy, Debug)]
pub(super) struct WritePace {
    size: usize,
    most: usize,
}

impl WritePace {
    /// At most so many values (`Differences::max_values_per_write`).
    pub(super) fn new(most: usize) -> Self {
        let most = most.max(1);
        Self { size: most, most }
    }

    /// How many values the next write may hold.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// A write of so many values took so long, with or without an answer.
    pub(super) fn finished(&mut self, values: usize, millis: u64) {
        if millis > SLOW_MILLIS {
            let half = values.min(self.size) / 2;
            self.size = half.max(FEWEST_VALUES).min(self.most);
        } else if millis < QUICK_MILLIS && values * 2 > self.size {
            self.size = (self.size * 2).min(self.most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_shrink_while_they_are_slow_and_grow_up_to_what_is_best() {
        let mut pace = WritePace::new(5_000);
        let mut after = |values, millis| {
            pace.finished(values, millis);
            pace.size()
        };
        assert_eq!(after(5_000, 4_000), 5_000);
        assert_eq!(after(5_000, 12_000), 2_500);
        assert_eq!(after(2_500, 7_000), 2_500);
        // A few values that take long say that even they are many.
        assert_eq!(after(600, 12_000), 300);
        assert_eq!(after(300, 300_000), 150);
        assert_eq!(after(150, 300_000), FEWEST_VALUES);
        // A few that are quick say nothing of many.
        assert_eq!(after(10, 100), FEWEST_VALUES);
        let grown: Vec<_> = [100, 200, 400, 800, 1_600, 3_200]
            .map(|n| after(n, 900))
            .into();
        assert_eq!(grown, [200, 400, 800, 1_600, 3_200, 5_000]);
        assert_eq!(WritePace::new(0).size(), 1);
    }
}
