//! Do the keys fit the data set: elements, org units, periods, combos, and no two alike?

use rustc_hash::{FxHashMap, FxHashSet};

use super::Entry;
use super::error::Fault;
use crate::context::ValueContext;
use crate::values::catalogue::DataSet;
use crate::values::store::Cell;

/// Checks in the servers' order.
pub(super) fn check(
    context: &ValueContext<'_>,
    set: &DataSet,
    entries: &[Entry],
) -> Result<(), Fault> {
    let catalogue = context.catalogue;
    let of_set =
        |code, fits: &dyn Fn(&Entry) -> bool, name: &dyn for<'e> Fn(&'e Entry) -> &'e str| {
            let unfit = distinct(entries.iter().filter(|e| !fits(e)).map(name));
            if unfit.is_empty() {
                Ok(())
            } else {
                Err(Fault::list(code, &[&set.uid], &unfit))
            }
        };
    of_set(
        "E8020",
        &|e| set.elements.contains_key(&e.cell.data_element),
        &|e| &e.cell.data_element,
    )?;
    of_set(
        "E8022",
        &|e| set.org_units.contains(&e.cell.org_unit),
        &|e| &e.cell.org_unit,
    )?;
    of_set(
        "E8021",
        &|e| e.period.period_type == set.period_type,
        &|e| &e.period.iso,
    )?;
    let combo_is_of = |uid: &str, combo: &str| {
        catalogue
            .option_combo(uid)
            .is_some_and(|c| c.category_combo == combo)
    };
    of_set(
        "E8023",
        &|e| combo_is_of(&e.cell.attribute_option_combo, &set.category_combo),
        &|e| &e.cell.attribute_option_combo,
    )?;
    for element in distinct(entries.iter().map(|e| e.cell.data_element.as_str())) {
        let Some(combo) = set.elements.get(element) else {
            continue;
        };
        let own = entries
            .iter()
            .filter(|e| e.cell.data_element == element)
            .map(|e| &*e.cell.category_option_combo);
        let unfit = distinct(own.filter(|uid| !combo_is_of(uid, combo)));
        if !unfit.is_empty() {
            return Err(Fault::list("E8024", &[&set.uid, element], &unfit));
        }
    }
    options_reach(context, entries)?;
    no_two_alike(entries)?;
    org_units_work(context, entries)
}

/// Attribute options that are limited to org units: the others are refused.
fn options_reach(context: &ValueContext<'_>, entries: &[Entry]) -> Result<(), Fault> {
    let catalogue = context.catalogue;
    for uid in distinct(
        entries
            .iter()
            .map(|e| e.cell.attribute_option_combo.as_str()),
    ) {
        let Some(combo) = catalogue.option_combo(uid) else {
            continue;
        };
        let reaches = |org_unit: &str| {
            catalogue.options_of(combo).all(|option| {
                option.org_units.is_empty()
                    || option
                        .org_units
                        .iter()
                        .any(|own| catalogue.org_units().is_within(org_unit, own))
            })
        };
        let own = entries
            .iter()
            .filter(|e| e.cell.attribute_option_combo == uid)
            .map(|e| &*e.cell.org_unit);
        let unfit = distinct(own.filter(|org_unit| !reaches(org_unit)));
        if !unfit.is_empty() {
            return Err(Fault::list("E8025", &[uid], &unfit));
        }
    }
    Ok(())
}

/// Only the first key that occurs twice is told.
fn no_two_alike(entries: &[Entry]) -> Result<(), Fault> {
    let mut indexes: FxHashMap<&Cell, Vec<usize>> = FxHashMap::default();
    for entry in entries {
        indexes.entry(&entry.cell).or_default().push(entry.index);
    }
    let twice = entries.iter().find_map(|e| {
        indexes
            .get(&e.cell)
            .filter(|i| i.len() > 1)
            .map(|i| (&e.cell, i))
    });
    let Some((cell, indexes)) = twice else {
        return Ok(());
    };
    let key = format!(
        "DataValueKey[dataElement={}, orgUnit={}, categoryOptionCombo={}, attributeOptionCombo={}, period={}]",
        cell.data_element,
        cell.org_unit,
        cell.category_option_combo,
        cell.attribute_option_combo,
        cell.period
    );
    Err(Fault::new("E8128", &[&format!("{indexes:?}"), &key]))
}

/// Is the org unit open on the period's first day? Only the first closed one is told.
fn org_units_work(context: &ValueContext<'_>, entries: &[Entry]) -> Result<(), Fault> {
    let units = context.catalogue.org_units();
    let works = |entry: &Entry| {
        units.get(&entry.cell.org_unit).is_none_or(|unit| {
            let first = entry.period.start;
            unit.opening.is_none_or(|o| o <= first) && unit.closed.is_none_or(|c| first <= c)
        })
    };
    let Some(first) = entries.iter().find(|e| !works(e)) else {
        return Ok(());
    };
    let uid = first.cell.org_unit.as_str();
    let own = entries
        .iter()
        .filter(|e| e.cell.org_unit == uid && !works(e));
    let periods = distinct(own.map(|e| e.period.iso.as_str()));
    Err(Fault::list("E8031", &[uid], &periods))
}

/// Each text once, in the order of its first appearance.
pub(super) fn distinct<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    let mut seen = FxHashSet::default();
    texts.filter(|text| seen.insert(*text)).collect()
}
