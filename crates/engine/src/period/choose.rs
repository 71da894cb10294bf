//! The rules by which an exchange names its periods.

use chrono::{Datelike, NaiveDate};

use super::{Period, PeriodType};

/// The last `count` periods that have ended before `today`, oldest first. The
/// one that contains `today` is not among them, not even on its last day.
pub fn last(count: u32, today: NaiveDate, kind: PeriodType) -> Vec<Period> {
    let mut period = Period::containing(today, kind);
    let mut periods: Vec<_> = (0..count)
        .map(|_| {
            period = period.previous();
            period
        })
        .collect();
    periods.reverse();
    periods
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
