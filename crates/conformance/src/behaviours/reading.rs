//! Values as they are read: both forms, nothing there, unknown, and not allowed.

use super::{Behaviour, behaviour};
use crate::fixture::{self, MONTHLY, UNIT_A, UNIT_B};
use crate::stage::Stage;
use crate::verdict::{Checked, demand, told};
use tributary_dhis2::client::Reading;
use tributary_dhis2::query::Query;
use tributary_dhis2::values::ReadFormat;
use tributary_dhis2::{FailureKind, Side};

/// This group.
pub(super) const ALL: &[Behaviour] = &[
    behaviour!(
        reading,
        "both forms",
        "CSV and JSON give the same values",
        ["json_hoists_common_members"],
        both_forms
    ),
    behaviour!(
        reading,
        "nothing there",
        "a read that finds nothing is told from one that failed",
        [],
        nothing_there
    ),
    behaviour!(
        reading,
        "unknown ids",
        "reads of unknown data sets and org units end as known",
        ["unknown_ids_read_as_nothing", "refused_csv_is_a_page"],
        unknown_ids
    ),
    behaviour!(
        reading,
        "other facility",
        "a read that is not allowed is a failure, never \"no values\"",
        ["refused_read_is_empty"],
        other_facility
    ),
    behaviour!(
        reading,
        "children",
        "a read of a unit with all below it gives all",
        [],
        children
    ),
];

async fn both_forms(stage: &Stage) -> Checked {
    let client = stage.importer();
    let values = [
        stage.value(fixture::COUNT, "202301", UNIT_A, "21"),
        stage.value(fixture::COUNT, "202301", UNIT_B, "22"),
        stage.value(fixture::TEXT, "202302", UNIT_A, "a, b"),
    ];
    let answer = client.write_values(MONTHLY, &values).await?;
    demand!(answer.refused() == 0, "{answer:?}");
    let read = |format| {
        stage.read_as(
            &client,
            MONTHLY,
            &["202301", "202302"],
            &[UNIT_A, UNIT_B],
            format,
        )
    };
    let csv = read(ReadFormat::Csv).await?;
    let json = read(ReadFormat::Json).await?;
    demand!(csv == json, "CSV {csv:?}, JSON {json:?}");
    demand!(csv.len() == 3, "{} of 3 values", csv.len());
    // One period and org unit for all: some versions write them once at the top.
    let query = Query::new()
        .with("dataSet", MONTHLY)
        .with("period", "202302")
        .with("orgUnit", UNIT_A);
    let one: serde_json::Value = client
        .get_json("dataValueSets.json", &query, Reading::Large)
        .await?;
    let in_value = one["dataValues"][0]["period"].is_string();
    demand!(
        in_value != stage.rules.json_hoists_common_members,
        "the period stands {}",
        if in_value {
            "in the value"
        } else {
            "at the top"
        }
    );
    Ok(())
}

async fn nothing_there(stage: &Stage) -> Checked {
    for format in [ReadFormat::Csv, ReadFormat::Json] {
        let rows = stage
            .read_as(&stage.importer(), MONTHLY, &["201501"], &[UNIT_A], format)
            .await?;
        demand!(rows.is_empty(), "{format:?}: {rows:?}");
    }
    Ok(())
}

async fn unknown_ids(stage: &Stage) -> Checked {
    // Who is no superuser may see no org unit that is not there, whatever the version.
    let client = stage.admin();
    for (set, unit) in [("cfmUnknown1", UNIT_A), (MONTHLY, "cfmUnknown1")] {
        let read = stage.read(&client, set, &["202301"], &[unit]).await;
        let as_known = if stage.rules.unknown_ids_read_as_nothing {
            read.as_ref().is_ok_and(Vec::is_empty)
        } else {
            read.as_ref()
                .is_err_and(|failure| failure.kind == FailureKind::Conflict)
        };
        demand!(as_known, "{set}, {unit}: {}", told(&read));
    }
    Ok(())
}

async fn other_facility(stage: &Stage) -> Checked {
    for format in [ReadFormat::Csv, ReadFormat::Json] {
        for units in [&[UNIT_B][..], &[UNIT_A, UNIT_B]] {
            let read = stage
                .read_as(&stage.clerk(), MONTHLY, &["202301"], units, format)
                .await;
            let kind = if stage.rules.refused_read_is_empty {
                FailureKind::EmptyAnswer
            } else {
                FailureKind::Conflict
            };
            demand!(
                read.as_ref()
                    .is_err_and(|failure| failure.kind == kind && failure.side == Side::Destination),
                "{format:?} of {units:?}: {}",
                told(&read)
            );
        }
    }
    Ok(())
}

async fn children(stage: &Stage) -> Checked {
    use tributary_dhis2::values::ValueRead;
    let value = stage.value(fixture::COUNT_2, "202303", UNIT_B, "31");
    let client = stage.importer();
    let answer = client.write_values(MONTHLY, &[value]).await?;
    demand!(answer.refused() == 0, "{answer:?}");
    let read = ValueRead {
        data_set: MONTHLY.to_owned(),
        periods: vec!["202303".to_owned()],
        org_units: vec![fixture::TOP.to_owned()],
        with_children: true,
        with_deleted: false,
        format: ReadFormat::Csv,
    };
    let mut found = Vec::new();
    client
        .read_values(&read, |row| {
            found.push((row.org_unit.to_owned(), row.value.to_owned()));
        })
        .await?;
    demand!(found == [(UNIT_B.to_owned(), "31".to_owned())], "{found:?}");
    Ok(())
}
