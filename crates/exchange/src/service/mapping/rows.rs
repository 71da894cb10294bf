//! The rows of each part: what there is at the source, and what it can be mapped to.

use std::collections::HashSet;

use tributary_engine::catalogue::{Catalogue, DataSet, OrgUnit};

use super::keep::Choices;
use crate::questions::mapping::{MappingPart, TargetOption};
use crate::service::names::fold;

/// One thing that can be mapped or mapped to.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) detail: String,
    pub(super) code: String,
    /// Name, detail and code, folded for searching.
    pub(super) folded: String,
}

impl Line {
    fn new(key: String, name: &str, detail: String, code: Option<&String>) -> Self {
        let code = code.cloned().unwrap_or_default();
        let folded = fold(&format!("{name} {detail} {code}"));
        Self {
            key,
            name: name.to_owned(),
            detail,
            code,
            folded,
        }
    }

    pub(super) fn option(&self) -> TargetOption {
        TargetOption {
            key: self.key.clone(),
            name: self.name.clone(),
            detail: self.detail.clone(),
            code: self.code.clone(),
        }
    }
}

/// What there is to map of a part. Items and attribute option combos follow from the data
/// sets that are mapped; org units are those that the source's data sets are assigned to.
pub(super) fn source_lines(source: &Catalogue, choices: &Choices, part: MappingPart) -> Vec<Line> {
    let mapped: Vec<&DataSet> = source
        .data_sets
        .values()
        .filter(|set| {
            matches!(
                choices.part(MappingPart::DataSets).get(&set.uid),
                Some(Some(_))
            )
        })
        .collect();
    match part {
        MappingPart::DataSets | MappingPart::Items | MappingPart::AttributeOptionCombos => {
            let sets: Vec<&DataSet> = match part {
                MappingPart::DataSets => source.data_sets.values().collect(),
                _ => mapped,
            };
            lines_of_sets(source, &sets, part)
        }
        MappingPart::OrgUnits => {
            let sets = if mapped.is_empty() {
                source.data_sets.values().collect()
            } else {
                mapped
            };
            let assigned: HashSet<&str> = sets
                .iter()
                .flat_map(|set| set.org_units.iter().map(String::as_str))
                .collect();
            org_unit_lines(source, |unit| {
                assigned.is_empty() || assigned.contains(unit.uid.as_str())
            })
        }
    }
}

/// What a part can be mapped to.
pub(super) fn target_lines(destination: &Catalogue, part: MappingPart) -> Vec<Line> {
    match part {
        MappingPart::OrgUnits => org_unit_lines(destination, |_| true),
        _ => lines_of_sets(
            destination,
            &destination.data_sets.values().collect::<Vec<_>>(),
            part,
        ),
    }
}

/// Keys of the targets that fit a row best: those within the data sets that the row's own
/// data sets are mapped to. None when every target fits alike.
pub(super) fn likely_targets<'a>(
    destination: &'a Catalogue,
    choices: &Choices,
    part: MappingPart,
    row: &str,
    source: &Catalogue,
) -> Option<HashSet<String>> {
    let pairs = choices.part(MappingPart::DataSets);
    let target_sets = |holds: &dyn Fn(&DataSet) -> bool| -> Vec<&'a DataSet> {
        source
            .data_sets
            .values()
            .filter(|set| holds(set))
            .filter_map(|set| pairs.get(&set.uid)?.as_ref())
            .filter_map(|uid| destination.data_sets.get(uid))
            .collect()
    };
    let sets = match part {
        MappingPart::DataSets => return None,
        MappingPart::Items => {
            let element = row.split('.').next().unwrap_or_default();
            target_sets(&|set| set.elements.contains_key(element))
        }
        MappingPart::AttributeOptionCombos => target_sets(&|set| {
            source
                .attribute_combo(set)
                .is_some_and(|combo| combo.option_combos.contains_key(row))
        }),
        MappingPart::OrgUnits => target_sets(&|_| true),
    };
    if part == MappingPart::OrgUnits {
        return Some(
            sets.iter()
                .flat_map(|set| set.org_units.iter().cloned())
                .collect(),
        );
    }
    Some(
        lines_of_sets(destination, &sets, part)
            .into_iter()
            .map(|line| line.key)
            .collect(),
    )
}

/// A target with its names.
pub(super) fn target(destination: &Catalogue, part: MappingPart, key: &str) -> TargetOption {
    let line = match part {
        MappingPart::DataSets => destination.data_sets.get(key).map(data_set_line),
        MappingPart::Items => key
            .split_once('.')
            .and_then(|(element, combo)| item_line(destination, element, combo)),
        MappingPart::AttributeOptionCombos => option_combo_line(destination, key),
        MappingPart::OrgUnits => destination
            .org_units
            .get(key)
            .map(|unit| org_unit_line(destination, unit)),
    };
    line.map_or_else(
        || TargetOption {
            key: key.to_owned(),
            name: key.to_owned(),
            ..TargetOption::default()
        },
        |line| line.option(),
    )
}

/// Name and detail in one line, for messages.
pub(super) fn full_name(side: &Catalogue, part: MappingPart, key: &str) -> String {
    let found = target(side, part, key);
    match (part, found.detail.is_empty()) {
        (MappingPart::DataSets, _) | (_, true) => found.name,
        _ => format!("{} ({})", found.name, found.detail),
    }
}

fn lines_of_sets(side: &Catalogue, sets: &[&DataSet], part: MappingPart) -> Vec<Line> {
    let mut seen = HashSet::new();
    let mut lines = Vec::new();
    for set in sets {
        match part {
            MappingPart::DataSets => lines.push(data_set_line(set)),
            MappingPart::Items => {
                for element in set.elements.keys() {
                    let Some(combo) = side.element_combo(set, element) else {
                        continue;
                    };
                    for option_combo in combo.option_combos.keys() {
                        if seen.insert(format!("{element}.{option_combo}")) {
                            lines.extend(item_line(side, element, option_combo));
                        }
                    }
                }
            }
            MappingPart::AttributeOptionCombos => {
                let combos = side
                    .attribute_combo(set)
                    .map(|combo| combo.option_combos.keys());
                for option_combo in combos.into_iter().flatten() {
                    if seen.insert(option_combo.clone()) {
                        lines.extend(option_combo_line(side, option_combo));
                    }
                }
            }
            MappingPart::OrgUnits => {}
        }
    }
    lines.sort_by(|a, b| a.folded.cmp(&b.folded));
    lines
}

fn data_set_line(set: &DataSet) -> Line {
    Line::new(
        set.uid.clone(),
        &set.name,
        set.period_type.name().to_owned(),
        set.code.as_ref(),
    )
}

fn item_line(side: &Catalogue, element: &str, option_combo: &str) -> Option<Line> {
    let data_element = side.data_elements.get(element)?;
    let detail = option_combo_name(side, option_combo).unwrap_or_default();
    let key = format!("{element}.{option_combo}");
    Some(Line::new(
        key,
        &data_element.name,
        detail,
        data_element.code.as_ref(),
    ))
}

fn option_combo_line(side: &Catalogue, uid: &str) -> Option<Line> {
    side.category_combos.values().find_map(|combo| {
        let found = combo.option_combos.get(uid)?;
        // The default one has the same words for everything.
        let (detail, code) = if combo.is_default {
            (String::new(), None)
        } else {
            (combo.name.clone(), found.code.as_ref())
        };
        Some(Line::new(uid.to_owned(), &found.name, detail, code))
    })
}

/// Name of an option combo; none for the default one, which says nothing to a person.
pub(in crate::service) fn option_combo_name(side: &Catalogue, uid: &str) -> Option<String> {
    side.category_combos
        .values()
        .find_map(|combo| combo.option_combos.get(uid).map(|found| (combo, found)))
        .filter(|(combo, _)| !combo.is_default)
        .map(|(_, found)| found.name.clone())
}

fn org_unit_lines(side: &Catalogue, wanted: impl Fn(&OrgUnit) -> bool) -> Vec<Line> {
    let mut lines: Vec<Line> = side
        .org_units
        .values()
        .filter(|unit| wanted(unit))
        .map(|unit| org_unit_line(side, unit))
        .collect();
    lines.sort_by(|a, b| a.folded.cmp(&b.folded));
    lines
}

fn org_unit_line(side: &Catalogue, unit: &OrgUnit) -> Line {
    // The way from the top, without the root, which is the same for all, and the unit itself.
    let above: Vec<&str> = unit
        .path
        .split('/')
        .filter(|step| !step.is_empty() && *step != unit.uid)
        .skip(1)
        .filter_map(|step| side.org_units.get(step))
        .map(|unit| unit.name.as_str())
        .collect();
    Line::new(
        unit.uid.clone(),
        &unit.name,
        above.join(" / "),
        unit.code.as_ref(),
    )
}
