//! The instant a value was last changed, in eight bytes instead of a text of
//! twenty-eight that hardly ever repeats.

use chrono::{DateTime, NaiveDateTime};

/// Milliseconds since 1970 in UTC, or [`Moment::UNKNOWN`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// Not given by the server. Earlier than every known moment.
    pub const UNKNOWN: Self = Self(i64::MIN);

    /// From milliseconds since 1970 in UTC.
    pub fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970 in UTC; nothing when unknown.
    pub fn millis(self) -> Option<i64> {
        (self != Self::UNKNOWN).then_some(self.0)
    }

    /// Reads a moment as DHIS2 writes it: `2026-11-22T01:50:38.000+0000`. The
    /// offset may be missing (then it is UTC), the fraction too.
    /// Anything else is [`Moment::UNKNOWN`]: of a value with an unknown moment
    /// nobody can say that it was edited.
    pub fn parse(text: &str) -> Self {
        read(text).map_or(Self::UNKNOWN, Self)
    }

    /// As `2026-11-22T01:50:38.000Z`; empty when unknown.
    pub fn to_text(self) -> String {
        self.millis()
            .and_then(DateTime::from_timestamp_millis)
            .map_or_else(String::new, |moment| {
                let (date, time) = (moment.date_naive(), moment.time());
                format!("{date}T{}.{:03}Z", time_text(time), self.0.rem_euclid(1000))
            })
    }
}

fn time_text(time: chrono::NaiveTime) -> String {
    use chrono::Timelike;
    format!(
        "{:02}:{:02}:{:02}",
        time.hour(),
        time.minute(),
        time.second()
    )
}

/// Written out by hand: chrono's format strings would add 50 KiB to the wasm.
fn read(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let date = crate::period::parse_date(date)?;
    let rest = rest.strip_prefix('T')?;
    let (clock, offset) = match rest.find(['+', '-', 'Z']) {
        Some(at) => rest.split_at(at),
        None => (rest, "Z"),
    };
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let mut parts = clock.split(':').map(digits);
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    let fraction = digits(&format!("{fraction:0<3}")[..3])?;
    let moment = NaiveDateTime::new(
        date,
        chrono::NaiveTime::from_hms_milli_opt(hour, minute, second, fraction)?,
    );
    Some(moment.and_utc().timestamp_millis() - offset_millis(offset)?)
}

/// `Z`, `+0000` or `+00:00`.
fn offset_millis(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let plain = text.get(1..)?.replace(':', "");
    let (hours, minutes) = plain.split_at_checked(2)?;
    Some(sign * (i64::from(digits(hours)?) * 60 + i64::from(digits(minutes)?)) * 60_000)
}

fn digits(text: &str) -> Option<u32> {
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_as_servers_write_them() {
        let check = |text: &str, expected: &str| {
            assert_eq!(Moment::parse(text).to_text(), expected, "{text}");
        };
        check("2026-11-22T01:50:38.000+0000", "2026-11-22T01:50:38.000Z");
        check("2026-11-22T01:45:08.208+0000", "2026-11-22T01:45:08.208Z");
        check("2026-11-22T01:45:08.208+0300", "2026-11-21T22:45:08.208Z");
        check("2026-11-22T01:45:08", "2026-11-22T01:45:08.000Z");
        check("2026-11-22T01:45:08.2Z", "2026-11-22T01:45:08.200Z");
        check("2026-11-22", "");
        check("yesterday", "");
        check("2026-11-22T25:00:00.000Z", "");
        check("2026-11-22T01:45:08.é", "");
    }
}
