//! Each rule, with the case of the recordings that shows it.

use crate::support::*;
use tributary_engine::catalogue::UserRights;
use tributary_engine::preflight::SliceRules;
use tributary_engine::symbol::Symbols;

/// `key` is data set, period, element, category option combo, attribute option
/// combo, org unit; `-` is the default combo. `ok` or the code of the reason.
#[track_caller]
fn check_as(rights: &UserRights, key: [&str; 6], value: &str, expected: &str) {
    let catalogue = catalogue();
    let mut symbols = Symbols::new();
    let [data_set, period, element, combo, attribute, unit] = key;
    let units: Vec<_> = UNITS
        .iter()
        .chain(&["ouNoSuchOne"])
        .map(|unit| (*unit, *unit))
        .collect();
    let slice = slice(&mut symbols, data_set, period, &units);
    let rules = SliceRules::new(&catalogue, rights, today(), &slice, &mut symbols);
    let cell = cell(&mut symbols, [element, combo, attribute, unit, period]);
    let seen = rules
        .check(&cell, value)
        .map_or_else(|reason| reason.code(), |()| "ok");
    assert_eq!(seen, expected, "{key:?} {value}");
}

#[track_caller]
fn check(key: [&str; 6], value: &str, expected: &str) {
    check_as(&superuser(), key, value, expected);
}

#[track_caller]
fn check_value(element: &str, value: &str, expected: &str) {
    check(
        ["dsMonthly01", "202301", element, "-", "-", "ouFacA10001"],
        value,
        expected,
    );
}

#[track_caller]
fn check_period(rights: &UserRights, data_set: &str, period: &str, expected: &str) {
    check_as(
        rights,
        [data_set, period, "deIntZeroP1", "-", "-", "ouFacA10001"],
        "5",
        expected,
    );
}

#[track_caller]
fn check_unit(rights: &UserRights, period: &str, unit: &str, expected: &str) {
    check_as(
        rights,
        ["dsMonthly01", period, "deIntZeroP1", "-", "-", unit],
        "5",
        expected,
    );
}

#[test]
fn rights() {
    let without_authority = UserRights {
        may_add_values: false,
        ..clerk()
    };
    check_period(&clerk(), "dsMonthly01", "202301", "ok");
    check_period(&clerk(), "dsNoWrite01", "202301", "noDataWriteAccess");
    check_period(&superuser(), "dsNoWrite01", "202301", "ok");
    check_period(&without_authority, "dsMonthly01", "202301", "noAuthority");
    check_period(&superuser(), "dsNoSuchSet", "202301", "dataSetUnknown");
}

#[test]
fn periods() {
    check_period(&superuser(), "dsMonthly01", "2023-13", "periodInvalid");
    check_period(&superuser(), "dsMonthly01", "2023Q1", "periodOfAnotherType");
    check_period(&superuser(), "dsMonthly01", "202611", "ok");
    check_period(&superuser(), "dsMonthly01", "202612", "ok");
    check_period(&superuser(), "dsMonthly01", "202701", "periodInFuture");
    check_period(&clerk(), "dsMonthly01", "203001", "periodInFuture");
    check_period(&superuser(), "dsExpiry001", "202611", "periodInFuture");
    check_period(&clerk(), "dsExpiry001", "202602", "periodExpired");
    check_period(&clerk(), "dsExpiry001", "202610", "periodExpired");
    check_period(&superuser(), "dsExpiry001", "202602", "ok");
    check_period(
        &UserRights {
            may_edit_expired: true,
            ..clerk()
        },
        "dsExpiry001",
        "202602",
        "ok",
    );
    check_period(&clerk(), "dsInputPe01", "202601", "ok");
    check_period(&superuser(), "dsInputPe01", "202602", "inputPeriodClosed");
    check_period(&clerk(), "dsInputPe01", "202603", "inputPeriodClosed");
}

#[test]
fn org_units() {
    check_unit(&clerk(), "202301", "ouFacA10001", "ok");
    check_unit(&superuser(), "202301", "ouNoSuchOne", "orgUnitUnknown");
    check_unit(&clerk(), "202301", "ouFacB10001", "orgUnitOutsideHierarchy");
    check_unit(&superuser(), "202301", "ouFacB10001", "ok");
    check_unit(&superuser(), "202301", "ouFacD30005", "orgUnitNotAssigned");
    check_unit(&superuser(), "202508", "ouFacA10005", "orgUnitClosed");
    check_unit(&superuser(), "202507", "ouFacA10005", "orgUnitClosed");
    check_unit(&superuser(), "202506", "ouFacA10005", "ok");
    check_unit(&superuser(), "201412", "ouFacA10001", "orgUnitNotYetOpen");
    check_unit(&superuser(), "201501", "ouFacA10001", "ok");
    check_unit(&superuser(), "202301", "ouNotAsked1", "outsideSlice");
}

/// A value that the source sent without being asked: its present value was not read.
#[test]
fn a_value_of_another_period_is_outside_the_slice() {
    let catalogue = catalogue();
    let mut symbols = Symbols::new();
    let units = [("ouFacA10001", "ouFacA10001")];
    let slice = slice(&mut symbols, "dsMonthly01", "202301", &units);
    let rules = SliceRules::new(&catalogue, &superuser(), today(), &slice, &mut symbols);
    let key = ["deIntZeroP1", "-", "-", "ouFacA10001", "202302"];
    let reason = rules.check(&cell(&mut symbols, key), "5").unwrap_err();
    assert_eq!(reason.code(), "outsideSlice");
}

#[test]
fn elements_and_combos() {
    let check_key = |data_set, period, element, combo, attribute, unit, expected| {
        check(
            [data_set, period, element, combo, attribute, unit],
            "5",
            expected,
        );
    };
    check_key(
        "dsMonthly01",
        "202301",
        "deQuarter01",
        "-",
        "-",
        "ouFacA10001",
        "elementNotInDataSet",
    );
    check_key(
        "dsMonthly01",
        "202301",
        "deNoSuchOne",
        "-",
        "-",
        "ouFacA10001",
        "elementNotInDataSet",
    );
    let not_of_element = "categoryOptionComboNotOfElement";
    check_key(
        "dsMonthly01",
        "202301",
        "deIntZeroP1",
        "cocAgeSex01",
        "-",
        "ouFacA10001",
        not_of_element,
    );
    check_key(
        "dsMonthly01",
        "202301",
        "deIntZeroP1",
        "cocNoSuchOn",
        "-",
        "ouFacA10001",
        not_of_element,
    );
    check_key(
        "dsMonthly01",
        "202301",
        "deAgeSex001",
        "-",
        "-",
        "ouFacA10001",
        not_of_element,
    );
    check_key(
        "dsMonthly01",
        "202301",
        "deAgeSex001",
        "cocAgeSex02",
        "-",
        "ouFacA10001",
        "ok",
    );
    check_key(
        "dsOverride1",
        "202301",
        "deIntZeroP1",
        "cocAgeSex01",
        "-",
        "ouFacA10001",
        "ok",
    );
    check_key(
        "dsOverride1",
        "202301",
        "deIntZeroP1",
        "-",
        "-",
        "ouFacA10001",
        not_of_element,
    );
    let not_of_set = "attributeOptionComboNotOfDataSet";
    check_key(
        "dsMonthly01",
        "202301",
        "deIntZeroP1",
        "-",
        "cocDated001",
        "ouFacA10001",
        not_of_set,
    );
    check_key(
        "dsDated0001",
        "202406",
        "deIntZeroP1",
        "-",
        "-",
        "ouFacA10001",
        not_of_set,
    );
}

#[test]
fn attribute_options() {
    let check_attribute = |rights: &UserRights, period, attribute, unit, expected| {
        check_as(
            rights,
            ["dsDated0001", period, "deIntZeroP1", "-", attribute, unit],
            "5",
            expected,
        );
    };
    check_attribute(&clerk(), "202406", "cocDated001", "ouFacA10001", "ok");
    check_attribute(
        &clerk(),
        "202306",
        "cocDated001",
        "ouFacA10001",
        "attributeOptionOutsideDates",
    );
    check_attribute(
        &superuser(),
        "202601",
        "cocDated001",
        "ouFacA10001",
        "attributeOptionOutsideDates",
    );
    check_attribute(
        &superuser(),
        "202406",
        "cocDated002",
        "ouFacA10001",
        "attributeOptionOfOtherOrgUnits",
    );
    check_attribute(&superuser(), "202406", "cocDated002", "ouFacB10001", "ok");
    check_attribute(
        &clerk(),
        "202406",
        "cocDated003",
        "ouFacA10001",
        "attributeOptionNotWritable",
    );
    check_attribute(&superuser(), "202406", "cocDated003", "ouFacA10001", "ok");
}

#[test]
fn approved_data_are_closed_for_their_own_org_unit_and_attributes() {
    let catalogue = catalogue();
    let mut symbols = Symbols::new();
    let units = ["ouFacA10001", "ouFacA10002"].map(|unit| (unit, unit));
    let slice = slice(&mut symbols, "dsMonthly01", "202301", &units);
    let mut rules = SliceRules::new(&catalogue, &superuser(), today(), &slice, &mut symbols);
    rules.approve(symbols.intern("ouFacA10001"), symbols.intern(DEFAULT));
    for (unit, expected) in [("ouFacA10001", "alreadyApproved"), ("ouFacA10002", "ok")] {
        let cell = cell(&mut symbols, ["deIntZeroP1", "-", "-", unit, "202301"]);
        let seen = rules.check(&cell, "5").map_or_else(|r| r.code(), |()| "ok");
        assert_eq!(seen, expected, "{unit}");
    }
}

/// Up to 2.42 such an element takes no value at all.
#[test]
fn a_choice_of_several_without_an_option_set_takes_nothing() {
    let mut catalogue = catalogue();
    catalogue.data_elements["deColours01"].option_set = None;
    let mut symbols = Symbols::new();
    let units = [("ouFacA10001", "ouFacA10001")];
    let slice = slice(&mut symbols, "dsMonthly01", "202301", &units);
    let rules = SliceRules::new(&catalogue, &clerk(), today(), &slice, &mut symbols);
    let cell = cell(
        &mut symbols,
        ["deColours01", "-", "-", "ouFacA10001", "202301"],
    );
    let reason = rules.check(&cell, "RED").unwrap_err();
    assert_eq!(reason.code(), "valueNotAnOption");
}

/// The values of "import-bad-values", and what all versions take of "import-good".
#[test]
fn values() {
    for bad in [
        "abc",
        "12.0",
        "1.5",
        "007",
        " 5 ",
        "1e3",
        "99999999999999999999",
    ] {
        check_value("deInteger01", bad, "valueNotOfType");
    }
    check_value("deInteger01", "-3", "ok");
    check_value("deIntZeroP1", "-1", "valueNotOfType");
    for bad in ["1,5", "1e3", "NaN"] {
        check_value("deNumber001", bad, "valueNotOfType");
    }
    check_value("deNumber001", "3.5", "ok");
    check_value("dePercent01", "101", "valueNotOfType");
    for bad in ["yes", "TRUE", "1"] {
        check_value("deBoolean01", bad, "valueNotOfType");
    }
    check_value("deBoolean01", "false", "ok");
    check_value("deTrueOnly1", "false", "valueNotOfType");
    check_value("deDate00001", "31/12/2023", "valueNotOfType");
    check_value("deDate00001", "2023-02-30", "valueNotOfType");
    check_value("deOptionSt1", "PURPLE", "valueNotAnOption");
    check_value("deOptionSt1", "Green", "valueNotAnOption");
    check_value("deOptionSt1", "GREEN", "ok");
    check_value("deColours01", "RED,GREEN", "ok");
    check_value("deColours01", "RED,PURPLE", "valueNotAnOption");
    check_value("deIntZeroP1", "", "valueMissing");
    check_value("deText00001", "  ", "valueMissing");
    check_value("deFile00001", "fiUploaded1", "valueIsFile");
    check_value("deZeroNot01", "0", "zeroNotSignificant");
    check_value("deZeroNot01", "1", "ok");
    check_value("deIntZeroP1", "0", "ok");
    check_value("deText00001", "0", "ok");
}
