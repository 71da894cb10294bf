//! The suite's own metadata: small, under fixed ids that begin with `cfm`, with names that
//! say what they are for. Only one input period needs today's date.

mod body;
pub use body::metadata;

/// What all names begin with.
pub const NAME: &str = "Tributary conformance";
/// What all codes, user names and the app's key begin with.
pub const CODE: &str = "tributary-conformance";

/// The unit that holds all others; stands under the server's root where there is one.
pub const TOP: &str = "cfmTopUnit1";
/// A facility; the clerk's only one.
pub const UNIT_A: &str = "cfmUnitA001";
/// A second facility, with an accent in its name.
pub const UNIT_B: &str = "cfmUnitB001";
/// A facility that closed on 2020-06-30, with an ampersand in its name.
pub const UNIT_CLOSED: &str = "cfmClosed01";
/// A facility that no data set is assigned to.
pub const UNIT_UNASSIGNED: &str = "cfmUnassig1";

/// Whole number, not negative; zeros are kept.
pub const COUNT: &str = "cfmDeCount1";
/// A second one of the same kind.
pub const COUNT_2: &str = "cfmDeCount2";
/// Whole number.
pub const INTEGER: &str = "cfmDeIntgr1";
/// Whole number whose zeros are not kept.
pub const NO_ZEROS: &str = "cfmDeNoZer1";
/// Number.
pub const NUMBER: &str = "cfmDeNumbr1";
/// Yes or no.
pub const BOOLEAN: &str = "cfmDeBoole1";
/// Date.
pub const DATE: &str = "cfmDeDate01";
/// Text.
pub const TEXT: &str = "cfmDeText01";
/// One of two options.
pub const COLOUR: &str = "cfmDeColor1";
/// Disaggregated by sex.
pub const BY_SEX: &str = "cfmDeBySex1";
/// In the second data set only.
pub const ELSEWHERE: &str = "cfmDeElsew1";
/// In both.
pub const IN_TWO_SETS: &str = "cfmDeTwoSe1";
/// In the data set with input periods.
pub const WITH_INPUT_PERIODS: &str = "cfmDeInput1";
/// In the data set by project.
pub const BY_PROJECT: &str = "cfmDeProje1";
/// In the data set that nobody may write.
pub const GUARDED: &str = "cfmDeGuard1";
/// In the data set that locks.
pub const LOCKED: &str = "cfmDeLock01";

/// The combination "female".
pub const COC_FEMALE: &str = "cfmCocFema1";
/// The combination "male".
pub const COC_MALE: &str = "cfmCocMale1";
/// The project that ran from 15 January 2024 to 31 December 2025.
pub const AOC_DATED: &str = "cfmCocDate1";
/// The project of the second facility.
pub const AOC_UNIT_B: &str = "cfmCocUnit1";
/// The project that is shared with nobody.
pub const AOC_SECRET: &str = "cfmCocSecr1";
/// Category combo of the sexes.
pub const COMBO_SEX: &str = "cfmCcSex001";
/// Category combo of the projects.
pub const COMBO_PROJECT: &str = "cfmCcProje1";
/// Category option of 15 January 2024 to 31 December 2025.
pub const OPTION_DATED: &str = "cfmCoDated1";
/// Category option that is shared with nobody.
pub const OPTION_SECRET: &str = "cfmCoSecre1";
/// The option set.
pub const OPTION_SET: &str = "cfmOsColor1";

/// Monthly, with most elements.
pub const MONTHLY: &str = "cfmDsMonth1";
/// Monthly, with two elements.
pub const SECOND: &str = "cfmDsSecon1";
/// Monthly; January 2026 open, February 2026 closed, March 2026 closing today.
pub const INPUT_PERIODS: &str = "cfmDsInput1";
/// Monthly, by project.
pub const PROJECTS: &str = "cfmDsProje1";
/// Monthly; data may be read by all and written by nobody.
pub const READ_ONLY: &str = "cfmDsGuard1";
/// Monthly; locked ten days after the month.
pub const LOCKING: &str = "cfmDsLock01";

/// The group that Routes are shared with: the clerk's.
pub const GROUP: &str = "cfmGroup001";
/// User name of who imports and connects.
pub const IMPORTER: &str = "tributary-conformance-importer";
/// User name of the clerk.
pub const CLERK: &str = "tributary-conformance-clerk";

/// Facility names, as the queries through a Route look for them.
pub const NAMES: [(&str, &str); 3] = [
    (UNIT_A, "Tributary conformance A"),
    (UNIT_B, "Tributary conformance Bé"),
    (UNIT_CLOSED, "Tributary conformance C & D"),
];

/// The expired period that is unlocked by hand.
pub const UNLOCKED: &str = "202402";

/// The address of the one lock exception, to make it and to remove it.
#[must_use]
pub fn lock_exception() -> String {
    format!("api/lockExceptions?ou={UNIT_A}&pe={UNLOCKED}&ds={LOCKING}")
}

/// The facilities of the suite, as a read names them.
pub const UNITS: [&str; 4] = [UNIT_A, UNIT_B, UNIT_CLOSED, UNIT_UNASSIGNED];

/// All objects in the order in which they can be removed: collection and id.
pub const OBJECTS: [(&str, &str); 49] = [
    ("users", "cfmUserImp1"),
    ("users", "cfmUserClk1"),
    ("userGroups", GROUP),
    ("userRoles", "cfmRoleImp1"),
    ("userRoles", "cfmRoleClk1"),
    ("dataSets", MONTHLY),
    ("dataSets", SECOND),
    ("dataSets", INPUT_PERIODS),
    ("dataSets", PROJECTS),
    ("dataSets", READ_ONLY),
    ("dataSets", LOCKING),
    ("dataElements", COUNT),
    ("dataElements", COUNT_2),
    ("dataElements", INTEGER),
    ("dataElements", NO_ZEROS),
    ("dataElements", NUMBER),
    ("dataElements", BOOLEAN),
    ("dataElements", DATE),
    ("dataElements", TEXT),
    ("dataElements", COLOUR),
    ("dataElements", BY_SEX),
    ("dataElements", ELSEWHERE),
    ("dataElements", IN_TWO_SETS),
    ("dataElements", WITH_INPUT_PERIODS),
    ("dataElements", BY_PROJECT),
    ("dataElements", GUARDED),
    ("dataElements", LOCKED),
    ("options", "cfmOpRed001"),
    ("options", "cfmOpGreen1"),
    ("optionSets", OPTION_SET),
    ("categoryCombos", COMBO_SEX),
    ("categoryCombos", COMBO_PROJECT),
    ("categoryOptionCombos", COC_FEMALE),
    ("categoryOptionCombos", COC_MALE),
    ("categoryOptionCombos", AOC_DATED),
    ("categoryOptionCombos", AOC_UNIT_B),
    ("categoryOptionCombos", AOC_SECRET),
    ("categories", "cfmCatSex01"),
    ("categories", "cfmCatProj1"),
    ("categoryOptions", "cfmCoFemal1"),
    ("categoryOptions", "cfmCoMale01"),
    ("categoryOptions", OPTION_DATED),
    ("categoryOptions", "cfmCoUnitB1"),
    ("categoryOptions", OPTION_SECRET),
    ("organisationUnits", UNIT_A),
    ("organisationUnits", UNIT_B),
    ("organisationUnits", UNIT_CLOSED),
    ("organisationUnits", UNIT_UNASSIGNED),
    ("organisationUnits", TOP),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn all_that_is_made_is_removed() {
        let metadata = metadata(None, "bjDvmb4bfuf", "x", "2026-11-22");
        let made: BTreeSet<(String, String)> = metadata
            .as_object()
            .unwrap()
            .iter()
            .flat_map(|(collection, objects)| {
                objects.as_array().unwrap().iter().map(move |object| {
                    (
                        collection.clone(),
                        object["id"].as_str().unwrap().to_owned(),
                    )
                })
            })
            .collect();
        let removed: BTreeSet<(String, String)> = OBJECTS
            .iter()
            .map(|(collection, id)| ((*collection).to_owned(), (*id).to_owned()))
            .collect();
        assert_eq!(made, removed);
    }

    #[test]
    fn ids_are_uids_and_tell_whose_they_are() {
        for (_, id) in OBJECTS {
            assert!(id.starts_with("cfm") && id.len() == 11, "{id}");
            assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
        }
    }
}
