//! What holds for any bytes: nothing panics, every value is accounted for.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a recording that is not as expected must fail the test"
)]

mod common;

use common::{VERSIONS, differences};
use proptest::prelude::*;
use std::collections::BTreeSet;
use tributary_dhis2::routes::normalise_address;
use tributary_dhis2::values::{ImportAnswer, read_csv, read_json};
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

proptest! {
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
