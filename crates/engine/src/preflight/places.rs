//! Rules about org units.

use rustc_hash::FxHashSet;

use super::BlockReason;
use crate::catalogue::{Catalogue, DataSet, OptionCombo, UserRights};
use crate::period::Period;
use crate::symbol::{Symbol, Symbols};

/// Why no value of a data set and period can be sent for an org unit.
///
/// Superusers pass the hierarchy on all versions. An org unit is open in a
/// period if one day of the period lies between its opening and its closing
/// (E8031; "org unit closed", "period before opening").
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
    if !rights.superuser && !rights.capture_roots.iter().any(|root| unit.is_within(root)) {
        return Some(BlockReason::OrgUnitOutsideHierarchy);
    }
    if !data_set.org_units.contains(uid) {
        return Some(BlockReason::OrgUnitNotAssigned);
    }
    if unit
        .opening_date
        .is_some_and(|opening| period.end() < opening)
    {
        return Some(BlockReason::OrgUnitNotYetOpen);
    }
    unit.closed_date
        .is_some_and(|closed| period.start() > closed)
        .then_some(BlockReason::OrgUnitClosed)
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
