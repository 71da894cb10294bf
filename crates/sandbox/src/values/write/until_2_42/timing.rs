//! May a value that fits be entered there and now? Checked after all else.

use chrono::{NaiveDate, TimeDelta};

use super::super::Conflict;
use super::super::options::ImportOptions;
use super::super::payload::IncomingValue;
use super::checks::{conflict, said};
use super::{Candidate, Group};
use crate::context::ValueContext;
use crate::values::catalogue::{CategoryOptionCombo, DataSet};
use crate::values::period::{Period, latest_open};
use crate::values::store::Cell;
use crate::version::ServerVersion;

/// May this cell be written at this time?
pub(super) fn may_be_entered(
    context: &ValueContext<'_>,
    options: &ImportOptions,
    group: &Group<'_>,
    sent: &IncomingValue,
    candidate: &Candidate<'_>,
) -> Result<(), Vec<Conflict>> {
    let catalogue = context.catalogue;
    let Cell {
        data_element,
        period: iso,
        org_unit,
        attribute_option_combo: combo,
        ..
    } = &candidate.cell;
    let named_period = sent.period.as_deref();
    let (named_unit, named_combo) = (
        sent.org_unit.as_deref(),
        sent.attribute_option_combo.as_deref(),
    );
    let period_said = said(named_period);
    if let Some(attributes) = catalogue.option_combo(combo) {
        within_dates(context, group, sent, candidate, attributes).map_err(|c| vec![*c])?;
        let units = catalogue.org_units();
        let reaches =
            |own: &Vec<String>| own.is_empty() || own.iter().any(|o| units.is_within(org_unit, o));
        if !catalogue
            .options_of(attributes)
            .all(|option| reaches(&option.org_units))
        {
            let message = format!(
                "Organisation unit: `{}` is not valid for attribute option combo: `{}`",
                said(named_unit),
                said(named_combo)
            );
            let objects = [
                ("organisationUnit", named_unit),
                ("categoryOptionCombo", named_combo),
            ];
            return Err(vec![*conflict("E7639", &objects, Some("orgUnit"), message)]);
        }
    }
    if options.force && context.user.is_superuser() {
        return Ok(());
    }
    let sets = target_sets(context, group, candidate);
    let today = context.now.date();
    // Late, too early, approved, closed: for each, one data set that has nothing against it
    // is enough, but that a period is too early is said by any of them.
    unless_one_is_open(&sets, options.is_set("strictDataSetLocking"), |set| {
        is_expired(context, set, &candidate.period, org_unit).then(|| {
            let message = format!(
                "Current date is past expiry days for period: `{period_said}`  and data set: `{}`",
                set.uid
            );
            let objects = [
                ("period", named_period),
                ("dataSet", Some(set.uid.as_str())),
            ];
            conflict("E7640", &objects, Some("period"), message)
        })
    })?;
    unless_one_is_open(&sets, true, |set| {
        let latest = latest_open(set.period_type, set.open_future_periods, today)
            .filter(|latest| candidate.period.is_after(latest))?;
        let message = format!(
            "Period: `{period_said}` is after latest open future period: `{}` for data element: `{}` and data set: `{}`",
            latest.iso,
            said(sent.data_element.as_deref()),
            set.uid
        );
        let objects = [
            ("period", named_period),
            ("dataElement", sent.data_element.as_deref()),
            ("dataSet", Some(set.uid.as_str())),
        ];
        Some(conflict("E7641", &objects, Some("period"), message))
    })?;
    unless_one_is_open(&sets, options.is_set("strictDataSetApproval"), |set| {
        let workflow = set.workflow.as_ref()?;
        let approved = catalogue.is_approved(workflow, &candidate.period, org_unit, combo);
        approved.then(|| {
            let message = format!(
                "Data already approved for data set: `{}` period: `{period_said}` org unit: `{}` attribute option combo: `{}`",
                set.uid, said(named_unit), said(named_combo)
            );
            let objects = [
                ("organisationUnit", named_unit),
                ("period", named_period),
                ("categoryOptionCombo", named_combo),
                ("dataSet", Some(set.uid.as_str())),
            ];
            conflict("E7642", &objects, None, message)
        })
    })?;
    unless_one_is_open(&sets, options.is_set("strictDataSetInputPeriods"), |set| {
        (!is_open_for_input(set, iso, today)).then(|| {
            let message = format!(
                "Period: `{period_said}` is not open for this data set at this time: `{}`",
                set.uid
            );
            let objects = [
                ("period", named_period),
                ("dataSet", Some(set.uid.as_str())),
            ];
            conflict("E7643", &objects, Some("period"), message)
        })
    })?;
    // Last, all sets that hold the element, wherever they are assigned.
    let mut sets = catalogue.data_sets_of(data_element).peekable();
    if sets.peek().is_some() && !sets.any(|s| is_open_for_input(s, iso, today)) {
        let message = format!(
            "Period: `{period_said}` does not conform to the open periods of associated data sets"
        );
        let objects = [("period", named_period)];
        return Err(vec![*conflict("E7644", &objects, Some("period"), message)]);
    }
    Ok(())
}

/// The data sets whose rules hold: the one that the request names, else those that hold
/// the element, are assigned to the org unit and have the attribute option combo's
/// category combo. With none of them nothing is against a value ("element in no set").
fn target_sets<'c>(
    context: &ValueContext<'c>,
    group: &Group<'c>,
    candidate: &Candidate<'_>,
) -> Vec<&'c DataSet> {
    if let Some(set) = group.data_set {
        return vec![set];
    }
    let cell = &candidate.cell;
    let combo = context.catalogue.option_combo(&cell.attribute_option_combo);
    let combo = combo.map(|combo| combo.category_combo.as_str());
    context
        .catalogue
        .data_sets_of(&cell.data_element)
        .filter(|set| set.org_units.contains(&cell.org_unit))
        .filter(|set| combo == Some(set.category_combo.as_str()))
        .collect()
}

/// Refused if every set has something against it, and if strict, if any has.
fn unless_one_is_open(
    sets: &[&DataSet],
    is_strict: bool,
    fault: impl Fn(&DataSet) -> Option<Box<Conflict>>,
) -> Result<(), Vec<Conflict>> {
    let faults: Vec<_> = sets
        .iter()
        .filter_map(|set| fault(set))
        .map(|c| *c)
        .collect();
    if faults.is_empty() || (!is_strict && faults.len() < sets.len()) {
        Ok(())
    } else {
        Err(faults)
    }
}

/// Does the period touch the dates of every attribute option?
fn within_dates(
    context: &ValueContext<'_>,
    group: &Group<'_>,
    sent: &IncomingValue,
    candidate: &Candidate<'_>,
    attributes: &CategoryOptionCombo,
) -> Result<(), Box<Conflict>> {
    let longer = group
        .data_set
        .map_or(0, |set| set.open_periods_after_option_end);
    let mut start = candidate.period.clone();
    for _ in 0..longer {
        start = start.previous().unwrap_or(start);
    }
    let touches = context.catalogue.options_of(attributes).all(|option| {
        option.start.is_none_or(|s| s <= candidate.period.end)
            && option.end.is_none_or(|e| start.start <= e)
    });
    if touches {
        return Ok(());
    }
    let (period, combo) = (
        sent.period.as_deref(),
        sent.attribute_option_combo.as_deref(),
    );
    let message = format!(
        "Period: `{}` is not within date range of attribute option combo: `{}`",
        said(period),
        said(combo)
    );
    let objects = [("period", period), ("categoryOptionCombo", combo)];
    Err(conflict("E7638", &objects, Some("period"), message))
}

/// Late entry needs the authority `F_EDIT_EXPIRED` or a lock exception. The days after the
/// period's end are whole days up to 2.41; 2.42 heeds a fraction.
pub(in super::super) fn is_expired(
    context: &ValueContext<'_>,
    set: &DataSet,
    period: &Period,
    org_unit: &str,
) -> bool {
    if set.expiry_days == 0.0 || context.user.has_authority("F_EDIT_EXPIRED") {
        return false;
    }
    let midnight = period.end.and_time(chrono::NaiveTime::MIN);
    #[allow(
        clippy::cast_possible_truncation,
        reason = "days are small; seconds of some years are too"
    )]
    let late = if context.version < ServerVersion::V42 {
        let last = midnight + TimeDelta::try_days(set.expiry_days as i64).unwrap_or_default();
        last.date() < context.now.date()
    } else {
        let seconds = ((set.expiry_days + 1.0) * 86_400.0) as i64;
        midnight + TimeDelta::try_seconds(seconds).unwrap_or_default() < context.now
    };
    late && !context
        .catalogue
        .has_lock_exception(&set.uid, &period.iso, org_unit)
}

/// Up to 2.42 whole days count: the closing day is open.
fn is_open_for_input(set: &DataSet, period: &str, today: NaiveDate) -> bool {
    set.input_periods.is_empty()
        || set
            .input_periods
            .iter()
            .any(|i| i.period == period && i.is_open_on(today))
}
