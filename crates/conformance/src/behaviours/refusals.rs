//! Values that every version refuses, one by one: each with a code, and not stored.

use super::{Behaviour, behaviour};
use crate::fixture::{self, MONTHLY, UNIT_A, UNIT_B};
use crate::http::Http;
use crate::stage::Stage;
use crate::verdict::{Checked, Stop, demand};
use tributary_dhis2::Client;
use tributary_dhis2::values::{Outcome, OutgoingValue};

/// A uid that no server has.
const UNKNOWN: &str = "cfmUnknown1";

/// This group.
pub(super) const ALL: &[Behaviour] = &[
    behaviour!(
        refusals,
        "unknown ids",
        "unknown elements, org units and combos are refused",
        [],
        unknown_ids
    ),
    behaviour!(
        refusals,
        "value types",
        "values of another type are refused",
        [],
        value_types
    ),
    behaviour!(
        refusals,
        "options",
        "a value outside the option set is refused",
        [],
        options
    ),
    behaviour!(
        refusals,
        "locked period",
        "a period after the data set's expiry is refused",
        [],
        locked_period
    ),
    behaviour!(
        refusals,
        "future period",
        "a period far ahead is refused",
        [],
        future_period
    ),
    behaviour!(
        refusals,
        "project dates",
        "a period outside the dates of an attribute option is refused",
        [],
        project_dates
    ),
    behaviour!(
        refusals,
        "project rights",
        "attribute options of other facilities or not shared are refused",
        [],
        project_rights
    ),
    behaviour!(
        refusals,
        "other facility",
        "a clerk writes only at the own facilities",
        [],
        other_facility
    ),
    behaviour!(
        refusals,
        "data set not shared for writing",
        "without the right to a data set's data nothing is written",
        [],
        read_only_set
    ),
];

/// Sends one value: it must be refused with a code, and its cell stay empty.
pub(super) async fn refused(
    client: &Client<Http>,
    data_set: &str,
    value: OutgoingValue<'_>,
) -> Result<String, Stop> {
    let answer = client.write_values(data_set, &[value]).await?;
    let Some(Outcome::Refused { code, .. }) = answer.outcomes.first() else {
        return Err(Stop::NotMet(format!(
            "{value:?} was not refused: {answer:?}"
        )));
    };
    demand!(
        code.starts_with('E'),
        "{value:?} was refused without a code"
    );
    Ok(code.clone())
}

/// As [`refused`], and the cell is read back by the importer.
async fn refused_and_absent(
    stage: &Stage,
    client: &Client<Http>,
    data_set: &str,
    value: OutgoingValue<'_>,
) -> Checked {
    refused(client, data_set, value).await?;
    let stored = stage.stored(data_set, &value).await?;
    demand!(
        stored.is_none(),
        "{value:?} was refused, and {stored:?} is stored"
    );
    Ok(())
}

async fn unknown_ids(stage: &Stage) -> Checked {
    let good = stage.value(fixture::COUNT, "202501", UNIT_A, "1");
    let bad = [
        OutgoingValue {
            data_element: UNKNOWN,
            ..good
        },
        OutgoingValue {
            org_unit: UNKNOWN,
            ..good
        },
        OutgoingValue {
            category_option_combo: UNKNOWN,
            ..good
        },
        OutgoingValue {
            attribute_option_combo: UNKNOWN,
            ..good
        },
    ];
    for value in bad {
        refused(&stage.importer(), MONTHLY, value).await?;
    }
    let stored = stage.stored(MONTHLY, &good).await?;
    demand!(stored.is_none(), "{stored:?} is stored");
    Ok(())
}

async fn value_types(stage: &Stage) -> Checked {
    for (element, text) in [
        (fixture::COUNT, "abc"),
        (fixture::COUNT, "-1"),
        (fixture::COUNT, "1.5"),
        (fixture::INTEGER, "1e3"),
        (fixture::NUMBER, "1,5"),
        (fixture::BOOLEAN, "maybe"),
        (fixture::DATE, "2025-13-45"),
    ] {
        let value = stage.value(element, "202502", UNIT_A, text);
        refused_and_absent(stage, &stage.importer(), MONTHLY, value).await?;
    }
    Ok(())
}

async fn options(stage: &Stage) -> Checked {
    let good = stage.value(fixture::COLOUR, "202503", UNIT_A, "GREEN");
    for text in ["PURPLE", "green", "Green"] {
        let value = OutgoingValue {
            value: text,
            ..good
        };
        refused_and_absent(stage, &stage.importer(), MONTHLY, value).await?;
    }
    let answer = stage.importer().write_values(MONTHLY, &[good]).await?;
    demand!(
        answer.refused() == 0,
        "the option's code was refused: {answer:?}"
    );
    Ok(())
}

async fn locked_period(stage: &Stage) -> Checked {
    let value = stage.value(fixture::LOCKED, "202401", UNIT_A, "1");
    refused_and_absent(stage, &stage.clerk(), fixture::LOCKING, value).await
}

async fn future_period(stage: &Stage) -> Checked {
    let value = stage.value(fixture::COUNT, "209901", UNIT_A, "1");
    refused_and_absent(stage, &stage.clerk(), MONTHLY, value).await
}

async fn project_dates(stage: &Stage) -> Checked {
    for period in ["202312", "202601"] {
        let value = OutgoingValue {
            attribute_option_combo: fixture::AOC_DATED,
            ..stage.value(fixture::BY_PROJECT, period, UNIT_A, "1")
        };
        refused_and_absent(stage, &stage.importer(), fixture::PROJECTS, value).await?;
    }
    Ok(())
}

async fn project_rights(stage: &Stage) -> Checked {
    for combo in [fixture::AOC_UNIT_B, fixture::AOC_SECRET] {
        let value = OutgoingValue {
            attribute_option_combo: combo,
            ..stage.value(fixture::BY_PROJECT, "202504", UNIT_A, "1")
        };
        refused(&stage.clerk(), fixture::PROJECTS, value).await?;
    }
    Ok(())
}

async fn other_facility(stage: &Stage) -> Checked {
    let value = stage.value(fixture::COUNT, "202505", UNIT_B, "1");
    refused_and_absent(stage, &stage.clerk(), MONTHLY, value).await
}

async fn read_only_set(stage: &Stage) -> Checked {
    let value = stage.value(fixture::GUARDED, "202506", UNIT_A, "1");
    refused_and_absent(stage, &stage.clerk(), fixture::READ_ONLY, value).await
}
