//! Each kind of failure, classified from what real servers answered.
use crate::common::{VERSIONS, differences, named, steps};
use tributary_dhis2::failure::{Asked, Expected, classify, needs_session_check};
use tributary_dhis2::{Door, FailureKind, Side};

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
    let asked = Asked {
        own_session_good: needs_session_check(door, &step.response).then_some(true),
        ..Asked::default()
    };
    classify(door, path, &step.response, Expected::Json, &rules, asked)
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
        let asked = Asked {
            own_session_good: session,
            ..Asked::default()
        };
        let failure = classify(&route, "x", &step.response, Expected::Json, &rules, asked);
        let failure = failure.unwrap();
        assert_eq!((failure.side, failure.kind), (side, kind));
    }
}

/// DHIS2's headers stand on every recorded answer through a Route, so that their absence
/// says something; all but where the container refuses what we never send.
#[test]
fn every_answer_of_dhis2_bears_its_mark() {
    for version in VERSIONS {
        for step in steps(version, "routes") {
            let refused_by_container = step.name == "run, path with dots";
            if !refused_by_container {
                let marked = step.response.header("x-content-type-options").is_some();
                assert!(marked, "{version} {}", step.name);
            }
        }
    }
}

/// From 2.42 on a request whose Origin the server does not know is not carried out.
#[test]
fn a_request_from_elsewhere_is_no_success() {
    for version in &VERSIONS[2..] {
        for name in ["get from elsewhere", "post from elsewhere"] {
            let found = classified(version, "cors", name, &Door::Own);
            let expected = Some((Side::Destination, FailureKind::EmptyAnswer, None));
            assert_eq!(found, expected, "{version} {name}");
        }
    }
}

#[test]
fn a_wrong_token_at_the_source_is_a_refused_login() {
    for version in VERSIONS {
        let step = named(version, "tokens", "use a wrong one");
        let route = Door::Route("self".into());
        let rules = differences(version);
        let asked = Asked {
            own_session_good: needs_session_check(&route, &step.response).then_some(true),
            ..Asked::default()
        };
        let failure = classify(&route, "x", &step.response, Expected::Json, &rules, asked).unwrap();
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
        Asked::default(),
    );
    let failure = failure.unwrap();
    assert_eq!(failure.message, "Illegal character in query at index 58");
    assert_eq!(failure.path, "api/routes/self/run/organisationUnits");
}
