//! May a value that fits be entered there and now? Checked after all else.

use chrono::{NaiveDateTime, TimeDelta};

use super::super::Conflict;
use super::super::options::ImportOptions;
use super::checks::conflict;
use super::{Candidate, Group};
use crate::context::ValueContext;
use crate::values::catalogue::{CategoryOptionCombo, DataSet};
use crate::values::period::{Period, latest_open};
use crate::values::store::Cell;

/// May this cell be written at this time?
pub(super) fn may_be_entered(
    context: &ValueContext<'_>,
    options: &ImportOptions,
    group: &Group<'_>,
    candidate: &Candidate<'_>,
) -> Result<(), Box<Conflict>> {
    let catalogue = context.catalogue;
    let Cell {
        data_element,
        period: iso,
        org_unit,
        attribute_option_combo: combo,
        ..
    } = &candidate.cell;
    if let Some(attributes) = catalogue.option_combo(combo) {
        within_dates(context, group, candidate, attributes)?;
        let units = catalogue.org_units();
        let reaches =
            |own: &Vec<String>| own.is_empty() || own.iter().any(|o| units.is_within(org_unit, o));
        if !catalogue
            .options_of(attributes)
            .all(|option| reaches(&option.org_units))
        {
            let message = format!(
                "Organisation unit: `{org_unit}` is not valid for attribute option combo: `{combo}`"
            );
            let objects = [
                ("organisationUnit", org_unit.as_str()),
                ("categoryOptionCombo", combo),
            ];
            return Err(conflict(
                "E7639",
                Some(org_unit),
                &objects,
                Some("orgUnit"),
                message,
            ));
        }
    }
    if options.force && context.user.is_superuser() {
        return Ok(());
    }
    // An element of no data set may be written at any time ("element in no set").
    let Some(set) = group
        .data_set
        .or_else(|| approval_set(context, data_element))
    else {
        return Ok(());
    };
    if is_expired(context, set, &candidate.period, org_unit) {
        let message = format!(
            "Current date is past expiry days for period: `{iso}`  and data set: `{}`",
            set.uid
        );
        let objects = [("period", iso.as_str()), ("dataSet", &set.uid)];
        return Err(conflict(
            "E7640",
            Some(iso),
            &objects,
            Some("period"),
            message,
        ));
    }
    let sets = catalogue.data_sets_of(data_element);
    let latest = sets
        .filter_map(|s| latest_open(s.period_type, s.open_future_periods, context.now.date()))
        .max_by_key(|p| p.end);
    if let Some(latest) = latest.filter(|latest| candidate.period.is_after(latest)) {
        let message = format!(
            "Period: `{iso}` is after latest open future period: `{}` for data element: `{data_element}` and data set: `{}`",
            latest.iso, set.uid
        );
        let objects = [
            ("period", iso.as_str()),
            ("dataElement", data_element),
            ("dataSet", &set.uid),
        ];
        return Err(conflict(
            "E7641",
            Some(iso),
            &objects,
            Some("period"),
            message,
        ));
    }
    if set
        .workflow
        .as_ref()
        .is_some_and(|w| catalogue.is_approved(w, &candidate.period, org_unit, combo))
    {
        let message = format!(
            "Data already approved for data set: `{}` period: `{iso}` org unit: `{org_unit}` attribute option combo: `{combo}`",
            set.uid
        );
        let objects = [
            ("organisationUnit", org_unit.as_str()),
            ("period", iso),
            ("categoryOptionCombo", combo),
            ("dataSet", &set.uid),
        ];
        return Err(conflict("E7642", Some(org_unit), &objects, None, message));
    }
    if !is_open_for_input(set, iso, context.now) {
        let message = format!(
            "Period: `{iso}` is not open for this data set at this time: `{}`",
            set.uid
        );
        let objects = [("period", iso.as_str()), ("dataSet", &set.uid)];
        return Err(conflict(
            "E7643",
            Some(iso),
            &objects,
            Some("period"),
            message,
        ));
    }
    let mut sets = catalogue.data_sets_of(data_element).peekable();
    if sets.peek().is_some() && !sets.any(|s| is_open_for_input(s, iso, context.now)) {
        let message =
            format!("Period: `{iso}` does not conform to the open periods of associated data sets");
        return Err(conflict(
            "E7644",
            Some(iso),
            &[("period", iso)],
            Some("period"),
            message,
        ));
    }
    Ok(())
}

/// Does the period touch the dates of every attribute option?
fn within_dates(
    context: &ValueContext<'_>,
    group: &Group<'_>,
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
    let (iso, combo) = (&candidate.period.iso, &attributes.uid);
    let message =
        format!("Period: `{iso}` is not within date range of attribute option combo: `{combo}`");
    let objects = [("period", iso.as_str()), ("categoryOptionCombo", combo)];
    Err(conflict(
        "E7638",
        Some(iso),
        &objects,
        Some("period"),
        message,
    ))
}

/// The data set whose rules hold when none is named: one with approval, else the
/// one whose periods are shortest.
fn approval_set<'c>(context: &ValueContext<'c>, data_element: &str) -> Option<&'c DataSet> {
    context
        .catalogue
        .data_sets_of(data_element)
        .min_by_key(|s| (s.workflow.is_none(), s.period_type.days()))
}

/// Late entry needs the authority `F_EDIT_EXPIRED` or a lock exception. The last of the
/// expiry days is still open (`DataSet.isLocked`: 2.40 and 2.41 compare days, 2.42 the first
/// moment of the day after).
pub(in super::super) fn is_expired(
    context: &ValueContext<'_>,
    set: &DataSet,
    period: &Period,
    org_unit: &str,
) -> bool {
    if set.expiry_days <= 0.0 || context.user.has_authority("F_EDIT_EXPIRED") {
        return false;
    }
    #[allow(
        clippy::cast_possible_truncation,
        reason = "days are small; DHIS2 drops the fraction too"
    )]
    let days = set.expiry_days as i64 + 1;
    let last =
        period.end.and_time(chrono::NaiveTime::MIN) + TimeDelta::try_days(days).unwrap_or_default();
    last < context.now
        && !context
            .catalogue
            .has_lock_exception(&set.uid, &period.iso, org_unit)
}

fn is_open_for_input(set: &DataSet, period: &str, now: NaiveDateTime) -> bool {
    set.input_periods.is_empty()
        || set
            .input_periods
            .iter()
            .any(|i| i.period == period && i.is_open_on_day(now))
}
