//! The shapes of metadata, as far as Tributary reads them.
//!
//! References are kept as uids. Dates are days, `YYYY-MM-DD`, in the server's own calendar
//! day. `display_name` is the name in the person's language.

use crate::wire::{day, id_of, ids_of, null_to_default};
use serde::Deserialize;

/// What the person may do with the data of an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// May read its data.
    pub data_read: bool,
    /// May write its data.
    pub data_write: bool,
}

impl<'de> Deserialize<'de> for Access {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Wire {
            data: Option<Rights>,
        }
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Rights {
            read: bool,
            write: bool,
        }
        let rights = Wire::deserialize(deserializer)?.data.unwrap_or_default();
        Ok(Self {
            data_read: rights.read,
            data_write: rights.write,
        })
    }
}

/// A data element within a data set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DataSetElement {
    /// Uid of the data element; `None` where the person may not see it.
    #[serde(deserialize_with = "id_of")]
    pub data_element: Option<String>,
    /// Uid of the category combo that the set uses instead of the element's own.
    #[serde(deserialize_with = "id_of")]
    pub category_combo: Option<String>,
}

/// A period that a data set is open for, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DataInputPeriod {
    /// The period's id: `202601`.
    #[serde(deserialize_with = "id_of")]
    pub period: Option<String>,
    /// First day on which data may be entered; `None` means any.
    #[serde(deserialize_with = "day")]
    pub opening_date: Option<String>,
    /// The day from which on no data may be entered; `None` means never.
    #[serde(deserialize_with = "day")]
    pub closing_date: Option<String>,
}

/// A data set with what decides whether its values are taken.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DataSet {
    /// Uid.
    pub id: String,
    /// Code.
    pub code: Option<String>,
    /// Name.
    #[serde(deserialize_with = "null_to_default")]
    pub name: String,
    /// Name in the person's language.
    #[serde(deserialize_with = "null_to_default")]
    pub display_name: String,
    /// Name of the period type: `Monthly`.
    #[serde(deserialize_with = "null_to_default")]
    pub period_type: String,
    /// Days after the end of a period after which its data are locked; 0 means never. A
    /// fraction from 2.42 on, whole before.
    #[serde(deserialize_with = "null_to_default")]
    pub expiry_days: f64,
    /// How many future periods are open; 0 means up to the last ended one.
    #[serde(deserialize_with = "null_to_default")]
    pub open_future_periods: i32,
    /// How many periods an attribute option stays open after its last day.
    #[serde(deserialize_with = "null_to_default")]
    pub open_periods_after_co_end_date: i32,
    /// Uid of the attribute category combo.
    #[serde(deserialize_with = "id_of")]
    pub category_combo: Option<String>,
    /// Its data elements, in no particular order.
    #[serde(deserialize_with = "null_to_default")]
    pub data_set_elements: Vec<DataSetElement>,
    /// The periods that it is open for; empty means that expiry and future decide.
    #[serde(deserialize_with = "null_to_default")]
    pub data_input_periods: Vec<DataInputPeriod>,
    /// Uid of the approval workflow: approved data are locked.
    #[serde(deserialize_with = "id_of")]
    pub workflow: Option<String>,
    /// What the person may do with its data.
    #[serde(deserialize_with = "null_to_default")]
    pub access: Access,
    /// Counts up with every change.
    #[serde(deserialize_with = "null_to_default")]
    pub version: i64,
}

/// A data element of the aggregate domain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DataElement {
    /// Uid.
    pub id: String,
    /// Code.
    pub code: Option<String>,
    /// Name.
    #[serde(deserialize_with = "null_to_default")]
    pub name: String,
    /// Name in the person's language.
    #[serde(deserialize_with = "null_to_default")]
    pub display_name: String,
    /// Short name.
    #[serde(deserialize_with = "null_to_default")]
    pub short_name: String,
    /// `INTEGER_ZERO_OR_POSITIVE`, `NUMBER`, `TEXT` …
    #[serde(deserialize_with = "null_to_default")]
    pub value_type: String,
    /// `SUM`, `AVERAGE` …
    #[serde(deserialize_with = "null_to_default")]
    pub aggregation_type: String,
    /// Whether a 0 is stored; up to 2.42 it is dropped without a word where not.
    #[serde(deserialize_with = "null_to_default")]
    pub zero_is_significant: bool,
    /// Uid of its category combo.
    #[serde(deserialize_with = "id_of")]
    pub category_combo: Option<String>,
    /// Uid of its option set.
    #[serde(deserialize_with = "id_of")]
    pub option_set: Option<String>,
}

/// One combination of options: a column of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CategoryOptionCombo {
    /// Uid.
    pub id: String,
    /// Code.
    pub code: Option<String>,
    /// Name: `0-4y, Male`.
    #[serde(deserialize_with = "null_to_default")]
    pub name: String,
    /// Name in the person's language.
    #[serde(deserialize_with = "null_to_default")]
    pub display_name: String,
    /// Uids of its options.
    #[serde(deserialize_with = "ids_of")]
    pub category_options: Vec<String>,
}

/// A category combo with all its combinations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CategoryCombo {
    /// Uid.
    pub id: String,
    /// Code.
    pub code: Option<String>,
    /// Name.
    #[serde(deserialize_with = "null_to_default")]
    pub name: String,
    /// Whether it is the combo of "no disaggregation".
    #[serde(deserialize_with = "null_to_default")]
    pub is_default: bool,
    /// `DISAGGREGATION` or `ATTRIBUTE`.
    #[serde(deserialize_with = "null_to_default")]
    pub data_dimension_type: String,
    /// Uids of its categories, in order.
    #[serde(deserialize_with = "ids_of")]
    pub categories: Vec<String>,
    /// Its combinations.
    #[serde(deserialize_with = "null_to_default")]
    pub category_option_combos: Vec<CategoryOptionCombo>,
}

/// A category: age, sex, project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Category {
    /// Uid.
    pub id: String,
    /// Code.
    pub code: Option<String>,
    /// Name.
    #[serde(deserialize_with = "null_to_default")]
    pub name: String,
    /// Uids of its options.
    #[serde(deserialize_with = "ids_of")]
    pub category_options: Vec<String>,
}

/// An option of a category, with what limits it ("category options that the clerk sees" of
/// `zz-import-rules`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CategoryOption {
    /// Uid.
    pub id: String,
    /// Code.
    pub code: Option<String>,
    /// Name.
    #[serde(deserialize_with = "null_to_default")]
    pub name: String,
    /// First day that it holds for; `None` means any.
    #[serde(deserialize_with = "day")]
    pub start_date: Option<String>,
    /// Last day that it holds for; `None` means any.
    #[serde(deserialize_with = "day")]
    pub end_date: Option<String>,
    /// Uids of the org units to whose sub-trees it is limited; empty means all.
    #[serde(deserialize_with = "ids_of")]
    pub organisation_units: Vec<String>,
    /// What the person may do with its data.
    #[serde(deserialize_with = "null_to_default")]
    pub access: Access,
}

/// One choice of an option set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OptionItem {
    /// Uid.
    pub id: String,
    /// The code, which is what a value holds.
    pub code: Option<String>,
    /// Name.
    #[serde(alias = "displayName", deserialize_with = "null_to_default")]
    pub name: String,
}

/// A list of choices.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OptionSet {
    /// Uid.
    pub id: String,
    /// Name.
    #[serde(deserialize_with = "null_to_default")]
    pub name: String,
    /// Value type: `TEXT`, `MULTI_TEXT` …
    #[serde(deserialize_with = "null_to_default")]
    pub value_type: String,
    /// Its choices.
    #[serde(deserialize_with = "null_to_default")]
    pub options: Vec<OptionItem>,
}

/// An org unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrganisationUnit {
    /// Uid.
    pub id: String,
    /// Code.
    pub code: Option<String>,
    /// Name.
    #[serde(deserialize_with = "null_to_default")]
    pub name: String,
    /// Name in the person's language.
    #[serde(deserialize_with = "null_to_default")]
    pub display_name: String,
    /// Uids from the root down, each after a slash.
    #[serde(deserialize_with = "null_to_default")]
    pub path: String,
    /// 1 for the root.
    #[serde(deserialize_with = "null_to_default")]
    pub level: u32,
    /// Uid of the unit above; `None` for a root.
    #[serde(deserialize_with = "id_of")]
    pub parent: Option<String>,
    /// First day that it is open.
    #[serde(deserialize_with = "day")]
    pub opening_date: Option<String>,
    /// Last day that it is open; `None` while it is.
    #[serde(deserialize_with = "day")]
    pub closed_date: Option<String>,
}

/// A level of the org unit tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrganisationUnitLevel {
    /// Uid.
    pub id: String,
    /// Name: `District`.
    #[serde(alias = "displayName", deserialize_with = "null_to_default")]
    pub name: String,
    /// 1 for the root.
    #[serde(deserialize_with = "null_to_default")]
    pub level: u32,
}
