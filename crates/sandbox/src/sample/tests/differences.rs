//! How the two servers differ: codes, names, stories, values.

use super::*;

#[test]
fn codes_and_names_agree_as_often_as_promised() {
    let (there, here) = (
        texts(&FULL.destination, "organisationUnits", "name"),
        texts(&FULL.source, "organisationUnits", "name"),
    );
    let (codes_there, codes_here) = (
        texts(&FULL.destination, "organisationUnits", "code"),
        texts(&FULL.source, "organisationUnits", "code"),
    );
    let known = || {
        FULL.pairs
            .iter()
            .filter_map(|pair| Some((pair.source.as_str(), pair.destination.as_deref()?)))
    };
    let equal_codes = known()
        .filter(|(source, destination)| {
            codes_here
                .get(source)
                .is_some_and(|code| codes_there.get(destination) == Some(code))
        })
        .count();
    let no_code = FULL
        .pairs
        .iter()
        .filter(|pair| !codes_here.contains_key(pair.source.as_str()))
        .count();
    let equal_names = known()
        .filter(|(source, destination)| here[source] == there[destination])
        .count();
    assert_eq!((equal_codes, no_code), (180, 75));
    assert!((50..70).contains(&equal_names), "{equal_names}");
    // A code that both sides have means the same facility.
    let by_code: HashMap<&str, &str> = codes_there
        .iter()
        .map(|(uid, code)| (*code, *uid))
        .collect();
    for (source, destination) in known() {
        let meant = codes_here.get(source).and_then(|code| by_code.get(code));
        assert!(
            meant.is_none_or(|uid| *uid == destination),
            "{source} {destination} {meant:?}"
        );
    }
}

#[test]
fn the_stories_are_told() {
    let of = |story| {
        FULL.pairs
            .iter()
            .filter(|pair| pair.story == story)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (
            of(Story::Closed).len(),
            of(Story::Renamed).len(),
            of(Story::Unknown).len()
        ),
        (3, 3, 3)
    );
    let merged = of(Story::Merged);
    let into: HashSet<&Option<String>> = merged.iter().map(|pair| &pair.destination).collect();
    assert_eq!((merged.len(), into.len()), (6, 3));
    let closed_dates = texts(&FULL.destination, "organisationUnits", "closedDate");
    for pair in of(Story::Closed) {
        assert_eq!(
            closed_dates[pair.destination.as_deref().unwrap()],
            "2026-03-31"
        );
        let later = FULL
            .source
            .values
            .iter()
            .filter(|value| value.org_unit == pair.source && value.period > "202603")
            .count();
        assert!(later > 100, "{later}");
    }
    assert!(
        of(Story::Unknown)
            .iter()
            .all(|pair| pair.destination.is_none())
    );
    assert!(FULL.destination.values.iter().all(|value| {
        closed_dates
            .get(value.org_unit)
            .is_none_or(|date| value.period <= format!("{}{}", &date[..4], &date[5..7]).as_str())
    }));
}

/// Values of both sides for the elements with equal codes and facilities that correspond one to one.
fn compared() -> (usize, usize, usize, usize) {
    let code_there = texts(&FULL.destination, "dataElements", "code");
    let code_here = texts(&FULL.source, "dataElements", "code");
    let facility: HashMap<&str, &str> = FULL
        .pairs
        .iter()
        .filter(|pair| pair.story == Story::Ordinary)
        .filter_map(|pair| Some((pair.source.as_str(), pair.destination.as_deref()?)))
        .collect();
    let back: HashSet<&str> = facility.values().copied().collect();
    let plain =
        |value: &SampleValue<'_>| value.category_option_combo == value.attribute_option_combo;
    let mut there = HashMap::new();
    for value in FULL
        .destination
        .values
        .iter()
        .filter(|value| plain(value) && back.contains(value.org_unit))
    {
        there.insert(
            (code_there[value.data_element], value.period, value.org_unit),
            value.value,
        );
    }
    let (mut same, mut differ, mut only_here, mut in_last) = (0, 0, 0, 0);
    let known: HashSet<&str> = code_there.values().copied().collect();
    for value in FULL.source.values.iter().filter(plain) {
        let (Some(code), Some(unit)) = (
            code_here.get(value.data_element),
            facility.get(value.org_unit),
        ) else {
            continue;
        };
        if !known.contains(code) {
            continue;
        }
        // The destination keeps no zeros of referrals.
        if *code == "MAL_REF" && value.value == "0" {
            continue;
        }
        match there.get(&(*code, value.period, *unit)) {
            Some(other) if *other == value.value => same += 1,
            Some(_) => differ += 1,
            None if value.period >= "202609" => in_last += 1,
            None => only_here += 1,
        }
    }
    assert!(there.keys().all(|(_, period, _)| *period != "202610"));
    (same, differ, only_here, in_last)
}

#[test]
fn both_sides_agree_but_for_a_few() {
    let (same, differ, only_here, in_last) = compared();
    let permille = differ * 1000 / (same + differ);
    assert!(
        (25..50).contains(&permille),
        "{permille} of a thousand differ"
    );
    let share = only_here * 100 / (same + differ);
    assert!(
        (2..12).contains(&share),
        "{only_here} only at the source, {same} equal"
    );
    assert!(in_last > 2000, "{in_last} in the last two months");
}

#[test]
fn the_source_has_what_the_destination_refuses() {
    let there: HashMap<&str, &str> = texts(&FULL.destination, "dataElements", "code")
        .into_iter()
        .map(|(uid, code)| (code, uid))
        .collect();
    let types = texts(&FULL.destination, "dataElements", "valueType");
    let here = texts(&FULL.source, "dataElements", "code");
    let mut refused: HashMap<&str, usize> = HashMap::new();
    for value in FULL.source.values.iter() {
        let Some(uid) = here
            .get(value.data_element)
            .and_then(|code| there.get(code))
        else {
            continue;
        };
        if !fits(types[uid], value.value) {
            *refused.entry(here[value.data_element]).or_default() += 1;
        }
    }
    assert_eq!(refused.keys().copied().collect::<Vec<_>>(), ["MAL_SUSP"]);
    assert!((15..60).contains(&refused["MAL_SUSP"]), "{refused:?}");
    let of = |name: &str| {
        objects(&FULL.source, "dataElements")
            .iter()
            .find(|element| element["name"] == name)
            .unwrap()["id"]
            .as_str()
            .unwrap()
    };
    let count = |name: &str, wrong: &dyn Fn(&str) -> bool| {
        FULL.source
            .values
            .iter()
            .filter(|value| value.data_element == of(name) && wrong(value.value))
            .count()
    };
    assert!(
        count("LLIN use, pregnant women, percent", &|value| !fits(
            "PERCENTAGE",
            value
        )) > 20
    );
    assert!(count("Microscope", &|value| value == value.to_lowercase()) > 20);
    assert!(count("Larval sites treated", &|_| true) > 1000);
    assert!(count("Referrals for severe malaria", &|value| value == "0") > 50);
}
