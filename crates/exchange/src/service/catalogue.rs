//! Reads one side's metadata and puts it into the engine's catalogue: what a mapping
//! is made from, and what the preflight asks before a value is sent. Only what the
//! chosen data sets reach is read; the reads run two at a time.

mod convert;
mod locks;

use futures_util::join;
use indexmap::IndexSet;
use tributary_dhis2::metadata as wire;
use tributary_dhis2::{Client, Failure, Transport};
use tributary_engine::catalogue::{Catalogue, DataSet};
use tributary_engine::period::PeriodType;

use convert::{category_combo, checks, data_element, data_set, org_unit};

use super::Tell;
use crate::question::{Progress, Stage};

/// What to read.
pub(super) struct Wanted<'a> {
    /// Only these data sets; all when none are given.
    pub(super) data_sets: Option<&'a [String]>,
    /// Which org units; none when they are not needed.
    pub(super) org_units: Option<wire::OrgUnitScope>,
    /// Whether the org units that each data set is assigned to are needed.
    pub(super) assignments: bool,
    /// Whether leave to enter expired periods is needed: the person is bound by expiry.
    pub(super) lock_exceptions: bool,
    /// How to call it in the progress.
    pub(super) stage: Stage,
}

/// Reads the catalogue of the side that the client leads to.
pub(super) async fn read<T: Transport>(
    client: &Client<T>,
    wanted: Wanted<'_>,
    tell: Tell<'_>,
) -> Result<Catalogue, Failure> {
    let step = |done: u32, total: u32| {
        tell(Progress {
            stage: wanted.stage,
            done,
            total,
            ..Progress::default()
        });
    };
    step(0, 0);
    let units = async {
        let Some(scope) = wanted.org_units else {
            return Ok(Vec::new());
        };
        client
            .org_units(scope, |pages| {
                step(
                    u32::try_from(pages.done).unwrap_or(0),
                    u32::try_from(pages.total).unwrap_or(0),
                );
            })
            .await
    };
    let forms = async {
        let mut data_sets = client.data_sets().await?;
        if let Some(only) = wanted.data_sets {
            data_sets.retain(|set| only.contains(&set.id));
        }
        read_forms(client, data_sets, &wanted).await
    };
    let (units, catalogue) = join!(units, forms);
    let mut catalogue = catalogue?;
    for unit in units? {
        catalogue.org_units.insert(unit.id.clone(), org_unit(unit));
    }
    catalogue.checks = checks(client.own_differences());
    let expires = |set: &DataSet| set.expiry_days != 0.0;
    if wanted.lock_exceptions && catalogue.data_sets.values().any(expires) {
        locks::read(client, &mut catalogue).await?;
    }
    Ok(catalogue)
}

/// Data sets with all that hangs on them.
async fn read_forms<T: Transport>(
    client: &Client<T>,
    data_sets: Vec<wire::DataSet>,
    wanted: &Wanted<'_>,
) -> Result<Catalogue, Failure> {
    let mut catalogue = Catalogue::default();
    let elements: Vec<String> = data_sets
        .iter()
        .flat_map(|set| {
            set.data_set_elements
                .iter()
                .filter_map(|place| place.data_element.clone())
        })
        .collect::<IndexSet<_>>()
        .into_iter()
        .collect();
    // All of them when all data sets are wanted: the list of ids would be longer than the answer.
    let only = wanted.data_sets.is_some().then_some(elements.as_slice());
    for element in client.data_elements(only).await? {
        catalogue
            .data_elements
            .insert(element.id.clone(), data_element(element));
    }
    let combos: IndexSet<String> = data_sets
        .iter()
        .flat_map(|set| {
            let overrides = set
                .data_set_elements
                .iter()
                .filter_map(|p| p.category_combo.clone());
            set.category_combo.clone().into_iter().chain(overrides)
        })
        .chain(
            catalogue
                .data_elements
                .values()
                .map(|element| element.category_combo.clone()),
        )
        .collect();
    let combos: Vec<String> = combos.into_iter().collect();
    let option_sets: Vec<String> = catalogue
        .data_elements
        .values()
        .filter_map(|element| element.option_set.clone())
        .collect::<IndexSet<_>>()
        .into_iter()
        .collect();
    let (combos, option_sets) = join!(client.category_combos(Some(&combos)), async {
        if option_sets.is_empty() {
            Ok(Vec::new())
        } else {
            client.option_sets(Some(&option_sets)).await
        }
    });
    let combos = combos?;
    let option_ids: Vec<String> = combos
        .iter()
        .flat_map(|combo| &combo.category_option_combos)
        .flat_map(|combo| combo.category_options.iter().cloned())
        .collect::<IndexSet<_>>()
        .into_iter()
        .collect();
    let options = client.category_options(Some(&option_ids)).await?;
    let options = options
        .into_iter()
        .map(|option| (option.id.clone(), option))
        .collect();
    for combo in combos {
        catalogue
            .category_combos
            .insert(combo.id.clone(), category_combo(combo, &options));
    }
    for set in option_sets? {
        let codes = set
            .options
            .into_iter()
            .filter_map(|option| option.code)
            .collect();
        catalogue.option_sets.insert(set.id, codes);
    }
    for set in data_sets {
        let assigned = if wanted.assignments {
            client.data_set_org_units(&set.id).await?
        } else {
            Vec::new()
        };
        // A period type that this build does not know can not be planned: the set is left
        // out, and the mapping says that it is not there.
        if let Some(period_type) = PeriodType::from_name(&set.period_type) {
            catalogue
                .data_sets
                .insert(set.id.clone(), data_set(set, period_type, assigned));
        }
    }
    Ok(catalogue)
}
