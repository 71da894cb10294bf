//! Which slices a question is made of, and which of them are read together.

use std::ops::Range;

use tributary_engine::catalogue::Catalogue;
use tributary_engine::mapping::CompiledMapping;
use tributary_engine::period::Period;
use tributary_engine::slice::{self, OrgUnitPair, Slice};
use tributary_engine::symbol::{Symbol, Symbols};

use super::tiles::{Field, Tile, Tiles};
use crate::questions::import::ReadPlan;
use crate::service::import::prepare::Prepared;

/// All that is to be read.
#[derive(Debug)]
pub(super) struct Question {
    fields: Vec<DataSetField>,
    /// Those that go to one destination are neighbours.
    org_units: Vec<OrgUnitPair>,
    /// Places in `org_units` of each of those groups.
    groups: Vec<Range<usize>>,
}

/// One data set of the destination.
#[derive(Debug)]
struct DataSetField {
    data_set: Symbol,
    source_data_sets: Vec<Symbol>,
    /// Only those of its own type.
    periods: Vec<Symbol>,
    /// How many values an org unit can have in a period.
    cells: usize,
}

impl Question {
    /// What the person asked for, as far as the exchange reaches.
    pub(super) fn new(
        prepared: &Prepared,
        question: &ReadPlan,
        compiled: &CompiledMapping,
        symbols: &mut Symbols,
    ) -> Self {
        let catalogue = &prepared.destination;
        let scope = &prepared.exchange.org_units;
        let mut chosen = slice::org_units_within(catalogue, &question.org_units, symbols);
        if !scope.is_empty() {
            let allowed = slice::org_units_within(catalogue, scope, symbols);
            chosen.retain(|unit| allowed.contains(unit));
        }
        let periods: Vec<_> = question
            .periods
            .iter()
            .filter_map(|id| Period::parse(id).ok())
            .map(|period| (symbols.intern(&period.id()), period.period_type()))
            .collect();
        let field = |(data_set, source_data_sets)| {
            let set = catalogue.data_sets.get(symbols.text(data_set))?;
            let of_its_type = periods.iter().filter(|(_, kind)| *kind == set.period_type);
            Some(DataSetField {
                data_set,
                source_data_sets,
                periods: of_its_type.map(|(period, _)| *period).collect(),
                cells: cells(catalogue, symbols.text(data_set)),
            })
        };
        let fields = slice::data_sets(compiled).into_iter();
        let org_units = slice::org_unit_pairs(compiled, &chosen);
        let mut groups: Vec<Range<usize>> = Vec::new();
        for group in org_units.chunk_by(|a, b| a.destination == b.destination) {
            let start = groups.last().map_or(0, |before| before.end);
            groups.push(start..start + group.len());
        }
        Self {
            fields: fields.filter_map(field).collect(),
            org_units,
            groups,
        }
    }

    /// The same as tiles.
    pub(super) fn tiles(&self) -> Tiles {
        let field = |field: &DataSetField| Field {
            periods: field.periods.len(),
            cells: field.cells,
        };
        Tiles::new(
            self.fields.iter().map(field).collect(),
            self.groups.iter().map(Range::len).collect(),
        )
    }

    /// How many org units of the destination there are, if there is anything to be read for
    /// them.
    pub(super) fn destination_org_units(&self) -> usize {
        let is_empty = self.fields.iter().all(|field| field.periods.is_empty());
        if is_empty { 0 } else { self.groups.len() }
    }

    /// Data sets and periods.
    pub(super) fn parts(&self) -> impl Iterator<Item = (Symbol, Symbol)> {
        self.fields.iter().flat_map(|field| {
            let periods = field.periods.iter();
            periods.map(|period| (field.data_set, *period))
        })
    }

    /// The slices of a tile, one for each of its periods, for the same org units.
    pub(super) fn slices(&self, tile: &Tile) -> Vec<Slice> {
        let groups = self.groups.get(tile.groups.clone()).unwrap_or_default();
        let bounds = groups.first().zip(groups.last());
        let place = bounds.map_or(0..0, |(first, last)| first.start..last.end);
        let org_units = self.org_units.get(place).unwrap_or_default();
        let Some(field) = self.fields.get(tile.field) else {
            return Vec::new();
        };
        let periods = field.periods.get(tile.periods.clone()).unwrap_or_default();
        periods
            .iter()
            .map(|period| Slice {
                data_set: field.data_set,
                period: *period,
                source_data_sets: field.source_data_sets.clone(),
                org_units: org_units.to_vec(),
            })
            .collect()
    }
}

/// How many values an org unit can have in a period: the category option combos of each data
/// element, each for as many attribute option combos as a form is usually filled in for.
fn cells(catalogue: &Catalogue, data_set: &str) -> usize {
    let Some(set) = catalogue.data_sets.get(data_set) else {
        return 1;
    };
    let combos = set.elements.keys().map(|element| {
        let combo = catalogue.element_combo(set, element);
        combo.map_or(1, |combo| combo.option_combos.len().max(1))
    });
    combos.sum::<usize>().max(1)
}
