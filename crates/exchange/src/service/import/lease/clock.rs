//! The destination's clock. It is compared with itself where two people have to agree on how
//! long ago something was, and with the stamps of values where its zone is known.

use tributary_dhis2::system::SystemInfo;
use tributary_engine::moment::Moment;

/// Zones are whole quarters of an hour ahead of UTC, in minutes.
const QUARTER: i64 = 15;

/// How far from a whole quarter the two clocks may be, in minutes.
const TOLERANCE: i64 = 5;

/// Minutes that a place on Earth is ahead of UTC.
const ZONES: std::ops::RangeInclusive<i64> = -12 * 60..=14 * 60;

const MINUTE: i64 = 60_000;

/// What time it is at the destination.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Now {
    /// In its own zone, `2026-11-22T10:32:05.123`.
    pub(super) text: String,
    /// Minutes that this is ahead of UTC, where that is known.
    pub(super) ahead: Option<i32>,
}

/// What time it was when the destination answered.
pub(super) fn now(system: &SystemInfo) -> Now {
    let text = system.server_date.clone().unwrap_or_default();
    let ahead = if system.runs_in_utc() {
        Some(0)
    } else {
        ahead(&text, system.answered.as_deref().unwrap_or_default())
    };
    Now { text, ahead }
}

/// Seconds from one time of the destination's to another, none below 0; nothing where one of
/// them is no time.
pub(super) fn seconds_between(earlier: &str, later: &str) -> Option<u64> {
    let (earlier, later) = (Moment::parse(earlier), Moment::parse(later));
    let millis = later.millis()?.saturating_sub(earlier.millis()?);
    Some(u64::try_from(millis).unwrap_or_default() / 1_000)
}

/// A time of the destination's as values are stamped.
pub(super) fn in_utc(text: &str, ahead: Option<i32>) -> Option<Moment> {
    let millis = Moment::parse(text).millis()?;
    Some(Moment::from_millis(millis - i64::from(ahead?) * MINUTE))
}

/// How far the server's time is ahead of the moment at which HTTP says that it answered. The
/// zone's name would need a list of all zones.
fn ahead(server_date: &str, answered: &str) -> Option<i32> {
    let difference = Moment::parse(server_date).millis()? - http_date(answered)?;
    let minutes = (difference + MINUTE / 2).div_euclid(MINUTE);
    let quarters = (minutes + QUARTER / 2).div_euclid(QUARTER) * QUARTER;
    let fits = (minutes - quarters).abs() <= TOLERANCE && ZONES.contains(&quarters);
    fits.then(|| i32::try_from(quarters).ok())?
}

/// `Sun, 22 Nov 2026 02:20:24 GMT` in milliseconds since 1970.
fn http_date(text: &str) -> Option<i64> {
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let mut words = text.split(' ').skip(1);
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let time = words.next()?;
    let month = 1 + months.iter().position(|name| *name == month)?;
    Moment::parse(&format!("{year}-{month:02}-{day}T{time}Z")).millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_a_zone_is_ahead() {
        let check = |server: &str, answered: &str, expected: Option<i32>| {
            assert_eq!(ahead(server, answered), expected, "{server} {answered}");
        };
        let noon = "Sun, 22 Nov 2026 12:00:00 GMT";
        check("2026-11-22T12:00:00.300", noon, Some(0));
        check("2026-11-22T11:59:59.900", noon, Some(0));
        check("2026-11-22T13:00:01.000", noon, Some(60));
        check("2026-11-22T17:45:02.000", noon, Some(345));
        check("2026-11-22T09:03:00.000", noon, Some(-180));
        check("2026-11-23T02:00:00.000", noon, Some(840));
        // Clocks that have nothing to do with each other tell nothing.
        check("2026-11-22T12:07:00.000", noon, None);
        check("2026-11-24T12:00:00.000", noon, None);
        check("2026-11-22T12:00:00.000", "", None);
        check("", noon, None);
    }

    #[test]
    fn times_of_the_destination() {
        let system = SystemInfo {
            server_date: Some("2026-11-22T13:00:00.500".into()),
            server_time_zone_id: Some("Africa/Kinshasa".into()),
            answered: Some("Sun, 22 Nov 2026 12:00:00 GMT".into()),
            ..SystemInfo::default()
        };
        let now = now(&system);
        assert_eq!(now.ahead, Some(60));
        let utc = in_utc(&now.text, now.ahead).unwrap();
        assert_eq!(utc.to_text(), "2026-11-22T12:00:00.500Z");
        assert_eq!(in_utc(&now.text, None), None);
        assert_eq!(
            seconds_between("2026-11-22T12:57:00.000", &now.text),
            Some(180)
        );
        assert_eq!(
            seconds_between("2026-11-22T13:57:00.000", &now.text),
            Some(0)
        );
        assert_eq!(seconds_between("", &now.text), None);
    }
}
