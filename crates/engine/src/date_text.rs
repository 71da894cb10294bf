//! How optional dates are stored: as `2026-01-31`, or null. Used with serde's
//! `with`; chrono's own support would bring its format strings into the wasm.

use chrono::NaiveDate;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

use crate::period::parse_date;

pub(crate) fn serialize<S: Serializer>(
    date: &Option<NaiveDate>,
    out: S,
) -> Result<S::Ok, S::Error> {
    match date {
        Some(date) => out.collect_str(date),
        None => out.serialize_none(),
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
    input: D,
) -> Result<Option<NaiveDate>, D::Error> {
    let text = Option::<String>::deserialize(input)?;
    text.map(|text| {
        parse_date(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is not a date")))
    })
    .transpose()
}
