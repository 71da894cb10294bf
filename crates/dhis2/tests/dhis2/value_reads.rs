//! Reading data values: which requests are made for what is wanted, and what a refused one is.

use std::collections::BTreeSet;
use tributary_dhis2::testing::{FakeTransport, block_on};
use tributary_dhis2::values::{ReadFormat, ValueRead};
use tributary_dhis2::{Client, FailureKind, Method, Response};

use super::values::HEADER;
use crate::common::differences;

fn read(org_units: usize) -> ValueRead {
    ValueRead {
        data_set: "dsMonthly01".into(),
        periods: vec!["202601".into(), "202602".into()],
        org_units: (0..org_units).map(|n| format!("ouFac{n:06}")).collect(),
        with_children: false,
        with_deleted: false,
        format: ReadFormat::Csv,
    }
}

#[test]
fn every_period_of_every_org_unit_is_asked_once() {
    for (periods, units) in [
        (0, 5),
        (5, 0),
        (1, 1),
        (12, 300),
        (400, 1),
        (800, 20),
        (200, 150),
    ] {
        let read = ValueRead {
            periods: (0..periods).map(|n| (20_200_101 + n).to_string()).collect(),
            ..read(units)
        };
        let mut asked = BTreeSet::new();
        for query in read.queries() {
            let text = query
                .encode(tributary_dhis2::query::Encoding::Direct)
                .unwrap();
            assert!(text.len() < 5_800, "{periods} {units}: {}", text.len());
            let of = |name: &'static str| {
                let parts = text.split('&');
                parts.filter_map(move |part| part.strip_prefix(name))
            };
            for period in of("period=") {
                for unit in of("orgUnit=") {
                    let new = asked.insert((period.to_owned(), unit.to_owned()));
                    assert!(new, "{period} of {unit} is asked twice");
                }
            }
        }
        assert_eq!(asked.len(), periods * units);
    }
}

fn csv_response(body: String) -> Response {
    Response {
        status: 200,
        body: body.into_bytes(),
        ..Response::default()
    }
}

#[test]
fn a_read_is_one_request_through_either_door() {
    let query = "dataSet=dsMonthly01&period=202601&period=202602&orgUnit=ouFac000000\
                 &orgUnit=ouFac000001&compression=gzip";
    let body = format!("{HEADER}\nde,202601,ou,coc,aoc,12\nde,202602,ou,coc,aoc,13\n");
    let rules = differences("2.43.1");
    for (path, route) in [
        (format!("api/dataValueSets.csv?{query}"), false),
        (
            format!("api/routes/src/run/dataValueSets.csv?{query}"),
            true,
        ),
    ] {
        let answer = Ok(csv_response(body.clone()));
        let transport = FakeTransport::new().expect(Method::Get, &path, answer);
        let client = if route {
            Client::through_route(transport, "src", rules)
        } else {
            Client::own(transport, rules)
        };
        assert_eq!(block_on(client.read_values(&read(2), |_| {})), Ok(2));
        let seen = client.transport().seen();
        let header = |name: &str| {
            let found = seen[0].headers.iter().find(|(header, _)| header == name);
            found.map(|(_, value)| value.clone())
        };
        assert_eq!(header("Accept").as_deref(), Some("*/*"));
        assert_eq!(
            header("X-Requested-With").as_deref(),
            Some("XMLHttpRequest")
        );
    }
}

#[test]
fn a_refused_read_is_a_failure_and_not_nothing() {
    let query = "dataSet=dsMonthly01&period=202601&period=202602&orgUnit=ouFac000000\
                 &compression=gzip";
    let path = format!("api/dataValueSets.csv?{query}");
    let answer = Ok(csv_response(String::new()));
    let transport = FakeTransport::new().expect(Method::Get, &path, answer);
    let client = Client::own(transport, differences("2.42.5.2"));
    let failure = block_on(client.read_values(&read(1), |_| {})).unwrap_err();
    assert_eq!(failure.kind, FailureKind::EmptyAnswer);
}

#[test]
fn long_lists_of_org_units_are_split_and_none_is_lost() {
    for org_units in [0, 1, 279, 5_000] {
        let read = read(org_units);
        let mut asked = Vec::new();
        for query in read.queries() {
            let text = query
                .encode(tributary_dhis2::query::Encoding::Direct)
                .unwrap();
            assert!(text.len() < 5_800, "{}", text.len());
            let units = text
                .split('&')
                .filter_map(|part| part.strip_prefix("orgUnit="));
            asked.extend(units.map(str::to_owned));
        }
        assert_eq!(asked, read.org_units);
    }
}

/// What DHIS2 refuses as CSV is the web server's page, and only JSON tells why; through a Route, too.
#[test]
fn what_a_500_refuses_is_asked_once_more_as_json() {
    let query = "dataSet=dsMonthly01&period=202601&period=202602&orgUnit=ouFac000000";
    let page = Response {
        status: 500,
        body: b"<!doctype html><p>At least one organisation unit</p>".to_vec(),
        ..Response::default()
    };
    let refusal = |status, body: &str| Response {
        status,
        body: body.as_bytes().to_vec(),
        ..Response::default()
    };
    let why = r#"{"httpStatus":"Conflict","httpStatusCode":409,"status":"ERROR","message":"At least one organisation unit or organisation unit group must be specified","errorCode":"E2006"}"#;
    for (answer, expected) in [
        (
            refusal(409, why),
            Err((FailureKind::Conflict, Some("E2006"))),
        ),
        (refusal(200, r#"{"dataValues":[]}"#), Ok(0)),
        (page.clone(), Err((FailureKind::ServerError, None))),
    ] {
        for door in ["api/", "api/routes/src/run/"] {
            let csv = format!("{door}dataValueSets.csv?{query}&compression=gzip");
            let json = format!("{door}dataValueSets.json?{query}");
            let transport = FakeTransport::new()
                .expect(Method::Get, &csv, Ok(page.clone()))
                .expect(Method::Get, &json, Ok(answer.clone()));
            let rules = differences("2.42.5.2");
            let client = match door {
                "api/" => Client::own(transport, rules),
                _ => Client::through_route(transport, "src", rules),
            };
            let found = block_on(client.read_values(&read(1), |_| {}));
            let found = found.map_err(|failure| (failure.kind, failure.code));
            match (&found, &expected) {
                (Ok(rows), Ok(wanted)) => assert_eq!(rows, wanted, "{door}"),
                (Err((kind, code)), Err(wanted)) => {
                    assert_eq!((kind, code.as_deref()), (&wanted.0, wanted.1), "{door}");
                }
                _ => panic!("{door}: {found:?} in place of {expected:?}"),
            }
            assert_eq!(client.transport().seen().len(), 2);
        }
    }
}
