//! The suite's own metadata: small, under fixed ids that begin with `cfm`, with names that
//! say what they are for. Only one input period needs today's date.

use serde_json::{Value, json};

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

const METADATA: &str = "rw------";
const DATA: &str = "rwrw----";

/// The body of `POST /api/metadata`; `today` is the server's, `YYYY-MM-DD`.
#[must_use]
pub fn metadata(root: Option<&str>, default_combo: &str, password: &str, today: &str) -> Value {
    let mut top = unit(TOP, NAME, None);
    if let Some(root) = root {
        top["parent"] = reference(root);
    }
    let mut closed = unit(UNIT_CLOSED, NAMES[2].1, Some(TOP));
    closed["closedDate"] = "2020-06-30".into();
    let plain = |id, name, kind| element(id, name, kind, default_combo);
    let mut keeping = [
        plain(COUNT, "count", "INTEGER_ZERO_OR_POSITIVE"),
        plain(COUNT_2, "second count", "INTEGER_ZERO_OR_POSITIVE"),
    ];
    for element in &mut keeping {
        element["zeroIsSignificant"] = true.into();
    }
    let [count, count_2] = keeping;
    let mut colour = plain(COLOUR, "colour", "TEXT");
    colour["optionSet"] = reference(OPTION_SET);
    let mut monthly = data_set(
        MONTHLY,
        "monthly",
        default_combo,
        &[
            COUNT,
            COUNT_2,
            INTEGER,
            NO_ZEROS,
            NUMBER,
            BOOLEAN,
            DATE,
            TEXT,
            COLOUR,
            BY_SEX,
            IN_TWO_SETS,
        ],
    );
    monthly["organisationUnits"] = references(&[UNIT_A, UNIT_B, UNIT_CLOSED]);
    let mut input_periods = data_set(
        INPUT_PERIODS,
        "input periods",
        default_combo,
        &[WITH_INPUT_PERIODS],
    );
    input_periods["dataInputPeriods"] = json!([
        {"period": {"id": "202601"}, "openingDate": "2026-01-01", "closingDate": "2099-12-31"},
        {"period": {"id": "202602"}, "openingDate": "2026-02-01", "closingDate": "2026-03-01"},
        {"period": {"id": "202603"}, "openingDate": "2026-03-01", "closingDate": today},
    ]);
    let mut read_only = data_set(READ_ONLY, "read only", default_combo, &[GUARDED]);
    read_only["sharing"] = sharing("rwr-----");
    let mut locking = data_set(LOCKING, "locking", default_combo, &[LOCKED]);
    locking["expiryDays"] = 10.into();
    let mut dated = option(OPTION_DATED, "2024-2025", DATA);
    dated["startDate"] = "2024-01-15".into();
    dated["endDate"] = "2025-12-31".into();
    let mut of_unit = option("cfmCoUnitB1", "of unit B", DATA);
    of_unit["organisationUnits"] = references(&[UNIT_B]);
    json!({
        "organisationUnits": [
            top,
            unit(UNIT_A, NAMES[0].1, Some(TOP)),
            unit(UNIT_B, NAMES[1].1, Some(TOP)),
            closed,
            unit(UNIT_UNASSIGNED, "Tributary conformance, not assigned", Some(TOP)),
        ],
        "categoryOptions": [
            option("cfmCoFemal1", "female", DATA),
            option("cfmCoMale01", "male", DATA),
            dated,
            of_unit,
            option(OPTION_SECRET, "secret", "--------"),
        ],
        "categories": [
            category("cfmCatSex01", "sex", "DISAGGREGATION", &["cfmCoFemal1", "cfmCoMale01"]),
            category("cfmCatProj1", "project", "ATTRIBUTE", &[OPTION_DATED, "cfmCoUnitB1", OPTION_SECRET]),
        ],
        "categoryCombos": [
            combo(COMBO_SEX, "sex", "DISAGGREGATION", "cfmCatSex01"),
            combo(COMBO_PROJECT, "project", "ATTRIBUTE", "cfmCatProj1"),
        ],
        "categoryOptionCombos": [
            combination(COC_FEMALE, "female", COMBO_SEX, "cfmCoFemal1"),
            combination(COC_MALE, "male", COMBO_SEX, "cfmCoMale01"),
            combination(AOC_DATED, "2024-2025", COMBO_PROJECT, OPTION_DATED),
            combination(AOC_UNIT_B, "of unit B", COMBO_PROJECT, "cfmCoUnitB1"),
            combination(AOC_SECRET, "secret", COMBO_PROJECT, OPTION_SECRET),
        ],
        "optionSets": [{
            "id": OPTION_SET, "name": name("colours"), "code": code(OPTION_SET), "valueType": "TEXT",
            "version": 1, "sharing": sharing(METADATA), "options": references(&["cfmOpRed001", "cfmOpGreen1"]),
        }],
        "options": [
            {"id": "cfmOpRed001", "name": "Red", "code": "RED", "sortOrder": 1, "optionSet": {"id": OPTION_SET}},
            {"id": "cfmOpGreen1", "name": "Green", "code": "GREEN", "sortOrder": 2, "optionSet": {"id": OPTION_SET}},
        ],
        "dataElements": [
            count,
            count_2,
            plain(INTEGER, "integer", "INTEGER"),
            plain(NO_ZEROS, "no zeros", "INTEGER_ZERO_OR_POSITIVE"),
            plain(NUMBER, "number", "NUMBER"),
            plain(BOOLEAN, "yes or no", "BOOLEAN"),
            plain(DATE, "date", "DATE"),
            plain(TEXT, "text", "TEXT"),
            colour,
            element(BY_SEX, "by sex", "INTEGER_ZERO_OR_POSITIVE", COMBO_SEX),
            plain(ELSEWHERE, "elsewhere", "INTEGER_ZERO_OR_POSITIVE"),
            plain(IN_TWO_SETS, "in two sets", "INTEGER_ZERO_OR_POSITIVE"),
            plain(WITH_INPUT_PERIODS, "input periods", "INTEGER_ZERO_OR_POSITIVE"),
            plain(BY_PROJECT, "by project", "INTEGER_ZERO_OR_POSITIVE"),
            plain(GUARDED, "read only", "INTEGER_ZERO_OR_POSITIVE"),
            plain(LOCKED, "locking", "INTEGER_ZERO_OR_POSITIVE"),
        ],
        "dataSets": [
            monthly,
            data_set(SECOND, "second", default_combo, &[ELSEWHERE, IN_TWO_SETS]),
            input_periods,
            data_set(PROJECTS, "by project", COMBO_PROJECT, &[BY_PROJECT]),
            read_only,
            locking,
        ],
        "userRoles": [
            role("cfmRoleImp1", "importer", &[
                "F_DATAVALUE_ADD", "F_DATAVALUE_DELETE", "F_ROUTE_PUBLIC_ADD", "F_ROUTE_PRIVATE_ADD",
                "F_ROUTE_DELETE", "M_dhis-web-dataentry",
            ]),
            role("cfmRoleClk1", "clerk", &["F_DATAVALUE_ADD", "M_dhis-web-dataentry"]),
        ],
        "userGroups": [{
            "id": GROUP, "name": name("clerks"), "code": code(GROUP), "sharing": sharing(METADATA),
            "users": references(&["cfmUserClk1"]),
        }],
        "users": [
            user("cfmUserImp1", IMPORTER, password, "cfmRoleImp1", TOP),
            user("cfmUserClk1", CLERK, password, "cfmRoleClk1", UNIT_A),
        ],
    })
}

fn reference(id: &str) -> Value {
    json!({"id": id})
}

fn references(ids: &[&str]) -> Value {
    ids.iter().map(|id| reference(id)).collect()
}

fn name(what: &str) -> String {
    format!("{NAME}, {what}")
}

fn code(id: &str) -> String {
    format!("TRIBUTARY_CONFORMANCE_{}", id.to_ascii_uppercase())
}

fn sharing(public: &str) -> Value {
    json!({"public": public, "external": false, "users": {}, "userGroups": {}})
}

fn unit(id: &str, name: &str, parent: Option<&str>) -> Value {
    let mut unit = json!({
        "id": id, "code": code(id), "name": name, "shortName": name, "openingDate": "2015-01-01",
    });
    if let Some(parent) = parent {
        unit["parent"] = reference(parent);
    }
    unit
}

fn element(id: &str, what: &str, value_type: &str, combo: &str) -> Value {
    json!({
        "id": id, "code": code(id), "name": name(what), "shortName": name(what), "valueType": value_type,
        "domainType": "AGGREGATE", "aggregationType": "SUM", "categoryCombo": {"id": combo},
        "zeroIsSignificant": false, "sharing": sharing(METADATA),
    })
}

fn data_set(id: &str, what: &str, combo: &str, elements: &[&str]) -> Value {
    let members: Vec<Value> = elements
        .iter()
        .map(|element| json!({"dataSet": {"id": id}, "dataElement": {"id": element}}))
        .collect();
    json!({
        "id": id, "code": code(id), "name": name(what), "shortName": name(what), "periodType": "Monthly",
        "categoryCombo": {"id": combo}, "openFuturePeriods": 0, "expiryDays": 0, "timelyDays": 15,
        "sharing": sharing(DATA), "dataSetElements": members, "organisationUnits": references(&[UNIT_A, UNIT_B]),
    })
}

fn option(id: &str, what: &str, public: &str) -> Value {
    json!({
        "id": id, "code": code(id), "name": name(what), "shortName": name(what), "sharing": sharing(public),
    })
}

fn category(id: &str, what: &str, kind: &str, options: &[&str]) -> Value {
    json!({
        "id": id, "code": code(id), "name": name(what), "shortName": name(what), "dataDimensionType": kind,
        "dataDimension": true, "sharing": sharing(METADATA), "categoryOptions": references(options),
    })
}

fn combo(id: &str, what: &str, kind: &str, category: &str) -> Value {
    json!({
        "id": id, "code": code(id), "name": name(what), "dataDimensionType": kind, "skipTotal": false,
        "sharing": sharing(METADATA), "categories": [{"id": category}],
    })
}

fn combination(id: &str, what: &str, combo: &str, option: &str) -> Value {
    json!({
        "id": id, "code": code(id), "name": name(what), "categoryCombo": {"id": combo},
        "categoryOptions": [{"id": option}],
    })
}

fn role(id: &str, what: &str, authorities: &[&str]) -> Value {
    json!({
        "id": id, "name": name(what), "sharing": sharing(METADATA), "authorities": authorities,
    })
}

fn user(id: &str, username: &str, password: &str, role: &str, unit: &str) -> Value {
    json!({
        "id": id, "username": username, "password": password, "firstName": "Tributary",
        "surname": "Conformance", "userRoles": [{"id": role}], "organisationUnits": [{"id": unit}],
        "dataViewOrganisationUnits": [{"id": unit}],
    })
}

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
