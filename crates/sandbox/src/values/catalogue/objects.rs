//! The kinds of metadata objects, with the members that value rules ask for.

use chrono::{NaiveDate, NaiveDateTime};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Sharing;
use crate::values::period::{Period, PeriodType};

/// Attribute → value.
pub(super) type AttributeValues = FxHashMap<String, String>;

/// A data element.
#[derive(Debug)]
pub struct DataElement {
    /// Uid.
    pub uid: String,
    /// Code, if any.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// For instance `INTEGER_ZERO_OR_POSITIVE`.
    pub value_type: String,
    /// For instance `SUM`.
    pub aggregation_type: String,
    /// Uid of its category combo.
    pub category_combo: String,
    /// Uid of its option set, if any.
    pub option_set: Option<String>,
    /// Whether a zero is worth keeping.
    pub zero_is_significant: bool,
    /// Who may see it.
    pub sharing: Sharing,
    pub(super) attributes: AttributeValues,
}

/// A category option.
#[derive(Debug)]
pub struct CategoryOption {
    /// Uid.
    pub uid: String,
    /// Code, if any.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Data is allowed from this day on.
    pub start: Option<NaiveDate>,
    /// Data is allowed up to this day.
    pub end: Option<NaiveDate>,
    /// Data is allowed at these org units and below; everywhere when empty.
    pub org_units: Vec<String>,
    /// Who may read and write data with it.
    pub sharing: Sharing,
}

/// A category option combo, which also serves as an attribute option combo.
#[derive(Debug)]
pub struct CategoryOptionCombo {
    /// Uid.
    pub uid: String,
    /// Code, if any.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Uid of its category combo.
    pub category_combo: String,
    /// Uids of its category options.
    pub options: Vec<String>,
    pub(super) attributes: AttributeValues,
}

/// When data of one period may be entered.
#[derive(Debug)]
pub struct InputPeriod {
    /// The period as DHIS2 writes it.
    pub period: String,
    /// From this time on; always when absent.
    pub opening: Option<NaiveDateTime>,
    /// Up to this time; always when absent.
    pub closing: Option<NaiveDateTime>,
}

impl InputPeriod {
    /// Whether entry is open on a day; the first and the last day are open.
    pub fn is_open_on(&self, day: NaiveDate) -> bool {
        self.opening.is_none_or(|o| o.date() <= day) && self.closing.is_none_or(|c| day <= c.date())
    }

    /// Whether entry is open at the time.
    pub fn is_open(&self, now: NaiveDateTime) -> bool {
        self.opening.is_none_or(|o| o <= now) && self.closing.is_none_or(|c| now <= c)
    }

    /// Whether entry is open on the day, the closing day still among the open ones: what
    /// 2.40 to 2.42 look at (`Period.isDateInTimeFrame` of DHIS2's source).
    pub fn is_open_on_day(&self, now: NaiveDateTime) -> bool {
        let day = now.date();
        self.opening.is_none_or(|o| o.date() <= day) && self.closing.is_none_or(|c| day <= c.date())
    }
}

/// A data set.
#[derive(Debug)]
pub struct DataSet {
    /// Uid.
    pub uid: String,
    /// Code, if any.
    pub code: Option<String>,
    /// Name.
    pub name: String,
    /// Its period type.
    pub period_type: PeriodType,
    /// Uid of its (attribute) category combo.
    pub category_combo: String,
    /// Data element → uid of the category combo that holds in this set.
    pub elements: FxHashMap<String, String>,
    /// Uids of the org units that it is assigned to.
    pub org_units: FxHashSet<String>,
    /// Days after a period's end for which data may be entered; 0 or less: no end.
    pub expiry_days: f64,
    /// How many periods after the last finished one may be entered.
    pub open_future_periods: u32,
    /// How many periods after the end of an attribute option may be entered.
    pub open_periods_after_option_end: u32,
    /// When each period may be entered; any period at any time when empty.
    pub input_periods: Vec<InputPeriod>,
    /// Uid of the approval workflow, if any.
    pub workflow: Option<String>,
    /// Whether a comment does in place of a value (2.43).
    pub comment_without_value: bool,
    /// Who may see it, and read and write its data.
    pub sharing: Sharing,
    pub(super) attributes: AttributeValues,
}

/// Leave to enter data of an expired period.
#[derive(Debug)]
pub struct LockException {
    /// Uid of the data set.
    pub data_set: String,
    /// The period as DHIS2 writes it.
    pub period: String,
    /// Uid of the org unit.
    pub org_unit: String,
}

/// Data that was approved and may no longer be changed.
#[derive(Debug)]
pub struct Approval {
    /// Uid of the workflow.
    pub workflow: String,
    /// The period, of the workflow's type.
    pub period: Period,
    /// Uid of the org unit.
    pub org_unit: String,
    /// Uid of the attribute option combo.
    pub attribute_option_combo: String,
}
