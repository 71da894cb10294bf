//! Months counted from year 0, and weeks that begin on any weekday.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::{MONTH_TYPES, Period, PeriodType, period};

/// Builds a period of months; months are counted from year 0.
pub(super) fn months_period(
    length: u32,
    first: u32,
    first_of_year: i32,
    number: u32,
    start: i32,
) -> Option<Period> {
    let (_, _, _, letters) = MONTH_TYPES.iter().find(|t| t.1 == length && t.2 == first)?;
    let year = first_of_year.div_euclid(12) + i32::from(first == 11 && length < 12);
    let iso = match length {
        12 => format!("{year}{letters}"),
        1 => format!("{year}{number:02}"),
        2 => format!("{year}{number:02}B"),
        _ => format!("{year}{letters}{number}"),
    };
    let end = first_day(start + i32::try_from(length).ok()?)?.pred_opt()?;
    period(
        PeriodType::Months { length, first },
        iso,
        first_day(start)?,
        end,
    )
}

/// Months since year 0.
pub(super) fn months(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0().cast_signed()
}

/// The first day of a month.
fn first_day(months: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(
        months.div_euclid(12),
        months.rem_euclid(12).cast_unsigned() + 1,
        1,
    )
}

/// Year and number of the week that begins on `first`: that of the ISO week
/// with most of its days, which is the one of its fourth day.
pub(super) fn week_of(day: NaiveDate, first: Weekday) -> (i32, u32) {
    let back = u64::from(day.weekday().days_since(first));
    let fourth = day - Days::new(back) + Days::new(3);
    // The fourth day lies in the year to which the week belongs.
    (fourth.year(), fourth.ordinal0() / 7 + 1)
}

/// The first day of a week, if the year has that many.
pub(super) fn week_start(year: i32, week: u32, first: Weekday) -> Option<NaiveDate> {
    // The first week is the one whose fourth day is the first such day of the year.
    let fourth_of_january = NaiveDate::from_ymd_opt(year, 1, 4)?;
    let back = u64::from(fourth_of_january.weekday().days_since(first));
    let start =
        fourth_of_january - Days::new(back) + Days::new(7 * u64::from(week.checked_sub(1)?));
    (week_of(start, first) == (year, week)).then_some(start)
}
