//! DHIS2's periods: their types, ids and dates, and the rules by which an
//! exchange chooses them.
//!
//! The ISO 8601 calendar only. A server with another one reads the same ids as other dates:
//! [`calendar`] says which servers can be worked with.

pub mod calendar;
mod choose;
mod kind;
mod parse;

use std::cmp::Ordering;
use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};

pub use choose::{last, range, this_year, within};
pub use kind::PeriodType;
pub use parse::{ParsePeriodError, parse_date};

use kind::Shape;

/// A period of one type, by its first and last day (both belong to it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    kind: PeriodType,
    start: NaiveDate,
    end: NaiveDate,
}

impl Period {
    /// Reads a period id such as `202601`, `2026W5`, `2026AprilS1`. Strict: a
    /// month 13 or a week 54 is an error, and so is anything around the id.
    /// `20260131`/`2026-01-31`, `202601`/`2026-01` and `2026W5`/`2026W05` name
    /// the same, as on the server; [`Period::id`] gives the first form.
    pub fn parse(id: &str) -> Result<Self, ParsePeriodError> {
        parse::parse(id)
    }

    /// The period of a type that contains a day.
    pub fn containing(day: NaiveDate, kind: PeriodType) -> Self {
        let start = match kind.shape() {
            Shape::Day => day,
            Shape::Week { first_day } => first_day_of_week(day, first_day),
            Shape::TwoWeeks => {
                let monday = first_day_of_week(day, chrono::Weekday::Mon);
                let week = week_of_year(monday).1;
                if week.is_multiple_of(2) {
                    monday - Days::new(7)
                } else {
                    monday
                }
            }
            Shape::Months {
                length,
                first_month,
            } => first_day_of_months(day, length, first_month),
        };
        Self::starting(start, kind)
    }

    /// The period of a type that starts on a day which is known to start one.
    fn starting(start: NaiveDate, kind: PeriodType) -> Self {
        let end = match kind.shape() {
            Shape::Day => start,
            Shape::Week { .. } => start + Days::new(6),
            Shape::TwoWeeks => {
                let (year, week) = week_of_year(start);
                let weeks = if week == 53 && weeks_in_year(year) == 53 {
                    1
                } else {
                    2
                };
                start + Days::new(weeks * 7 - 1)
            }
            Shape::Months { length, .. } => start + Months::new(length) - Days::new(1),
        };
        Self { kind, start, end }
    }

    /// Its type.
    pub fn period_type(&self) -> PeriodType {
        self.kind
    }

    /// Its first day.
    pub fn start(&self) -> NaiveDate {
        self.start
    }

    /// Its last day, which belongs to it.
    pub fn end(&self) -> NaiveDate {
        self.end
    }

    /// The period of the same type that follows.
    pub fn next(&self) -> Self {
        Self::containing(self.end + Days::new(1), self.kind)
    }

    /// The period of the same type before this one.
    pub fn previous(&self) -> Self {
        Self::containing(self.start - Days::new(1), self.kind)
    }

    /// The period `steps` periods later, earlier if negative.
    pub fn step(&self, steps: i32) -> Self {
        (0..steps.unsigned_abs()).fold(
            *self,
            |p, _| if steps < 0 { p.previous() } else { p.next() },
        )
    }

    /// Whether every day of another period, of whatever type, is one of its days.
    pub fn contains(&self, other: &Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The 27th pair of weeks of a year with 53 weeks. Servers take its id, but data entry never
    /// offers it (`BiWeeklyAbstractPeriodType.generatePeriods` ends with the 26th), and for them
    /// its days run into the next year's first pair.
    pub fn is_left_over(&self) -> bool {
        self.kind == PeriodType::BiWeekly && self.number() > 26
    }

    /// The year that its id begins with.
    pub fn year(&self) -> i32 {
        match self.kind.shape() {
            Shape::Day => self.start.year(),
            Shape::Week { .. } | Shape::TwoWeeks => week_of_year(self.start).0,
            Shape::Months { .. } if self.kind.begins_in_november_before() => {
                (self.start + Months::new(2)).year()
            }
            Shape::Months { first_month, .. } => (self.start - Months::new(first_month - 1)).year(),
        }
    }

    /// Its place within the year of its id, from 1: the month, quarter, week … Always 1 for a year.
    pub fn number(&self) -> u32 {
        match self.kind.shape() {
            Shape::Day => self.start.ordinal(),
            Shape::Week { .. } => week_of_year(self.start).1,
            Shape::TwoWeeks => week_of_year(self.start).1.div_ceil(2),
            Shape::Months {
                length,
                first_month,
            } => (self.start.month0() + 12 - (first_month - 1)) % 12 / length + 1,
        }
    }

    /// Its id as the server writes it.
    pub fn id(&self) -> String {
        let (year, number) = (self.year(), self.number());
        match self.kind {
            PeriodType::Daily => {
                format!("{year:04}{:02}{:02}", self.start.month(), self.start.day())
            }
            PeriodType::Monthly => format!("{year:04}{number:02}"),
            PeriodType::BiMonthly => format!("{year:04}{number:02}B"),
            kind if kind.is_numbered() => format!("{year:04}{}{number}", kind.letters()),
            kind => format!("{year:04}{}", kind.letters()),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id())
    }
}

/// By first day, then by last day, then by type: the order in which people read periods.
impl Ord for Period {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.start, self.end, self.kind).cmp(&(other.start, other.end, other.kind))
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn first_day_of_week(day: NaiveDate, first_day: chrono::Weekday) -> NaiveDate {
    let past = (day.weekday().num_days_from_monday() + 7 - first_day.num_days_from_monday()) % 7;
    day - Days::new(u64::from(past))
}

/// Year and number of the week that starts on a day, whatever weekday that is:
/// a week belongs to the year in which its fourth day lies (for weeks from
/// Monday this is ISO 8601; DHIS2 does the same for the other first days).
fn week_of_year(start: NaiveDate) -> (i32, u32) {
    let fourth = start + Days::new(3);
    (fourth.year(), fourth.ordinal0() / 7 + 1)
}

/// 52 or 53, for weeks from Monday.
fn weeks_in_year(year: i32) -> u32 {
    NaiveDate::from_ymd_opt(year, 12, 28).map_or(52, |day| day.iso_week().week())
}

fn first_day_of_months(day: NaiveDate, length: u32, first_month: u32) -> NaiveDate {
    let past = (day.month() + 12 - first_month) % 12 % length;
    let first = day - Days::new(u64::from(day.day0()));
    first - Months::new(past)
}

#[cfg(test)]
mod tests;
