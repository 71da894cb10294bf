//! May the user enter data into this set, at these org units, with these options?
//! Superusers may.

use super::Entry;
use super::error::Fault;
use super::keys::distinct;
use crate::context::ValueContext;

/// Checks the data set, then the org units, then the options.
pub(super) fn check(
    context: &ValueContext<'_>,
    data_set: &str,
    entries: &[Entry],
) -> Result<(), Fault> {
    let user = context.user;
    if user.is_superuser() {
        return Ok(());
    }
    let catalogue = context.catalogue;
    if !catalogue
        .data_set(data_set)
        .is_some_and(|set| set.sharing.may_write_data(user))
    {
        return Err(Fault::new("E8010", &[data_set]));
    }
    let org_units = distinct(entries.iter().map(|e| e.cell.org_unit.as_str()));
    let outside: Vec<&str> = org_units
        .into_iter()
        .filter(|uid| !catalogue.org_units().may_enter(user, uid))
        .collect();
    if !outside.is_empty() {
        return Err(Fault::list("E8011", &[], &outside));
    }
    let combos = entries.iter().flat_map(|e| {
        [
            &e.cell.attribute_option_combo,
            &e.cell.category_option_combo,
        ]
    });
    let combos = distinct(combos.map(String::as_str));
    let closed = distinct(
        combos
            .into_iter()
            .filter_map(|uid| catalogue.option_combo(uid))
            .flat_map(|combo| catalogue.options_closed_to(user, combo)),
    );
    if closed.is_empty() {
        Ok(())
    } else {
        Err(Fault::list("E8012", &[], &closed))
    }
}
