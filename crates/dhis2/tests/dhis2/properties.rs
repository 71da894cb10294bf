//! What holds for any bytes: nothing panics, every value is accounted for.
use crate::common::{VERSIONS, differences, named};
use proptest::prelude::*;
use std::collections::BTreeSet;
use tributary_dhis2::differences::RouteQuery;
use tributary_dhis2::query::{Encoding, Query};
use tributary_dhis2::routes::normalise_address;
use tributary_dhis2::values::{CsvReader, ImportAnswer, JsonReader, Row, read_csv, read_json};
use tributary_dhis2::{Differences, Version};

const HEADER: &str = "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,value";

/// Bytes that look a little like what is read, so that the readers get some way in.
fn near_bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(HEADER.as_bytes().to_vec()),
        Just(b"\n".to_vec()),
        Just(b",\"".to_vec()),
        Just(br#"{"response":{"importCount":{"imported":1,"updated":"#.to_vec()),
        Just(br#""conflicts":[{"indexes":[-1,9]}],"rejectedIndexes":[7]"#.to_vec()),
        Just(br#"{"dataValues":[{"dataElement":"#.to_vec()),
        Just(b"}}]".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..40),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Percent-decoded once, `+` as a blank: what Java's URLDecoder and every server do.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'%', [high, low, after @ ..]) => {
                let hex = [*high, *low];
                let hex = std::str::from_utf8(&hex).unwrap();
                bytes.push(u8::from_str_radix(hex, 16).unwrap());
                rest = after;
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Names and values of a query, each still encoded.
fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (name.to_owned(), value.to_owned())
    };
    query
        .split('&')
        .filter(|part| !part.is_empty())
        .map(pair)
        .collect()
}

/// What a source reads of a query that was sent through a Route: a model of DHIS2's
/// RouteService, checked against "run, space in value", "run, space encoded twice" and "run,
/// ampersand encoded twice" of `routes`; `None` where the Route refuses it.
fn arrives(way: RouteQuery, sent: &str) -> Option<Vec<(String, String)>> {
    let through = match way {
        RouteQuery::Once => {
            // Decoded as a whole, taken apart, and what is illegal encoded.
            let legal = |c: char| c.is_ascii_alphanumeric() || "-._~!$'()*+,;:@/?".contains(c);
            let encode = |text: &str| {
                let mut out = String::new();
                for c in text.chars() {
                    if legal(c) {
                        out.push(c);
                    } else {
                        let mut bytes = [0; 4];
                        let bytes = c.encode_utf8(&mut bytes).bytes();
                        bytes.for_each(|byte| out.push_str(&format!("%{byte:02X}")));
                    }
                }
                out
            };
            let parts = pairs(&decoded(sent));
            let encoded = parts
                .iter()
                .map(|(n, v)| format!("{}={}", encode(n), encode(v)));
            encoded.collect::<Vec<_>>().join("&")
        }
        RouteQuery::Twice => {
            // Decoded as a whole, and refused where that is no address.
            let once = decoded(sent);
            let legal = |c: char| c.is_ascii_graphic() && !"\"<>\\^`{|}".contains(c);
            once.chars().all(legal).then_some(once)?
        }
        // Whatever is encoded is encoded again.
        RouteQuery::OnlySafeCharacters => sent.replace('%', "%25"),
    };
    let read = |(name, value): (String, String)| (decoded(&name), decoded(&value));
    Some(pairs(&through).into_iter().map(read).collect())
}

const WAYS: [RouteQuery; 3] = [
    RouteQuery::Once,
    RouteQuery::Twice,
    RouteQuery::OnlySafeCharacters,
];

#[test]
fn the_model_of_routes_is_what_was_recorded() {
    let twice = "query=District%25201";
    for (step, way, sent, arrived) in [
        (
            "run, space in value",
            RouteQuery::Once,
            "query=District%201",
            Some("District 1"),
        ),
        (
            "run, space in value",
            RouteQuery::Twice,
            "query=District%201",
            None,
        ),
        (
            "run, space encoded twice",
            RouteQuery::Twice,
            twice,
            Some("District 1"),
        ),
        (
            "run, space encoded twice",
            RouteQuery::Once,
            twice,
            Some("District%201"),
        ),
    ] {
        for version in VERSIONS {
            if differences(version).route_query != way {
                continue;
            }
            let response = named(version, "routes", step).response;
            let found = String::from_utf8_lossy(&response.body).contains("ouDistrA101");
            let model = arrives(way, sent).map(|pairs| pairs[0].1.clone());
            assert_eq!(
                model.as_deref() == Some("District 1"),
                found,
                "{version} {step}"
            );
            assert_eq!(model.as_deref(), arrived, "{step}");
        }
    }
}

/// CSV as servers give it and as lines spoil it: quotes, line breaks, a byte order mark, cut off.
fn near_csv() -> impl Strategy<Value = Vec<u8>> {
    let value = "[ -~é\n\"]{0,6}";
    let record = (value, any::<bool>()).prop_map(|(value, quoted)| {
        if quoted {
            format!(
                "de,202601,ou,coc,aoc,\"{}\",\r\n",
                value.replace('"', "\"\"")
            )
        } else {
            format!("de,202601,ou,coc,aoc,{value},\n")
        }
    });
    let records = proptest::collection::vec(record, 0..5);
    let spoiled = proptest::option::of((any::<prop::sample::Index>(), any::<u8>()));
    (any::<bool>(), records, 0_usize..6, spoiled).prop_map(|(mark, records, lost, spoiled)| {
        let mark = if mark { "\u{feff}" } else { "" };
        let mut bytes = format!("{mark}{HEADER},comment\n{}", records.concat()).into_bytes();
        bytes.truncate(bytes.len().saturating_sub(lost));
        if let Some((place, byte)) = spoiled {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        bytes
    })
}

/// JSON as every version writes it and as lines spoil it: with and without members that stand
/// for all values, escapes, members that nobody knows, cut off.
fn near_json() -> impl Strategy<Value = Vec<u8>> {
    let value = ("[ -~é\n\"\\\\{}]{0,6}", any::<bool>(), any::<bool>());
    let values = proptest::collection::vec(value, 0..5);
    (any::<bool>(), any::<bool>(), values, 0_usize..6).prop_map(|(shared, pretty, values, lost)| {
        let mut document = serde_json::json!({"dataSet": "ds", "more": {"a": ["]", {}]}});
        if shared {
            document["period"] = "202601".into();
            document["orgUnit"] = "ou".into();
        }
        let list = values.into_iter().map(|(text, deleted, more)| {
            let mut value = serde_json::json!({
                "dataElement": "de", "period": "202602", "orgUnit": "ou2",
                "categoryOptionCombo": "coc", "attributeOptionCombo": "aoc",
                "value": text, "comment": null, "followup": false, "deleted": deleted,
            });
            if shared && more {
                for name in ["period", "orgUnit"] {
                    value.as_object_mut().unwrap().shift_remove(name);
                }
            }
            value
        });
        document["dataValues"] = list.collect();
        let mut bytes = if pretty {
            serde_json::to_vec_pretty(&document).unwrap()
        } else {
            serde_json::to_vec(&document).unwrap()
        };
        bytes.truncate(bytes.len() - lost);
        bytes
    })
}

proptest! {
    #[test]
    fn what_is_sent_through_a_route_arrives_as_it_was_meant(
        values in proptest::collection::vec("[a-zA-Z0-9 +&=%#;,:()\\[\\]\"/é字|{}]{0,10}", 0..5)
    ) {
        let mut query = Query::new();
        for value in &values {
            query.push("filter", value.as_str());
        }
        let meant: Vec<_> = values.iter().map(|v| ("filter".to_owned(), v.clone())).collect();
        let direct = query.encode(Encoding::Direct).unwrap();
        let read: Vec<_> = pairs(&direct).iter().map(|(n, v)| (decoded(n), decoded(v))).collect();
        prop_assert_eq!(&read, &meant);
        for way in WAYS {
            // What would be damaged is not sent.
            if let Ok(sent) = query.encode(Encoding::Route(way)) {
                prop_assert_eq!(arrives(way, &sent), Some(meant.clone()), "{:?} {}", way, sent);
            }
        }
    }

    #[test]
    fn readers_never_panic(bytes in near_bytes(), status in prop_oneof![Just(200_u16), Just(409)], sent in 0_usize..20) {
        let _ = read_csv(&bytes, |_| {});
        let _ = read_json(&bytes, |_| {});
        for version in VERSIONS {
            if let Ok(answer) = ImportAnswer::parse(&differences(version), status, &bytes, sent) {
                prop_assert_eq!(answer.sent(), sent);
                prop_assert!(answer.refused() <= sent);
            }
        }
    }

    #[test]
    fn json_reads_the_same_wherever_it_is_cut(
        bytes in prop_oneof![near_bytes(), near_json()],
        cuts in proptest::collection::vec(0_usize..600, 0..12),
    ) {
        let mut whole = Vec::new();
        let told = read_json(&bytes, |row| whole.push(format!("{row:?}")));
        let told = told.map_err(|fault| fault.to_string());
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.sort_unstable();
        let mut seen = Vec::new();
        let mut each = |row: Row<'_>| seen.push(format!("{row:?}"));
        let mut reader = JsonReader::default();
        let mut from = 0;
        for cut in cuts {
            reader.push(&bytes[from..cut], &mut each);
            from = cut;
        }
        reader.push(&bytes[from..], &mut each);
        prop_assert_eq!(reader.finish().map_err(|fault| fault.to_string()), told);
        prop_assert_eq!(seen, whole);
    }

    /// What serde_json makes of the whole body is what is read, and nothing else is read.
    #[test]
    fn json_is_read_as_it_stands(bytes in near_json()) {
        let mut seen = Vec::new();
        let told = read_json(&bytes, |row| {
            let key = [row.data_element, row.period, row.org_unit, row.attribute_option_combo];
            seen.push((key.map(str::to_owned), row.value.to_owned(), row.deleted));
        });
        let document: Result<serde_json::Value, _> = serde_json::from_slice(&bytes);
        prop_assert_eq!(told.is_ok(), document.is_ok());
        if let Ok(document) = document {
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            let values = document["dataValues"].as_array().cloned().unwrap_or_default();
            let expected: Vec<_> = values.iter().map(|value| {
                let member = |name: &str| text(value.get(name).unwrap_or(&document[name]));
                let key = ["dataElement", "period", "orgUnit", "attributeOptionCombo"].map(member);
                (key, text(&value["value"]), value["deleted"] == true)
            }).collect();
            prop_assert_eq!(seen, expected);
        }
    }

    #[test]
    fn csv_reads_the_same_wherever_it_is_cut(
        bytes in prop_oneof![near_bytes(), near_csv()],
        cuts in proptest::collection::vec(0_usize..400, 0..12),
    ) {
        let mut whole = Vec::new();
        let told = read_csv(&bytes, |row| whole.push(format!("{row:?}")));
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.sort_unstable();
        let mut seen = Vec::new();
        let mut each = |row: Row<'_>| seen.push(format!("{row:?}"));
        let mut reader = CsvReader::default();
        let mut from = 0;
        for cut in cuts {
            reader.push(&bytes[from..cut], &mut each);
            from = cut;
        }
        reader.push(&bytes[from..], &mut each);
        prop_assert_eq!(reader.finish(&mut each), told);
        prop_assert_eq!(seen, whole);
    }

    /// Byte by byte no line ever lies whole in a piece, so that all of it is read with care.
    #[test]
    fn csv_reads_the_same_quickly_and_with_care(bytes in prop_oneof![near_bytes(), near_csv()]) {
        let mut quick = Vec::new();
        let told = read_csv(&bytes, |row| quick.push(format!("{row:?}")));
        let mut seen = Vec::new();
        let mut each = |row: Row<'_>| seen.push(format!("{row:?}"));
        let mut reader = CsvReader::default();
        for byte in bytes.chunks(1) {
            reader.push(byte, &mut each);
        }
        prop_assert_eq!(reader.finish(&mut each), told);
        prop_assert_eq!(seen, quick);
    }

    #[test]
    fn summaries_with_any_indexes_account_for_every_value(
        indexes in proptest::collection::vec(-3_i64..12, 0..8),
        ignored in 0_usize..10,
        updated in 0_usize..10,
        sent in 0_usize..10,
    ) {
        let body = serde_json::json!({"response": {
            "status": "WARNING",
            "importCount": {"imported": 0, "updated": updated, "ignored": ignored, "deleted": 0},
            "conflicts": [{"errorCode": "E1", "value": "words", "indexes": indexes}],
            "rejectedIndexes": indexes,
        }});
        let body = serde_json::to_vec(&body).unwrap();
        let rules = Differences::before_known();
        let answer = ImportAnswer::parse(&rules, 409, &body, sent).unwrap();
        prop_assert_eq!(answer.outcomes.len(), sent);
        let named: BTreeSet<_> = indexes
            .iter()
            .filter(|index| (0..sent as i64).contains(*index))
            .collect();
        // One value, ignored, and a fault without a place: it can only be that value's.
        let alone = sent == 1 && named.is_empty() && (ignored, updated) == (1, 0);
        let refuses_all = sent > 0 && ignored + updated == 0;
        let expected = if refuses_all || alone { sent } else { named.len() };
        prop_assert_eq!(answer.refused(), expected);
    }

    #[test]
    fn versions_and_addresses_never_panic(text in ".{0,60}") {
        let _ = Version::parse(&text);
        if let Ok(address) = normalise_address(&text) {
            prop_assert!(address.starts_with("http://") || address.starts_with("https://"));
            prop_assert!(!address.ends_with('/') && !address.contains(['?', '#', '@', ' ']));
            prop_assert_eq!(normalise_address(&address), Ok(address.clone()));
        }
    }

    #[test]
    fn what_is_written_as_csv_is_read_back(
        values in proptest::collection::vec("[ -~é\n\"]{0,12}", 0..8)
    ) {
        let mut body = format!("{HEADER},comment\n");
        for value in &values {
            let quoted = value.replace('"', "\"\"");
            body.push_str(&format!("de,202601,ou,coc,aoc,\"{quoted}\",\n"));
        }
        let mut seen = Vec::new();
        let rows = read_csv(body.as_bytes(), |row| seen.push(row.value.to_owned()));
        prop_assert_eq!(rows, Ok(values.len()));
        prop_assert_eq!(seen, values);
    }
}
