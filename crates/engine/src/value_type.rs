//! What a value must look like, strictly: what all of DHIS2 2.40–2.43 take and
//! keep as it was sent.
//!
//! Where versions differ, the strictest counts (recordings "import-bad-values"):
//! `12.0` for an integer is refused up to 2.42 and rewritten to `12` by 2.43;
//! `TRUE` and `1` for a boolean are rewritten to `true`, `yes` is refused up to
//! 2.42. A value that the server rewrites would differ again on the next run.

use serde::{Deserialize, Serialize};

use crate::period::parse_date;

/// The value types of DHIS2 2.40–2.43, under the names that `dataElement.valueType` carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(
    missing_docs,
    reason = "the names are DHIS2's; `accepts` says what each takes"
)]
pub enum ValueType {
    Text,
    LongText,
    MultiText,
    Letter,
    PhoneNumber,
    Email,
    Boolean,
    TrueOnly,
    Date,
    Datetime,
    Time,
    Number,
    UnitInterval,
    Percentage,
    Integer,
    IntegerPositive,
    IntegerNegative,
    IntegerZeroOrPositive,
    TrackerAssociate,
    Username,
    Coordinate,
    OrganisationUnit,
    Reference,
    Age,
    Url,
    FileResource,
    Image,
    Geojson,
    /// A type that DHIS2 2.40–2.43 do not know; it takes any text.
    #[serde(other)]
    Unknown,
}

/// Longest value that a server keeps, in characters
/// (`value_length_greater_than_max_length`, DHIS2 2.40–2.43).
pub const MAX_VALUE_LENGTH: usize = 50_000;

impl ValueType {
    /// Whether its values are numbers, so that a 0 can be insignificant.
    pub fn is_numeric(self) -> bool {
        matches!(
            self,
            Self::Number
                | Self::UnitInterval
                | Self::Percentage
                | Self::Integer
                | Self::IntegerPositive
                | Self::IntegerNegative
                | Self::IntegerZeroOrPositive
        )
    }

    /// Whether its values name files, which live on one server only.
    pub fn is_file(self) -> bool {
        matches!(self, Self::FileResource | Self::Image)
    }

    /// Whether `text`, which is not empty, is a value of this type.
    pub fn accepts(self, text: &str) -> bool {
        if text.len() > MAX_VALUE_LENGTH && text.chars().count() > MAX_VALUE_LENGTH {
            return false;
        }
        match self {
            Self::Text | Self::LongText | Self::MultiText | Self::Username | Self::Unknown => true,
            Self::Letter => single(text).is_some_and(char::is_alphabetic),
            Self::PhoneNumber => is_phone_number(text),
            Self::Email => is_email(text),
            Self::Boolean => matches!(text, "true" | "false"),
            Self::TrueOnly => text == "true",
            Self::Date | Self::Age => parse_date(text).is_some(),
            Self::Datetime => is_date_time(text),
            Self::Time => is_time(text),
            Self::Number => number(text).is_some(),
            Self::UnitInterval => number(text).is_some_and(|n| (0.0..=1.0).contains(&n)),
            Self::Percentage => number(text).is_some_and(|n| (0.0..=100.0).contains(&n)),
            Self::Integer => integer(text).is_some(),
            Self::IntegerPositive => integer(text).is_some_and(|n| n > 0),
            Self::IntegerNegative => integer(text).is_some_and(|n| n < 0),
            Self::IntegerZeroOrPositive => integer(text).is_some_and(|n| n >= 0),
            Self::TrackerAssociate
            | Self::OrganisationUnit
            | Self::Reference
            | Self::FileResource
            | Self::Image => is_uid(text),
            Self::Coordinate => is_coordinate(text),
            Self::Url => is_url(text),
            Self::Geojson => text.starts_with('{') && text.ends_with('}'),
        }
    }
}

/// Whether a number's text is zero: `0`, `0.`, `0.00`. Up to DHIS2 2.42 such a
/// value vanishes without a word where `zeroIsSignificant` is false
/// ("zero not significant": 200, all counters 0).
pub fn is_zero(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('0') else {
        return false;
    };
    rest.is_empty()
        || rest
            .strip_prefix('.')
            .is_some_and(|zeros| zeros.bytes().all(|b| b == b'0'))
}

/// A whole number of 32 bits in its one plain form: `0`, `-5`, `12`; not `-0`,
/// `+5`, `007`, ` 5`, `1e3`, `12.0` ("integer 007", "huge integer" …).
fn integer(text: &str) -> Option<i32> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = is_digits(digits) && (!digits.starts_with('0') || text == "0");
    if plain { text.parse().ok() } else { None }
}

/// A decimal number without exponent: `0`, `-0.5`, `12.30`; not `1,5`, `.5`, `5.`,
/// `1e3`, `NaN` ("number 1,5" …). Servers take up to 250 characters.
fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = text.len() <= 250
        && is_digits(whole)
        && is_digits(fraction)
        && (!whole.starts_with('0') || whole == "0");
    if plain {
        text.parse().ok().filter(|n: &f64| n.is_finite())
    } else {
        None
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn single(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

/// A letter, then ten letters or digits.
fn is_uid(text: &str) -> bool {
    text.len() == 11
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
}

fn is_phone_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let rest = text.strip_prefix('+').unwrap_or(text);
    digits >= 6
        && text.len() <= 50
        && rest
            .bytes()
            .all(|b| b.is_ascii_digit() || b" ()-./".contains(&b))
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty()
            && host.contains('.')
            && !host.contains('@')
            && !text.contains(char::is_whitespace)
    })
}

fn is_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

/// `10:30` or `10:30:00`.
fn is_time(text: &str) -> bool {
    let mut parts = text.split(':');
    let mut part = |limit: u32| {
        parts
            .next()
            .map(|p| p.len() == 2 && is_digits(p) && p.parse().is_ok_and(|n: u32| n < limit))
    };
    part(24) == Some(true) && part(60) == Some(true) && part(60) != Some(false) && part(1).is_none()
}

/// A day, `T`, a time, perhaps with a fraction and `Z`: `2026-01-31T10:30:00.000Z`.
fn is_date_time(text: &str) -> bool {
    let Some((day, time)) = text.split_once('T') else {
        return false;
    };
    let time = time.strip_suffix('Z').unwrap_or(time);
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    parse_date(day).is_some() && is_time(time) && is_digits(fraction)
}

/// `[longitude,latitude]` in degrees.
fn is_coordinate(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    inner
        .and_then(|inner| inner.split_once(','))
        .is_some_and(|(longitude, latitude)| {
            number(longitude).is_some_and(|n| n.abs() <= 180.0)
                && number(latitude).is_some_and(|n| n.abs() <= 90.0)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each type with texts that it takes and texts that it refuses.
    #[test]
    fn what_each_type_takes() {
        let check = |kind: ValueType, good: &[&str], bad: &[&str]| {
            for text in good {
                assert!(kind.accepts(text), "{kind:?} takes {text}");
            }
            for text in bad {
                assert!(!kind.accepts(text), "{kind:?} refuses {text}");
            }
        };
        use ValueType::*;
        let no_integers = [
            "abc",
            "12.0",
            "1.5",
            "007",
            " 5 ",
            "1e3",
            "99999999999999999999",
            "-0",
            "+1",
            "",
            "-",
            "١",
        ];
        check(Integer, &["0", "5", "-5", "2147483647"], &no_integers);
        check(IntegerPositive, &["1"], &["0", "-1", "1.0"]);
        check(IntegerNegative, &["-1"], &["0", "1", "-0"]);
        check(IntegerZeroOrPositive, &["0", "12"], &["-1", "00"]);
        check(
            Number,
            &["0", "1.5", "-0.25", "117", "3.50"],
            &[
                "1,5", "1e3", "1E3", "NaN", ".5", "5.", "01", "Infinity", " 1",
            ],
        );
        check(Percentage, &["0", "100", "33.3"], &["101", "-1", "50%"]);
        check(UnitInterval, &["0", "1", "0.5"], &["1.1", "-0.1"]);
        check(
            Boolean,
            &["true", "false"],
            &["TRUE", "yes", "1", "0", "True"],
        );
        check(TrueOnly, &["true"], &["false", "TRUE", "1"]);
        check(
            Date,
            &["2023-12-31", "2024-02-29"],
            &[
                "31/12/2023",
                "2023-02-30",
                "2023-2-3",
                "2023-12-31T00:00",
                "20231231",
            ],
        );
        check(
            Datetime,
            &["2026-01-31T10:30", "2026-01-31T10:30:00.000Z"],
            &["2026-01-31", "2026-01-31T25:00", "2026-01-31 10:30"],
        );
        check(
            Time,
            &["10:30", "23:59:59"],
            &["24:00", "10:60", "10", "10:3", "10:30:00:00", "10:30:61"],
        );
        check(Letter, &["a", "É"], &["ab", "1"]);
        check(
            Coordinate,
            &["[-1.5,12]"],
            &["1,2", "[181,0]", "[0,91]", "[a,b]"],
        );
        check(
            OrganisationUnit,
            &["ouFacA10001"],
            &["oufac", "1uFacA10001"],
        );
        check(Email, &["a@b.org"], &["a@b", "@b.org", "a b@c.org"]);
        check(Url, &["https://dhis2.org"], &["dhis2.org", "https://"]);
        check(PhoneNumber, &["+256 700 123456"], &["12", "call me"]);
        check(Text, &["anything", " "], &[]);
        assert!(Text.accepts(&"é".repeat(MAX_VALUE_LENGTH)));
        assert!(!Text.accepts(&"é".repeat(MAX_VALUE_LENGTH + 1)));
    }

    #[test]
    fn zero_in_all_forms() {
        for text in ["0", "0.", "0.0", "0.000"] {
            assert!(is_zero(text), "{text}");
        }
        for text in ["", "00", "0.01", "10", "-0", "false"] {
            assert!(!is_zero(text), "{text}");
        }
    }

    #[test]
    fn names_are_those_of_the_server() {
        let read = |text: &str| serde_json::from_str::<ValueType>(text).unwrap();
        assert_eq!(
            read("\"INTEGER_ZERO_OR_POSITIVE\""),
            ValueType::IntegerZeroOrPositive
        );
        assert_eq!(read("\"DATETIME\""), ValueType::Datetime);
        assert_eq!(read("\"GEOJSON\""), ValueType::Geojson);
        assert_eq!(read("\"SOMETHING_NEW\""), ValueType::Unknown);
    }
}
