//! Every import answer of the recordings, read and held against what it says itself.
use crate::common::{VERSIONS, differences, named, scenarios, sent, steps};
use serde_json::Value;
use std::collections::BTreeSet;
use tributary_dhis2::Differences;
use tributary_dhis2::values::{Effect, ImportAnswer, Outcome};

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
