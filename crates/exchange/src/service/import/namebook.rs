//! The names behind the symbols of a run: of the destination where something is mapped,
//! of the source where it is not.

use tributary_engine::catalogue::Catalogue;
use tributary_engine::mapping::CompiledMapping;
use tributary_engine::symbol::{Symbol, Symbols};

/// Name of each symbol, by its place; empty where the uid itself has to do.
#[derive(Debug, Default)]
pub(super) struct NameBook {
    names: Vec<String>,
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
        for (theirs, ours) in mapping.org_unit_pairs() {
            if names.get(theirs.index()).is_some_and(String::is_empty) {
                names[theirs.index()] = names.get(ours.index()).cloned().unwrap_or_default();
            }
        }
        Self { names }
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
