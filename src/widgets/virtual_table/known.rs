//! The rows that a table has been told, in stretches: asked for when they come near, kept for a
//! while, and let go of.

use super::data::{Row, RowSource};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// Rows are asked for in stretches of this many.
pub(super) const STRETCH: usize = 50;
/// Stretches that are kept; further ones are let go of, the farthest first.
const KEPT: usize = 48;
/// Stretches that are on their way at a time. Who drags the scrollbar passes many places: the
/// next one to be asked for is the one where the person is when an answer comes.
const AT_A_TIME: u32 = 2;

/// What the table knows of its rows.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub(super) total: RwSignal<Option<usize>>,
    pub(super) stretches: RwSignal<BTreeMap<usize, Arc<Vec<Row>>>>,
    asked: StoredValue<BTreeSet<usize>>,
    /// How many are on their way.
    under_way: StoredValue<u32>,
    /// Counts answers: with each it is looked again what is still to be asked for.
    pub(super) answers: RwSignal<u32>,
    /// Counts changes of the source, so that answers of an earlier one are dropped.
    generation: StoredValue<u32>,
}

impl Known {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            total: RwSignal::new(None),
            stretches: RwSignal::new(BTreeMap::new()),
            asked: StoredValue::new(BTreeSet::new()),
            under_way: StoredValue::new(0),
            answers: RwSignal::new(0),
            generation: StoredValue::new(0),
        }
    }

    pub(super) fn forget(self) {
        self.generation
            .update_value(|generation| *generation = generation.wrapping_add(1));
        self.asked.update_value(BTreeSet::clear);
        self.under_way.set_value(0);
    }

    /// Asks for the stretches of these rows that are neither there nor on their way.
    pub(super) fn ask_for(self, source: &RowSource, rows: Range<usize>) {
        let last = rows.end.max(1) - 1;
        for stretch in rows.start / STRETCH..=last / STRETCH {
            if self.under_way.get_value() >= AT_A_TIME {
                return;
            }
            let is_new = self
                .asked
                .try_update_value(|asked| asked.insert(stretch))
                .unwrap_or(false);
            if !is_new {
                continue;
            }
            self.under_way.update_value(|count| *count += 1);
            let generation = self.generation.get_value();
            let answer = (source.0)(stretch * STRETCH..(stretch + 1) * STRETCH);
            spawn_local(async move {
                let answer = answer.await;
                // The table may be gone, or show something else by now.
                if self.generation.try_get_value() != Some(generation) {
                    return;
                }
                self.under_way
                    .update_value(|count| *count = count.saturating_sub(1));
                self.answers.update(|count| *count = count.wrapping_add(1));
                let Some(found) = answer else { return };
                self.stretches.try_update(|stretches| {
                    if stretch == 0 && self.total.get_untracked().is_none() {
                        stretches.clear();
                    }
                    stretches.insert(stretch, Arc::new(found.rows));
                    self.drop_farthest(stretches, stretch);
                });
                if self.total.try_get_untracked().flatten() != Some(found.total) {
                    self.total.set(Some(found.total));
                }
            });
        }
    }

    fn drop_farthest(self, stretches: &mut BTreeMap<usize, Arc<Vec<Row>>>, around: usize) {
        while stretches.len() > KEPT {
            let farthest = stretches
                .keys()
                .copied()
                .max_by_key(|stretch| stretch.abs_diff(around));
            let Some(farthest) = farthest else { return };
            stretches.remove(&farthest);
            self.asked.update_value(|asked| {
                asked.remove(&farthest);
            });
        }
    }
}
