//! Reads one side's metadata and puts it into the engine's catalogue: what a mapping
//! is made from, and what the preflight asks before a value is sent. Only what the
//! chosen data sets reach is read; the reads run two at a time.

use chrono::NaiveDate;
use futures_util::join;
use indexmap::IndexSet;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};
use tributary_dhis2::metadata as wire;
use tributary_dhis2::{Client, Failure, Transport};
use tributary_engine::catalogue::{
    Catalogue, CategoryCombo, CategoryOption, DataElement, DataSet, DataSetElement, InputPeriod,
    OptionCombo, OrgUnit,
};
use tributary_engine::period::PeriodType;
use tributary_engine::value_type::ValueType;

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

type Options = indexmap::IndexMap<String, wire::CategoryOption>;

fn data_set(set: wire::DataSet, period_type: PeriodType, assigned: Vec<String>) -> DataSet {
    DataSet {
        name: display(&set.display_name, &set.name),
        uid: set.id,
        code: set.code,
        period_type,
        open_future_periods: u32::try_from(set.open_future_periods).unwrap_or(0),
        expiry_days: set.expiry_days,
        category_combo: set.category_combo.unwrap_or_default(),
        elements: set
            .data_set_elements
            .into_iter()
            .filter_map(|place| {
                let own = DataSetElement {
                    category_combo: place.category_combo,
                };
                Some((place.data_element?, own))
            })
            .collect(),
        org_units: assigned.into_iter().collect(),
        data_write: set.access.data_write,
        data_read: set.access.data_read,
        input_periods: set
            .data_input_periods
            .into_iter()
            .filter_map(|input| {
                Some(InputPeriod {
                    period: input.period?,
                    opening_date: date(input.opening_date),
                    closing_date: date(input.closing_date),
                })
            })
            .collect(),
        workflow: set.workflow,
    }
}

fn data_element(element: wire::DataElement) -> DataElement {
    DataElement {
        name: display(&element.display_name, &element.name),
        uid: element.id,
        code: element.code,
        value_type: value_type(&element.value_type),
        zero_is_significant: element.zero_is_significant,
        category_combo: element.category_combo.unwrap_or_default(),
        option_set: element.option_set,
    }
}

/// The value type of DHIS2's name; what a type that this build does not know takes is left
/// to the server.
fn value_type(name: &str) -> ValueType {
    let name: StrDeserializer<'_, ValueError> = name.into_deserializer();
    ValueType::deserialize(name).unwrap_or(ValueType::Unknown)
}

fn category_combo(combo: wire::CategoryCombo, options: &Options) -> CategoryCombo {
    CategoryCombo {
        uid: combo.id,
        code: combo.code,
        is_default: combo.is_default || combo.name == "default",
        name: combo.name,
        option_combos: combo
            .category_option_combos
            .into_iter()
            .map(|option_combo| {
                (
                    option_combo.id.clone(),
                    self::option_combo(option_combo, options),
                )
            })
            .collect(),
    }
}

fn option_combo(combo: wire::CategoryOptionCombo, options: &Options) -> OptionCombo {
    OptionCombo {
        name: display(&combo.display_name, &combo.name),
        options: combo
            .category_options
            .iter()
            .map(|uid| match options.get(uid) {
                Some(option) => CategoryOption {
                    uid: option.id.clone(),
                    code: option.code.clone(),
                    start_date: date(option.start_date.clone()),
                    end_date: date(option.end_date.clone()),
                    org_units: option.organisation_units.clone(),
                    no_data_write: !option.access.data_write,
                },
                // An option that the person may not even read is one they may not write with.
                None => CategoryOption {
                    uid: uid.clone(),
                    no_data_write: true,
                    ..CategoryOption::default()
                },
            })
            .collect(),
        uid: combo.id,
        code: combo.code,
    }
}

fn org_unit(unit: wire::OrganisationUnit) -> OrgUnit {
    OrgUnit {
        name: display(&unit.display_name, &unit.name),
        uid: unit.id,
        code: unit.code,
        path: unit.path,
        level: unit.level,
        parent: unit.parent,
        opening_date: date(unit.opening_date),
        closed_date: date(unit.closed_date),
    }
}

fn display(display_name: &str, name: &str) -> String {
    if display_name.is_empty() {
        name.to_owned()
    } else {
        display_name.to_owned()
    }
}

fn date(text: Option<String>) -> Option<NaiveDate> {
    text?.get(..10)?.parse().ok()
}
