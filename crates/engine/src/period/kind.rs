//! The types of periods, under the names that `dataSet.periodType` carries.

use chrono::Weekday;
use serde::{Deserialize, Serialize};

/// A period type of DHIS2 2.40–2.43.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the names are DHIS2's; Period::id shows their ids"
)]
pub enum PeriodType {
    Daily,
    Weekly,
    WeeklyWednesday,
    WeeklyThursday,
    /// 2.43 and later.
    WeeklyFriday,
    WeeklySaturday,
    WeeklySunday,
    BiWeekly,
    Monthly,
    BiMonthly,
    Quarterly,
    QuarterlyNov,
    SixMonthly,
    SixMonthlyApril,
    SixMonthlyNov,
    Yearly,
    /// 2.43 and later.
    FinancialFeb,
    FinancialApril,
    FinancialJuly,
    /// 2.43 and later.
    FinancialAug,
    /// 2.42 and later.
    FinancialSep,
    FinancialOct,
    FinancialNov,
}

/// How the periods of a type cut up time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Day,
    Week {
        first_day: Weekday,
    },
    /// ISO weeks 1–2, 3–4 …; week 53, where a year has one, stands alone.
    TwoWeeks,
    /// `length` divides 12; the first period of a year starts on the first of `first_month` (1–12).
    Months {
        length: u32,
        first_month: u32,
    },
}

impl PeriodType {
    /// All types, shortest first.
    pub const ALL: [Self; 23] = [
        Self::Daily,
        Self::Weekly,
        Self::WeeklyWednesday,
        Self::WeeklyThursday,
        Self::WeeklyFriday,
        Self::WeeklySaturday,
        Self::WeeklySunday,
        Self::BiWeekly,
        Self::Monthly,
        Self::BiMonthly,
        Self::Quarterly,
        Self::QuarterlyNov,
        Self::SixMonthly,
        Self::SixMonthlyApril,
        Self::SixMonthlyNov,
        Self::Yearly,
        Self::FinancialFeb,
        Self::FinancialApril,
        Self::FinancialJuly,
        Self::FinancialAug,
        Self::FinancialSep,
        Self::FinancialOct,
        Self::FinancialNov,
    ];

    /// The type of a name as in `dataSet.periodType`; none for a name that DHIS2 2.40–2.43 do not know.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Its name as in `dataSet.periodType`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Daily => "Daily",
            Self::Weekly => "Weekly",
            Self::WeeklyWednesday => "WeeklyWednesday",
            Self::WeeklyThursday => "WeeklyThursday",
            Self::WeeklyFriday => "WeeklyFriday",
            Self::WeeklySaturday => "WeeklySaturday",
            Self::WeeklySunday => "WeeklySunday",
            Self::BiWeekly => "BiWeekly",
            Self::Monthly => "Monthly",
            Self::BiMonthly => "BiMonthly",
            Self::Quarterly => "Quarterly",
            Self::QuarterlyNov => "QuarterlyNov",
            Self::SixMonthly => "SixMonthly",
            Self::SixMonthlyApril => "SixMonthlyApril",
            Self::SixMonthlyNov => "SixMonthlyNov",
            Self::Yearly => "Yearly",
            Self::FinancialFeb => "FinancialFeb",
            Self::FinancialApril => "FinancialApril",
            Self::FinancialJuly => "FinancialJuly",
            Self::FinancialAug => "FinancialAug",
            Self::FinancialSep => "FinancialSep",
            Self::FinancialOct => "FinancialOct",
            Self::FinancialNov => "FinancialNov",
        }
    }

    /// What stands in its ids between the year and the number, or after the year.
    /// Not used by daily, monthly and bi-monthly ids, which are digits by position.
    pub(super) fn letters(self) -> &'static str {
        match self {
            Self::Daily | Self::Monthly | Self::BiMonthly | Self::Yearly => "",
            Self::Weekly => "W",
            Self::WeeklyWednesday => "WedW",
            Self::WeeklyThursday => "ThuW",
            Self::WeeklyFriday => "FriW",
            Self::WeeklySaturday => "SatW",
            Self::WeeklySunday => "SunW",
            Self::BiWeekly => "BiW",
            Self::Quarterly => "Q",
            Self::QuarterlyNov => "NovQ",
            Self::SixMonthly => "S",
            Self::SixMonthlyApril => "AprilS",
            Self::SixMonthlyNov => "NovS",
            Self::FinancialFeb => "Feb",
            Self::FinancialApril => "April",
            Self::FinancialJuly => "July",
            Self::FinancialAug => "Aug",
            Self::FinancialSep => "Sep",
            Self::FinancialOct => "Oct",
            Self::FinancialNov => "Nov",
        }
    }

    pub(super) fn shape(self) -> Shape {
        let week = |first_day| Shape::Week { first_day };
        let months = |length, first_month| Shape::Months {
            length,
            first_month,
        };
        match self {
            Self::Daily => Shape::Day,
            Self::Weekly => week(Weekday::Mon),
            Self::WeeklyWednesday => week(Weekday::Wed),
            Self::WeeklyThursday => week(Weekday::Thu),
            Self::WeeklyFriday => week(Weekday::Fri),
            Self::WeeklySaturday => week(Weekday::Sat),
            Self::WeeklySunday => week(Weekday::Sun),
            Self::BiWeekly => Shape::TwoWeeks,
            Self::Monthly => months(1, 1),
            Self::BiMonthly => months(2, 1),
            Self::Quarterly => months(3, 1),
            Self::QuarterlyNov => months(3, 11),
            Self::SixMonthly => months(6, 1),
            Self::SixMonthlyApril => months(6, 4),
            Self::SixMonthlyNov => months(6, 11),
            Self::Yearly => months(12, 1),
            Self::FinancialFeb => months(12, 2),
            Self::FinancialApril => months(12, 4),
            Self::FinancialJuly => months(12, 7),
            Self::FinancialAug => months(12, 8),
            Self::FinancialSep => months(12, 9),
            Self::FinancialOct => months(12, 10),
            Self::FinancialNov => months(12, 11),
        }
    }

    /// `2026NovQ1` and `2026NovS1` start in November 2025; financial years keep
    /// the year in which they start.
    pub(super) fn begins_in_november_before(self) -> bool {
        matches!(self, Self::QuarterlyNov | Self::SixMonthlyNov)
    }

    /// Whether a number follows the letters of its ids.
    pub(super) fn is_numbered(self) -> bool {
        !matches!(self.shape(), Shape::Months { length: 12, .. })
    }
}
