//! May data of these periods be entered now?

use chrono::{NaiveTime, TimeDelta};

use super::Entry;
use super::error::Fault;
use super::keys::distinct;
use crate::context::ValueContext;
use crate::values::catalogue::DataSet;
use crate::values::period::{Period, latest_open};
use crate::values::store::Cell;

/// Checks in the servers' order: input periods or expiry, approval, attribute options.
pub(super) fn check(
    context: &ValueContext<'_>,
    set: &DataSet,
    entries: &[Entry],
) -> Result<(), Fault> {
    if set.input_periods.is_empty() {
        not_expired(context, set, entries)?;
        not_too_early(context, set, entries)?;
    } else {
        input_periods(context, set, entries)?;
    }
    not_approved(context, set, entries)?;
    within_options(context, set, entries)
}

/// Whether data of this form is untimely for another reason than that it is approved.
pub(in super::super) fn is_untimely(
    context: &ValueContext<'_>,
    set: &DataSet,
    period: &Period,
    org_unit: &str,
    attribute_option_combo: &str,
) -> bool {
    let cell = Cell {
        data_element: String::new(),
        period: period.iso.clone(),
        org_unit: org_unit.to_owned(),
        category_option_combo: String::new(),
        attribute_option_combo: attribute_option_combo.to_owned(),
    };
    let entry = Entry {
        index: 0,
        cell,
        period: period.clone(),
        value: None,
        comment: None,
        followup: false,
        deleted: true,
    };
    match check(context, set, &[entry]) {
        Ok(()) => false,
        Err(fault) => !fault.is_approval(),
    }
}

fn untimely<'e>(set: &DataSet, entries: impl Iterator<Item = &'e Entry>) -> Result<(), Fault> {
    let periods = distinct(entries.map(|e| e.period.iso.as_str()));
    if periods.is_empty() {
        Ok(())
    } else {
        Err(Fault::list("E8030", &[&set.uid], &periods))
    }
}

/// Late entry needs the authority `F_EDIT_EXPIRED` or a lock exception.
fn not_expired(context: &ValueContext<'_>, set: &DataSet, entries: &[Entry]) -> Result<(), Fault> {
    let late = entries
        .iter()
        .filter(|e| is_expired(context, set, &e.period, &e.cell.org_unit));
    untimely(set, late)
}

/// Whether the period can no longer be entered there by this user.
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
    let days = TimeDelta::try_days(set.expiry_days as i64 + 1).unwrap_or_default();
    period.end.and_time(NaiveTime::MIN) + days < context.now
        && !context
            .catalogue
            .has_lock_exception(&set.uid, &period.iso, org_unit)
}

/// The same authority also opens all future periods ("far future").
fn not_too_early(
    context: &ValueContext<'_>,
    set: &DataSet,
    entries: &[Entry],
) -> Result<(), Fault> {
    if set.expiry_days < 0.0 || context.user.has_authority("F_EDIT_EXPIRED") {
        return Ok(());
    }
    let latest = latest_open(set.period_type, set.open_future_periods, context.now.date());
    untimely(
        set,
        entries.iter().filter(|e| {
            latest
                .as_ref()
                .is_some_and(|latest| e.period.is_after(latest))
        }),
    )
}

/// 2.43.0 and 2.43.1 have this the wrong way round: a period that is open is
/// refused, one that is closed is taken ("input period open", "input period
/// closed"); one that is not listed is refused.
fn input_periods(
    context: &ValueContext<'_>,
    set: &DataSet,
    entries: &[Entry],
) -> Result<(), Fault> {
    let refused = |period: &str| {
        let mut spans = set
            .input_periods
            .iter()
            .filter(|i| i.period == period)
            .peekable();
        spans.peek().is_none() || spans.any(|i| i.is_open(context.now))
    };
    untimely(set, entries.iter().filter(|e| refused(&e.period.iso)))
}

/// Only the first attribute option combo and org unit with approved data are told.
fn not_approved(context: &ValueContext<'_>, set: &DataSet, entries: &[Entry]) -> Result<(), Fault> {
    let Some(workflow) = &set.workflow else {
        return Ok(());
    };
    let approved = |e: &&Entry| {
        context.catalogue.is_approved(
            workflow,
            &e.period,
            &e.cell.org_unit,
            &e.cell.attribute_option_combo,
        )
    };
    let Some(first) = entries.iter().find(approved) else {
        return Ok(());
    };
    let (combo, org_unit) = (&first.cell.attribute_option_combo, &first.cell.org_unit);
    let alike =
        |e: &&Entry| e.cell.attribute_option_combo == *combo && e.cell.org_unit == *org_unit;
    let periods = distinct(
        entries
            .iter()
            .filter(approved)
            .filter(alike)
            .map(|e| e.period.iso.as_str()),
    );
    Err(Fault::list("E8033", &[combo, org_unit], &periods))
}

/// The whole period must lie within the dates of the attribute options, or so many
/// periods after their end as the set allows. Only the first combo is told.
fn within_options(
    context: &ValueContext<'_>,
    set: &DataSet,
    entries: &[Entry],
) -> Result<(), Fault> {
    let fits = |entry: &Entry| {
        let Some(combo) = context
            .catalogue
            .option_combo(&entry.cell.attribute_option_combo)
        else {
            return true;
        };
        let start = context
            .catalogue
            .options_of(combo)
            .filter_map(|o| o.start)
            .max();
        let end = context
            .catalogue
            .options_of(combo)
            .filter_map(|o| o.end)
            .min();
        let mut period = entry.period.clone();
        let includes =
            |p: &Period| start.is_none_or(|s| s <= p.start) && end.is_none_or(|e| p.end <= e);
        if includes(&period) {
            return true;
        }
        for _ in 0..set.open_periods_after_option_end {
            period = period.previous().unwrap_or(period);
        }
        includes(&period)
    };
    let Some(first) = entries.iter().find(|e| !fits(e)) else {
        return Ok(());
    };
    let combo = &first.cell.attribute_option_combo;
    let own = entries
        .iter()
        .filter(|e| e.cell.attribute_option_combo == *combo && !fits(e));
    let periods = distinct(own.map(|e| e.period.iso.as_str()));
    Err(Fault::list("E8032", &[combo], &periods))
}
