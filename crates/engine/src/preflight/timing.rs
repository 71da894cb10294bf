//! Rules of rights and time that hold for a whole slice, and for an attribute
//! option combo within it.

use chrono::{Days, NaiveDate};

use super::BlockReason;
use crate::catalogue::{DataSet, OptionCombo, UserRights};
use crate::period::Period;

/// Why nothing of a slice can be sent. `period` is none if its id is no period.
pub(super) fn whole_slice(
    data_set: &DataSet,
    rights: &UserRights,
    today: NaiveDate,
    period: Option<&Period>,
) -> Option<BlockReason> {
    if !data_set.data_write && !rights.superuser {
        return Some(BlockReason::NoDataWriteAccess);
    }
    if !rights.may_add_values && !rights.superuser {
        return Some(BlockReason::NoAuthority);
    }
    let Some(period) = period else {
        return Some(BlockReason::PeriodInvalid);
    };
    if period.period_type() != data_set.period_type {
        return Some(BlockReason::PeriodOfAnotherType);
    }
    if is_future(data_set, today, period) {
        return Some(BlockReason::PeriodInFuture);
    }
    if is_expired(data_set, today, period) && !rights.may_edit_expired && !rights.superuser {
        return Some(BlockReason::PeriodExpired);
    }
    (!is_input_period_open(data_set, today, period)).then_some(BlockReason::InputPeriodClosed)
}

/// With `openFuturePeriods` 0 the last period that may be entered is the one
/// before today's; each one more opens one more ("next month (open future
/// period)": 2 opens December in November). Superusers too: 2.40–2.42 refuse
/// them as well ("far future"), and what 2.43 takes from them shows to nobody.
fn is_future(data_set: &DataSet, today: NaiveDate, period: &Period) -> bool {
    let open = i32::try_from(data_set.open_future_periods)
        .unwrap_or(i32::MAX)
        .min(1000);
    let last = Period::containing(today, data_set.period_type).step(open - 1);
    period.start() > last.start()
}

/// Servers compare the start of the day `expiryDays` after the period's last
/// day with the time of now, so that on that day itself the period is closed.
fn is_expired(data_set: &DataSet, today: NaiveDate, period: &Period) -> bool {
    if data_set.expiry_days <= 0.0 {
        return false;
    }
    // Parts of a day are dropped: rather a day too strict. The cast saturates.
    let days = data_set.expiry_days.min(1_000_000.0) as u64;
    period
        .end()
        .checked_add_days(Days::new(days))
        .is_some_and(|last| today >= last)
}

/// Without input periods every period is open. The day of closing is closed
/// already: servers compare its first moment with now.
fn is_input_period_open(data_set: &DataSet, today: NaiveDate, period: &Period) -> bool {
    let mut named = data_set
        .input_periods
        .iter()
        .filter(|input| Period::parse(&input.period).as_ref() == Ok(period));
    data_set.input_periods.is_empty()
        || named.any(|input| {
            input.opening_date.is_none_or(|opening| today >= opening)
                && input.closing_date.is_none_or(|closing| today < closing)
        })
}

/// Whether an attribute option combo may be used by the user and in the period:
/// 2.43 asks that the whole period lies within the options' dates (E8032).
pub(super) fn attribute(
    option_combo: &OptionCombo,
    rights: &UserRights,
    period: &Period,
) -> Option<BlockReason> {
    if !rights.superuser
        && option_combo
            .options
            .iter()
            .any(|option| option.no_data_write)
    {
        return Some(BlockReason::AttributeOptionNotWritable);
    }
    let within = option_combo.options.iter().all(|option| {
        option
            .start_date
            .is_none_or(|start| start <= period.start())
            && option.end_date.is_none_or(|end| period.end() <= end)
    });
    (!within).then_some(BlockReason::AttributeOptionOutsideDates)
}
