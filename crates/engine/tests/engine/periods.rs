//! Periods of all types of DHIS2 2.40–2.43, against tables that were made without this code.

use chrono::{Datelike, Days, NaiveDate};
use proptest::prelude::*;
use tributary_engine::period::{Period, PeriodType, last, range, this_year, within};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn period(id: &str) -> Period {
    Period::parse(id).unwrap()
}

fn ids(periods: &[Period]) -> String {
    let ids: Vec<_> = periods.iter().map(Period::id).collect();
    ids.join(" ")
}

/// Types whose weeks begin on each day that DHIS2 has, Monday first.
const WEEKS: [PeriodType; 6] = [
    PeriodType::Weekly,
    PeriodType::WeeklyWednesday,
    PeriodType::WeeklyThursday,
    PeriodType::WeeklyFriday,
    PeriodType::WeeklySaturday,
    PeriodType::WeeklySunday,
];

/// For each year and each of [`WEEKS`] the first day of its first week, and how many weeks the
/// year has. Weeks from Monday are those of ISO 8601.
#[rustfmt::skip]
const WEEK_YEARS: [(i32, [&str; 6]); 17] = [
    (2004, ["2003-12-29 53", "2003-12-31 52", "2004-01-01 52", "2004-01-02 52", "2004-01-03 52", "2004-01-04 52"]),
    (2008, ["2007-12-31 52", "2008-01-02 52", "2008-01-03 52", "2008-01-04 52", "2007-12-29 53", "2007-12-30 53"]),
    (2009, ["2008-12-29 53", "2008-12-31 52", "2009-01-01 52", "2009-01-02 52", "2009-01-03 52", "2009-01-04 52"]),
    (2010, ["2010-01-04 52", "2009-12-30 52", "2009-12-31 52", "2010-01-01 52", "2010-01-02 52", "2010-01-03 52"]),
    (2014, ["2013-12-30 52", "2014-01-01 52", "2014-01-02 52", "2014-01-03 52", "2014-01-04 52", "2013-12-29 53"]),
    (2015, ["2014-12-29 53", "2014-12-31 52", "2015-01-01 52", "2015-01-02 52", "2015-01-03 52", "2015-01-04 52"]),
    (2016, ["2016-01-04 52", "2015-12-30 53", "2015-12-31 52", "2016-01-01 52", "2016-01-02 52", "2016-01-03 52"]),
    (2019, ["2018-12-31 52", "2019-01-02 52", "2019-01-03 52", "2019-01-04 52", "2018-12-29 53", "2018-12-30 52"]),
    (2020, ["2019-12-30 53", "2020-01-01 52", "2020-01-02 52", "2020-01-03 52", "2020-01-04 52", "2019-12-29 53"]),
    (2021, ["2021-01-04 52", "2020-12-30 52", "2020-12-31 52", "2021-01-01 52", "2021-01-02 52", "2021-01-03 52"]),
    (2023, ["2023-01-02 52", "2023-01-04 52", "2022-12-29 53", "2022-12-30 52", "2022-12-31 52", "2023-01-01 52"]),
    (2024, ["2024-01-01 52", "2024-01-03 52", "2024-01-04 52", "2023-12-29 53", "2023-12-30 53", "2023-12-31 52"]),
    (2025, ["2024-12-30 52", "2025-01-01 52", "2025-01-02 52", "2025-01-03 52", "2025-01-04 52", "2024-12-29 53"]),
    (2026, ["2025-12-29 53", "2025-12-31 52", "2026-01-01 52", "2026-01-02 52", "2026-01-03 52", "2026-01-04 52"]),
    (2027, ["2027-01-04 52", "2026-12-30 52", "2026-12-31 52", "2027-01-01 52", "2027-01-02 52", "2027-01-03 52"]),
    (2028, ["2028-01-03 52", "2027-12-29 53", "2027-12-30 53", "2027-12-31 52", "2028-01-01 52", "2028-01-02 52"]),
    (2032, ["2031-12-29 53", "2031-12-31 52", "2032-01-01 52", "2032-01-02 52", "2032-01-03 52", "2032-01-04 52"]),
];

/// Every type: an id, its first and last day, and the ids before and after it. The forms of the
/// ids are those of the contract's table, each at a turn of the year or at the end of February.
#[rustfmt::skip]
const NEIGHBOURS: [(PeriodType, &str, &str, &str, &str, &str); 56] = [
    (PeriodType::Daily, "20260101", "2026-01-01", "2026-01-01", "20251231", "20260102"),
    (PeriodType::Daily, "20240229", "2024-02-29", "2024-02-29", "20240228", "20240301"),
    (PeriodType::Daily, "20260228", "2026-02-28", "2026-02-28", "20260227", "20260301"),
    (PeriodType::Daily, "21000228", "2100-02-28", "2100-02-28", "21000227", "21000301"),
    (PeriodType::Weekly, "2026W1", "2025-12-29", "2026-01-04", "2025W52", "2026W2"),
    (PeriodType::Weekly, "2026W53", "2026-12-28", "2027-01-03", "2026W52", "2027W1"),
    (PeriodType::Weekly, "2021W1", "2021-01-04", "2021-01-10", "2020W53", "2021W2"),
    (PeriodType::Weekly, "2024W52", "2024-12-23", "2024-12-29", "2024W51", "2025W1"),
    (PeriodType::WeeklyWednesday, "2026WedW1", "2025-12-31", "2026-01-06", "2025WedW52", "2026WedW2"),
    (PeriodType::WeeklyThursday, "2026ThuW1", "2026-01-01", "2026-01-07", "2025ThuW52", "2026ThuW2"),
    (PeriodType::WeeklyFriday, "2026FriW1", "2026-01-02", "2026-01-08", "2025FriW52", "2026FriW2"),
    (PeriodType::WeeklySaturday, "2026SatW1", "2026-01-03", "2026-01-09", "2025SatW52", "2026SatW2"),
    (PeriodType::WeeklySunday, "2025SunW53", "2025-12-28", "2026-01-03", "2025SunW52", "2026SunW1"),
    (PeriodType::BiWeekly, "2026BiW1", "2025-12-29", "2026-01-11", "2025BiW26", "2026BiW2"),
    (PeriodType::BiWeekly, "2026BiW26", "2026-12-14", "2026-12-27", "2026BiW25", "2026BiW27"),
    (PeriodType::BiWeekly, "2026BiW27", "2026-12-28", "2027-01-03", "2026BiW26", "2027BiW1"),
    (PeriodType::Monthly, "202601", "2026-01-01", "2026-01-31", "202512", "202602"),
    (PeriodType::Monthly, "202402", "2024-02-01", "2024-02-29", "202401", "202403"),
    (PeriodType::Monthly, "202602", "2026-02-01", "2026-02-28", "202601", "202603"),
    (PeriodType::Monthly, "200002", "2000-02-01", "2000-02-29", "200001", "200003"),
    (PeriodType::BiMonthly, "202601B", "2026-01-01", "2026-02-28", "202506B", "202602B"),
    (PeriodType::BiMonthly, "202401B", "2024-01-01", "2024-02-29", "202306B", "202402B"),
    (PeriodType::BiMonthly, "202606B", "2026-11-01", "2026-12-31", "202605B", "202701B"),
    (PeriodType::Quarterly, "2026Q1", "2026-01-01", "2026-03-31", "2025Q4", "2026Q2"),
    (PeriodType::Quarterly, "2026Q4", "2026-10-01", "2026-12-31", "2026Q3", "2027Q1"),
    (PeriodType::QuarterlyNov, "2026NovQ1", "2025-11-01", "2026-01-31", "2025NovQ4", "2026NovQ2"),
    (PeriodType::QuarterlyNov, "2024NovQ2", "2024-02-01", "2024-04-30", "2024NovQ1", "2024NovQ3"),
    (PeriodType::QuarterlyNov, "2026NovQ4", "2026-08-01", "2026-10-31", "2026NovQ3", "2027NovQ1"),
    (PeriodType::SixMonthly, "2026S1", "2026-01-01", "2026-06-30", "2025S2", "2026S2"),
    (PeriodType::SixMonthly, "2026S2", "2026-07-01", "2026-12-31", "2026S1", "2027S1"),
    (PeriodType::SixMonthlyApril, "2026AprilS1", "2026-04-01", "2026-09-30", "2025AprilS2", "2026AprilS2"),
    (PeriodType::SixMonthlyApril, "2026AprilS2", "2026-10-01", "2027-03-31", "2026AprilS1", "2027AprilS1"),
    (PeriodType::SixMonthlyNov, "2026NovS1", "2025-11-01", "2026-04-30", "2025NovS2", "2026NovS2"),
    (PeriodType::SixMonthlyNov, "2026NovS2", "2026-05-01", "2026-10-31", "2026NovS1", "2027NovS1"),
    (PeriodType::Yearly, "2026", "2026-01-01", "2026-12-31", "2025", "2027"),
    (PeriodType::Yearly, "2024", "2024-01-01", "2024-12-31", "2023", "2025"),
    (PeriodType::FinancialFeb, "2026Feb", "2026-02-01", "2027-01-31", "2025Feb", "2027Feb"),
    (PeriodType::FinancialFeb, "2023Feb", "2023-02-01", "2024-01-31", "2022Feb", "2024Feb"),
    (PeriodType::FinancialApril, "2026April", "2026-04-01", "2027-03-31", "2025April", "2027April"),
    (PeriodType::FinancialApril, "2023April", "2023-04-01", "2024-03-31", "2022April", "2024April"),
    (PeriodType::FinancialJuly, "2026July", "2026-07-01", "2027-06-30", "2025July", "2027July"),
    (PeriodType::FinancialJuly, "2024July", "2024-07-01", "2025-06-30", "2023July", "2025July"),
    (PeriodType::FinancialAug, "2026Aug", "2026-08-01", "2027-07-31", "2025Aug", "2027Aug"),
    (PeriodType::FinancialAug, "2024Aug", "2024-08-01", "2025-07-31", "2023Aug", "2025Aug"),
    (PeriodType::FinancialSep, "2026Sep", "2026-09-01", "2027-08-31", "2025Sep", "2027Sep"),
    (PeriodType::FinancialSep, "2024Sep", "2024-09-01", "2025-08-31", "2023Sep", "2025Sep"),
    (PeriodType::FinancialOct, "2026Oct", "2026-10-01", "2027-09-30", "2025Oct", "2027Oct"),
    (PeriodType::FinancialOct, "2024Oct", "2024-10-01", "2025-09-30", "2023Oct", "2025Oct"),
    (PeriodType::FinancialNov, "2026Nov", "2026-11-01", "2027-10-31", "2025Nov", "2027Nov"),
    (PeriodType::FinancialNov, "2024Nov", "2024-11-01", "2025-10-31", "2023Nov", "2025Nov"),
    (PeriodType::WeeklySunday, "2026SunW1", "2026-01-04", "2026-01-10", "2025SunW53", "2026SunW2"),
    (PeriodType::WeeklySaturday, "2025SatW52", "2025-12-27", "2026-01-02", "2025SatW51", "2026SatW1"),
    (PeriodType::WeeklyWednesday, "2021WedW1", "2020-12-30", "2021-01-05", "2020WedW52", "2021WedW2"),
    (PeriodType::WeeklyThursday, "2028ThuW53", "2028-12-28", "2029-01-03", "2028ThuW52", "2029ThuW1"),
    (PeriodType::WeeklyFriday, "2027FriW1", "2027-01-01", "2027-01-07", "2026FriW52", "2027FriW2"),
    (PeriodType::BiWeekly, "2025BiW26", "2025-12-15", "2025-12-28", "2025BiW25", "2026BiW1"),
];

#[test]
fn every_type_has_its_ids_days_and_neighbours() {
    for (kind, id, first, last, before, after) in NEIGHBOURS {
        let found = period(id);
        assert_eq!(
            (found.period_type(), found.start(), found.end()),
            (kind, day(first), day(last)),
            "{id}"
        );
        assert_eq!(
            (found.previous().id(), found.id(), found.next().id()),
            (before.to_owned(), id.to_owned(), after.to_owned())
        );
    }
    for kind in PeriodType::ALL {
        assert!(
            NEIGHBOURS.iter().any(|line| line.0 == kind),
            "{} stands in the table",
            kind.name()
        );
    }
}

#[test]
fn weeks_at_the_ends_of_years() {
    for (year, columns) in WEEK_YEARS {
        for (kind, column) in WEEKS.into_iter().zip(columns) {
            let (first, weeks) = column.split_once(' ').unwrap();
            let weeks: u32 = weeks.parse().unwrap();
            let letters = &Period::containing(day(first), kind).id()[4..];
            let letters = letters.trim_end_matches(|c: char| c.is_ascii_digit());
            let of = |number: u32| Period::parse(&format!("{year}{letters}{number}"));
            assert_eq!(of(1).unwrap().start(), day(first), "{year} {}", kind.name());
            let last = of(weeks).unwrap();
            let end = day(first) + Days::new(u64::from(weeks) * 7 - 1);
            assert_eq!(last.end(), end, "{last}");
            assert!(of(weeks + 1).is_err(), "{year} {} {weeks}", kind.name());
            assert_eq!(last.next().id(), format!("{}{letters}1", year + 1));
        }
    }
}

#[test]
fn the_last_periods_across_a_turn_of_the_year() {
    let check = |count, today: &str, kind, expected: &str| {
        assert_eq!(ids(&last(count, day(today), kind)), expected, "{today}");
    };
    use PeriodType::*;
    check(2, "2027-01-04", Weekly, "2026W52 2026W53");
    check(2, "2027-01-03", Weekly, "2026W51 2026W52");
    check(2, "2026-01-04", WeeklySunday, "2025SunW52 2025SunW53");
    check(2, "2026-01-02", WeeklySaturday, "2025SatW50 2025SatW51");
    check(2, "2024-03-01", Daily, "20240228 20240229");
    check(2, "2026-01-31", BiMonthly, "202505B 202506B");
    check(2, "2026-11-01", SixMonthlyNov, "2026NovS1 2026NovS2");
    check(2, "2026-03-31", SixMonthlyApril, "2024AprilS2 2025AprilS1");
    check(1, "2026-04-01", FinancialApril, "2025April");
    // Data entry never offers a 27th pair of weeks.
    check(2, "2027-01-18", BiWeekly, "2026BiW26 2027BiW1");
    check(3, "2027-01-04", BiWeekly, "2026BiW24 2026BiW25 2026BiW26");
    // Years before the first have no ids.
    check(u32::MAX, "0003-06-01", Yearly, "0001 0002");
}

#[test]
fn periods_of_one_type_from_one_to_another() {
    let check = |from: &str, to: &str, expected: &str| {
        assert_eq!(ids(&range(period(from), period(to))), expected);
    };
    check("202511", "202602", "202511 202512 202601 202602");
    check("2026W52", "2027W2", "2026W52 2026W53 2027W1 2027W2");
    check("2026Q4", "2026Q4", "2026Q4");
    check("202602", "202601", "");
    check("202601", "2026Q1", "");
}

#[test]
fn periods_within_others() {
    let check = |outer: &str, kind, expected: &str| {
        assert_eq!(ids(&within(&period(outer), kind)), expected);
    };
    use PeriodType::*;
    check("2026Q1", Monthly, "202601 202602 202603");
    check("2026NovQ1", Monthly, "202511 202512 202601");
    check("2026April", Quarterly, "2026Q2 2026Q3 2026Q4 2027Q1");
    check("202602", Weekly, "2026W6 2026W7 2026W8");
    check("2026", SixMonthlyApril, "2026AprilS1");
    check("202601", Quarterly, "");
    assert_eq!(within(&period("2024"), Daily).len(), 366);
    assert!(period("2026Q1").contains(&period("2026Q1")));
    assert!(!period("2026Q1").contains(&period("2026W1")));
}

fn any_kind() -> impl Strategy<Value = PeriodType> {
    (0..PeriodType::ALL.len()).prop_map(|index| PeriodType::ALL[index])
}

/// Days from the year 1 to the year 9990, mostly of our time.
fn any_day() -> impl Strategy<Value = NaiveDate> {
    let from = |day: NaiveDate, days: u64| (0..days).prop_map(move |more| day + Days::new(more));
    prop_oneof![
        4 => from(day("1990-01-01"), 60 * 365),
        1 => from(day("0003-01-01"), 9_980 * 365),
    ]
}

proptest! {
    #[test]
    fn ids_come_back(day in any_day(), kind in any_kind()) {
        let found = Period::containing(day, kind);
        prop_assert_eq!(Period::parse(&found.id()), Ok(found));
        prop_assert!(found.start() <= day && day <= found.end());
    }

    /// A week belongs to the year in which most of its days lie, and is numbered by its turn.
    #[test]
    fn weeks_are_counted_by_their_days(day in any_day(), which in 0..WEEKS.len()) {
        let week = Period::containing(day, WEEKS[which]);
        let in_year = week.start().iter_days().take(7).filter(|d| d.year() == week.year()).count();
        prop_assert!(in_year >= 4, "{}", week);
        let before = week.previous();
        let turn = if before.year() == week.year() { before.number() + 1 } else { 1 };
        prop_assert_eq!(week.number(), turn);
    }

    /// Neither gaps nor overlaps, and the order of the periods is that of their days.
    #[test]
    fn ranges_have_no_gaps(day in any_day(), kind in any_kind(), steps in 0..40i32) {
        let first = Period::containing(day, kind);
        let found = range(first, first.step(steps));
        prop_assert_eq!(found.len() as i32, steps + 1);
        for pair in found.windows(2) {
            prop_assert_eq!(pair[0].end() + Days::new(1), pair[1].start());
            prop_assert!(pair[0] < pair[1]);
            prop_assert_eq!(pair[1].previous(), pair[0]);
        }
    }

    /// The last periods are over, follow each other, and end right before today's.
    #[test]
    fn the_last_periods_are_over(today in any_day(), kind in any_kind(), count in 0..60u32) {
        let found = last(count, today, kind);
        prop_assert!(found.len() == count as usize || found[0].start().year() == 1);
        prop_assert!(found.iter().all(|period| period.end() < today && !period.is_left_over()));
        let left_out = |period: &Period| !found.contains(period) && !period.is_left_over();
        if let (Some(first), Some(end)) = (found.first(), found.last()) {
            prop_assert!(!range(*first, *end).iter().any(left_out));
            let current = Period::containing(today, kind);
            let between = range(end.next(), current);
            let between: Vec<_> = between.iter().filter(|period| left_out(period)).collect();
            // Today's alone, unless that is one that data entry does not offer.
            let expected: &[&Period] = if current.is_left_over() { &[] } else { &[&current] };
            prop_assert_eq!(between, expected);
        }
    }

    #[test]
    fn this_year_has_one_year(today in any_day(), kind in any_kind()) {
        let found = this_year(today, kind);
        let current = Period::containing(today, kind);
        prop_assert_eq!(found.last(), Some(&current));
        prop_assert!(found.iter().all(|period| period.year() == current.year()));
        prop_assert!(found[0].previous().year() < current.year());
    }

    #[test]
    fn containment_is_an_order(
        day in any_day(),
        near in (-200..200i64, -200..200i64),
        kinds in (any_kind(), any_kind(), any_kind()),
    ) {
        let at = |days: i64| day + chrono::TimeDelta::days(days);
        let a = Period::containing(day, kinds.0);
        let b = Period::containing(at(near.0), kinds.1);
        let c = Period::containing(at(near.1), kinds.2);
        prop_assert!(a.contains(&a));
        prop_assert!(!(a.contains(&b) && b.contains(&c)) || a.contains(&c));
        let same_days = (a.start(), a.end()) == (b.start(), b.end());
        prop_assert_eq!(a.contains(&b) && b.contains(&a), same_days);
        let by_days = a.start().iter_days().take_while(|d| *d <= a.end());
        let days: Vec<_> = by_days.collect();
        let all = b.start().iter_days().take_while(|d| *d <= b.end()).all(|d| days.contains(&d));
        prop_assert_eq!(a.contains(&b), all);
        for inner in within(&a, kinds.1) {
            prop_assert!(a.contains(&inner));
        }
    }

    /// Total and by the first day across all types; equal only to itself.
    #[test]
    fn periods_have_one_order(
        day in any_day(),
        near in (-40..40i64, -40..40i64),
        kinds in (any_kind(), any_kind(), any_kind()),
    ) {
        let at = |days: i64, kind| Period::containing(day + chrono::TimeDelta::days(days), kind);
        let (a, b, c) = (at(0, kinds.0), at(near.0, kinds.1), at(near.1, kinds.2));
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&b).is_eq(), a == b);
        prop_assert_eq!(a == b, a.id() == b.id());
        prop_assert!(a.start() >= b.start() || a < b);
        prop_assert!(!(a < b && b < c) || a < c);
    }

    /// No text makes the reader panic, and what it takes is written as one of the known forms.
    #[test]
    fn any_text_is_read_or_refused(text in "[0-9]{0,8}[A-Za-z-]{0,6}[0-9]{0,3}") {
        if let Ok(found) = Period::parse(&text) {
            prop_assert_eq!(Period::parse(&found.id()), Ok(found));
        }
    }
}
