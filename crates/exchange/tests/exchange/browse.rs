//! Looking at the rows of a plan: chosen by org unit, data element and text, in any order,
//! and found by the name of an org unit.

use crate::support::stage::{CLERK, read, stage};
use crate::support::{InProcess, ask};
use tributary_exchange::questions::browse::{FindRow, PlanParts, PlanPartsFound, RowPart};
use tributary_exchange::questions::import::{PlanRow, PlanRows, RowKind, RowSort};
use tributary_exchange::service::Service;
use tributary_sandbox::ServerVersion;

async fn rows(service: &Service<InProcess>, question: PlanRows) -> Vec<PlanRow> {
    let question = PlanRows {
        limit: 100_000,
        ..question
    };
    let window = ask(service, question).await.unwrap();
    assert_eq!(window.total as usize, window.rows.len());
    window.rows
}

async fn parts(service: &Service<InProcess>, part: RowPart, search: &str) -> PlanPartsFound {
    let question = PlanParts {
        part,
        search: search.to_owned(),
        limit: 3,
    };
    ask(service, question).await.unwrap()
}

#[tokio::test]
async fn rows_are_chosen_sorted_and_found() {
    let stage = stage(ServerVersion::V42, ServerVersion::V41).await;
    let service = Service::new(InProcess::new(&stage.destination, CLERK));
    let none = ask(&service, PlanParts::default()).await.unwrap_err();
    assert_eq!(none.kind, "noPlan");
    let months = ["202601", "202602", "202603"];
    read(&service, &stage.exchange, &months, &["ouRegionA01"]).await;
    // Also before any row was asked for.
    let units = parts(&service, RowPart::OrgUnit, "").await;
    let all = rows(&service, PlanRows::default()).await;
    let with = |keep: &dyn Fn(&PlanRow) -> bool| all.iter().filter(|row| keep(row)).count();

    // What there is to choose from, by name, and all rows of each.
    assert!(units.parts.is_sorted_by(|a, b| a.name <= b.name) && units.total > 3);
    for unit in &units.parts {
        let found = rows(
            &service,
            PlanRows {
                org_unit: unit.id.clone(),
                ..PlanRows::default()
            },
        )
        .await;
        assert!(found.iter().all(|row| row.org_unit == unit.name));
        assert_eq!(found.len(), unit.rows as usize);
        assert_eq!(found.len(), with(&|row| row.org_unit == unit.name));
    }
    let element = parts(&service, RowPart::DataElement, "").await.parts[0].clone();
    let chosen = PlanRows {
        org_unit: units.parts[0].id.clone(),
        data_element: element.id.clone(),
        ..PlanRows::default()
    };
    let both =
        |row: &PlanRow| row.org_unit == units.parts[0].name && row.data_element == element.name;
    let found = rows(&service, chosen.clone()).await;
    assert!(!found.is_empty() && found.len() == with(&both));
    let unknown = PlanRows {
        org_unit: "ouNowhere01".to_owned(),
        ..chosen
    };
    assert_eq!(rows(&service, unknown).await, []);
    assert_eq!(
        parts(&service, RowPart::OrgUnit, "nowhere").await,
        PlanPartsFound::default()
    );

    // In any order, both ways.
    for sort in [
        RowSort::Present,
        RowSort::Source,
        RowSort::Kind,
        RowSort::Period,
        RowSort::OrgUnit,
    ] {
        let sorted = |descending| PlanRows {
            sort,
            descending,
            ..PlanRows::default()
        };
        let up = rows(&service, sorted(false)).await;
        let down = rows(&service, sorted(true)).await;
        assert_eq!((up.len(), down.len()), (all.len(), all.len()));
        let key = |row: &PlanRow| match sort {
            RowSort::Source => row.value.parse::<f64>().unwrap_or(f64::MAX),
            RowSort::Present => row
                .present
                .as_ref()
                .map_or(f64::MIN, |text| text.parse().unwrap_or(f64::MAX)),
            RowSort::Kind => RowKind::ALL
                .iter()
                .position(|kind| *kind == row.kind)
                .unwrap() as f64,
            RowSort::Period => row.period.parse().unwrap(),
            _ => f64::from(u32::from(
                row.org_unit.to_lowercase().chars().next().unwrap(),
            )),
        };
        assert!(up.is_sorted_by(|a, b| key(a) <= key(b)), "{sort:?}");
        assert!(down.is_sorted_by(|a, b| key(a) >= key(b)), "{sort:?}");
    }

    // To the first row of an org unit, in the order that is looked at.
    let by_unit = PlanRows {
        sort: RowSort::OrgUnit,
        descending: true,
        ..PlanRows::default()
    };
    let sorted = rows(&service, by_unit.clone()).await;
    let name = &units.parts[1].name;
    let place = sorted.iter().position(|row| row.org_unit == *name).unwrap();
    let find = |text: &str| FindRow {
        rows: by_unit.clone(),
        text: text.to_owned(),
    };
    let found = ask(&service, find(&name.to_uppercase())).await.unwrap();
    assert_eq!(found, Some(u32::try_from(place).unwrap()));
    assert_eq!(ask(&service, find("nowhere")).await.unwrap(), None);
}
