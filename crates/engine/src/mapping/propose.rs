//! Proposals for a mapping where uids or codes leave no doubt.

use indexmap::{IndexMap, IndexSet};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::Item;
use crate::catalogue::{ByUid, Catalogue, CategoryCombo, CategoryOption, DataSet, OptionCombo};

/// Why two things are taken for the same, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// They have the same uid.
    SameUid,
    /// They have the same code, which nothing else on either side has.
    SameCode,
    /// Both are the `default` of their server.
    Default,
    /// They are made of the same category options, by uid or code.
    SameOptions,
}

/// Two things that are probably the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Uid at the source.
    pub source: String,
    /// Uid at the destination.
    pub destination: String,
    /// Why.
    pub evidence: Evidence,
}

/// Two data items that are probably the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemProposal {
    /// The source's item.
    pub source: Item,
    /// The destination's item.
    pub destination: Item,
    /// Why the data elements are taken for the same.
    pub element: Evidence,
    /// Why the category option combos are taken for the same.
    pub option_combo: Evidence,
}

/// All proposals for a mapping, each kind in the order of the source's catalogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposals {
    /// Data sets.
    pub data_sets: Vec<Proposal>,
    /// Data items.
    pub items: Vec<ItemProposal>,
    /// Attribute option combos.
    pub attribute_option_combos: Vec<Proposal>,
    /// Org units.
    pub org_units: Vec<Proposal>,
}

impl Evidence {
    /// A stable word for storage, reports and translations.
    pub fn code(self) -> &'static str {
        match self {
            Self::SameUid => "sameUid",
            Self::SameCode => "sameCode",
            Self::Default => "default",
            Self::SameOptions => "sameOptions",
        }
    }
}

/// Proposes pairs where uid or code agree. Uids decide first; a code counts
/// (without white space at its ends, case matters) if it stands once on each
/// side among what the uids left over. Option combos are proposed within paired
/// data elements and among the combos of the data sets: by uid or code, by both
/// being the default, or by the same set of category options. What is doubtful
/// is not proposed.
pub fn propose(source: &Catalogue, destination: &Catalogue) -> Proposals {
    let data_sets = pair_up(
        &listed(&source.data_sets, |set| &set.code),
        &listed(&destination.data_sets, |set| &set.code),
    );
    let elements = pair_up(
        &listed(&source.data_elements, |element| &element.code),
        &listed(&destination.data_elements, |element| &element.code),
    );
    let org_units = pair_up(
        &listed(&source.org_units, |unit| &unit.code),
        &listed(&destination.org_units, |unit| &unit.code),
    );
    let items = items(source, destination, &elements);
    let attribute_option_combos = attribute_option_combos(source, destination, &data_sets);
    Proposals {
        data_sets,
        items,
        attribute_option_combos,
        org_units,
    }
}

/// Uid and code of something, the code without white space at its ends.
type Thing<'a> = (&'a str, Option<&'a str>);

fn listed<T>(things: &ByUid<T>, code: impl Fn(&T) -> &Option<String>) -> Vec<Thing<'_>> {
    things
        .iter()
        .map(|(uid, thing)| (uid.as_str(), plain(code(thing))))
        .collect()
}

/// Pairs of uids, in the order of `source`.
fn pair_up(source: &[Thing<'_>], destination: &[Thing<'_>]) -> Vec<Proposal> {
    let here: FxHashSet<&str> = destination.iter().map(|(uid, _)| *uid).collect();
    let there: FxHashSet<&str> = source.iter().map(|(uid, _)| *uid).collect();
    let from = by_code(source.iter().filter(|(uid, _)| !here.contains(uid)));
    let to = by_code(destination.iter().filter(|(uid, _)| !there.contains(uid)));
    let propose = |uid: &str, code: Option<&str>| {
        let pair = |destination: &str, evidence| Some(proposal(uid, destination, evidence));
        if here.contains(uid) {
            return pair(uid, Evidence::SameUid);
        }
        match (from.get(code?), to.get(code?)) {
            (Some(Some(_)), Some(Some(destination))) => pair(destination, Evidence::SameCode),
            _ => None,
        }
    };
    source
        .iter()
        .filter_map(|&(uid, code)| propose(uid, code))
        .collect()
}

/// Code → uid; none where several have it.
fn by_code<'a>(things: impl Iterator<Item = &'a Thing<'a>>) -> FxHashMap<&'a str, Option<&'a str>> {
    let mut by_code = FxHashMap::default();
    for &(uid, code) in things {
        if let Some(code) = code {
            by_code
                .entry(code)
                .and_modify(|known| *known = None)
                .or_insert(Some(uid));
        }
    }
    by_code
}

fn plain(code: &Option<String>) -> Option<&str> {
    code.as_deref()
        .map(str::trim)
        .filter(|code| !code.is_empty())
}

fn items(source: &Catalogue, destination: &Catalogue, elements: &[Proposal]) -> Vec<ItemProposal> {
    let mut known: FxHashMap<(&str, &str), Vec<Proposal>> = FxHashMap::default();
    let mut seen: FxHashSet<(String, String)> = FxHashSet::default();
    let mut items = Vec::new();
    for element in elements {
        for from in combos_of(source, &element.source) {
            for to in combos_of(destination, &element.destination) {
                let pairs = known
                    .entry((&from.uid, &to.uid))
                    .or_insert_with(|| option_combos(from, to));
                for pair in pairs.iter() {
                    if seen.insert((element.source.clone(), pair.source.clone())) {
                        items.push(item(element, pair));
                    }
                }
            }
        }
    }
    items
}

fn item(element: &Proposal, option_combo: &Proposal) -> ItemProposal {
    ItemProposal {
        source: Item {
            data_element: element.source.clone(),
            category_option_combo: option_combo.source.clone(),
        },
        destination: Item {
            data_element: element.destination.clone(),
            category_option_combo: option_combo.destination.clone(),
        },
        element: element.evidence,
        option_combo: option_combo.evidence,
    }
}

/// The category combos under which an element is entered: in the data sets that
/// hold it, else its own.
fn combos_of<'a>(catalogue: &'a Catalogue, element: &str) -> Vec<&'a CategoryCombo> {
    let in_sets = catalogue
        .data_sets
        .values()
        .filter_map(|set| catalogue.element_combo(set, element));
    let combos: IndexMap<&str, &CategoryCombo, FxBuildHasher> =
        in_sets.map(|combo| (combo.uid.as_str(), combo)).collect();
    if combos.is_empty() {
        let own = catalogue
            .data_elements
            .get(element)
            .and_then(|e| catalogue.category_combos.get(&e.category_combo));
        return own.into_iter().collect();
    }
    combos.into_values().collect()
}

fn attribute_option_combos(
    source: &Catalogue,
    destination: &Catalogue,
    data_sets: &[Proposal],
) -> Vec<Proposal> {
    let mut seen = FxHashSet::default();
    let mut proposals = Vec::new();
    let mut add = |from: Option<&CategoryCombo>, to: Option<&CategoryCombo>| {
        let (Some(from), Some(to)) = (from, to) else {
            return;
        };
        proposals.extend(
            option_combos(from, to)
                .into_iter()
                .filter(|pair| seen.insert(pair.source.clone())),
        );
    };
    // Those of paired data sets first; then all others, so that data sets paired by hand find them.
    for pair in data_sets {
        let (from, to) = (
            source.data_sets.get(&pair.source),
            destination.data_sets.get(&pair.destination),
        );
        add(
            from.and_then(|set| source.attribute_combo(set)),
            to.and_then(|set| destination.attribute_combo(set)),
        );
    }
    for from in attribute_combos(source) {
        for to in attribute_combos(destination) {
            add(
                source.category_combos.get(from),
                destination.category_combos.get(to),
            );
        }
    }
    proposals
}

fn attribute_combos(catalogue: &Catalogue) -> IndexSet<&str, FxBuildHasher> {
    catalogue
        .data_sets
        .values()
        .map(|set: &DataSet| set.category_combo.as_str())
        .collect()
}

/// Pairs of option combos of two category combos.
fn option_combos(from: &CategoryCombo, to: &CategoryCombo) -> Vec<Proposal> {
    if from.is_default && to.is_default {
        let pair = from
            .option_combos
            .keys()
            .next()
            .zip(to.option_combos.keys().next());
        return pair
            .map(|(source, destination)| proposal(source, destination, Evidence::Default))
            .into_iter()
            .collect();
    }
    let mut pairs = pair_up(
        &listed(&from.option_combos, |combo| &combo.code),
        &listed(&to.option_combos, |combo| &combo.code),
    );
    let paired: FxHashSet<String> = pairs.iter().map(|pair| pair.source.clone()).collect();
    let taken: FxHashSet<String> = pairs.iter().map(|pair| pair.destination.clone()).collect();
    let free: Vec<&OptionCombo> = to
        .option_combos
        .values()
        .filter(|combo| !taken.contains(&combo.uid))
        .collect();
    for (uid, option_combo) in from
        .option_combos
        .iter()
        .filter(|(uid, _)| !paired.contains(*uid))
    {
        let mut same = free
            .iter()
            .filter(|other| same_options(option_combo, other));
        if let (Some(only), None) = (same.next(), same.next()) {
            pairs.push(proposal(uid, &only.uid, Evidence::SameOptions));
        }
    }
    pairs
}

fn proposal(source: &str, destination: &str, evidence: Evidence) -> Proposal {
    Proposal {
        source: source.to_owned(),
        destination: destination.to_owned(),
        evidence,
    }
}

/// Whether both are made of the same category options, in whatever order.
fn same_options(a: &OptionCombo, b: &OptionCombo) -> bool {
    let same = |a: &CategoryOption, b: &CategoryOption| {
        a.uid == b.uid || plain(&a.code).is_some_and(|code| plain(&b.code) == Some(code))
    };
    !a.options.is_empty()
        && a.options.len() == b.options.len()
        && a.options
            .iter()
            .all(|x| b.options.iter().filter(|y| same(x, y)).count() == 1)
        && b.options
            .iter()
            .all(|y| a.options.iter().filter(|x| same(x, y)).count() == 1)
}
