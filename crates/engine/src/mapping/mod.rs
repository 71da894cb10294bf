//! What of the source goes where in the destination.
//!
//! [`Mapping`] is the form that is stored and edited, keyed by uids;
//! [`CompiledMapping`] is the form that a run asks for each value.

mod combination;
mod compiled;
mod findings;
mod propose;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

pub use combination::{CombinationRule, Combinations, ItemCombination};
pub use compiled::{CompiledMapping, MissingPart, Resolution};
pub use findings::{Finding, findings};
pub use propose::{Evidence, ItemProposal, Proposal, Proposals, propose};

/// Source uid → something, in the order in which it was decided.
pub type BySource<T> = IndexMap<String, T, FxBuildHasher>;

/// What was decided for one thing of the source. What is not decided is *unmapped*.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Choice<T> {
    /// It goes there.
    To(T),
    /// It is left out on purpose.
    Excluded,
}

/// A data item on either side: data element and category option combo.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Uid of the data element.
    pub data_element: String,
    /// Uid of the category option combo.
    pub category_option_combo: String,
}

/// A data set of the source and the one that its values go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DataSetPair {
    /// Uid at the source.
    pub source: String,
    /// Uid at the destination.
    pub destination: String,
}

/// The decisions of an administrator, for one source. Stored as JSON, in parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Mapping {
    /// Which data set goes to which. Several source data sets may go to one.
    pub data_sets: Vec<DataSetPair>,
    /// Data items: source data element → source category option combo → choice.
    pub items: BySource<BySource<Choice<Item>>>,
    /// Attribute option combos.
    pub attribute_option_combos: BySource<Choice<String>>,
    /// Org units.
    pub org_units: BySource<Choice<String>>,
    /// What values that meet in one cell make together.
    #[serde(skip_serializing_if = "Combinations::is_empty")]
    pub combinations: Combinations,
}

impl Mapping {
    /// Decides about a data item, replacing what was decided before.
    pub fn set_item(&mut self, source: Item, choice: Choice<Item>) {
        self.items
            .entry(source.data_element)
            .or_default()
            .insert(source.category_option_combo, choice);
    }

    /// What was decided about a data item.
    pub fn item(&self, data_element: &str, category_option_combo: &str) -> Option<&Choice<Item>> {
        self.items.get(data_element)?.get(category_option_combo)
    }

    /// All decisions about data items: source data element, source category option combo, choice.
    pub fn items(&self) -> impl Iterator<Item = (&str, &str, &Choice<Item>)> {
        self.items.iter().flat_map(|(element, combos)| {
            combos
                .iter()
                .map(move |(combo, choice)| (element.as_str(), combo.as_str(), choice))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_form() {
        let mut mapping = Mapping::default();
        mapping.data_sets.push(DataSetPair {
            source: "dsSource001".into(),
            destination: "dsMonthly01".into(),
        });
        let item = |data_element: &str| Item {
            data_element: data_element.into(),
            category_option_combo: "HllvX50cXC0".into(),
        };
        mapping.set_item(item("deSource001"), Choice::To(item("deIntZeroP1")));
        mapping.set_item(item("deSource002"), Choice::Excluded);
        mapping
            .attribute_option_combos
            .insert("HllvX50cXC0".into(), Choice::To("HllvX50cXC0".into()));
        mapping
            .org_units
            .insert("ouSource001".into(), Choice::To("ouFacA10001".into()));
        mapping
            .org_units
            .insert("ouSource002".into(), Choice::Excluded);
        let stored = serde_json::to_string(&mapping).unwrap();
        insta::assert_snapshot!(stored, @r#"{"dataSets":[{"source":"dsSource001","destination":"dsMonthly01"}],"items":{"deSource001":{"HllvX50cXC0":{"to":{"dataElement":"deIntZeroP1","categoryOptionCombo":"HllvX50cXC0"}}},"deSource002":{"HllvX50cXC0":"excluded"}},"attributeOptionCombos":{"HllvX50cXC0":{"to":"HllvX50cXC0"}},"orgUnits":{"ouSource001":{"to":"ouFacA10001"},"ouSource002":"excluded"}}"#);
        assert_eq!(serde_json::from_str::<Mapping>(&stored).unwrap(), mapping);
    }
}
