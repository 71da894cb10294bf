//! DHIS2's periods: what type a text is of, what days it spans, and which
//! period comes before and after. ISO calendar only, as on the recorded servers.

mod calendar;
mod interval;
mod name;
mod notation;

use chrono::{Days, NaiveDate, Weekday};

use calendar::{months, months_period, week_of, week_start};

/// A period type, by what a period of it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodType {
    /// One day.
    Daily,
    /// Seven days from this weekday on; the week's number is that of ISO, moved.
    Weekly(Weekday),
    /// Two ISO weeks.
    BiWeekly,
    /// This many months, the year's first period beginning in this month.
    Months {
        /// 1, 2, 3, 6 or 12.
        length: u32,
        /// 1 for January.
        first: u32,
    },
}

/// A period and its days, both inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// DHIS2's notation, normalised (`2026-01` becomes `202601`).
    pub iso: String,
    /// Its type.
    pub period_type: PeriodType,
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
}

/// Types that are made of months, by name, length, first month and the text
/// between year and number (empty number text: a whole year).
const MONTH_TYPES: [(&str, u32, u32, &str); 15] = [
    ("Monthly", 1, 1, ""),
    ("BiMonthly", 2, 1, "B"),
    ("Quarterly", 3, 1, "Q"),
    ("QuarterlyNov", 3, 11, "NovQ"),
    ("SixMonthly", 6, 1, "S"),
    ("SixMonthlyApril", 6, 4, "AprilS"),
    ("SixMonthlyNov", 6, 11, "NovS"),
    ("Yearly", 12, 1, ""),
    ("FinancialFeb", 12, 2, "Feb"),
    ("FinancialApril", 12, 4, "April"),
    ("FinancialJuly", 12, 7, "July"),
    ("FinancialAug", 12, 8, "Aug"),
    ("FinancialSep", 12, 9, "Sep"),
    ("FinancialOct", 12, 10, "Oct"),
    ("FinancialNov", 12, 11, "Nov"),
];

/// Weekly types by name, first weekday and the letters in the notation.
const WEEK_TYPES: [(&str, Weekday, &str); 6] = [
    ("Weekly", Weekday::Mon, "W"),
    ("WeeklyWednesday", Weekday::Wed, "WedW"),
    ("WeeklyThursday", Weekday::Thu, "ThuW"),
    ("WeeklyFriday", Weekday::Fri, "FriW"),
    ("WeeklySaturday", Weekday::Sat, "SatW"),
    ("WeeklySunday", Weekday::Sun, "SunW"),
];

impl PeriodType {
    /// The type of this name, as in a data set's `periodType`.
    pub fn named(name: &str) -> Option<Self> {
        if let Some(&(_, length, first, _)) = MONTH_TYPES.iter().find(|t| t.0 == name) {
            return Some(Self::Months { length, first });
        }
        if let Some(&(_, weekday, _)) = WEEK_TYPES.iter().find(|t| t.0 == name) {
            return Some(Self::Weekly(weekday));
        }
        match name {
            "Daily" => Some(Self::Daily),
            "BiWeekly" => Some(Self::BiWeekly),
            _ => None,
        }
    }

    /// About how many days a period has; shorter periods come more often.
    pub fn days(self) -> u32 {
        match self {
            Self::Daily => 1,
            Self::Weekly(_) => 7,
            Self::BiWeekly => 14,
            Self::Months { length, .. } => length * 30,
        }
    }

    /// The period of this type that holds the day.
    pub fn containing(self, day: NaiveDate) -> Option<Period> {
        match self {
            Self::Daily => period(self, day.format("%Y%m%d").to_string(), day, day),
            Self::Weekly(first) => {
                let (year, week) = week_of(day, first);
                let start = week_start(year, week, first)?;
                let (_, _, letters) = WEEK_TYPES.iter().find(|t| t.1 == first)?;
                period(
                    self,
                    format!("{year}{letters}{week}"),
                    start,
                    start + Days::new(6),
                )
            }
            Self::BiWeekly => {
                let (year, week) = week_of(day, Weekday::Mon);
                let number = week.div_ceil(2);
                let start = week_start(year, number * 2 - 1, Weekday::Mon)?;
                period(
                    self,
                    format!("{year}BiW{number}"),
                    start,
                    start + Days::new(13),
                )
            }
            Self::Months { length, first } => {
                let months = months(day);
                // November types are named after the year in which most of the period lies.
                let shift = i32::try_from(first).ok()? - 1;
                let since = (months - shift).rem_euclid(12);
                let length_signed = i32::try_from(length).ok()?;
                let number = since / length_signed;
                let start_months = months - since + number * length_signed;
                let first_of_year = months - since;
                months_period(
                    length,
                    first,
                    first_of_year,
                    u32::try_from(number).ok()? + 1,
                    start_months,
                )
            }
        }
    }
}

impl Period {
    /// The period after this one.
    pub fn next(&self) -> Option<Self> {
        self.period_type.containing(self.end.succ_opt()?)
    }

    /// The period before this one.
    pub fn previous(&self) -> Option<Self> {
        self.period_type.containing(self.start.pred_opt()?)
    }

    /// Whether the period begins after the other has ended.
    pub fn is_after(&self, other: &Self) -> bool {
        self.start > other.end
    }
}

/// The last period that is open when so many future periods are: with none, the
/// one before today's ("clerk, future period in strict set": `202610` in November 2026).
pub fn latest_open(
    period_type: PeriodType,
    open_future_periods: u32,
    today: NaiveDate,
) -> Option<Period> {
    let mut latest = period_type.containing(today)?.previous()?;
    for _ in 0..open_future_periods {
        latest = latest.next()?;
    }
    Some(latest)
}

/// Puts a period together.
fn period(
    period_type: PeriodType,
    iso: String,
    start: NaiveDate,
    end: NaiveDate,
) -> Option<Period> {
    Some(Period {
        iso,
        period_type,
        start,
        end,
    })
}

#[cfg(test)]
mod tests;
