//! The rules of 2.40–2.42: each value stands for itself. What is refused is
//! listed, the rest is kept; what data entry would not allow is mostly taken.

mod checks;
mod complete;
mod names;
mod strict;
mod timing;

use chrono::SubsecRound;

use super::options::{ImportOptions, Strategy};
use super::payload::{IncomingValue, Payload};
use super::value_type;
use super::{Conflict, Status, Summary};
use crate::context::ValueContext;
use crate::values::catalogue::{DataElement, DataSet};
use crate::values::period::Period;
use crate::values::store::{Cell, StoreError, StoredValue, ValueTransaction};
use names::Names;
pub(super) use timing::is_expired;

/// What the request says about all its values, resolved.
struct Group<'c> {
    data_set: Option<&'c DataSet>,
    period: Option<Period>,
    org_unit: Option<String>,
    attribute_option_combo: Option<String>,
}

/// A value whose key has been found to exist.
struct Candidate<'c> {
    cell: Cell,
    data_element: &'c DataElement,
    period: Period,
    /// Truth values are put right: `TRUE`, `T` and `1` become `true`.
    value: Option<String>,
    comment: Option<String>,
}

/// Why a value is not taken.
enum Fault {
    /// It is refused for these reasons, and the import goes on.
    Conflicts(Vec<Conflict>),
    /// The server stumbles over it, and the import ends with these words.
    Failure(String),
}

impl From<Vec<Conflict>> for Fault {
    fn from(conflicts: Vec<Conflict>) -> Self {
        Self::Conflicts(conflicts)
    }
}

impl From<Box<Conflict>> for Fault {
    fn from(conflict: Box<Conflict>) -> Self {
        Self::Conflicts(vec![*conflict])
    }
}

/// Imports. An import that fails half way is not undone: what was changed and deleted by then
/// stays so, and completeness stays registered; only what was to be added is not kept, as that
/// waits for the end (DHIS2 2.40-2.42, `DefaultDataValueSetService` with its batch handler; seen
/// on a real 2.42.5.2).
///
/// # Errors
/// When the values cannot be kept.
pub(super) fn import(
    context: &ValueContext<'_>,
    options: &ImportOptions,
    payload: &Payload,
) -> Result<Summary, StoreError> {
    let names = Names::new(context, options);
    let mut summary = Summary::new(context.version);
    let group = match checks::group(context, &names, payload) {
        Ok(group) => group,
        Err(conflicts) => return Ok(aborted(summary, conflicts)),
    };
    let mut writing = context.store.begin();
    let mut batch = Batch::default();
    let run = run(
        context,
        options,
        payload,
        &names,
        &group,
        &mut writing,
        &mut batch,
        &mut summary,
    );
    match run.and_then(|()| batch.flush(&mut writing)) {
        Ok(()) => {
            writing.commit()?;
            if !summary.conflicts.is_empty() {
                summary.status = Status::Warning;
            }
            Ok(summary)
        }
        Err(words) => {
            writing.commit()?;
            let words = format!("The import process failed: {words}");
            Ok(Summary::unreadable(context.version, &words))
        }
    }
}

/// Completeness first, then value by value.
#[allow(
    clippy::too_many_arguments,
    reason = "the one step of an import that may end before its end"
)]
fn run(
    context: &ValueContext<'_>,
    options: &ImportOptions,
    payload: &Payload,
    names: &Names,
    group: &Group<'_>,
    writing: &mut ValueTransaction<'_>,
    batch: &mut Batch,
    summary: &mut Summary,
) -> Result<(), String> {
    complete::complete(context, payload, group, writing, summary)?;
    for (index, value) in payload.values.iter().enumerate() {
        match checks::value(context, options, names, group, value) {
            Ok(candidate) => keep(
                context, options, writing, batch, summary, index, value, candidate,
            ),
            Err(Fault::Conflicts(conflicts)) => {
                summary.counts.ignored += 1;
                summary.reject_for(index, conflicts);
            }
            Err(Fault::Failure(words)) => return Err(words),
        }
    }
    Ok(())
}

/// What an import has done to the values so far. Changes are made at once, and the next value
/// of the same cell sees them; what is new is added at the end, and until then unseen.
#[derive(Default)]
struct Batch {
    changed: rustc_hash::FxHashMap<Cell, StoredValue>,
    new_cells: rustc_hash::FxHashSet<Cell>,
    new: Vec<(Cell, StoredValue)>,
}

impl Batch {
    /// The value of a cell, deleted or not, as a look into the table finds it.
    fn find(&self, writing: &ValueTransaction<'_>, cell: &Cell) -> Option<StoredValue> {
        let changed = self.changed.get(cell).cloned();
        changed.or_else(|| writing.before(cell))
    }

    fn change(&mut self, writing: &mut ValueTransaction<'_>, cell: Cell, value: StoredValue) {
        writing.put(&cell, value.clone());
        self.changed.insert(cell, value);
    }

    /// Whether the cell was not added before; the second of two equal cells is neither counted
    /// nor kept ("what two equal cells left").
    fn add(&mut self, cell: Cell, value: StoredValue) -> bool {
        let is_new = self.new_cells.insert(cell.clone());
        if is_new {
            self.new.push((cell, value));
        }
        is_new
    }

    /// Adds what is new, all or nothing: a cell that is there already - nobody looked when the
    /// request said `skipExistingCheck` - spoils it, be its value deleted or not.
    fn flush(self, writing: &mut ValueTransaction<'_>) -> Result<(), String> {
        if self
            .new
            .iter()
            .any(|(cell, _)| writing.before(cell).is_some())
        {
            return Err("Failed to flush BatchHandler".to_owned());
        }
        for (cell, value) in self.new {
            writing.put(&cell, value);
        }
        Ok(())
    }
}

fn aborted(summary: Summary, conflicts: Vec<Conflict>) -> Summary {
    Summary {
        status: Status::Error,
        description: Some("Import process was aborted".to_owned()),
        conflicts,
        data_set_complete: None,
        ..summary
    }
}

/// Writes one value that has passed, by strategy and by what is there. On a dry run nothing is
/// written, so that every value of a cell is held against what was there before.
#[allow(
    clippy::too_many_arguments,
    reason = "one step of one loop, taken out to be read by itself"
)]
fn keep(
    context: &ValueContext<'_>,
    options: &ImportOptions,
    writing: &mut ValueTransaction<'_>,
    batch: &mut Batch,
    summary: &mut Summary,
    index: usize,
    sent: &IncomingValue,
    candidate: Candidate<'_>,
) {
    let before = if options.is_set("skipExistingCheck") {
        None
    } else {
        batch.find(writing, &candidate.cell)
    };
    let zero = is_insignificant_zero(&candidate);
    // Counted nowhere ("zero not significant").
    if zero && (before.is_none() || options.strategy == Strategy::Create) {
        return;
    }
    let now = context.now.trunc_subsecs(0);
    let mut after = StoredValue {
        // Kept without the blanks around it (seen on a real 2.42.5.2).
        value: candidate.value.as_deref().map(|v| v.trim().to_owned()),
        stored_by: sent
            .stored_by
            .clone()
            .unwrap_or_else(|| context.user.username.clone()),
        created: before.as_ref().map_or(now, |b| b.created),
        last_updated: now,
        comment: candidate.comment.clone(),
        followup: sent.followup.unwrap_or(false),
        deleted: sent.deleted.unwrap_or(false),
    };
    let has_nothing = after.value.is_none() && after.comment.is_none();
    let counts = &mut summary.counts;
    let was_there = before.is_some();
    match (before.filter(|b| !b.deleted), options.strategy) {
        (Some(_), Strategy::Delete) => {
            after.deleted = true;
            counts.deleted += 1;
        }
        (Some(before), Strategy::CreateAndUpdate | Strategy::Update) => {
            if has_nothing || after.deleted || zero {
                after.deleted = true;
                counts.deleted += 1;
            } else if is_same(&before, &after) {
                counts.ignored += 1;
                return;
            } else {
                counts.updated += 1;
            }
        }
        (None, Strategy::CreateAndUpdate | Strategy::Create) => {
            if has_nothing {
                counts.ignored += 1;
                return;
            }
            if was_there || options.dry_run || batch.add(candidate.cell.clone(), after.clone()) {
                counts.imported += 1;
            }
            if !was_there {
                return;
            }
        }
        // CREATE where there is a value, UPDATE and DELETE where there is none:
        // rejected without a conflict.
        _ => {
            counts.ignored += 1;
            summary.rejected.push(index);
            return;
        }
    }
    if !options.dry_run {
        batch.change(writing, candidate.cell, after);
    }
}

fn is_same(before: &StoredValue, after: &StoredValue) -> bool {
    before.value == after.value
        && before.comment == after.comment
        && before.followup == after.followup
}

/// A zero that the data element does not want kept, unless it counts in an average.
fn is_insignificant_zero(candidate: &Candidate<'_>) -> bool {
    let element = candidate.data_element;
    !element.zero_is_significant
        && value_type::is_numeric(&element.value_type)
        && !matches!(
            element.aggregation_type.as_str(),
            "AVERAGE" | "AVERAGE_SUM_ORG_UNIT"
        )
        && candidate.value.as_deref().is_some_and(value_type::is_zero)
}
