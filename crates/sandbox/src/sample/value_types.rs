//! Values for each of DHIS2's value types (class `ValueType`, 2.40–2.43), in the
//! form that data entry keeps.

use std::sync::Arc;

use super::catalogue::REMARKS;
use super::month::Month;
use super::random::{between, pick};
use super::values::Figure;

/// A value that DHIS2's data entry takes for the value type.
pub fn value_of_type(
    value_type: &str,
    options: &[String],
    size: u64,
    number: u64,
) -> Option<Figure> {
    let whole = |low: u64, high: u64| {
        Some(Figure::Whole(
            u32::try_from(between(number, low, high)).unwrap_or(1),
        ))
    };
    let text = |text: String| Some(Figure::Text(Arc::from(text)));
    if !options.is_empty() {
        return text(pick(number, options).clone());
    }
    match value_type {
        "INTEGER" | "INTEGER_ZERO_OR_POSITIVE" => whole(0, size / 20),
        "INTEGER_POSITIVE" => whole(1, size / 20 + 1),
        "INTEGER_NEGATIVE" => text(format!("-{}", between(number, 1, 40))),
        "NUMBER" => Some(Figure::Tenths(
            u32::try_from(between(number, 0, size)).unwrap_or(1),
        )),
        "PERCENTAGE" => Some(Figure::Tenths(
            u32::try_from(between(number, 0, 1000)).unwrap_or(1),
        )),
        "UNIT_INTERVAL" => text(format!("0.{}", between(number, 1, 9))),
        "BOOLEAN" => text(
            (if number.is_multiple_of(2) {
                "true"
            } else {
                "false"
            })
            .to_owned(),
        ),
        "TRUE_ONLY" => text("true".to_owned()),
        "TEXT" | "LONG_TEXT" => text((*pick(number, &REMARKS)).to_owned()),
        "LETTER" => text(char::from(b'A' + u8::try_from(number % 26).unwrap_or(0)).to_string()),
        "DATE" | "AGE" => text(a_day(number)),
        "DATETIME" => text(format!("{}T{:02}:30:00.000", a_day(number), number % 24)),
        "TIME" => text(format!("{:02}:{:02}", number % 24, (number >> 8) % 60)),
        "PHONE_NUMBER" => text(format!("+999{}", between(number, 10_000_000, 99_999_999))),
        "EMAIL" => text(format!("clerk{}@example.org", number % 100)),
        "URL" => text(format!("https://example.org/{}", number % 100)),
        "COORDINATE" => text(format!(
            "[{}.{},{}.{}]",
            number % 20,
            (number >> 8) % 1000,
            (number >> 20) % 15,
            (number >> 30) % 1000
        )),
        _ => None,
    }
}

fn a_day(number: u64) -> String {
    Month::new(2020, 1)
        .plus(i32::try_from(number % 60).unwrap_or(0))
        .day(1 + u32::try_from((number >> 10) % 28).unwrap_or(0))
}
