//! The instant a value was last changed, in eight bytes instead of a text of
//! twenty-eight that hardly ever repeats.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

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
        read_usual(text.as_bytes())
            .or_else(|| read(text))
            .map_or(Self::UNKNOWN, Self)
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

/// The form in which all recorded servers write it, `2026-11-22T01:50:38.000+0000`, eight
/// characters at a time; none for any other form, also for what is no moment at all.
fn read_usual(text: &[u8]) -> Option<i64> {
    let text: &[u8; 28] = text.try_into().ok()?;
    let (words, rest) = text.as_chunks::<8>();
    let &[day, minute, milli] = words else {
        return None;
    };
    let day = digits_as_in(day, *b"0000-00-")?;
    let minute = digits_as_in(minute, *b"00T00:00")?;
    let milli = digits_as_in(milli, *b":00.000+")?;
    if rest != b"0000" {
        return None;
    }
    // Numbers of two digits, from the place of the first.
    let pair = |digits: [u8; 8], at: usize| u32::from(digits[at]) * 10 + u32::from(digits[at + 1]);
    let year = i32::try_from(pair(day, 0) * 100 + pair(day, 2)).ok()?;
    let date = NaiveDate::from_ymd_opt(year, pair(day, 5), pair(minute, 0))?;
    let (hour, minute, second) = (pair(minute, 3), pair(minute, 6), pair(milli, 1));
    if year == 0 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let millis = pair(milli, 4) * 10 + u32::from(milli[6]);
    let seconds = i64::from(hour * 3600 + minute * 60 + second);
    let days = i64::from(date.to_epoch_days());
    Some((days * 86_400 + seconds) * 1000 + i64::from(millis))
}

/// The digits of a text that has digits where its form has zeros, and is like the form in all
/// other places, where the digits are 0.
fn digits_as_in(text: [u8; 8], form: [u8; 8]) -> Option<[u8; 8]> {
    const ALL: u64 = u64::from_le_bytes([1; 8]);
    let is_zero = |byte: u8| if byte == b'0' { 0x0f } else { 0 };
    let places = u64::from_le_bytes(form.map(is_zero));
    // Turned against the form, a digit is its number and a like sign is 0.
    let turned = u64::from_le_bytes(text) ^ u64::from_le_bytes(form);
    // The highest bit of a byte above nine; a carry comes only from a byte that has it already.
    let above_nine = (turned | (turned.wrapping_add(ALL * (0x7f - 9)))) & (ALL << 7);
    (turned & !places == 0 && above_nine == 0).then(|| turned.to_le_bytes())
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

    proptest::proptest! {
        /// What the quick way reads is what the careful one reads.
        #[test]
        fn both_ways_read_the_same(
            text in "[0-2][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]\\.[0-9]{3}\\+0000",
            place in 0..28_usize,
            other in "[0-9:TZ+.-]",
        ) {
            let mut spoiled = text.clone();
            spoiled.replace_range(place..=place, &other);
            for text in [text, spoiled] {
                if let Some(millis) = read_usual(text.as_bytes()) {
                    proptest::prop_assert_eq!(read(&text), Some(millis), "{}", text);
                }
            }
        }
    }

    #[test]
    fn moments_as_servers_write_them() {
        let check = |text: &str, expected: &str| {
            assert_eq!(Moment::parse(text).to_text(), expected, "{text}");
        };
        check("2026-11-22T01:50:38.000+0000", "2026-11-22T01:50:38.000Z");
        assert!(read_usual(b"2026-11-22T01:50:38.000+0000").is_some());
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
