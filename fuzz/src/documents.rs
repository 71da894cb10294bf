//! Documents of a server: data values as CSV and JSON, metadata, persons, Routes, the
//! dataStore.

use std::future::ready;
use tributary_dhis2::data_store::MAX_VALUE_BYTES;
use tributary_dhis2::metadata::OrgUnitScope;
use tributary_dhis2::testing::block_on;
use tributary_dhis2::values::{JsonReader, Row, read_csv, read_json};
use tributary_dhis2::{Client, Request, Response, Transport, TransportError};

/// Data values as CSV: as many rows are told as were handed over, each with its key.
pub fn value_csv(data: &[u8]) {
    let mut rows = 0;
    let told = read_csv(data, |row| {
        rows += 1;
        texts_of(&row);
    });
    if let Ok(told) = told {
        assert_eq!(told, rows);
        // A body that lacks the end of its last line is never whole.
        assert!(read_csv(data.trim_ascii_end(), |_| {}).is_err());
    }
}

/// Data values as JSON: as many rows are told as were handed over, and a body that lacks its
/// end is none.
pub fn value_json(data: &[u8]) {
    let mut rows = 0;
    let told = read_json(data, |row| {
        rows += 1;
        texts_of(&row);
    });
    // In pieces of any size it is the same.
    let size = data.first().map_or(1, |byte| usize::from(*byte % 16) + 1);
    let mut again = 0;
    let mut each = |_: Row<'_>| again += 1;
    let mut reader = JsonReader::default();
    for piece in data.chunks(size) {
        reader.push(piece, &mut each);
    }
    assert_eq!(reader.finish().ok(), told.as_ref().ok().copied());
    assert_eq!(again, rows);
    if let Ok(told) = told {
        assert_eq!(told, rows);
        let end = data.trim_ascii_end().len();
        assert!(read_json(&data[..end - 1], |_| {}).is_err());
    }
}

/// All texts of a row can be read to their end.
fn texts_of(row: &Row<'_>) {
    let texts = [
        row.data_element,
        row.period,
        row.org_unit,
        row.category_option_combo,
        row.attribute_option_combo,
        row.value,
        row.comment,
        row.stored_by,
        row.last_updated,
    ];
    assert!(texts.iter().all(|text| text.len() <= 1 << 20));
}

/// A server that answers everything with the same bytes.
struct Same<'a> {
    body: &'a [u8],
}

impl Transport for Same<'_> {
    fn send(&self, _: Request) -> impl Future<Output = Result<Response, TransportError>> {
        ready(Ok(Response {
            status: 200,
            headers: vec![("content-type".into(), "application/json".into())],
            body: self.body.to_vec(),
            redirected: false,
        }))
    }
}

/// Any JSON document that the client reads into its own types: every question that it asks
/// ends, with an answer or a failure, whatever one and the same document says.
pub fn documents(data: &[u8]) {
    let rules = tributary_dhis2::Differences::before_known();
    // It answers the same however often it is asked.
    let client = Client::own(Same { body: data }, rules).without_patience();
    let ids = ["deIntZeroP1".to_owned(), "deInteger01".to_owned()];
    block_on(async {
        let units = client.org_units(OrgUnitScope::All, |_| {}).await;
        if let Ok(units) = units {
            let mut ids: Vec<_> = units.iter().map(|unit| &unit.id).collect();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), units.len(), "an org unit stands twice");
        }
        drop(client.data_sets().await);
        drop(client.data_set_org_units("dsMonthly01").await);
        drop(client.data_elements(None).await);
        drop(client.data_elements(Some(&ids)).await);
        drop(client.category_combos(None).await);
        drop(client.category_options(None).await);
        drop(client.option_sets(None).await);
        drop(client.org_unit_levels().await);
        drop(client.user_groups().await);
        drop(client.lock_exceptions().await);
        drop(client.approval_state("wf", "202601", "ou", None).await);
        drop(client.me().await);
        drop(client.routes().await);
        drop(client.test_route().await);
        if let Ok((info, rules)) = client.identify().await {
            assert!(rules.version.is_some() && !info.version.is_empty());
            let _ = info.today();
        }
        drop(client.stored::<serde_json::Value>("tributary", "a").await);
        drop(client.stored_keys("tributary").await);
        drop(client.stored_meta("tributary", "a").await);
        let value = serde_json::json!({"revision": 2});
        drop(client.store_update("tributary", "a", &value, 1).await);
        if data.len() < MAX_VALUE_BYTES {
            let entries = client
                .stored_entries::<serde_json::Value>("tributary", "")
                .await;
            assert!(entries.map_or(0, |entries| entries.len()) < data.len().max(1));
        }
    });
}
