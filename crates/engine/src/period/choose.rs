//! The rules by which an exchange names its periods.

use chrono::{Datelike, NaiveDate};

use super::{Period, PeriodType};

/// The last `count` periods that have ended before `today`, oldest first. The
/// one that contains `today` is not among them, not even on its last day, and
/// none that data entry does not offer ([`Period::is_left_over`]).
pub fn last(count: u32, today: NaiveDate, kind: PeriodType) -> Vec<Period> {
    let before = |period: &Period| Some(period.previous());
    let mut periods: Vec<_> =
        std::iter::successors(before(&Period::containing(today, kind)), before)
            // Years have four digits, and the first is 1.
            .take_while(|period| period.year() > 0)
            .filter(|period| !period.is_left_over())
            .take(usize::try_from(count).unwrap_or(usize::MAX))
            .collect();
    periods.reverse();
    periods
}

/// The periods from one to another of the same type, both among them, oldest first. None if
/// the types differ or `last` is before `first`.
pub fn range(first: Period, last: Period) -> Vec<Period> {
    if first.period_type() != last.period_type() {
        return Vec::new();
    }
    std::iter::successors(Some(first), |period| Some(period.next()))
        .take_while(|period| *period <= last)
        .collect()
}

/// The periods of a type that lie wholly within another period, oldest first: the months of a
/// quarter, the weeks of a year.
pub fn within(outer: &Period, kind: PeriodType) -> Vec<Period> {
    let touching = range(
        Period::containing(outer.start(), kind),
        Period::containing(outer.end(), kind),
    );
    touching
        .into_iter()
        .filter(|period| outer.contains(period))
        .collect()
}

/// The periods of this year up to and including the one that contains `today`,
/// oldest first. "This year" is the year that the id of that period begins
/// with: for weeks that of the week, for a financial year the running one.
pub fn this_year(today: NaiveDate, kind: PeriodType) -> Vec<Period> {
    let current = Period::containing(today, kind);
    let year = if kind == PeriodType::Daily {
        today.year()
    } else {
        current.year()
    };
    let mut periods = vec![current];
    let mut period = current.previous();
    while period.year() == year {
        periods.push(period);
        period = period.previous();
    }
    periods.reverse();
    periods
}
