//! Reading the JSON that `dataValueSets.json` gives, without building it in memory.
//!
//! Up to 2.42 every value is complete. 2.43 writes a period, org unit or attribute option
//! combo that all values share once at the top and leaves it out of the values ("read one
//! cell group" of `import-good`); and it writes those members *before* the values, which
//! this reader relies on only where a value lacks one. No values are `{}` or an empty list.

use super::Row;
use crate::wire::null_to_default;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;

/// Why a body is no list of values.
#[derive(Debug, thiserror::Error)]
#[error("not a list of data values: {0}")]
pub struct JsonFault(#[from] serde_json::Error);

/// Reads a body and hands each value to `each`; gives back how many there were.
///
/// # Errors
/// [`JsonFault`]. Rows before the fault have been handed over: throw them away.
pub fn read_json(bytes: &[u8], mut each: impl FnMut(Row<'_>)) -> Result<usize, JsonFault> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let set = ValueSet {
        each: &mut each,
        rows: 0,
    };
    let rows = set.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(rows)
}

/// A text, borrowed from the body unless it holds an escape. (A bare `Option<Cow>` would
/// always be copied.)
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// What all values share.
#[derive(Default)]
struct Common<'a> {
    period: Option<Text<'a>>,
    org_unit: Option<Text<'a>>,
    attribute_option_combo: Option<Text<'a>>,
}

/// One value; missing members are those of [`Common`].
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Value<'a> {
    #[serde(borrow)]
    data_element: Option<Text<'a>>,
    #[serde(borrow)]
    period: Option<Text<'a>>,
    #[serde(borrow)]
    org_unit: Option<Text<'a>>,
    #[serde(borrow)]
    category_option_combo: Option<Text<'a>>,
    #[serde(borrow)]
    attribute_option_combo: Option<Text<'a>>,
    #[serde(borrow)]
    value: Option<Text<'a>>,
    #[serde(borrow)]
    comment: Option<Text<'a>>,
    #[serde(borrow)]
    stored_by: Option<Text<'a>>,
    #[serde(borrow)]
    last_updated: Option<Text<'a>>,
    #[serde(deserialize_with = "null_to_default")]
    deleted: bool,
}

struct ValueSet<'f, F> {
    each: &'f mut F,
    rows: usize,
}

impl<'de, F: FnMut(Row<'_>)> DeserializeSeed<'de> for ValueSet<'_, F> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(Row<'_>)> Visitor<'de> for ValueSet<'_, F> {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with dataValues")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
        let mut common = Common::default();
        let mut rows = self.rows;
        let mut values_there = false;
        let mut other_member = false;
        while let Some(name) = map.next_key::<Text<'de>>()? {
            match &*name.0 {
                "period" => common.period = map.next_value()?,
                "orgUnit" => common.org_unit = map.next_value()?,
                "attributeOptionCombo" => common.attribute_option_combo = map.next_value()?,
                "dataValues" => {
                    values_there = true;
                    rows += map.next_value_seed(Values {
                        common: &common,
                        each: &mut *self.each,
                    })?;
                }
                name => {
                    other_member |= !is_of_a_set(name);
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if other_member && !values_there {
            return Err(A::Error::missing_field("dataValues"));
        }
        Ok(rows)
    }
}

/// Whether a set of no values may have this member. With others, and without a list of
/// values, it is another document: an error in an envelope, say.
fn is_of_a_set(name: &str) -> bool {
    matches!(name, "dataSet" | "completeDate") || name.ends_with("IdScheme")
}

struct Values<'c, 'f, 'de, F> {
    common: &'c Common<'de>,
    each: &'f mut F,
}

impl<'de, F: FnMut(Row<'_>)> DeserializeSeed<'de> for Values<'_, '_, 'de, F> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(Row<'_>)> Visitor<'de> for Values<'_, '_, 'de, F> {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of data values")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<usize, A::Error> {
        let mut rows = 0;
        while let Some(value) = list.next_element::<Value<'de>>()? {
            let common = self.common;
            (self.each)(Row {
                data_element: needed("dataElement", value.data_element.as_ref(), None)?,
                period: needed("period", value.period.as_ref(), common.period.as_ref())?,
                org_unit: needed("orgUnit", value.org_unit.as_ref(), common.org_unit.as_ref())?,
                category_option_combo: needed(
                    "categoryOptionCombo",
                    value.category_option_combo.as_ref(),
                    None,
                )?,
                attribute_option_combo: needed(
                    "attributeOptionCombo",
                    value.attribute_option_combo.as_ref(),
                    common.attribute_option_combo.as_ref(),
                )?,
                value: or_empty(value.value.as_ref()),
                comment: or_empty(value.comment.as_ref()),
                stored_by: or_empty(value.stored_by.as_ref()),
                last_updated: or_empty(value.last_updated.as_ref()),
                deleted: value.deleted,
            });
            rows += 1;
        }
        Ok(rows)
    }
}

/// The value's own member, else the shared one, else a fault.
fn needed<'t, E: Error>(
    name: &'static str,
    own: Option<&'t Text<'_>>,
    shared: Option<&'t Text<'_>>,
) -> Result<&'t str, E> {
    own.or(shared)
        .map(|text| &*text.0)
        .ok_or_else(|| E::missing_field(name))
}

fn or_empty<'t>(text: Option<&'t Text<'_>>) -> &'t str {
    text.map_or("", |text| &*text.0)
}
