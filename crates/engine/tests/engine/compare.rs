//! What a comparison makes of values, entry by entry.

use crate::support::*;
use tributary_engine::journal::{Mark, Seen, Writes};
use tributary_engine::mapping::{Choice, Item, Mapping};
use tributary_engine::moment::Moment;
use tributary_engine::plan::{EntryKind, Plan};
use tributary_engine::values::ValueTable;

type Row<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

/// Each entry as "kind element unit source<present".
fn describe(mapping: &Mapping, source: &[Row<'_>], present: &[Row<'_>]) -> String {
    let mut bench = Bench::new(mapping);
    let units: Vec<_> = UNITS.iter().map(|unit| (*unit, *unit)).collect();
    let slice = slice(&mut bench.symbols, "dsMonthly01", "202301", &units);
    let source = table(&mut bench.symbols, "202301", source);
    let present = table(&mut bench.symbols, "202301", present);
    let plan = bench.compare(&slice, &source, &present);
    plan.counts().check().unwrap();
    let lines = plan.iter().map(|entry| {
        let kind = match entry.kind {
            EntryKind::Blocked(reason) => format!("blocked/{reason}"),
            EntryKind::Unmapped(part) => format!("unmapped/{}", part.code()),
            kind => kind.kind().code().to_owned(),
        };
        let names = [entry.cell.org_unit, entry.cell.data_element].map(|symbol| bench.text(symbol));
        let present = entry
            .present_value
            .map_or(String::new(), |value| format!(" < {value}"));
        let value = if entry.source_value.is_empty() {
            "(none)"
        } else {
            entry.source_value
        };
        format!("{} {} {kind} {value}{present}\n", names[0], names[1])
    });
    lines.collect()
}

#[test]
fn every_kind() {
    let mut mapping = same_to_same(&catalogue());
    let item = |element: &str| Item {
        data_element: element.into(),
        category_option_combo: DEFAULT.into(),
    };
    mapping.set_item(item("deDate00001"), Choice::Excluded);
    mapping.set_item(item("deSource001"), Choice::To(item("deIntZeroP1")));
    let seen = describe(
        &mapping,
        &[
            ("deNumber001", "-", "-", "ouFacA10001", "3"),
            ("deInteger01", "-", "-", "ouFacA10001", "4"),
            ("deText00001", "-", "-", "ouFacA10001", "new"),
            ("deBoolean01", "-", "-", "ouFacA10001", "maybe"),
            ("deDate00001", "-", "-", "ouFacA10001", "2023-01-01"),
            ("deUnknown01", "-", "-", "ouFacA10001", "5"),
            ("deNumber001", "-", "cocOther001", "ouFacA10001", "5"),
            ("deNumber001", "-", "-", "ouUnknown01", "5"),
            ("deNumber001", "-", "-", "ouFacD30005", "8"),
            ("deInteger01", "-", "-", "ouFacD30005", "8"),
            ("deIntZeroP1", "-", "-", "ouFacA10002", "7"),
            ("deSource001", "-", "-", "ouFacA10002", "7"),
            ("deSource001", "-", "-", "ouFacB10001", "9"),
            ("deIntZeroP1", "-", "-", "ouFacB10001", ""),
        ],
        &[
            ("deNumber001", "-", "-", "ouFacA10001", "3"),
            ("deInteger01", "-", "-", "ouFacA10001", "5"),
            ("deText00001", "-", "-", "ouFacA10001", ""),
            ("deNumber001", "-", "-", "ouFacD30005", "8"),
            ("deIntZeroP1", "-", "-", "ouFacA10002", "7"),
            ("dePercent01", "-", "-", "ouFacA10001", "50"),
        ],
    );
    insta::assert_snapshot!(seen, @"
    ouFacA10001 deBoolean01 blocked/valueNotOfType maybe
    ouFacA10001 deInteger01 changed 4 < 5
    ouFacA10001 deNumber001 same 3 < 3
    ouFacA10001 deText00001 new new
    ouFacA10002 deIntZeroP1 blocked/severalSourceValues 7 < 7
    ouFacA10002 deIntZeroP1 blocked/severalSourceValues 7 < 7
    ouFacB10001 deIntZeroP1 blocked/valueMissing (none)
    ouFacB10001 deIntZeroP1 new 9
    ouFacD30005 deInteger01 blocked/orgUnitNotAssigned 8
    ouFacD30005 deNumber001 same 8 < 8
    ouFacA10001 deDate00001 excluded 2023-01-01
    ouFacA10001 deNumber001 unmapped/attributeOptionCombo 5
    ouFacA10001 deUnknown01 unmapped/dataItem 5
    ouUnknown01 deNumber001 unmapped/orgUnit 5
    ");
}

/// Values that differ, by the stamp of the destination's and what earlier runs saw.
#[test]
fn what_somebody_edited_here() {
    let stamped = |until: Option<i64>| {
        let mut bench = Bench::new(&same_to_same(&catalogue()));
        let unit = [("ouFacA10001", "ouFacA10001")];
        let slice = slice(&mut bench.symbols, "dsMonthly01", "202301", &unit);
        let elements = ["deBoolean01", "deInteger01", "deNumber001", "deText00001"];
        let rows = ["maybe", "4", "5", "new"].map(|text| ("", "-", "-", "ouFacA10001", text));
        let rows: Vec<Row<'_>> = elements
            .iter()
            .zip(rows)
            .map(|(element, row)| (*element, row.1, row.2, row.3, row.4))
            .collect();
        let source = table(&mut bench.symbols, "202301", &rows);
        // By "amy", a second after each other; the last is the same on both sides.
        let mut present = ValueTable::new();
        for (second, (value, text)) in (1..).zip(source.iter().zip(["true", "40", "50", "new"])) {
            let (amy, moment) = (
                bench.symbols.intern("amy"),
                Moment::from_millis(second * 1000),
            );
            present.push(value.cell, text, amy, moment, false);
        }
        bench.seen = until.map(|until| {
            let own = vec![Writes {
                from: Moment::from_millis(3000),
                to: Moment::from_millis(4000),
                by: "amy".into(),
            }];
            let until = Moment::from_millis(until);
            Seen::new(&Mark { until, own }, &mut bench.symbols)
        });
        let plan = bench.compare(&slice, &source, &present);
        plan.counts().check().unwrap();
        let kinds: Vec<_> = plan.iter().map(|entry| entry.kind.kind().code()).collect();
        kinds.join(" ")
    };
    assert_eq!(stamped(None), "blocked changed changed same");
    assert_eq!(stamped(Some(0)), "blocked editedHere changed same");
    assert_eq!(stamped(Some(1999)), "blocked editedHere changed same");
    assert_eq!(stamped(Some(2000)), "blocked changed changed same");
}

/// What servers would rewrite is compared, checked and sent in its stored form; what the
/// source has and what stands at the destination are shown as they are.
#[test]
fn values_in_other_spellings() {
    let mut bench = Bench::new(&same_to_same(&catalogue()));
    let units = [
        ("ouFacA10001", "ouFacA10001"),
        ("ouFacA10002", "ouFacA10002"),
    ];
    let slice = slice(&mut bench.symbols, "dsMonthly01", "202301", &units);
    let source = table(
        &mut bench.symbols,
        "202301",
        &[
            ("deInteger01", "-", "-", "ouFacA10001", "12.0"),
            ("deBoolean01", "-", "-", "ouFacA10001", "yes"),
            ("deTrueOnly1", "-", "-", "ouFacA10001", "no"),
            ("deText00001", "-", "-", "ouFacA10001", " a b "),
            ("deOptionSt1", "-", "-", "ouFacA10001", " RED"),
            ("deInteger01", "-", "-", "ouFacA10002", "12.0"),
            ("deBoolean01", "-", "-", "ouFacA10002", "1"),
            ("deNumber001", "-", "-", "ouFacA10002", "1.0"),
            ("deText00001", "-", "-", "ouFacA10002", "a"),
        ],
    );
    let present = table(
        &mut bench.symbols,
        "202301",
        &[
            ("deInteger01", "-", "-", "ouFacA10002", "12"),
            ("deBoolean01", "-", "-", "ouFacA10002", "false"),
            ("deNumber001", "-", "-", "ouFacA10002", "1"),
            ("deText00001", "-", "-", "ouFacA10002", " a"),
        ],
    );
    let plan = bench.compare(&slice, &source, &present);
    let lines: String = plan
        .iter()
        .map(|entry| {
            let element = bench.text(entry.cell.data_element);
            let kind = entry.kind.kind().code();
            let (value, sent) = (entry.source_value, entry.value_to_send);
            format!(
                "{element} {kind} {value:?} {:?} {sent:?}\n",
                entry.present_value
            )
        })
        .collect();
    insta::assert_snapshot!(lines, @r#"
    deBoolean01 new "yes" None "true"
    deInteger01 new "12.0" None "12"
    deOptionSt1 blocked " RED" None " RED"
    deText00001 new " a b " None "a b"
    deTrueOnly1 blocked "no" None "no"
    deBoolean01 changed "1" Some("false") "true"
    deInteger01 same "12.0" Some("12") "12.0"
    deNumber001 changed "1.0" Some("1") "1.0"
    deText00001 same "a" Some(" a") "a"
    "#);
}

#[test]
fn a_slice_without_values_is_an_empty_plan() {
    assert_eq!(
        describe(
            &same_to_same(&catalogue()),
            &[],
            &[("deText00001", "-", "-", "ouFacA10001", "x")]
        ),
        ""
    );
}

#[test]
fn nothing_is_sent_where_the_whole_slice_is_blocked() {
    let catalogue = catalogue();
    let mut bench = Bench::new(&same_to_same(&catalogue));
    let slice = slice(
        &mut bench.symbols,
        "dsMonthly01",
        "203001",
        &[("ouFacA10001", "ouFacA10001")],
    );
    let source = table(
        &mut bench.symbols,
        "203001",
        &[("deNumber001", "-", "-", "ouFacA10001", "3")],
    );
    let part = bench.compare(&slice, &source, &Default::default());
    let mut plan = Plan::new();
    plan.push(part).unwrap();
    assert_eq!(plan.counts().blocked, 1);
    assert_eq!(plan.to_send().count(), 0);
}
