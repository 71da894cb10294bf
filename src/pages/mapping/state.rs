//! What the mapping screen decides by itself: how far a part is, where to go on, how many
//! changes wait, and how many findings of a kind make one line.

use tributary_exchange::questions::mapping::{
    MappingFilter, MappingFinding, MappingPart, MappingRow, PartState, RowChoice,
};

/// As many changes as the engine can take back.
const UNDO_STEPS: usize = 100;
/// Examples that a line about findings names.
const EXAMPLES: usize = 3;

/// The part of an address.
pub fn part_of(name: &str) -> Option<MappingPart> {
    MappingPart::ALL
        .into_iter()
        .find(|part| part.name() == name)
}

/// The counts of a part; empty ones when the engine has none.
pub fn counts(parts: &[PartState], part: MappingPart) -> PartState {
    parts
        .iter()
        .find(|state| state.part == part)
        .cloned()
        .unwrap_or(PartState {
            part,
            ..PartState::default()
        })
}

/// Rows without a choice, with or without a proposal.
pub fn to_do(part: &PartState) -> u32 {
    part.total
        .saturating_sub(part.mapped)
        .saturating_sub(part.excluded)
}

/// Rows that a filter shows.
pub fn shown_by(part: &PartState, filter: MappingFilter) -> u32 {
    match filter {
        MappingFilter::All => part.total,
        MappingFilter::Open => to_do(part),
        MappingFilter::Proposed => part.proposed,
        MappingFilter::Mapped => part.mapped,
        MappingFilter::Excluded => part.excluded,
    }
}

/// Whether a part waits for work. A source has more data sets than one wants, so one that is
/// mapped is enough; in the other parts every row wants a decision.
pub fn needs_work(part: &PartState) -> bool {
    match part.part {
        MappingPart::DataSets => part.mapped == 0,
        _ => to_do(part) > 0,
    }
}

/// Whether a part has rows only for mapped data sets.
pub fn follows_data_sets(part: MappingPart) -> bool {
    matches!(
        part,
        MappingPart::Items | MappingPart::AttributeOptionCombos
    )
}

/// Where to go on from a part: the next one, round and round, that waits for work; none when
/// no other does, and an exchange can be made.
pub fn next_part(parts: &[PartState], from: MappingPart) -> Option<MappingPart> {
    let all = MappingPart::ALL;
    let place = all.iter().position(|part| *part == from).unwrap_or(0);
    (1..all.len())
        .filter_map(|step| all.get((place + step) % all.len()))
        .map(|part| counts(parts, *part))
        .find(needs_work)
        .map(|state| state.part)
}

/// Where the keyboard goes after a decision about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// To the next row without a choice.
    NextOpen,
    /// Back to the row, or the one that took its place.
    SameRow,
}

/// After a decision about a row that had a choice before, one stays there: it was a
/// correction, not the work of going through what is open.
pub fn after_decision(before: &RowChoice, filter: MappingFilter) -> After {
    let shows_open = !matches!(filter, MappingFilter::Mapped | MappingFilter::Excluded);
    if *before == RowChoice::Open && shows_open {
        After::NextOpen
    } else {
        After::SameRow
    }
}

/// The first row without a choice among some, other than the one with the key `skip`.
pub fn first_open<'a>(rows: &'a [MappingRow], skip: &str) -> Option<(usize, &'a MappingRow)> {
    rows.iter()
        .enumerate()
        .find(|(_, row)| row.choice == RowChoice::Open && row.key != skip)
}

/// What was changed since the mapping was opened, as far as it can be taken back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    steps: Vec<(MappingPart, u32)>,
    /// Rows changed since it was stored; below 0 when changes from before that were taken back.
    since_saved: i64,
}

impl Ledger {
    /// A change of so many rows.
    pub fn changed(&mut self, part: MappingPart, rows: u32) {
        if self.steps.len() == UNDO_STEPS {
            self.steps.remove(0);
        }
        self.steps.push((part, rows));
        self.since_saved += i64::from(rows);
    }

    /// Takes the last change back; says in which part it was.
    pub fn undone(&mut self) -> Option<MappingPart> {
        let (part, rows) = self.steps.pop()?;
        self.since_saved -= i64::from(rows);
        Some(part)
    }

    /// The mapping was stored.
    pub fn saved(&mut self) {
        self.since_saved = 0;
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        !self.steps.is_empty()
    }

    /// Rows that differ from what is stored, as one counts them while working; 0 when that
    /// is not known.
    pub fn unsaved(&self) -> u64 {
        self.since_saved.unsigned_abs()
    }
}

/// All findings of a kind in a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingGroup {
    /// [`MappingFinding::kind`].
    pub kind: String,
    /// Where.
    pub part: MappingPart,
    /// How many findings.
    pub count: u64,
    /// The first of them: names at the source, name at the destination.
    pub examples: Vec<(Vec<String>, String)>,
    /// Keys of all rows concerned.
    pub rows: Vec<String>,
}

/// Findings by kind, in the order in which the kinds come.
pub fn grouped(findings: &[MappingFinding]) -> Vec<FindingGroup> {
    let mut groups: Vec<FindingGroup> = Vec::new();
    for finding in findings {
        let known = groups
            .iter()
            .position(|group| group.kind == finding.kind && group.part == finding.part);
        let place = known.unwrap_or_else(|| {
            groups.push(FindingGroup {
                kind: finding.kind.clone(),
                part: finding.part,
                count: 0,
                examples: Vec::new(),
                rows: Vec::new(),
            });
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(place) else {
            continue;
        };
        group.count += 1;
        group.rows.extend(finding.rows.iter().cloned());
        if let Some((target, sources)) = finding.names.split_last()
            && group.examples.len() < EXAMPLES
        {
            group.examples.push((sources.to_vec(), target.clone()));
        }
    }
    groups
}

#[cfg(test)]
mod tests;
