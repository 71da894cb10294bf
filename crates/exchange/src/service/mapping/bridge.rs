//! Between the choices as they are kept and the engine's own forms: the mapping of a
//! run, the proposals, and what is doubtful.

use indexmap::IndexMap;
use tributary_engine::catalogue::Catalogue;
use tributary_engine::mapping::{
    self as engine, Choice, CombinationRule, Combinations, DataSetPair, Evidence, Finding, Item,
    ItemCombination, Mapping,
};

use super::keep::Choices;
use super::rows;
use crate::questions::mapping::{MappingFinding, MappingPart};

/// Proposals of each part: source key → destination key and the evidence's text key.
#[derive(Clone, Debug, Default)]
pub(super) struct Proposals {
    parts: [IndexMap<String, (String, String)>; 4],
}

impl Proposals {
    pub(super) fn part(&self, part: MappingPart) -> &IndexMap<String, (String, String)> {
        &self.parts[super::place_of(part)]
    }

    fn note(&mut self, part: MappingPart, source: String, target: String, evidence: Evidence) {
        self.parts[super::place_of(part)].insert(source, (target, evidence.code().to_owned()));
    }
}

/// What uids and codes leave no doubt about.
pub(super) fn propose(source: &Catalogue, destination: &Catalogue) -> Proposals {
    let found = engine::propose(source, destination);
    let mut proposals = Proposals::default();
    for (part, list) in [
        (MappingPart::DataSets, found.data_sets),
        (
            MappingPart::AttributeOptionCombos,
            found.attribute_option_combos,
        ),
        (MappingPart::OrgUnits, found.org_units),
    ] {
        for proposal in list {
            proposals.note(
                part,
                proposal.source,
                proposal.destination,
                proposal.evidence,
            );
        }
    }
    for proposal in found.items {
        // The weaker of the two is what a person has to judge.
        let evidence = proposal.element.max(proposal.option_combo);
        proposals.note(
            MappingPart::Items,
            key(&proposal.source),
            key(&proposal.destination),
            evidence,
        );
    }
    proposals
}

fn key(item: &Item) -> String {
    format!("{}.{}", item.data_element, item.category_option_combo)
}

fn item(key: &str) -> Option<Item> {
    let (data_element, option_combo) = key.split_once('.')?;
    Some(Item {
        data_element: data_element.to_owned(),
        category_option_combo: option_combo.to_owned(),
    })
}

/// The engine's mapping of the choices, for these pairs of data sets.
pub(in crate::service) fn engine_mapping(choices: &Choices, pairs: &[(String, String)]) -> Mapping {
    let mut mapping = Mapping {
        data_sets: pairs
            .iter()
            .map(|(source, destination)| DataSetPair {
                source: source.clone(),
                destination: destination.clone(),
            })
            .collect(),
        ..Mapping::default()
    };
    for (source, target) in choices.part(MappingPart::Items) {
        let Some(source) = item(source) else { continue };
        match target.as_deref().map(item) {
            None => mapping.set_item(source, Choice::Excluded),
            Some(Some(target)) => mapping.set_item(source, Choice::To(target)),
            Some(None) => {}
        }
    }
    let plain = |part: MappingPart| {
        choices.part(part).iter().map(|(source, target)| {
            (
                source.clone(),
                target.clone().map_or(Choice::Excluded, Choice::To),
            )
        })
    };
    mapping.attribute_option_combos = plain(MappingPart::AttributeOptionCombos).collect();
    mapping.org_units = plain(MappingPart::OrgUnits).collect();
    mapping.combinations = combinations(choices);
    mapping
}

/// The rules by which values that meet are combined. A word that this build does not know is
/// no rule: such values are blocked.
fn combinations(choices: &Choices) -> Combinations {
    let mut rules = Combinations::default();
    for (target, stored) in &choices.combine {
        let mut stored = stored.iter();
        let rule = stored.next().and_then(|code| CombinationRule::of(code));
        let Some(rule) = rule else { continue };
        if target.is_empty() {
            rules.default = Some(rule);
        } else if let Some(item) = item(target) {
            rules.items.push(ItemCombination {
                item,
                rule,
                order: stored.filter_map(|key| self::item(key)).collect(),
            });
        }
    }
    rules
}

/// What an administrator should look at, with the names of both sides.
pub(super) fn findings(
    source: &Catalogue,
    destination: &Catalogue,
    choices: &Choices,
) -> Vec<MappingFinding> {
    let pairs: Vec<(String, String)> = choices
        .part(MappingPart::DataSets)
        .iter()
        .filter_map(|(source, target)| Some((source.clone(), target.clone()?)))
        .collect();
    let mapping = engine_mapping(choices, &pairs);
    engine::findings(&mapping, destination)
        .into_iter()
        .map(|finding| {
            let kind = finding.code().to_owned();
            let (part, sources, target) = about(finding);
            let mut names: Vec<String> = sources
                .iter()
                .map(|key| rows::full_name(source, part, key))
                .collect();
            names.push(rows::full_name(destination, part, &target));
            MappingFinding {
                kind,
                part,
                names,
                rows: sources,
            }
        })
        .collect()
}

/// The part, the source keys and the destination key that a finding is about.
fn about(finding: Finding) -> (MappingPart, Vec<String>, String) {
    use MappingPart::{AttributeOptionCombos, DataSets, Items, OrgUnits};
    match finding {
        Finding::UnknownDataSet {
            source,
            destination,
        } => (DataSets, vec![source], destination),
        Finding::OrgUnitsMeet {
            destination,
            sources,
        } => (OrgUnits, sources, destination),
        Finding::UnknownOrgUnit {
            source,
            destination,
        }
        | Finding::OrgUnitNotAssigned {
            source,
            destination,
        } => (OrgUnits, vec![source], destination),
        Finding::ItemsMeet {
            destination,
            sources,
        } => (Items, sources.iter().map(key).collect(), key(&destination)),
        Finding::UnknownDataElement {
            source,
            destination,
        }
        | Finding::ElementNotInDataSets {
            source,
            destination,
        }
        | Finding::CategoryOptionComboNotOfElement {
            source,
            destination,
        } => (Items, vec![key(&source)], key(&destination)),
        Finding::AttributeOptionCombosMeet {
            destination,
            sources,
        } => (AttributeOptionCombos, sources, destination),
        Finding::AttributeOptionComboNotOfDataSets {
            source,
            destination,
        } => (AttributeOptionCombos, vec![source], destination),
    }
}
