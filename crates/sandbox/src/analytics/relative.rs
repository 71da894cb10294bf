//! Relative periods: `LAST_12_MONTHS`, `THIS_YEAR` and their like.

use chrono::NaiveDate;

use crate::values::{Period, PeriodType};

/// The periods that a name stands for on a day; none for what is no such name.
pub fn periods(name: &str, today: NaiveDate) -> Vec<Period> {
    let (when, what) = name.split_once('_').unwrap_or((name, ""));
    let (count, unit) = match what.split_once('_') {
        Some((number, unit)) => match number.parse::<usize>() {
            Ok(number) => (Some(number), unit.trim_end_matches('S')),
            Err(_) => return Vec::new(),
        },
        None => (None, what),
    };
    let months = |length, first| Some(PeriodType::Months { length, first });
    let period_type = match unit {
        "DAY" => Some(PeriodType::Daily),
        "WEEK" => PeriodType::named("Weekly"),
        "BIWEEK" => Some(PeriodType::BiWeekly),
        "MONTH" => months(1, 1),
        "BIMONTH" => months(2, 1),
        "QUARTER" => months(3, 1),
        "YEAR" => months(12, 1),
        _ => None,
    };
    let Some(this) = period_type.and_then(|t| t.containing(today)) else {
        return Vec::new();
    };
    match (when, count) {
        ("THIS", None) => vec![this],
        ("LAST", count) => {
            let before = std::iter::successors(this.previous(), Period::previous);
            let mut found: Vec<Period> = before.take(count.unwrap_or(1)).collect();
            found.reverse();
            found
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_for_periods() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let iso = |name: &str| {
            periods(name, today)
                .into_iter()
                .map(|p| p.iso)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(iso("THIS_MONTH"), "202611");
        assert_eq!(iso("LAST_MONTH"), "202610");
        assert_eq!(iso("LAST_3_MONTHS"), "202608 202609 202610");
        assert_eq!(iso("LAST_4_QUARTERS"), "2025Q4 2026Q1 2026Q2 2026Q3");
        assert_eq!(iso("LAST_YEAR"), "2025");
        for nothing in ["NEXT_MONTH", "LAST_X_MONTHS", "", "202601", "LAST"] {
            assert_eq!(iso(nothing), "", "{nothing}");
        }
    }
}
