//! Every import answer of the recordings, read and held against what it says itself.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a recording that is not as expected must fail the test"
)]

mod common;

use common::{VERSIONS, differences, named, steps};
use serde_json::Value;
use tributary_dhis2::FailureKind;
use tributary_dhis2::values::{ImportAnswer, Outcome};

const SCENARIOS: [&str; 5] = [
    "import-good",
    "import-bad-values",
    "import-bad-requests",
    "import-options",
    "zz-import-rules",
];

/// Steps whose counters leave values out, by the servers' own doing: what is not counted
/// must be read back. Equal cells are counted once, a 0 of an element that keeps none is
/// dropped (both ≤2.42).
fn leaves_values_uncounted(version: &str, name: &str) -> bool {
    version != "2.43.1"
        && (name.starts_with("two equal cells") || name.starts_with("zero not significant"))
}

/// Steps that count more than the values sent: the deletion scope's (2.43), which we never
/// send.
fn counts_more(version: &str, name: &str) -> bool {
    version == "2.43.1" && name == "deletion scope"
}

#[test]
fn every_answer_accounts_for_every_value() {
    let mut read = 0;
    for version in VERSIONS {
        let rules = differences(version);
        for scenario in SCENARIOS {
            for step in steps(version, scenario) {
                let values = &step.request["json"]["dataValues"];
                let (Some(sent), Some("POST"), Some("/api/dataValueSets")) = (
                    values.as_array().map(Vec::len),
                    step.request["method"].as_str(),
                    step.request["path"].as_str(),
                ) else {
                    continue;
                };
                let told = format!("{version} {scenario} {:?}", step.name);
                let body: Value = serde_json::from_slice(&step.response.body).unwrap();
                let answer =
                    ImportAnswer::parse(&rules, step.response.status, &step.response.body, sent);
                let summary = &body["response"];
                if summary["importCount"].is_null() {
                    assert!(answer.is_err(), "{told}");
                    continue;
                }
                let answer = answer.unwrap_or_else(|failure| panic!("{told}: {failure}"));
                read += 1;

                let not_refused = answer
                    .outcomes
                    .iter()
                    .filter(|outcome| **outcome == Outcome::NotRefused)
                    .count();
                assert_eq!(answer.sent(), sent, "{told}");
                assert_eq!(answer.refused() + not_refused, sent, "{told}");

                let uncounted = leaves_values_uncounted(version, &step.name);
                let counts_more = counts_more(version, &step.name);
                let expected = !uncounted && !counts_more;
                assert_eq!(answer.counters_add_up(), expected, "{told}: {answer:?}");

                // What the server lists as rejected is refused, and nothing else is, unless
                // it refused everything.
                let rejected: Vec<u64> = summary["rejectedIndexes"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter_map(Value::as_u64)
                    .collect();
                if answer.whole_request_refused.is_some() {
                    assert_eq!(answer.refused(), sent, "{told}");
                    assert_eq!(step.response.status, 409, "{told}");
                } else {
                    assert_eq!(answer.refused(), rejected.len(), "{told}");
                    for index in rejected {
                        let outcome = &answer.outcomes[usize::try_from(index).unwrap()];
                        assert!(matches!(outcome, Outcome::Refused { .. }), "{told}");
                    }
                }
                // Each conflict's code stands at the values it names.
                for conflict in &answer.conflicts {
                    assert!(
                        !conflict.code.is_empty() && !conflict.message.is_empty(),
                        "{told}"
                    );
                    for index in &conflict.indexes {
                        let Outcome::Refused { code, .. } = &answer.outcomes[*index] else {
                            panic!("{told}: {index} has a conflict and is not refused");
                        };
                        assert!(!code.is_empty(), "{told}");
                    }
                }
            }
        }
    }
    assert!(read > 600, "only {read} answers were read");
}

fn answer(version: &str, scenario: &str, name: &str, sent: usize) -> ImportAnswer {
    let step = named(version, scenario, name);
    let (status, body) = (step.response.status, step.response.body);
    ImportAnswer::parse(&differences(version), status, &body, sent).unwrap()
}

/// The codes of the values refused, `None` for those that are not.
fn codes(answer: &ImportAnswer) -> Vec<Option<&str>> {
    let code = |outcome| match outcome {
        &Outcome::NotRefused => None,
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
