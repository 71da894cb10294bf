//! Where versions part: what one refuses, another takes, and a third refuses with all the rest.

use super::refusals::refused;
use super::writing::all_taken;
use super::{Behaviour, behaviour};
use crate::fixture::{self, MONTHLY, UNIT_A, UNIT_B};
use crate::stage::{Stage, first_words};
use crate::verdict::{Checked, Stop, demand, told};
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
        "input periods",
        "open and closed input periods are taken and refused as known",
        ["input_periods_inverted"],
        input_periods
    ),
    behaviour!(
        rules,
        "closing day",
        "whether an input period is open on its closing day is as known",
        ["input_period_closing_day_open"],
        closing_day
    ),
    behaviour!(
        rules,
        "part of a period",
        "whether a project has to run through all of a period is as known",
        ["part_of_period_is_enough"],
        part_of_period
    ),
    behaviour!(
        rules,
        "lock exceptions",
        "an expired period that was unlocked is taken, and the exception is listed",
        [],
        lock_exception
    ),
    behaviour!(
        rules,
        "superusers elsewhere",
        "whether superusers write outside their own org units is as known",
        ["superusers_need_org_units"],
        superusers
    ),
    behaviour!(
        rules,
        "rights, data set not named",
        "whether the right to write is checked without the set's name is as known",
        ["write_access_needs_named_set"],
        set_not_named
    ),
    behaviour!(
        rules,
        "element of two sets, data set not named",
        "whether the set has to be named is as known",
        ["data_set_required_in_body"],
        two_sets
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

async fn input_periods(stage: &Stage) -> Checked {
    let client = stage.clerk();
    for (period, open) in [("202601", true), ("202602", false)] {
        let value = stage.value(fixture::WITH_INPUT_PERIODS, period, UNIT_A, "1");
        if open != stage.rules.input_periods_inverted {
            let answer = client
                .write_values(fixture::INPUT_PERIODS, &[value])
                .await?;
            demand!(all_taken(&answer), "{period}: {answer:?}");
        } else {
            refused(&client, fixture::INPUT_PERIODS, value).await?;
        }
    }
    Ok(())
}

async fn closing_day(stage: &Stage) -> Checked {
    let client = stage.clerk();
    let value = stage.value(fixture::WITH_INPUT_PERIODS, "202603", UNIT_A, "1");
    if stage.rules.input_period_closing_day_open != stage.rules.input_periods_inverted {
        let answer = client
            .write_values(fixture::INPUT_PERIODS, &[value])
            .await?;
        demand!(all_taken(&answer), "{answer:?}");
    } else {
        refused(&client, fixture::INPUT_PERIODS, value).await?;
    }
    Ok(())
}

async fn part_of_period(stage: &Stage) -> Checked {
    let client = stage.importer();
    // The project began on the 15th.
    let value = OutgoingValue {
        attribute_option_combo: fixture::AOC_DATED,
        ..stage.value(fixture::BY_PROJECT, "202401", UNIT_A, "1")
    };
    if stage.rules.part_of_period_is_enough {
        let answer = client.write_values(fixture::PROJECTS, &[value]).await?;
        demand!(all_taken(&answer), "{answer:?}");
    } else {
        refused(&client, fixture::PROJECTS, value).await?;
    }
    Ok(())
}

async fn lock_exception(stage: &Stage) -> Checked {
    let path = fixture::lock_exception();
    let made = stage
        .send(&stage.admin(), Method::Post, &path, None)
        .await?;
    demand!(
        made.status == 201,
        "the exception is not made: {}",
        made.status
    );
    let listed = stage.clerk().lock_exceptions().await?;
    let ours = listed.iter().any(|one| {
        one.data_set.as_deref() == Some(fixture::LOCKING)
            && one.organisation_unit.as_deref() == Some(UNIT_A)
            && (one.period.id.as_deref() == Some(fixture::UNLOCKED)
                || one.period.start_date.as_deref() == Some("2024-02-01"))
    });
    demand!(ours, "listed are {listed:?}");
    let value = stage.value(fixture::LOCKED, fixture::UNLOCKED, UNIT_A, "1");
    let answer = stage
        .clerk()
        .write_values(fixture::LOCKING, &[value])
        .await?;
    demand!(all_taken(&answer), "{answer:?}");
    Ok(())
}

async fn superusers(stage: &Stage) -> Checked {
    let admin = stage.admin();
    let path = stage.clerk().me().await?.organisation_units;
    let path = path.first().map_or("", |unit| unit.path.as_str());
    let mine = admin.me().await?.organisation_units;
    if mine.iter().any(|unit| path.contains(&unit.id)) {
        let words = "the superuser's org units hold those of the suite";
        return Err(Stop::NotApplicable(words.to_owned()));
    }
    let value = stage.value(fixture::COUNT, "202212", UNIT_A, "1");
    if stage.rules.superusers_need_org_units {
        refused(&admin, MONTHLY, value).await?;
    } else {
        let answer = admin.write_values(MONTHLY, &[value]).await?;
        demand!(all_taken(&answer), "{answer:?}");
    }
    Ok(())
}

/// One value in a body that names no data set.
fn unnamed(value: &OutgoingValue<'_>) -> String {
    json!({"dataValues": [{
        "dataElement": value.data_element, "period": value.period, "orgUnit": value.org_unit,
        "categoryOptionCombo": value.category_option_combo,
        "attributeOptionCombo": value.attribute_option_combo, "value": value.value,
    }]})
    .to_string()
}

async fn set_not_named(stage: &Stage) -> Checked {
    let value = stage.value(fixture::GUARDED, "202209", UNIT_A, "1");
    let answer = stage
        .post_values(&stage.clerk(), "", &unnamed(&value))
        .await?;
    let read = stage.understand(&answer, 1)?;
    demand!(
        (read.refused() == 0) == stage.rules.write_access_needs_named_set,
        "{read:?}"
    );
    Ok(())
}

async fn two_sets(stage: &Stage) -> Checked {
    let value = stage.value(fixture::IN_TWO_SETS, "202210", UNIT_B, "1");
    let answer = stage
        .post_values(&stage.importer(), "", &unnamed(&value))
        .await?;
    let read = stage.understand(&answer, 1)?;
    demand!(
        (read.refused() == 1) == stage.rules.data_set_required_in_body,
        "{read:?}"
    );
    // Named, it goes into either.
    for set in [MONTHLY, fixture::SECOND] {
        let answer = stage.importer().write_values(set, &[value]).await?;
        demand!(all_taken(&answer), "{set}: {answer:?}");
    }
    Ok(())
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
