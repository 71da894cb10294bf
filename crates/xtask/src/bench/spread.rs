//! Several measurements of one thing: the least, the middle and the greatest.

/// Measurements in order of size; never empty.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spread(Vec<f64>);

impl Spread {
    /// Of numbers; none if there are none.
    pub(super) fn of(numbers: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = numbers.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        (!sorted.is_empty()).then_some(Self(sorted))
    }

    pub(super) fn least(&self) -> f64 {
        self.0.first().copied().unwrap_or_default()
    }

    /// The middle one; of an even number the mean of the two in the middle.
    pub(super) fn median(&self) -> f64 {
        let half = self.0.len() / 2;
        let upper = self.0.get(half).copied().unwrap_or_default();
        if self.0.len() % 2 == 1 {
            return upper;
        }
        let lower = half.checked_sub(1).and_then(|index| self.0.get(index));
        f64::midpoint(lower.copied().unwrap_or(upper), upper)
    }

    pub(super) fn greatest(&self) -> f64 {
        self.0.last().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(numbers: &[f64], expected: (f64, f64, f64)) {
        let spread = Spread::of(numbers.iter().copied()).unwrap();
        let seen = (spread.least(), spread.median(), spread.greatest());
        assert_eq!(seen, expected, "{numbers:?}");
    }

    #[test]
    fn least_median_and_greatest() {
        check(&[3.0], (3.0, 3.0, 3.0));
        check(&[3.0, 1.0, 8.0], (1.0, 3.0, 8.0));
        check(&[4.0, 1.0, 8.0, 2.0], (1.0, 3.0, 8.0));
        assert_eq!(Spread::of([]), None);
    }
}
