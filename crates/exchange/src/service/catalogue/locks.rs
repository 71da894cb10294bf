//! Leave to enter expired periods, as far as it concerns the data sets that were read.

use tributary_dhis2::metadata as wire;
use tributary_dhis2::{Client, Failure, FailureKind, Transport};
use tributary_engine::catalogue::{Catalogue, LockException};
use tributary_engine::period::Period;

use super::convert::date;

/// Leave to enter expired periods. Who may not see it has none that is known: the periods
/// stay blocked.
pub(super) async fn read<T: Transport>(
    client: &Client<T>,
    catalogue: &mut Catalogue,
) -> Result<(), Failure> {
    let found = match client.lock_exceptions().await {
        Err(failure) if matches!(failure.kind, FailureKind::Forbidden | FailureKind::NotFound) => {
            return Ok(());
        }
        other => other?,
    };
    for exception in found {
        let known = lock_exception(exception, catalogue);
        catalogue.lock_exceptions.extend(known);
    }
    Ok(())
}

/// None where it is of another data set, or does not say for which org unit or period.
fn lock_exception(exception: wire::LockException, catalogue: &Catalogue) -> Option<LockException> {
    let data_set = exception.data_set?;
    let kind = catalogue.data_sets.get(&data_set)?.period_type;
    let period = match exception.period.id {
        Some(id) => Period::parse(&id).ok()?,
        None => Period::containing(date(exception.period.start_date)?, kind),
    };
    Some(LockException {
        data_set,
        org_unit: exception.organisation_unit?,
        period: period.id(),
    })
}
