//! A small destination, shaped like the set-up of the recordings: two regions,
//! a closed facility and one in no data set, elements of several value types,
//! age groups, dated and limited projects. Today is 22 November 2026.

use chrono::NaiveDate;
use tributary_engine::catalogue::*;
use tributary_engine::cell::Cell;
use tributary_engine::journal::Seen;
use tributary_engine::mapping::{Choice, CompiledMapping, DataSetPair, Item, Mapping};
use tributary_engine::moment::Moment;
use tributary_engine::period::{PeriodType, parse_date};
use tributary_engine::plan::SlicePlan;
use tributary_engine::preflight::SliceRules;
use tributary_engine::slice::{OrgUnitPair, Slice};
use tributary_engine::symbol::{Symbol, Symbols};
use tributary_engine::value_type::ValueType;
use tributary_engine::values::ValueTable;

pub(crate) const DEFAULT: &str = "HllvX50cXC0";
pub(crate) const UNITS: [&str; 5] = [
    "ouFacA10001",
    "ouFacA10002",
    "ouFacA10005",
    "ouFacB10001",
    "ouFacD30005",
];

pub(crate) fn today() -> NaiveDate {
    day("2026-11-22")
}

pub(crate) fn day(text: &str) -> NaiveDate {
    parse_date(text).unwrap()
}

pub(crate) fn superuser() -> UserRights {
    UserRights {
        superuser: true,
        ..UserRights::default()
    }
}

pub(crate) fn clerk() -> UserRights {
    UserRights {
        superuser: false,
        may_add_values: true,
        may_edit_expired: false,
        capture_roots: vec!["ouRegionA01".into()],
    }
}

pub(crate) fn catalogue() -> Catalogue {
    let mut all = Catalogue::default();
    for (uid, parent, opening, closed) in [
        ("ouRoot00001", None, "2010-01-01", None),
        ("ouRegionA01", Some("ouRoot00001"), "2010-01-01", None),
        ("ouRegionB01", Some("ouRoot00001"), "2010-01-01", None),
        ("ouFacA10001", Some("ouRegionA01"), "2015-01-01", None),
        ("ouFacA10002", Some("ouRegionA01"), "2015-01-01", None),
        (
            "ouFacA10005",
            Some("ouRegionA01"),
            "2015-01-01",
            Some("2025-06-30"),
        ),
        ("ouFacB10001", Some("ouRegionB01"), "2015-01-01", None),
        ("ouFacD30005", Some("ouRegionA01"), "2015-01-01", None),
    ] {
        let above = parent.and_then(|parent| all.org_units.get(parent));
        let path = format!(
            "{}/{uid}",
            above.map_or("", |unit: &OrgUnit| unit.path.as_str())
        );
        let unit = OrgUnit {
            uid: uid.into(),
            code: Some(format!("C_{uid}")),
            name: format!("Unit {uid}"),
            level: above.map_or(1, |unit| unit.level + 1),
            path,
            parent: parent.map(Into::into),
            opening_date: Some(day(opening)),
            closed_date: closed.map(day),
        };
        all.org_units.insert(uid.into(), unit);
    }
    all.option_sets.insert(
        "osColours01".into(),
        ["RED", "GREEN"].map(String::from).into_iter().collect(),
    );
    let option = |uid: &str| CategoryOption {
        uid: uid.into(),
        code: Some(format!("C_{uid}")),
        ..Default::default()
    };
    let combos = [
        (
            "bjDvmb4bfuf",
            true,
            vec![(DEFAULT, vec![option("xYerKDKCefk")])],
        ),
        (
            "ccAgeSex001",
            false,
            vec![
                (
                    "cocAgeSex01",
                    vec![option("coUnder5000"), option("coFemale001")],
                ),
                (
                    "cocAgeSex02",
                    vec![option("coUnder5000"), option("coMale00001")],
                ),
            ],
        ),
        (
            "ccDated0001",
            false,
            vec![
                (
                    "cocDated001",
                    vec![CategoryOption {
                        start_date: Some(day("2024-01-01")),
                        end_date: Some(day("2025-12-31")),
                        ..option("coDatedOp01")
                    }],
                ),
                (
                    "cocDated002",
                    vec![CategoryOption {
                        org_units: vec!["ouRegionB01".into()],
                        ..option("coOrgUnit01")
                    }],
                ),
                (
                    "cocDated003",
                    vec![CategoryOption {
                        no_data_write: true,
                        ..option("coSecret001")
                    }],
                ),
            ],
        ),
    ];
    for (uid, is_default, option_combos) in combos {
        let option_combos = option_combos
            .into_iter()
            .map(|(uid, options)| {
                let combo = OptionCombo {
                    uid: uid.into(),
                    code: None,
                    name: format!("Combo {uid}"),
                    options,
                };
                (uid.to_owned(), combo)
            })
            .collect();
        let combo = CategoryCombo {
            uid: uid.into(),
            code: None,
            name: uid.into(),
            is_default,
            option_combos,
        };
        all.category_combos.insert(uid.into(), combo);
    }
    use ValueType::*;
    for (uid, value_type, zero_is_significant, combo) in [
        ("deInteger01", Integer, true, "bjDvmb4bfuf"),
        ("deIntZeroP1", IntegerZeroOrPositive, true, "bjDvmb4bfuf"),
        ("deNumber001", Number, true, "bjDvmb4bfuf"),
        ("dePercent01", Percentage, true, "bjDvmb4bfuf"),
        ("deText00001", Text, false, "bjDvmb4bfuf"),
        ("deBoolean01", Boolean, false, "bjDvmb4bfuf"),
        ("deTrueOnly1", TrueOnly, false, "bjDvmb4bfuf"),
        ("deDate00001", Date, false, "bjDvmb4bfuf"),
        ("deOptionSt1", Text, false, "bjDvmb4bfuf"),
        ("deColours01", MultiText, false, "bjDvmb4bfuf"),
        ("deFile00001", FileResource, false, "bjDvmb4bfuf"),
        ("deZeroNot01", IntegerZeroOrPositive, false, "bjDvmb4bfuf"),
        ("deAgeSex001", IntegerZeroOrPositive, true, "ccAgeSex001"),
        ("deQuarter01", IntegerZeroOrPositive, true, "bjDvmb4bfuf"),
    ] {
        let option_set = ["deOptionSt1", "deColours01"]
            .contains(&uid)
            .then(|| "osColours01".to_owned());
        let element = DataElement {
            uid: uid.into(),
            code: Some(format!("C_{uid}")),
            name: format!("Element {uid}"),
            value_type,
            zero_is_significant,
            category_combo: combo.into(),
            option_set,
        };
        all.data_elements.insert(uid.into(), element);
    }
    let monthly: Vec<String> = all
        .data_elements
        .keys()
        .filter(|uid| *uid != "deQuarter01")
        .cloned()
        .collect();
    let set = |uid: &str, elements: &[String]| DataSet {
        uid: uid.into(),
        code: Some(format!("C_{uid}")),
        name: format!("Set {uid}"),
        period_type: PeriodType::Monthly,
        open_future_periods: 2,
        open_periods_after_option_end: 0,
        expiry_days: 0.0,
        category_combo: "bjDvmb4bfuf".into(),
        elements: elements
            .iter()
            .map(|element| (element.clone(), DataSetElement::default()))
            .collect(),
        org_units: UNITS[..4].iter().map(|unit| (*unit).to_owned()).collect(),
        data_write: true,
        data_read: true,
        input_periods: Vec::new(),
        workflow: None,
    };
    let one = ["deIntZeroP1".to_owned()];
    let input = |period: &str, opening: &str, closing: &str| InputPeriod {
        period: period.into(),
        opening_date: Some(day(opening)),
        closing_date: Some(day(closing)),
    };
    let overridden = DataSetElement {
        category_combo: Some("ccAgeSex001".into()),
    };
    let sets = [
        set("dsMonthly01", &monthly),
        DataSet {
            period_type: PeriodType::Quarterly,
            ..set("dsQuarter01", &["deQuarter01".to_owned()])
        },
        DataSet {
            open_future_periods: 0,
            expiry_days: 10.0,
            ..set("dsExpiry001", &one)
        },
        DataSet {
            input_periods: vec![
                input("202601", "2026-01-01", "2027-12-31"),
                input("202602", "2026-02-01", "2026-03-01"),
            ],
            ..set("dsInputPe01", &one)
        },
        DataSet {
            category_combo: "ccDated0001".into(),
            ..set("dsDated0001", &one)
        },
        DataSet {
            data_write: false,
            ..set("dsNoWrite01", &one)
        },
        DataSet {
            elements: [("deIntZeroP1".to_owned(), overridden)]
                .into_iter()
                .collect(),
            ..set("dsOverride1", &[])
        },
    ];
    all.data_sets
        .extend(sets.into_iter().map(|set| (set.uid.clone(), set)));
    all
}

/// `element combo attribute unit value`; the combos may be left out as `-` for default.
pub(crate) fn table(
    symbols: &mut Symbols,
    period: &str,
    values: &[(&str, &str, &str, &str, &str)],
) -> ValueTable {
    let mut table = ValueTable::new();
    for (element, combo, attribute, unit, text) in values {
        let cell = cell(symbols, [element, combo, attribute, unit, period]);
        let amy = symbols.intern("amy");
        table.push(cell, text, amy, Moment::from_millis(0), false);
    }
    table
}

pub(crate) fn cell(
    symbols: &mut Symbols,
    [element, combo, attribute, unit, period]: [&str; 5],
) -> Cell {
    let mut intern = |text: &str| symbols.intern(if text == "-" { DEFAULT } else { text });
    Cell {
        data_element: intern(element),
        category_option_combo: intern(combo),
        attribute_option_combo: intern(attribute),
        org_unit: intern(unit),
        period: intern(period),
    }
}

pub(crate) fn slice(
    symbols: &mut Symbols,
    data_set: &str,
    period: &str,
    units: &[(&str, &str)],
) -> Slice {
    let pair = |(source, destination): &(&str, &str), symbols: &mut Symbols| OrgUnitPair {
        source: symbols.intern(source),
        destination: symbols.intern(destination),
    };
    Slice {
        data_set: symbols.intern(data_set),
        period: symbols.intern(period),
        source_data_sets: vec![symbols.intern("dsSource001")],
        org_units: units.iter().map(|units| pair(units, symbols)).collect(),
    }
}

/// A mapping of the monthly data set: everything to itself, then the changes.
pub(crate) fn same_to_same(catalogue: &Catalogue) -> Mapping {
    let mut mapping = Mapping::default();
    mapping.data_sets.push(DataSetPair {
        source: "dsSource001".into(),
        destination: "dsMonthly01".into(),
    });
    let set = &catalogue.data_sets["dsMonthly01"];
    for element in set.elements.keys() {
        for combo in catalogue
            .element_combo(set, element)
            .unwrap()
            .option_combos
            .keys()
        {
            let item = Item {
                data_element: element.clone(),
                category_option_combo: combo.clone(),
            };
            mapping.set_item(item.clone(), Choice::To(item));
        }
    }
    mapping
        .attribute_option_combos
        .insert(DEFAULT.into(), Choice::To(DEFAULT.into()));
    for unit in UNITS {
        mapping
            .org_units
            .insert(unit.into(), Choice::To(unit.into()));
    }
    mapping
}

/// Everything that a comparison needs, around one mapping.
pub(crate) struct Bench {
    pub(crate) symbols: Symbols,
    pub(crate) catalogue: Catalogue,
    pub(crate) mapping: CompiledMapping,
    pub(crate) rights: UserRights,
    /// What earlier runs saw; nothing at first.
    pub(crate) seen: Option<Seen>,
}

impl Bench {
    pub(crate) fn new(mapping: &Mapping) -> Self {
        let mut symbols = Symbols::new();
        let mapping = CompiledMapping::new(mapping, &mut symbols);
        Self {
            symbols,
            catalogue: catalogue(),
            mapping,
            rights: superuser(),
            seen: None,
        }
    }

    pub(crate) fn compare(
        &mut self,
        slice: &Slice,
        source: &ValueTable,
        present: &ValueTable,
    ) -> SlicePlan {
        let rules = SliceRules::new(
            &self.catalogue,
            &self.rights,
            today(),
            slice,
            &mut self.symbols,
        );
        tributary_engine::compare::compare_slice(
            slice,
            &self.mapping,
            &rules,
            &self.symbols,
            source,
            present,
            self.seen.as_ref(),
        )
    }

    pub(crate) fn text(&self, symbol: Symbol) -> &str {
        self.symbols.text(symbol)
    }
}
