//! Answers of a server: to imports, and all that are failures.

use tributary_dhis2::failure::{Asked, Expected, classify};
use tributary_dhis2::values::{ImportAnswer, Outcome, OutgoingValue};
use tributary_dhis2::version::RECORDED;
use tributary_dhis2::{Differences, Door, Response, Version};

/// The rules for a byte: those of the recorded versions, of some patches before them, and of
/// one that is not known yet.
fn rules(byte: u8) -> Differences {
    let other = [
        Version::new(40, 0, 0),
        Version::new(42, 3, 1),
        Version::new(43, 2, 0),
        Version::new(44, 0, 0),
    ];
    let all = [RECORDED, other].concat();
    Differences::of(all[usize::from(byte) % all.len()])
}

/// The answer to an import. First byte: the version; second: 200, 409 or another status;
/// third: how many values were sent; then the body.
pub fn import_answer(data: &[u8]) {
    let [version, status, sent, body @ ..] = data else {
        return;
    };
    let sent = usize::from(*sent);
    let status = [200, 409, 500, 201][usize::from(*status) % 4];
    let Ok(answer) = ImportAnswer::parse(&rules(*version), status, body, sent) else {
        return;
    };
    // Every value has its outcome, and none is accepted unless the counters account for all.
    assert_eq!(answer.outcomes.len(), sent);
    let count = |wanted: fn(&Outcome) -> bool| answer.outcomes.iter().filter(|o| wanted(o)).count();
    let accepted = count(|outcome| matches!(outcome, Outcome::Accepted(_)));
    let unknown = count(|outcome| *outcome == Outcome::Unknown);
    assert_eq!(accepted + unknown + answer.refused(), sent);
    if accepted > 0 {
        assert!(answer.counters_add_up());
        let counters = answer.counters;
        assert_eq!(counters.sum(), sent);
        assert!(
            counters.imported + counters.updated + counters.deleted + counters.ignored >= accepted
        );
        assert_eq!(unknown, 0);
    }
    if answer.whole_request_refused.is_some() {
        assert_eq!((answer.refused(), answer.counters.sum()), (sent, 0));
    }
    let value = OutgoingValue {
        data_element: "deIntZeroP1",
        period: "202111",
        org_unit: "ouFacD30005",
        category_option_combo: "HllvX50cXC0",
        attribute_option_combo: "HllvX50cXC0",
        value: "1",
        comment: None,
    };
    let guilty = answer.guilty(&vec![value; sent]);
    assert!(guilty.is_sorted() && guilty.iter().all(|place| *place < sent));
    assert!(guilty.is_empty() || answer.whole_request_refused.is_some());
}

/// Any answer, as a failure or none. First byte: the version; second: door, what was asked
/// for and besides; third and fourth: the status; then headers, one a line, an empty line,
/// and the body.
pub fn error_body(data: &[u8]) {
    let [version, flags, high, low, rest @ ..] = data else {
        return;
    };
    let cut = rest.windows(2).position(|two| two == b"\n\n");
    let (head, body) = match cut {
        Some(at) => (&rest[..at], &rest[at + 2..]),
        None => (&b""[..], rest),
    };
    let head = String::from_utf8_lossy(head);
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    let response = Response {
        status: 100 + u16::from_be_bytes([*high, *low]) % 500,
        headers: headers
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        body: body.to_vec(),
        redirected: flags & 1 > 0,
    };
    let door = if flags & 2 > 0 {
        Door::Own
    } else {
        Door::Route("source".into())
    };
    let expected =
        [Expected::Json, Expected::Text, Expected::Anything][usize::from(flags >> 2 & 3) % 3];
    let tell = |bits: u8| [None, Some(true), Some(false)][usize::from(bits & 3) % 3];
    let asked = Asked {
        own_session_good: tell(flags >> 4),
        address_allowed: tell(flags >> 6),
    };
    let path = "api/dataSets?secret=x";
    match classify(&door, path, &response, expected, &rules(*version), asked) {
        Some(failure) => {
            assert_eq!(failure.path, "api/dataSets");
            assert_eq!(failure.status, Some(response.status));
            assert!(failure.message.chars().count() <= 2_000);
            if response.body.starts_with(b"<") {
                assert_eq!(failure.message, "", "a page is never the message");
            }
        }
        None => {
            assert!((200..300).contains(&response.status));
            let blank = response.body.iter().all(u8::is_ascii_whitespace);
            assert!(
                expected == Expected::Anything || !blank,
                "an empty answer is none"
            );
        }
    }
}
