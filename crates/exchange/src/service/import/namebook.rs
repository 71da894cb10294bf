//! The names behind the symbols of a run: of the destination where something is mapped,
//! of the source where it is not.

use std::collections::HashMap;

use tributary_engine::catalogue::Catalogue;
use tributary_engine::mapping::CompiledMapping;
use tributary_engine::symbol::{Symbol, Symbols};

/// Name of each symbol, by its place; empty where the uid itself has to do.
#[derive(Debug, Default)]
pub(super) struct NameBook {
    names: Vec<String>,
    /// The org units of the source with the ones here that they are mapped to.
    org_units: Vec<(Symbol, Symbol)>,
    /// The source's own names of those that share one here with others.
    met_units: HashMap<Symbol, String>,
}

impl NameBook {
    /// Collects the names of all symbols that stand for something in either catalogue. Org
    /// units of the source go by the name of the one that they are mapped to: those are the
    /// names that the person knows, and the source's are not read for a run.
    pub(super) fn new(
        symbols: &Symbols,
        destination: &Catalogue,
        source: &Catalogue,
        mapping: &CompiledMapping,
        met_units: &HashMap<String, String>,
    ) -> Self {
        let mut names = vec![String::new(); symbols.len()];
        let mut note = |uid: &str, name: &str| {
            if let Some(place) = symbols
                .get(uid)
                .and_then(|symbol| names.get_mut(symbol.index()))
            {
                name.clone_into(place);
            }
        };
        // The destination comes last: where both sides use one uid, its name is shown.
        for side in [source, destination] {
            for element in side.data_elements.values() {
                note(&element.uid, &element.name);
            }
            for combo in side.category_combos.values() {
                for option_combo in combo.option_combos.values() {
                    // "default" says nothing to a person.
                    note(
                        &option_combo.uid,
                        if combo.is_default {
                            DEFAULT
                        } else {
                            &option_combo.name
                        },
                    );
                }
            }
            for unit in side.org_units.values() {
                note(&unit.uid, &unit.name);
            }
            for set in side.data_sets.values() {
                note(&set.uid, &set.name);
            }
        }
        let mut org_units = Vec::new();
        for (theirs, ours) in mapping.org_unit_pairs() {
            org_units.push((*theirs, *ours));
            if names.get(theirs.index()).is_some_and(String::is_empty) {
                names[theirs.index()] = names.get(ours.index()).cloned().unwrap_or_default();
            }
        }
        org_units.sort_unstable();
        let met_units = met_units.iter();
        let met_units = met_units
            .filter_map(|(uid, name)| Some((symbols.get(uid)?, name.clone())))
            .collect();
        Self {
            names,
            org_units,
            met_units,
        }
    }

    /// What the source calls one of its org units that share one here with others; its uid where
    /// that is not known.
    pub(super) fn at_the_source<'a>(&'a self, symbols: &'a Symbols, org_unit: Symbol) -> &'a str {
        let name = self.met_units.get(&org_unit).map(String::as_str);
        name.unwrap_or_else(|| symbols.text(org_unit))
    }

    /// The org unit here that one of the source is mapped to; any other symbol itself. Values
    /// that are not mapped keep the org unit of the source, which a person knows by this one.
    pub(super) fn here(&self, symbol: Symbol) -> Symbol {
        let place = self.org_units.binary_search_by_key(&symbol, |pair| pair.0);
        place.map_or(symbol, |place| self.org_units[place].1)
    }

    /// All symbols that stand for an org unit here: its own, and those of the source's.
    pub(super) fn all_of(&self, org_unit: Symbol) -> impl Iterator<Item = Symbol> {
        let pairs = self.org_units.iter();
        let theirs = pairs.filter(move |pair| pair.1 == org_unit);
        theirs.map(|pair| pair.0).chain([org_unit])
    }

    /// The name, or the uid where there is none. Empty for the default option combo.
    pub(super) fn name<'a>(&'a self, symbols: &'a Symbols, symbol: Symbol) -> &'a str {
        match self.names.get(symbol.index()).map(String::as_str) {
            Some(DEFAULT) => "",
            None | Some("") => symbols.text(symbol),
            Some(name) => name,
        }
    }
}

/// Stands for the default option combo, whose name is not shown.
const DEFAULT: &str = "\u{0}";
