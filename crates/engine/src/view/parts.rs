//! What a plan is about: its org units and data elements, to choose from and to jump to.

use super::PlanView;
use crate::column::Column;
use crate::folding::fold;
use crate::plan::Plan;
use crate::symbol::Symbol;

/// The parts of the key that a person chooses rows by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Org units.
    OrgUnit,
    /// Data elements.
    DataElement,
}

/// One org unit or data element of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartCount {
    /// Which.
    pub symbol: Symbol,
    /// How many entries it has.
    pub entries: u32,
}

impl Part {
    fn column(self, plan: &Plan) -> &Column<Symbol> {
        match self {
            Self::OrgUnit => plan.columns().org_units(),
            Self::DataElement => plan.columns().data_elements(),
        }
    }
}

impl PlanView {
    /// The org units or data elements of the plan whose names contain each word of `text`, by
    /// name, with the number of their entries in the whole plan.
    pub fn parts(&self, plan: &Plan, part: Part, text: &str) -> Vec<PartCount> {
        let mut entries = vec![(0_u32, None); self.names.len()];
        for &symbol in part.column(plan).iter() {
            if let Some(place) = entries.get_mut(symbol.index()) {
                *place = (place.0 + 1, Some(symbol));
            }
        }
        let text = fold(text);
        let words: Vec<&str> = text.split(' ').collect();
        let mut found: Vec<PartCount> = entries
            .into_iter()
            .zip(&self.names)
            .filter(|(_, name)| words.iter().all(|word| name.contains(word)))
            .filter_map(|((entries, symbol), _)| {
                let symbol = symbol?;
                Some(PartCount { symbol, entries })
            })
            .collect();
        found.sort_by_key(|part| self.order.rank(part.symbol));
        found
    }

    /// The first of some rows whose org unit's name begins with `text`; if there is none, the
    /// first whose name contains it. Its place among the rows, from 0.
    pub fn find_org_unit(&self, plan: &Plan, rows: &[u32], text: &str) -> Option<usize> {
        let text = fold(text);
        if text.is_empty() {
            return None;
        }
        let fits = |name: &String| match name.find(&text) {
            Some(0) => 2_u8,
            Some(_) => 1,
            None => 0,
        };
        let fits: Vec<u8> = self.names.iter().map(fits).collect();
        let of_row = |row: &u32| {
            let symbol = Part::OrgUnit.column(plan).get(*row as usize)?;
            fits.get(symbol.index()).copied()
        };
        let first = |least: u8| {
            rows.iter()
                .position(|row| of_row(row).is_some_and(|fit| fit >= least))
        };
        first(2).or_else(|| first(1))
    }
}
