//! Somebody else's metadata made into a working server: a payload that has data
//! sets and elements but no places gets the sample country's org units, people
//! and values of the right type in the right periods.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::SampleServer;
use super::country::Country;
use super::metadata::{insert, references};
use super::month::Month;
use super::org_units::{LEVELS, OrgUnitTree, write_levels, write_org_units};
use super::people::{self, readable};
use super::periods::periods_within;
use super::random::{chance, draw, key};
use super::uid::{DEFAULT_CATEGORY_COMBO, DEFAULT_OPTION_COMBO, UidMaker};
use super::value_types::value_of_type;
use super::values::{Figure, SampleCell, SampleValues, TextIndex};

/// How to dress a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DressOptions {
    /// Facilities to make.
    pub facilities: usize,
    /// Months with values.
    pub months: usize,
    /// Year and month (1–12) of the latest values.
    pub last_month: (i32, u32),
    /// The destination lacks the latest period of each data set, has a few other
    /// values, and the people who import; the source has all values and a reader.
    pub side: DressSide,
}

/// Which server a dressed payload is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DressSide {
    /// Where values are brought to.
    Destination,
    /// Where they come from. Usually put [under other uids](SampleServer::under_other_uids).
    Source,
}

/// Collections whose objects have sharing of their own (DHIS2 2.40–2.43).
const SHARED_COLLECTIONS: [&str; 9] = [
    "categories",
    "categoryCombos",
    "dataElements",
    "dataElementGroups",
    "indicators",
    "indicatorGroups",
    "optionSets",
    "categoryOptionGroups",
    "categoryOptionGroupSets",
];

/// Adds org units in four levels, roles, groups and users to `metadata`, assigns
/// its data sets to facilities and makes values. Both sides get the same tree and,
/// where they have a value, the same one but for three in a hundred.
///
/// No values are made for value types that point to other objects (files, org
/// units, users) and for data sets of rare period types (two-weekly and some
/// financial years).
pub fn dress(metadata: &Value, options: &DressOptions) -> SampleServer {
    let seed = key("dressed");
    let last = Month::new(options.last_month.0, options.last_month.1);
    let country = Country::new(seed, options.facilities.max(1), last);
    let mut uids = UidMaker::new(seed);
    for object in metadata
        .as_object()
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_array)
        .flatten()
    {
        uids.reserve(id_of(object));
    }
    let tree = write_org_units(&country, &mut uids);
    let people = match options.side {
        DressSide::Destination => {
            people::at_destination(&mut uids, &tree.country, &tree.districts[0])
        }
        DressSide::Source => people::at_source(&mut uids, &tree.country),
    };
    let mut dressed = metadata.as_object().cloned().unwrap_or_default();
    let assigned = assign(&mut dressed, &country, &tree, &people.data_sharing, seed);
    let writer = Writer {
        side: options.side,
        seed,
        last,
        months: options.months,
        country: &country,
        tree: &tree,
    };
    let values = writer.write(&dressed, &assigned);
    let levels = write_levels(&mut uids, &LEVELS);
    SampleServer::assemble(
        &tree.country,
        tree.objects.clone(),
        levels,
        dressed,
        people,
        values,
    )
}

/// Gives each data set its facilities and its sharing; returns the facilities of each data set.
fn assign(
    dressed: &mut Map<String, Value>,
    country: &Country,
    tree: &OrgUnitTree,
    data_sharing: &Value,
    seed: u64,
) -> HashMap<String, Vec<usize>> {
    let mut assigned = HashMap::new();
    for (place, data_set) in objects_mut(dressed, "dataSets").iter_mut().enumerate() {
        let facilities: Vec<usize> = (0..country.facilities.len())
            .filter(|index| {
                let number = draw(&[seed, key("assigned"), place as u64, *index as u64]);
                country.facilities[*index].reports && (place == 0 || chance(number, 850))
            })
            .collect();
        let ids: Vec<String> = facilities
            .iter()
            .map(|index| tree.facilities[*index].clone())
            .collect();
        insert(data_set, "organisationUnits", references(&ids).into());
        insert(data_set, "sharing", data_sharing.clone());
        assigned.insert(id_of(data_set).to_owned(), facilities);
    }
    for option in objects_mut(dressed, "categoryOptions") {
        insert(option, "sharing", data_sharing.clone());
    }
    for collection in SHARED_COLLECTIONS {
        for object in objects_mut(dressed, collection) {
            if object.get("sharing").is_none() {
                insert(object, "sharing", readable());
            }
        }
    }
    assigned
}

struct Writer<'a> {
    side: DressSide,
    seed: u64,
    last: Month,
    months: usize,
    country: &'a Country,
    tree: &'a OrgUnitTree,
}

/// A data element's cell in a data set, but for place and time.
struct Field<'a> {
    number: u64,
    value_type: &'a str,
    options: &'a [String],
    zero_is_kept: bool,
    data_element: TextIndex,
    category_option_combo: TextIndex,
    attribute_option_combo: TextIndex,
}

impl Writer<'_> {
    fn write(
        &self,
        metadata: &Map<String, Value>,
        assigned: &HashMap<String, Vec<usize>>,
    ) -> SampleValues {
        let mut values = SampleValues::default();
        let option_codes = option_codes(metadata);
        let option_combos = option_combos(metadata);
        let elements: HashMap<&str, &Value> = objects(metadata, "dataElements")
            .iter()
            .map(|element| (id_of(element), element))
            .collect();
        // An element that stands in two data sets has one value in each place and period.
        let mut written = HashSet::new();
        for data_set in objects(metadata, "dataSets") {
            let fields = fields(
                data_set,
                &elements,
                &option_combos,
                &option_codes,
                &mut values,
            );
            let mut periods =
                periods_within(text_of(data_set, "periodType"), self.last, self.months);
            if self.side == DressSide::Destination {
                periods.pop();
            }
            let kept: Vec<TextIndex> = periods.iter().map(|period| values.keep(period)).collect();
            for index in assigned.get(id_of(data_set)).into_iter().flatten() {
                let facility = &self.country.facilities[*index];
                let org_unit = values.keep(&self.tree.facilities[*index]);
                for (period, kept) in periods.iter().zip(&kept) {
                    let number =
                        draw(&[self.seed, key(id_of(data_set)), *index as u64, key(period)]);
                    if !chance(number, facility.completeness)
                        || !within_life(facility, self.last, self.months)
                    {
                        continue;
                    }
                    for field in &fields {
                        let number = draw(&[self.seed, field.number, *index as u64, key(period)]);
                        let Some(figure) = self.figure(field, facility.size, number) else {
                            continue;
                        };
                        let cell = SampleCell {
                            data_element: field.data_element,
                            period: *kept,
                            org_unit,
                            category_option_combo: field.category_option_combo,
                            attribute_option_combo: field.attribute_option_combo,
                        };
                        if written.insert(cell) {
                            values.push(cell, &figure);
                        }
                    }
                }
            }
        }
        values
    }

    /// A figure that the value type takes; `None`: left empty, or a zero that is not kept.
    fn figure(&self, field: &Field<'_>, size: u64, number: u64) -> Option<Figure> {
        if chance(number >> 30, 120) {
            return None;
        }
        let stale = self.side == DressSide::Destination && chance(number >> 40, 30);
        let figure = value_of_type(
            field.value_type,
            field.options,
            size,
            number.wrapping_add(u64::from(stale)),
        )?;
        let zero = figure == Figure::Whole(0) || figure == Figure::Tenths(0);
        (field.zero_is_kept || !zero).then_some(figure)
    }
}

/// Works through all the months: nobody made these facilities' closures interesting.
fn within_life(facility: &super::country::Facility, last: Month, months: usize) -> bool {
    let before = i32::try_from(months)
        .unwrap_or(i32::MAX / 4)
        .saturating_add(24);
    facility.closed.is_none() && facility.opened.0 < last.plus(-before)
}

/// The fields of a data set: elements × category option combos × attribute option combos.
fn fields<'a>(
    data_set: &Value,
    elements: &HashMap<&str, &'a Value>,
    option_combos: &HashMap<&str, Vec<&str>>,
    option_codes: &'a HashMap<String, Vec<String>>,
    values: &mut SampleValues,
) -> Vec<Field<'a>> {
    let combos_of = |combo: &str| {
        option_combos
            .get(combo)
            .cloned()
            .unwrap_or_else(|| vec![DEFAULT_OPTION_COMBO])
    };
    let attribute =
        combos_of(reference(data_set, "categoryCombo").unwrap_or(DEFAULT_CATEGORY_COMBO));
    let members = data_set
        .get("dataSetElements")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let mut result = Vec::new();
    for member in members {
        let Some(element) = reference(member, "dataElement").and_then(|id| elements.get(id)) else {
            continue;
        };
        // A data set may break an element down in another way than the element itself says.
        let combo =
            reference(member, "categoryCombo").or_else(|| reference(element, "categoryCombo"));
        let options = reference(element, "optionSet")
            .and_then(|set| option_codes.get(set))
            .map_or(&[][..], Vec::as_slice);
        for category_option_combo in combos_of(combo.unwrap_or(DEFAULT_CATEGORY_COMBO)) {
            for attribute_option_combo in &attribute {
                result.push(Field {
                    number: draw(&[
                        key(id_of(element)),
                        key(category_option_combo),
                        key(attribute_option_combo),
                    ]),
                    value_type: text_of(element, "valueType"),
                    options,
                    zero_is_kept: element
                        .get("zeroIsSignificant")
                        .and_then(Value::as_bool)
                        .unwrap_or(false),
                    data_element: values.keep(id_of(element)),
                    category_option_combo: values.keep(category_option_combo),
                    attribute_option_combo: values.keep(attribute_option_combo),
                });
            }
        }
    }
    result
}

/// Category combo → its category option combos; where the payload has none, the
/// combo is `default`.
fn option_combos(metadata: &Map<String, Value>) -> HashMap<&str, Vec<&str>> {
    let mut result: HashMap<&str, Vec<&str>> = HashMap::new();
    for option_combo in objects(metadata, "categoryOptionCombos") {
        if let Some(combo) = reference(option_combo, "categoryCombo") {
            result.entry(combo).or_default().push(id_of(option_combo));
        }
    }
    result
}

/// Option set → codes of its options.
fn option_codes(metadata: &Map<String, Value>) -> HashMap<String, Vec<String>> {
    let mut result: HashMap<String, Vec<String>> = HashMap::new();
    for option in objects(metadata, "options") {
        if let Some(set) = reference(option, "optionSet") {
            result
                .entry(set.to_owned())
                .or_default()
                .push(text_of(option, "code").to_owned());
        }
    }
    result
}

fn id_of(object: &Value) -> &str {
    text_of(object, "id")
}

fn text_of<'a>(object: &'a Value, member: &str) -> &'a str {
    object
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The id that a member refers to.
fn reference<'a>(object: &'a Value, member: &str) -> Option<&'a str> {
    object.get(member)?.get("id")?.as_str()
}

fn objects<'a>(metadata: &'a Map<String, Value>, collection: &str) -> &'a [Value] {
    metadata
        .get(collection)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

fn objects_mut<'a>(metadata: &'a mut Map<String, Value>, collection: &str) -> &'a mut [Value] {
    metadata
        .get_mut(collection)
        .and_then(Value::as_array_mut)
        .map_or(&mut [], Vec::as_mut_slice)
}
