//! The mapping as a run asks for it: by symbols, three look-ups a value.

use rustc_hash::FxHashMap;

use super::combination::Joints;
use super::{Choice, Mapping};
use crate::cell::Cell;
use crate::symbol::{Symbol, Symbols};

/// A [`Mapping`] on the symbols of a run.
#[derive(Clone, Debug, Default)]
pub struct CompiledMapping {
    pub(super) data_sets: Vec<(Symbol, Symbol)>,
    /// (Data element, category option combo) of the source → of the destination, or left out.
    items: FxHashMap<(Symbol, Symbol), Option<(Symbol, Symbol)>>,
    attribute_option_combos: FxHashMap<Symbol, Option<Symbol>>,
    org_units: FxHashMap<Symbol, Option<Symbol>>,
    /// The mapped org units (source, destination), by the destination's uid, then the source's.
    org_unit_pairs: Vec<(Symbol, Symbol)>,
    /// Where values meet and are combined.
    pub(super) joints: Joints,
}

/// Where a source value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// To this cell of the destination.
    To(Cell),
    /// Nowhere: at least one part of its key is left out on purpose.
    Excluded,
    /// Nowhere: nobody has decided about this part of its key (the first that is missing).
    Unmapped(MissingPart),
}

/// The part of a source value's key that the mapping says nothing about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum MissingPart {
    /// The data element with its category option combo.
    DataItem,
    /// The attribute option combo.
    AttributeOptionCombo,
    /// The org unit.
    OrgUnit,
}

impl MissingPart {
    /// All parts, in the order in which they are looked for.
    pub const ALL: [Self; 3] = [Self::DataItem, Self::AttributeOptionCombo, Self::OrgUnit];

    /// A stable word for storage, reports and translations.
    pub fn code(self) -> &'static str {
        match self {
            Self::DataItem => "dataItem",
            Self::AttributeOptionCombo => "attributeOptionCombo",
            Self::OrgUnit => "orgUnit",
        }
    }
}

impl CompiledMapping {
    /// Brings a mapping onto the symbols of a run.
    pub fn new(mapping: &Mapping, symbols: &mut Symbols) -> Self {
        let data_sets = mapping
            .data_sets
            .iter()
            .map(|pair| {
                (
                    symbols.intern(&pair.source),
                    symbols.intern(&pair.destination),
                )
            })
            .collect();
        let items = mapping
            .items()
            .map(|(element, combo, choice)| {
                let target = match choice {
                    Choice::To(item) => Some((
                        symbols.intern(&item.data_element),
                        symbols.intern(&item.category_option_combo),
                    )),
                    Choice::Excluded => None,
                };
                ((symbols.intern(element), symbols.intern(combo)), target)
            })
            .collect();
        let mut pairs: Vec<(&str, &str)> = mapping
            .org_units
            .iter()
            .filter_map(|(source, choice)| match choice {
                Choice::To(destination) => Some((destination.as_str(), source.as_str())),
                Choice::Excluded => None,
            })
            .collect();
        pairs.sort_unstable();
        Self {
            data_sets,
            items,
            org_unit_pairs: pairs
                .iter()
                .map(|(to, from)| (symbols.intern(from), symbols.intern(to)))
                .collect(),
            attribute_option_combos: compile(&mapping.attribute_option_combos, symbols),
            org_units: compile(&mapping.org_units, symbols),
            joints: Joints::new(mapping, symbols),
        }
    }

    /// Where a source value goes. A part that is left out decides before one that is missing.
    pub fn resolve(&self, source: &Cell) -> Resolution {
        self.resolver().resolve(source)
    }

    /// For resolving many values one after the other.
    pub fn resolver(&self) -> Resolver<'_> {
        Resolver {
            mapping: self,
            attribute: (Symbol::EMPTY, self.attribute(Symbol::EMPTY)),
            org_unit: (Symbol::EMPTY, self.org_unit(Symbol::EMPTY)),
        }
    }

    fn attribute(&self, source: Symbol) -> Option<Option<Symbol>> {
        self.attribute_option_combos.get(&source).copied()
    }

    fn org_unit(&self, source: Symbol) -> Option<Option<Symbol>> {
        self.org_units.get(&source).copied()
    }

    /// The data set pairs (source, destination), in the mapping's order.
    pub fn data_sets(&self) -> &[(Symbol, Symbol)] {
        &self.data_sets
    }

    /// The mapped org units (source, destination), by the destination's uid, then the source's.
    pub fn org_unit_pairs(&self) -> &[(Symbol, Symbol)] {
        &self.org_unit_pairs
    }
}

/// [`CompiledMapping::resolve`] for value after value. Neighbours mostly share their org unit
/// and their attribute option combo, which are not looked up again then.
pub struct Resolver<'m> {
    mapping: &'m CompiledMapping,
    /// The last part of the source with what was found for it.
    attribute: (Symbol, Option<Option<Symbol>>),
    org_unit: (Symbol, Option<Option<Symbol>>),
}

impl Resolver<'_> {
    /// Where a source value goes.
    pub fn resolve(&mut self, source: &Cell) -> Resolution {
        let mapping = self.mapping;
        if self.attribute.0 != source.attribute_option_combo {
            let part = source.attribute_option_combo;
            self.attribute = (part, mapping.attribute(part));
        }
        if self.org_unit.0 != source.org_unit {
            self.org_unit = (source.org_unit, mapping.org_unit(source.org_unit));
        }
        let item = mapping
            .items
            .get(&(source.data_element, source.category_option_combo))
            .copied();
        match (item, self.attribute.1, self.org_unit.1) {
            (Some(None), _, _) | (_, Some(None), _) | (_, _, Some(None)) => Resolution::Excluded,
            (
                Some(Some((data_element, category_option_combo))),
                Some(Some(attribute_option_combo)),
                Some(Some(org_unit)),
            ) => Resolution::To(Cell {
                data_element,
                category_option_combo,
                attribute_option_combo,
                org_unit,
                period: source.period,
            }),
            (None, _, _) => Resolution::Unmapped(MissingPart::DataItem),
            (_, None, _) => Resolution::Unmapped(MissingPart::AttributeOptionCombo),
            _ => Resolution::Unmapped(MissingPart::OrgUnit),
        }
    }
}

fn compile(
    choices: &super::BySource<Choice<String>>,
    symbols: &mut Symbols,
) -> FxHashMap<Symbol, Option<Symbol>> {
    choices
        .iter()
        .map(|(source, choice)| {
            let target = match choice {
                Choice::To(uid) => Some(symbols.intern(uid)),
                Choice::Excluded => None,
            };
            (symbols.intern(source), target)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::Item;

    #[test]
    fn where_values_go() {
        let item = |data_element: &str| Item {
            data_element: data_element.into(),
            category_option_combo: "c".into(),
        };
        let mut mapping = Mapping::default();
        mapping.set_item(item("de1"), Choice::To(item("DE1")));
        mapping.set_item(item("de2"), Choice::Excluded);
        mapping
            .attribute_option_combos
            .insert("a".into(), Choice::To("A".into()));
        mapping
            .attribute_option_combos
            .insert("x".into(), Choice::Excluded);
        mapping
            .org_units
            .insert("ou1".into(), Choice::To("OU1".into()));
        mapping.org_units.insert("ou2".into(), Choice::Excluded);
        let mut symbols = Symbols::new();
        let compiled = CompiledMapping::new(&mapping, &mut symbols);
        let mut check = |key: [&str; 4], expected: &str| {
            let [data_element, coc, aoc, org_unit] = key.map(|part| symbols.intern(part));
            let period = symbols.intern("202601");
            let cell = Cell {
                data_element,
                category_option_combo: coc,
                attribute_option_combo: aoc,
                org_unit,
                period,
            };
            let seen = match compiled.resolve(&cell) {
                Resolution::To(cell) => [
                    cell.data_element,
                    cell.category_option_combo,
                    cell.attribute_option_combo,
                    cell.org_unit,
                    cell.period,
                ]
                .map(|part| symbols.text(part))
                .join(" "),
                Resolution::Excluded => "excluded".into(),
                Resolution::Unmapped(part) => part.code().into(),
            };
            assert_eq!(seen, expected, "{key:?}");
        };
        check(["de1", "c", "a", "ou1"], "DE1 c A OU1 202601");
        check(["de2", "c", "a", "ou1"], "excluded");
        check(["de2", "c", "b", "ou9"], "excluded");
        check(["de9", "c", "a", "ou2"], "excluded");
        check(["de1", "c", "x", "ou1"], "excluded");
        check(["de9", "c", "x", "ou9"], "excluded");
        check(["de9", "c", "b", "ou9"], "dataItem");
        check(["de1", "d", "a", "ou1"], "dataItem");
        check(["de1", "c", "b", "ou9"], "attributeOptionCombo");
        check(["de1", "c", "a", "ou9"], "orgUnit");
    }
}
