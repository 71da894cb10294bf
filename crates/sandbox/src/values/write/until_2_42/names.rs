//! From the names in a body to uids, by the request's id schemes.

use super::super::options::ImportOptions;
use crate::context::ValueContext;
use crate::values::catalogue::{Finder, Kind};

/// What finds uids. Attribute option combos go by the scheme of the category option combos.
pub(super) struct Names {
    pub data_sets: Finder,
    pub data_elements: Finder,
    pub org_units: Finder,
    pub option_combos: Finder,
}

impl Names {
    pub fn new(context: &ValueContext<'_>, options: &ImportOptions) -> Self {
        let finder =
            |kind: Kind, scheme: &str| context.catalogue.finder(kind, &options.scheme(scheme));
        Self {
            data_sets: finder(Kind::DataSet, "dataSetIdScheme"),
            data_elements: finder(Kind::DataElement, "dataElementIdScheme"),
            org_units: finder(Kind::OrgUnit, "orgUnitIdScheme"),
            option_combos: finder(Kind::OptionCombo, "categoryOptionComboIdScheme"),
        }
    }
}
