//! Every write of the recordings, value by value: what the preflight allows, the server of
//! that version took; where the preflight is stricter, the reason is one of a short list.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tributary_engine::cell::Cell;
use tributary_engine::preflight::SliceRules;
use tributary_engine::slice::{OrgUnitPair, Slice};
use tributary_engine::symbol::Symbols;

use crate::place::{Place, recording, rights, text};
use crate::verdict::{Verdict, verdicts};

const VERSIONS: [&str; 4] = ["2.40.12", "2.41.9", "2.42.5.2", "2.43.1"];
const SCENARIOS: [&str; 5] = [
    "import-good",
    "import-bad-values",
    "import-bad-requests",
    "import-options",
    "zz-import-rules",
];

/// Where a value is blocked that some version took, and why that is right. Nothing else may
/// be stricter than the servers.
const STRICTER: [(&str, &str); 10] = [
    ("periodOfAnotherType", DARK),
    ("orgUnitNotAssigned", DARK),
    ("orgUnitNotYetOpen", DARK),
    ("orgUnitClosed", DARK),
    ("elementNotInDataSet", DARK),
    ("categoryOptionComboNotOfElement", DARK),
    ("attributeOptionComboNotOfDataSet", DARK),
    (
        "periodInFuture",
        "2.43 takes it from superusers; data entry shows it to nobody",
    ),
    (
        "inputPeriodClosed",
        "2.43.0 and 2.43.1 have it the wrong way round",
    ),
    (
        "zeroNotSignificant",
        "2.43 keeps it until its clean-up job comes by",
    ),
];
const DARK: &str = "dark data: up to 2.42 it is taken, and then shows nowhere in data entry";

/// One value that the preflight was asked about.
struct Asked {
    step: String,
    /// `ok` or the code of the reason.
    said: &'static str,
    /// The value, and the form in which it would be sent.
    value: (String, String),
    verdict: Verdict,
}

/// The members that a value of ours always has; 2.43 wants them as texts.
const MEMBERS: [&str; 6] = [
    "dataElement",
    "period",
    "orgUnit",
    "categoryOptionCombo",
    "attributeOptionCombo",
    "value",
];

/// Whether a request is one that we could have made: JSON, the data set named, no options.
fn could_be_ours(request: &Value) -> bool {
    let body = &request["json"];
    let complete = |value: &Value| {
        let members = value.as_object().unwrap();
        let known = members.keys().all(|name| {
            MEMBERS.contains(&name.as_str())
                || matches!(name.as_str(), "comment" | "followup" | "foo")
        });
        known && MEMBERS.iter().all(|name| value[*name].is_string())
    };
    let only_ours = |body: &serde_json::Map<String, Value>| {
        body.keys()
            .all(|name| matches!(name.as_str(), "dataSet" | "dataValues" | "bar"))
    };
    request["query"].is_null()
        && body["dataSet"].is_string()
        && body.as_object().is_some_and(only_ours)
        && body["dataValues"]
            .as_array()
            .is_some_and(|values| !values.is_empty() && values.iter().all(complete))
}

/// Asks the preflight about all values of a request.
fn ask(place: &Place, step: &Value) -> Vec<Asked> {
    let request = &step["request"];
    let user = text(&request["as"]);
    let catalogue = place.catalogue(&user);
    let data_set = text(&request["json"]["dataSet"]);
    let values = request["json"]["dataValues"].as_array().unwrap();
    let mut symbols = Symbols::new();
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let cells: Vec<Cell> = values
        .iter()
        .map(|value| {
            let mut symbol = |name: &str| symbols.intern(&text(&value[name]));
            Cell {
                data_element: symbol("dataElement"),
                category_option_combo: symbol("categoryOptionCombo"),
                attribute_option_combo: symbol("attributeOptionCombo"),
                org_unit: symbol("orgUnit"),
                period: symbol("period"),
            }
        })
        .collect();
    let verdicts = verdicts(&step["response"], values.len());
    let mut asked = Vec::new();
    for ((value, cell), verdict) in values.iter().zip(&cells).zip(verdicts) {
        let slice = Slice {
            data_set: symbols.intern(&data_set),
            period: cell.period,
            source_data_sets: vec![],
            org_units: vec![OrgUnitPair {
                source: cell.org_unit,
                destination: cell.org_unit,
            }],
        };
        let mut rules = SliceRules::new(&catalogue, &rights(&user), today, &slice, &mut symbols);
        let approved = catalogue.data_sets.get(&data_set).is_some_and(|set| {
            place.is_approved(set, symbols.text(cell.period), symbols.text(cell.org_unit))
        });
        if approved {
            rules.approve(cell.org_unit, cell.attribute_option_combo);
        }
        let value = text(&value["value"]);
        let form = rules.stored_form(cell.data_element, &value);
        let several = cells.iter().filter(|other| *other == cell).count() > 1;
        let said = if several {
            // The comparison finds these, before a single value is looked at.
            "severalSourceValues"
        } else {
            rules
                .check(cell, form)
                .map_or_else(|reason| reason.code(), |()| "ok")
        };
        asked.push(Asked {
            step: text(&step["name"]),
            said,
            value: (value.clone(), form.to_owned()),
            verdict,
        });
    }
    asked
}

/// All values of all scenarios, and the names of the writes that we could not have made.
fn walk(version: &str) -> (Vec<Asked>, BTreeSet<String>) {
    let (mut asked, mut others) = (Vec::new(), BTreeSet::new());
    for scenario in SCENARIOS {
        let mut place = Place::new(version);
        let recorded = recording(&format!("{version}/{scenario}.json"));
        for step in recorded["steps"].as_array().unwrap() {
            let request = &step["request"];
            place.follow(request);
            if request["method"] != "POST" || request["path"] != "/api/dataValueSets" {
                continue;
            }
            if could_be_ours(request) {
                asked.extend(ask(&place, step));
            } else {
                others.insert(text(&step["name"]));
            }
        }
    }
    (asked, others)
}

/// Whether the value was recorded as it would be sent.
fn is_as_sent(asked: &Asked) -> bool {
    asked.value.0 == asked.value.1
}

#[test]
fn what_is_allowed_was_taken() {
    for version in VERSIONS {
        let (asked, _) = walk(version);
        assert!(asked.len() > 180, "{version}: only {} values", asked.len());
        let mut by_step: BTreeMap<&str, Vec<&Asked>> = BTreeMap::new();
        for asked in asked.iter().filter(|asked| is_as_sent(asked)) {
            by_step.entry(&asked.step).or_default().push(asked);
        }
        for (step, values) in by_step {
            for asked in &values {
                let wrong = asked.said == "ok" && asked.verdict == Verdict::NotTaken;
                assert!(!wrong, "{version} {step}: {:?} is allowed", asked.value);
            }
            let refused = values.iter().any(|one| one.verdict == Verdict::OneOfThese);
            let someone = values.iter().any(|one| one.said != "ok");
            assert!(
                someone || !refused,
                "{version} {step}: all values are allowed"
            );
        }
    }
}

#[test]
fn what_is_stricter_has_its_reason() {
    let mut used = BTreeSet::new();
    for version in VERSIONS {
        for asked in walk(version).0 {
            if asked.verdict != Verdict::Taken || asked.said == "ok" {
                continue;
            }
            let known = STRICTER.iter().find(|(code, _)| *code == asked.said);
            let Some((code, _)) = known else {
                panic!("{version} {}: {} is stricter", asked.step, asked.said)
            };
            used.insert(*code);
        }
    }
    let unused: Vec<_> = STRICTER
        .iter()
        .filter(|(code, _)| !used.contains(code))
        .map(|(code, _)| *code)
        .collect();
    assert!(unused.is_empty(), "reasons that nothing needs: {unused:?}");
}

/// What servers rewrite: the form that is sent is the one that they were found to hold.
#[test]
fn rewritten_values_have_the_form_that_was_stored() {
    let mut seen = BTreeSet::new();
    for version in VERSIONS {
        let recorded = recording(&format!("{version}/import-bad-values.json"));
        let steps = recorded["steps"].as_array().unwrap();
        let saved = steps
            .iter()
            .find(|step| step["name"] == "what was saved")
            .unwrap();
        let stored: BTreeMap<String, String> = saved["response"]["json"]["dataValues"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|value| value["period"] == "202301")
            .map(|value| (text(&value["dataElement"]), text(&value["value"])))
            .collect();
        for asked in walk(version).0 {
            if is_as_sent(&asked) || asked.verdict != Verdict::Taken || asked.said != "ok" {
                continue;
            }
            let (element, form) = match asked.step.split(',').next().unwrap() {
                "integer 12.0" => ("deInteger01", "12"),
                "boolean TRUE" | "boolean 1" | "boolean yes" => ("deBoolean01", "true"),
                other => panic!("{other} is rewritten"),
            };
            assert_eq!(asked.value.1, form, "{version} {}", asked.step);
            assert_eq!(stored[element], form, "{version} {}", asked.step);
            seen.insert(asked.value.0);
        }
    }
    let expected = ["1", "12.0", "TRUE", "yes"].map(String::from);
    assert_eq!(seen, BTreeSet::from(expected));
}

/// The writes that say nothing about the preflight, because no request of ours is like them.
#[test]
fn few_writes_are_left_out() {
    let others: BTreeSet<String> = VERSIONS
        .iter()
        .flat_map(|version| walk(version).1)
        .collect();
    let list: Vec<_> = others.iter().map(String::as_str).collect();
    insta::assert_snapshot!(list.join("\n"));
}
