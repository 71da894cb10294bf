//! Where versions part about rights, and about requests that do not name their data set.

use super::refusals::refused;
use super::writing::all_taken;
use super::{Behaviour, behaviour};
use crate::fixture::{self, MONTHLY, UNIT_A, UNIT_B};
use crate::stage::Stage;
use crate::verdict::{Checked, Stop, demand};
use serde_json::json;
use tributary_dhis2::values::OutgoingValue;

/// This group.
pub(super) const ALL: &[Behaviour] = &[
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
];

/// One value in a body that names no data set.
fn unnamed(value: &OutgoingValue<'_>) -> String {
    json!({"dataValues": [{
        "dataElement": value.data_element, "period": value.period, "orgUnit": value.org_unit,
        "categoryOptionCombo": value.category_option_combo,
        "attributeOptionCombo": value.attribute_option_combo, "value": value.value,
    }]})
    .to_string()
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
