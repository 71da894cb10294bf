//! Cutting a run into slices: the unit in which everything is read, compared,
//! sent, retried and reported.

use rustc_hash::FxHashSet;

use crate::catalogue::Catalogue;
use crate::mapping::CompiledMapping;
use crate::symbol::{Symbol, Symbols};

/// One data set of the destination, one period, a bounded list of org units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Uid of the destination's data set.
    pub data_set: Symbol,
    /// Id of the period, the same on both sides.
    pub period: Symbol,
    /// Uids of the source's data sets that go to this data set, in the mapping's
    /// order. They are read together: their values meet in the same cells.
    pub source_data_sets: Vec<Symbol>,
    /// The org units on both sides. Those that go to one destination are neighbours.
    pub org_units: Vec<OrgUnitPair>,
}

/// An org unit of the source and the one that its values go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OrgUnitPair {
    /// Uid at the source.
    pub source: Symbol,
    /// Uid at the destination.
    pub destination: Symbol,
}

impl Slice {
    /// The destination's org units, each once.
    pub fn destination_org_units(&self) -> impl Iterator<Item = Symbol> {
        let mut last = None;
        self.org_units
            .iter()
            .map(|pair| pair.destination)
            .filter(move |&unit| last.replace(unit) != Some(unit))
    }

    /// The source's org units.
    pub fn source_org_units(&self) -> impl Iterator<Item = Symbol> {
        self.org_units.iter().map(|pair| pair.source)
    }
}

/// The slices of a run: for each destination data set in the mapping's order,
/// for each of `periods` in their order, the mapped org units that are among
/// `org_units` (uids of the destination), by uid, at most `max_org_units` pairs
/// to a slice. Source org units that go to one destination stay together, even
/// if that makes a slice larger: their values meet in the same cells.
pub fn slices(
    mapping: &CompiledMapping,
    periods: &[Symbol],
    org_units: &FxHashSet<Symbol>,
    max_org_units: usize,
) -> Vec<Slice> {
    let parts = parts(mapping, org_units, max_org_units.max(1));
    let data_sets = data_sets(mapping);
    let mut slices = Vec::with_capacity(data_sets.len() * periods.len() * parts.len());
    for (data_set, source_data_sets) in &data_sets {
        for &period in periods {
            slices.extend(parts.iter().map(|part| Slice {
                data_set: *data_set,
                period,
                source_data_sets: source_data_sets.clone(),
                org_units: part.clone(),
            }));
        }
    }
    slices
}

/// The destination's data sets in the mapping's order, each with those of the source that go
/// to it.
pub fn data_sets(mapping: &CompiledMapping) -> Vec<(Symbol, Vec<Symbol>)> {
    let mut data_sets: Vec<(Symbol, Vec<Symbol>)> = Vec::new();
    for &(source, destination) in mapping.data_sets() {
        match data_sets
            .iter_mut()
            .find(|(known, _)| *known == destination)
        {
            Some((_, sources)) if sources.contains(&source) => {}
            Some((_, sources)) => sources.push(source),
            None => data_sets.push((destination, vec![source])),
        }
    }
    data_sets
}

/// The mapped org units that are among `org_units` (uids of the destination), by uid. Those
/// that go to one destination are neighbours, and belong into one slice.
pub fn org_unit_pairs(
    mapping: &CompiledMapping,
    org_units: &FxHashSet<Symbol>,
) -> Vec<OrgUnitPair> {
    mapping
        .org_unit_pairs()
        .iter()
        .filter(|(_, destination)| org_units.contains(destination))
        .map(|&(source, destination)| OrgUnitPair {
            source,
            destination,
        })
        .collect()
}

fn parts(
    mapping: &CompiledMapping,
    org_units: &FxHashSet<Symbol>,
    max: usize,
) -> Vec<Vec<OrgUnitPair>> {
    let chosen = org_unit_pairs(mapping, org_units);
    let mut parts: Vec<Vec<OrgUnitPair>> = Vec::new();
    for together in chosen.chunk_by(|a, b| a.destination == b.destination) {
        match parts.last_mut() {
            Some(part) if part.len() + together.len() <= max => part.extend_from_slice(together),
            _ => parts.push(together.to_vec()),
        }
    }
    parts
}

/// The org units at and below those chosen in the tree, found by their paths.
/// `chosen` are uids of the catalogue; the answer is on the run's symbols.
pub fn org_units_within(
    catalogue: &Catalogue,
    chosen: &[String],
    symbols: &mut Symbols,
) -> FxHashSet<Symbol> {
    let chosen: FxHashSet<&str> = chosen.iter().map(String::as_str).collect();
    catalogue
        .org_units
        .values()
        .filter(|unit| unit.path.split('/').any(|step| chosen.contains(step)))
        .map(|unit| symbols.intern(&unit.uid))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::{Choice, DataSetPair, Mapping};

    fn check(units: &[(&str, &str)], chosen: &[&str], max: usize, expected: &[&str]) {
        let mut mapping = Mapping::default();
        for (source, destination) in [("x", "A"), ("y", "B"), ("z", "A"), ("x", "A")] {
            mapping.data_sets.push(DataSetPair {
                source: source.into(),
                destination: destination.into(),
            });
        }
        for (source, destination) in units {
            mapping
                .org_units
                .insert((*source).into(), Choice::To((*destination).into()));
        }
        mapping
            .org_units
            .insert("left out".into(), Choice::Excluded);
        let mut symbols = Symbols::new();
        let compiled = CompiledMapping::new(&mapping, &mut symbols);
        let periods = ["202602", "202601"].map(|id| symbols.intern(id));
        let chosen = chosen.iter().map(|unit| symbols.intern(unit)).collect();
        let seen: Vec<_> = slices(&compiled, &periods, &chosen, max)
            .iter()
            .map(|slice| {
                let join = |list: Vec<Symbol>| {
                    list.iter()
                        .map(|s| symbols.text(*s))
                        .collect::<Vec<_>>()
                        .join(",")
                };
                format!(
                    "{}<{} {} {}<{}",
                    symbols.text(slice.data_set),
                    join(slice.source_data_sets.clone()),
                    symbols.text(slice.period),
                    join(slice.destination_org_units().collect()),
                    join(slice.source_org_units().collect()),
                )
            })
            .collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn data_sets_then_periods_then_org_units() {
        let units = [("s3", "3"), ("s1", "1"), ("s2", "2")];
        check(
            &units,
            &["1", "2", "3", "9"],
            2,
            &[
                "A<x,z 202602 1,2<s1,s2",
                "A<x,z 202602 3<s3",
                "A<x,z 202601 1,2<s1,s2",
                "A<x,z 202601 3<s3",
                "B<y 202602 1,2<s1,s2",
                "B<y 202602 3<s3",
                "B<y 202601 1,2<s1,s2",
                "B<y 202601 3<s3",
            ],
        );
        check(&units, &["9"], 2, &[]);
    }

    #[test]
    fn org_units_that_meet_stay_together() {
        let units = [("sa", "1"), ("sb", "2"), ("sc", "2"), ("sd", "2")];
        let expected = ["A<x,z 202602 1<sa", "A<x,z 202602 2<sb,sc,sd"];
        let both = ["A<x,z 202601 1<sa", "A<x,z 202601 2<sb,sc,sd"];
        let other = [
            "B<y 202602 1<sa",
            "B<y 202602 2<sb,sc,sd",
            "B<y 202601 1<sa",
            "B<y 202601 2<sb,sc,sd",
        ];
        check(
            &units,
            &["1", "2"],
            2,
            &[&expected[..], &both, &other].concat(),
        );
    }
}
