//! The options by which an import asks for more than DHIS2 asks by itself
//! (`strictPeriods`, `strictOrganisationUnits` and their like). 2.43 has rules of its own.

use super::super::Conflict;
use super::super::options::ImportOptions;
use super::super::payload::IncomingValue;
use super::checks::{conflict, said, trimmed};
use super::{Candidate, Group};
use crate::context::ValueContext;
use crate::values::catalogue::DataSet;

/// The first of these rules that a value breaks.
pub(super) fn check(
    context: &ValueContext<'_>,
    options: &ImportOptions,
    group: &Group<'_>,
    sent: &IncomingValue,
    candidate: &Candidate<'_>,
) -> Result<(), Box<Conflict>> {
    let catalogue = context.catalogue;
    let cell = &candidate.cell;
    let element = cell.data_element.as_str();
    let named = sent.data_element.as_deref();
    let sets: Vec<&DataSet> = catalogue.data_sets_of(element).collect();
    let combo_of = |uid: &str| {
        catalogue
            .option_combo(uid)
            .map(|c| c.category_combo.as_str())
    };
    let missing = |option: &str, name: Option<&str>| {
        options.is_set(option) && name.and_then(trimmed).is_none()
    };
    if missing(
        "requireCategoryOptionCombo",
        sent.category_option_combo.as_deref(),
    ) {
        let words = "Category option combo is required but is not specified".to_owned();
        return Err(conflict("E7630", &[], Some("categoryOptionCombo"), words));
    }
    let attribute = sent
        .attribute_option_combo
        .as_ref()
        .filter(|name| trimmed(name).is_some())
        .or(group.attribute_option_combo.as_ref());
    if missing("requireAttributeOptionCombo", attribute.map(String::as_str)) {
        let words = "Attribute option combo is required but is not specified".to_owned();
        return Err(conflict("E7631", &[], Some("attributeOptionCombo"), words));
    }
    if options.is_set("strictPeriods")
        && !sets
            .iter()
            .any(|set| set.period_type == candidate.period.period_type)
    {
        let period = sent.period.as_deref();
        let words = format!(
            "Period type of period: `{}` not valid for data element: `{}`",
            said(period),
            said(named)
        );
        let objects = [("period", period), ("dataElement", named)];
        return Err(conflict("E7632", &objects, None, words));
    }
    if options.is_set("strictDataElements") {
        let targets = group.data_set.map_or_else(|| sets.clone(), |set| vec![set]);
        if !targets.iter().any(|set| set.elements.contains_key(element)) {
            let targets: Vec<&str> = targets.iter().map(|set| set.uid.as_str()).collect();
            let targets = targets.join(",");
            let words = format!(
                "Data element: `{}` is not part of dataset(s): `{targets}`",
                said(named)
            );
            let objects = [("dataElement", named), ("dataSet", Some(targets.as_str()))];
            return Err(conflict("E7633", &objects, Some("dataElement"), words));
        }
    }
    let own_combos = || {
        let in_sets = sets.iter().filter_map(|set| set.elements.get(element));
        in_sets
            .map(String::as_str)
            .chain([candidate.data_element.category_combo.as_str()])
            .collect::<Vec<_>>()
    };
    if options.is_set("strictCategoryOptionCombos")
        && !combo_of(&cell.category_option_combo).is_some_and(|of| own_combos().contains(&of))
    {
        let combo = sent.category_option_combo.as_deref();
        let words = format!(
            "Category option combo: `{}` must be part of category combo of data element: `{}`",
            said(combo),
            said(named)
        );
        let objects = [("categoryOptionCombo", combo), ("dataElement", named)];
        let property = Some("categoryOptionCombo");
        return Err(conflict("E7634", &objects, property, words));
    }
    if options.is_set("strictAttributeOptionCombos")
        && !combo_of(&cell.attribute_option_combo)
            .is_some_and(|of| sets.iter().any(|set| set.category_combo == of))
    {
        let combo = sent.attribute_option_combo.as_deref();
        let words = format!(
            "Attribute option combo: `{}` must be part of category combo of data sets of data element: `{}`",
            said(combo),
            said(named)
        );
        let objects = [("categoryOptionCombo", combo), ("dataElement", named)];
        let property = Some("attributeOptionCombo");
        return Err(conflict("E7635", &objects, property, words));
    }
    if options.is_set("strictOrganisationUnits")
        && !sets
            .iter()
            .any(|set| set.org_units.contains(&cell.org_unit))
    {
        let unit = sent.org_unit.as_deref();
        let words = format!(
            "Data element: `{}` must be assigned through data sets to organisation unit: `{}`",
            said(named),
            said(unit)
        );
        let objects = [("organisationUnit", unit), ("dataElement", named)];
        return Err(conflict("E7636", &objects, Some("orgUnit"), words));
    }
    Ok(())
}
