//! The form in which servers store a value.

use super::ValueType;

impl ValueType {
    /// The form in which a value is stored, and is sent: what a server of one of the
    /// versions makes of it by itself, written so that every version takes it and keeps it.
    /// Applied to both sides before they are compared, so that a value which one of them
    /// spells in another way does not differ on each run.
    ///
    /// - Yes and no: up to 2.42 `TRUE`, `True`, `T`, `t`, `1` become `true` ("boolean TRUE",
    ///   "boolean 1" and what was read after them), likewise for `false`; 2.43 does so in
    ///   upper or lower case, and for `yes`, `y`, `no`, `n` ("boolean yes").
    ///   TRUE_ONLY knows no `false`, and keeps what means it, which is then refused.
    /// - Whole numbers: 2.43 takes one `.0` off ("integer 12.0").
    /// - Blanks around texts: up to 2.42 they are taken off on storing (`trimToNull` in
    ///   `DefaultDataValueSetService`), after the check of the type, so that ` 5 ` is no
    ///   number ("integer with space"), and after the check of the options, so that a value
    ///   with options (`has_options`) stays as it is.
    ///
    /// Nothing else is changed: `3.50` stays `3.50`, `007` is refused.
    pub fn stored_form(self, text: &str, has_options: bool) -> &str {
        match self {
            Self::Boolean => yes_or_no(text).unwrap_or(text),
            Self::TrueOnly => yes_or_no(text)
                .filter(|form| *form == "true")
                .unwrap_or(text),
            Self::Integer
            | Self::IntegerPositive
            | Self::IntegerNegative
            | Self::IntegerZeroOrPositive => text.strip_suffix(".0").unwrap_or(text),
            Self::Text
            | Self::LongText
            | Self::MultiText
            | Self::PhoneNumber
            | Self::Coordinate
            | Self::Reference
            | Self::Geojson
            | Self::Unknown
                if !has_options =>
            {
                text.trim_matches(|c: char| c <= ' ')
            }
            _ => text,
        }
    }
}

fn yes_or_no(text: &str) -> Option<&'static str> {
    let is = |word: &&str| text.eq_ignore_ascii_case(word);
    if ["true", "t", "1", "yes", "y"].iter().any(is) {
        Some("true")
    } else if ["false", "f", "0", "no", "n"].iter().any(is) {
        Some("false")
    } else {
        None
    }
}
