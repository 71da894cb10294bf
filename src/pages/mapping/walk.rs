//! From row to row with the keyboard: which row comes next, and giving it the focus once it is
//! drawn.

use super::screen::Screen;
use super::state::first_open;
use crate::ask::ask;
use crate::browser::{document, timer};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::questions::mapping::MappingRow;

/// Rows that are looked through at a time for one without a choice.
const SCAN: u32 = 500;
/// The heading that takes the focus when nothing else is left to go to.
pub const PART_HEADING: &str = "page-title";
/// The editor's input.
pub const TARGET_INPUT: &str = "mapping-target";

impl Screen {
    /// The first row without a choice from a place on, round and round.
    pub(super) async fn next_open(self, from: usize, skip: &str) -> Option<(usize, MappingRow)> {
        let mut at = from;
        let mut has_turned = false;
        loop {
            let answer = ask(&self.rows(at, SCAN)).await;
            let window = match answer {
                Ok(window) if self.is_shown() => window,
                Ok(_) => return None,
                Err(problem) => {
                    self.fail(problem);
                    return None;
                }
            };
            if let Some((place, row)) = first_open(&window.rows, skip) {
                return Some((at + place, row.clone()));
            }
            at += window.rows.len();
            let is_end = window.rows.is_empty() || at >= window.total as usize;
            if has_turned && (is_end || at >= from) {
                return None;
            }
            if is_end {
                has_turned = true;
                at = 0;
            }
        }
    }

    /// Gives a row the focus, or the heading when there is no such row any more.
    pub(super) fn focus_row(self, index: usize) {
        spawn_local(async move {
            let Ok(window) = ask(&self.rows(index, 1)).await else {
                return;
            };
            if !self.is_shown() {
                return;
            }
            // The row may have been the last one that the filter shows.
            let Some(last) = (window.total as usize).checked_sub(1) else {
                return document::focus(PART_HEADING);
            };
            let index = index.min(last);
            self.reveal.set(Some(index));
            focus_when_there(row_id(self.version.get_untracked(), index));
        });
    }
}

/// Gives the editor's search the focus.
pub fn focus_target() {
    document::focus(TARGET_INPUT);
}

/// The id of a row's first button. It names the version of the rows, so that the focus is not
/// given to a button that is about to be drawn anew.
pub fn row_id(version: u32, index: usize) -> String {
    format!("mapping-row-{version}-{index}")
}

/// Gives an element the focus as soon as it is drawn, within a second.
pub fn focus_when_there(id: String) {
    spawn_local(async move {
        for _ in 0..40 {
            timer::sleep(25).await;
            if document::holds_focus(&id) {
                return;
            }
            document::focus(&id);
        }
    });
}
