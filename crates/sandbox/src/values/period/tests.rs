//! Periods as the servers read them: their days, and what is none.

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
