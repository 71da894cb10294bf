//! Reading period ids and dates.

use chrono::{Days, Months, NaiveDate};

use super::kind::Shape;
use super::{Period, PeriodType, week_of_year};

/// A text that is no period id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a period of DHIS2")]
pub struct ParsePeriodError {
    /// The text as given.
    pub text: String,
}

pub(super) fn parse(id: &str) -> Result<Period, ParsePeriodError> {
    read(id).ok_or_else(|| ParsePeriodError {
        text: id.to_owned(),
    })
}

/// Reads a day as `2026-01-31`; longer texts are refused. Written out by hand:
/// chrono's format strings would add 50 KiB to the wasm.
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.strip_prefix('-')?.split_once('-')?;
    date(year, month, day)
}

fn read(id: &str) -> Option<Period> {
    let (year, rest) = id.split_at_checked(4)?;
    let number_of_year = number(year, 4..=4)?;
    let dashed = rest.strip_prefix('-');
    let starts_with_digit = rest.starts_with(|c: char| c.is_ascii_digit());
    match (rest.len(), dashed) {
        (2, None) if starts_with_digit => return months(number_of_year, rest, PeriodType::Monthly),
        (3, Some(month)) => return months(number_of_year, month, PeriodType::Monthly),
        (3, None) if starts_with_digit && rest.ends_with('B') => {
            return months(number_of_year, &rest[..2], PeriodType::BiMonthly);
        }
        (4, None) if rest.is_ascii() && number(rest, 4..=4).is_some() => {
            return Some(Period::containing(
                date(year, &rest[..2], &rest[2..])?,
                PeriodType::Daily,
            ));
        }
        (6, Some(_)) => return Some(Period::containing(parse_date(id)?, PeriodType::Daily)),
        _ => {}
    }
    let digits_at = rest
        .find(|c: char| c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (letters, digits) = rest.split_at(digits_at);
    let kind = PeriodType::ALL.into_iter().find(|kind| {
        kind.letters() == letters
            && !matches!(
                kind,
                PeriodType::Daily | PeriodType::Monthly | PeriodType::BiMonthly
            )
            && kind.is_numbered() != digits.is_empty()
    })?;
    build(
        number_of_year,
        if digits.is_empty() {
            1
        } else {
            number(digits, 1..=2)?
        },
        kind,
    )
}

/// A month or a pair of months in two digits.
fn months(year: u32, digits: &str, kind: PeriodType) -> Option<Period> {
    build(year, number(digits, 2..=2)?, kind)
}

/// The `number`th period of a year; none if the year has no such.
fn build(year: u32, number: u32, kind: PeriodType) -> Option<Period> {
    let year = i32::try_from(year).ok()?;
    let before = number.checked_sub(1)?;
    let day = match kind.shape() {
        Shape::Day => return None,
        Shape::Week { .. } => week(year, before, kind)?,
        Shape::TwoWeeks => week(year, before.checked_mul(2)?, PeriodType::Weekly)?,
        Shape::Months {
            length,
            first_month,
        } => {
            let year = if kind.begins_in_november_before() {
                year - 1
            } else {
                year
            };
            if before >= 12 / length {
                return None;
            }
            NaiveDate::from_ymd_opt(year, first_month, 1)? + Months::new(before * length)
        }
    };
    Some(Period::containing(day, kind))
}

/// First day of the week after `before` weeks of a year; none if it belongs to another year.
fn week(year: i32, before: u32, kind: PeriodType) -> Option<NaiveDate> {
    // 4 January is always in week 1, whatever day weeks begin with.
    let first = Period::containing(NaiveDate::from_ymd_opt(year, 1, 4)?, kind).start();
    let start = first + Days::new(u64::from(before) * 7);
    (week_of_year(start).0 == year).then_some(start)
}

fn date(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    let year = i32::try_from(number(year, 4..=4)?).ok()?;
    NaiveDate::from_ymd_opt(year, number(month, 2..=2)?, number(day, 2..=2)?)
}

/// Digits only, as many as `lengths` says. Year 0 is refused with all else that is no number.
fn number(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<u32> {
    let digits = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if digits {
        text.parse().ok().filter(|&n| n > 0)
    } else {
        None
    }
}
