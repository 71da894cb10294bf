//! From the metadata as JSON to the index. An object that lacks what the rules
//! need is left out, as if it did not exist.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::objects::{
    Approval, AttributeValues, CategoryOption, CategoryOptionCombo, DataElement, DataSet,
    InputPeriod, LockException,
};
use super::org_units::LooseOrgUnit;
use super::{
    Catalogue, CategoriesByCombo, DEFAULT_CATEGORY_COMBO, DEFAULT_OPTION_COMBO, OrgUnitTree,
    Sharing,
};
use crate::collections::Collections;
use crate::values::period::{Period, PeriodType};

impl Catalogue {
    /// Builds the index. Objects that lack what the rules need are left out.
    pub fn build(collections: &Collections) -> Self {
        let objects = |name: &str| collections.get(name).into_iter().flat_map(|c| c.values());
        let keyed = |name: &str| objects(name).filter_map(|o| Some((uid(o)?, o)));
        let mut built = Self {
            org_units: OrgUnitTree::build(
                objects("organisationUnits").filter_map(org_unit).collect(),
            ),
            data_elements: keyed("dataElements")
                .map(|(uid, o)| (uid.clone(), data_element(uid, o)))
                .collect(),
            data_sets: keyed("dataSets")
                .filter_map(|(uid, o)| Some((uid.clone(), data_set(uid, o)?)))
                .collect(),
            option_combos: keyed("categoryOptionCombos")
                .filter_map(|(uid, o)| Some((uid.clone(), option_combo(uid, o)?)))
                .collect(),
            category_options: keyed("categoryOptions")
                .map(|(uid, o)| (uid.clone(), category_option(uid, o)))
                .collect(),
            option_sets: option_sets(collections),
            org_unit_groups: keyed("organisationUnitGroups")
                .map(|(uid, o)| (uid, references(o, "organisationUnits").collect()))
                .collect(),
            data_element_groups: keyed("dataElementGroups")
                .map(|(uid, o)| (uid, references(o, "dataElements").collect()))
                .collect(),
            categories: categories(collections),
            lock_exceptions: objects("lockExceptions")
                .filter_map(lock_exception)
                .collect(),
            approvals: objects("dataApprovals").filter_map(approval).collect(),
            ..Self::default()
        };
        built.add_default_combo();
        built.link();
        built
    }

    /// The objects named "default" are part of every DHIS2, loaded or not.
    fn add_default_combo(&mut self) {
        self.option_combos
            .entry(DEFAULT_OPTION_COMBO.to_owned())
            .or_insert_with(|| CategoryOptionCombo {
                uid: DEFAULT_OPTION_COMBO.to_owned(),
                code: Some("default".to_owned()),
                name: "default".to_owned(),
                category_combo: DEFAULT_CATEGORY_COMBO.to_owned(),
                options: Vec::new(),
                attributes: AttributeValues::default(),
            });
    }

    /// Fills what follows from several kinds of objects.
    #[expect(
        clippy::iter_over_hash_type,
        reason = "each entry is filled by itself; the lists are sorted"
    )]
    fn link(&mut self) {
        for (uid, set) in &mut self.data_sets {
            for (element, combo) in &mut set.elements {
                if combo.is_empty()
                    && let Some(element) = self.data_elements.get(element)
                {
                    combo.clone_from(&element.category_combo);
                }
                self.data_sets_of_element
                    .entry(element.clone())
                    .or_default()
                    .push(uid.clone());
            }
        }
        for sets in self.data_sets_of_element.values_mut() {
            sets.sort_unstable();
        }
    }
}

fn text(object: &Value, member: &str) -> Option<String> {
    object[member].as_str().map(str::to_owned)
}

fn uid(object: &Value) -> Option<String> {
    text(object, "id")
}

/// The uid of an object that is referred to, `{"id": …}`.
fn reference(object: &Value, member: &str) -> Option<String> {
    uid(&object[member])
}

fn references<'o>(object: &'o Value, member: &str) -> impl Iterator<Item = String> + 'o {
    object[member]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(uid)
}

/// The day of `2026-01-31` and of `2026-01-31T00:00:00.000`.
fn day(object: &Value, member: &str) -> Option<NaiveDate> {
    object[member].as_str()?.get(..10)?.parse().ok()
}

fn moment(object: &Value, member: &str) -> Option<NaiveDateTime> {
    let text = object[member].as_str()?;
    let day = day(object, member)?;
    let time = text
        .get(11..19)
        .and_then(|t| t.parse::<NaiveTime>().ok())
        .unwrap_or_default();
    Some(day.and_time(time))
}

fn count(object: &Value, member: &str) -> u32 {
    object[member]
        .as_u64()
        .and_then(|n| u32::try_from(n).ok())
        .unwrap_or(0)
}

/// `[{"attribute": {"id": …}, "value": …}]`, or the map of 2.42's storage.
fn attributes(object: &Value) -> AttributeValues {
    object["attributeValues"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|a| Some((reference(a, "attribute")?, text(a, "value")?)))
        .collect()
}

fn name(object: &Value) -> String {
    text(object, "name").unwrap_or_default()
}

fn org_unit(object: &Value) -> Option<LooseOrgUnit> {
    Some(LooseOrgUnit {
        uid: uid(object)?,
        code: text(object, "code"),
        name: name(object),
        parent: reference(object, "parent"),
        opening: day(object, "openingDate"),
        closed: day(object, "closedDate"),
        attributes: attributes(object),
    })
}

fn data_element(uid: String, object: &Value) -> DataElement {
    DataElement {
        uid,
        code: text(object, "code"),
        name: name(object),
        value_type: text(object, "valueType").unwrap_or_else(|| "TEXT".to_owned()),
        aggregation_type: text(object, "aggregationType").unwrap_or_default(),
        category_combo: reference(object, "categoryCombo")
            .unwrap_or_else(|| DEFAULT_CATEGORY_COMBO.to_owned()),
        option_set: reference(object, "optionSet"),
        zero_is_significant: object["zeroIsSignificant"].as_bool().unwrap_or(false),
        sharing: Sharing::of(object),
        attributes: attributes(object),
    }
}

fn category_option(uid: String, object: &Value) -> CategoryOption {
    CategoryOption {
        uid,
        code: text(object, "code"),
        name: name(object),
        start: day(object, "startDate"),
        end: day(object, "endDate"),
        org_units: references(object, "organisationUnits").collect(),
        sharing: Sharing::of(object),
    }
}

fn option_combo(uid: String, object: &Value) -> Option<CategoryOptionCombo> {
    let is_default = uid == DEFAULT_OPTION_COMBO;
    Some(CategoryOptionCombo {
        uid,
        code: text(object, "code").or_else(|| is_default.then(|| "default".to_owned())),
        name: name(object),
        category_combo: reference(object, "categoryCombo")?,
        options: references(object, "categoryOptions").collect(),
        attributes: attributes(object),
    })
}

fn data_set(uid: String, object: &Value) -> Option<DataSet> {
    let elements = object["dataSetElements"].as_array().into_iter().flatten();
    Some(DataSet {
        uid,
        code: text(object, "code"),
        name: name(object),
        period_type: PeriodType::named(object["periodType"].as_str()?)?,
        category_combo: reference(object, "categoryCombo")
            .unwrap_or_else(|| DEFAULT_CATEGORY_COMBO.to_owned()),
        // An empty combo means the element's own; it is filled in once elements are known.
        elements: elements
            .filter_map(|e| {
                Some((
                    reference(e, "dataElement")?,
                    reference(e, "categoryCombo").unwrap_or_default(),
                ))
            })
            .collect(),
        org_units: references(object, "organisationUnits").collect(),
        expiry_days: object["expiryDays"].as_f64().unwrap_or(0.0),
        open_future_periods: count(object, "openFuturePeriods"),
        open_periods_after_option_end: count(object, "openPeriodsAfterCoEndDate"),
        input_periods: object["dataInputPeriods"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(input_period)
            .collect(),
        workflow: reference(object, "workflow"),
        comment_without_value: object["noValueRequiresComment"].as_bool().unwrap_or(false),
        sharing: Sharing::of(object),
        attributes: attributes(object),
    })
}

fn input_period(object: &Value) -> Option<InputPeriod> {
    Some(InputPeriod {
        period: reference(object, "period")?,
        opening: moment(object, "openingDate"),
        closing: moment(object, "closingDate"),
    })
}

fn option_sets(collections: &Collections) -> FxHashMap<String, FxHashSet<String>> {
    let mut sets: FxHashMap<String, FxHashSet<String>> = FxHashMap::default();
    for option in collections
        .get("options")
        .into_iter()
        .flat_map(|c| c.values())
    {
        if let (Some(set), Some(code)) = (reference(option, "optionSet"), text(option, "code")) {
            sets.entry(set).or_default().insert(code);
        }
    }
    // A set may also name its options, which then need not name the set.
    for set in collections
        .get("optionSets")
        .into_iter()
        .flat_map(|c| c.values())
    {
        let Some(uid) = uid(set) else { continue };
        let codes = references(set, "options")
            .filter_map(|option| text(collections.get("options")?.get(&option)?, "code"));
        sets.entry(uid).or_default().extend(codes);
    }
    sets
}

fn categories(collections: &Collections) -> CategoriesByCombo {
    let category = |uid: &String| {
        let object = collections.get("categories")?.get(uid)?;
        let code = text(object, "code").unwrap_or_else(|| name(object));
        Some((code, references(object, "categoryOptions").collect()))
    };
    collections
        .get("categoryCombos")
        .into_iter()
        .flat_map(|c| c.values())
        .filter_map(|combo| {
            let categories = references(combo, "categories")
                .filter_map(|uid| category(&uid))
                .collect();
            Some((uid(combo)?, categories))
        })
        .collect()
}

fn lock_exception(object: &Value) -> Option<LockException> {
    Some(LockException {
        data_set: reference(object, "dataSet")?,
        period: reference(object, "period")?,
        org_unit: reference(object, "organisationUnit")?,
    })
}

fn approval(object: &Value) -> Option<Approval> {
    Some(Approval {
        workflow: reference(object, "workflow")?,
        period: Period::parse(&reference(object, "period")?)?,
        org_unit: reference(object, "organisationUnit")?,
        attribute_option_combo: reference(object, "attributeOptionCombo")
            .unwrap_or_else(|| super::DEFAULT_OPTION_COMBO.to_owned()),
    })
}
