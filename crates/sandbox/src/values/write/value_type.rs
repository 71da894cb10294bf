//! What a value must look like for its data element's value type. Both families
//! of versions ask the same questions; they differ in what they put right first.

use chrono::{NaiveDate, NaiveDateTime};

/// The key of the fault (`value_not_integer` …), or none when the value fits.
pub(super) fn fault(value: &str, value_type: &str) -> Option<&'static str> {
    let integer = integer(value);
    let fits_or = |fits: bool, key: &'static str| (!fits).then_some(key);
    match value_type {
        "INTEGER" => fits_or(integer.is_some(), "value_not_integer"),
        "INTEGER_POSITIVE" => fits_or(integer.is_some_and(|i| i > 0), "value_not_positive_integer"),
        "INTEGER_NEGATIVE" => fits_or(integer.is_some_and(|i| i < 0), "value_not_negative_integer"),
        "INTEGER_ZERO_OR_POSITIVE" => fits_or(
            integer.is_some_and(|i| i >= 0),
            "value_not_zero_or_positive_integer",
        ),
        "NUMBER" => fits_or(number(value).is_some(), "value_not_numeric"),
        "UNIT_INTERVAL" => fits_or(
            number(value).is_some_and(|n| (0.0..=1.0).contains(&n)),
            "value_not_unit_interval",
        ),
        "PERCENTAGE" => fits_or(
            number(value).is_some_and(|n| (0.0..=100.0).contains(&n)),
            "value_not_percentage",
        ),
        "BOOLEAN" => fits_or(matches!(value, "true" | "false"), "value_not_bool"),
        "TRUE_ONLY" => fits_or(value == "true", "value_not_true_only"),
        "DATE" | "AGE" => fits_or(is_date(value), "value_not_valid_date"),
        "DATETIME" => fits_or(is_datetime(value), "value_not_valid_datetime"),
        "COORDINATE" => fits_or(is_coordinate(value), "value_not_coordinate"),
        "URL" => fits_or(value.contains("://"), "value_not_url"),
        "LETTER" => fits_or(
            value.chars().count() == 1 && value.chars().all(char::is_alphabetic),
            "value_not_valid_letter",
        ),
        _ => fits_or(
            value.chars().count() <= 50_000,
            "value_length_greater_than_max_length",
        ),
    }
}

/// Whether values of the type are numbers.
pub(super) fn is_numeric(value_type: &str) -> bool {
    value_type.starts_with("INTEGER")
        || matches!(value_type, "NUMBER" | "UNIT_INTERVAL" | "PERCENTAGE")
}

/// Whether a number is zero, however it is written.
pub(super) fn is_zero(value: &str) -> bool {
    number(value).is_some_and(|n| n == 0.0)
}

/// An integer without leading zeros, within 32 bits ("integer 007", "huge integer").
fn integer(value: &str) -> Option<i32> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let canonical = digits == "0" && value == "0" || !digits.starts_with('0');
    (canonical && digits.bytes().all(|b| b.is_ascii_digit())).then(|| value.parse().ok())?
}

/// A number with a dot and no leading zeros; an exponent only by a capital E ("number 1e3").
fn number(value: &str) -> Option<f64> {
    let (mantissa, exponent) = value.split_once('E').unwrap_or((value, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    let canonical = whole == "0" || !whole.starts_with('0');
    (canonical
        && digits(whole)
        && digits(fraction)
        && digits(exponent.strip_prefix('-').unwrap_or(exponent)))
    .then(|| value.parse().ok())?
}

fn is_date(value: &str) -> bool {
    value.len() == 10 && value.parse::<NaiveDate>().is_ok()
}

fn is_datetime(value: &str) -> bool {
    value
        .get(..19)
        .is_some_and(|v| NaiveDateTime::parse_from_str(v, "%Y-%m-%dT%H:%M:%S").is_ok())
}

/// `[longitude,latitude]`.
fn is_coordinate(value: &str) -> bool {
    let inner = value.strip_prefix('[').and_then(|v| v.strip_suffix(']'));
    let parts = inner.and_then(|v| v.split_once(','));
    parts.is_some_and(|(longitude, latitude)| {
        longitude
            .trim()
            .parse::<f64>()
            .is_ok_and(|l| (-180.0..=180.0).contains(&l))
            && latitude
                .trim()
                .parse::<f64>()
                .is_ok_and(|l| (-90.0..=90.0).contains(&l))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_takes_its_own_and_nothing_else() {
        for (value_type, good, bad) in [
            (
                "INTEGER",
                vec!["0", "-5", "2147483647"],
                vec!["", "-", "-0", "12.0", "007", " 5 ", "1e3", "2147483648"],
            ),
            ("INTEGER_POSITIVE", vec!["1"], vec!["0", "-1"]),
            ("INTEGER_NEGATIVE", vec!["-1"], vec!["0", "1"]),
            ("INTEGER_ZERO_OR_POSITIVE", vec!["0"], vec!["-1"]),
            (
                "NUMBER",
                vec!["3.5", "-0.25", "0", "1E3"],
                vec!["1,5", "1e3", "NaN", ".5", "5.", "007", ""],
            ),
            ("UNIT_INTERVAL", vec!["0.5", "1"], vec!["1.1"]),
            ("PERCENTAGE", vec!["99.5"], vec!["101", "-1"]),
            ("BOOLEAN", vec!["true", "false"], vec!["yes", "TRUE"]),
            ("TRUE_ONLY", vec!["true"], vec!["false"]),
            (
                "DATE",
                vec!["2024-02-29"],
                vec!["2023-02-29", "31/12/2023", "2024-2-1"],
            ),
            ("DATETIME", vec!["2024-02-29T10:00:00"], vec!["2024-02-29"]),
            (
                "COORDINATE",
                vec!["[30.1,-1.9]"],
                vec!["30.1,-1.9", "[200,0]"],
            ),
            ("LETTER", vec!["a"], vec!["ab", "1"]),
            ("TEXT", vec!["anything", ""], vec![]),
        ] {
            for value in good {
                assert_eq!(fault(value, value_type), None, "{value_type} {value:?}");
            }
            for value in bad {
                assert!(fault(value, value_type).is_some(), "{value_type} {value:?}");
            }
        }
    }
}
