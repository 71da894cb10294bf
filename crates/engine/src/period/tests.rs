//! Table tests of periods: ids, dates, neighbours and the rules that choose them.

use super::*;

fn day(text: &str) -> NaiveDate {
    parse_date(text).unwrap()
}

#[test]
fn ids_and_dates() {
    let check = |id: &str, kind: PeriodType, start: &str, end: &str| {
        let period = Period::parse(id).unwrap();
        assert_eq!(
            (period.period_type(), period.start(), period.end()),
            (kind, day(start), day(end)),
            "{id}"
        );
        assert_eq!(period.id(), id);
        assert_eq!(
            Period::containing(day(end), kind),
            period,
            "{id} from its last day"
        );
    };
    use PeriodType::*;
    check("20260131", Daily, "2026-01-31", "2026-01-31");
    check("20240229", Daily, "2024-02-29", "2024-02-29");
    check("2026W1", Weekly, "2025-12-29", "2026-01-04");
    check("2026W53", Weekly, "2026-12-28", "2027-01-03");
    check("2027W1", Weekly, "2027-01-04", "2027-01-10");
    check("2025W1", Weekly, "2024-12-30", "2025-01-05");
    check("2020W53", Weekly, "2020-12-28", "2021-01-03");
    check("2026WedW1", WeeklyWednesday, "2025-12-31", "2026-01-06");
    check("2026ThuW1", WeeklyThursday, "2026-01-01", "2026-01-07");
    check("2026FriW1", WeeklyFriday, "2026-01-02", "2026-01-08");
    check("2026SatW1", WeeklySaturday, "2026-01-03", "2026-01-09");
    check("2026SunW1", WeeklySunday, "2026-01-04", "2026-01-10");
    check("2026SunW5", WeeklySunday, "2026-02-01", "2026-02-07");
    check("2025SunW53", WeeklySunday, "2025-12-28", "2026-01-03");
    check("2026BiW1", BiWeekly, "2025-12-29", "2026-01-11");
    check("2025BiW26", BiWeekly, "2025-12-15", "2025-12-28");
    check("2026BiW27", BiWeekly, "2026-12-28", "2027-01-03");
    check("202601", Monthly, "2026-01-01", "2026-01-31");
    check("202402", Monthly, "2024-02-01", "2024-02-29");
    check("202601B", BiMonthly, "2026-01-01", "2026-02-28");
    check("202606B", BiMonthly, "2026-11-01", "2026-12-31");
    check("2026Q1", Quarterly, "2026-01-01", "2026-03-31");
    check("2026Q4", Quarterly, "2026-10-01", "2026-12-31");
    check("2026NovQ1", QuarterlyNov, "2025-11-01", "2026-01-31");
    check("2026NovQ2", QuarterlyNov, "2026-02-01", "2026-04-30");
    check("2026NovQ4", QuarterlyNov, "2026-08-01", "2026-10-31");
    check("2026S1", SixMonthly, "2026-01-01", "2026-06-30");
    check("2026S2", SixMonthly, "2026-07-01", "2026-12-31");
    check("2026AprilS1", SixMonthlyApril, "2026-04-01", "2026-09-30");
    check("2026AprilS2", SixMonthlyApril, "2026-10-01", "2027-03-31");
    check("2026NovS1", SixMonthlyNov, "2025-11-01", "2026-04-30");
    check("2026NovS2", SixMonthlyNov, "2026-05-01", "2026-10-31");
    check("2026", Yearly, "2026-01-01", "2026-12-31");
    check("2026Feb", FinancialFeb, "2026-02-01", "2027-01-31");
    check("2026April", FinancialApril, "2026-04-01", "2027-03-31");
    check("2026July", FinancialJuly, "2026-07-01", "2027-06-30");
    check("2026Aug", FinancialAug, "2026-08-01", "2027-07-31");
    check("2026Sep", FinancialSep, "2026-09-01", "2027-08-31");
    check("2026Oct", FinancialOct, "2026-10-01", "2027-09-30");
    check("2026Nov", FinancialNov, "2026-11-01", "2027-10-31");
}

#[test]
fn other_forms_that_servers_take() {
    let check = |text: &str, id: &str| assert_eq!(Period::parse(text).unwrap().id(), id);
    check("2026-01-31", "20260131");
    check("2026-01", "202601");
    check("2026W05", "2026W5");
}

#[test]
fn texts_that_are_no_periods() {
    for text in [
        "",
        "2026-13",
        "202613",
        "202600",
        "2026W54",
        "2025W53",
        "2026W0",
        "2026W",
        "2025BiW27",
        "2026BiW28",
        "2026BiW0",
        "20260230",
        "20260101 ",
        " 202601",
        "2026-1",
        "2026Q5",
        "2026Q0",
        "2026Q",
        "2026Q11",
        "2026S3",
        "2026AprilS3",
        "2026NovQ5",
        "202607B",
        "202600B",
        "2026B",
        "26",
        "202",
        "2026april",
        "2026April1",
        "2026W1x",
        "0000",
        "000001",
        "2026-W1",
        "2026é",
        "20é601",
        "2026é1",
        "2026-01-32",
        "2026-01-3",
        "２０２６01",
        "202601B1",
        "2026Q0001",
        "+02601",
    ] {
        assert_eq!(
            Period::parse(text),
            Err(ParsePeriodError { text: text.into() }),
            "{text}"
        );
    }
}

#[test]
fn names_of_types_come_back() {
    for kind in PeriodType::ALL {
        assert_eq!(PeriodType::from_name(kind.name()), Some(kind));
        assert_eq!(
            serde_json::to_string(&kind).unwrap(),
            format!("\"{}\"", kind.name())
        );
    }
    assert_eq!(PeriodType::from_name("monthly"), None);
}

/// Every type, through ten years day by day: the periods follow each other
/// without a gap, and each comes back from its id.
#[test]
fn periods_cover_time_without_gaps() {
    for kind in PeriodType::ALL {
        let mut period = Period::containing(day("2018-12-15"), kind);
        while period.end() < day("2029-01-20") {
            assert_eq!(Period::parse(&period.id()), Ok(period), "{}", kind.name());
            let next = period.next();
            assert_eq!(next.start(), period.end() + Days::new(1), "after {period}");
            assert_eq!(next.previous(), period);
            assert!(next > period);
            for date in period
                .start()
                .iter_days()
                .take_while(|&date| date <= period.end())
            {
                assert_eq!(Period::containing(date, kind), period, "{date}");
            }
            period = next;
        }
    }
}

#[test]
fn the_last_periods_have_ended() {
    let check = |count, today: &str, kind, expected: &str| {
        let ids: Vec<_> = last(count, day(today), kind)
            .iter()
            .map(Period::id)
            .collect();
        assert_eq!(ids.join(" "), expected);
    };
    check(3, "2026-11-22", PeriodType::Monthly, "202608 202609 202610");
    check(1, "2026-11-30", PeriodType::Monthly, "202610");
    check(2, "2026-01-02", PeriodType::Weekly, "2025W51 2025W52");
    check(
        2,
        "2026-11-22",
        PeriodType::QuarterlyNov,
        "2026NovQ3 2026NovQ4",
    );
    check(1, "2026-02-01", PeriodType::FinancialApril, "2024April");
    check(0, "2026-02-01", PeriodType::Monthly, "");
}

#[test]
fn this_year_ends_with_the_running_period() {
    let check = |today: &str, kind, expected: &str| {
        let ids: Vec<_> = this_year(day(today), kind).iter().map(Period::id).collect();
        assert_eq!(ids.join(" "), expected);
    };
    check("2026-03-22", PeriodType::Monthly, "202601 202602 202603");
    check("2026-01-01", PeriodType::Monthly, "202601");
    check("2025-12-30", PeriodType::Weekly, "2026W1");
    check("2026-11-22", PeriodType::QuarterlyNov, "2027NovQ1");
    check("2026-02-01", PeriodType::FinancialApril, "2025April");
    check("2026-08-01", PeriodType::SixMonthlyApril, "2026AprilS1");
    assert_eq!(this_year(day("2026-11-22"), PeriodType::Daily).len(), 326);
}
