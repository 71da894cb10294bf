//! What a DHIS2 allows to be entered, as plain data: the parts of its metadata
//! that the preflight rules, the mapping and its checks ask for.
//!
//! Everything is keyed by uid and keeps the order in which it was added. The
//! client fills it from `/api/dataSets`, `/api/dataElements`, `/api/categoryCombos`,
//! `/api/organisationUnits`, `/api/optionSets` and `/api/lockExceptions`.

use chrono::NaiveDate;
use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

use crate::period::PeriodType;
use crate::value_type::ValueType;

/// Objects by uid, in the order in which they were added.
pub type ByUid<T> = IndexMap<String, T, FxBuildHasher>;
/// A set of uids (or codes), in the order in which they were added.
pub type TextSet = IndexSet<String, FxBuildHasher>;

/// The metadata of one side, as far as data sets in question reach.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Catalogue {
    /// Data sets by uid.
    pub data_sets: ByUid<DataSet>,
    /// Data elements by uid.
    pub data_elements: ByUid<DataElement>,
    /// Category combos by uid, those of attributes included.
    pub category_combos: ByUid<CategoryCombo>,
    /// Org units by uid.
    pub org_units: ByUid<OrgUnit>,
    /// Option sets by uid, each as its option codes.
    pub option_sets: ByUid<TextSet>,
    /// Leave to enter expired periods.
    pub lock_exceptions: IndexSet<LockException, FxBuildHasher>,
    /// How this server's version checks what the metadata say.
    pub checks: Checks,
}

/// Leave to enter an expired period of a data set in one org unit (`/api/lockExceptions`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LockException {
    /// Uid of the data set.
    pub data_set: String,
    /// Uid of the org unit; those below it are not meant.
    pub org_unit: String,
    /// Id of the period.
    pub period: String,
}

/// Where versions of DHIS2 read the same metadata differently. The client knows which
/// version does what; the default is what the strictest one does, but for its defect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checks {
    /// Data sets with input periods refuse the open ones: 2.43.0 and 2.43.1.
    pub open_input_periods_refused: bool,
    /// The closing day of an input period is open: up to 2.42.
    pub input_period_closing_day_open: bool,
    /// It is enough that an org unit was open, and an attribute option held, on one day of
    /// the period: up to 2.42.
    pub part_of_period_is_enough: bool,
    /// Superusers, too, write only for their own org units: up to 2.42.
    pub superusers_need_org_units: bool,
}

/// A form: which elements are entered where, how often and until when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataSet {
    /// Uid.
    pub uid: String,
    /// Code, where it has one.
    pub code: Option<String>,
    /// Name in the user's language (`displayName`).
    pub name: String,
    /// Length of its periods.
    pub period_type: PeriodType,
    /// `openFuturePeriods`: how many periods may be entered ahead. 0 lets one
    /// enter periods only that have ended; 1 opens the one that is running.
    pub open_future_periods: u32,
    /// `openPeriodsAfterCoEndDate`: for how many periods after its last day an attribute
    /// option may still be used.
    #[serde(default)]
    pub open_periods_after_option_end: u32,
    /// `expiryDays`: days after a period's end until which it may be entered. 0: for ever.
    pub expiry_days: f64,
    /// Uid of the category combo of its attribute option combos.
    pub category_combo: String,
    /// Its data elements by uid.
    pub elements: ByUid<DataSetElement>,
    /// Uids of the org units it is assigned to.
    pub org_units: TextSet,
    /// `access.data.write`: whether the user may write its values.
    pub data_write: bool,
    /// `access.data.read`: whether the user may read its values.
    pub data_read: bool,
    /// `dataInputPeriods`. Empty: every period, any time; else only those named, while they are open.
    pub input_periods: Vec<InputPeriod>,
    /// Uid of the approval workflow, if it has one.
    pub workflow: Option<String>,
}

/// A data element's place in a data set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSetElement {
    /// Uid of the category combo that the set uses instead of the element's own.
    pub category_combo: Option<String>,
}

/// A period for which a data set may be filled in, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputPeriod {
    /// Id of the period, for example `202601`.
    pub period: String,
    /// First day on which it may be entered; none: no limit.
    #[serde(default, with = "crate::date_text")]
    pub opening_date: Option<NaiveDate>,
    /// The day on which it closes (see [`Checks::input_period_closing_day_open`]); none: no limit.
    #[serde(default, with = "crate::date_text")]
    pub closing_date: Option<NaiveDate>,
}

/// An aggregate data element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataElement {
    /// Uid.
    pub uid: String,
    /// Code, where it has one.
    pub code: Option<String>,
    /// Name in the user's language (`displayName`).
    pub name: String,
    /// What its values must look like.
    pub value_type: ValueType,
    /// Whether the server keeps a 0: `zeroIsSignificant`, or an `aggregationType` that averages.
    pub zero_is_significant: bool,
    /// Uid of its own category combo.
    pub category_combo: String,
    /// Uid of its option set: values must then be codes of its options.
    pub option_set: Option<String>,
}

/// A category combo with its option combos.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryCombo {
    /// Uid.
    pub uid: String,
    /// Code, where it has one.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Whether this is the `default` combo of the server.
    pub is_default: bool,
    /// Its option combos by uid.
    pub option_combos: ByUid<OptionCombo>,
}

/// A category option combo, used for a value's disaggregation or as attribute option combo.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OptionCombo {
    /// Uid.
    pub uid: String,
    /// Code, where it has one.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// The category options it is made of.
    pub options: Vec<CategoryOption>,
}

/// A category option, as far as it limits where and when data are entered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CategoryOption {
    /// Uid.
    pub uid: String,
    /// Code, where it has one.
    pub code: Option<String>,
    /// First day of its validity.
    #[serde(default, with = "crate::date_text")]
    pub start_date: Option<NaiveDate>,
    /// Last day of its validity.
    #[serde(default, with = "crate::date_text")]
    pub end_date: Option<NaiveDate>,
    /// Uids of the org units it is limited to, with everything below them. Empty: everywhere.
    pub org_units: Vec<String>,
    /// Whether the user lacks `access.data.write` on it.
    pub no_data_write: bool,
}

/// An org unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgUnit {
    /// Uid.
    pub uid: String,
    /// Code, where it has one.
    pub code: Option<String>,
    /// Name in the user's language (`displayName`).
    pub name: String,
    /// Uids from the root to itself, each after a slash: `/ouRoot00001/ouRegionA01`.
    pub path: String,
    /// Depth, 1 for a root.
    pub level: u32,
    /// Uid of the unit above; none for a root.
    pub parent: Option<String>,
    /// First day on which it worked.
    #[serde(default, with = "crate::date_text")]
    pub opening_date: Option<NaiveDate>,
    /// Last day on which it worked; none while it is open.
    #[serde(default, with = "crate::date_text")]
    pub closed_date: Option<NaiveDate>,
}

/// What the user may do, across data sets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserRights {
    /// Holds the authority `ALL`.
    pub superuser: bool,
    /// Holds `F_DATAVALUE_ADD`.
    pub may_add_values: bool,
    /// Holds `F_EDIT_EXPIRED`.
    pub may_edit_expired: bool,
    /// Uids of the org units the user captures data for, with everything below
    /// them (`/api/me` `organisationUnits`).
    pub capture_roots: Vec<String>,
}

impl OrgUnit {
    /// Whether this unit is `ancestor` or lies below it.
    pub fn is_within(&self, ancestor: &str) -> bool {
        self.path.split('/').any(|step| step == ancestor)
    }
}

impl Catalogue {
    /// The category combo that counts for a data element within a data set:
    /// the set's override, else the element's own. None if the element is
    /// unknown or not in the set, or the combo is unknown.
    pub fn element_combo(&self, data_set: &DataSet, data_element: &str) -> Option<&CategoryCombo> {
        let place = data_set.elements.get(data_element)?;
        let combo = match &place.category_combo {
            Some(own) => own,
            None => &self.data_elements.get(data_element)?.category_combo,
        };
        self.category_combos.get(combo)
    }

    /// The category combo of a data set's attribute option combos.
    pub fn attribute_combo(&self, data_set: &DataSet) -> Option<&CategoryCombo> {
        self.category_combos.get(&data_set.category_combo)
    }
}
