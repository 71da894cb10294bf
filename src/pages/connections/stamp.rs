//! A server's time stamp as people read it.

use crate::browser::intl;
use crate::text::{language, t_with};

/// Day and time of a stamp: year, month, day, `09:30` (empty when it names no time).
fn parts(stamp: &str) -> Option<(i32, u32, u32, &str)> {
    let (day, time) = stamp.split_once('T').unwrap_or((stamp, ""));
    let mut numbers = day.split('-');
    let year = numbers.next()?.parse().ok()?;
    let month = numbers.next()?.parse().ok()?;
    let day = numbers.next()?.parse().ok()?;
    Some((year, month, day, time.get(..5).unwrap_or_default()))
}

/// "22 November 2026, 09:30"; what is no stamp stays as it is.
pub(super) fn moment(stamp: &str) -> String {
    let Some((year, month, day, time)) = parts(stamp) else {
        return stamp.to_owned();
    };
    let date = intl::date(&language(), year, month, Some(day));
    if time.is_empty() {
        return date;
    }
    t_with("connections.moment", &[("date", &date), ("time", time)])
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn stamps_as_servers_write_them() {
        assert_eq!(
            parts("2026-11-22T09:30:00.123"),
            Some((2026, 11, 22, "09:30"))
        );
        assert_eq!(parts("2026-11-22"), Some((2026, 11, 22, "")));
        assert_eq!(parts(""), None);
        assert_eq!(parts("yesterday"), None);
    }
}
