//! Periods as people call them: "October 2026" for `202610`. Which parts a name has is worked
//! out here without a browser; the words of the months are the browser's.

use crate::browser::intl;
use crate::text::{self, t_with};
use tributary_exchange::questions::import::PeriodChoice;

/// What a period is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeriodName {
    /// A day: year, month, day.
    Day(i32, u32, u32),
    /// A month: year, month.
    Month(i32, u32),
    /// From one month to another (quarters, half-years, financial years).
    Months((i32, u32), (i32, u32)),
    /// A calendar year.
    Year(i32),
    /// A week with its number and its days.
    Week(u32, (i32, u32, u32), (i32, u32, u32)),
    /// From one day to another.
    Days((i32, u32, u32), (i32, u32, u32)),
    /// Its id, where nothing better is known.
    Id(String),
}

/// The kinds of periods that people tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodUnit {
    /// Days.
    Day,
    /// Weeks, whichever day they begin on.
    Week,
    /// Months.
    Month,
    /// Quarters.
    Quarter,
    /// Years, calendar and financial.
    Year,
    /// All others: two weeks, two months, half-years.
    Other,
}

impl PeriodUnit {
    /// The unit of one of DHIS2's period types.
    pub fn of(period_type: &str) -> Self {
        match period_type {
            "Daily" => Self::Day,
            "Monthly" => Self::Month,
            "Yearly" => Self::Year,
            other if other.starts_with("Weekly") => Self::Week,
            other if other.starts_with("Quarterly") => Self::Quarter,
            other if other.starts_with("Financial") => Self::Year,
            _ => Self::Other,
        }
    }

    /// Text key of its name in the plural.
    pub fn title_key(self) -> &'static str {
        match self {
            Self::Day => "import.days",
            Self::Week => "import.weeks",
            Self::Month => "import.months",
            Self::Quarter => "import.quarters",
            Self::Year => "import.years",
            Self::Other => "import.periods",
        }
    }

    /// Text key of a number of them.
    pub fn count_key(self) -> &'static str {
        match self {
            Self::Day => "import.dayCount",
            Self::Week => "import.weekCount",
            Self::Month => "import.monthCount",
            Self::Quarter => "import.quarterCount",
            Self::Year => "import.yearCount",
            Self::Other => "import.periodCount",
        }
    }
}

/// What a period is called.
pub fn period_name(period: &PeriodChoice) -> PeriodName {
    let (Some(start), Some(end)) = (date(&period.start), date(&period.end)) else {
        return PeriodName::Id(period.id.clone());
    };
    match period.period_type.as_str() {
        "Daily" => PeriodName::Day(start.0, start.1, start.2),
        "Monthly" => PeriodName::Month(start.0, start.1),
        "Yearly" => PeriodName::Year(start.0),
        kind if kind.starts_with("Weekly") => match week_number(&period.id) {
            Some(number) => PeriodName::Week(number, start, end),
            None => PeriodName::Days(start, end),
        },
        "BiMonthly" => PeriodName::Months((start.0, start.1), (end.0, end.1)),
        kind if ["Quarterly", "SixMonthly", "Financial"]
            .iter()
            .any(|long| kind.starts_with(long)) =>
        {
            PeriodName::Months((start.0, start.1), (end.0, end.1))
        }
        _ => PeriodName::Days(start, end),
    }
}

/// A period in the language of the page.
pub fn period_words(period: &PeriodChoice) -> String {
    let language = text::language();
    let whole_days = |first: (i32, u32, u32), last: (i32, u32, u32)| {
        intl::date_range(
            &language,
            (first.0, first.1, Some(first.2)),
            (last.0, last.1, Some(last.2)),
        )
    };
    match period_name(period) {
        PeriodName::Day(year, month, day) => intl::date(&language, year, month, Some(day)),
        PeriodName::Month(year, month) => intl::date(&language, year, month, None),
        PeriodName::Months(first, last) => {
            intl::date_range(&language, (first.0, first.1, None), (last.0, last.1, None))
        }
        PeriodName::Year(year) => year.to_string(),
        PeriodName::Week(number, first, last) => {
            let (number, days) = (number.to_string(), whole_days(first, last));
            t_with("import.week", &[("number", &number), ("days", &days)])
        }
        PeriodName::Days(first, last) => whole_days(first, last),
        PeriodName::Id(id) => id,
    }
}

/// The name of the period with this id, or the id itself.
pub fn words_of(id: &str, known: &[PeriodChoice]) -> String {
    known
        .iter()
        .find(|period| period.id == id)
        .map_or_else(|| id.to_owned(), period_words)
}

/// A day as the language writes it, from `2026-10-31` or `2026-10-31T09:30:00`.
pub fn day_words(stamp: &str) -> String {
    match stamp.get(..10).and_then(date) {
        Some((year, month, day)) => intl::date(&text::language(), year, month, Some(day)),
        None => stamp.to_owned(),
    }
}

/// `2026-10-31` in its parts.
fn date(text: &str) -> Option<(i32, u32, u32)> {
    let mut parts = text.split('-');
    let date = (
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
    );
    ((1..=12).contains(&date.1) && (1..=31).contains(&date.2)).then_some(date)
}

/// The number behind the last W of a week's id: `2026WedW7` → 7.
fn week_number(id: &str) -> Option<u32> {
    id.rsplit_once('W')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(id: &str, period_type: &str, start: &str, end: &str) -> PeriodChoice {
        PeriodChoice {
            id: id.into(),
            period_type: period_type.into(),
            start: start.into(),
            end: end.into(),
            chosen: false,
        }
    }

    #[test]
    fn periods_are_called_as_people_call_them() {
        let check = |id: &str, kind: &str, start: &str, end: &str, name: PeriodName| {
            assert_eq!(period_name(&period(id, kind, start, end)), name, "{id}");
        };
        check(
            "202610",
            "Monthly",
            "2026-10-01",
            "2026-10-31",
            PeriodName::Month(2026, 10),
        );
        check(
            "20261031",
            "Daily",
            "2026-10-31",
            "2026-10-31",
            PeriodName::Day(2026, 10, 31),
        );
        check(
            "2026",
            "Yearly",
            "2026-01-01",
            "2026-12-31",
            PeriodName::Year(2026),
        );
        check(
            "2026Q3",
            "Quarterly",
            "2026-07-01",
            "2026-09-30",
            PeriodName::Months((2026, 7), (2026, 9)),
        );
        check(
            "2026NovQ1",
            "QuarterlyNov",
            "2025-11-01",
            "2026-01-31",
            PeriodName::Months((2025, 11), (2026, 1)),
        );
        check(
            "2026April",
            "FinancialApril",
            "2026-04-01",
            "2027-03-31",
            PeriodName::Months((2026, 4), (2027, 3)),
        );
        check(
            "202603B",
            "BiMonthly",
            "2026-05-01",
            "2026-06-30",
            PeriodName::Months((2026, 5), (2026, 6)),
        );
        let days = ((2026, 10, 12), (2026, 10, 18));
        check(
            "2026W42",
            "Weekly",
            "2026-10-12",
            "2026-10-18",
            PeriodName::Week(42, days.0, days.1),
        );
        check(
            "2026WedW7",
            "WeeklyWednesday",
            "2026-10-12",
            "2026-10-18",
            PeriodName::Week(7, days.0, days.1),
        );
        check(
            "2026BiW21",
            "BiWeekly",
            "2026-10-12",
            "2026-10-18",
            PeriodName::Days(days.0, days.1),
        );
        check(
            "2018-??",
            "Monthly",
            "",
            "",
            PeriodName::Id("2018-??".into()),
        );
    }

    #[test]
    fn types_are_told_apart_as_people_do() {
        assert_eq!(PeriodUnit::of("Monthly"), PeriodUnit::Month);
        assert_eq!(PeriodUnit::of("WeeklySunday"), PeriodUnit::Week);
        assert_eq!(PeriodUnit::of("QuarterlyNov"), PeriodUnit::Quarter);
        assert_eq!(PeriodUnit::of("FinancialJuly"), PeriodUnit::Year);
        assert_eq!(PeriodUnit::of("SixMonthly"), PeriodUnit::Other);
        assert_eq!(PeriodUnit::of("BiWeekly"), PeriodUnit::Other);
    }

    #[test]
    fn an_unknown_id_stays_as_it_is() {
        let known = [period("202610", "Monthly", "2026-10-01", "2026-10-31")];
        assert_eq!(words_of("202611", &known), "202611");
        assert_eq!(words_of("202610", &known), "2026-10");
        assert_eq!(day_words("2026-10-31T08:00:00.000"), "2026-10-31");
        assert_eq!(day_words("yesterday"), "yesterday");
    }
}
