//! The mapping of a connection: read with both sides' metadata, edited as a working
//! copy, stored part by part. The page sees windows of rows; all rows stay here.

mod bridge;
mod combining;
mod keep;
mod rows;

use futures_util::join;
use tributary_dhis2::Transport;
use tributary_dhis2::metadata::OrgUnitScope;
use tributary_engine::catalogue::Catalogue;

use super::catalogue::{self, Wanted};
use super::{Service, Tell, names, session, store};
use crate::problem::{Problem, ProblemSide};
use crate::question::Stage;
use crate::questions::mapping::{
    ChangeMapping, MappingChange, MappingFilter, MappingPart, MappingRow, MappingRows,
    MappingState, MappingTargets, MappingWindow, OpenMapping, PartState, Proposal, RowChoice,
    SaveMapping, TargetOption, TargetWindow,
};
use crate::stored::connection::StoredConnection;
use crate::stored::connection_key;

pub(super) use bridge::engine_mapping;
use bridge::{Proposals, propose};
pub(super) use combining::org_units_that_meet;
use keep::Kept;
pub(super) use keep::{Choices, data_set_pairs, load};
use rows::{Line, source_lines, target_lines};

/// How many changes can be taken back.
const UNDO_STEPS: usize = 100;

/// A mapping being edited.
#[derive(Debug)]
pub(super) struct Desk {
    connection: StoredConnection,
    source: Catalogue,
    destination: Catalogue,
    /// The working copy.
    choices: Choices,
    /// What is stored, with the revision of each part.
    kept: Kept,
    editable: bool,
    proposals: Proposals,
    /// Rows of each part at the source, in [`MappingPart::ALL`]'s order.
    lines: [Vec<Line>; 4],
    /// Possible targets of each part.
    targets: [Vec<Line>; 4],
    /// Earlier working copies, the latest last.
    undo: Vec<Earlier>,
}

/// What stood before a change.
#[derive(Debug)]
enum Earlier {
    Part(MappingPart, keep::PartChoices),
    Combine(keep::Combine),
}

/// Answers [`OpenMapping`].
pub(super) async fn open<T: Transport + Clone>(
    service: &Service<T>,
    question: OpenMapping,
    tell: Tell<'_>,
) -> Result<MappingState, Problem> {
    let own = service.own().await?;
    let connection: StoredConnection =
        store::load(&own, &connection_key(&question.connection)).await?;
    let source = service.source(&connection.route).await?;
    let keys = store::listing(&own).await?.mapping_keys;
    let read_source = catalogue::read(
        &source,
        Wanted {
            data_sets: None,
            org_units: Some(OrgUnitScope::All),
            assignments: true,
            lock_exceptions: false,
            stage: Stage::SourceMetadata,
        },
        tell,
    );
    let read_destination = catalogue::read(
        &own,
        Wanted {
            data_sets: None,
            org_units: Some(OrgUnitScope::All),
            assignments: true,
            lock_exceptions: false,
            stage: Stage::DestinationMetadata,
        },
        tell,
    );
    let (source, destination, kept) = join!(
        read_source,
        read_destination,
        load(&own, &connection.id, &keys)
    );
    let place = session::place(service).await?;
    let kept = kept?;
    let desk = Desk {
        editable: place.rights(true).configure && keep::may_write(&own, &kept).await?,
        connection,
        source: source?,
        destination: destination?,
        choices: kept.choices.clone(),
        kept,
        proposals: Proposals::default(),
        lines: Default::default(),
        targets: Default::default(),
        undo: Vec::new(),
    };
    let mut slot = service.desk.borrow_mut();
    let desk = slot.insert(desk);
    desk.targets = MappingPart::ALL.map(|part| target_lines(&desk.destination, part));
    desk.proposals = propose(&desk.source, &desk.destination);
    desk.refresh();
    Ok(desk.state())
}

/// Answers [`MappingRows`].
pub(super) async fn rows<T>(
    service: &Service<T>,
    question: MappingRows,
) -> Result<MappingWindow, Problem> {
    let slot = service.desk.borrow();
    let desk = slot.as_ref().ok_or_else(no_desk)?;
    let words = names::words(&question.search);
    let place = place_of(question.part);
    let kept = desk.choices.part(question.part);
    let proposals = desk.proposals.part(question.part);
    let found: Vec<&Line> = desk.lines[place]
        .iter()
        .filter(|line| match question.filter {
            MappingFilter::All => true,
            MappingFilter::Open => !kept.contains_key(&line.key),
            MappingFilter::Proposed => {
                !kept.contains_key(&line.key) && proposals.contains_key(&line.key)
            }
            MappingFilter::Mapped => matches!(kept.get(&line.key), Some(Some(_))),
            MappingFilter::Excluded => matches!(kept.get(&line.key), Some(None)),
        })
        .filter(|line| question.only.is_empty() || question.only.contains(&line.key))
        .filter(|line| names::matches(&line.folded, &words))
        .collect();
    let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
    let window = found
        .into_iter()
        .skip(question.offset as usize)
        .take(question.limit as usize)
        .map(|line| desk.row(question.part, line))
        .collect();
    Ok(MappingWindow {
        total,
        rows: window,
    })
}

/// Answers [`MappingTargets`]. Likely targets stand first: what is proposed, then what
/// belongs to the mapped data sets and is not taken by another row, then the rest.
pub(super) async fn targets<T>(
    service: &Service<T>,
    question: MappingTargets,
) -> Result<TargetWindow, Problem> {
    let slot = service.desk.borrow();
    let desk = slot.as_ref().ok_or_else(no_desk)?;
    let words = names::words(&question.search);
    let proposed = desk
        .proposals
        .part(question.part)
        .get(&question.row)
        .map(|(target, _)| target);
    let likely = rows::likely_targets(
        &desk.destination,
        &desk.choices,
        question.part,
        &question.row,
        &desk.source,
    );
    let rank = |line: &Line| {
        let is_proposed = Some(&line.key) == proposed;
        (
            !is_proposed,
            !likely
                .as_ref()
                .is_none_or(|set| set.contains(line.key.as_str())),
        )
    };
    let mut found: Vec<&Line> = desk.targets[place_of(question.part)]
        .iter()
        .filter(|line| names::matches(&line.folded, &words))
        .collect();
    found.sort_by_key(|line| rank(line));
    let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
    let targets = found
        .into_iter()
        .skip(question.offset as usize)
        .take(question.limit as usize)
        .map(Line::option)
        .collect();
    Ok(TargetWindow { total, targets })
}

/// Answers [`ChangeMapping`].
pub(super) async fn change<T>(
    service: &Service<T>,
    question: ChangeMapping,
) -> Result<MappingState, Problem> {
    let mut slot = service.desk.borrow_mut();
    let desk = slot.as_mut().ok_or_else(no_desk)?;
    if !desk.editable {
        return Err(Problem::of(ProblemSide::Destination, "forbidden"));
    }
    let part = question.part;
    if question.change == MappingChange::Undo {
        match desk.undo.pop() {
            Some(Earlier::Part(part, before)) => *desk.choices.part_mut(part) = before,
            Some(Earlier::Combine(before)) => desk.choices.combine = before,
            None => {}
        }
    } else {
        if desk.undo.len() == UNDO_STEPS {
            desk.undo.remove(0);
        }
        desk.undo.push(match &question.change {
            MappingChange::Combine { .. } => Earlier::Combine(desk.choices.combine.clone()),
            _ => Earlier::Part(part, desk.choices.part(part).clone()),
        });
        let proposals = desk.proposals.part(part);
        let kept = desk.choices.part_mut(part);
        match question.change {
            MappingChange::To { row, target } => {
                kept.insert(row, Some(target));
            }
            MappingChange::Exclude { row } => {
                kept.insert(row, None);
            }
            MappingChange::Clear { row } => {
                kept.shift_remove(&row);
            }
            MappingChange::AcceptProposals => {
                // Only of rows that are shown: an element outside the mapped data sets is none.
                for line in &desk.lines[place_of(part)] {
                    if let Some((target, _)) = proposals.get(&line.key) {
                        kept.entry(line.key.clone())
                            .or_insert_with(|| Some(target.clone()));
                    }
                }
            }
            MappingChange::Combine {
                target,
                rule,
                order,
            } => combining::set_rule(&mut desk.choices, target, &rule, order),
            MappingChange::Undo => {}
        }
    }
    desk.refresh();
    Ok(desk.state())
}

/// Answers [`SaveMapping`].
pub(super) async fn save<T: Transport + Clone>(
    service: &Service<T>,
    _: SaveMapping,
) -> Result<MappingState, Problem> {
    let own = service.own().await?;
    let (choices, mut kept, writers) = {
        let slot = service.desk.borrow();
        let desk = slot.as_ref().ok_or_else(no_desk)?;
        let writers = desk.connection.writers();
        (desk.choices.clone(), desk.kept.clone(), writers)
    };
    let outcome = keep::store(&own, &choices, &mut kept, &writers).await;
    let mut slot = service.desk.borrow_mut();
    let desk = slot.as_mut().ok_or_else(no_desk)?;
    desk.kept = kept;
    outcome?;
    Ok(desk.state())
}

impl Desk {
    /// Works out anew what follows from the working copy.
    fn refresh(&mut self) {
        self.lines = MappingPart::ALL.map(|part| source_lines(&self.source, &self.choices, part));
    }

    fn state(&self) -> MappingState {
        let parts = MappingPart::ALL
            .into_iter()
            .map(|part| {
                let kept = self.choices.part(part);
                let proposals = self.proposals.part(part);
                let mut state = PartState {
                    part,
                    ..PartState::default()
                };
                for line in &self.lines[place_of(part)] {
                    state.total += 1;
                    match kept.get(&line.key) {
                        Some(Some(_)) => state.mapped += 1,
                        Some(None) => state.excluded += 1,
                        None if proposals.contains_key(&line.key) => state.proposed += 1,
                        None => {}
                    }
                }
                state
            })
            .collect();
        MappingState {
            connection_name: self.connection.name.clone(),
            source_name: self.connection.source_name.clone(),
            editable: self.editable,
            unsaved: self.choices != self.kept.choices,
            parts,
            findings: bridge::findings(&self.source, &self.destination, &self.choices),
            combining: self.combining(),
        }
    }

    fn row(&self, part: MappingPart, line: &Line) -> MappingRow {
        let choice = match self.choices.part(part).get(&line.key) {
            None => RowChoice::Open,
            Some(None) => RowChoice::Excluded,
            Some(Some(target)) => RowChoice::To(self.target(part, target)),
        };
        let proposal = match choice {
            RowChoice::Open => {
                self.proposals
                    .part(part)
                    .get(&line.key)
                    .map(|(target, evidence)| Proposal {
                        target: self.target(part, target),
                        evidence: evidence.clone(),
                    })
            }
            _ => None,
        };
        MappingRow {
            key: line.key.clone(),
            name: line.name.clone(),
            detail: line.detail.clone(),
            code: line.code.clone(),
            choice,
            proposal,
        }
    }

    /// A target with its names; one that is gone at the destination keeps its key as name.
    fn target(&self, part: MappingPart, key: &str) -> TargetOption {
        rows::target(&self.destination, part, key)
    }
}

fn place_of(part: MappingPart) -> usize {
    match part {
        MappingPart::DataSets => 0,
        MappingPart::Items => 1,
        MappingPart::AttributeOptionCombos => 2,
        MappingPart::OrgUnits => 3,
    }
}

fn no_desk() -> Problem {
    Problem::of(ProblemSide::App, "mappingNotOpen")
}
