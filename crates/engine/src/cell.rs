//! The key of an aggregate data value, on either side.

use crate::symbol::Symbol;

/// Where a value lives: DHIS2's whole key. The attribute option combo is part
/// of it, always. Twenty bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Uid of the data element.
    pub data_element: Symbol,
    /// Uid of the category option combo.
    pub category_option_combo: Symbol,
    /// Uid of the attribute option combo.
    pub attribute_option_combo: Symbol,
    /// Uid of the org unit.
    pub org_unit: Symbol,
    /// Id of the period, for example `202601`.
    pub period: Symbol,
}
