//! Where values of several sources meet in one cell, and the rules for it.

use indexmap::IndexMap;
use tributary_engine::mapping::CombinationRule;

use super::Desk;
use super::keep::{Choices, PartChoices};
use super::rows;
use crate::questions::mapping::{CombinedItem, Combining, MappingPart};

impl Desk {
    /// What meets, with the names of both sides.
    pub(super) fn combining(&self) -> Combining {
        let choices = &self.choices;
        let mut sources = meeting(choices.part(MappingPart::Items));
        let several = |part| {
            let met = meeting(choices.part(part));
            let count = met.values().filter(|sources| sources.len() > 1).count();
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        let org_units = several(MappingPart::OrgUnits);
        let attribute_option_combos = several(MappingPart::AttributeOptionCombos);
        let all_meet = org_units + attribute_option_combos > 0;
        let mut others = Vec::new();
        sources.retain(|target, sources| {
            let is_listed = sources.len() > 1 || choices.combine.contains_key(*target);
            if all_meet && !is_listed {
                others.push(rows::target(&self.destination, MappingPart::Items, target));
            }
            is_listed
        });
        others.sort_by_cached_key(|item| item.name.to_lowercase());
        let named = |side, key: &str| rows::target(side, MappingPart::Items, key);
        let items = sources.into_iter().map(|(target, mut sources)| {
            let own = choices.combine.get(target);
            let order = own.and_then(|own| own.get(1..)).unwrap_or_default();
            let place = |source: &&str| order.iter().position(|first| first == source);
            sources.sort_by_key(|source| place(source).unwrap_or(order.len()));
            CombinedItem {
                target: named(&self.destination, target),
                rule: own.and_then(|own| own.first()).cloned().unwrap_or_default(),
                sources: sources
                    .into_iter()
                    .map(|source| named(&self.source, source))
                    .collect(),
            }
        });
        Combining {
            rule: choices
                .combine
                .get("")
                .and_then(|own| own.first())
                .cloned()
                .unwrap_or_default(),
            items: items.collect(),
            org_units,
            attribute_option_combos,
            others,
        }
    }
}

/// The source's org units that are not alone in going where they go.
pub(in crate::service) fn org_units_that_meet(choices: &Choices) -> Vec<String> {
    let met = meeting(choices.part(MappingPart::OrgUnits));
    let met = met.into_values().filter(|sources| sources.len() > 1);
    met.flatten().map(str::to_owned).collect()
}

/// What goes to each target, in the order in which it was decided.
fn meeting(choices: &PartChoices) -> IndexMap<&str, Vec<&str>> {
    let mut sources: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for (source, target) in choices {
        if let Some(target) = target {
            sources.entry(target).or_default().push(source);
        }
    }
    sources
}

/// Notes the rule for a destination item, or for all; an unknown word takes it back.
pub(super) fn set_rule(choices: &mut Choices, target: String, rule: &str, order: Vec<String>) {
    let Some(rule) = CombinationRule::of(rule) else {
        choices.combine.shift_remove(&target);
        return;
    };
    let mut stored = vec![rule.code().to_owned()];
    if rule == CombinationRule::First && !target.is_empty() {
        stored.extend(order);
    }
    choices.combine.insert(target, stored);
}
