//! The periods of a DHIS2 period type that lie within some months, written as
//! DHIS2 writes them (class `PeriodTypeEnum`, 2.40–2.43).

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::month::Month;

/// No more than this many periods of a data set, the latest ones: days and
/// weeks would otherwise bring far more values than anybody looks at.
const MOST: usize = 60;

/// The periods that end within the `months` months up to `last`; the latest one
/// that has ended where the months are too few. Empty for an unknown type.
pub fn periods_within(period_type: &str, last: Month, months: usize) -> Vec<String> {
    let window = last.window(months.max(1));
    let first = window.first().copied().unwrap_or(last);
    let of_months = |length: i32, start: i32, write: &dyn Fn(Month, i32) -> String| {
        let mut periods = Vec::new();
        // A year and more back, so that there is at least one that has ended.
        let mut month = Month::new(first.year() - 2, 1).plus(start);
        while month.plus(length - 1) <= last {
            let number =
                (i32::try_from(month.of_year()).unwrap_or(0) - start).rem_euclid(12) / length + 1;
            periods.push((month.plus(length - 1), write(month, number)));
            month = month.plus(length);
        }
        let ended = periods
            .iter()
            .filter(|(end, _)| *end >= first)
            .count()
            .max(1);
        periods
            .split_off(periods.len().saturating_sub(ended))
            .into_iter()
            .map(|(_, period)| period)
            .collect()
    };
    let mut periods: Vec<String> = match period_type {
        "Daily" => days(first, last)
            .map(|day| day.format("%Y%m%d").to_string())
            .collect(),
        "Weekly" => weeks(first, last, Weekday::Mon, "W"),
        "WeeklyWednesday" => weeks(first, last, Weekday::Wed, "WedW"),
        "WeeklyThursday" => weeks(first, last, Weekday::Thu, "ThuW"),
        "WeeklySaturday" => weeks(first, last, Weekday::Sat, "SatW"),
        "WeeklySunday" => weeks(first, last, Weekday::Sun, "SunW"),
        "Monthly" => window.iter().map(|month| month.period()).collect(),
        "BiMonthly" => of_months(2, 0, &|month, number| {
            format!("{}{number:02}B", month.year())
        }),
        "Quarterly" => of_months(3, 0, &|month, number| format!("{}Q{number}", month.year())),
        "SixMonthly" => of_months(6, 0, &|month, number| format!("{}S{number}", month.year())),
        "SixMonthlyApril" => of_months(6, 3, &|month, number| {
            format!("{}AprilS{number}", month.plus(-3).year())
        }),
        "Yearly" => of_months(12, 0, &|month, _| month.year().to_string()),
        "FinancialApril" => of_months(12, 3, &|month, _| format!("{}April", month.year())),
        "FinancialJuly" => of_months(12, 6, &|month, _| format!("{}July", month.year())),
        "FinancialOct" => of_months(12, 9, &|month, _| format!("{}Oct", month.year())),
        "FinancialNov" => of_months(12, 10, &|month, _| format!("{}Nov", month.year())),
        _ => Vec::new(),
    };
    let surplus = periods.len().saturating_sub(MOST);
    periods.drain(..surplus);
    periods
}

fn first_day(month: Month) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(month.year(), month.of_year() + 1, 1)
}

fn days(first: Month, last: Month) -> impl Iterator<Item = NaiveDate> {
    let end = first_day(last.plus(1));
    first_day(first)
        .into_iter()
        .flat_map(|day| day.iter_days())
        .take_while(move |day| end.is_some_and(|end| *day < end))
}

/// Weeks that end within the months. Week 1 is the one with at least four days in
/// the new year, so the fourth day of a week tells the year that it belongs to.
fn weeks(first: Month, last: Month, start: Weekday, letters: &str) -> Vec<String> {
    days(first, last)
        .filter(|day| day.weekday() == start.pred())
        .filter_map(|end| {
            let fourth = end.checked_sub_days(Days::new(3))?;
            Some(format!(
                "{}{letters}{}",
                fourth.year(),
                (fourth.ordinal0()) / 7 + 1
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(period_type: &str, months: usize, first: &str, last: &str, count: usize) {
        let periods = periods_within(period_type, Month::new(2026, 10), months);
        let ends = (
            periods.first().map(String::as_str),
            periods.last().map(String::as_str),
        );
        assert_eq!(
            (ends, periods.len()),
            ((Some(first), Some(last)), count),
            "{period_type}: {periods:?}"
        );
    }

    #[test]
    fn periods_end_within_the_months() {
        check("Monthly", 12, "202511", "202610", 12);
        check("Quarterly", 12, "2025Q4", "2026Q3", 4);
        check("BiMonthly", 12, "202506B", "202605B", 6);
        check("SixMonthly", 12, "2025S2", "2026S1", 2);
        check("SixMonthlyApril", 12, "2025AprilS2", "2026AprilS1", 2);
        check("Yearly", 12, "2025", "2025", 1);
        check("Yearly", 3, "2025", "2025", 1);
        check("FinancialApril", 12, "2025April", "2025April", 1);
        check("FinancialOct", 12, "2025Oct", "2025Oct", 1);
        check("FinancialNov", 12, "2025Nov", "2025Nov", 1);
    }

    #[test]
    fn days_and_weeks_are_the_latest_ones() {
        check("Daily", 1, "20261001", "20261031", 31);
        check("Daily", 12, "20260902", "20261031", 60);
        // 2 November 2025 was a Sunday: the last day of ISO week 44; 25 October 2026 ends week 43.
        check("Weekly", 12, "2025W44", "2026W43", 52);
        // 2026 begins on a Thursday: the first Sunday week with four days in it starts on 4 January.
        check("WeeklySunday", 1, "2026SunW39", "2026SunW43", 5);
        assert_eq!(
            periods_within("Unheard", Month::new(2026, 10), 12),
            Vec::<String>::new()
        );
    }

    #[test]
    fn iso_weeks_agree_with_the_calendar() {
        for year in 2019..2027 {
            for day in days(Month::new(year, 1), Month::new(year, 12))
                .filter(|day| day.weekday() == Weekday::Sun)
            {
                let week = day.iso_week();
                let written = format!("{}W{}", week.year(), week.week());
                let month = Month::new(day.year(), day.month());
                assert!(
                    periods_within("Weekly", month, 1).contains(&written),
                    "{day} {written}"
                );
            }
        }
    }
}
