//! `DELETE /api/completeDataSetRegistrations?ds=&pe=&ou=`: data sets are taken back as
//! complete, unless their form is locked.

use rustc_hash::FxHashSet;

use crate::answer::Answer;
use crate::context::ValueContext;
use crate::values::catalogue::{DEFAULT_OPTION_COMBO, DataSet};
use crate::values::period::Period;
use crate::values::query::{self, Pairs};
use crate::values::store::{RegistrationKey, StoreError};
use crate::values::write::lock_status;

/// Answers the request. `multiOu=true` means the org units right below as well.
pub fn remove(context: &ValueContext<'_>, query: &Pairs) -> Answer {
    match removed(context, query) {
        Ok(Ok(())) => Answer::empty(204),
        Ok(Err(error)) => Answer::error(500, &error.to_string(), None),
        Err(words) => Answer::error(409, &words, None),
    }
}

fn removed(context: &ValueContext<'_>, query: &Pairs) -> Result<Result<(), StoreError>, String> {
    let catalogue = context.catalogue;
    let named: Vec<&str> = query::all(query, "ds").flat_map(|v| v.split(',')).collect();
    let sets: Vec<&DataSet> = named
        .iter()
        .filter_map(|uid| catalogue.data_set(uid))
        .collect();
    if sets.len() != named.len() || sets.is_empty() {
        return Err(format!(
            "Illegal data set identifier in this list: [{}]",
            named.join(", ")
        ));
    }
    let period = query::one(query, "pe").unwrap_or_default();
    let period =
        Period::parse(period).ok_or_else(|| format!("Illegal period identifier: {period}"))?;
    let org_unit = query::one(query, "ou").unwrap_or_default();
    let units = catalogue.org_units();
    if units.get(org_unit).is_none() {
        return Err(format!("Illegal organisation unit identifier: {org_unit}"));
    }
    let several = query::flag(query, "multiOu");
    let children = units
        .with_descendants(org_unit)
        .iter()
        .filter(|unit| unit.parent.as_deref() == Some(org_unit));
    let children: Vec<&str> = children.map(|unit| unit.uid.as_str()).collect();
    let combo = match (query::one(query, "cc"), query::one(query, "cp")) {
        (Some(combo), Some(options)) => {
            let options: FxHashSet<String> = options.split(';').map(str::to_owned).collect();
            catalogue
                .option_combo_of(combo, &options)
                .map_or("", |combo| combo.uid.as_str())
        }
        _ => DEFAULT_OPTION_COMBO,
    };
    // With `multiOu` it is the org units below whose locks count.
    let looked_at = if several {
        &children[..]
    } else {
        &[org_unit][..]
    };
    let locked = |set: &&&DataSet| {
        looked_at
            .iter()
            .any(|unit| lock_status(context, set, &period, unit, combo) != "OPEN")
    };
    let locked: Vec<&str> = sets
        .iter()
        .filter(locked)
        .map(|set| set.uid.as_str())
        .collect();
    if !locked.is_empty() {
        return Err(format!("Locked Data set(s) : {}", locked.join(", ")));
    }
    let mut writing = context.store.begin();
    let below = children.iter().filter(|_| several);
    for unit in std::iter::once(&org_unit).chain(below) {
        // Where a set is not assigned, its registration stays.
        for set in sets.iter().filter(|set| set.org_units.contains(*unit)) {
            let key = RegistrationKey {
                data_set: set.uid.clone(),
                period: period.iso.clone(),
                org_unit: (*unit).to_owned(),
                attribute_option_combo: combo.to_owned(),
            };
            writing.register(&key, None);
        }
    }
    Ok(writing.commit())
}
