//! Periods as a start and a length, the notation of ADX: `2026-01-01/P1M`.

use chrono::{Datelike, NaiveDate};

use super::{Period, PeriodType};

impl Period {
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
