//! What the sample data promise: they are the same each time, complete in
//! themselves, and as different from each other as the module says.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use serde_json::Value;

use super::*;

mod differences;
mod dressed;
mod world;

const LAST: (i32, u32) = (2026, 10);

/// The world in full size, made once for all tests.
static FULL: LazyLock<SampleWorld> = LazyLock::new(|| generate(&SampleOptions::full(LAST)));

fn small() -> SampleOptions {
    SampleOptions {
        facilities: 80,
        months: 4,
        last_month: LAST,
        source_facilities: 30,
    }
}

/// A number that changes with any byte of a server's metadata or values.
fn fingerprint(server: &SampleServer) -> u64 {
    let mut hash = key(&server.metadata.to_string());
    for value in server.values.iter() {
        hash = draw(&[
            hash,
            key(value.data_element),
            key(value.period),
            key(value.org_unit),
            key(value.category_option_combo),
            key(value.attribute_option_combo),
            key(value.value),
        ]);
    }
    hash
}

fn objects<'a>(server: &'a SampleServer, collection: &str) -> &'a [Value] {
    server.metadata[collection]
        .as_array()
        .map_or(&[], Vec::as_slice)
}

fn texts<'a>(
    server: &'a SampleServer,
    collection: &str,
    member: &str,
) -> HashMap<&'a str, &'a str> {
    objects(server, collection)
        .iter()
        .filter_map(|object| Some((object["id"].as_str()?, object.get(member)?.as_str()?)))
        .collect()
}

/// Every uid that is defined, and every one that is referred to.
fn ids(server: &SampleServer) -> (Vec<&str>, HashSet<&str>) {
    fn references<'a>(value: &'a Value, into: &mut HashSet<&'a str>) {
        match value {
            Value::Object(members) => {
                into.extend(members.get("id").and_then(Value::as_str));
                members.values().for_each(|inner| references(inner, into));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, into)),
            _ => {}
        }
    }
    let collections = server.metadata.as_object().unwrap();
    let defined = collections
        .values()
        .flat_map(|objects| objects.as_array().unwrap())
        .map(|object| object["id"].as_str().unwrap());
    let mut referred = HashSet::new();
    references(&server.metadata, &mut referred);
    (defined.collect(), referred)
}

fn check_ids(server: &SampleServer) {
    let (defined, referred) = ids(server);
    let unique: HashSet<&str> = defined.iter().copied().collect();
    assert_eq!(unique.len(), defined.len(), "a uid twice");
    assert!(defined.iter().all(|uid| is_uid(uid)));
    let missing: Vec<&&str> = referred
        .iter()
        .filter(|uid| !unique.contains(*uid) && !FIXED_UIDS.contains(uid))
        .collect();
    assert!(missing.is_empty(), "referred to and not there: {missing:?}");
    for collection in [
        "organisationUnits",
        "dataElements",
        "dataSets",
        "categoryOptions",
        "categoryOptionCombos",
    ] {
        let codes: Vec<&str> = texts(server, collection, "code").into_values().collect();
        assert_eq!(
            codes.iter().collect::<HashSet<_>>().len(),
            codes.len(),
            "a code twice in {collection}"
        );
    }
    let short_names = texts(server, "organisationUnits", "shortName");
    assert!(short_names.values().all(|name| name.chars().count() <= 50));
}

/// Attribute option combos and org units that a data set offers.
type Offered<'a> = (HashSet<&'a str>, HashSet<&'a str>);

/// Each value lies in a cell that data entry would offer, once, and fits its type.
fn check_values(server: &SampleServer) {
    let types = texts(server, "dataElements", "valueType");
    let combos: HashMap<&str, Vec<&str>> = objects(server, "categoryOptionCombos").iter().fold(
        HashMap::from([("bjDvmb4bfuf", vec!["HllvX50cXC0"])]),
        |mut map: HashMap<&str, Vec<&str>>, object| {
            map.entry(object["categoryCombo"]["id"].as_str().unwrap())
                .or_default()
                .push(object["id"].as_str().unwrap());
            map
        },
    );
    let element_combo: HashMap<&str, &str> = objects(server, "dataElements")
        .iter()
        .map(|element| {
            (
                element["id"].as_str().unwrap(),
                element["categoryCombo"]["id"].as_str().unwrap(),
            )
        })
        .collect();
    let codes: HashSet<&str> = texts(server, "options", "code").into_values().collect();
    let with_options: HashSet<&str> = objects(server, "dataElements")
        .iter()
        .filter(|element| element.get("optionSet").is_some())
        .map(|element| element["id"].as_str().unwrap())
        .collect();
    // (element, category option combo) → the attribute option combos and org units of its data sets.
    let mut allowed: HashMap<(&str, &str), Vec<Offered<'_>>> = HashMap::new();
    for data_set in objects(server, "dataSets") {
        let units: HashSet<&str> = data_set["organisationUnits"]
            .as_array()
            .unwrap()
            .iter()
            .map(|unit| unit["id"].as_str().unwrap())
            .collect();
        let attributes: HashSet<&str> = combos[data_set["categoryCombo"]["id"].as_str().unwrap()]
            .iter()
            .copied()
            .collect();
        for member in data_set["dataSetElements"].as_array().unwrap() {
            let element = member["dataElement"]["id"].as_str().unwrap();
            let combo = member
                .get("categoryCombo")
                .map_or(element_combo[element], |combo| {
                    combo["id"].as_str().unwrap()
                });
            for option_combo in &combos[combo] {
                allowed
                    .entry((element, option_combo))
                    .or_default()
                    .push((attributes.clone(), units.clone()));
            }
        }
    }
    let mut cells = HashSet::with_capacity(server.values.len());
    for value in server.values.iter() {
        let places = &allowed[&(value.data_element, value.category_option_combo)];
        assert!(
            places.iter().any(|(attributes, units)| attributes
                .contains(value.attribute_option_combo)
                && units.contains(value.org_unit)),
            "not assigned: {value:?}"
        );
        let cell = (
            value.data_element,
            value.period,
            value.org_unit,
            value.category_option_combo,
            value.attribute_option_combo,
        );
        assert!(cells.insert(cell), "twice: {value:?}");
        assert!(
            fits(types[value.data_element], value.value),
            "{} {value:?}",
            types[value.data_element]
        );
        assert!(
            !with_options.contains(value.data_element) || codes.contains(value.value),
            "no such option: {value:?}"
        );
    }
}

fn fits(value_type: &str, value: &str) -> bool {
    let plain = !value.is_empty()
        && (value == "0" || !value.starts_with('0'))
        && value.bytes().all(|byte| byte.is_ascii_digit());
    match value_type {
        "INTEGER_ZERO_OR_POSITIVE" => plain,
        "INTEGER_POSITIVE" => plain && value != "0",
        "INTEGER" => {
            plain
                || value
                    .strip_prefix('-')
                    .is_some_and(|rest| fits("INTEGER_POSITIVE", rest))
        }
        "NUMBER" => value.parse::<f64>().is_ok_and(f64::is_finite),
        "PERCENTAGE" => value
            .parse::<f64>()
            .is_ok_and(|number| (0.0..=100.0).contains(&number)),
        "UNIT_INTERVAL" => value
            .parse::<f64>()
            .is_ok_and(|number| (0.0..=1.0).contains(&number)),
        "BOOLEAN" => ["true", "false"].contains(&value),
        "TRUE_ONLY" => value == "true",
        "DATE" => chrono::NaiveDate::parse_from_str(value, "%Y-%m-%d").is_ok(),
        "TEXT" => !value.is_empty(),
        other => panic!("no rule for {other}"),
    }
}
