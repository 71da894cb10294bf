//! Each rule, with the case of the recordings that shows it.

use crate::support::*;
use tributary_engine::catalogue::{Catalogue, Checks, LockException, UserRights};
use tributary_engine::period::PeriodType;
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

/// October 2026 with 22 expiry days is open to 22 November, which is today.
#[test]
fn the_day_of_expiry_is_open() {
    for (days, expected) in [
        (21.0, "periodExpired"),
        (21.9, "periodExpired"),
        (22.0, "ok"),
        (22.9, "ok"),
        (0.0, "ok"),
        (-1.0, "periodExpired"),
    ] {
        let mut catalogue = catalogue();
        catalogue.data_sets["dsExpiry001"].expiry_days = days;
        assert_eq!(
            whole(&catalogue, "dsExpiry001", "202610"),
            expected,
            "{days} days"
        );
    }
}

/// Of the whole slice, for the clerk and one org unit.
fn whole(catalogue: &Catalogue, data_set: &str, period: &str) -> &'static str {
    let mut symbols = Symbols::new();
    let units = [("ouFacA10001", "ouFacA10001")];
    let slice = slice(&mut symbols, data_set, period, &units);
    let rules = SliceRules::new(catalogue, &clerk(), today(), &slice, &mut symbols);
    rules.whole_slice().map_or("ok", |reason| reason.code())
}

#[test]
fn a_lock_exception_opens_its_own_org_unit_and_period() {
    let mut catalogue = catalogue();
    catalogue.lock_exceptions.insert(LockException {
        data_set: "dsExpiry001".into(),
        org_unit: "ouFacA10001".into(),
        period: "202602".into(),
    });
    let mut symbols = Symbols::new();
    let units = ["ouFacA10001", "ouFacA10002"].map(|unit| (unit, unit));
    for (period, unit, expected) in [
        ("202602", "ouFacA10001", "ok"),
        ("202602", "ouFacA10002", "periodExpired"),
        ("202603", "ouFacA10001", "periodExpired"),
    ] {
        let slice = slice(&mut symbols, "dsExpiry001", period, &units);
        let rules = SliceRules::new(&catalogue, &clerk(), today(), &slice, &mut symbols);
        let cell = cell(&mut symbols, ["deIntZeroP1", "-", "-", unit, period]);
        let seen = rules.check(&cell, "5").map_or_else(|r| r.code(), |()| "ok");
        assert_eq!(seen, expected, "{period} {unit}");
    }
    assert_eq!(whole(&catalogue, "dsExpiry001", "202602"), "ok");
    assert_eq!(whole(&catalogue, "dsExpiry001", "202603"), "periodExpired");
}

#[test]
fn the_days_of_input_periods() {
    let check = |opening: &str, closing: &str, checks: Checks, expected: &str| {
        let mut catalogue = catalogue();
        catalogue.checks = checks;
        let input = &mut catalogue.data_sets["dsInputPe01"].input_periods[0];
        input.opening_date = Some(day(opening));
        input.closing_date = Some(day(closing));
        let seen = whole(&catalogue, "dsInputPe01", "202601");
        assert_eq!(seen, expected, "{opening} to {closing}, {checks:?}");
    };
    let strict = Checks::default();
    let until_2_42 = Checks {
        input_period_closing_day_open: true,
        ..strict
    };
    let refusing = Checks {
        open_input_periods_refused: true,
        ..strict
    };
    check("2026-11-22", "2026-11-23", strict, "ok");
    check("2026-11-23", "2026-12-31", until_2_42, "inputPeriodClosed");
    check("2026-01-01", "2026-11-22", strict, "inputPeriodClosed");
    check("2026-01-01", "2026-11-22", until_2_42, "ok");
    check("2026-01-01", "2026-11-21", until_2_42, "inputPeriodClosed");
    check("2026-01-01", "2026-12-31", refusing, "inputPeriodsRefused");
    check("2026-01-01", "2026-02-01", refusing, "inputPeriodClosed");
}

/// Pairs of weeks: 2026 has a week 53, which data entry offers nobody, and servers step over
/// it by fourteen days.
#[test]
fn pairs_of_weeks_around_a_week_53() {
    let check = |today: &str, open: u32, period: &str, expected: &str| {
        let mut catalogue = catalogue();
        let set = &mut catalogue.data_sets["dsMonthly01"];
        set.period_type = PeriodType::BiWeekly;
        set.open_future_periods = open;
        let mut symbols = Symbols::new();
        let units = [("ouFacA10001", "ouFacA10001")];
        let slice = slice(&mut symbols, "dsMonthly01", period, &units);
        let rules = SliceRules::new(&catalogue, &clerk(), day(today), &slice, &mut symbols);
        let seen = rules.whole_slice().map_or("ok", |reason| reason.code());
        assert_eq!(seen, expected, "{today} {open} {period}");
    };
    check("2026-11-22", 0, "2026BiW23", "ok");
    check("2026-11-22", 0, "2026BiW24", "periodInFuture");
    check("2026-11-22", 1, "2026BiW24", "ok");
    check("2027-06-01", 0, "2026BiW26", "ok");
    check("2027-06-01", 0, "2026BiW27", "periodInvalid");
    check("2027-01-05", 1, "2027BiW1", "periodInFuture");
    check("2027-01-05", 2, "2027BiW1", "ok");
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

/// An org unit that opened on 10 January and closed on 20 January 2023.
#[test]
fn org_units_that_were_open_for_part_of_a_period() {
    let check = |part_of_period_is_enough, period, expected| {
        let mut catalogue = catalogue();
        catalogue.checks.part_of_period_is_enough = part_of_period_is_enough;
        let unit = &mut catalogue.org_units["ouFacA10001"];
        unit.opening_date = Some(day("2022-01-10"));
        unit.closed_date = Some(day("2023-01-20"));
        let mut symbols = Symbols::new();
        let units = [("ouFacA10001", "ouFacA10001")];
        let slice = slice(&mut symbols, "dsMonthly01", period, &units);
        let rules = SliceRules::new(&catalogue, &clerk(), today(), &slice, &mut symbols);
        let cell = cell(
            &mut symbols,
            ["deIntZeroP1", "-", "-", "ouFacA10001", period],
        );
        let seen = rules.check(&cell, "5").map_or_else(|r| r.code(), |()| "ok");
        assert_eq!(seen, expected, "{period} {part_of_period_is_enough}");
    };
    for enough in [false, true] {
        check(enough, "202112", "orgUnitNotYetOpen");
        check(enough, "202202", "ok");
        check(enough, "202301", "ok");
        check(enough, "202302", "orgUnitClosed");
    }
    check(false, "202201", "orgUnitNotYetOpen");
    check(true, "202201", "ok");
}

#[test]
fn superusers_need_org_units_up_to_2_42() {
    let mut catalogue = catalogue();
    catalogue.checks.superusers_need_org_units = true;
    let within = |root: &str| UserRights {
        capture_roots: vec![root.into()],
        ..superuser()
    };
    for (rights, expected) in [
        (superuser(), "orgUnitOutsideHierarchy"),
        (within("ouRegionB01"), "orgUnitOutsideHierarchy"),
        (within("ouRoot00001"), "ok"),
    ] {
        let mut symbols = Symbols::new();
        let units = [("ouFacA10001", "ouFacA10001")];
        let slice = slice(&mut symbols, "dsMonthly01", "202301", &units);
        let rules = SliceRules::new(&catalogue, &rights, today(), &slice, &mut symbols);
        let cell = cell(
            &mut symbols,
            ["deIntZeroP1", "-", "-", "ouFacA10001", "202301"],
        );
        let seen = rules.check(&cell, "5").map_or_else(|r| r.code(), |()| "ok");
        assert_eq!(seen, expected);
    }
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

/// The option holds from 15 January 2024 to 20 June 2025.
#[test]
fn attribute_options_that_held_for_part_of_a_period() {
    let check = |part_of_period_is_enough, later, period, expected| {
        let mut catalogue = catalogue();
        catalogue.checks.part_of_period_is_enough = part_of_period_is_enough;
        catalogue.data_sets["dsDated0001"].open_periods_after_option_end = later;
        let combo = &mut catalogue.category_combos["ccDated0001"].option_combos["cocDated001"];
        combo.options[0].start_date = Some(day("2024-01-15"));
        combo.options[0].end_date = Some(day("2025-06-20"));
        let mut symbols = Symbols::new();
        let units = [("ouFacA10001", "ouFacA10001")];
        let slice = slice(&mut symbols, "dsDated0001", period, &units);
        let rules = SliceRules::new(&catalogue, &clerk(), today(), &slice, &mut symbols);
        let key = ["deIntZeroP1", "-", "cocDated001", "ouFacA10001", period];
        let seen = rules
            .check(&cell(&mut symbols, key), "5")
            .map_or_else(|r| r.code(), |()| "ok");
        assert_eq!(
            seen, expected,
            "{period}, {later} later, {part_of_period_is_enough}"
        );
    };
    let outside = "attributeOptionOutsideDates";
    for enough in [false, true] {
        check(enough, 0, "202312", outside);
        check(enough, 0, "202402", "ok");
        check(enough, 0, "202505", "ok");
        check(enough, 0, "202507", outside);
        check(enough, 1, "202506", "ok");
        check(enough, 1, "202508", outside);
        check(enough, 2, "202507", "ok");
    }
    check(false, 0, "202401", outside);
    check(true, 0, "202401", "ok");
    check(false, 0, "202506", outside);
    check(true, 0, "202506", "ok");
    check(true, 1, "202507", "ok");
    check(false, 1, "202507", outside);
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
