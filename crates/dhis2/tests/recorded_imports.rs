//! Every import answer of the recordings, read and held against what it says itself.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a recording that is not as expected must fail the test"
)]

mod common;

use common::{Step, VERSIONS, differences, named, scenarios, steps};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tributary_dhis2::values::{Effect, ImportAnswer, Outcome, OutgoingValue, read_json};
use tributary_dhis2::{Differences, FailureKind};

/// Steps whose counters leave values out, by the servers' own doing: what is not counted
/// must be read back. Equal cells are counted once, a 0 of an element that keeps none is
/// dropped (both ≤2.42).
fn leaves_values_uncounted(rules: &Differences, name: &str) -> bool {
    (!rules.equal_cells_refuse_request && name.starts_with("two equal cells"))
        || (rules.zeros_vanish && name.starts_with("zero not significant"))
}

/// Steps that count more than the values sent: the deletion scope's (2.43; unknown to the
/// others), which we never send.
fn counts_more(version: &str, name: &str) -> bool {
    version == "2.43.1" && name == "deletion scope"
}

/// The values (or registrations of completeness) that a recorded request sent; `None` where
/// the request is none of either, or in another form than JSON.
fn sent(step: &Step) -> Option<&Vec<Value>> {
    let path = step.request["path"].as_str()?;
    let body = &step.request["json"];
    let list = if path.ends_with("/dataValueSets") {
        &body["dataValues"]
    } else if path.ends_with("/completeDataSetRegistrations") {
        &body["completeDataSetRegistrations"]
    } else {
        return None;
    };
    let is_import = step.request["method"] == "POST" && !step.name.starts_with("async");
    list.as_array().filter(|_| is_import)
}

/// Goes over whatever is recorded, so that it holds for scenarios to come as well.
#[test]
fn every_answer_accounts_for_every_value() {
    let mut read = 0;
    for version in VERSIONS {
        let rules = differences(version);
        for scenario in scenarios(version) {
            for step in steps(version, &scenario) {
                let Some(values) = sent(&step) else { continue };
                let told = format!("{version} {scenario} {:?}", step.name);
                let (status, body) = (step.response.status, &step.response.body);
                let answer = ImportAnswer::parse(&rules, status, body, values.len());
                let body: Value = serde_json::from_slice(body).unwrap_or_default();
                if body["response"]["importCount"].is_null() {
                    assert!(answer.is_err(), "{told}");
                    continue;
                }
                let answer = answer.unwrap_or_else(|failure| panic!("{told}: {failure}"));
                read += 1;
                assert_eq!(answer.sent(), values.len(), "{told}");
                let adds_up = !leaves_values_uncounted(&rules, &step.name)
                    && !counts_more(version, &step.name);
                assert_eq!(answer.counters_add_up(), adds_up, "{told}: {answer:?}");
                let unknown = answer.outcomes.contains(&Outcome::Unknown);
                assert_eq!(unknown, !adds_up, "{told}: {answer:?}");
                refusals_are_the_servers(&answer, &body["response"], &told);
                effects_are_the_counters(&answer, &rules, &told);
            }
        }
    }
    assert!(read > 600, "only {read} answers were read");
}

/// What the server lists as rejected or faulty is refused, with its code, and nothing else
/// is, unless it refused everything.
fn refusals_are_the_servers(answer: &ImportAnswer, summary: &Value, told: &str) {
    let places = |list: &Value| -> BTreeSet<u64> {
        let list = list.as_array().cloned().unwrap_or_default();
        list.iter().filter_map(Value::as_u64).collect()
    };
    let mut rejected = places(&summary["rejectedIndexes"]);
    let conflicts = summary["conflicts"].as_array().cloned().unwrap_or_default();
    for conflict in &conflicts {
        rejected.extend(places(&conflict["indexes"]));
    }
    let refused: BTreeSet<u64> = (0..)
        .zip(&answer.outcomes)
        .filter(|(_, outcome)| matches!(outcome, Outcome::Refused { .. }))
        .map(|(place, _)| place)
        .collect();
    if answer.whole_request_refused.is_some() {
        assert_eq!(refused.len(), answer.sent(), "{told}");
        assert_eq!(summary["importCount"]["ignored"], 0, "{told}");
    } else if rejected.is_empty() && !conflicts.is_empty() {
        // A registration of completeness: its fault names no place.
        assert_eq!((refused.len(), answer.sent()), (1, 1), "{told}");
    } else {
        assert_eq!(refused, rejected, "{told}");
    }
    for conflict in &answer.conflicts {
        assert!(!conflict.message.is_empty(), "{told}");
        for index in &conflict.indexes {
            let Outcome::Refused { code, .. } = &answer.outcomes[*index] else {
                panic!("{told}: {index} has a conflict and is not refused");
            };
            assert!(!code.is_empty(), "{told}");
        }
    }
}

/// New, changed and unchanged are said only where the counters say so of all.
fn effects_are_the_counters(answer: &ImportAnswer, rules: &Differences, told: &str) {
    let count = |effect| {
        let wanted = Outcome::Accepted(effect);
        answer
            .outcomes
            .iter()
            .filter(|found| **found == wanted)
            .count()
    };
    let counters = answer.counters;
    let whole = [0, answer.sent() - answer.refused()];
    for (effect, counted) in [
        (Effect::New, counters.imported),
        (Effect::Changed, counters.updated + counters.deleted),
        (Effect::Unchanged, counters.ignored),
    ] {
        let found = count(effect);
        assert!(whole.contains(&found), "{told}: {effect:?}");
        assert!(found <= counted, "{told}: {effect:?}");
    }
    if rules.equal_values_count_as_updated {
        assert_eq!(count(Effect::Changed), 0, "{told}: nobody can tell");
        assert_eq!(count(Effect::Unchanged), 0, "{told}: nobody can tell");
    }
}

/// The key and value of a sent or read value.
fn cell(value: &Value) -> [String; 5] {
    [
        "dataElement",
        "period",
        "orgUnit",
        "categoryOptionCombo",
        "attributeOptionCombo",
    ]
    .map(|member| value[member].as_str().unwrap_or_default().to_owned())
}

/// The answers are held against what the same server gave back afterwards: what was accepted
/// is there, what was only ever refused is not.
#[test]
fn what_was_accepted_reads_back_and_what_was_refused_does_not() {
    for version in VERSIONS {
        let rules = differences(version);
        for (scenario, reading, months) in [
            ("import-bad-values", "what was saved", "202201"..="202312"),
            (
                "import-bad-requests",
                "what this scenario saved",
                "202109"..="202112",
            ),
        ] {
            let mut accepted = BTreeSet::new();
            let mut refused = BTreeSet::new();
            let mut unknown = BTreeSet::new();
            let mut there = BTreeSet::new();
            for step in steps(version, scenario) {
                if step.name == reading {
                    let body = &step.response.body;
                    read_json(body, |row| {
                        there.insert(
                            [
                                row.data_element,
                                row.period,
                                row.org_unit,
                                row.category_option_combo,
                                row.attribute_option_combo,
                            ]
                            .map(str::to_owned),
                        );
                    })
                    .unwrap();
                }
                let Some(values) = sent(&step) else { continue };
                let (status, body) = (step.response.status, &step.response.body);
                // "period is no period" is a 500 of 2.43: nothing is known, and nothing of it
                // may be said.
                let Ok(answer) = ImportAnswer::parse(&rules, status, body, values.len()) else {
                    unknown.extend(values.iter().map(cell));
                    continue;
                };
                for (value, outcome) in values.iter().zip(&answer.outcomes) {
                    match outcome {
                        Outcome::Accepted(_) => accepted.insert(cell(value)),
                        Outcome::Refused { .. } => refused.insert(cell(value)),
                        Outcome::Unknown => unknown.insert(cell(value)),
                    };
                }
            }
            assert!(
                !there.is_empty() && !refused.is_empty(),
                "{version} {scenario}"
            );
            for cell in refused
                .difference(&accepted)
                .filter(|cell| !unknown.contains(*cell))
            {
                assert!(!there.contains(cell), "{version} {scenario} {cell:?}");
            }
            // The reading asks for one data set and some months of it.
            let in_reading = |cell: &&[String; 5]| {
                let [element, period, unit, ..] = *cell;
                months.contains(&period.as_str())
                    && period.len() == 6
                    && element == "deIntZeroP1"
                    && unit.starts_with("ouFacA1")
            };
            let mut checked = 0;
            for cell in accepted.iter().filter(in_reading) {
                assert!(there.contains(cell), "{version} {scenario} {cell:?}");
                checked += 1;
            }
            assert!(checked > 1, "{version} {scenario}: only {checked}");
        }
    }
}

/// An answer and the values that it is about, as they were sent.
fn with_values(version: &str, scenario: &str, name: &str) -> (ImportAnswer, Vec<[String; 5]>) {
    let step = named(version, scenario, name);
    let values: Vec<_> = sent(&step).unwrap().iter().map(cell).collect();
    let (status, body) = (step.response.status, &step.response.body);
    let answer = ImportAnswer::parse(&differences(version), status, body, values.len());
    (answer.unwrap(), values)
}

fn outgoing(cell: &[String; 5]) -> OutgoingValue<'_> {
    OutgoingValue {
        data_element: &cell[0],
        period: &cell[1],
        org_unit: &cell[2],
        category_option_combo: &cell[3],
        attribute_option_combo: &cell[4],
        value: "1",
        comment: None,
    }
}

#[test]
fn a_refused_request_names_the_values_that_it_was_refused_for() {
    let bad = "import-bad-values";
    for (scenario, name, guilty) in [
        (
            "import-bad-requests",
            "five good and one unassigned",
            vec![5],
        ),
        (
            "import-bad-requests",
            "clerk, own and other region",
            vec![1],
        ),
        (
            "import-bad-requests",
            "two equal cells, other value",
            vec![0, 1],
        ),
        ("import-bad-requests", "clerk, expired period", vec![0]),
        (bad, "unknown data element, beside a good one", vec![1]),
        (bad, "unknown org unit, beside a good one", vec![1]),
        (bad, "unknown coc, beside a good one", vec![1]),
        (bad, "unknown aoc, beside a good one", vec![1]),
        (bad, "no period, beside a good one", vec![1]),
        (bad, "no org unit, beside a good one", vec![1]),
        (bad, "no data element, beside a good one", vec![1]),
        (bad, "org unit not assigned, beside a good one", vec![1]),
        (bad, "org unit closed, beside a good one", vec![1]),
        (bad, "period of another type, beside a good one", vec![1]),
        (bad, "period before opening, beside a good one", vec![1]),
        (bad, "element not in set, beside a good one", vec![1]),
        (bad, "coc of another combo, beside a good one", vec![1]),
        (
            bad,
            "default coc for age element, beside a good one",
            vec![1],
        ),
        (bad, "aoc of another combo, beside a good one", vec![1]),
        ("zz-import-rules", "dated option, before, clerk", vec![0]),
        (
            "zz-import-rules",
            "option of another region, clerk",
            vec![0],
        ),
        ("zz-import-rules", "after approval, clerk", vec![0]),
        // Names no value: the data set, an option.
        (
            "zz-import-rules",
            "data set without write access, clerk",
            vec![],
        ),
        ("zz-import-rules", "unshared option, clerk", vec![]),
        // Not refused as a whole.
        ("import-bad-requests", "five good and two bad types", vec![]),
    ] {
        let (answer, cells) = with_values("2.43.1", scenario, name);
        let values: Vec<_> = cells.iter().map(outgoing).collect();
        assert_eq!(answer.guilty(&values), guilty, "{name}");
        // Up to 2.42 nothing is refused but single values and whole data sets.
        let (answer, cells) = with_values("2.41.9", scenario, name);
        let values: Vec<_> = cells.iter().map(outgoing).collect();
        assert!(answer.guilty(&values).is_empty(), "{name}");
    }
}

/// Every recorded refusal of a whole request in which a good value stood: the guilty one is
/// never the good one.
#[test]
fn a_good_value_is_never_guilty() {
    let mut seen = 0;
    for step in steps("2.43.1", "import-bad-values") {
        let Some(values) = sent(&step).filter(|values| values.len() == 2) else {
            continue;
        };
        let cells: Vec<_> = values.iter().map(cell).collect();
        let (status, body) = (step.response.status, &step.response.body);
        let Ok(answer) = ImportAnswer::parse(&differences("2.43.1"), status, body, 2) else {
            continue;
        };
        let values: Vec<_> = cells.iter().map(outgoing).collect();
        let guilty = answer.guilty(&values);
        assert!(!guilty.contains(&0), "{}: {answer:?}", step.name);
        seen += guilty.len();
    }
    assert!(seen > 10, "{seen}");
}

fn answer(version: &str, scenario: &str, name: &str, sent: usize) -> ImportAnswer {
    let step = named(version, scenario, name);
    let (status, body) = (step.response.status, step.response.body);
    ImportAnswer::parse(&differences(version), status, &body, sent).unwrap()
}

/// The codes of the values refused, `None` for those accepted.
fn codes(answer: &ImportAnswer) -> Vec<Option<&str>> {
    let code = |outcome| match outcome {
        &Outcome::Accepted(_) => None,
        &Outcome::Unknown => panic!("unknown in {answer:?}"),
        Outcome::Refused { code, .. } => Some(code.as_str()),
    };
    answer.outcomes.iter().map(code).collect()
}

#[test]
fn partly_refused_is_read_alike_on_409_and_200() {
    for (version, status, code) in [
        ("2.40.12", 409, "E7619"),
        ("2.41.9", 409, "E7619"),
        ("2.42.5.2", 409, "E7619"),
        ("2.43.1", 200, "E8122"),
    ] {
        let step = named(
            version,
            "import-bad-requests",
            "five good and two bad types",
        );
        assert_eq!(step.response.status, status);
        let answer = answer(version, "import-bad-requests", &step.name, 7);
        let expected = [None, None, None, None, None, Some(code), Some(code)];
        assert_eq!(codes(&answer), expected);
        assert!(answer.whole_request_refused.is_none());
        assert!(answer.counters_add_up());
    }
}

#[test]
fn one_bad_key_refuses_the_whole_request_in_2_43() {
    let answer = answer(
        "2.43.1",
        "import-bad-requests",
        "five good and one unassigned",
        6,
    );
    assert_eq!(codes(&answer), [Some("E8022"); 6]);
    let fault = answer.whole_request_refused.unwrap();
    assert!(fault.message.contains("ouFacD30"), "{}", fault.message);
}

#[test]
fn faults_that_name_no_value_refuse_all_of_them() {
    // Index -1 and an empty rejectedIndexes (2.43), no index at all (≤2.42).
    for (version, scenario, name, sent, code) in [
        (
            "2.43.1",
            "import-bad-values",
            "no period, beside a good one",
            2,
            "E8100",
        ),
        ("2.43.1", "import-bad-values", "no data element", 1, "E8102"),
        (
            "2.43.1",
            "import-bad-requests",
            "code scheme, one unknown code",
            2,
            "E8107",
        ),
        (
            "2.40.12",
            "import-bad-requests",
            "unknown data set",
            1,
            "E7600",
        ),
        (
            "2.41.9",
            "import-bad-requests",
            "unknown data set",
            1,
            "E7600",
        ),
        (
            "2.42.5.2",
            "import-bad-requests",
            "unknown data set",
            1,
            "E7600",
        ),
    ] {
        let answer = answer(version, scenario, name, sent);
        assert_eq!(codes(&answer), vec![Some(code); sent], "{version} {name}");
        assert!(answer.whole_request_refused.is_some());
    }
}

#[test]
fn a_body_that_was_not_understood_is_never_a_success() {
    for version in VERSIONS {
        for name in ["not json", "json array"] {
            let answer = answer(version, "import-bad-requests", name, 3);
            assert_eq!(answer.refused(), 3, "{version} {name}");
            assert!(answer.whole_request_refused.is_some(), "{version} {name}");
        }
    }
}

#[test]
fn equal_values_are_ignored_before_2_43_and_updated_there() {
    for version in VERSIONS {
        let again = answer(version, "import-good", "the same three again", 3);
        let updated = if differences(version).equal_values_count_as_updated {
            3
        } else {
            0
        };
        assert_eq!(
            (again.counters.updated, again.refused()),
            (updated, 0),
            "{version}"
        );
        assert_eq!(again.counters.ignored, 3 - updated, "{version}");
        let new = answer(version, "import-good", "three new", 3);
        let imported = if differences(version).imported_always_zero {
            0
        } else {
            3
        };
        assert_eq!(new.counters.imported, imported, "{version}");
    }
}

#[test]
fn what_is_no_summary_is_a_failure() {
    let rules = differences("2.43.1");
    for (status, body, kind) in [
        (200, "", FailureKind::EmptyAnswer),
        (200, " \n", FailureKind::EmptyAnswer),
        (
            200,
            "<html><body>Log in</body></html>",
            FailureKind::WrongContent,
        ),
        (200, "{}", FailureKind::WrongContent),
        (200, "[]", FailureKind::WrongContent),
        (200, r#"{"status":"OK"}"#, FailureKind::WrongContent),
        (
            200,
            r#"{"status":"OK","response":{"id":"x"}}"#,
            FailureKind::WrongContent,
        ),
        (
            409,
            r#"{"status":"ERROR","message":"no"}"#,
            FailureKind::BadRequest,
        ),
        (500, r#"{"status":"ERROR"}"#, FailureKind::ServerError),
    ] {
        let failure = ImportAnswer::parse(&rules, status, body.as_bytes(), 3).unwrap_err();
        assert_eq!(failure.kind, kind, "{status} {body}");
    }
}

#[test]
fn a_bare_summary_is_read_like_one_in_its_envelope() {
    for version in VERSIONS {
        let step = named(
            version,
            "import-bad-requests",
            "five good and two bad types",
        );
        let body: Value = serde_json::from_slice(&step.response.body).unwrap();
        let bare = serde_json::to_vec(&body["response"]).unwrap();
        let rules = differences(version);
        let status = step.response.status;
        assert_eq!(
            ImportAnswer::parse(&rules, status, &bare, 7),
            ImportAnswer::parse(&rules, status, &step.response.body, 7)
        );
    }
}

#[test]
fn new_changed_and_unchanged_are_told_as_far_as_the_counters_do() {
    use Effect::{Changed, New, Unchanged, Untold};
    for (scenario, name, till_42, since_43) in [
        ("import-good", "three new", New, Untold),
        ("import-good", "the same three again", Unchanged, Untold),
        (
            "import-good",
            "one changed, one same, one new",
            Untold,
            Untold,
        ),
        ("import-options", "delete strategy", Changed, Untold),
    ] {
        for version in VERSIONS {
            let sent = sent(&named(version, scenario, name)).unwrap().len();
            let answer = answer(version, scenario, name, sent);
            let effect = if version == "2.43.1" {
                since_43
            } else {
                till_42
            };
            let expected = vec![Outcome::Accepted(effect); sent];
            assert_eq!(answer.outcomes, expected, "{version} {name}");
        }
    }
}

/// Shapes that no recorded server wrote, but others may: faults without a place.
#[test]
fn what_an_answer_leaves_open_is_unknown() {
    let rules = differences("2.41.9");
    let told = |status: u16, counters: [u64; 4], conflicts: Value, rejected: Value| {
        let [imported, updated, ignored, deleted] = counters;
        let body = json!({"response": {
            "status": "WARNING",
            "importCount": {"imported": imported, "updated": updated, "ignored": ignored,
                            "deleted": deleted},
            "conflicts": conflicts,
            "rejectedIndexes": rejected,
        }});
        let answer = ImportAnswer::parse(&rules, status, body.to_string().as_bytes(), 3);
        let short = |outcome: &Outcome| match outcome {
            Outcome::Accepted(effect) => format!("{effect:?}"),
            Outcome::Refused { code, .. } => format!("refused {code}"),
            Outcome::Unknown => "unknown".to_owned(),
        };
        answer
            .unwrap()
            .outcomes
            .iter()
            .map(short)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let fault = json!([{"object": "deX", "value": "no", "errorCode": "E7610"}]);
    for (status, counters, conflicts, rejected, expected) in [
        // The fault names no place, the list of rejected ones does.
        (
            409,
            [2, 0, 1, 0],
            fault.clone(),
            json!([1]),
            "New, refused E7610, New",
        ),
        // Neither does: one of the three is refused or equal, and nobody says which.
        (
            409,
            [2, 0, 1, 0],
            fault.clone(),
            Value::Null,
            "unknown, unknown, unknown",
        ),
        // All were taken, whatever the fault was about.
        (
            409,
            [3, 0, 0, 0],
            fault.clone(),
            Value::Null,
            "New, New, New",
        ),
        // Two faults, one place each would be a guess.
        (
            409,
            [1, 0, 2, 0],
            json!([{"value": "a", "errorCode": "E1"}, {"value": "b", "errorCode": "E2"}]),
            json!([0, 2]),
            "refused , New, refused ",
        ),
        // The counters leave one out.
        (
            200,
            [2, 0, 0, 0],
            json!([]),
            json!([]),
            "unknown, unknown, unknown",
        ),
        // They count one too many.
        (
            200,
            [3, 1, 0, 0],
            json!([]),
            json!([]),
            "unknown, unknown, unknown",
        ),
        // Nothing is counted, and nothing is said (a 0 that is not kept, up to 2.42).
        (
            200,
            [0, 0, 0, 0],
            json!([]),
            json!([]),
            "unknown, unknown, unknown",
        ),
        // More is ignored than refused: the rest was equal.
        (
            409,
            [0, 0, 3, 0],
            json!([{"value": "a", "errorCode": "E7619", "indexes": [2]}]),
            json!([2]),
            "Unchanged, Unchanged, refused E7619",
        ),
        // A status of success does not make a refusal a success.
        (
            200,
            [0, 0, 3, 0],
            json!([{"value": "a", "errorCode": "E7619", "indexes": [0, 1, 2]}]),
            Value::Null,
            "refused E7619, refused E7619, refused E7619",
        ),
    ] {
        assert_eq!(told(status, counters, conflicts, rejected), expected);
    }
}
