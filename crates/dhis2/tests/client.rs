//! How the client behaves around its requests: what is sent again, what is asked besides,
//! how queries are encoded, and the bodies of Routes and the dataStore.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a recording that is not as expected must fail the test"
)]

mod common;

use common::{VERSIONS, differences, named};
use serde_json::json;
use tributary_dhis2::client::{MAX_SENDINGS, Reading};
use tributary_dhis2::data_store::{
    Created, EntryAccess, EntrySharing, MAX_VALUE_BYTES, PAGE_SIZE, Updated,
};
use tributary_dhis2::query::Query;
use tributary_dhis2::routes::{Credentials, NewRoute, Secret};
use tributary_dhis2::testing::{FakeTransport, block_on, json_response};
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

#[test]
fn a_read_is_not_sent_for_ever() {
    let mut transport = FakeTransport::new();
    for _ in 0..MAX_SENDINGS {
        transport = transport.expect(Method::Get, THROUGH, empty(504));
    }
    let client = Client::through_route(transport, "src", differences("2.43.1"));
    let failure = get_id(&client).unwrap_err();
    assert_eq!(
        (failure.side, failure.kind),
        (Side::Source, FailureKind::TimedOut)
    );
    client.transport().finish();

    let transport = FakeTransport::new().expect(Method::Get, "api/me?fields=id", empty(504));
    let own = Client::own(transport, differences("2.43.1"));
    assert_eq!(get_id(&own).unwrap_err().side, Side::Destination);
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
        let failure = get_id(&client).unwrap_err();
        assert_eq!((failure.side, failure.kind), (side, kind));
        client.transport().finish();
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
        let failure = get_id(&client).unwrap_err();
        assert_eq!((failure.side, failure.kind), (side, kind));
        client.transport().finish();
    }
    // Earlier patches send such a query on: nothing is asked.
    let transport = FakeTransport::new().expect(Method::Get, THROUGH, empty(503));
    let client = Client::through_route(transport, "src", differences("2.42.3"));
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
        );
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
    // Brackets pass encoded once everywhere but on the patches that encode again.
    for (version, value, sendable) in [
        ("2.40.12", "categoryCombo[id]", true),
        ("2.43.1", "categoryCombo[id]", true),
        ("2.40.12", "a&b", false),
        ("2.43.1", "a&b", true),
        ("2.42.3", "categoryCombo[id]", false),
        ("2.42.3", "id,code", true),
    ] {
        let escaped = value
            .replace('[', "%5B")
            .replace(']', "%5D")
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

const KEY: &str = "api/dataStore/tributary/mapping.a";

fn store(transport: FakeTransport) -> Client<FakeTransport> {
    Client::own(transport, differences("2.42.5.2"))
}

#[test]
fn a_stored_value_is_read_or_is_not_there() {
    for version in VERSIONS {
        let step = |name| Ok(named(version, "data-store", name).response);
        let there = store(FakeTransport::new().expect(Method::Get, KEY, step("read")));
        let value: Option<serde_json::Value> =
            block_on(there.stored("tributary", "mapping.a")).unwrap();
        assert_eq!(value.unwrap()["name"], "Ünïcode \"q\" <b>", "{version}");

        let missing = store(FakeTransport::new().expect(Method::Get, KEY, step("no key")));
        let value: Option<serde_json::Value> =
            block_on(missing.stored("tributary", "mapping.a")).unwrap();
        assert_eq!(value, None, "{version}");

        let path = "api/dataStore/tributary";
        let keys = store(FakeTransport::new().expect(Method::Get, path, step("keys")));
        assert_eq!(block_on(keys.stored_keys("tributary")).unwrap(), ["a", "b"]);
        let nothing = step("keys of nothing");
        let nothing = store(FakeTransport::new().expect(Method::Get, path, nothing));
        assert!(
            block_on(nothing.stored_keys("tributary"))
                .unwrap()
                .is_empty()
        );

        let path = format!("{KEY}/metaData");
        let meta = store(FakeTransport::new().expect(Method::Get, &path, step("meta")));
        let meta = block_on(meta.stored_meta("tributary", "mapping.a")).unwrap();
        assert!(meta.may_write && meta.id.len() == 11, "{version}");
    }
    // A page in place of DHIS2's own 404 is no "not there".
    let proxy = store(FakeTransport::new().get(KEY, 404, "<html>no</html>"));
    let value: Result<Option<serde_json::Value>, _> =
        block_on(proxy.stored("tributary", "mapping.a"));
    assert_eq!(value.unwrap_err().kind, FailureKind::NotFound);
}

#[test]
fn an_object_is_created_only_where_there_is_none() {
    for version in VERSIONS {
        for (step, expected) in [
            ("create", Created::Yes),
            ("create again", Created::AlreadyThere),
        ] {
            let answer = Ok(named(version, "data-store", step).response);
            let client = store(FakeTransport::new().expect(Method::Post, KEY, answer));
            let value = json!({"schema": 1, "revision": 1});
            let created = block_on(client.store_new("tributary", "mapping.a", &value)).unwrap();
            assert_eq!(created, expected, "{version}");
        }
    }
}

#[test]
fn an_update_over_somebody_elses_is_refused() {
    let value = json!({"revision": 3, "mine": true});
    let theirs = r#"{"revision":4,"mine":false}"#;
    let client = store(FakeTransport::new().get(KEY, 200, theirs));
    let updated = block_on(client.store_update("tributary", "mapping.a", &value, 2)).unwrap();
    let theirs = theirs.as_bytes().to_vec();
    let their_revision = 4;
    assert_eq!(
        updated,
        Updated::LostUpdate {
            theirs,
            their_revision
        }
    );
    client.transport().finish();

    let put = Ok(json_response(
        200,
        r#"{"httpStatusCode":200,"status":"OK"}"#,
    ));
    let client = store(
        FakeTransport::new()
            .get(KEY, 200, r#"{"revision":2}"#)
            .expect(Method::Put, KEY, put),
    );
    let updated = block_on(client.store_update("tributary", "mapping.a", &value, 2)).unwrap();
    assert_eq!(updated, Updated::Yes);
    let sent = client.transport().seen()[1].body.clone().unwrap();
    insta::assert_snapshot!("stored_value", String::from_utf8(sent).unwrap());

    let gone = Ok(named("2.42.5.2", "data-store", "no key").response);
    let client = store(FakeTransport::new().expect(Method::Get, KEY, gone));
    let updated = block_on(client.store_update("tributary", "mapping.a", &value, 2)).unwrap();
    assert_eq!(updated, Updated::Gone);
}

#[test]
fn too_large_a_value_is_never_sent() {
    let client = store(FakeTransport::new());
    let value = "x".repeat(MAX_VALUE_BYTES);
    let failure = block_on(client.store_new("tributary", "mapping.a", &value)).unwrap_err();
    assert_eq!(failure.kind, FailureKind::TooLarge);
}

#[test]
fn entries_are_read_page_by_page() {
    let path = |page| {
        format!(
            "api/dataStore/tributary?fields=.&order=_:asc&filter=_:startswith:mapping.\
             &page={page}&pageSize=1000"
        )
    };
    let page = |from: usize, count: usize| {
        let entries: Vec<_> = (from..from + count)
            .map(|n| json!({"key": format!("mapping.{n:05}"), "value": {"n": n}}))
            .collect();
        json!({"pager": {"page": 1, "pageSize": 1000}, "entries": entries}).to_string()
    };
    let client = store(
        FakeTransport::new()
            .get(&path(1), 200, &page(0, PAGE_SIZE))
            .get(&path(2), 200, &page(PAGE_SIZE, 3)),
    );
    let entries = block_on(client.stored_entries::<serde_json::Value>("tributary", "mapping."));
    let entries = entries.unwrap();
    assert_eq!(entries.len(), PAGE_SIZE + 3);
    assert_eq!(entries[PAGE_SIZE + 2].value["n"], PAGE_SIZE + 2);
    client.transport().finish();

    for version in &VERSIONS[1..] {
        let path = "api/dataStore/x?fields=.&order=_:asc&page=1&pageSize=1000";
        let answer = Ok(named(version, "data-store", "query all").response);
        let client = store(FakeTransport::new().expect(Method::Get, path, answer));
        let entries: Vec<tributary_dhis2::data_store::Entry<serde_json::Value>> =
            block_on(client.stored_entries("x", "")).unwrap();
        assert_eq!(
            entries[0].value,
            json!({"rev": 2, "deep": {"x": 7}}),
            "{version}"
        );
    }
}

#[test]
fn sharing_and_removing_an_entry() {
    let path = "api/sharing?type=dataStore&id=nTx4x37sNQf";
    // 2.41.9's recording leaves out what depends on a changed sharing.
    let shared = ["2.40.12", "2.42.5.2", "2.43.1"];
    for version in shared {
        let answer = Ok(named(version, "data-store", "share read only").response);
        let client = store(FakeTransport::new().expect(Method::Post, path, answer));
        let sharing = EntrySharing {
            everybody: EntryAccess::Read,
            writer_groups: vec!["ugManager01".into()],
            writer_users: Vec::new(),
        };
        block_on(client.share_stored("nTx4x37sNQf", &sharing)).unwrap();
        let body = client.transport().seen()[0].body.clone().unwrap();
        insta::assert_snapshot!("sharing", String::from_utf8(body).unwrap());
    }
    for version in shared {
        for (step, removed) in [("delete", true), ("delete again", false)] {
            let answer = Ok(named(version, "data-store", step).response);
            let client = store(FakeTransport::new().expect(Method::Delete, KEY, answer));
            assert_eq!(
                block_on(client.remove_stored("tributary", "mapping.a")),
                Ok(removed)
            );
        }
    }
}
