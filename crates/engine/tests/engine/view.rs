//! Filtering, searching and sorting a plan.

use crate::support::*;
use tributary_engine::plan::{Kind, KindSet, Plan};
use tributary_engine::view::{PlanView, Sort, SortColumn, ViewQuery};

const ROWS: [(&str, &str, &str, &str, &str); 6] = [
    ("deNumber001", "-", "-", "ouFacA10001", "10"),
    ("deNumber001", "-", "-", "ouFacA10002", "9"),
    ("deNumber001", "-", "-", "ouFacB10001", "-2.5"),
    ("deText00001", "-", "-", "ouFacA10001", "été"),
    ("deBoolean01", "-", "-", "ouFacA10001", "maybe"),
    ("deUnknown01", "-", "-", "ouFacA10001", "1"),
];

fn name(text: &str) -> String {
    match text {
        "ouFacA10001" => "Zongo Santé".into(),
        "ouFacA10002" => "Bamé".into(),
        "ouFacB10001" => "Ébolowa".into(),
        "deNumber001" => "Número de casos".into(),
        other => other.into(),
    }
}

/// The source values shown, in order.
#[track_caller]
fn check(query: &ViewQuery, expected: &[&str]) {
    let mut bench = Bench::new(&same_to_same(&catalogue()));
    let units: Vec<_> = UNITS.iter().map(|unit| (*unit, *unit)).collect();
    let slice = slice(&mut bench.symbols, "dsMonthly01", "202301", &units);
    let source = table(&mut bench.symbols, "202301", &ROWS);
    let present = table(
        &mut bench.symbols,
        "202301",
        &[("deNumber001", "-", "-", "ouFacA10002", "9")],
    );
    let part = bench.compare(&slice, &source, &present);
    let mut plan = Plan::new();
    plan.push(part).unwrap();
    let mut view = PlanView::new(&plan, &bench.symbols, |symbol| name(bench.text(symbol)));
    view.apply(&plan, query);
    let seen: Vec<_> = view
        .window(&plan, 0, 100)
        .map(|(_, entry)| entry.source_value)
        .collect();
    assert_eq!(seen, expected);
    view.counts().check().unwrap();
    assert_eq!(view.rows().len(), expected.len());
    let second: Vec<_> = view
        .window(&plan, 1, 1)
        .map(|(_, entry)| entry.source_value)
        .collect();
    assert_eq!(
        second,
        expected.iter().skip(1).take(1).copied().collect::<Vec<_>>()
    );
}

fn search(text: &str) -> ViewQuery {
    ViewQuery {
        text: text.into(),
        ..ViewQuery::default()
    }
}

fn sorted(by: SortColumn, descending: bool) -> ViewQuery {
    ViewQuery {
        sort: Some(Sort { by, descending }),
        ..ViewQuery::default()
    }
}

#[test]
fn in_the_plans_order() {
    check(
        &ViewQuery::default(),
        &["maybe", "10", "été", "9", "-2.5", "1"],
    );
}

#[test]
fn by_kind() {
    let of = |kinds: &[Kind]| ViewQuery {
        kinds: kinds.iter().copied().collect(),
        ..ViewQuery::default()
    };
    check(&of(&[Kind::Same]), &["9"]);
    check(&of(&[Kind::New]), &["10", "été", "-2.5"]);
    check(&of(&[Kind::Blocked, Kind::Unmapped]), &["maybe", "1"]);
    check(&of(&[]), &[]);
    assert_eq!(of(&Kind::ALL).kinds, KindSet::ALL);
}

#[test]
fn by_words_without_case_and_accents() {
    check(&search("numero"), &["10", "9", "-2.5"]);
    check(&search("  SANTE numero "), &["10"]);
    check(&search("ebolowa"), &["-2.5"]);
    check(&search("202301 bame"), &["9"]);
    check(
        &search("dsmonthly01"),
        &["maybe", "10", "été", "9", "-2.5", "1"],
    );
    check(&search("nowhere"), &[]);
}

#[test]
fn by_column() {
    check(
        &sorted(SortColumn::SourceValue, false),
        &["-2.5", "1", "9", "10", "maybe", "été"],
    );
    check(
        &sorted(SortColumn::SourceValue, true),
        &["été", "maybe", "10", "9", "1", "-2.5"],
    );
    check(
        &sorted(SortColumn::OrgUnit, false),
        &["9", "-2.5", "maybe", "10", "été", "1"],
    );
    check(
        &sorted(SortColumn::Kind, false),
        &["10", "été", "-2.5", "maybe", "1", "9"],
    );
    check(
        &sorted(SortColumn::PresentValue, true),
        &["9", "maybe", "10", "été", "-2.5", "1"],
    );
}

#[test]
fn by_org_unit() {
    let mut bench = Bench::new(&same_to_same(&catalogue()));
    let units: Vec<_> = UNITS.iter().map(|unit| (*unit, *unit)).collect();
    let slice = slice(&mut bench.symbols, "dsMonthly01", "202301", &units);
    let source = table(&mut bench.symbols, "202301", &ROWS);
    let part = bench.compare(&slice, &source, &Default::default());
    let mut plan = Plan::new();
    plan.push(part).unwrap();
    let chosen = bench.symbols.get("ouFacB10001").into_iter().collect();
    let mut view = PlanView::new(&plan, &bench.symbols, |symbol| name(bench.text(symbol)));
    view.apply(
        &plan,
        &ViewQuery {
            org_units: Some(chosen),
            ..ViewQuery::default()
        },
    );
    assert_eq!((view.rows().len(), view.counts().new), (1, 1));
}
