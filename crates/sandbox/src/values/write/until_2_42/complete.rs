//! `completeDate` of an import: completeness is registered before any value is looked at.

use chrono::{NaiveDate, NaiveTime};

use super::super::Conflict;
use super::super::Summary;
use super::super::payload::Payload;
use super::Group;
use crate::context::ValueContext;
use crate::values::catalogue::DEFAULT_OPTION_COMBO;
use crate::values::store::{Registration, RegistrationKey, ValueTransaction};

/// Registers completeness, refused values and dry runs notwithstanding ("dry run
/// with completeDate"). It takes the request's own data set, period and org unit; where one of
/// the last two is missing, that is a conflict and nothing else. The combo is always the default
/// one, whatever the request names (2.40.12, 2.41.9 and 2.42.5.2, `DefaultDataValueSetService`;
/// the conflict seen on a real 2.42.5.2).
///
/// # Errors
/// Java's words for a text that is no day; they end the import.
pub(super) fn complete(
    context: &ValueContext<'_>,
    payload: &Payload,
    group: &Group<'_>,
    writing: &mut ValueTransaction<'_>,
    summary: &mut Summary,
) -> Result<(), String> {
    let today = context.now.date();
    let date = match payload.complete_date.as_deref() {
        None => None,
        Some(text) if text.eq_ignore_ascii_case("false") => None,
        Some(text) if text.eq_ignore_ascii_case("true") => Some(today),
        // A day that has not come yet is today too.
        Some(text) => Some(day(text)?.min(today)),
    };
    let (Some(data_set), Some(date)) = (group.data_set, date) else {
        return Ok(());
    };
    summary.data_set_complete = None;
    let needed = |object: &str| Conflict {
        object: Some(object.to_owned()),
        objects: None,
        message: "Must be provided to complete data set".to_owned(),
        code: None,
        property: None,
        indexes: None,
    };
    let Some(org_unit) = &group.org_unit else {
        summary.conflicts.push(needed("OrganisationUnit"));
        return Ok(());
    };
    let Some(period) = &group.period else {
        summary.conflicts.push(needed("Period"));
        return Ok(());
    };
    let key = RegistrationKey {
        data_set: data_set.uid.clone(),
        period: period.iso.clone(),
        org_unit: org_unit.clone(),
        attribute_option_combo: DEFAULT_OPTION_COMBO.to_owned(),
    };
    let registration = Registration {
        date: date.and_time(NaiveTime::MIN),
        stored_by: context.user.username.clone(),
        completed: true,
    };
    writing.register(&key, Some(registration));
    summary.data_set_complete = Some(date.to_string());
    Ok(())
}

/// A day as Java's `LocalDate.parse` reads it: a year of four digits (more with a plus sign
/// before them), a month and a day of two. The error has its words, which depend on how far the
/// text could be read.
fn day(text: &str) -> Result<NaiveDate, String> {
    let shown: String = if text.chars().count() > 64 {
        text.chars().take(64).chain("...".chars()).collect()
    } else {
        text.to_owned()
    };
    let fault = |rest: String| format!("Text '{shown}' could not be parsed{rest}");
    let stuck = |at: usize| fault(format!(" at index {at}"));
    let letters: Vec<char> = text.chars().collect();
    let digits = |from: usize| {
        let rest = letters.get(from..).unwrap_or_default();
        rest.iter().take_while(|c| c.is_ascii_digit()).count()
    };
    let number = |from: usize, length: usize| -> Option<i32> {
        let taken = letters.get(from..from + length)?;
        taken.iter().collect::<String>().parse().ok()
    };
    let sign = letters.first().copied().filter(|c| matches!(c, '+' | '-'));
    let start = usize::from(sign.is_some());
    let length = digits(start);
    let is_year = match sign {
        Some('+') => (5..=10).contains(&length),
        Some(_) => (4..=10).contains(&length),
        None => length == 4,
    };
    let year = number(start, length).filter(|_| is_year);
    let year = year.ok_or_else(|| stuck(0))?;
    let mut at = start + length;
    let mut two_digits = || {
        if letters.get(at) != Some(&'-') {
            return Err(stuck(at));
        }
        at += 1;
        let found = number(at, 2).filter(|_| digits(at) >= 2);
        let found = found.ok_or_else(|| stuck(at))?;
        at += 2;
        Ok(found)
    };
    let (month, day) = (two_digits()?, two_digits()?);
    if at < letters.len() {
        return Err(fault(format!(", unparsed text found at index {at}")));
    }
    let beyond = |field: &str, last: &str, value: i32| {
        fault(format!(
            ": Invalid value for {field} (valid values 1 - {last}): {value}"
        ))
    };
    let Some(name) = usize::try_from(month - 1).ok().and_then(|m| MONTHS.get(m)) else {
        return Err(beyond("MonthOfYear", "12", month));
    };
    if !(1..=31).contains(&day) {
        return Err(beyond("DayOfMonth", "28/31", day));
    }
    let year = if sign == Some('-') { -year } else { year };
    let found = NaiveDate::from_ymd_opt(year, month.unsigned_abs(), day.unsigned_abs());
    found.ok_or_else(|| {
        fault(if (month, day) == (2, 29) {
            format!(": Invalid date 'February 29' as '{year}' is not a leap year")
        } else {
            format!(": Invalid date '{name} {day}'")
        })
    })
}

const MONTHS: [&str; 12] = [
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// As a real 2.42.5.2 answered.
    #[test]
    fn a_text_that_is_no_day_is_told_in_javas_words() {
        for (text, words) in [
            ("x", " at index 0"),
            (
                "2026-13-05",
                ": Invalid value for MonthOfYear (valid values 1 - 12): 13",
            ),
            ("2026-02-30", ": Invalid date 'FEBRUARY 30'"),
            ("2026-02-01T10", ", unparsed text found at index 10"),
            ("2026-2-1", " at index 5"),
            ("02026-02-01", " at index 0"),
            ("20260201", " at index 0"),
            ("2026", " at index 4"),
            (" 2026-01-01", " at index 0"),
            ("2026-01", " at index 7"),
            ("2026x", " at index 4"),
        ] {
            assert_eq!(
                day(text),
                Err(format!("Text '{text}' could not be parsed{words}"))
            );
        }
        for text in ["2026-02-05", "+12026-01-01", "-2026-01-01"] {
            assert!(day(text).is_ok(), "{text}");
        }
    }
}
