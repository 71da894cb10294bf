//! What a value must look like, and in which form it is stored.
//!
//! Strictly what all of DHIS2 2.40–2.43 take and keep as it was sent (recordings
//! "import-bad-values"; where they are silent, `ValidationUtils` and `MathUtils` of DHIS2's
//! source, which differ between these versions in nothing that matters here). What only
//! some take and rewrite (`12.0`, `TRUE`, `yes`) is brought into the stored form first:
//! see [`ValueType::stored_form`].

mod form;
mod stored;

use serde::{Deserialize, Serialize};

use crate::period::parse_date;
use form::{
    integer, is_coordinate, is_date_time, is_email, is_letter, is_phone_number, is_time, is_uid,
    is_url, is_username, number,
};

pub use form::is_zero;

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

/// Longest value that a server keeps, in UTF-16 units, as Java counts
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
        let too_long =
            text.len() > MAX_VALUE_LENGTH && text.encode_utf16().count() > MAX_VALUE_LENGTH;
        // PostgreSQL takes no NUL in a text: the whole request would fail.
        if too_long || text.contains('\0') {
            return false;
        }
        match self {
            Self::Text
            | Self::LongText
            | Self::MultiText
            | Self::Reference
            | Self::Geojson
            | Self::Unknown => true,
            Self::Username => is_username(text),
            Self::Letter => is_letter(text),
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
            Self::TrackerAssociate | Self::OrganisationUnit | Self::FileResource | Self::Image => {
                is_uid(text)
            }
            Self::Coordinate => is_coordinate(text),
            Self::Url => is_url(text),
        }
    }
}

#[cfg(test)]
mod tests;
