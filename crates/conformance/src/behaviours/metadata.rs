//! Metadata as mappings, plans and checks before sending need them.

use super::{Behaviour, behaviour};
use crate::fixture;
use crate::stage::Stage;
use crate::verdict::{Checked, Stop, demand};
use tributary_dhis2::metadata::{DataSet, OrgUnitScope};

/// This group.
pub(super) const ALL: &[Behaviour] = &[
    behaviour!(
        metadata,
        "data sets",
        "data sets come with all that decides whether values are taken",
        [],
        data_sets
    ),
    behaviour!(
        metadata,
        "rights",
        "the right to write a data set's values is told",
        [],
        rights
    ),
    behaviour!(
        metadata,
        "data elements",
        "data elements come by their ids, with value type and combo",
        [],
        data_elements
    ),
    behaviour!(
        metadata,
        "categories",
        "category combos come with their combinations, options with their limits",
        [],
        categories
    ),
    behaviour!(
        metadata,
        "options",
        "option sets come with the codes of their options",
        [],
        options
    ),
    behaviour!(
        metadata,
        "org units",
        "a person's org units come whole, with their dates",
        [],
        org_units
    ),
];

async fn data_set(stage: &Stage, id: &str) -> Result<DataSet, Stop> {
    let sets = stage.clerk().data_sets().await?;
    let found = sets.into_iter().find(|set| set.id == id);
    found.ok_or_else(|| Stop::NotMet(format!("the clerk does not see the data set {id}")))
}

async fn data_sets(stage: &Stage) -> Checked {
    let monthly = data_set(stage, fixture::MONTHLY).await?;
    demand!(
        monthly.period_type == "Monthly",
        "period type {:?}",
        monthly.period_type
    );
    demand!(
        monthly.data_set_elements.len() == 11,
        "{} elements",
        monthly.data_set_elements.len()
    );
    demand!(
        monthly.category_combo.as_deref() == Some(&stage.default_combo),
        "category combo {:?}",
        monthly.category_combo
    );
    demand!(
        monthly.open_future_periods == 0,
        "{} future periods",
        monthly.open_future_periods
    );
    let projects = data_set(stage, fixture::PROJECTS).await?;
    demand!(
        projects.category_combo.as_deref() == Some(fixture::COMBO_PROJECT),
        "category combo {:?}",
        projects.category_combo
    );
    let locking = data_set(stage, fixture::LOCKING).await?;
    demand!(
        (9.5..10.5).contains(&locking.expiry_days),
        "{} expiry days",
        locking.expiry_days
    );
    let inputs = data_set(stage, fixture::INPUT_PERIODS)
        .await?
        .data_input_periods;
    let closed = inputs
        .iter()
        .find(|input| input.period.as_deref() == Some("202602"));
    demand!(
        inputs.len() == 3
            && closed.and_then(|input| input.closing_date.as_deref()) == Some("2026-03-01"),
        "input periods {inputs:?}"
    );
    let mut assigned = stage.clerk().data_set_org_units(fixture::MONTHLY).await?;
    assigned.sort();
    let mut expected = [fixture::UNIT_A, fixture::UNIT_B, fixture::UNIT_CLOSED];
    expected.sort_unstable();
    demand!(assigned == expected, "assigned to {assigned:?}");
    Ok(())
}

async fn rights(stage: &Stage) -> Checked {
    let open = data_set(stage, fixture::MONTHLY).await?.access;
    demand!(open.data_read && open.data_write, "monthly set: {open:?}");
    let guarded = data_set(stage, fixture::READ_ONLY).await?.access;
    demand!(
        guarded.data_read && !guarded.data_write,
        "read-only set: {guarded:?}"
    );
    Ok(())
}

async fn data_elements(stage: &Stage) -> Checked {
    let ids = [fixture::COLOUR, fixture::BY_SEX, fixture::COUNT].map(str::to_owned);
    let elements = stage.clerk().data_elements(Some(&ids)).await?;
    demand!(elements.len() == 3, "{} of 3 elements", elements.len());
    let of = |id: &str| elements.iter().find(|element| element.id == id);
    let colour = of(fixture::COLOUR);
    demand!(
        colour.is_some_and(|one| one.option_set.as_deref() == Some(fixture::OPTION_SET)
            && one.value_type == "TEXT"),
        "{colour:?}"
    );
    let by_sex = of(fixture::BY_SEX);
    demand!(
        by_sex.is_some_and(
            |one| one.category_combo.as_deref() == Some(fixture::COMBO_SEX)
                && one.value_type == "INTEGER_ZERO_OR_POSITIVE"
                && !one.zero_is_significant
        ),
        "{by_sex:?}"
    );
    let count = of(fixture::COUNT);
    demand!(
        count.is_some_and(|one| one.zero_is_significant),
        "{count:?}"
    );
    Ok(())
}

async fn categories(stage: &Stage) -> Checked {
    let ids = [fixture::COMBO_SEX, fixture::COMBO_PROJECT].map(str::to_owned);
    let combos = stage.clerk().category_combos(Some(&ids)).await?;
    let sex = combos.iter().find(|combo| combo.id == fixture::COMBO_SEX);
    let mut cocs: Vec<&str> = sex
        .iter()
        .flat_map(|combo| &combo.category_option_combos)
        .map(|coc| coc.id.as_str())
        .collect();
    cocs.sort_unstable();
    let mut expected = [fixture::COC_FEMALE, fixture::COC_MALE];
    expected.sort_unstable();
    demand!(cocs == expected, "combinations by sex: {cocs:?}");
    let ids = [fixture::OPTION_DATED, fixture::OPTION_SECRET].map(str::to_owned);
    let options = stage.clerk().category_options(Some(&ids)).await?;
    let dated = options
        .iter()
        .find(|option| option.id == fixture::OPTION_DATED);
    demand!(
        dated.is_some_and(|option| option.start_date.as_deref() == Some("2024-01-15")
            && option.end_date.as_deref() == Some("2025-12-31")
            && option.access.data_write),
        "the dated option: {dated:?}"
    );
    let secret = options
        .iter()
        .find(|option| option.id == fixture::OPTION_SECRET);
    demand!(
        secret.is_none_or(|option| !option.access.data_write),
        "the clerk may write the option that is shared with nobody"
    );
    Ok(())
}

async fn options(stage: &Stage) -> Checked {
    let ids = [fixture::OPTION_SET.to_owned()];
    let sets = stage.clerk().option_sets(Some(&ids)).await?;
    let codes: Vec<&str> = sets
        .iter()
        .flat_map(|set| &set.options)
        .filter_map(|option| option.code.as_deref())
        .collect();
    demand!(codes == ["RED", "GREEN"], "codes {codes:?}");
    Ok(())
}

async fn org_units(stage: &Stage) -> Checked {
    let units = stage
        .importer()
        .org_units(OrgUnitScope::Mine, |_| {})
        .await?;
    demand!(units.len() == 5, "{} of 5 org units", units.len());
    let closed = units.iter().find(|unit| unit.id == fixture::UNIT_CLOSED);
    demand!(
        closed.is_some_and(|unit| unit.closed_date.as_deref() == Some("2020-06-30")
            && unit.opening_date.as_deref() == Some("2015-01-01")
            && unit.parent.as_deref() == Some(fixture::TOP)),
        "the closed one: {closed:?}"
    );
    let clerks = stage.clerk().org_units(OrgUnitScope::Mine, |_| {}).await?;
    demand!(
        clerks.len() == 1 && clerks.iter().all(|unit| unit.id == fixture::UNIT_A),
        "the clerk's: {clerks:?}"
    );
    let levels = stage.clerk().org_unit_levels().await?;
    demand!(
        levels.windows(2).all(|two| two[0].level <= two[1].level),
        "levels {levels:?}"
    );
    Ok(())
}
