//! Source values that meet in one cell of the destination, combined by the mapping's rule.
//!
//! Where a mapping combines nothing, which is the usual case, nobody asks here.

use std::cmp::{Ordering, Reverse};

use crate::cell::Cell;
use crate::decimal::Decimal;
use crate::mapping::{CombinationRule, CompiledMapping};
use crate::plan::PartState;
use crate::preflight::SliceRules;
use crate::values::ValueTable;

/// What the values that met in a cell make together.
#[derive(Debug)]
pub(crate) struct CombinedValue {
    /// The cell of the destination.
    pub cell: Cell,
    /// Their common value.
    pub text: String,
    /// By which rule.
    pub rule: CombinationRule,
    /// What went into it and what is missing, the first in priority first.
    pub parts: Vec<CombinedPart>,
    /// Source values that went into it; at least one.
    pub source_values: u64,
}

/// A source cell that goes to a cell of the destination together with others.
#[derive(Debug)]
pub(crate) struct CombinedPart {
    /// The cell of the source.
    pub cell: Cell,
    /// Index of its value in the source table; none where there is no value.
    pub source: Option<u32>,
    /// What became of it.
    pub state: PartState,
}

/// The common value of a cell, by a rule; none where they cannot be combined (texts where
/// numbers are added), or where nothing but one value ever goes there. `indexes` are those of
/// the values that come to it, in any order; none of them is empty.
pub(crate) fn combine(
    mapping: &CompiledMapping,
    rules: &SliceRules,
    source: &ValueTable,
    cell: Cell,
    rule: CombinationRule,
    indexes: &[u32],
) -> Option<CombinedValue> {
    let expected = mapping.sources_of(&cell);
    if indexes.is_empty() || expected.len() < 2 && indexes.len() < 2 {
        return None;
    }
    let present = once_each(mapping, source, cell, indexes);
    let texts: Vec<&str> = present
        .iter()
        .map(|&index| source.text(index as usize))
        .collect();
    let chosen = |at: usize| Some((texts.get(at).copied()?.to_owned(), Some(at)));
    // One alone stays as it is spelled; whether it is a number is for the check of its type.
    let (text, only) = if let ([text], CombinationRule::Sum) = (texts.as_slice(), rule) {
        ((*text).to_owned(), None)
    } else if texts.len() == 1 {
        chosen(0)?
    } else {
        if rule.needs_numbers() && !rules.is_numeric(cell.data_element) {
            return None;
        }
        match rule {
            CombinationRule::Sum => (sum(&texts)?, None),
            CombinationRule::First => chosen(0)?,
            CombinationRule::Max => chosen(extreme(&texts, Ordering::Greater)?)?,
            CombinationRule::Min => chosen(extreme(&texts, Ordering::Less)?)?,
            CombinationRule::Last => {
                let moment = |at: &usize| {
                    let value = source.get(*present.get(*at)? as usize)?;
                    Some((value.last_updated, Reverse(*at)))
                };
                chosen((0..texts.len()).max_by_key(moment)?)?
            }
        }
    };
    let mut parts: Vec<CombinedPart> = present
        .iter()
        .enumerate()
        .filter_map(|(at, &index)| {
            Some(CombinedPart {
                cell: *source.cells().get(index as usize)?,
                source: Some(index),
                state: if only.is_none_or(|only| only == at) {
                    PartState::Taken
                } else {
                    PartState::PassedOver
                },
            })
        })
        .collect();
    for missing in expected {
        if !parts.iter().any(|part| part.cell == missing) {
            parts.push(CombinedPart {
                cell: missing,
                source: None,
                state: PartState::Missing,
            });
        }
    }
    parts.sort_by_key(|part| mapping.priority(&part.cell, &cell));
    Some(CombinedValue {
        cell,
        text,
        rule,
        parts,
        source_values: indexes.len() as u64,
    })
}

/// The values in the order of priority, whatever the order in which they were read. A source
/// cell that was read twice (its element is in two of the data sets) counts once, with the
/// value that was changed last.
fn once_each(
    mapping: &CompiledMapping,
    source: &ValueTable,
    cell: Cell,
    indexes: &[u32],
) -> Vec<u32> {
    let mut keyed: Vec<_> = indexes
        .iter()
        .filter_map(|&index| {
            let value = source.get(index as usize)?;
            let priority = mapping.priority(&value.cell, &cell);
            Some((priority, Reverse((value.last_updated, value.text)), index))
        })
        .collect();
    keyed.sort_unstable();
    keyed.dedup_by_key(|(priority, _, _)| *priority);
    keyed.into_iter().map(|(_, _, index)| index).collect()
}

fn sum(texts: &[&str]) -> Option<String> {
    texts
        .iter()
        .try_fold(Decimal::ZERO, |sum, text| {
            sum.checked_add(Decimal::parse(text)?)
        })
        .map(Decimal::to_text)
}

/// The place of the largest or smallest; of equal ones the first.
fn extreme(texts: &[&str], wanted: Ordering) -> Option<usize> {
    let mut best: Option<(usize, Decimal)> = None;
    for (at, text) in texts.iter().enumerate() {
        let number = Decimal::parse(text)?;
        let better = match best {
            None => true,
            Some((_, than)) => number.compare(than)? == wanted,
        };
        if better {
            best = Some((at, number));
        }
    }
    best.map(|(at, _)| at)
}
