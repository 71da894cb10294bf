//! Reading the JSON that `dataValueSets.json` gives, while it comes and without holding it.
//!
//! Up to 2.42 every value is complete. 2.43 writes a period, org unit or attribute option
//! combo that all values share once at the top and leaves it out of the values ("read one
//! cell group" of `import-good`); and it writes those members *before* the values, which
//! this reader relies on only where a value lacks one. No values are `{}` or an empty list.
//!
//! The frame, `{"dataValues":[{…},{…}]}`, is taken apart here; each value is collected and
//! given to serde_json when it is whole ([`super::json_parts`] finds its end).

use super::Row;
use super::json_parts::{Part, Parts};
use crate::wire::null_to_default;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::borrow::Cow;

/// Why a body is no list of values.
#[derive(Debug, thiserror::Error)]
pub enum JsonFault {
    /// The body ends before its document does: the answer was cut off.
    #[error("the document is cut off")]
    CutOff,
    /// Something that cannot stand at its place; the number is that of values before it.
    #[error("not a list of data values, after {0} of them")]
    Unexpected(usize),
    /// A part of the document is no JSON, or not of the kind that it has to be.
    #[error("not a list of data values: {0}")]
    Broken(#[from] serde_json::Error),
    /// A value lacks a member, and there is none for all.
    #[error("data value {1} has no {0}")]
    Missing(&'static str, usize),
    /// Another document: an error in an envelope, say.
    #[error("no list of data values")]
    OtherDocument,
}

/// Reads a whole body and hands each value to `each`; gives back how many there were.
///
/// # Errors
/// [`JsonFault`]. Rows before the fault have been handed over: throw them away.
pub fn read_json(bytes: &[u8], mut each: impl FnMut(Row<'_>)) -> Result<usize, JsonFault> {
    let mut reader = JsonReader::default();
    reader.push(bytes, &mut each);
    reader.finish()
}

/// Reads a body that comes in pieces, wherever they were cut, and holds none of it but the
/// value that is not yet whole.
#[derive(Default)]
pub struct JsonReader {
    parts: Parts,
    /// What stands for all values.
    common: Common,
    /// The member of the document whose value comes next.
    member: String,
    values_there: bool,
    other_member: bool,
    rows: usize,
    /// What made the rest useless.
    fault: Option<JsonFault>,
}

/// A text, borrowed from the value unless it holds an escape. (A bare `Option<Cow>` would
/// always be copied.)
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// What all values share.
#[derive(Default)]
struct Common {
    period: Option<String>,
    org_unit: Option<String>,
    attribute_option_combo: Option<String>,
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

impl JsonReader {
    /// Takes the next piece and hands each value that is whole now to `each`. After a fault,
    /// which [`JsonReader::finish`] tells, pieces are taken and thrown away.
    pub fn push<F: FnMut(Row<'_>)>(&mut self, piece: &[u8], each: &mut F) {
        if self.fault.is_none()
            && let Err(fault) = self.read(piece, each)
        {
            self.fault = Some(fault);
        }
    }

    /// The body is over: gives back how many values there were.
    ///
    /// # Errors
    /// [`JsonFault`]. Rows before the fault have been handed over: throw them away.
    pub fn finish(self) -> Result<usize, JsonFault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        if !self.parts.is_over() {
            return Err(JsonFault::CutOff);
        }
        if self.other_member && !self.values_there {
            return Err(JsonFault::OtherDocument);
        }
        Ok(self.rows)
    }

    fn read<F: FnMut(Row<'_>)>(&mut self, piece: &[u8], each: &mut F) -> Result<(), JsonFault> {
        let mut rest = piece;
        loop {
            let is_list = self.member == "dataValues";
            let Some(part) = self
                .parts
                .next(&mut rest, is_list)
                .map_err(|_| JsonFault::Unexpected(self.rows))?
            else {
                return Ok(());
            };
            match part {
                Part::Key(text) => self.member = serde_json::from_slice(text)?,
                Part::List => self.values_there = true,
                Part::Member(text) => match self.member.as_str() {
                    "period" => self.common.period = serde_json::from_slice(text)?,
                    "orgUnit" => self.common.org_unit = serde_json::from_slice(text)?,
                    "attributeOptionCombo" => {
                        self.common.attribute_option_combo = serde_json::from_slice(text)?;
                    }
                    name => {
                        self.other_member |= !is_of_a_set(name);
                        serde_json::from_slice::<IgnoredAny>(text)?;
                    }
                },
                Part::Element(text) => {
                    each(row(
                        &serde_json::from_slice(text)?,
                        &self.common,
                        self.rows,
                    )?);
                    self.rows += 1;
                }
            }
        }
    }
}

/// Whether a set of no values may have this member. With others, and without a list of
/// values, it is another document.
fn is_of_a_set(name: &str) -> bool {
    matches!(name, "dataSet" | "completeDate") || name.ends_with("IdScheme")
}

fn row<'t>(value: &'t Value<'_>, common: &'t Common, before: usize) -> Result<Row<'t>, JsonFault> {
    // The value's own member, else the shared one, else a fault.
    let needed = |name, own: &'t Option<Text<'_>>, shared: Option<&'t String>| {
        let own = own.as_ref().map(|text| &*text.0);
        own.or(shared.map(String::as_str))
            .ok_or(JsonFault::Missing(name, before + 1))
    };
    let or_empty = |text: &'t Option<Text<'_>>| text.as_ref().map_or("", |text| &*text.0);
    Ok(Row {
        data_element: needed("dataElement", &value.data_element, None)?,
        period: needed("period", &value.period, common.period.as_ref())?,
        org_unit: needed("orgUnit", &value.org_unit, common.org_unit.as_ref())?,
        category_option_combo: needed("categoryOptionCombo", &value.category_option_combo, None)?,
        attribute_option_combo: needed(
            "attributeOptionCombo",
            &value.attribute_option_combo,
            common.attribute_option_combo.as_ref(),
        )?,
        value: or_empty(&value.value),
        comment: or_empty(&value.comment),
        stored_by: or_empty(&value.stored_by),
        last_updated: or_empty(&value.last_updated),
        deleted: value.deleted,
    })
}
