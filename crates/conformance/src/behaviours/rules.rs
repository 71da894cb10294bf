//! Where versions part: what one refuses, another takes, and a third refuses with all the rest.

use super::refusals::refused;
use super::writing::all_taken;
use super::{Behaviour, behaviour};
use crate::fixture::{self, MONTHLY, UNIT_A};
use crate::stage::{Stage, first_words};
use crate::verdict::{Checked, demand, told};
use serde_json::json;
use tributary_dhis2::client::Reading;
use tributary_dhis2::query::Query;
use tributary_dhis2::values::{OutgoingValue, write_body};
use tributary_dhis2::{FailureKind, Method};

/// This group.
pub(super) const ALL: &[Behaviour] = &[
    behaviour!(
        rules,
        "bad values beside good ones",
        "bad values are refused, the others stored, whatever the status",
        ["partly_refused_status"],
        bad_beside_good
    ),
    behaviour!(
        rules,
        "bad key beside good ones",
        "what one bad key does to the rest of its request is told",
        ["key_fault_refuses_whole_request"],
        bad_key_beside_good
    ),
    behaviour!(
        rules,
        "dark data",
        "values that data entry shows nowhere are taken or refused as known",
        ["dark_data_is_taken"],
        dark_data
    ),
    behaviour!(
        rules,
        "one cell twice",
        "what becomes of two values for one cell is as known",
        ["equal_cells_refuse_request"],
        cell_twice
    ),
    behaviour!(
        rules,
        "unreadable body",
        "a request that was not understood is never taken for done",
        ["unreadable_body_is_ok"],
        unreadable
    ),
    behaviour!(
        rules,
        "period that is none",
        "a period that is none stores nothing",
        ["bad_period_is_server_error"],
        bad_period
    ),
    behaviour!(
        rules,
        "zeros",
        "a zero that the server drops is found to be missing",
        ["zeros_vanish"],
        zeros
    ),
    behaviour!(
        rules,
        "decimals for whole numbers",
        "12.0 for a whole number is taken or refused as known",
        ["whole_numbers_take_decimals"],
        decimals
    ),
    behaviour!(
        rules,
        "words for yes and no",
        "yes for a yes/no value is taken or refused as known",
        ["booleans_take_words"],
        words
    ),
    behaviour!(
        rules,
        "completeness on a dry run",
        "whether a dry run registers completeness is as known",
        ["dry_run_registers_completeness"],
        dry_run
    ),
];

async fn bad_beside_good(stage: &Stage) -> Checked {
    let good = stage.value(fixture::COUNT, "202201", UNIT_A, "4");
    let other = stage.value(fixture::COUNT_2, "202201", UNIT_A, "5");
    let bad = stage.value(fixture::NUMBER, "202201", UNIT_A, "many");
    let values = [good, bad, other];
    let client = stage.importer();
    let body = write_body(MONTHLY, &values).unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    let answer = stage.post_values(&client, "", &body).await?;
    demand!(
        answer.status == stage.rules.partly_refused_status,
        "status {}",
        answer.status
    );
    let read = stage.understand(&answer, 3)?;
    demand!(
        read.refused() == 1 && read.counters_add_up() && read.whole_request_refused.is_none(),
        "{read:?}"
    );
    for (value, expected) in [(good, Some("4")), (other, Some("5")), (bad, None)] {
        let stored = stage.stored(MONTHLY, &value).await?;
        demand!(
            stored.as_deref() == expected,
            "{value:?}: {stored:?} is stored"
        );
    }
    Ok(())
}

async fn bad_key_beside_good(stage: &Stage) -> Checked {
    let good = stage.value(fixture::COUNT, "202202", UNIT_A, "4");
    let bad = stage.value(fixture::COUNT, "202202", fixture::UNIT_UNASSIGNED, "5");
    let client = stage.importer();
    let answer = client.write_values(MONTHLY, &[good, bad]).await?;
    if !stage.rules.key_fault_refuses_whole_request {
        demand!(all_taken(&answer), "{answer:?}");
        return Ok(());
    }
    demand!(
        answer.whole_request_refused.is_some() && answer.refused() == 2,
        "{answer:?}"
    );
    let stored = stage.stored(MONTHLY, &good).await?;
    demand!(stored.is_none(), "the good one is stored: {stored:?}");
    // The guilty one is named, and the good one goes in without it.
    let guilty = answer.guilty(&[good, bad]);
    demand!(
        guilty == [1],
        "guilty are {guilty:?} of {:?}",
        answer.conflicts
    );
    let alone = client.write_values(MONTHLY, &[good]).await?;
    demand!(all_taken(&alone), "{alone:?}");
    Ok(())
}

async fn dark_data(stage: &Stage) -> Checked {
    let good = stage.value(fixture::COUNT, "202203", UNIT_A, "1");
    let dark = [
        OutgoingValue {
            org_unit: fixture::UNIT_UNASSIGNED,
            ..good
        },
        OutgoingValue {
            org_unit: fixture::UNIT_CLOSED,
            ..good
        },
        OutgoingValue {
            period: "2022Q1",
            ..good
        },
        OutgoingValue {
            data_element: fixture::ELSEWHERE,
            ..good
        },
        OutgoingValue {
            category_option_combo: fixture::COC_FEMALE,
            ..good
        },
        OutgoingValue {
            attribute_option_combo: fixture::AOC_DATED,
            period: "202403",
            ..good
        },
    ];
    let client = stage.importer();
    for value in dark {
        if stage.rules.dark_data_is_taken {
            let answer = client.write_values(MONTHLY, &[value]).await?;
            demand!(all_taken(&answer), "{value:?}: {answer:?}");
        } else {
            refused(&client, MONTHLY, value).await?;
        }
    }
    Ok(())
}

async fn cell_twice(stage: &Stage) -> Checked {
    let first = stage.value(fixture::COUNT, "202204", UNIT_A, "1");
    let last = OutgoingValue {
        value: "2",
        ..first
    };
    let answer = stage
        .importer()
        .write_values(MONTHLY, &[first, last])
        .await?;
    let stored = stage.stored(MONTHLY, &first).await?;
    if stage.rules.equal_cells_refuse_request {
        demand!(
            answer.whole_request_refused.is_some() && stored.is_none(),
            "{answer:?}, {stored:?} is stored"
        );
    } else {
        demand!(
            answer.refused() == 0 && !answer.counters_add_up() && stored.as_deref() == Some("1"),
            "{answer:?}, {stored:?} is stored"
        );
    }
    Ok(())
}

async fn unreadable(stage: &Stage) -> Checked {
    let client = stage.importer();
    for body in ["this is no json", "[1, 2]"] {
        let answer = stage.post_values(&client, "", body).await?;
        let said_ok = answer.status == 200;
        demand!(
            said_ok == stage.rules.unreadable_body_is_ok,
            "{body:?}: {} {}",
            answer.status,
            first_words(&answer.body)
        );
        // Either it is no import answer at all, or one that refuses the request.
        let read = stage.understand(&answer, 1);
        demand!(
            read.as_ref()
                .map_or(true, |read| read.whole_request_refused.is_some()),
            "taken for done: {read:?}"
        );
    }
    Ok(())
}

async fn bad_period(stage: &Stage) -> Checked {
    let good = stage.value(fixture::COUNT, "202205", UNIT_A, "1");
    let bad = OutgoingValue {
        period: "2022-13",
        ..good
    };
    let answer = stage.importer().write_values(MONTHLY, &[good, bad]).await;
    let stored = stage.stored(MONTHLY, &good).await?;
    if stage.rules.bad_period_is_server_error {
        demand!(
            answer
                .as_ref()
                .is_err_and(|failure| failure.kind == FailureKind::ServerError),
            "{}",
            told(&answer)
        );
        demand!(stored.is_none(), "{stored:?} is stored");
    } else {
        let answer = answer?;
        demand!(
            answer.refused() == 1 && answer.counters_add_up() && stored.as_deref() == Some("1"),
            "{answer:?}, {stored:?} is stored"
        );
    }
    Ok(())
}

async fn zeros(stage: &Stage) -> Checked {
    let zero = stage.value(fixture::NO_ZEROS, "202206", UNIT_A, "0");
    let answer = stage.importer().write_values(MONTHLY, &[zero]).await?;
    let stored = stage.stored(MONTHLY, &zero).await?;
    demand!(answer.refused() == 0, "{answer:?}");
    demand!(
        answer.counters_add_up() != stage.rules.zeros_vanish
            && stored.is_none() == stage.rules.zeros_vanish,
        "{answer:?}, {stored:?} is stored"
    );
    let kept = stage.value(fixture::COUNT, "202206", UNIT_A, "0");
    let answer = stage.importer().write_values(MONTHLY, &[kept]).await?;
    let stored = stage.stored(MONTHLY, &kept).await?;
    demand!(
        all_taken(&answer) && stored.as_deref() == Some("0"),
        "a zero that is kept: {answer:?}, {stored:?} is stored"
    );
    Ok(())
}

/// Takes a value, in another form perhaps, or refuses it.
async fn taken_or_refused(
    stage: &Stage,
    value: OutgoingValue<'_>,
    taken: bool,
    stored_as: &str,
) -> Checked {
    let client = stage.importer();
    if !taken {
        refused(&client, MONTHLY, value).await?;
        return Ok(());
    }
    let answer = client.write_values(MONTHLY, &[value]).await?;
    let stored = stage.stored(MONTHLY, &value).await?;
    demand!(
        all_taken(&answer) && stored.as_deref() == Some(stored_as),
        "{answer:?}, {stored:?} is stored"
    );
    Ok(())
}

async fn decimals(stage: &Stage) -> Checked {
    let value = stage.value(fixture::INTEGER, "202207", UNIT_A, "12.0");
    taken_or_refused(stage, value, stage.rules.whole_numbers_take_decimals, "12").await
}

async fn words(stage: &Stage) -> Checked {
    let value = stage.value(fixture::BOOLEAN, "202208", UNIT_A, "yes");
    taken_or_refused(stage, value, stage.rules.booleans_take_words, "true").await
}

async fn dry_run(stage: &Stage) -> Checked {
    let body = json!({
        "dataSet": MONTHLY, "completeDate": "2022-12-01", "period": "202211", "orgUnit": UNIT_A,
        "dataValues": [{
            "dataElement": fixture::COUNT, "period": "202211", "orgUnit": UNIT_A,
            "categoryOptionCombo": stage.default_coc, "attributeOptionCombo": stage.default_coc, "value": "1",
        }],
    });
    let client = stage.importer();
    stage
        .post_values(&client, "?dryRun=true", &body.to_string())
        .await?;
    let value = stage.value(fixture::COUNT, "202211", UNIT_A, "1");
    let stored = stage.stored(MONTHLY, &value).await?;
    demand!(stored.is_none(), "the dry run stored {stored:?}");
    let query = Query::new()
        .with("dataSet", MONTHLY)
        .with("period", "202211")
        .with("orgUnit", UNIT_A);
    let registered: serde_json::Value = client
        .get_json("completeDataSetRegistrations", &query, Reading::Small)
        .await?;
    let registered = registered["completeDataSetRegistrations"]
        .as_array()
        .is_some_and(|list| !list.is_empty());
    let path = format!("api/completeDataSetRegistrations?ds={MONTHLY}&pe=202211&ou={UNIT_A}");
    if registered {
        stage.send(&client, Method::Delete, &path, None).await?;
    }
    demand!(
        registered == stage.rules.dry_run_registers_completeness,
        "completeness {}",
        if registered {
            "was registered"
        } else {
            "was not registered"
        }
    );
    Ok(())
}
