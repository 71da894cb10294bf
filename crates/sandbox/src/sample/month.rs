//! Calendar months as plain numbers, and how DHIS2 writes them.

/// A calendar month, counted from January of the year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// `month` from 1 (January) to 12.
    pub fn new(year: i32, month: u32) -> Self {
        Self(year * 12 + i32::try_from(month.clamp(1, 12)).unwrap_or(1) - 1)
    }

    /// The month that is `count` months later (earlier when negative).
    pub fn plus(self, count: i32) -> Self {
        Self(self.0 + count)
    }

    /// The calendar year.
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// 0 for January to 11 for December.
    pub fn of_year(self) -> u32 {
        self.0.rem_euclid(12).unsigned_abs()
    }

    /// DHIS2's period of type Monthly: `202601`.
    pub fn period(self) -> String {
        format!("{:04}{:02}", self.year(), self.of_year() + 1)
    }

    /// A day of this month as DHIS2 writes dates: `2026-01-15`.
    pub fn day(self, day: u32) -> String {
        format!("{:04}-{:02}-{day:02}", self.year(), self.of_year() + 1)
    }

    /// The last day of this month: `2026-01-31`.
    pub fn last_day(self) -> String {
        let leap = self.year() % 4 == 0 && (self.year() % 100 != 0 || self.year() % 400 == 0);
        self.day(match self.of_year() {
            1 if leap => 29,
            1 => 28,
            3 | 5 | 8 | 10 => 30,
            _ => 31,
        })
    }

    /// The `count` months that end with this one, in order.
    pub fn window(self, count: usize) -> Vec<Self> {
        let count = i32::try_from(count).unwrap_or(i32::MAX / 2);
        (0..count).map(|back| self.plus(back + 1 - count)).collect()
    }
}
