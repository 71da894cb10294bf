//! The first and last days of everything: expiry, input periods, org units, attribute
//! options; as the versions draw the lines.

use crate::support::*;
use tributary_engine::catalogue::{Catalogue, Checks, LockException, UserRights};
use tributary_engine::period::PeriodType;
use tributary_engine::preflight::SliceRules;
use tributary_engine::symbol::Symbols;

/// The verdict on a value in `ouFacA10001`, today: `ok` or the code of the reason.
fn ask(
    catalogue: &Catalogue,
    rights: &UserRights,
    data_set: &str,
    period: &str,
    attribute: &str,
) -> &'static str {
    let mut symbols = Symbols::new();
    let units = [("ouFacA10001", "ouFacA10001")];
    let slice = slice(&mut symbols, data_set, period, &units);
    let rules = SliceRules::new(catalogue, rights, today(), &slice, &mut symbols);
    let key = ["deIntZeroP1", "-", attribute, "ouFacA10001", period];
    rules
        .check(&cell(&mut symbols, key), "5")
        .map_or_else(|reason| reason.code(), |()| "ok")
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

/// An org unit that opened on 10 January and closed on 20 January 2023.
#[test]
fn org_units_that_were_open_for_part_of_a_period() {
    let check = |part_of_period_is_enough, period, expected| {
        let mut catalogue = catalogue();
        catalogue.checks.part_of_period_is_enough = part_of_period_is_enough;
        let unit = &mut catalogue.org_units["ouFacA10001"];
        unit.opening_date = Some(day("2022-01-10"));
        unit.closed_date = Some(day("2023-01-20"));
        let seen = ask(&catalogue, &clerk(), "dsMonthly01", period, "-");
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
        let seen = ask(&catalogue, &rights, "dsMonthly01", "202301", "-");
        assert_eq!(seen, expected);
    }
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
        let seen = ask(&catalogue, &clerk(), "dsDated0001", period, "cocDated001");
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
