//! Metadata as the client reads them, turned into the engine's catalogue.

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as ValueError, StrDeserializer};
use tributary_dhis2::Differences;
use tributary_dhis2::metadata as wire;
use tributary_engine::catalogue::{
    CategoryCombo, CategoryOption, Checks, DataElement, DataSet, DataSetElement, InputPeriod,
    OptionCombo, OrgUnit,
};
use tributary_engine::period::PeriodType;
use tributary_engine::value_type::ValueType;

use crate::service::names;

/// What the destination's version checks in its own way.
pub(super) fn checks(differences: &Differences) -> Checks {
    Checks {
        open_input_periods_refused: differences.input_periods_inverted,
        input_period_closing_day_open: differences.input_period_closing_day_open,
        part_of_period_is_enough: differences.part_of_period_is_enough,
        superusers_need_org_units: differences.superusers_need_org_units,
    }
}

/// Category options by uid.
pub(super) type Options = indexmap::IndexMap<String, wire::CategoryOption>;

pub(super) fn data_set(
    set: wire::DataSet,
    period_type: PeriodType,
    assigned: Vec<String>,
) -> DataSet {
    DataSet {
        name: names::shown(&set.display_name, &set.name),
        uid: set.id,
        code: set.code,
        period_type,
        open_future_periods: u32::try_from(set.open_future_periods).unwrap_or(0),
        open_periods_after_option_end: u32::try_from(set.open_periods_after_co_end_date)
            .unwrap_or(0),
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

pub(super) fn data_element(element: wire::DataElement) -> DataElement {
    // Zeros count in an average, whatever `zeroIsSignificant` says
    // (`ValidationUtils.dataValueIsZeroAndInsignificant`, DHIS2 2.40–2.43).
    let averages = matches!(
        element.aggregation_type.as_str(),
        "AVERAGE" | "AVERAGE_SUM_ORG_UNIT"
    );
    DataElement {
        name: names::shown(&element.display_name, &element.name),
        uid: element.id,
        code: element.code,
        value_type: value_type(&element.value_type),
        zero_is_significant: element.zero_is_significant || averages,
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

pub(super) fn category_combo(combo: wire::CategoryCombo, options: &Options) -> CategoryCombo {
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
        name: names::shown(&combo.display_name, &combo.name),
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

pub(super) fn org_unit(unit: wire::OrganisationUnit) -> OrgUnit {
    OrgUnit {
        name: names::shown(&unit.display_name, &unit.name),
        uid: unit.id,
        code: unit.code,
        path: unit.path,
        level: unit.level,
        parent: unit.parent,
        opening_date: date(unit.opening_date),
        closed_date: date(unit.closed_date),
    }
}

/// The day of a date as the client gives it.
pub(super) fn date(text: Option<String>) -> Option<NaiveDate> {
    text?.get(..10)?.parse().ok()
}
