//! Each kind of failure, classified from what real servers answered.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a recording that is not as expected must fail the test"
)]

mod common;

use common::{VERSIONS, differences, named};
use tributary_dhis2::failure::{Expected, classify, from_transport, needs_session_check};
use tributary_dhis2::{Door, FailureKind, Response, Side, TransportError};

/// What a recorded answer is classified as; the own session counts as good where asked for.
fn classified(
    version: &str,
    scenario: &str,
    name: &str,
    door: &Door,
) -> Option<(Side, FailureKind, Option<String>)> {
    let step = named(version, scenario, name);
    let path = step.request["path"]
        .as_str()
        .unwrap()
        .trim_start_matches('/');
    let rules = differences(version);
    let session = needs_session_check(door, &step.response).then_some(true);
    classify(door, path, &step.response, Expected::Json, &rules, session)
        .map(|failure| (failure.side, failure.kind, failure.code))
}

#[test]
fn recorded_answers_of_routes() {
    use FailureKind as K;
    use Side::{Destination, Source};
    let all = &VERSIONS[..];
    let (till_41, since_42) = (&VERSIONS[..2], &VERSIONS[2..]);
    let route = Door::Route("self".into());
    for (versions, name, side, kind) in [
        (
            all,
            "run, clerk without access",
            Destination,
            K::RouteNotAllowed,
        ),
        (all, "run disabled", Destination, K::RouteMissing),
        (all, "run unknown route", Destination, K::RouteMissing),
        (
            all,
            "run, fixed, sub path",
            Destination,
            K::RouteTakesNoPaths,
        ),
        (all, "run, nobody listens", Source, K::SourceUnreachable),
        (all, "run after the patch", Source, K::SourceRefusedLogin),
        (
            all,
            "run with a wrong secret",
            Source,
            K::SourceRefusedLogin,
        ),
        (all, "run, upstream 404 object", Source, K::NotFound),
        (all, "run, unknown sub path", Source, K::NotFound),
        (all, "run, upstream 409", Source, K::Conflict),
        (since_42, "run, delete", Source, K::NotFound),
        (
            since_42,
            "run after put without the secret",
            Source,
            K::SourceRedirects,
        ),
        (
            till_41,
            "run after put without the secret",
            Source,
            K::SourceRefusedLogin,
        ),
        (since_42, "run, space in value", Destination, K::NotSendable),
    ] {
        for version in versions {
            let found = classified(version, "routes", name, &route).map(|(s, k, _)| (s, k));
            assert_eq!(found, Some((side, kind.clone())), "{version} {name}");
        }
    }
    for version in VERSIONS {
        for name in [
            "run",
            "run by uid",
            "run, brackets in fields",
            "run after that",
        ] {
            assert_eq!(
                classified(version, "routes", name, &route),
                None,
                "{version} {name}"
            );
        }
    }
}

#[test]
fn recorded_answers_of_the_own_server() {
    use FailureKind as K;
    for (versions, scenario, name, kind, code) in [
        (
            &VERSIONS[..],
            "routes",
            "create, clerk",
            K::RouteNotPermittedToCreate,
            Some("E1006"),
        ),
        (
            &VERSIONS[..],
            "routes",
            "create, same code",
            K::Conflict,
            Some("E5003"),
        ),
        (
            &VERSIONS[..],
            "routes",
            "create, not a url",
            K::Conflict,
            Some("E1004"),
        ),
        (
            &VERSIONS[2..],
            "routes",
            "create, host not allowed",
            K::HostNotAllowed,
            Some("E1004"),
        ),
        (
            &VERSIONS[..],
            "metadata-for-mapping",
            "unknown object",
            K::NotFound,
            Some("E1005"),
        ),
        (
            &VERSIONS[..],
            "metadata-for-mapping",
            "unknown resource",
            K::NotFound,
            None,
        ),
        (
            &VERSIONS[..],
            "system-and-session",
            "no session, X-Requested-With",
            K::LoggedOut,
            None,
        ),
        (
            &VERSIONS[..],
            "system-and-session",
            "no session, post",
            K::LoggedOut,
            None,
        ),
        (
            &VERSIONS[..],
            "system-and-session",
            "no session, no X-Requested-With",
            K::LoggedOut,
            None,
        ),
        (
            &VERSIONS[..3],
            "export",
            "clerk, other region",
            K::EmptyAnswer,
            None,
        ),
        (
            &VERSIONS[3..],
            "export",
            "clerk, other region",
            K::Conflict,
            Some("E2012"),
        ),
        (
            &VERSIONS[..],
            "export",
            "no period",
            K::Conflict,
            Some("E2002"),
        ),
        (
            &VERSIONS[..],
            "data-store",
            "no key",
            K::NotFound,
            Some("E1005"),
        ),
        (
            &VERSIONS[..],
            "data-store",
            "create again",
            K::Conflict,
            Some("E1004"),
        ),
    ] {
        for version in versions {
            let (side, found, found_code) =
                classified(version, scenario, name, &Door::Own).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(
                (side, &found),
                (Side::Destination, &kind),
                "{version} {name}"
            );
            assert_eq!(found_code.as_deref(), code, "{version} {name}");
        }
    }
}

#[test]
fn a_401_through_a_route_is_the_sources_only_while_the_own_session_holds() {
    let step = named("2.42.5.2", "routes", "run with a wrong secret");
    let route = Door::Route("self".into());
    assert!(needs_session_check(&route, &step.response));
    assert!(!needs_session_check(&Door::Own, &step.response));
    let rules = differences("2.42.5.2");
    for (session, side, kind) in [
        (Some(true), Side::Source, FailureKind::SourceRefusedLogin),
        (Some(false), Side::Destination, FailureKind::LoggedOut),
        (None, Side::Destination, FailureKind::LoggedOut),
    ] {
        let failure = classify(&route, "x", &step.response, Expected::Json, &rules, session);
        let failure = failure.unwrap();
        assert_eq!((failure.side, failure.kind), (side, kind));
    }
}

/// Answers of proxies and containers, which no recording of a bare server holds.
#[test]
fn pages_and_empty_answers() {
    use FailureKind as K;
    let route = Door::Route("self".into());
    let page = "<!doctype html><html><body>Log in</body></html>";
    let answer = |status, body: &str, redirected| Response {
        status,
        headers: vec![("content-type".into(), "text/html;charset=utf-8".into())],
        body: body.into(),
        redirected,
    };
    for (version, door, response, expected) in [
        (
            "2.42.5.2",
            &Door::Own,
            answer(200, page, true),
            (Side::Destination, K::LoggedOut),
        ),
        (
            "2.42.5.2",
            &Door::Own,
            answer(200, page, false),
            (Side::Destination, K::WrongContent),
        ),
        (
            "2.42.5.2",
            &Door::Own,
            answer(200, "", false),
            (Side::Destination, K::EmptyAnswer),
        ),
        (
            "2.42.5.2",
            &Door::Own,
            answer(502, page, false),
            (Side::Destination, K::ServerError),
        ),
        (
            "2.42.5.2",
            &Door::Own,
            answer(413, page, false),
            (Side::Destination, K::TooLarge),
        ),
        (
            "2.42.5.2",
            &Door::Own,
            answer(429, "", false),
            (Side::Destination, K::TooManyRequests),
        ),
        (
            "2.42.5.2",
            &route,
            answer(200, page, true),
            (Side::Destination, K::LoggedOut),
        ),
        (
            "2.41.9",
            &route,
            answer(200, page, false),
            (Side::Source, K::WrongContent),
        ),
        (
            "2.42.5.2",
            &route,
            answer(200, "", false),
            (Side::Source, K::EmptyAnswer),
        ),
        (
            "2.42.5.2",
            &route,
            answer(503, "", false),
            (Side::Destination, K::HostNotAllowed),
        ),
        (
            "2.41.9",
            &route,
            answer(503, "", false),
            (Side::Source, K::SourceUnreachable),
        ),
        (
            "2.43.1",
            &route,
            answer(504, "", false),
            (Side::Source, K::TimedOut),
        ),
        (
            "2.43.1",
            &route,
            answer(502, page, false),
            (Side::Source, K::ServerError),
        ),
    ] {
        let rules = differences(version);
        let failure = classify(door, "api/x", &response, Expected::Json, &rules, None).unwrap();
        let (status, redirected) = (response.status, response.redirected);
        assert_eq!(
            (failure.side, failure.kind),
            expected,
            "{status} {redirected} {door:?}"
        );
        assert_eq!(failure.message, "", "a page is never the message");
    }
}

#[test]
fn a_wrong_token_at_the_source_is_a_refused_login() {
    for version in VERSIONS {
        let step = named(version, "tokens", "use a wrong one");
        let route = Door::Route("self".into());
        let rules = differences(version);
        let session = needs_session_check(&route, &step.response).then_some(true);
        let failure =
            classify(&route, "x", &step.response, Expected::Json, &rules, session).unwrap();
        assert_eq!(
            failure.kind,
            FailureKind::SourceRefusedLogin,
            "{version}: {failure}"
        );
    }
}

#[test]
fn the_sources_whole_address_is_not_repeated() {
    let step = named("2.43.1", "routes", "run, space in value");
    let route = Door::Route("self".into());
    let rules = differences("2.43.1");
    let failure = classify(
        &route,
        "api/routes/self/run/organisationUnits?query=x",
        &step.response,
        Expected::Json,
        &rules,
        None,
    );
    let failure = failure.unwrap();
    assert_eq!(failure.message, "Illegal character in query at index 58");
    assert_eq!(failure.path, "api/routes/self/run/organisationUnits");
}

#[test]
fn no_answer_at_all() {
    use FailureKind as K;
    let route = Door::Route("self".into());
    for (door, error, side, kind) in [
        (
            &Door::Own,
            TransportError::Network("down".into()),
            Side::Network,
            K::NetworkDown,
        ),
        (&route, TransportError::TimedOut, Side::Source, K::TimedOut),
        (
            &Door::Own,
            TransportError::TimedOut,
            Side::Destination,
            K::TimedOut,
        ),
        (
            &route,
            TransportError::Aborted,
            Side::Network,
            K::Interrupted,
        ),
    ] {
        let failure = from_transport(door, "api/me?fields=id", &error);
        assert_eq!((failure.side, failure.kind), (side, kind));
        assert_eq!(failure.path, "api/me");
    }
}
