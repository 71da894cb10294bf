//! DHIS2's periods: what type a text is of, what days it spans, and which
//! period comes before and after. ISO calendar only, as on the recorded servers.

use chrono::{Datelike, Days, NaiveDate, Weekday};

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

    /// The start and the length as ADX and the XML of 2.43 write it: `2026-01-01/P1M`.
    pub fn interval(&self) -> String {
        let length = match self.period_type {
            PeriodType::Daily => "P1D".to_owned(),
            PeriodType::Weekly(_) => "P7D".to_owned(),
            PeriodType::BiWeekly => "P14D".to_owned(),
            PeriodType::Months { length: 12, .. } => "P1Y".to_owned(),
            PeriodType::Months { length, .. } => format!("P{length}M"),
        };
        format!("{}/{length}", self.start)
    }

    /// The period behind the notation of ADX.
    pub fn from_interval(text: &str) -> Option<Self> {
        let (start, length) = text.split_once('/')?;
        let start = NaiveDate::parse_from_str(start, "%Y-%m-%d").ok()?;
        let first = start.month();
        let period_type = match length {
            "P1D" => PeriodType::Daily,
            "P7D" | "P1W" => PeriodType::Weekly(start.weekday()),
            "P14D" | "P2W" => PeriodType::BiWeekly,
            "P1M" => PeriodType::Months {
                length: 1,
                first: 1,
            },
            "P2M" => PeriodType::Months {
                length: 2,
                first: 1,
            },
            "P3M" => PeriodType::Months {
                length: 3,
                first: 1,
            },
            "P6M" => PeriodType::Months {
                length: 6,
                first: if first % 6 == 1 { 1 } else { first },
            },
            "P1Y" => PeriodType::Months { length: 12, first },
            _ => return None,
        };
        period_type.containing(start).filter(|p| p.start == start)
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

/// Builds a period of months; months are counted from year 0.
fn months_period(
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

fn months(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0().cast_signed()
}

fn first_day(months: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(
        months.div_euclid(12),
        months.rem_euclid(12).cast_unsigned() + 1,
        1,
    )
}

/// Year and number of the week that begins on `first`: that of the ISO week
/// with most of its days, which is the one of its fourth day.
fn week_of(day: NaiveDate, first: Weekday) -> (i32, u32) {
    let back = u64::from(day.weekday().days_since(first));
    let fourth = day - Days::new(back) + Days::new(3);
    // The fourth day lies in the year to which the week belongs.
    (fourth.year(), fourth.ordinal0() / 7 + 1)
}

fn week_start(year: i32, week: u32, first: Weekday) -> Option<NaiveDate> {
    // The first week is the one whose fourth day is the first such day of the year.
    let fourth_of_january = NaiveDate::from_ymd_opt(year, 1, 4)?;
    let back = u64::from(fourth_of_january.weekday().days_since(first));
    let start =
        fourth_of_january - Days::new(back) + Days::new(7 * u64::from(week.checked_sub(1)?));
    (week_of(start, first) == (year, week)).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> String {
        Period::parse(text).map_or("none".into(), |p| {
            format!("{} {} {}", p.iso, p.start, p.end)
        })
    }

    #[test]
    fn texts_become_days() {
        for (text, expected) in [
            ("202601", "202601 2026-01-01 2026-01-31"),
            ("2026-02", "202602 2026-02-01 2026-02-28"),
            ("20260131", "20260131 2026-01-31 2026-01-31"),
            ("2026-01-31", "20260131 2026-01-31 2026-01-31"),
            ("2026Q1", "2026Q1 2026-01-01 2026-03-31"),
            ("2026NovQ1", "2026NovQ1 2025-11-01 2026-01-31"),
            ("2026S2", "2026S2 2026-07-01 2026-12-31"),
            ("2026AprilS2", "2026AprilS2 2026-10-01 2027-03-31"),
            ("202602B", "202602B 2026-03-01 2026-04-30"),
            ("2026", "2026 2026-01-01 2026-12-31"),
            ("2026April", "2026April 2026-04-01 2027-03-31"),
            ("2026W1", "2026W1 2025-12-29 2026-01-04"),
            ("2026W53", "2026W53 2026-12-28 2027-01-03"),
            ("2025W53", "none"),
            ("2026SunW2", "2026SunW2 2026-01-11 2026-01-17"),
            ("2026BiW1", "2026BiW1 2025-12-29 2026-01-11"),
            ("2023-13", "none"),
            ("202613", "none"),
            ("2026Q5", "none"),
            ("nonsense", "none"),
            ("", "none"),
        ] {
            assert_eq!(days(text), expected, "{text}");
        }
    }

    #[test]
    fn the_next_of_the_previous_is_the_period_itself_for_every_type() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let names = MONTH_TYPES
            .iter()
            .map(|t| t.0)
            .chain(WEEK_TYPES.iter().map(|t| t.0))
            .chain(["Daily", "BiWeekly"]);
        for name in names {
            let period = PeriodType::named(name)
                .and_then(|t| t.containing(day))
                .unwrap();
            assert!(
                period.start <= day && day <= period.end,
                "{name}: {period:?}"
            );
            assert_eq!(Period::parse(&period.iso).as_ref(), Some(&period), "{name}");
            assert_eq!(
                period.previous().and_then(|p| p.next()).as_ref(),
                Some(&period),
                "{name}"
            );
        }
    }

    #[test]
    fn open_future_periods_count_from_the_last_finished_period() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let monthly = PeriodType::Months {
            length: 1,
            first: 1,
        };
        assert_eq!(latest_open(monthly, 0, today).unwrap().iso, "202610");
        assert_eq!(latest_open(monthly, 2, today).unwrap().iso, "202612");
    }

    #[test]
    fn intervals_are_read_as_they_are_written() {
        for text in [
            "202601",
            "2026Q1",
            "2026",
            "2026W3",
            "20260101",
            "2026April",
        ] {
            let period = Period::parse(text).unwrap();
            assert_eq!(Period::from_interval(&period.interval()), Some(period));
        }
    }
}
