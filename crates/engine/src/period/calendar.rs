//! Whether the periods of two servers can be reckoned with. A server reads and writes the ids
//! of periods in its own calendar (system setting `keyCalendar`, told as `calendar` by
//! `/api/system/info` of 2.40–2.43): on an Ethiopian server `201705` is another month than on
//! an ISO one, and the two begin on different days.

/// Why data cannot be brought in under the calendars of two servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarRefusal {
    /// The destination's calendar is not reckoned with here, whatever the source's is: which of
    /// its periods are over, open or expired would be a guess.
    #[error("the calendar of the destination is not reckoned with")]
    Destination,
    /// The destination has the days of ISO 8601 and the source has not: equal ids mean other days.
    #[error("the calendar of the source is another than the destination's")]
    Source,
}

/// Whether a calendar by DHIS2's name has the days of ISO 8601. `gregorian` has, weeks
/// included; a server that tells none has the default, `iso8601`. The others of 2.40–2.43
/// (`coptic`, `ethiopian`, `islamic`, `julian`, `nepali`, `persian`, `thai`) have not.
pub fn is_iso(name: &str) -> bool {
    matches!(name, "" | "iso8601" | "gregorian")
}

/// Whether data can be brought from a source to a destination with these calendars, by
/// DHIS2's names as in `/api/system/info`.
///
/// # Errors
/// A [`CalendarRefusal`] unless both have the days of ISO 8601.
pub fn agree(destination: &str, source: &str) -> Result<(), CalendarRefusal> {
    if !is_iso(destination) {
        return Err(CalendarRefusal::Destination);
    }
    if !is_iso(source) {
        return Err(CalendarRefusal::Source);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_days_of_iso_are_reckoned_with() {
        let check = |destination: &str, source: &str, expected| {
            let found = agree(destination, source);
            assert_eq!(found, expected, "{destination} {source}");
        };
        for ours in ["iso8601", "gregorian", ""] {
            for theirs in ["iso8601", "gregorian", ""] {
                check(ours, theirs, Ok(()));
            }
        }
        for other in [
            "coptic",
            "ethiopian",
            "islamic",
            "julian",
            "nepali",
            "persian",
            "thai",
            // One of a later version, or another spelling, is not taken for ISO.
            "ISO8601",
            "hebrew",
        ] {
            check("iso8601", other, Err(CalendarRefusal::Source));
            check("gregorian", other, Err(CalendarRefusal::Source));
            check(other, "iso8601", Err(CalendarRefusal::Destination));
            check(other, other, Err(CalendarRefusal::Destination));
            check(other, "julian", Err(CalendarRefusal::Destination));
        }
    }
}
