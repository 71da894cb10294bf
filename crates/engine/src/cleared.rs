//! Values of the destination whose source values were deleted.
//!
//! The evidence is what the source keeps of a deleted value, never that a value is absent: a
//! read may be cut short, an account may not see everything. Most slices have none.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cell::Cell;
use crate::journal::Seen;
use crate::mapping::{CompiledMapping, Resolution};
use crate::plan::{EntryKind, KeptBecause};
use crate::preflight::SliceRules;
use crate::values::{Value, ValueTable};

/// A cell that was cleared at the source and has a value here.
#[derive(Debug)]
pub(crate) struct Cleared {
    /// Always [`EntryKind::Cleared`].
    pub kind: EntryKind,
    /// The cell of the destination.
    pub cell: Cell,
    /// Index of the present value.
    pub present: usize,
}

/// The cells of the destination that have a value, to which the source has nothing but
/// deleted values to give. A cell for which the source has a living row, be it only a
/// comment, is none of them.
///
/// They may be deleted where nothing speaks against it: an earlier run can have brought the
/// value, nobody edited it since, and it may be written at all.
pub(crate) fn cleared(
    mapping: &CompiledMapping,
    rules: &SliceRules,
    source: &ValueTable,
    present: &ValueTable,
    seen: Option<&Seen>,
) -> Vec<Cleared> {
    let resolve = |cell: &Cell| match mapping.resolve(cell) {
        Resolution::To(cell) => Some(cell),
        Resolution::Excluded | Resolution::Unmapped(_) => None,
    };
    let mut gone: FxHashSet<Cell> = source.deleted().iter().filter_map(resolve).collect();
    if gone.is_empty() {
        return Vec::new();
    }
    for cell in source.cells().iter().filter_map(resolve) {
        gone.remove(&cell);
    }
    // The last one counts where a cell was given twice, as in comparing.
    let mut there: FxHashMap<Cell, usize> = FxHashMap::default();
    for (index, cell) in present.cells().iter().enumerate() {
        if gone.contains(cell) && !present.text(index).is_empty() {
            there.insert(*cell, index);
        }
    }
    let entry = |(cell, index)| {
        let value = present.get(index)?;
        Some(Cleared {
            kind: EntryKind::Cleared(kept_because(rules, &value, seen)),
            cell,
            present: index,
        })
    };
    there.into_iter().filter_map(entry).collect()
}

fn kept_because(rules: &SliceRules, value: &Value<'_>, seen: Option<&Seen>) -> Option<KeptBecause> {
    let Some(seen) = seen else {
        return Some(KeptBecause::NotBrought);
    };
    if seen.is_edited(value.last_updated, value.stored_by) {
        return Some(KeptBecause::EditedHere);
    }
    if !seen.is_brought(value.cell.org_unit, value.last_updated, value.stored_by) {
        return Some(KeptBecause::NotBrought);
    }
    rules
        .check_deletion(&value.cell)
        .err()
        .map(KeptBecause::Blocked)
}
