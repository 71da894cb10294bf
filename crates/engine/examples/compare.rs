//! Times the engine on a million values of each side: comparing slice by slice,
//! then looking at the plan. `cargo run --release -p tributary-engine --example compare`

#![expect(
    clippy::disallowed_methods,
    reason = "measuring needs a clock; it is no part of the engine"
)]

use std::time::{Duration, Instant};

use tributary_engine::catalogue::{
    Catalogue, CategoryCombo, DataElement, DataSet, DataSetElement, OptionCombo, OrgUnit,
    UserRights,
};
use tributary_engine::cell::Cell;
use tributary_engine::compare::compare_slice;
use tributary_engine::mapping::{Choice, CompiledMapping, DataSetPair, Item, Mapping};
use tributary_engine::moment::Moment;
use tributary_engine::period::{Period, PeriodType, last, parse_date};
use tributary_engine::plan::{Kind, KindSet, Plan};
use tributary_engine::preflight::SliceRules;
use tributary_engine::slice::slices;
use tributary_engine::symbol::{Symbol, Symbols};
use tributary_engine::value_type::ValueType;
use tributary_engine::values::ValueTable;
use tributary_engine::view::{Part, PlanView, Sort, SortColumn, ViewQuery};

const UNITS: usize = 1_000;
const ELEMENTS: usize = 21;
const COMBOS: usize = 4;
const PERIODS: u32 = 12;
const UNITS_PER_SLICE: usize = 100;

/// Of 100 values 90 are the same, 5 are new and 5 have changed.
fn present_value(number: usize, value: usize) -> Option<usize> {
    match number % 100 {
        0..5 => None,
        5..10 => Some(value + 1),
        _ => Some(value),
    }
}

fn main() {
    let today = parse_date("2026-11-22").unwrap_or_default();
    let (catalogue, mapping) = world();
    let rights = UserRights {
        superuser: true,
        ..UserRights::default()
    };
    let mut symbols = Symbols::new();
    let compiled = CompiledMapping::new(&mapping, &mut symbols);
    let periods: Vec<Symbol> = last(PERIODS, today, PeriodType::Monthly)
        .iter()
        .map(|period: &Period| symbols.intern(&period.id()))
        .collect();
    let chosen = catalogue
        .org_units
        .keys()
        .map(|uid| symbols.intern(uid))
        .collect();
    let slices = slices(&compiled, &periods, &chosen, UNITS_PER_SLICE);

    let (mut reading, mut comparing, mut side_bytes) = (Duration::ZERO, Duration::ZERO, 0);
    let mut present_values = 0;
    let mut plan = Plan::new();
    for slice in &slices {
        let begin = Instant::now();
        let (source, present) = sides(slice.period, slice.source_org_units(), &mut symbols);
        reading += begin.elapsed();
        side_bytes = side_bytes.max(source.heap_bytes() + present.heap_bytes());
        present_values += present.len();
        let begin = Instant::now();
        let rules = SliceRules::new(&catalogue, &rights, today, slice, &mut symbols);
        let part = compare_slice(slice, &compiled, &rules, &symbols, &source, &present, None);
        if let Err(error) = plan.push(part) {
            println!("{error}");
        }
        comparing += begin.elapsed();
    }
    let counts = plan.counts();
    let per_value = |time: Duration| time.as_nanos() as f64 / counts.pulled as f64;
    println!(
        "{} slices, {} source and {present_values} present values, {counts:?}",
        slices.len(),
        counts.pulled
    );
    println!(
        "fill tables  {reading:>10.1?}  {:.0} ns/value",
        per_value(reading)
    );
    println!(
        "compare      {comparing:>10.1?}  {:.0} ns/value",
        per_value(comparing)
    );
    println!("both sides of one slice  {} kB", side_bytes / 1024);
    println!(
        "plan  {:.1} MB, {:.1} bytes/entry (8-byte offsets; 8 bytes less on wasm32)",
        plan.heap_bytes() as f64 / 1e6,
        plan.heap_bytes() as f64 / f64::from(plan.len())
    );
    look(&plan, &symbols);
}

fn look(plan: &Plan, symbols: &Symbols) {
    let begin = Instant::now();
    let mut view = PlanView::new(plan, symbols, |symbol| {
        format!("Name of {}", symbols.text(symbol))
    });
    println!("view         {:>10.1?}", begin.elapsed());
    let all = ViewQuery::default();
    let sorted = |by| ViewQuery {
        sort: Some(Sort {
            by,
            descending: false,
        }),
        ..all.clone()
    };
    for (what, query) in [
        (
            "filter kind",
            ViewQuery {
                kinds: KindSet::NONE.with(Kind::Changed),
                ..all.clone()
            },
        ),
        (
            "search unit",
            ViewQuery {
                text: "ou000000042".into(),
                ..all.clone()
            },
        ),
        (
            "two words",
            ViewQuery {
                text: "de0000 coc00".into(),
                ..all.clone()
            },
        ),
        ("sort unit", sorted(SortColumn::OrgUnit)),
        ("sort period", sorted(SortColumn::Period)),
        ("sort kind", sorted(SortColumn::Kind)),
        ("sort value", sorted(SortColumn::SourceValue)),
        ("value again", sorted(SortColumn::SourceValue)),
        ("as read", all.clone()),
    ] {
        let begin = Instant::now();
        view.apply(plan, &query);
        println!(
            "{what:<12} {:>10.1?}  {} rows",
            begin.elapsed(),
            view.rows().len()
        );
    }
    let begin = Instant::now();
    let found = view.find_org_unit(plan, view.rows(), "name of ou000000999");
    println!("find unit    {:>10.1?}  {found:?}", begin.elapsed());
    let begin = Instant::now();
    let parts = view.parts(plan, Part::OrgUnit, "name 99");
    println!(
        "units        {:>10.1?}  {} units",
        begin.elapsed(),
        parts.len()
    );
    let begin = Instant::now();
    let window = view.window(plan, 500_000, 100).count();
    println!("window       {:>10.1?}  {window} rows", begin.elapsed());
}

fn uid(prefix: &str, number: usize) -> String {
    format!("{prefix}{number:0width$}", width = 11 - prefix.len())
}

/// Both sides of one slice.
fn sides(
    period: Symbol,
    units: impl Iterator<Item = Symbol>,
    symbols: &mut Symbols,
) -> (ValueTable, ValueTable) {
    let units: Vec<Symbol> = units.collect();
    let mut of = |prefix: &str, count: usize| -> Vec<Symbol> {
        (0..count)
            .map(|number| symbols.intern(&uid(prefix, number)))
            .collect()
    };
    let (elements, combos, attribute) = (of("de", ELEMENTS), of("coc", COMBOS), of("aoc", 1)[0]);
    let amy = symbols.intern("amy");
    let (mut source, mut present) = (ValueTable::new(), ValueTable::new());
    let mut number = 0;
    for &org_unit in &units {
        for &data_element in &elements {
            for &category_option_combo in &combos {
                let attribute_option_combo = attribute;
                let cell = Cell {
                    data_element,
                    category_option_combo,
                    attribute_option_combo,
                    org_unit,
                    period,
                };
                let value = number * 7919 % 1000;
                source.push(cell, &value.to_string(), amy, Moment::UNKNOWN, false);
                if let Some(value) = present_value(number, value) {
                    present.push(cell, &value.to_string(), amy, Moment::UNKNOWN, false);
                }
                number += 1;
            }
        }
    }
    (source, present)
}

fn world() -> (Catalogue, Mapping) {
    let mut catalogue = Catalogue::default();
    let mut mapping = Mapping::default();
    for (combo, prefix, count) in [("cc000000001", "coc", COMBOS), ("cc000000002", "aoc", 1)] {
        let option_combos = (0..count).map(|number| {
            let uid = uid(prefix, number);
            (
                uid.clone(),
                OptionCombo {
                    uid,
                    ..OptionCombo::default()
                },
            )
        });
        let option_combos = option_combos.collect();
        let (uid, name) = (combo.to_owned(), combo.to_owned());
        let whole = CategoryCombo {
            uid,
            code: None,
            name,
            is_default: false,
            option_combos,
        };
        catalogue.category_combos.insert(combo.to_owned(), whole);
    }
    for number in 0..ELEMENTS {
        let uid = uid("de", number);
        for combo in 0..COMBOS {
            let category_option_combo = self::uid("coc", combo);
            let item = Item {
                data_element: uid.clone(),
                category_option_combo,
            };
            mapping.set_item(item.clone(), Choice::To(item));
        }
        let element = DataElement {
            uid: uid.clone(),
            code: None,
            name: uid.clone(),
            value_type: ValueType::IntegerZeroOrPositive,
            zero_is_significant: true,
            category_combo: "cc000000001".into(),
            option_set: None,
        };
        catalogue.data_elements.insert(uid, element);
    }
    for number in 0..UNITS {
        let uid = uid("ou", number);
        mapping
            .org_units
            .insert(uid.clone(), Choice::To(uid.clone()));
        let unit = OrgUnit {
            uid: uid.clone(),
            code: None,
            name: uid.clone(),
            path: format!("/{uid}"),
            level: 1,
            parent: None,
            opening_date: None,
            closed_date: None,
        };
        catalogue.org_units.insert(uid, unit);
    }
    mapping
        .attribute_option_combos
        .insert(uid("aoc", 0), Choice::To(uid("aoc", 0)));
    mapping.data_sets.push(DataSetPair {
        source: uid("ds", 0),
        destination: uid("ds", 0),
    });
    let data_set = DataSet {
        uid: uid("ds", 0),
        code: None,
        name: uid("ds", 0),
        period_type: PeriodType::Monthly,
        open_future_periods: 0,
        open_periods_after_option_end: 0,
        expiry_days: 0.0,
        category_combo: "cc000000002".into(),
        elements: catalogue
            .data_elements
            .keys()
            .map(|uid| (uid.clone(), DataSetElement::default()))
            .collect(),
        org_units: catalogue.org_units.keys().cloned().collect(),
        data_write: true,
        data_read: true,
        input_periods: Vec::new(),
        workflow: None,
    };
    catalogue.data_sets.insert(data_set.uid.clone(), data_set);
    (catalogue, mapping)
}
