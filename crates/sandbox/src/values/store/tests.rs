//! What a store keeps, in memory and over a restart.

use std::sync::Arc;

use chrono::NaiveDate;
use redb::Database;

use super::*;

pub(super) fn cell(period: &str, org_unit: &str, data_element: &str) -> Cell {
    Cell {
        data_element: data_element.into(),
        period: period.into(),
        org_unit: org_unit.into(),
        category_option_combo: "combo".into(),
        attribute_option_combo: "attribute".into(),
    }
}

pub(super) fn value(text: &str) -> StoredValue {
    let now = NaiveDate::from_ymd_opt(2026, 11, 22)
        .and_then(|d| d.and_hms_milli_opt(1, 2, 3, 4))
        .unwrap();
    StoredValue {
        value: Some(text.into()),
        stored_by: "amy".into(),
        created: now,
        last_updated: now,
        comment: None,
        followup: true,
        deleted: false,
    }
}

#[test]
fn what_is_committed_is_there_after_a_restart_and_what_is_dropped_is_not() {
    let file = std::env::temp_dir().join(format!("values-{}.redb", std::process::id()));
    let _ = std::fs::remove_file(&file);
    let key = RegistrationKey {
        data_set: "set".into(),
        period: "202601".into(),
        org_unit: "here".into(),
        attribute_option_combo: "attribute".into(),
    };
    let registration = Registration {
        date: value("").created,
        stored_by: "amy".into(),
        completed: true,
    };
    {
        let store = ValueStore::open(Arc::new(Database::create(&file).unwrap())).unwrap();
        let mut writing = store.begin();
        writing.put(&cell("202601", "here", "b"), value("1"));
        writing.put(&cell("202601", "here", "a"), value("2"));
        writing.put(&cell("202601", "here", "b"), value("3"));
        writing.register(&key, Some(registration.clone()));
        writing.commit().unwrap();
        let mut dropped = store.begin();
        dropped.put(&cell("202601", "here", "a"), value("9"));
        drop(dropped);
    }
    let store = ValueStore::open(Arc::new(Database::create(&file).unwrap())).unwrap();
    assert_eq!(store.len(), 2);
    assert_eq!(store.get(&cell("202601", "here", "b")), Some(value("3")));
    assert_eq!(store.get(&cell("202601", "here", "a")), Some(value("2")));
    assert_eq!(store.registration(&key), Some(registration));
    let mut again = store.begin();
    again.put(&cell("202602", "there", "new element"), value("new value"));
    again.register(&key, None);
    again.commit().unwrap();
    drop(store);
    let store = ValueStore::open(Arc::new(Database::create(&file).unwrap())).unwrap();
    assert_eq!(
        store.get(&cell("202602", "there", "new element")),
        Some(value("new value"))
    );
    assert_eq!(store.registrations(), vec![]);
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn a_visit_sees_only_the_org_units_and_periods_asked_for() {
    let store = ValueStore::in_memory();
    let cells = ["202601", "202602", "202603"].iter().flat_map(|p| {
        ["here", "there"]
            .iter()
            .map(move |o| (cell(p, o, "a"), value("1")))
    });
    store.load(cells).unwrap();
    let mut seen = Vec::new();
    store.visit(
        ["there", "nowhere"],
        |period| period > "202601",
        |row| {
            seen.push((row.org_unit().to_owned(), row.period().to_owned()));
            true
        },
    );
    assert_eq!(
        seen,
        [
            ("there".into(), "202602".into()),
            ("there".into(), "202603".to_owned())
        ]
    );
}
