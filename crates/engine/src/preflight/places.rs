//! Rules about org units.

use rustc_hash::FxHashSet;

use super::BlockReason;
use crate::catalogue::{Catalogue, DataSet, LockException, OptionCombo, UserRights};
use crate::period::Period;
use crate::symbol::{Symbol, Symbols};

/// Why no value of a data set and period can be sent for an org unit.
///
/// Superusers pass the hierarchy from 2.43 on (E7617 up to 2.42, for them as well). An org
/// unit is open in a period if one day of it lies between opening and closing (up to 2.42:
/// E2019 of data entry), or, from 2.43, its first day (E8031; "org unit closed", "period
/// before opening").
pub(super) fn org_unit(
    catalogue: &Catalogue,
    data_set: &DataSet,
    rights: &UserRights,
    period: &Period,
    uid: &str,
) -> Option<BlockReason> {
    let Some(unit) = catalogue.org_units.get(uid) else {
        return Some(BlockReason::OrgUnitUnknown);
    };
    let checks = &catalogue.checks;
    let everywhere = rights.superuser && !checks.superusers_need_org_units;
    if !everywhere && !rights.capture_roots.iter().any(|root| unit.is_within(root)) {
        return Some(BlockReason::OrgUnitOutsideHierarchy);
    }
    if !data_set.org_units.contains(uid) {
        return Some(BlockReason::OrgUnitNotAssigned);
    }
    let open_by = if checks.part_of_period_is_enough {
        period.end()
    } else {
        period.start()
    };
    if unit.opening_date.is_some_and(|opening| open_by < opening) {
        return Some(BlockReason::OrgUnitNotYetOpen);
    }
    unit.closed_date
        .is_some_and(|closed| period.start() > closed)
        .then_some(BlockReason::OrgUnitClosed)
}

/// Whether somebody gave leave to enter an expired period for an org unit
/// ("expired with the exception, clerk").
pub(super) fn has_lock_exception(
    catalogue: &Catalogue,
    data_set: &DataSet,
    period: &Period,
    uid: &str,
) -> bool {
    !catalogue.lock_exceptions.is_empty()
        && catalogue.lock_exceptions.contains(&LockException {
            data_set: data_set.uid.clone(),
            org_unit: uid.to_owned(),
            period: period.id(),
        })
}

/// Those of `units` in which an option combo may be used: within the org units
/// of each of its options that is limited to some (E7639, E8025). None if it is
/// not limited.
pub(super) fn limited_to(
    catalogue: &Catalogue,
    option_combo: &OptionCombo,
    units: &[Symbol],
    symbols: &Symbols,
) -> Option<FxHashSet<Symbol>> {
    let limits: Vec<&[String]> = option_combo
        .options
        .iter()
        .map(|option| option.org_units.as_slice())
        .filter(|org_units| !org_units.is_empty())
        .collect();
    let allowed = |unit: Symbol| {
        catalogue
            .org_units
            .get(symbols.text(unit))
            .is_some_and(|unit| {
                limits
                    .iter()
                    .all(|limit| limit.iter().any(|root| unit.is_within(root)))
            })
    };
    (!limits.is_empty()).then(|| {
        units
            .iter()
            .copied()
            .filter(|&unit| allowed(unit))
            .collect()
    })
}
