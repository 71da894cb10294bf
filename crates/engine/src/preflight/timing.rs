//! Rules of rights and time that hold for a whole slice, and for an attribute
//! option combo within it.
//!
//! The recordings show them on days far from their boundaries. Which day is the last one is
//! settled from DHIS2's source, tags 2.40.12, 2.41.9, 2.42.5.2 and 2.43.1.

use chrono::{NaiveDate, TimeDelta};

use super::BlockReason;
use crate::catalogue::{CategoryOption, Checks, DataSet, OptionCombo, UserRights};
use crate::period::{Period, PeriodType};

/// Why nothing of a slice can be sent, expiry left aside (a lock exception may lift it for
/// some org units). `period` is none if its id is no period.
pub(super) fn whole_slice(
    data_set: &DataSet,
    rights: &UserRights,
    checks: &Checks,
    today: NaiveDate,
    period: Option<&Period>,
) -> Option<BlockReason> {
    if !data_set.data_write && !rights.superuser {
        return Some(BlockReason::NoDataWriteAccess);
    }
    if !rights.may_add_values && !rights.superuser {
        return Some(BlockReason::NoAuthority);
    }
    let Some(period) = period.filter(|period| !period.is_left_over()) else {
        return Some(BlockReason::PeriodInvalid);
    };
    if period.period_type() != data_set.period_type {
        return Some(BlockReason::PeriodOfAnotherType);
    }
    if is_future(data_set, today, period) {
        return Some(BlockReason::PeriodInFuture);
    }
    input_period(data_set, checks, today, period)
}

/// With `openFuturePeriods` 0 the last period that may be entered is the one
/// before today's; each one more opens one more ("next month (open future
/// period)": 2 opens December in November). Superusers too: 2.40–2.42 refuse
/// them as well ("far future"), and what 2.43 takes from them shows to nobody.
fn is_future(data_set: &DataSet, today: NaiveDate, period: &Period) -> bool {
    let open = i32::try_from(data_set.open_future_periods)
        .unwrap_or(i32::MAX)
        .min(1000);
    let kind = data_set.period_type;
    let current = Period::containing(today, kind);
    let latest = if kind == PeriodType::BiWeekly {
        // Servers step by fourteen days, also across a week 53 (`getDateWithOffset`).
        let step = |from: Period, steps: i32| {
            Period::containing(
                from.start() + TimeDelta::days(14 * i64::from(steps)),
                period.period_type(),
            )
        };
        step(step(current, -1), open)
    } else {
        current.step(open - 1)
    };
    period.start() > latest.start()
}

/// The last day on which a period may be entered is `expiryDays` after its own last day, on
/// all versions: 2.40 and 2.41 compare days (`DataSet.isLocked`, `Period.isDateInTimeFrame`),
/// 2.42 and 2.43 the first moment of the day after with now. Parts of a day, which 2.42
/// knows, are dropped as 2.43 does: rather a day too strict.
pub(super) fn is_expired(
    data_set: &DataSet,
    rights: &UserRights,
    today: NaiveDate,
    period: &Period,
) -> bool {
    // The cast saturates, and no calendar goes beyond the bound.
    let days = data_set
        .expiry_days
        .clamp(-1_000_000.0, 1_000_000.0)
        .floor() as i64;
    let last = period.end().checked_add_signed(TimeDelta::days(days));
    days != 0
        && !rights.may_edit_expired
        && !rights.superuser
        && last.is_some_and(|last| today > last)
}

/// Without input periods every period is open. With them only those named, from the opening
/// day on, until the closing day: up to 2.42 with it, from 2.43 without it.
fn input_period(
    data_set: &DataSet,
    checks: &Checks,
    today: NaiveDate,
    period: &Period,
) -> Option<BlockReason> {
    if data_set.input_periods.is_empty() {
        return None;
    }
    let mut named = data_set
        .input_periods
        .iter()
        .filter(|input| Period::parse(&input.period).as_ref() == Ok(period));
    let open = named.any(|input| {
        let before_close = |closing: NaiveDate| {
            today < closing || (today == closing && checks.input_period_closing_day_open)
        };
        input.opening_date.is_none_or(|opening| today >= opening)
            && input.closing_date.is_none_or(before_close)
    });
    if !open {
        Some(BlockReason::InputPeriodClosed)
    } else {
        checks
            .open_input_periods_refused
            .then_some(BlockReason::InputPeriodsRefused)
    }
}

/// Whether an attribute option combo may be used by the user and in the period.
pub(super) fn attribute(
    data_set: &DataSet,
    option_combo: &OptionCombo,
    rights: &UserRights,
    checks: &Checks,
    period: &Period,
) -> Option<BlockReason> {
    let options = &option_combo.options;
    if !rights.superuser && options.iter().any(|option| option.no_data_write) {
        return Some(BlockReason::AttributeOptionNotWritable);
    }
    let later = i32::try_from(data_set.open_periods_after_option_end)
        .unwrap_or(i32::MAX)
        .min(1000);
    let holds = if checks.part_of_period_is_enough {
        options.iter().all(|option| touches(option, period, later))
    } else {
        // The whole period within the dates of all options, or the one so many periods before.
        let within = |period: &Period| options.iter().all(|option| covers(option, period));
        within(period) || (later > 0 && within(&period.step(-later)))
    };
    (!holds).then_some(BlockReason::AttributeOptionOutsideDates)
}

/// Up to 2.42: on one day of the period at least, the end put off by `later` periods
/// (E7638, `CategoryOptionCombo.getDateRange`).
fn touches(option: &CategoryOption, period: &Period, later: i32) -> bool {
    option.start_date.is_none_or(|start| start <= period.end())
        && option
            .end_date
            .is_none_or(|end| period.step(-later).start() <= end)
}

/// From 2.43: on every day of the period (E8032).
fn covers(option: &CategoryOption, period: &Period) -> bool {
    option
        .start_date
        .is_none_or(|start| start <= period.start())
        && option.end_date.is_none_or(|end| period.end() <= end)
}
