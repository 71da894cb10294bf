//! What has to hold of cells in which source values meet: each row of them holds what the rule
//! makes of all of them, says of what it was made, and what is missing.

use std::collections::BTreeMap;

use tributary_exchange::questions::import::{PlanRow, RowKind, RowParts};

use crate::meeting::{Coming, Wanted};
use crate::oracle::Rows;
use crate::side::{Key, Stamped};
use crate::world::World;

/// Reasons for which values that meet are not sent.
pub(crate) const REASONS: [&str; 2] = ["severalSourceValues", "notCombinable"];

/// The rows of a plan against the source, which nobody changed meanwhile.
pub(crate) fn check_plan(world: &World, source: &Stamped, rows: &Rows) -> Vec<String> {
    let coming = world.mapping.coming(source);
    let wanted = world.mapping.wanted(source);
    let mut wrong = Vec::new();
    let mut blocked: BTreeMap<&Key, usize> = BTreeMap::new();
    for (key, row) in rows {
        if matches!(
            row.kind,
            RowKind::Excluded | RowKind::Unmapped | RowKind::Cleared
        ) {
            continue;
        }
        let of_cell = coming.get(key).map_or(&[][..], Vec::as_slice);
        let is_right = match wanted.get(key) {
            None => false,
            Some(Wanted::Blocked(reason)) => {
                *blocked.entry(key).or_default() += 1;
                row.kind == RowKind::Blocked && row.reason.as_deref() == Some(reason)
            }
            Some(Wanted::Value(text, of)) => {
                let is_for_meeting = row.reason.as_deref().is_some_and(|r| REASONS.contains(&r));
                !is_for_meeting && row.value == *text && are_right(world, key, row, of_cell, of)
            }
        };
        if !is_right {
            let wanted = wanted.get(key);
            wrong.push(format!("{key:?} {row:?} of {of_cell:?}, wanted {wanted:?}"));
        }
    }
    for (key, count) in blocked {
        let all = coming.get(key).map_or(0, Vec::len);
        if count != all {
            wrong.push(format!("{count} rows of {key:?}, {all} values meet there"));
        }
    }
    wrong
}

/// Whether a row tells its parts where it has some, and rightly so.
fn are_right(world: &World, key: &Key, row: &PlanRow, coming: &[Coming], of: &[usize]) -> bool {
    let expected = world.mapping.expected(key);
    match (&row.parts, world.mapping.rule(key)) {
        (Some(parts), Some(rule)) => {
            expected > 1
                && parts.rule == rule
                && parts.present as usize == coming.len()
                && parts.expected as usize == expected
                && are_in_order(parts, coming, of)
        }
        (None, rule) => expected < 2 || rule.is_none(),
        (Some(_), None) => false,
    }
}

/// The parts that have a value, one by one, and which of them were taken.
fn are_in_order(parts: &RowParts, coming: &[Coming], of: &[usize]) -> bool {
    let shown = parts
        .parts
        .iter()
        .filter_map(|part| Some((part.value.as_deref()?, part.taken)));
    let wanted = coming
        .iter()
        .enumerate()
        .map(|(at, one)| (one.text.as_str(), of.contains(&at)));
    shown.eq(wanted)
}
