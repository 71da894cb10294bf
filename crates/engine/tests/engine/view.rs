//! Filtering, searching and sorting a plan.

use crate::support::*;
use tributary_engine::plan::{Kind, KindSet, Plan};
use tributary_engine::view::{Part, PlanView, Sort, SortColumn, ViewQuery};

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

/// A plan of [`ROWS`], and a view of it.
fn plan_of_rows() -> (Bench, Plan, PlanView) {
    let mut bench = Bench::new(&same_to_same(&catalogue()));
    let units: Vec<_> = UNITS.iter().map(|unit| (*unit, *unit)).collect();
    let mut plan = Plan::new();
    for period in ["202301", "202302"] {
        let slice = slice(&mut bench.symbols, "dsMonthly01", period, &units);
        let source = table(&mut bench.symbols, period, &ROWS);
        let part = bench.compare(&slice, &source, &Default::default());
        plan.push(part).unwrap();
    }
    let view = PlanView::new(&plan, &bench.symbols, |symbol| name(bench.text(symbol)));
    (bench, plan, view)
}

#[test]
fn by_org_unit_and_data_element() {
    let (bench, plan, mut view) = plan_of_rows();
    let only = |uid: &str| Some(bench.symbols.get(uid).into_iter().collect());
    let mut query = ViewQuery {
        org_units: only("ouFacA10001"),
        ..ViewQuery::default()
    };
    view.apply(&plan, &query);
    assert_eq!((view.rows().len(), view.counts().pulled), (8, 8));
    query.data_elements = only("deText00001");
    view.apply(&plan, &query);
    assert_eq!((view.rows().len(), view.counts().new), (2, 2));
    query.org_units = None;
    view.apply(&plan, &query);
    assert_eq!(view.rows().len(), 2);
    query.org_units = only("ouFacB10001");
    view.apply(&plan, &query);
    assert!(view.rows().is_empty());
}

#[test]
fn what_there_is_to_choose_from() {
    let (bench, plan, view) = plan_of_rows();
    let check = |part, text: &str, expected: &[(&str, u32)]| {
        let found: Vec<_> = view
            .parts(&plan, part, text)
            .iter()
            .map(|part| (bench.text(part.symbol), part.entries))
            .collect();
        assert_eq!(found, expected, "{text}");
    };
    let all = [("ouFacA10002", 2), ("ouFacB10001", 2), ("ouFacA10001", 8)];
    check(Part::OrgUnit, "", &all);
    check(Part::OrgUnit, "SANTE zongo", &[("ouFacA10001", 8)]);
    check(Part::OrgUnit, "casos", &[]);
    check(Part::DataElement, "casos", &[("deNumber001", 6)]);
    check(
        Part::DataElement,
        "de",
        &[
            ("deBoolean01", 2),
            ("deText00001", 2),
            ("deUnknown01", 2),
            ("deNumber001", 6),
        ],
    );
}

#[test]
fn jumping_to_an_org_unit() {
    let (_, plan, mut view) = plan_of_rows();
    let by_name = sorted(SortColumn::OrgUnit, false);
    view.apply(&plan, &by_name);
    let check = |view: &PlanView, text: &str, expected| {
        assert_eq!(
            view.find_org_unit(&plan, view.rows(), text),
            expected,
            "{text}"
        );
    };
    check(&view, "bam", Some(0));
    check(&view, "ÉBO", Some(2));
    check(&view, "zongo s", Some(4));
    check(&view, "sante", Some(4));
    // The beginning of a name comes before its middle.
    check(&view, "b", Some(0));
    check(&view, "nowhere", None);
    check(&view, " ", None);
    view.apply(&plan, &sorted(SortColumn::OrgUnit, true));
    check(&view, "bam", Some(10));
    view.apply(&plan, &search("bame"));
    check(&view, "zongo", None);
}

#[test]
fn equal_rows_keep_the_plans_order() {
    let (_, plan, mut view) = plan_of_rows();
    for by in [
        SortColumn::Kind,
        SortColumn::DataSet,
        SortColumn::Period,
        SortColumn::OrgUnit,
        SortColumn::DataElement,
        SortColumn::CategoryOptionCombo,
        SortColumn::AttributeOptionCombo,
        SortColumn::PresentValue,
        SortColumn::SourceValue,
    ] {
        for descending in [false, true] {
            view.apply(&plan, &sorted(by, descending));
            let mut rows = view.rows().to_vec();
            let key = |row: &u32| {
                let entry = plan.get(*row).unwrap();
                let cell = entry.cell;
                match by {
                    SortColumn::Kind => format!("{:?}", entry.kind.kind()),
                    SortColumn::DataSet => String::new(),
                    SortColumn::Period => format!("{:?}", cell.period),
                    SortColumn::OrgUnit => format!("{:?}", cell.org_unit),
                    SortColumn::DataElement => format!("{:?}", cell.data_element),
                    SortColumn::CategoryOptionCombo => format!("{:?}", cell.category_option_combo),
                    SortColumn::AttributeOptionCombo => {
                        format!("{:?}", cell.attribute_option_combo)
                    }
                    SortColumn::PresentValue => format!("{:?}", entry.present_value),
                    SortColumn::SourceValue => entry.source_value.to_owned(),
                }
            };
            for group in rows.chunk_by(|a, b| key(a) == key(b)) {
                assert!(group.is_sorted(), "{by:?} {descending} {group:?}");
            }
            rows.sort_unstable();
            assert_eq!(rows, (0..plan.len()).collect::<Vec<_>>());
        }
    }
}
