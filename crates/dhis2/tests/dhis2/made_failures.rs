//! Answers of proxies, containers and sources that no recording of a bare server holds, and no
//! answer at all: whose failure each is, and which.
use crate::common::{VERSIONS, differences};
use tributary_dhis2::failure::{Asked, Expected, classify, from_transport, needs_address_check};
use tributary_dhis2::{Door, FailureKind, Response, Side, TransportError};

/// An answer that no bare server gave: of a proxy, a container, a source.
fn made(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let header = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Response {
        status,
        headers: headers.iter().map(header).collect(),
        body: body.into(),
        redirected: false,
    }
}

/// What a made answer is classified as.
fn found(version: &str, door: &Door, response: &Response, asked: Asked) -> (Side, FailureKind) {
    let rules = differences(version);
    let failure = classify(door, "api/x?y=1", response, Expected::Json, &rules, asked);
    let failure = failure.unwrap_or_else(|| panic!("no failure: {response:?}"));
    assert_eq!(failure.path, "api/x");
    assert!(
        !failure.message.contains('<'),
        "a page is never the message"
    );
    (failure.side, failure.kind)
}

const HTML: (&str, &str) = ("content-type", "text/html;charset=utf-8");
const JSON: (&str, &str) = ("content-type", "application/json");
/// On every answer of DHIS2, also through a Route.
const OF_DHIS2: (&str, &str) = ("x-content-type-options", "nosniff");
const PAGE: &str = "<!doctype html><html><body><h1>Down for maintenance</h1></body></html>";
const LOGIN: &str = "<!DOCTYPE html><html><form><input name='j_password' type=\"password\">";

#[test]
fn answers_of_the_own_server_and_of_what_stands_before_it() {
    use FailureKind as K;
    use Side::Destination;
    let led_elsewhere = |response: Response| Response {
        redirected: true,
        ..response
    };
    for (response, kind) in [
        // Session over, or a log-in of a proxy's own.
        (
            made(401, &[JSON, OF_DHIS2], r#"{"httpStatusCode":401}"#),
            K::LoggedOut,
        ),
        (made(401, &[HTML], PAGE), K::LoggedOut),
        (made(302, &[], ""), K::LoggedOut),
        (led_elsewhere(made(200, &[HTML], PAGE)), K::LoggedOut),
        (made(200, &[HTML], LOGIN), K::LoggedOut),
        // Not what was asked for.
        (made(200, &[HTML], PAGE), K::WrongContent),
        (
            made(200, &[JSON], "<?xml version='1.0'?><me/>"),
            K::WrongContent,
        ),
        (made(200, &[JSON], "dataelement,period\n"), K::WrongContent),
        (made(200, &[JSON], ""), K::EmptyAnswer),
        (made(200, &[JSON], " \r\n"), K::EmptyAnswer),
        (made(204, &[], ""), K::EmptyAnswer),
        // By status.
        (made(400, &[HTML], PAGE), K::BadRequest),
        (made(403, &[HTML], PAGE), K::Forbidden),
        (made(404, &[HTML], PAGE), K::NotFound),
        (made(405, &[], ""), K::BadRequest),
        (made(408, &[], ""), K::TimedOut),
        (made(409, &[JSON], "{}"), K::Conflict),
        (made(410, &[], ""), K::NotFound),
        (made(413, &[HTML], PAGE), K::TooLarge),
        (made(414, &[HTML], PAGE), K::TooLarge),
        (made(415, &[], ""), K::BadRequest),
        (made(429, &[], ""), K::TooManyRequests),
        (made(431, &[], ""), K::TooLarge),
        (made(500, &[JSON], "{"), K::ServerError),
        (made(502, &[HTML], PAGE), K::ServerError),
        (made(503, &[], ""), K::ServerError),
        (made(504, &[HTML], PAGE), K::TimedOut),
        (made(599, &[], ""), K::ServerError),
    ] {
        for version in VERSIONS {
            let found = found(version, &Door::Own, &response, Asked::default());
            assert_eq!(found, (Destination, kind.clone()), "{version} {response:?}");
        }
    }
}

#[test]
fn answers_through_a_route() {
    use FailureKind as K;
    use Side::{Destination, Source};
    let route = Door::Route("self".into());
    let led_elsewhere = |response: Response| Response {
        redirected: true,
        ..response
    };
    for (response, side, kind) in [
        (
            led_elsewhere(made(200, &[HTML], LOGIN)),
            Destination,
            K::LoggedOut,
        ),
        (
            made(200, &[HTML, OF_DHIS2], LOGIN),
            Source,
            K::SourceRefusedLogin,
        ),
        (made(200, &[HTML, OF_DHIS2], PAGE), Source, K::WrongContent),
        (made(200, &[OF_DHIS2], ""), Source, K::EmptyAnswer),
        (made(302, &[OF_DHIS2], ""), Source, K::SourceRedirects),
        (
            made(403, &[JSON, OF_DHIS2], r#"{"message":"Access denied"}"#),
            Source,
            K::Forbidden,
        ),
        (made(404, &[HTML, OF_DHIS2], PAGE), Source, K::NotFound),
        (made(429, &[OF_DHIS2], ""), Source, K::TooManyRequests),
        (
            made(500, &[JSON, OF_DHIS2], r#"{"message":"boom"}"#),
            Source,
            K::ServerError,
        ),
        (made(502, &[HTML, OF_DHIS2], PAGE), Source, K::ServerError),
        (made(503, &[HTML, OF_DHIS2], PAGE), Source, K::ServerError),
        (made(504, &[OF_DHIS2], ""), Source, K::TimedOut),
        // A proxy before the own server: without what DHIS2 puts on every answer.
        (made(413, &[HTML], PAGE), Destination, K::TooLarge),
        (made(502, &[HTML], PAGE), Destination, K::ServerError),
        (made(503, &[HTML], PAGE), Destination, K::ServerError),
        (made(504, &[HTML], PAGE), Destination, K::TimedOut),
        // A Route hands on no Retry-After.
        (
            made(429, &[OF_DHIS2, ("retry-after", "9")], ""),
            Destination,
            K::TooManyRequests,
        ),
        (
            made(503, &[OF_DHIS2, ("retry-after", "9")], ""),
            Destination,
            K::ServerError,
        ),
    ] {
        for version in VERSIONS {
            let found = found(version, &route, &response, Asked::default());
            assert_eq!(found, (side, kind.clone()), "{version} {response:?}");
        }
    }
}

#[test]
fn an_empty_503_through_a_route_is_whose() {
    use FailureKind as K;
    use Side::{Destination, Source};
    let route = Door::Route("self".into());
    let empty = made(503, &[OF_DHIS2], "");
    let with_type = made(503, &[OF_DHIS2, ("content-type", "text/plain")], "");
    let allowed = |allowed| Asked {
        address_allowed: allowed,
        ..Asked::default()
    };
    let unclear = K::HostNotAllowedOrSourceDown;
    for (version, response, address, side, kind) in [
        ("2.40.12", &empty, None, Source, K::SourceUnreachable),
        ("2.41.9", &empty, None, Source, K::SourceUnreachable),
        (
            "2.42.5.2",
            &empty,
            Some(false),
            Destination,
            K::HostNotAllowed,
        ),
        (
            "2.43.1",
            &empty,
            Some(false),
            Destination,
            K::HostNotAllowed,
        ),
        ("2.43.1", &empty, Some(true), Source, K::ServerError),
        ("2.43.1", &empty, None, Destination, unclear.clone()),
        ("2.42.0", &empty, None, Destination, unclear),
        ("2.42.0", &with_type, None, Source, K::ServerError),
        ("2.43.1", &with_type, None, Source, K::ServerError),
    ] {
        let found = found(version, &route, response, allowed(address));
        assert_eq!(found, (side, kind), "{version} {response:?} {address:?}");
    }
    // It is asked for only where the answer can be had and does not say itself.
    for (version, door, response, asks) in [
        ("2.43.1", &route, &empty, true),
        ("2.42.5.2", &route, &empty, true),
        ("2.42.3.1", &route, &empty, false),
        ("2.41.9", &route, &empty, false),
        ("2.43.1", &route, &with_type, false),
        ("2.43.1", &Door::Own, &empty, false),
        ("2.43.1", &route, &made(503, &[OF_DHIS2], "x"), false),
        ("2.43.1", &route, &made(504, &[OF_DHIS2], ""), false),
    ] {
        let rules = differences(version);
        assert_eq!(
            needs_address_check(door, response, &rules),
            asks,
            "{version}"
        );
    }
}

#[test]
fn how_long_to_wait_is_handed_on() {
    for (status, value, seconds) in [(429, "30", 30), (503, "3600", 3_600)] {
        let response = made(status, &[("retry-after", value)], "");
        let rules = differences("2.42.5.2");
        let nothing = Asked::default();
        let failure = classify(&Door::Own, "x", &response, Expected::Json, &rules, nothing);
        let failure = failure.unwrap();
        assert_eq!(failure.retry_after_seconds, Some(seconds));
        assert_eq!(failure.may_pass_when_repeated(), status == 503);
    }
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
