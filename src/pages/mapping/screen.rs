//! The screen's signals and what can be done on it. All parts of the screen get one
//! [`Screen`], which is only a handful of handles.

use super::held::{self, Held};
use super::state::{After, Ledger, after_decision, counts, to_do};
use super::walk::{TARGET_INPUT, focus_when_there};
use crate::ask::{ask, ask_with_progress};
use crate::text::{t, t_count, t_with};
use crate::widgets::{Alert, AlertKind};
use leptos::prelude::*;
use leptos::task::spawn_local;
use tributary_exchange::problem::Problem;
use tributary_exchange::question::Stage;
use tributary_exchange::questions::mapping::{
    ChangeMapping, MappingChange, MappingFilter, MappingPart, MappingRow, MappingRows,
    MappingState, OpenMapping, PartState, SaveMapping,
};

/// How far opening is.
#[derive(Clone, Debug)]
pub enum Opening {
    /// Both sides are being read.
    Reading,
    /// The Worker holds the mapping.
    Open,
    /// It could not be opened.
    Failed(Problem),
}

/// Steps done and in all, of each side; none before the first notice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// At the source.
    pub source: Option<(u32, u32)>,
    /// At the destination.
    pub destination: Option<(u32, u32)>,
}

/// A row that is being decided, and where it stands among the rows shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editing {
    /// Its place, counted from 0.
    pub index: usize,
    /// The row as it was read.
    pub row: MappingRow,
}

/// Handles of everything that the screen's parts share.
#[derive(Clone, Copy)]
pub struct Screen {
    connection: StoredValue<String>,
    /// The part that is shown.
    pub part: MappingPart,
    /// How far opening is.
    pub opening: RwSignal<Opening>,
    /// How far reading is while opening.
    pub reading: RwSignal<Reading>,
    /// Where the working copy stands.
    pub state: RwSignal<MappingState>,
    /// Whether the person may change the mapping. Apart from the state, so that a change of
    /// the state does not draw buttons anew, which would take the focus from them.
    pub editable: Memo<bool>,
    /// What was changed.
    pub ledger: RwSignal<Ledger>,
    /// Which rows are shown.
    pub filter: RwSignal<MappingFilter>,
    /// Which of these, by a text.
    pub search: RwSignal<String>,
    /// Which of these, by key; empty for all.
    pub only: RwSignal<Vec<String>>,
    /// Counts changes of the rows.
    pub version: RwSignal<u32>,
    /// The row in the editor.
    pub editing: RwSignal<Option<Editing>>,
    /// The row that the table scrolls to.
    pub reveal: RwSignal<Option<usize>>,
    /// What a screen reader says after something was done.
    pub said: RwSignal<String>,
    /// What happened last.
    pub alert: RwSignal<Option<Alert>>,
    /// What went wrong last.
    pub problem: RwSignal<Option<Problem>>,
    /// The mapping is being stored.
    pub saving: RwSignal<bool>,
    /// The Worker ended while there were unsaved changes.
    pub was_lost: RwSignal<bool>,
}

impl Screen {
    /// The screen of a part. Nothing is asked yet.
    pub fn new(connection: String, part: MappingPart) -> Self {
        let state = RwSignal::new(MappingState::default());
        Self {
            connection: StoredValue::new(connection),
            part,
            opening: RwSignal::new(Opening::Reading),
            reading: RwSignal::new(Reading::default()),
            state,
            editable: Memo::new(move |_| state.with(|state| state.editable)),
            ledger: RwSignal::new(Ledger::default()),
            filter: RwSignal::new(MappingFilter::All),
            search: RwSignal::new(String::new()),
            only: RwSignal::new(held::take_rows(part)),
            version: RwSignal::new(0),
            editing: RwSignal::new(None),
            reveal: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            alert: RwSignal::new(None),
            problem: RwSignal::new(None),
            saving: RwSignal::new(false),
            was_lost: RwSignal::new(false),
        }
    }

    /// Identifier of the connection.
    pub fn connection(self) -> String {
        self.connection.get_value()
    }

    /// Counts of the part that is shown.
    pub fn counts(self) -> PartState {
        self.state.with(|state| counts(&state.parts, self.part))
    }

    /// Shows what the Worker holds of this connection, or has it opened.
    pub fn start(self) {
        match held::held(&self.connection()) {
            Some(held) => self.show(held.state, held.ledger),
            None => self.reopen(),
        }
    }

    /// Reads both sides and what is stored; the working copy is given up for it.
    pub fn reopen(self) {
        held::forget();
        self.opening.set(Opening::Reading);
        self.reading.set(Reading::default());
        self.problem.set(None);
        self.editing.set(None);
        let question = OpenMapping {
            connection: self.connection(),
        };
        let reading = self.reading;
        spawn_local(async move {
            let answer = ask_with_progress(&question, move |progress| {
                let steps = Some((progress.done, progress.total));
                reading.try_update(|reading| match progress.stage {
                    Stage::DestinationMetadata => reading.destination = steps,
                    _ => reading.source = steps,
                });
            });
            match answer.await {
                // The Worker holds this mapping now, also when the person has gone on to another part.
                Ok(state) => {
                    held::hold(Held {
                        connection: question.connection,
                        state: state.clone(),
                        ledger: Ledger::default(),
                    });
                    if self.is_shown() {
                        self.show(state, Ledger::default());
                    }
                }
                Err(problem) if self.is_shown() => self.opening.set(Opening::Failed(problem)),
                Err(_) => {}
            }
        });
    }

    /// Whether the person has not gone on to another screen meanwhile.
    pub(super) fn is_shown(self) -> bool {
        self.opening.try_get_untracked().is_some()
    }

    fn show(self, state: MappingState, ledger: Ledger) {
        self.state.set(state);
        self.ledger.set(ledger);
        self.version.update(|version| *version += 1);
        // Setting it again would draw the whole screen anew and lose the focus.
        let is_open = self
            .opening
            .with_untracked(|opening| matches!(opening, Opening::Open));
        if !is_open {
            self.opening.set(Opening::Open);
        }
    }

    /// The question for rows that are shown, from one of them on.
    pub fn rows(self, offset: usize, limit: u32) -> MappingRows {
        MappingRows {
            part: self.part,
            filter: self.filter.get_untracked(),
            search: self.search.get_untracked(),
            only: self.only.get_untracked(),
            offset: u32::try_from(offset).unwrap_or(u32::MAX),
            limit,
        }
    }

    /// Tells what went wrong. When the Worker has lost the mapping, it is opened again.
    pub fn fail(self, problem: Problem) {
        if !self.is_shown() {
            return;
        }
        if problem.kind == "mappingNotOpen" || problem.kind == "engineStopped" {
            self.was_lost
                .set(self.state.with_untracked(|state| state.unsaved));
            self.reopen();
        } else {
            self.problem.set(Some(problem));
        }
    }

    /// Opens the editor for a row.
    pub fn edit(self, index: usize, row: MappingRow) {
        self.editing.set(Some(Editing { index, row }));
        self.reveal.set(Some(index));
        focus_when_there(TARGET_INPUT.to_owned());
    }

    /// Closes the editor; the row gets the focus back.
    pub fn stop_editing(self) {
        if let Some(editing) = self.editing.get_untracked() {
            self.editing.set(None);
            self.focus_row(editing.index);
        }
    }

    /// Decides about a row, then goes on to the next one without a choice, in the editor if
    /// that is where the decision was made. What was chosen is said with `words`.
    pub fn decide(self, index: usize, row: MappingRow, change: MappingChange, words: String) {
        let in_editor = self.editing.with_untracked(Option::is_some);
        let is_clearing = matches!(change, MappingChange::Clear { .. });
        spawn_local(async move {
            if !self.change(change, 1).await {
                return;
            }
            let after = match after_decision(&row.choice, self.filter.get_untracked()) {
                After::NextOpen if !is_clearing => self.next_open(index, &row.key).await,
                _ => None,
            };
            if !self.is_shown() {
                return;
            }
            let left = self
                .state
                .with_untracked(|state| to_do(&counts(&state.parts, self.part)));
            self.said.set(format!(
                "{words} {}",
                t_count("mapping.left", u64::from(left), &[])
            ));
            match after {
                Some((index, row)) if in_editor => self.edit(index, row),
                Some((index, _)) => self.focus_row(index),
                None => {
                    self.editing.set(None);
                    self.focus_row(index);
                }
            }
        });
    }

    /// Goes on in the editor without a decision.
    pub fn skip(self) {
        let Some(editing) = self.editing.get_untracked() else {
            return;
        };
        spawn_local(async move {
            match self.next_open(editing.index + 1, &editing.row.key).await {
                Some((index, row)) => self.edit(index, row),
                None => self.said.set(t("mapping.noneLeft")),
            }
        });
    }

    /// Accepts all proposals of the part.
    pub fn accept_all(self) {
        let proposed = self.counts_untracked().proposed;
        spawn_local(async move {
            if self.change(MappingChange::AcceptProposals, proposed).await {
                self.editing.set(None);
                self.tell(t_count("mapping.acceptedAll", u64::from(proposed), &[]));
            }
        });
    }

    /// Takes the last change back.
    pub fn undo(self) {
        spawn_local(async move {
            let question = ChangeMapping {
                part: self.part,
                change: MappingChange::Undo,
            };
            match ask(&question).await {
                Ok(state) => {
                    let mut ledger = self.ledger.get_untracked();
                    let undone = ledger.undone();
                    self.take(state, ledger);
                    self.editing.set(None);
                    if let Some(part) = undone {
                        let name = t(&format!("mapping.part.{}", part.name()));
                        self.tell(t_with("mapping.undone", &[("part", &name)]));
                    }
                }
                Err(problem) => self.fail(problem),
            }
        });
    }

    /// Stores the mapping.
    pub fn save(self) {
        if self.saving.get_untracked() {
            return;
        }
        self.saving.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let answer = ask(&SaveMapping {}).await;
            if !self.is_shown() {
                if let (Ok(state), Some(known)) = (
                    answer,
                    held::held(&self.connection.try_get_value().unwrap_or_default()),
                ) {
                    held::hold(Held { state, ..known });
                }
                return;
            }
            self.saving.set(false);
            match answer {
                Ok(state) => {
                    let mut ledger = self.ledger.get_untracked();
                    ledger.saved();
                    self.take(state, ledger);
                    self.tell(t("mapping.saved"));
                }
                Err(problem) => self.fail(problem),
            }
        });
    }

    pub(super) async fn change(self, change: MappingChange, rows: u32) -> bool {
        match ask(&ChangeMapping {
            part: self.part,
            change,
        })
        .await
        {
            Ok(state) if self.is_shown() => {
                let mut ledger = self.ledger.get_untracked();
                ledger.changed(self.part, rows);
                self.take(state, ledger);
                true
            }
            Ok(_) => false,
            Err(problem) => {
                self.fail(problem);
                false
            }
        }
    }

    fn take(self, state: MappingState, ledger: Ledger) {
        if !self.is_shown() {
            return;
        }
        held::hold(Held {
            connection: self.connection(),
            state: state.clone(),
            ledger: ledger.clone(),
        });
        if self.problem.with_untracked(Option::is_some) {
            self.problem.set(None);
        }
        self.show(state, ledger);
    }

    fn counts_untracked(self) -> PartState {
        self.state
            .with_untracked(|state| counts(&state.parts, self.part))
    }

    fn tell(self, text: String) {
        self.alert.set(Some(Alert {
            kind: AlertKind::Success,
            text,
        }));
    }
}
