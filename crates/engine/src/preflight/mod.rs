//! What can be known before sending: whether data entry in the destination
//! would allow a value. Stricter than any server: what one of DHIS2 2.40–2.43
//! refuses, or takes and then shows nowhere, is not sent.
//!
//! From metadata, rights and the day alone, but for approval: whoever reads it
//! tells it with [`SliceRules::approve`]. What stays unknown shows in the
//! server's answer (E7642, E8033).

mod places;
mod reason;
mod timing;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::catalogue::{
    Catalogue, CategoryCombo, DataElement, DataSet, OptionCombo, TextSet, UserRights,
};
use crate::cell::Cell;
use crate::period::Period;
use crate::slice::Slice;
use crate::symbol::{Symbol, Symbols};
use crate::value_type::{ValueType, is_zero};

use chrono::NaiveDate;

pub use reason::BlockReason;

/// What the destination allows within one slice. Worked out once for the
/// slice, so that checking a value takes a few look-ups.
#[derive(Clone, Debug)]
pub struct SliceRules {
    /// Why nothing of this slice can be sent.
    whole: Option<BlockReason>,
    period: Symbol,
    org_units: FxHashMap<Symbol, Option<BlockReason>>,
    elements: FxHashMap<Symbol, ElementRule>,
    /// Category option combos, one map for each category combo in use.
    combos: Vec<FxHashMap<Symbol, Option<BlockReason>>>,
    attributes: FxHashMap<Symbol, Option<BlockReason>>,
    /// Attribute option combos that are limited to some org units: the slice's
    /// org units in which they may be used.
    attribute_places: FxHashMap<Symbol, FxHashSet<Symbol>>,
    /// Org units with the attribute option combos for which their data are approved.
    approved: FxHashSet<(Symbol, Symbol)>,
}

#[derive(Clone, Debug)]
struct ElementRule {
    value_type: ValueType,
    zero_is_significant: bool,
    /// Codes of its options; none if it has no option set.
    options: Option<TextSet>,
    /// Index in `combos`; none if the category combo is unknown.
    combo: Option<usize>,
}

impl SliceRules {
    /// Works out what is allowed in a slice, for a user, on a day.
    pub fn new(
        catalogue: &Catalogue,
        rights: &UserRights,
        today: NaiveDate,
        slice: &Slice,
        symbols: &mut Symbols,
    ) -> Self {
        let mut rules = Self {
            whole: None,
            period: slice.period,
            org_units: FxHashMap::default(),
            elements: FxHashMap::default(),
            combos: Vec::new(),
            attributes: FxHashMap::default(),
            attribute_places: FxHashMap::default(),
            approved: FxHashSet::default(),
        };
        let Some(data_set) = catalogue.data_sets.get(symbols.text(slice.data_set)) else {
            rules.whole = Some(BlockReason::DataSetUnknown);
            return rules;
        };
        let checks = &catalogue.checks;
        let period = Period::parse(symbols.text(slice.period));
        rules.whole = timing::whole_slice(data_set, rights, checks, today, period.as_ref().ok());
        let Ok(period) = period else { return rules };
        let expired = timing::is_expired(data_set, rights, today, &period);
        let units: Vec<Symbol> = slice.destination_org_units().collect();
        let mut some_open = !expired;
        for &unit in &units {
            let uid = symbols.text(unit);
            let reason =
                if expired && !places::has_lock_exception(catalogue, data_set, &period, uid) {
                    Some(BlockReason::PeriodExpired)
                } else {
                    some_open = true;
                    places::org_unit(catalogue, data_set, rights, &period, uid)
                };
            rules.org_units.insert(unit, reason);
        }
        if !some_open {
            rules.whole = rules.whole.or(Some(BlockReason::PeriodExpired));
        }
        rules.add_elements(catalogue, data_set, rights.superuser, symbols);
        if let Some(combo) = catalogue.attribute_combo(data_set) {
            for (uid, option_combo) in &combo.option_combos {
                let attribute = symbols.intern(uid);
                let reason = timing::attribute(data_set, option_combo, rights, checks, &period);
                rules.attributes.insert(attribute, reason);
                if let Some(allowed) = places::limited_to(catalogue, option_combo, &units, symbols)
                {
                    rules.attribute_places.insert(attribute, allowed);
                }
            }
        }
        rules
    }

    fn add_elements(
        &mut self,
        catalogue: &Catalogue,
        data_set: &DataSet,
        superuser: bool,
        symbols: &mut Symbols,
    ) {
        let mut known: FxHashMap<&str, usize> = FxHashMap::default();
        for uid in data_set.elements.keys() {
            let Some(element) = catalogue.data_elements.get(uid) else {
                continue;
            };
            let combo = catalogue.element_combo(data_set, uid).map(|combo| {
                *known.entry(&combo.uid).or_insert_with(|| {
                    self.combos.push(combo_rule(combo, superuser, symbols));
                    self.combos.len() - 1
                })
            });
            self.elements
                .insert(symbols.intern(uid), element_rule(catalogue, element, combo));
        }
    }

    /// Why nothing of this slice can be sent, whatever the values; none if something can.
    pub fn whole_slice(&self) -> Option<BlockReason> {
        self.whole
    }

    /// Notes that the data of an org unit are approved for an attribute option combo, so
    /// that nothing of them can be written.
    pub fn approve(&mut self, org_unit: Symbol, attribute_option_combo: Symbol) {
        self.approved.insert((org_unit, attribute_option_combo));
    }

    /// The form in which a value of a data element would be stored; see
    /// [`ValueType::stored_form`].
    pub fn stored_form<'v>(&self, data_element: Symbol, value: &'v str) -> &'v str {
        self.elements.get(&data_element).map_or(value, |element| {
            element
                .value_type
                .stored_form(value, element.options.is_some())
        })
    }

    /// Whether a value, in its [`SliceRules::stored_form`], may be sent to a cell of the
    /// destination; if not, the first reason found: of the whole slice, the org unit, the rest of the
    /// key, the value.
    pub fn check(&self, cell: &Cell, value: &str) -> Result<(), BlockReason> {
        self.reason(cell, value).map_or(Ok(()), Err)
    }

    /// Whether a value of the destination may be deleted: as [`SliceRules::check`], without
    /// the value. Servers hold a deletion against the same rules.
    pub fn check_deletion(&self, cell: &Cell) -> Result<(), BlockReason> {
        self.place_reason(cell).map_or(Ok(()), Err)
    }

    /// Whether the values of a data element are numbers.
    pub fn is_numeric(&self, data_element: Symbol) -> bool {
        let element = self.elements.get(&data_element);
        element.is_some_and(|element| element.value_type.is_numeric())
    }

    fn reason(&self, cell: &Cell, value: &str) -> Option<BlockReason> {
        self.place_reason(cell)
            .or_else(|| self.elements.get(&cell.data_element)?.reason(value))
    }

    /// Why nothing can be written in a cell, whatever the value.
    fn place_reason(&self, cell: &Cell) -> Option<BlockReason> {
        if self.whole == Some(BlockReason::DataSetUnknown) {
            return self.whole;
        }
        if cell.period != self.period {
            return Some(BlockReason::OutsideSlice);
        }
        if self.whole.is_some() {
            return self.whole;
        }
        let Some(org_unit) = self.org_units.get(&cell.org_unit) else {
            return Some(BlockReason::OutsideSlice);
        };
        org_unit.or_else(|| self.key_reason(cell))
    }

    fn key_reason(&self, cell: &Cell) -> Option<BlockReason> {
        let Some(element) = self.elements.get(&cell.data_element) else {
            return Some(BlockReason::ElementNotInDataSet);
        };
        let combo = element
            .combo
            .and_then(|combo| self.combos.get(combo)?.get(&cell.category_option_combo));
        match combo {
            None => return Some(BlockReason::CategoryOptionComboNotOfElement),
            Some(Some(reason)) => return Some(*reason),
            Some(None) => {}
        }
        match self.attributes.get(&cell.attribute_option_combo) {
            None => return Some(BlockReason::AttributeOptionComboNotOfDataSet),
            Some(Some(reason)) => return Some(*reason),
            Some(None) => {}
        }
        let places = self.attribute_places.get(&cell.attribute_option_combo);
        if places.is_some_and(|allowed| !allowed.contains(&cell.org_unit)) {
            return Some(BlockReason::AttributeOptionOfOtherOrgUnits);
        }
        self.approved
            .contains(&(cell.org_unit, cell.attribute_option_combo))
            .then_some(BlockReason::AlreadyApproved)
    }
}

impl ElementRule {
    fn reason(&self, value: &str) -> Option<BlockReason> {
        if value.trim().is_empty() {
            return Some(BlockReason::ValueMissing);
        }
        if self.value_type.is_file() {
            return Some(BlockReason::ValueIsFile);
        }
        if !self.value_type.accepts(value) {
            return Some(BlockReason::ValueNotOfType);
        }
        if self.value_type == ValueType::MultiText && self.options.is_none() {
            // It has no choices at all (`data_element_lacks_option_set`, up to 2.42).
            return Some(BlockReason::ValueNotAnOption);
        }
        if let Some(options) = &self.options {
            let all_known = match self.value_type {
                ValueType::MultiText => value.split(',').all(|code| options.contains(code)),
                _ => options.contains(value),
            };
            if !all_known {
                return Some(BlockReason::ValueNotAnOption);
            }
        }
        let dropped = self.value_type.is_numeric() && !self.zero_is_significant && is_zero(value);
        dropped.then_some(BlockReason::ZeroNotSignificant)
    }
}

/// An option set that is named but unknown lets no value pass: its codes cannot be checked.
fn element_rule(catalogue: &Catalogue, element: &DataElement, combo: Option<usize>) -> ElementRule {
    let options = element
        .option_set
        .as_ref()
        .map(|uid| catalogue.option_sets.get(uid).cloned().unwrap_or_default());
    ElementRule {
        value_type: element.value_type,
        zero_is_significant: element.zero_is_significant,
        options,
        combo,
    }
}

fn combo_rule(
    combo: &CategoryCombo,
    superuser: bool,
    symbols: &mut Symbols,
) -> FxHashMap<Symbol, Option<BlockReason>> {
    // Dates and org units of options limit attribute option combos only: no version looks at
    // them here. The default option is everybody's: the servers leave it out of the check
    // (`CategoryOptionCombo.isDefault` in the access managers of 2.40–2.43).
    let reason = |option_combo: &OptionCombo| {
        let closed = !superuser
            && !combo.is_default
            && option_combo
                .options
                .iter()
                .any(|option| option.no_data_write);
        closed.then_some(BlockReason::CategoryOptionNotWritable)
    };
    combo
        .option_combos
        .iter()
        .map(|(uid, option_combo)| (symbols.intern(uid), reason(option_combo)))
        .collect()
}
