//! The metadata that value rules ask for, typed and indexed: the org-unit tree,
//! data elements, option combos, data sets, option sets, and who may do what
//! with them. Built from the metadata as a whole, once per change of it.

mod build;
mod identifier;
mod objects;
mod org_units;
mod sharing;

use rustc_hash::{FxHashMap, FxHashSet};

pub use identifier::{Finder, IdScheme, Kind};
pub use objects::{
    Approval, CategoryOption, CategoryOptionCombo, DataElement, DataSet, InputPeriod, LockException,
};
pub use org_units::{OrgUnit, OrgUnitTree};
pub use sharing::Sharing;

use crate::context::CurrentUser;
use crate::values::period::Period;

/// Uid of the option combo "default", the same on every DHIS2.
pub const DEFAULT_OPTION_COMBO: &str = "HllvX50cXC0";
/// Uid of the category combo "default", the same on every DHIS2.
pub const DEFAULT_CATEGORY_COMBO: &str = "bjDvmb4bfuf";

/// Category combo → code and options' uids of each of its categories, in order.
type CategoriesByCombo = FxHashMap<String, Vec<(String, FxHashSet<String>)>>;

/// An index over the metadata, built once and replaced whenever metadata changes.
#[derive(Debug, Default)]
pub struct Catalogue {
    org_units: OrgUnitTree,
    data_elements: FxHashMap<String, DataElement>,
    data_sets: FxHashMap<String, DataSet>,
    option_combos: FxHashMap<String, CategoryOptionCombo>,
    category_options: FxHashMap<String, CategoryOption>,
    /// Option set → the codes of its options.
    option_sets: FxHashMap<String, FxHashSet<String>>,
    categories: CategoriesByCombo,
    /// Data element → the data sets that hold it, by uid.
    data_sets_of_element: FxHashMap<String, Vec<String>>,
    /// Org unit group → its org units.
    org_unit_groups: FxHashMap<String, Vec<String>>,
    /// Data element group → its data elements.
    data_element_groups: FxHashMap<String, Vec<String>>,
    lock_exceptions: Vec<LockException>,
    approvals: Vec<Approval>,
}

impl Catalogue {
    /// The org-unit tree.
    pub fn org_units(&self) -> &OrgUnitTree {
        &self.org_units
    }

    /// The data element of this uid.
    pub fn data_element(&self, uid: &str) -> Option<&DataElement> {
        self.data_elements.get(uid)
    }

    /// The data set of this uid.
    pub fn data_set(&self, uid: &str) -> Option<&DataSet> {
        self.data_sets.get(uid)
    }

    /// The org units of a group; none for a group that does not exist.
    pub fn org_unit_group(&self, uid: &str) -> Option<&[String]> {
        self.org_unit_groups.get(uid).map(Vec::as_slice)
    }

    /// The data elements of a group; none for a group that does not exist.
    pub fn data_element_group(&self, uid: &str) -> Option<&[String]> {
        self.data_element_groups.get(uid).map(Vec::as_slice)
    }

    /// The category (or attribute) option combo of this uid.
    pub fn option_combo(&self, uid: &str) -> Option<&CategoryOptionCombo> {
        self.option_combos.get(uid)
    }

    /// The data sets that hold a data element, ordered by uid.
    pub fn data_sets_of(&self, data_element: &str) -> impl Iterator<Item = &DataSet> {
        self.data_sets_of_element
            .get(data_element)
            .into_iter()
            .flatten()
            .filter_map(|uid| self.data_sets.get(uid))
    }

    /// The codes of an option set's options.
    pub fn option_codes(&self, option_set: &str) -> Option<&FxHashSet<String>> {
        self.option_sets.get(option_set)
    }

    /// The category options that an option combo is made of.
    pub fn options_of<'c>(
        &'c self,
        combo: &'c CategoryOptionCombo,
    ) -> impl Iterator<Item = &'c CategoryOption> {
        combo
            .options
            .iter()
            .filter_map(|uid| self.category_options.get(uid))
    }

    /// The category of each option of a combo, by code, in the order of the combo's categories.
    pub fn categories_of<'c>(
        &'c self,
        combo: &'c CategoryOptionCombo,
    ) -> impl Iterator<Item = (&'c str, &'c CategoryOption)> {
        self.categories
            .get(&combo.category_combo)
            .into_iter()
            .flatten()
            .filter_map(|(category, options)| {
                let option = combo.options.iter().find(|o| options.contains(*o))?;
                Some((category.as_str(), self.category_options.get(option)?))
            })
    }

    /// All option combos of a category combo, in no order.
    pub fn option_combos_of<'c>(
        &'c self,
        category_combo: &'c str,
    ) -> impl Iterator<Item = &'c CategoryOptionCombo> {
        self.option_combos
            .values()
            .filter(move |combo| combo.category_combo == category_combo)
    }

    /// The option combo of a category combo that is made of exactly these options.
    pub fn option_combo_of(
        &self,
        category_combo: &str,
        options: &FxHashSet<String>,
    ) -> Option<&CategoryOptionCombo> {
        self.option_combos.values().find(|combo| {
            combo.category_combo == category_combo
                && combo.options.len() == options.len()
                && combo.options.iter().all(|o| options.contains(o))
        })
    }

    /// The option with this code in the category with this code of a category combo.
    pub fn option_by_code(
        &self,
        category_combo: &str,
        category: &str,
        option: &str,
    ) -> Option<&CategoryOption> {
        let (_, options) = self
            .categories
            .get(category_combo)?
            .iter()
            .find(|(code, _)| code == category)?;
        options
            .iter()
            .filter_map(|uid| self.category_options.get(uid))
            .find(|o| o.code.as_deref() == Some(option))
    }

    /// Whether the user may write data with every option of the combo. The option
    /// `default` is everybody's.
    pub fn may_write_options(&self, user: &CurrentUser, combo: &CategoryOptionCombo) -> bool {
        self.options_closed_to(user, combo).is_empty()
    }

    /// The options of the combo that the user may not write data with, by uid.
    pub fn options_closed_to<'c>(
        &'c self,
        user: &CurrentUser,
        combo: &'c CategoryOptionCombo,
    ) -> Vec<&'c str> {
        self.options_of(combo)
            .filter(|o| o.name != "default" && !o.sharing.may_write_data(user))
            .map(|o| o.uid.as_str())
            .collect()
    }

    /// Whether the user may read data with every option of the combo.
    pub fn may_read_options(&self, user: &CurrentUser, combo: &str) -> bool {
        self.option_combos.get(combo).is_none_or(|combo| {
            self.options_of(combo)
                .all(|o| o.name == "default" || o.sharing.may_read_data(user))
        })
    }

    /// Whether late entry is allowed there by a lock exception.
    pub fn has_lock_exception(&self, data_set: &str, period: &str, org_unit: &str) -> bool {
        self.lock_exceptions
            .iter()
            .any(|e| e.data_set == data_set && e.period == period && e.org_unit == org_unit)
    }

    /// Whether data of the workflow and the attribute option combo is approved at the org
    /// unit or above it, for a period that holds this one.
    pub fn is_approved(
        &self,
        workflow: &str,
        period: &Period,
        org_unit: &str,
        attribute_option_combo: &str,
    ) -> bool {
        self.approvals.iter().any(|a| {
            a.workflow == workflow
                && a.attribute_option_combo == attribute_option_combo
                && a.period.start <= period.start
                && period.end <= a.period.end
                && self.org_units.is_within(org_unit, &a.org_unit)
        })
    }
}
