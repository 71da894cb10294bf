//! From DHIS2's notation to a period.

use chrono::{NaiveDate, Weekday};

use super::calendar::{months_period, week_start};
use super::{MONTH_TYPES, Period, PeriodType, WEEK_TYPES};

impl Period {
    /// Reads DHIS2's notation; also `2026-01` and `2026-01-31`, which DHIS2 takes.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = text.split_at(digits);
        match (digits, rest) {
            (4, rest) if rest.starts_with('-') => parse_with_hyphens(number, rest),
            (8, "") => {
                let day = NaiveDate::parse_from_str(text, "%Y%m%d").ok()?;
                PeriodType::Daily.containing(day)
            }
            (6, "") => month_number(number, 1, 1, number.get(4..)?),
            (6, "B") => month_number(number, 2, 1, number.get(4..)?),
            (4, "") => month_number(number, 12, 1, "1"),
            (4, rest) => parse_lettered(number, rest),
            _ => None,
        }
    }
}

/// `-01` and `-01-31` behind the year.
fn parse_with_hyphens(year: &str, rest: &str) -> Option<Period> {
    match rest.len() {
        3 => month_number(year, 1, 1, rest.get(1..)?),
        6 => PeriodType::Daily
            .containing(NaiveDate::parse_from_str(&format!("{year}{rest}"), "%Y-%m-%d").ok()?),
        _ => None,
    }
}

fn parse_lettered(year: &str, rest: &str) -> Option<Period> {
    let letters = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    let number = &rest[letters.len()..];
    if let Some(&(_, length, first, _)) = MONTH_TYPES
        .iter()
        .find(|t| t.3 == letters && !letters.is_empty() && (t.1 == 12) == number.is_empty())
    {
        return month_number(year, length, first, if length == 12 { "1" } else { number });
    }
    let week: u32 = number.parse().ok()?;
    let year: i32 = year.parse().ok()?;
    if letters == "BiW" {
        let start = week_start(year, week.checked_mul(2)?.checked_sub(1)?, Weekday::Mon)?;
        return PeriodType::BiWeekly
            .containing(start)
            .filter(|p| p.start == start);
    }
    let &(_, first, _) = WEEK_TYPES.iter().find(|t| t.2 == letters)?;
    let start = week_start(year, week, first)?;
    PeriodType::Weekly(first).containing(start)
}

/// The nth period of a year, of a type that is made of months.
fn month_number(year: &str, length: u32, first: u32, number: &str) -> Option<Period> {
    let year: i32 = year.get(..4)?.parse().ok()?;
    let number: u32 = number
        .parse()
        .ok()
        .filter(|n| (1..=12 / length).contains(n))?;
    // Types that begin in November belong to the year that follows, financial years excepted.
    let year = if first == 11 && length < 12 {
        year - 1
    } else {
        year
    };
    let first_of_year = year * 12 + i32::try_from(first).ok()? - 1;
    let start = first_of_year + i32::try_from((number - 1) * length).ok()?;
    months_period(length, first, first_of_year, number, start)
}
