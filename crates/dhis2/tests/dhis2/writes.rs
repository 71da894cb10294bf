//! Writing data values: the body, and what each answer is taken for.
use crate::common::{VERSIONS, differences, named, sent, steps};
use tributary_dhis2::testing::{FakeTransport, block_on};
use tributary_dhis2::values::{OutgoingValue, write_body};
use tributary_dhis2::{Client, FailureKind, Method, Response, TransportError};

fn outgoing(value: &'static str) -> OutgoingValue<'static> {
    OutgoingValue {
        data_element: "deIntZeroP1",
        period: "202601",
        org_unit: "ouFacA10001",
        category_option_combo: "HllvX50cXC0",
        attribute_option_combo: "HllvX50cXC0",
        value,
        comment: None,
    }
}

#[test]
fn the_body_of_a_write() {
    let with_comment = OutgoingValue {
        comment: Some("counted \"twice\""),
        ..outgoing("Pluie à l’école")
    };
    let body = write_body("dsMonthly01", &[outgoing("12"), with_comment]).unwrap();
    insta::assert_snapshot!(String::from_utf8(body).unwrap());
}

/// An answer with this status, header and body.
fn answer(status: u16, header: (&str, &str), body: &str) -> Result<Response, TransportError> {
    Ok(Response {
        status,
        headers: vec![(header.0.to_owned(), header.1.to_owned())],
        body: body.into(),
        redirected: false,
    })
}

/// Whatever comes in place of a summary is a failure of its own, and the write is not sent
/// a second time.
#[test]
fn a_write_is_sent_once_whatever_comes() {
    const HTML: (&str, &str) = ("content-type", "text/html");
    const JSON: (&str, &str) = ("content-type", "application/json");
    let summary = r#"{"response":{"importCount":{"imported":1"#;
    let login = "<html><form><input type=\"password\"></form></html>";
    let redirected = |answer: Result<Response, TransportError>| {
        answer.map(|response| Response {
            redirected: true,
            ..response
        })
    };
    for (answer, kind) in [
        // No answer.
        (Err(TransportError::TimedOut), FailureKind::TimedOut),
        (Err(TransportError::Aborted), FailureKind::Interrupted),
        (
            Err(TransportError::Network("reset".into())),
            FailureKind::NetworkDown,
        ),
        // The session ended meanwhile.
        (
            answer(401, JSON, r#"{"httpStatusCode":401}"#),
            FailureKind::LoggedOut,
        ),
        (answer(302, HTML, ""), FailureKind::LoggedOut),
        (
            redirected(answer(200, HTML, "<html>")),
            FailureKind::LoggedOut,
        ),
        (answer(200, HTML, login), FailureKind::LoggedOut),
        // A body that is no summary, or only its begin.
        (answer(200, JSON, ""), FailureKind::EmptyAnswer),
        (answer(200, JSON, summary), FailureKind::WrongContent),
        (answer(200, JSON, "{}"), FailureKind::WrongContent),
        (answer(200, HTML, "<html>"), FailureKind::WrongContent),
        (answer(200, JSON, "null"), FailureKind::WrongContent),
        // Refused at the door.
        (
            answer(403, JSON, r#"{"message":"Access is denied"}"#),
            FailureKind::Forbidden,
        ),
        (answer(404, HTML, "<html>"), FailureKind::NotFound),
        (
            answer(409, JSON, r#"{"message":"no"}"#),
            FailureKind::Conflict,
        ),
        (answer(413, HTML, "<html>"), FailureKind::TooLarge),
        (answer(415, JSON, "{}"), FailureKind::BadRequest),
        (
            answer(429, ("retry-after", "7"), ""),
            FailureKind::TooManyRequests,
        ),
        (answer(502, HTML, "<html>"), FailureKind::ServerError),
        (answer(504, HTML, "<html>"), FailureKind::TimedOut),
    ] {
        for version in VERSIONS {
            let told = format!("{version} {answer:?}");
            let transport =
                FakeTransport::new().expect(Method::Post, "api/dataValueSets", answer.clone());
            let client = Client::own(transport, differences(version));
            let failure = block_on(client.write_values("dsMonthly01", &[outgoing("1")]));
            let failure = failure.unwrap_err();
            assert_eq!(failure.kind, kind, "{told}");
            let waits = (kind == FailureKind::TooManyRequests).then_some(7);
            assert_eq!(failure.retry_after_seconds, waits, "{told}");
            client.transport().finish();
        }
    }
}

/// Every recorded answer to an import that is no summary.
#[test]
fn recorded_answers_that_are_no_summary() {
    let mut seen = 0;
    for version in VERSIONS {
        for scenario in ["import-bad-values", "import-bad-requests", "cors"] {
            for step in steps(version, scenario) {
                let Some(values) = sent(&step) else { continue };
                let text = String::from_utf8_lossy(&step.response.body).into_owned();
                if text.contains("importCount") {
                    continue;
                }
                let kind = match step.response.status {
                    200 => FailureKind::EmptyAnswer,
                    400 => FailureKind::BadRequest,
                    409 => FailureKind::Conflict,
                    500 => FailureKind::ServerError,
                    other => panic!("{version} {}: {other}", step.name),
                };
                let answer = Ok(step.response.clone());
                let transport =
                    FakeTransport::new().expect(Method::Post, "api/dataValueSets", answer);
                let client = Client::own(transport, differences(version));
                let outgoing = vec![outgoing("1"); values.len()];
                let failure = block_on(client.write_values("dsMonthly01", &outgoing)).unwrap_err();
                assert_eq!(failure.kind, kind, "{version} {} {failure}", step.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 3, "{seen}");
}

#[test]
fn a_write_gives_back_the_recorded_answer() {
    for version in VERSIONS {
        let step = named(
            version,
            "import-bad-requests",
            "clerk, own and other region",
        );
        let answer = Ok(step.response);
        let transport = FakeTransport::new().expect(Method::Post, "api/dataValueSets", answer);
        let client = Client::own(transport, differences(version));
        let values = [outgoing("1"), outgoing("2")];
        let answer = block_on(client.write_values("dsMonthly01", &values)).unwrap();
        let whole = differences(version).key_fault_refuses_whole_request;
        assert_eq!(answer.refused(), if whole { 2 } else { 1 }, "{version}");
        assert!(answer.counters_add_up());
    }
}
