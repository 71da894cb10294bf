//! The rules of 2.40–2.42: each value stands for itself. What is refused is
//! listed, the rest is kept; what data entry would not allow is mostly taken.

mod checks;
mod names;
mod strict;
mod timing;

use chrono::{NaiveDate, NaiveTime, SubsecRound};

use super::options::{ImportOptions, Strategy};
use super::payload::{IncomingValue, Payload};
use super::value_type;
use super::{Conflict, Status, Summary};
use crate::context::ValueContext;
use crate::values::catalogue::{DEFAULT_OPTION_COMBO, DataElement, DataSet};
use crate::values::period::Period;
use crate::values::store::{
    Cell, Registration, RegistrationKey, StoreError, StoredValue, ValueTransaction,
};
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

/// Imports, in one transaction.
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
        Err(conflict) => return Ok(aborted(summary, *conflict)),
    };
    let mut writing = context.store.begin();
    let mut fresh = rustc_hash::FxHashSet::default();
    for (index, value) in payload.values.iter().enumerate() {
        match checks::value(context, options, &names, &group, value) {
            Ok(candidate) => keep(
                context,
                options,
                &mut writing,
                &mut fresh,
                &mut summary,
                index,
                value,
                candidate,
            ),
            Err(conflicts) => {
                summary.counts.ignored += 1;
                summary.reject_for(index, conflicts);
            }
        }
    }
    if !summary.conflicts.is_empty() {
        summary.status = Status::Warning;
    }
    complete(context, payload, &group, &mut writing, &mut summary);
    writing.commit()?;
    Ok(summary)
}

fn aborted(summary: Summary, conflict: Conflict) -> Summary {
    Summary {
        status: Status::Error,
        description: Some("Import process was aborted".to_owned()),
        conflicts: vec![conflict],
        data_set_complete: None,
        ..summary
    }
}

/// Writes one value that has passed, by strategy and by what is there. `fresh`
/// holds the cells that this request adds: the second of two equal cells is
/// neither counted nor kept ("what two equal cells left").
#[allow(
    clippy::too_many_arguments,
    reason = "one step of one loop, taken out to be read by itself"
)]
fn keep(
    context: &ValueContext<'_>,
    options: &ImportOptions,
    writing: &mut ValueTransaction<'_>,
    fresh: &mut rustc_hash::FxHashSet<Cell>,
    summary: &mut Summary,
    index: usize,
    sent: &IncomingValue,
    candidate: Candidate<'_>,
) {
    let before = writing.before(&candidate.cell);
    let zero = is_insignificant_zero(&candidate);
    // Counted nowhere ("zero not significant").
    if zero && (before.is_none() || options.strategy == Strategy::Create) {
        return;
    }
    let now = context.now.trunc_subsecs(0);
    let mut after = StoredValue {
        value: candidate.value.clone(),
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
            let is_fresh = fresh.insert(candidate.cell.clone());
            if is_fresh || options.dry_run {
                counts.imported += 1;
            }
            if !is_fresh {
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
        writing.put(&candidate.cell, after);
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

/// Registers completeness, refused values and dry runs notwithstanding ("dry run
/// with completeDate").
fn complete(
    context: &ValueContext<'_>,
    payload: &Payload,
    group: &Group<'_>,
    writing: &mut ValueTransaction<'_>,
    summary: &mut Summary,
) {
    let Some(date) = payload
        .complete_date
        .as_deref()
        .and_then(|d| completion_day(d, context.now.date()))
    else {
        return;
    };
    let (Some(data_set), Some(period), Some(org_unit)) =
        (group.data_set, &group.period, &group.org_unit)
    else {
        return;
    };
    let key = RegistrationKey {
        data_set: data_set.uid.clone(),
        period: period.iso.clone(),
        org_unit: org_unit.clone(),
        attribute_option_combo: group
            .attribute_option_combo
            .clone()
            .unwrap_or_else(|| DEFAULT_OPTION_COMBO.to_owned()),
    };
    let registration = Registration {
        date: date.and_time(NaiveTime::MIN),
        stored_by: context.user.username.clone(),
        completed: true,
    };
    writing.register(&key, Some(registration));
    summary.data_set_complete = Some(date.to_string());
}

/// `true` is today, a day that has not come yet is today too.
pub(super) fn completion_day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    match text {
        "true" => Some(today),
        text => text
            .get(..10)?
            .parse::<NaiveDate>()
            .ok()
            .map(|day| day.min(today)),
    }
}
