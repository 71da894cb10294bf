//! `Retry-After`: how long a server asks to wait, as seconds or as a date (RFC 9110, 10.2.3).

use crate::transport::Response;

/// The seconds to wait; `None` where the server says nothing that can be understood. A date
/// is held against the server's own `Date`, so that no clock of ours is asked.
pub(super) fn retry_after_seconds(response: &Response) -> Option<u32> {
    let text = response.header("retry-after")?.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let wait = seconds(text)?.saturating_sub(seconds(response.header("date")?)?);
    u32::try_from(wait.max(0)).ok()
}

/// Seconds since 1970 of `Sun, 22 Nov 2026 06:28:45 GMT`.
fn seconds(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut words = text.split_once(',')?.1.split_ascii_whitespace();
    let day: i64 = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = MONTHS.iter().position(|month| *month == name)?;
    let year: i64 = words.next()?.parse().ok()?;
    let mut clock = words
        .next()?
        .split(':')
        .map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if !(1..=31).contains(&day) || !(1970..=9_999).contains(&year) {
        return None;
    }
    if !(0..24).contains(&hour) || !(0..60).contains(&minute) || !(0..=60).contains(&second) {
        return None;
    }
    // Days since 1970, counted from March on so that a leap day is a year's last.
    let month = i64::try_from(month).ok()?;
    let (year, month) = if month < 2 {
        (year - 1, month + 10)
    } else {
        (year, month - 2)
    };
    let days =
        365 * year + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 719_469;
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::{retry_after_seconds, seconds};
    use crate::transport::Response;

    #[test]
    fn seconds_and_dates() {
        let now = "Sun, 22 Nov 2026 06:28:45 GMT";
        for (value, expected) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 22 Nov 2026 06:30:00 GMT", Some(75)),
            ("Tue, 01 Dec 2026 00:00:00 GMT", Some(754_275)),
            ("Fri, 20 Nov 2026 00:00:00 GMT", Some(0)),
            ("99999999999", None),
            ("-5", None),
            ("", None),
            ("soon", None),
            ("Sun, 22 Foo 2026 06:30:00 GMT", None),
            ("Sun, 99 Nov 2026 06:30:00 GMT", None),
        ] {
            let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
            let response = Response {
                headers: vec![header("date", now), header("retry-after", value)],
                ..Response::default()
            };
            assert_eq!(retry_after_seconds(&response), expected, "{value:?}");
        }
        assert_eq!(retry_after_seconds(&Response::default()), None);
    }

    #[test]
    fn days_are_counted_over_leap_years() {
        for (text, expected) in [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
            ("Wed, 01 Mar 2000 00:00:00 GMT", 951_868_800),
            ("Thu, 31 Dec 2026 23:59:59 GMT", 1_798_761_599),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }
}
