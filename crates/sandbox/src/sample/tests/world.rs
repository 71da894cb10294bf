//! The world as a whole: the same each time, whole in itself, as large and as
//! lively as the module says.

use super::*;

#[test]
fn equal_options_give_equal_worlds() {
    let (first, second) = (generate(&small()), generate(&small()));
    assert_eq!(
        fingerprint(&first.destination),
        fingerprint(&second.destination)
    );
    assert_eq!(fingerprint(&first.source), fingerprint(&second.source));
    assert_eq!(first.pairs, second.pairs);
    let larger = generate(&SampleOptions {
        months: 5,
        ..small()
    });
    assert_ne!(
        fingerprint(&first.destination),
        fingerprint(&larger.destination)
    );
}

#[test]
fn the_world_is_the_same_as_ever() {
    // A change here means that everybody's sample data change: stories and
    // screenshots may have to follow.
    let world = generate(&small());
    assert_eq!(
        (fingerprint(&world.destination), fingerprint(&world.source)),
        (14_369_674_863_207_354_466, 3_719_603_661_345_421_569)
    );
}

#[test]
fn ids_are_valid_unique_and_resolve() {
    check_ids(&FULL.destination);
    check_ids(&FULL.source);
    let (there, _) = ids(&FULL.destination);
    let there: HashSet<&str> = there.into_iter().collect();
    assert!(ids(&FULL.source).0.iter().all(|uid| !there.contains(uid)));
}

#[test]
fn values_lie_in_assigned_cells_and_fit() {
    check_values(&FULL.destination);
    check_values(&FULL.source);
}

#[test]
fn the_country_is_as_large_as_promised() {
    let count = |server, collection| objects(server, collection).len();
    assert_eq!(
        count(&FULL.destination, "organisationUnits"),
        1 + 8 + 48 + 1200
    );
    assert_eq!(count(&FULL.destination, "organisationUnitLevels"), 4);
    assert_eq!(count(&FULL.destination, "dataSets"), 3);
    assert_eq!(count(&FULL.destination, "dataElements"), 12 + 3 + 4);
    assert_eq!(FULL.pairs.len(), 300);
    assert_eq!(count(&FULL.source, "organisationUnitLevels"), 3);
    let (there, here) = (FULL.destination.values.len(), FULL.source.values.len());
    assert!((750_000..1_200_000).contains(&there), "{there}");
    assert!((200_000..350_000).contains(&here), "{here}");
    let units = objects(&FULL.destination, "organisationUnits");
    let with_code = units
        .iter()
        .filter(|unit| unit.get("code").is_some())
        .count();
    let closed = units
        .iter()
        .filter(|unit| unit.get("closedDate").is_some())
        .count();
    assert!((1120..1230).contains(&with_code), "{with_code}");
    assert!((10..60).contains(&closed), "{closed}");
    let assigned = objects(&FULL.destination, "dataSets")[0]["organisationUnits"]
        .as_array()
        .unwrap()
        .len();
    assert!((1170..1195).contains(&assigned), "{assigned}");
    let periods: HashSet<&str> = FULL
        .destination
        .values
        .iter()
        .map(|value| value.period)
        .collect();
    assert_eq!(periods.len(), 24);
    assert!(periods.contains("202411") && periods.contains("202610"));
}

#[test]
fn reports_arrive_as_in_life() {
    let data_set = &objects(&FULL.destination, "dataSets")[0];
    let first = data_set["dataSetElements"][0]["dataElement"]["id"]
        .as_str()
        .unwrap();
    let assigned = data_set["organisationUnits"].as_array().unwrap().len();
    let reported = FULL
        .destination
        .values
        .iter()
        .filter(|value| value.data_element == first && value.period == "202601")
        .count();
    assert!(
        (80..95).contains(&(reported * 100 / assigned)),
        "{reported} of {assigned}"
    );
    let cases = |month: u32| -> u64 {
        let element = objects(&FULL.destination, "dataElements")
            .iter()
            .find(|element| element["code"] == "MAL_POS")
            .unwrap();
        let period = format!("2025{month:02}");
        FULL.destination
            .values
            .iter()
            .filter(|value| value.data_element == element["id"] && value.period == period)
            .map(|value| value.value.parse::<u64>().unwrap())
            .sum()
    };
    assert!(
        cases(9) > 3 * cases(3),
        "{} in September, {} in March",
        cases(9),
        cases(3)
    );
}

#[test]
fn the_clerk_has_facilities_of_the_source_in_the_own_district() {
    let clerk = objects(&FULL.destination, "users")
        .iter()
        .find(|user| user["username"] == "clerk")
        .unwrap();
    let district = clerk["organisationUnits"][0]["id"].as_str().unwrap();
    let units: HashMap<&str, &Value> = objects(&FULL.destination, "organisationUnits")
        .iter()
        .map(|unit| (unit["id"].as_str().unwrap(), unit))
        .collect();
    let known = FULL
        .pairs
        .iter()
        .filter_map(|pair| pair.destination.as_deref())
        .filter(|uid| units[uid]["parent"]["id"] == district)
        .count();
    assert!(known >= 8, "{known}");
    let role = |name: &str| {
        objects(&FULL.destination, "userRoles")
            .iter()
            .find(|role| role["name"] == name)
            .unwrap()["authorities"]
            .to_string()
    };
    assert!(
        role("Data reader").contains(APP_AUTHORITY)
            && !role("Data reader").contains("F_DATAVALUE_ADD")
    );
    assert!(!role("Visitor").contains(APP_AUTHORITY));
}
