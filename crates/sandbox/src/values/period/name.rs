//! What people call a period, in English: `January 2026`.

use chrono::NaiveDate;

use super::{Period, PeriodType};

impl Period {
    /// The name, as analytics and lists of periods show it ("grid": `January 2026`).
    pub fn name(&self) -> String {
        let month = |day: NaiveDate| day.format("%B").to_string();
        let month_and_year = |day: NaiveDate| day.format("%B %Y").to_string();
        match self.period_type {
            PeriodType::Daily => self.start.to_string(),
            PeriodType::Weekly(_) | PeriodType::BiWeekly => {
                let number = self.iso.trim_start_matches(|c: char| c.is_ascii_digit());
                let number = number.trim_start_matches(|c: char| !c.is_ascii_digit());
                let kind = if self.period_type == PeriodType::BiWeekly {
                    "Bi-Week"
                } else {
                    "Week"
                };
                format!("{kind} {number} {} - {}", self.start, self.end)
            }
            PeriodType::Months { length: 1, .. } => month_and_year(self.start),
            PeriodType::Months {
                length: 12,
                first: 1,
            } => self.start.format("%Y").to_string(),
            PeriodType::Months { length: 12, .. } => format!(
                "{} - {}",
                month_and_year(self.start),
                month_and_year(self.end)
            ),
            PeriodType::Months { .. } => {
                format!("{} - {}", month(self.start), month_and_year(self.end))
            }
        }
    }
}
