//! The body as JSON.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde_json::Value;

use super::payload::{Deletion, IncomingValue, Payload, Unreadable};
use crate::version::ServerVersion;

/// Reads the body.
pub(super) fn parse(version: ServerVersion, body: &[u8]) -> Result<Payload, Unreadable> {
    let is_2_43 = version >= ServerVersion::V43;
    let document: Document = match serde_json::from_slice(body) {
        Ok(document) => document,
        Err(error) => {
            let is_object = serde_json::from_slice::<Value>(body).is_ok_and(|v| v.is_object());
            return if is_object {
                Err(Unreadable::Unknown(format!(
                    "No recording shows what a server does with this body: {error}"
                )))
            } else {
                no_object(version, body)
            };
        }
    };
    if is_2_43
        && let Some(text) = document
            .values
            .iter()
            .flatten()
            .filter_map(|v| v.value.as_ref())
            .find(|v| !v.is_string)
    {
        let kind = if text.text.parse::<bool>().is_ok() {
            "BOOLEAN"
        } else {
            "NUMBER"
        };
        let message = format!(
            "Path `$.value` does not contain an STRING but a(n) {kind}: {}",
            text.text
        );
        return Err(Unreadable::Server(message));
    }
    Ok(document.into_payload(is_2_43))
}

/// What is not a JSON object: an aborted import until 2.42, nothing to do for
/// 2.43 ("not json", "json array").
fn no_object(version: ServerVersion, body: &[u8]) -> Result<Payload, Unreadable> {
    let is_array = body.trim_ascii_start().starts_with(b"[");
    // The word at which Jackson gives up.
    let word = body
        .trim_ascii_start()
        .split(|b| !b.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    let (source, column) = match version {
        ServerVersion::V43 => return Ok(Payload::default()),
        ServerVersion::V42 => {
            let words = "The import process failed: Post-condition was null";
            return Err(Unreadable::Body(words.to_owned()));
        }
        ServerVersion::V41 => (
            "REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)",
            1,
        ),
        ServerVersion::V40 => (
            "(BufferedInputStream)",
            if is_array { 1 } else { word.len() + 2 },
        ),
    };
    let fault = if is_array {
        "databind.exc.MismatchedInputException: Cannot deserialize value of type \
         `org.hisp.dhis.dxf2.datavalueset.DataValueSet` from Array value (token `JsonToken.START_ARRAY`)"
            .to_owned()
    } else {
        format!(
            "core.JsonParseException: Unrecognized token '{}': was expecting (JSON String, Number, Array, Object \
             or token 'null', 'true' or 'false')",
            String::from_utf8_lossy(word)
        )
    };
    Err(Unreadable::Body(format!(
        "The import process failed: com.fasterxml.jackson.{fault}\n at [Source: {source}; line: 1, column: {column}]"
    )))
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    data_set: Option<Text>,
    complete_date: Option<Text>,
    period: Option<Text>,
    org_unit: Option<Text>,
    attribute_option_combo: Option<Text>,
    id_scheme: Option<Text>,
    data_element_id_scheme: Option<Text>,
    org_unit_id_scheme: Option<Text>,
    category_option_combo_id_scheme: Option<Text>,
    attribute_option_combo_id_scheme: Option<Text>,
    data_set_id_scheme: Option<Text>,
    #[serde(rename = "dataValues")]
    values: Option<Vec<Entry>>,
    deletion: Option<Scope>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    data_element: Option<Text>,
    period: Option<Text>,
    org_unit: Option<Text>,
    category_option_combo: Option<Text>,
    attribute_option_combo: Option<Text>,
    value: Option<Text>,
    comment: Option<Text>,
    stored_by: Option<Text>,
    followup: Option<Text>,
    follow_up: Option<Text>,
    deleted: Option<Text>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scope {
    #[serde(default)]
    org_units: Vec<String>,
    #[serde(default)]
    periods: Vec<String>,
    #[serde(default)]
    elements: Vec<ScopeElement>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct ScopeElement {
    data_element: String,
    category_option_combo: Option<String>,
    attribute_option_combo: Option<String>,
}

impl Document {
    fn into_payload(self, is_2_43: bool) -> Payload {
        let schemes = [
            ("idScheme", self.id_scheme),
            ("dataElementIdScheme", self.data_element_id_scheme),
            ("orgUnitIdScheme", self.org_unit_id_scheme),
            (
                "categoryOptionComboIdScheme",
                self.category_option_combo_id_scheme,
            ),
            (
                "attributeOptionComboIdScheme",
                self.attribute_option_combo_id_scheme,
            ),
            ("dataSetIdScheme", self.data_set_id_scheme),
        ];
        Payload {
            data_set: text(self.data_set),
            complete_date: text(self.complete_date),
            period: text(self.period),
            org_unit: text(self.org_unit),
            attribute_option_combo: text(self.attribute_option_combo),
            schemes: schemes
                .into_iter()
                .filter_map(|(name, t)| Some((name.to_owned(), text(t)?)))
                .collect(),
            values: self
                .values
                .unwrap_or_default()
                .into_iter()
                .map(|e| e.into_value(is_2_43))
                .collect(),
            deletion: self.deletion.filter(|_| is_2_43).map(|scope| Deletion {
                org_units: scope.org_units,
                periods: scope.periods,
                elements: scope
                    .elements
                    .into_iter()
                    .map(|e| {
                        (
                            e.data_element,
                            e.category_option_combo,
                            e.attribute_option_combo,
                        )
                    })
                    .collect(),
            }),
        }
    }
}

impl Entry {
    fn into_value(self, is_2_43: bool) -> IncomingValue {
        let flag = |t: Option<Text>| t.and_then(|t| t.text.parse().ok());
        // Until 2.42 an empty text is none, and blanks are cut off only where they are looked at.
        let raw = |t: Option<Text>| t.map(|t| t.text).filter(|t| !t.is_empty());
        let own = |t: Option<Text>| if is_2_43 { text(t) } else { raw(t) };
        IncomingValue {
            data_element: own(self.data_element),
            period: own(self.period),
            org_unit: own(self.org_unit),
            category_option_combo: own(self.category_option_combo),
            attribute_option_combo: own(self.attribute_option_combo),
            // Blanks are part of a value: ` 5 ` is no integer ("integer with space").
            value: if is_2_43 {
                self.value.map(|t| t.text)
            } else {
                raw(self.value)
            },
            comment: own(self.comment),
            stored_by: text(self.stored_by),
            followup: flag(if is_2_43 {
                self.follow_up
            } else {
                self.followup
            }),
            deleted: flag(self.deleted),
        }
    }
}

/// An id or a remark; an empty one is none.
fn text(text: Option<Text>) -> Option<String> {
    text.map(|t| t.text).filter(|t| !t.trim().is_empty())
}

/// A text, or a number or truth value that becomes one.
struct Text {
    text: String,
    is_string: bool,
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number or a truth value")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text {
            text: text.to_owned(),
            is_string: true,
        })
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Text, E> {
        Ok(Text {
            text,
            is_string: true,
        })
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Text, E> {
        Ok(Text {
            text: value.to_string(),
            is_string: false,
        })
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Text, E> {
        Ok(Text {
            text: value.to_string(),
            is_string: false,
        })
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Text, E> {
        Ok(Text {
            text: value.to_string(),
            is_string: false,
        })
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Text, E> {
        Ok(Text {
            text: value.to_string(),
            is_string: false,
        })
    }
}
