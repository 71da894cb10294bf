//! The rules of 2.43: a request is one group. A fault of a key, of rights or of
//! time refuses the whole group; a fault of a value refuses that value.

mod decode;
mod error;
mod keys;
mod rights;
mod timeliness;
mod values;

use chrono::{NaiveDate, NaiveTime};

use super::options::{ImportOptions, Strategy};
use super::payload::{Deletion, Payload};
use super::{Conflict, Status, Summary};
use crate::context::ValueContext;
use crate::values::catalogue::{Catalogue, DEFAULT_OPTION_COMBO};
use crate::values::period::Period;
use crate::values::store::{
    Cell, Registration, RegistrationKey, StoreError, StoredValue, ValueTransaction,
};
pub(super) use decode::stumbles_over_a_period;
use error::Fault;
pub(super) use timeliness::{is_expired, is_untimely};

/// A value with uids and a period that can be read; whether they exist is for the checks.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    index: usize,
    cell: Cell,
    period: Period,
    value: Option<String>,
    comment: Option<String>,
    followup: bool,
    deleted: bool,
}

/// The group as decoded.
#[derive(Debug)]
pub(super) struct Group {
    data_set: Option<String>,
    entries: Vec<Entry>,
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
    let summary = Summary::new(context.version);
    let group = match decode::group(context, options, payload) {
        Ok(group) => group,
        Err(fault) => return Ok(refused(summary, &fault, None)),
    };
    let checked = match check(context, options, group) {
        Ok(checked) => checked,
        Err((fault, entries)) => return Ok(refused(summary, &fault, Some(entries))),
    };
    let mut writing = context.store.begin();
    let summary = keep(context, options, payload, checked, &mut writing, summary);
    writing.commit()?;
    Ok(summary)
}

/// Nothing is written: all values are rejected, or, when the request could not
/// even be decoded, none is counted at all.
fn refused(summary: Summary, fault: &Fault, entries: Option<usize>) -> Summary {
    let rejected: Vec<usize> = (0..entries.unwrap_or(0)).collect();
    let indexes = match entries {
        Some(_) => rejected
            .iter()
            .filter_map(|i| i64::try_from(*i).ok())
            .collect(),
        None => vec![-1],
    };
    Summary {
        status: Status::Error,
        conflicts: vec![Conflict {
            indexes: Some(indexes),
            ..fault.conflict()
        }],
        rejected,
        data_set_complete: entries.and(summary.data_set_complete),
        ..summary
    }
}

/// A group that may be written, and the faults of single values.
struct Checked {
    data_set: Option<String>,
    entries: Vec<Entry>,
    faults: Vec<(usize, Fault)>,
}

/// The checks in the servers' order; a fault comes with the number of values.
fn check(
    context: &ValueContext<'_>,
    options: &ImportOptions,
    group: Group,
) -> Result<Checked, (Fault, usize)> {
    let Group {
        data_set,
        mut entries,
    } = group;
    let count = entries.len();
    if options.strategy == Strategy::Delete {
        entries.iter_mut().for_each(|e| e.deleted = true);
    }
    if entries.is_empty() {
        return Ok(Checked {
            data_set,
            entries,
            faults: Vec::new(),
        });
    }
    let whole = |fault| (fault, count);
    let uid = match data_set {
        Some(uid) => uid,
        None => detect_data_set(context.catalogue, &entries).map_err(whole)?,
    };
    rights::check(context, &uid, &entries).map_err(whole)?;
    // A set that does not exist holds no element.
    let elements = || keys::distinct(entries.iter().map(|e| e.cell.data_element.as_str()));
    let set = context
        .catalogue
        .data_set(&uid)
        .ok_or_else(|| whole(Fault::list("E8020", &[&uid], &elements())))?;
    keys::check(context, set, &entries).map_err(whole)?;
    if !(options.force && context.user.is_superuser()) {
        timeliness::check(context, set, &entries).map_err(whole)?;
    }
    let (entries, faults) = values::check(context, set, entries);
    Ok(Checked {
        data_set: Some(uid),
        entries,
        faults,
    })
}

/// The one data set that holds all the elements.
fn detect_data_set(catalogue: &Catalogue, entries: &[Entry]) -> Result<String, Fault> {
    let elements = keys::distinct(entries.iter().map(|e| e.cell.data_element.as_str()));
    let mut sets = keys::distinct(
        elements
            .iter()
            .flat_map(|e| catalogue.data_sets_of(e))
            .map(|s| s.uid.as_str()),
    );
    sets.sort_unstable();
    match sets.as_slice() {
        [] => Err(Fault::list("E8003", &[], &elements)),
        [only] => Ok((*only).to_owned()),
        _ => Err(Fault::list("E8002", &[], &sets)),
    }
}

fn keep(
    context: &ValueContext<'_>,
    options: &ImportOptions,
    payload: &Payload,
    checked: Checked,
    writing: &mut ValueTransaction<'_>,
    mut summary: Summary,
) -> Summary {
    let cleared = payload
        .deletion
        .as_ref()
        .map_or(0, |scope| clear(context, options, scope, writing));
    let written = checked.entries.len();
    for (index, fault) in &checked.faults {
        summary.reject(*index, fault.conflict());
    }
    summary.counts.ignored = checked.faults.len();
    // Nothing is ever "imported"; a tombstone for what was never there counts as deleted.
    if options.strategy == Strategy::Delete {
        summary.counts.deleted = written;
    } else {
        summary.counts.updated = written;
        summary.counts.deleted = cleared;
    }
    summary.status = match (checked.faults.is_empty(), written) {
        (true, _) => Status::Success,
        (false, 0) => Status::Error,
        (false, _) => Status::Warning,
    };
    if !options.dry_run {
        for entry in checked.entries {
            let created = writing
                .before(&entry.cell)
                .map_or(context.now, |b| b.created);
            let value = StoredValue {
                value: entry.value,
                stored_by: context.user.username.clone(),
                created,
                last_updated: context.now,
                comment: entry.comment,
                followup: entry.followup,
                deleted: entry.deleted,
            };
            writing.put(&entry.cell, value);
        }
    }
    complete(
        context,
        options,
        payload,
        checked.data_set,
        writing,
        &mut summary,
    );
    summary
}

/// Deletes what the scope names and what is there; the number of values deleted.
fn clear(
    context: &ValueContext<'_>,
    options: &ImportOptions,
    scope: &Deletion,
    writing: &mut ValueTransaction<'_>,
) -> usize {
    let mut cleared = 0;
    for org_unit in &scope.org_units {
        for period in scope.periods.iter().filter_map(|p| Period::parse(p)) {
            for (element, category, attribute) in &scope.elements {
                let or_default = |combo: &Option<String>| {
                    combo
                        .clone()
                        .unwrap_or_else(|| DEFAULT_OPTION_COMBO.to_owned())
                };
                let cell = Cell {
                    data_element: element.clone(),
                    period: period.iso.clone(),
                    org_unit: org_unit.clone(),
                    category_option_combo: or_default(category),
                    attribute_option_combo: or_default(attribute),
                };
                let Some(before) = writing.before(&cell).filter(|b| !b.deleted) else {
                    continue;
                };
                cleared += 1;
                if !options.dry_run {
                    writing.put(
                        &cell,
                        StoredValue {
                            deleted: true,
                            last_updated: context.now,
                            ..before
                        },
                    );
                }
            }
        }
    }
    cleared
}

/// Registers completeness, but only when no value was ignored, and not on a dry run.
fn complete(
    context: &ValueContext<'_>,
    options: &ImportOptions,
    payload: &Payload,
    data_set: Option<String>,
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
    summary.data_set_complete = Some(date.to_string());
    let key = data_set
        .zip(payload.period.as_deref().and_then(Period::parse))
        .zip(payload.org_unit.clone());
    if let Some(((data_set, period), org_unit)) = key
        && summary.counts.ignored == 0
        && !options.dry_run
    {
        let combo = payload
            .attribute_option_combo
            .clone()
            .unwrap_or_else(|| DEFAULT_OPTION_COMBO.to_owned());
        let key = RegistrationKey {
            data_set,
            period: period.iso,
            org_unit,
            attribute_option_combo: combo,
        };
        let registration = Registration {
            date: date.and_time(NaiveTime::MIN),
            stored_by: context.user.username.clone(),
            completed: true,
        };
        writing.register(&key, Some(registration));
    }
}

/// `true` is today, a day that has not come yet is today too.
fn completion_day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    match text {
        "true" => Some(today),
        text => text
            .get(..10)?
            .parse::<NaiveDate>()
            .ok()
            .map(|day| day.min(today)),
    }
}
