//! What is wrong or doubtful in a mapping, held against the destination's catalogue.

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashSet};

use super::{BySource, Choice, Item, Mapping};
use crate::catalogue::Catalogue;

/// Something in a mapping that an administrator should look at. All are
/// reported; none stops a run, since values that cannot be written are blocked
/// one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Several source org units go to one: their values meet in the same cells, and for some
    /// items there is no rule to combine them by.
    OrgUnitsMeet {
        /// Uid at the destination.
        destination: String,
        /// Uids at the source.
        sources: Vec<String>,
    },
    /// Several source data items go to one, and there is no rule to combine their values by.
    ItemsMeet {
        /// The destination's item.
        destination: Item,
        /// The source's items.
        sources: Vec<Item>,
    },
    /// Several source attribute option combos go to one, and for some items there is no rule
    /// to combine their values by.
    AttributeOptionCombosMeet {
        /// Uid at the destination.
        destination: String,
        /// Uids at the source.
        sources: Vec<String>,
    },
    /// The destination has no such data set, or the user cannot see it.
    UnknownDataSet {
        /// Uid at the source.
        source: String,
        /// Uid at the destination.
        destination: String,
    },
    /// The destination has no such org unit.
    UnknownOrgUnit {
        /// Uid at the source.
        source: String,
        /// Uid at the destination.
        destination: String,
    },
    /// The org unit is assigned to none of the mapped data sets.
    OrgUnitNotAssigned {
        /// Uid at the source.
        source: String,
        /// Uid at the destination.
        destination: String,
    },
    /// The destination has no such data element.
    UnknownDataElement {
        /// The source's item.
        source: Item,
        /// The destination's item.
        destination: Item,
    },
    /// The data element is in none of the mapped data sets.
    ElementNotInDataSets {
        /// The source's item.
        source: Item,
        /// The destination's item.
        destination: Item,
    },
    /// The category option combo is not of the element's combo in any mapped data set.
    CategoryOptionComboNotOfElement {
        /// The source's item.
        source: Item,
        /// The destination's item.
        destination: Item,
    },
    /// The attribute option combo is not of any mapped data set's combo.
    AttributeOptionComboNotOfDataSets {
        /// Uid at the source.
        source: String,
        /// Uid at the destination.
        destination: String,
    },
}

impl Finding {
    /// A stable word for storage, reports and translations.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OrgUnitsMeet { .. } => "orgUnitsMeet",
            Self::ItemsMeet { .. } => "itemsMeet",
            Self::AttributeOptionCombosMeet { .. } => "attributeOptionCombosMeet",
            Self::UnknownDataSet { .. } => "unknownDataSet",
            Self::UnknownOrgUnit { .. } => "unknownOrgUnit",
            Self::OrgUnitNotAssigned { .. } => "orgUnitNotAssigned",
            Self::UnknownDataElement { .. } => "unknownDataElement",
            Self::ElementNotInDataSets { .. } => "elementNotInDataSets",
            Self::CategoryOptionComboNotOfElement { .. } => "categoryOptionComboNotOfElement",
            Self::AttributeOptionComboNotOfDataSets { .. } => "attributeOptionComboNotOfDataSets",
        }
    }
}

/// Everything in a mapping that should be looked at, in the mapping's order.
pub fn findings(mapping: &Mapping, destination: &Catalogue) -> Vec<Finding> {
    let mut found = Vec::new();
    let known = |uid: &str| destination.data_sets.get(uid);
    for pair in mapping
        .data_sets
        .iter()
        .filter(|pair| known(&pair.destination).is_none())
    {
        found.push(Finding::UnknownDataSet {
            source: pair.source.clone(),
            destination: pair.destination.clone(),
        });
    }
    let data_sets: Vec<_> = mapping
        .data_sets
        .iter()
        .filter_map(|pair| known(&pair.destination))
        .collect();

    for (element, combo, to) in mapping
        .items()
        .filter_map(|(e, c, choice)| Some((e, c, target(choice)?)))
    {
        let source = Item {
            data_element: element.to_owned(),
            category_option_combo: combo.to_owned(),
        };
        let to = to.clone();
        let mut of_sets = data_sets
            .iter()
            .filter(|set| set.elements.contains_key(&to.data_element))
            .peekable();
        if !destination.data_elements.contains_key(&to.data_element) {
            found.push(Finding::UnknownDataElement {
                source,
                destination: to,
            });
        } else if of_sets.peek().is_none() {
            found.push(Finding::ElementNotInDataSets {
                source,
                destination: to,
            });
        } else if !of_sets.any(|set| {
            let combo = destination.element_combo(set, &to.data_element);
            combo.is_some_and(|combo| combo.option_combos.contains_key(&to.category_option_combo))
        }) {
            found.push(Finding::CategoryOptionComboNotOfElement {
                source,
                destination: to,
            });
        }
    }
    let items = mapping.items().filter_map(|(element, combo, choice)| {
        let source = Item {
            data_element: element.to_owned(),
            category_option_combo: combo.to_owned(),
        };
        Some((target(choice)?.clone(), source))
    });
    let met = meeting(items).filter(|(item, _)| mapping.combinations.rule(item).is_none());
    found.extend(met.map(|(destination, sources)| Finding::ItemsMeet {
        destination,
        sources,
    }));
    let all_combined = all_combined(mapping);

    for (source, to) in decided(&mapping.attribute_option_combos) {
        let of_set = |set: &&crate::catalogue::DataSet| {
            destination
                .attribute_combo(set)
                .is_some_and(|combo| combo.option_combos.contains_key(&to))
        };
        if !data_sets.iter().any(of_set) {
            found.push(Finding::AttributeOptionComboNotOfDataSets {
                source,
                destination: to,
            });
        }
    }
    let met = meeting(decided(&mapping.attribute_option_combos).map(|(source, to)| (to, source)))
        .filter(|_| !all_combined);
    found.extend(met.map(
        |(destination, sources)| Finding::AttributeOptionCombosMeet {
            destination,
            sources,
        },
    ));

    for (source, to) in decided(&mapping.org_units) {
        if !destination.org_units.contains_key(&to) {
            found.push(Finding::UnknownOrgUnit {
                source,
                destination: to,
            });
        } else if !data_sets.iter().any(|set| set.org_units.contains(&to)) {
            found.push(Finding::OrgUnitNotAssigned {
                source,
                destination: to,
            });
        }
    }
    let met = meeting(decided(&mapping.org_units).map(|(source, to)| (to, source)))
        .filter(|_| !all_combined);
    found.extend(met.map(|(destination, sources)| Finding::OrgUnitsMeet {
        destination,
        sources,
    }));
    found
}

/// Whether there is a rule for every item of the destination that something goes to.
fn all_combined(mapping: &Mapping) -> bool {
    let rules = &mapping.combinations;
    if rules.default.is_some() {
        return true;
    }
    let own: FxHashSet<&Item> = rules.items.iter().map(|own| &own.item).collect();
    mapping
        .items()
        .filter_map(|(_, _, choice)| target(choice))
        .all(|item| own.contains(item))
}

fn target<T>(choice: &Choice<T>) -> Option<&T> {
    match choice {
        Choice::To(target) => Some(target),
        Choice::Excluded => None,
    }
}

/// Source and destination of what is not left out.
fn decided(choices: &BySource<Choice<String>>) -> impl Iterator<Item = (String, String)> {
    choices
        .iter()
        .filter_map(|(source, choice)| Some((source.clone(), target(choice)?.clone())))
}

/// The destinations that more than one source goes to.
fn meeting<D: std::hash::Hash + Eq, S>(
    pairs: impl Iterator<Item = (D, S)>,
) -> impl Iterator<Item = (D, Vec<S>)> {
    let mut by_destination: IndexMap<D, Vec<S>, FxBuildHasher> = IndexMap::default();
    for (destination, source) in pairs {
        by_destination.entry(destination).or_default().push(source);
    }
    by_destination
        .into_iter()
        .filter(|(_, sources)| sources.len() > 1)
}
