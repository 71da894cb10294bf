//! Which slices a question is made of.

use tributary_engine::mapping::CompiledMapping;
use tributary_engine::period::Period;
use tributary_engine::slice::{self, Slice};
use tributary_engine::symbol::Symbols;

use crate::questions::import::ReadPlan;
use crate::service::import::prepare::Prepared;

/// Org units of a slice at most: their uids still fit into one address through a Route.
const ORG_UNITS_PER_SLICE: usize = 200;

/// The slices of the question: for each data set only the periods of its own type.
pub(super) fn planned_slices(
    prepared: &Prepared,
    question: &ReadPlan,
    compiled: &CompiledMapping,
    symbols: &mut Symbols,
) -> Vec<Slice> {
    let scope = &prepared.exchange.org_units;
    let mut chosen = slice::org_units_within(&prepared.destination, &question.org_units, symbols);
    if !scope.is_empty() {
        let allowed = slice::org_units_within(&prepared.destination, scope, symbols);
        chosen.retain(|unit| allowed.contains(unit));
    }
    let periods: Vec<_> = question
        .periods
        .iter()
        .filter_map(|id| Period::parse(id).ok())
        .map(|period| (symbols.intern(&period.id()), period.period_type()))
        .collect();
    let all: Vec<_> = periods.iter().map(|(symbol, _)| *symbol).collect();
    let mut slices = slice::slices(compiled, &all, &chosen, ORG_UNITS_PER_SLICE);
    slices.retain(|slice| {
        let set = prepared
            .destination
            .data_sets
            .get(symbols.text(slice.data_set));
        let kind = periods
            .iter()
            .find(|(symbol, _)| *symbol == slice.period)
            .map(|(_, kind)| *kind);
        set.map(|set| set.period_type) == kind
    });
    slices
}
