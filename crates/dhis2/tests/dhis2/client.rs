//! How the client behaves around its requests: what is sent again, what is asked besides,
//! how queries are encoded, and the bodies of Routes.
use crate::common::{VERSIONS, differences, named};
use serde_json::json;
use std::cell::Cell;
use std::rc::Rc;
use tributary_dhis2::client::Reading;
use tributary_dhis2::patience::{Patience, Pauses};
use tributary_dhis2::query::Query;
use tributary_dhis2::routes::{Credentials, NewRoute, Secret};
use tributary_dhis2::testing::{FakeTransport, block_on};
use tributary_dhis2::{Client, FailureKind, Method, Response, Side, TransportError};

const THROUGH: &str = "api/routes/src/run/me?fields=id";

fn empty(status: u16) -> Result<Response, TransportError> {
    Ok(Response {
        status,
        ..Response::default()
    })
}

fn get_id<T: tributary_dhis2::Transport>(
    client: &Client<T>,
) -> Result<serde_json::Value, tributary_dhis2::Failure> {
    let query = Query::new().with("fields", "id");
    block_on(client.get_json("me", &query, Reading::Small))
}

#[test]
fn a_hung_read_through_a_route_is_sent_again() {
    let transport = FakeTransport::new()
        .expect(Method::Get, THROUGH, empty(504))
        .expect(Method::Get, THROUGH, Err(TransportError::TimedOut))
        .get(THROUGH, 200, r#"{"id":"x"}"#);
    let client = Client::through_route(transport, "src", differences("2.43.1"));
    assert_eq!(get_id(&client).unwrap(), json!({"id": "x"}));
    client.transport().finish();
    let patience: Vec<_> = client
        .transport()
        .seen()
        .iter()
        .map(|r| r.timeout_millis)
        .collect();
    assert_eq!(patience, [Some(10_000), Some(10_000), Some(65_000)]);
}

/// What a read met with again and again, how often it is sent, and how long is waited at
/// least in all.
#[test]
fn a_read_is_sent_again_where_that_may_help() {
    let answer = |status, headers: &[(&str, &str)], body: &str| {
        let headers = headers.iter().map(|(n, v)| ((*n).into(), (*v).into()));
        Ok(Response {
            status,
            headers: headers.collect(),
            body: body.into(),
            redirected: false,
        })
    };
    let down = || Err(TransportError::Network("reset".into()));
    let refused = r#"{"httpStatusCode":403,"message":"no"}"#;
    let page = "<html>Bad gateway</html>";
    for (answers, sendings, waited) in [
        (down(), 3, 750),
        (Err(TransportError::TimedOut), 3, 750),
        (answer(502, &[], page), 3, 750),
        (answer(504, &[], page), 3, 750),
        (answer(503, &[("retry-after", "8")], ""), 3, 16_000),
        (answer(503, &[("retry-after", "3600")], ""), 1, 0),
        (answer(429, &[("retry-after", "30")], ""), 3, 60_000),
        (answer(429, &[("retry-after", "121")], ""), 1, 0),
        (answer(429, &[], ""), 3, 6_000),
        (answer(500, &[], "{}"), 2, 250),
        (answer(200, &[], page), 2, 250),
        (answer(200, &[], r#"{"id":"#), 2, 250),
        (answer(401, &[], "{}"), 1, 0),
        (answer(403, &[("retry-after", "1")], refused), 1, 0),
        (answer(404, &[], "{}"), 1, 0),
        (answer(409, &[], "{}"), 1, 0),
        (answer(200, &[], ""), 1, 0),
        (Err(TransportError::Aborted), 1, 0),
    ] {
        let path = "api/me?fields=id";
        let told = format!("{answers:?}");
        let mut transport = FakeTransport::new();
        for _ in 0..sendings {
            transport = transport.expect(Method::Get, path, answers.clone());
        }
        let client = Client::own(transport, differences("2.43.1"));
        assert!(get_id(&client).is_err(), "{told}");
        client.transport().finish();
        assert_eq!(client.transport().waited(), waited, "{told}");

        // Where it passes, nobody hears of it; without patience it is sent once.
        if sendings > 1 {
            let transport = FakeTransport::new()
                .expect(Method::Get, path, answers.clone())
                .get(path, 200, r#"{"id":"x"}"#);
            let client = Client::own(transport, differences("2.43.1"));
            assert!(get_id(&client).is_ok(), "{told}");
        }
        let transport = FakeTransport::new().expect(Method::Get, path, answers);
        let client = Client::own(transport, differences("2.43.1")).without_patience();
        assert!(get_id(&client).is_err(), "{told}");
    }
}

#[test]
fn nothing_is_tried_again_once_it_is_stopped() {
    let stopped = Rc::new(Cell::new(false));
    let pauses = Rc::new(Pauses::until(Rc::clone(&stopped)));
    let transport = FakeTransport::new();
    let client = Client::own(transport, differences("2.43.1")).with_pauses(Rc::clone(&pauses));
    let mut tries = 0;
    let outcome: Result<(), _> = block_on(client.patiently(Patience::LARGE, async || {
        tries += 1;
        stopped.set(tries == 2);
        let kind = FailureKind::NetworkDown;
        Err(tributary_dhis2::Failure::new(Side::Network, kind, "x", ""))
    }));
    assert_eq!(outcome.unwrap_err().kind, FailureKind::NetworkDown);
    assert_eq!((tries, client.transport().waited()), (2, 500));
    assert_eq!(pauses.longest(), None);
}

#[test]
fn a_401_through_a_route_asks_for_the_own_session() {
    let unauthorized = r#"{"httpStatusCode":401,"status":"ERROR","message":"Unauthorized"}"#;
    for (own_status, own, side, kind) in [
        (
            200,
            r#"{"id":"x"}"#,
            Side::Source,
            FailureKind::SourceRefusedLogin,
        ),
        (401, unauthorized, Side::Destination, FailureKind::LoggedOut),
        (500, "", Side::Destination, FailureKind::ServerError),
    ] {
        let transport = FakeTransport::new().get(THROUGH, 401, unauthorized).get(
            "api/me?fields=id",
            own_status,
            own,
        );
        let client = Client::through_route(transport, "src", differences("2.42.5.2"));
        let client = client.without_patience();
        let failure = get_id(&client).unwrap_err();
        assert_eq!((failure.side, failure.kind), (side, kind));
        client.transport().finish();
    }
}

/// A session that ends in the middle of a run: what was read before stays good, the next
/// request says so, through both doors, and whatever the source answers.
#[test]
fn a_session_that_ends_midway_is_told_as_such() {
    let unauthorized = r#"{"httpStatusCode":401,"status":"ERROR","message":"Unauthorized"}"#;
    let own_path = "api/me?fields=id";
    for version in VERSIONS {
        let own = Client::own(
            FakeTransport::new()
                .get(own_path, 200, r#"{"id":"x"}"#)
                .get(own_path, 401, unauthorized),
            differences(version),
        );
        assert!(get_id(&own).is_ok(), "{version}");
        let failure = get_id(&own).unwrap_err();
        let expected = (Side::Destination, FailureKind::LoggedOut);
        assert_eq!((failure.side, failure.kind), expected, "{version}");

        let route = Client::through_route(
            FakeTransport::new()
                .get(THROUGH, 200, r#"{"id":"x"}"#)
                .get(THROUGH, 401, unauthorized)
                .get(own_path, 401, unauthorized)
                // Logged in again, the source's own refusal is one.
                .get(THROUGH, 401, unauthorized)
                .get(own_path, 200, r#"{"id":"x"}"#),
            "src",
            differences(version),
        );
        assert!(get_id(&route).is_ok(), "{version}");
        let failure = get_id(&route).unwrap_err();
        assert_eq!((failure.side, failure.kind), expected, "{version}");
        let failure = get_id(&route).unwrap_err();
        let expected = (Side::Source, FailureKind::SourceRefusedLogin);
        assert_eq!((failure.side, failure.kind), expected, "{version}");
        route.transport().finish();
    }
}

#[test]
fn an_empty_503_through_a_route_asks_whether_the_address_is_allowed() {
    const ASKED: &str = "api/routes/src/run?allowed=%20";
    let illegal = named("2.43.1", "routes", "run, space in value").response;
    for (answer, side, kind) in [
        (empty(503), Side::Destination, FailureKind::HostNotAllowed),
        (Ok(illegal), Side::Source, FailureKind::ServerError),
        (
            Err(TransportError::TimedOut),
            Side::Destination,
            FailureKind::HostNotAllowedOrSourceDown,
        ),
        (
            empty(400),
            Side::Destination,
            FailureKind::HostNotAllowedOrSourceDown,
        ),
    ] {
        let transport = FakeTransport::new()
            .expect(Method::Get, THROUGH, empty(503))
            .expect(Method::Get, ASKED, answer);
        let client = Client::through_route(transport, "src", differences("2.43.1"));
        let client = client.without_patience();
        let failure = get_id(&client).unwrap_err();
        assert_eq!((failure.side, failure.kind), (side, kind));
        client.transport().finish();
    }
    // Earlier patches send such a query on: nothing is asked.
    let transport = FakeTransport::new().expect(Method::Get, THROUGH, empty(503));
    let client = Client::through_route(transport, "src", differences("2.42.3"));
    let client = client.without_patience();
    let kind = get_id(&client).unwrap_err().kind;
    assert_eq!(kind, FailureKind::HostNotAllowedOrSourceDown);
    let own = Client::own(FakeTransport::new(), differences("2.43.1"));
    assert_eq!(block_on(own.route_address_is_allowed()), None);
}

#[test]
fn a_cut_off_document_is_wrong_content_and_never_a_success() {
    for body in [r#"{"id":"x""#, r#"{"id":"#, "[", "\"", "{}}"] {
        let path = "api/me?fields=id";
        let own = Client::own(
            FakeTransport::new().get(path, 200, body),
            differences("2.43.1"),
        )
        .without_patience();
        let failure = get_id(&own).unwrap_err();
        assert_eq!(failure.kind, FailureKind::WrongContent, "{body}");
        assert_eq!(failure.status, Some(200));
    }
}

#[test]
fn queries_arrive_as_they_were_recorded_to() {
    for (version, expected) in [
        ("2.40.12", "query=District%201&fields=id"),
        ("2.41.9", "query=District%201&fields=id"),
        ("2.42.5.2", "query=District%25201&fields=id"),
        ("2.43.1", "query=District%25201&fields=id"),
    ] {
        let path = format!("api/routes/src/run/organisationUnits?{expected}");
        let transport = FakeTransport::new().get(&path, 200, "{}");
        let client = Client::through_route(transport, "src", differences(version));
        let query = Query::new()
            .with("query", "District 1")
            .with("fields", "id");
        let answer: Result<serde_json::Value, _> =
            block_on(client.get_json("organisationUnits", &query, Reading::Small));
        assert!(answer.is_ok(), "{version}");
    }
    // Brackets pass encoded once everywhere but on the patches that encode again, where a
    // list of fields travels in round ones.
    for (version, value, sendable) in [
        ("2.40.12", "categoryCombo[id]", true),
        ("2.43.1", "categoryCombo[id]", true),
        ("2.40.12", "a&b", false),
        ("2.43.1", "a&b", true),
        ("2.42.3", "categoryCombo[id]", true),
        ("2.42.3", "name~rename(x)|y", false),
        ("2.42.3", "id,code", true),
    ] {
        let (open, close) = match version {
            "2.42.3" => ("(", ")"),
            _ => ("%5B", "%5D"),
        };
        let escaped = value
            .replace('[', open)
            .replace(']', close)
            .replace('&', "%2526");
        let path = format!("api/routes/src/run/x?fields={escaped}");
        let transport = FakeTransport::new().get(&path, 200, "{}");
        let client = Client::through_route(transport, "src", differences(version));
        let query = Query::new().with("fields", value);
        let answer: Result<serde_json::Value, _> =
            block_on(client.get_json("x", &query, Reading::Small));
        let kind = answer.err().map(|failure| failure.kind);
        let expected = (!sendable).then_some(FailureKind::NotSendable);
        assert_eq!(kind, expected, "{version} {value}");
    }
}

fn new_route(credentials: Credentials) -> NewRoute {
    NewRoute {
        code: "malaria".into(),
        name: "Malaria programme".into(),
        address: "https://malaria.example.org/dhis".into(),
        credentials,
        reader_groups: vec!["ugClerks001".into()],
    }
}

#[test]
fn a_route_is_made_with_its_secret_and_sharing_in_one_request() {
    let basic = Credentials::Basic {
        username: "reader".into(),
        password: Secret::new(" s3cret "),
    };
    let token = Credentials::Token(Secret::new("d2p_abc"));
    for (name, credentials) in [("route_basic", basic), ("route_token", token)] {
        for version in VERSIONS {
            let step = named(version, "routes", "create");
            let transport =
                FakeTransport::new().expect(Method::Post, "api/routes", Ok(step.response));
            let client = Client::own(transport, differences(version));
            let route = new_route(credentials.clone());
            assert!(!format!("{route:?}").contains("s3cret"));
            assert!(!format!("{route:?}").contains("d2p_abc"));
            assert_eq!(
                block_on(client.create_route(&route)).unwrap(),
                "rtSelf00001"
            );
            let seen = client.transport().seen();
            assert!(!format!("{seen:?}").contains("s3cret"));
            let body: serde_json::Value =
                serde_json::from_slice(seen[0].body.as_ref().unwrap()).unwrap();
            insta::assert_json_snapshot!(name, body);
        }
    }
}

#[test]
fn a_route_that_may_not_be_made() {
    for version in VERSIONS {
        let step = named(version, "routes", "create, clerk");
        let transport = FakeTransport::new().expect(Method::Post, "api/routes", Ok(step.response));
        let client = Client::own(transport, differences(version));
        let route = new_route(Credentials::Token(Secret::new("d2p_abc")));
        let failure = block_on(client.create_route(&route)).unwrap_err();
        assert_eq!(
            failure.kind,
            FailureKind::RouteNotPermittedToCreate,
            "{version}"
        );
    }
}
