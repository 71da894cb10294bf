//! Values that are taken: new, equal, changed, deleted, and how the server counts them.

use super::{Behaviour, behaviour};
use crate::fixture::{self, MONTHLY, UNIT_A, UNIT_B};
use crate::stage::Stage;
use crate::verdict::{Checked, demand};
use tributary_dhis2::values::{ImportAnswer, OutgoingValue, ReadFormat};

/// This group.
pub(super) const ALL: &[Behaviour] = &[
    behaviour!(
        writing,
        "new values",
        "new values are stored, counted, and read back as sent",
        ["imported_always_zero"],
        new_values
    ),
    behaviour!(
        writing,
        "equal values",
        "sending the same again changes nothing",
        ["equal_values_count_as_updated"],
        equal_values
    ),
    behaviour!(
        writing,
        "changed values",
        "a changed value replaces the one before",
        [],
        changed_values
    ),
    behaviour!(
        writing,
        "whole key",
        "combinations and attributes are kept apart",
        [],
        whole_key
    ),
    behaviour!(
        writing,
        "texts and comments",
        "quotes, line ends, accents and comments survive",
        [],
        texts
    ),
    behaviour!(
        writing,
        "deleted values",
        "a deleted value is gone from reads, and told to whoever asks for deleted ones",
        [],
        deleted_values
    ),
    behaviour!(
        writing,
        "many values",
        "a request of some hundred values is answered for each",
        ["max_values_per_write"],
        many_values
    ),
];

/// All taken: no refusal, nothing that the counting leaves open.
pub(super) fn all_taken(answer: &ImportAnswer) -> bool {
    answer.refused() == 0 && answer.counters_add_up() && answer.whole_request_refused.is_none()
}

async fn new_values(stage: &Stage) -> Checked {
    let values = [
        stage.value(fixture::COUNT, "202402", UNIT_A, "12"),
        stage.value(fixture::NUMBER, "202402", UNIT_A, "-3.5"),
        stage.value(fixture::DATE, "202402", UNIT_A, "2024-02-29"),
    ];
    let answer = stage.clerk().write_values(MONTHLY, &values).await?;
    demand!(all_taken(&answer), "{answer:?}");
    let counted = answer.counters;
    let expected = if stage.rules.imported_always_zero {
        (0, 3)
    } else {
        (3, 0)
    };
    demand!(
        (counted.imported, counted.updated) == expected,
        "imported and updated: {counted:?}"
    );
    for value in &values {
        let stored = stage.stored(MONTHLY, value).await?;
        demand!(
            stored.as_deref() == Some(value.value),
            "{} sent, {stored:?} stored",
            value.value
        );
    }
    Ok(())
}

async fn equal_values(stage: &Stage) -> Checked {
    let values = [
        stage.value(fixture::COUNT, "202403", UNIT_A, "5"),
        stage.value(fixture::BOOLEAN, "202403", UNIT_A, "true"),
    ];
    let client = stage.importer();
    let first = client.write_values(MONTHLY, &values).await?;
    demand!(all_taken(&first), "{first:?}");
    let again = client.write_values(MONTHLY, &values).await?;
    demand!(all_taken(&again), "{again:?}");
    let counted = again.counters;
    let expected = if stage.rules.equal_values_count_as_updated {
        (2, 0)
    } else {
        (0, 2)
    };
    demand!(
        (counted.updated, counted.ignored) == expected,
        "updated and ignored: {counted:?}"
    );
    Ok(())
}

async fn changed_values(stage: &Stage) -> Checked {
    let client = stage.importer();
    let before = stage.value(fixture::COUNT, "202404", UNIT_A, "5");
    let after = OutgoingValue {
        value: "6",
        ..before
    };
    for value in [before, after] {
        let answer = client.write_values(MONTHLY, &[value]).await?;
        demand!(all_taken(&answer), "{answer:?}");
    }
    let stored = stage.stored(MONTHLY, &after).await?;
    demand!(stored.as_deref() == Some("6"), "{stored:?} is stored");
    Ok(())
}

async fn whole_key(stage: &Stage) -> Checked {
    let client = stage.importer();
    let female = OutgoingValue {
        category_option_combo: fixture::COC_FEMALE,
        ..stage.value(fixture::BY_SEX, "202405", UNIT_A, "7")
    };
    let male = OutgoingValue {
        category_option_combo: fixture::COC_MALE,
        value: "8",
        ..female
    };
    let answer = client.write_values(MONTHLY, &[female, male]).await?;
    demand!(all_taken(&answer), "{answer:?}");
    let dated = OutgoingValue {
        attribute_option_combo: fixture::AOC_DATED,
        ..stage.value(fixture::BY_PROJECT, "202405", UNIT_A, "9")
    };
    let answer = client.write_values(fixture::PROJECTS, &[dated]).await?;
    demand!(all_taken(&answer), "{answer:?}");
    for (set, value) in [
        (MONTHLY, female),
        (MONTHLY, male),
        (fixture::PROJECTS, dated),
    ] {
        let stored = stage.stored(set, &value).await?;
        demand!(
            stored.as_deref() == Some(value.value),
            "{value:?}: {stored:?} is stored"
        );
    }
    Ok(())
}

async fn texts(stage: &Stage) -> Checked {
    let text = OutgoingValue {
        comment: Some("Counted by hand, \"twice\""),
        ..stage.value(
            fixture::TEXT,
            "202406",
            UNIT_A,
            "Été, \"dit\"; 50 %\nsecond line",
        )
    };
    let answer = stage.importer().write_values(MONTHLY, &[text]).await?;
    demand!(all_taken(&answer), "{answer:?}");
    for format in [ReadFormat::Csv, ReadFormat::Json] {
        let rows = stage
            .read_as(&stage.importer(), MONTHLY, &["202406"], &[UNIT_A], format)
            .await?;
        let same = |row: &crate::stage::Present| {
            row.value == text.value && Some(row.comment.as_str()) == text.comment
        };
        demand!(
            rows.len() == 1 && rows.iter().all(same),
            "{format:?}: {rows:?}"
        );
    }
    // Another comment alone is a change, too.
    let again = OutgoingValue {
        comment: Some("Counted three times"),
        ..text
    };
    let answer = stage.importer().write_values(MONTHLY, &[again]).await?;
    demand!(all_taken(&answer), "{answer:?}");
    let rows = stage
        .read(&stage.importer(), MONTHLY, &["202406"], &[UNIT_A])
        .await?;
    demand!(
        rows.len() == 1
            && rows
                .iter()
                .all(|row| Some(row.comment.as_str()) == again.comment),
        "another comment: {rows:?}"
    );
    Ok(())
}

async fn deleted_values(stage: &Stage) -> Checked {
    let client = stage.importer();
    let values = [
        stage.value(fixture::COUNT, "202407", UNIT_A, "1"),
        stage.value(fixture::COUNT, "202407", UNIT_B, "2"),
    ];
    let answer = client.write_values(MONTHLY, &values).await?;
    demand!(all_taken(&answer), "{answer:?}");
    let deleted = client.delete_values(MONTHLY, &values[..1]).await?;
    demand!(
        deleted.refused() == 0 && deleted.counters.deleted == 1,
        "{deleted:?}"
    );
    for format in [ReadFormat::Csv, ReadFormat::Json] {
        let rows = stage
            .read_as(&client, MONTHLY, &["202407"], &[UNIT_A, UNIT_B], format)
            .await?;
        demand!(
            rows.len() == 1 && rows.iter().all(|row| row.unit == UNIT_B),
            "{format:?}: {rows:?}"
        );
        let deleted = stage
            .deleted_in(&client, MONTHLY, "202407", &[UNIT_A, UNIT_B], format)
            .await?;
        demand!(deleted == [UNIT_A], "{format:?}, deleted: {deleted:?}");
    }
    // What was deleted can be sent again.
    let answer = client.write_values(MONTHLY, &values[..1]).await?;
    demand!(all_taken(&answer), "{answer:?}");
    let stored = stage.stored(MONTHLY, &values[0]).await?;
    demand!(
        stored.as_deref() == Some("1"),
        "sent again, {stored:?} is stored"
    );
    Ok(())
}

async fn many_values(stage: &Stage) -> Checked {
    let periods: Vec<String> = (2016..2022)
        .flat_map(|year| (1..=12).map(move |month| format!("{year}{month:02}")))
        .collect();
    let mut values = Vec::new();
    for period in &periods {
        for unit in [UNIT_A, UNIT_B] {
            for element in [fixture::COUNT, fixture::COUNT_2] {
                values.push(stage.value(element, period, unit, "3"));
            }
        }
    }
    let client = stage.importer();
    demand!(
        values.len() <= stage.rules.max_values_per_write,
        "the client sends no {} values at once",
        values.len()
    );
    let answer = client.write_values(MONTHLY, &values).await?;
    demand!(
        answer.sent() == values.len() && all_taken(&answer),
        "{:?} {:?}",
        answer.counters,
        answer.conflicts
    );
    let periods: Vec<&str> = periods.iter().map(String::as_str).collect();
    let rows = stage
        .read(&client, MONTHLY, &periods, &[UNIT_A, UNIT_B])
        .await?;
    demand!(
        rows.len() == values.len(),
        "{} of {} read back",
        rows.len(),
        values.len()
    );
    Ok(())
}
