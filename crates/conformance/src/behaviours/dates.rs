//! Where versions part about dates: input periods, projects, lock exceptions.

use super::refusals::refused;
use super::writing::all_taken;
use super::{Behaviour, behaviour};
use crate::fixture::{self, UNIT_A};
use crate::stage::Stage;
use crate::verdict::{Checked, demand};
use tributary_dhis2::Method;
use tributary_dhis2::values::OutgoingValue;

/// This group.
pub(super) const ALL: &[Behaviour] = &[
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
];

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
