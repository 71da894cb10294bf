//! Answers to imports that no recorded server gave, but others may: what is no summary, and
//! summaries that leave something open.
use crate::common::differences;
use serde_json::{Value, json};
use tributary_dhis2::FailureKind;
use tributary_dhis2::values::{ImportAnswer, Outcome};

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
