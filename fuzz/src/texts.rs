//! Short texts: versions, addresses, periods, and the queries made of ids.

use tributary_dhis2::differences::{RouteQuery, items};
use tributary_dhis2::query::{Encoding, Query, split_by_length};
use tributary_dhis2::routes::normalise_address;
use tributary_dhis2::{Differences, Version};
use tributary_engine::period::{Period, parse_date};

/// A version: what is read is written and read again as the same, and has rules.
pub fn version(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(version) = Version::parse(&text) else {
        return;
    };
    assert_eq!(
        Version::parse(&version.to_string()),
        Ok(version),
        "{text:?}"
    );
    assert!(version.major >= 40, "{text:?}");
    let rules = Differences::of(version);
    assert!(rules.max_values_per_write > 0);
    for item in items() {
        assert!(!item.value(&rules).to_string().is_empty(), "{item:?}");
    }
}

/// The address of a source: what comes out is an address without a secret or a query, and
/// stays as it is.
pub fn address(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(address) = normalise_address(&text) {
        let rest = address
            .strip_prefix("https://")
            .or(address.strip_prefix("http://"));
        let rest = rest.unwrap_or_else(|| panic!("{address:?}"));
        assert!(!rest.is_empty() && !rest.starts_with('/'), "{address:?}");
        assert!(!address.ends_with('/'), "{address:?}");
        assert!(
            !address.contains(['?', '#', '@', ' ', '\\', '<', '"']),
            "{address:?}"
        );
        assert_eq!(normalise_address(&address), Ok(address.clone()));
    }
}

/// A period's id, and a date: an id that is read is written as the same period, whose days
/// follow each other.
pub fn period(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Some(day) = parse_date(&text) {
        assert_eq!(parse_date(&day.format("%Y-%m-%d").to_string()), Some(day));
    }
    let Ok(period) = Period::parse(&text) else {
        return;
    };
    assert!(period.start() <= period.end(), "{text:?}");
    let written = period.id();
    assert_eq!(Period::parse(&written), Ok(period), "{text:?} {written:?}");
    assert_eq!(period.next().previous(), period, "{text:?}");
    assert!(period.next().start() > period.end(), "{text:?}");
    assert_eq!(
        Period::containing(period.start(), period.period_type()),
        period
    );
    assert_eq!(
        Period::containing(period.end(), period.period_type()),
        period
    );
}

/// A query of names and values, one a line: what is sent holds no character that a server
/// or proxy takes for something else, and what a Route would damage is not sent.
pub fn query(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let lines: Vec<&str> = text.lines().collect();
    let mut query = Query::new();
    for line in &lines {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        query.push(name, value);
    }
    for encoding in [
        Encoding::Direct,
        Encoding::Route(RouteQuery::Once),
        Encoding::Route(RouteQuery::Twice),
        Encoding::Route(RouteQuery::OnlySafeCharacters),
    ] {
        let Ok(encoded) = query.encode(encoding) else {
            assert_ne!(encoding, Encoding::Direct);
            continue;
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.~,:()%&=".contains(c);
        assert!(encoded.chars().all(plain), "{encoded:?}");
        let once = decoded(&encoded);
        if encoding == Encoding::Direct {
            assert_eq!(encoded.split('&').count(), lines.len().max(1));
        }
        if encoding == Encoding::Route(RouteQuery::Twice) {
            // What DHIS2 makes an address of without encoding it again.
            let legal = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c);
            assert!(once.chars().all(legal), "{once:?}");
        }
    }
    let runs = split_by_length(&lines, "orgUnit", 40);
    assert_eq!(runs.concat(), lines);
    assert!(runs.iter().all(|run| !run.is_empty()));
}

/// A query percent-decoded once.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|error| panic!("{error}: {text:?}"))
}
