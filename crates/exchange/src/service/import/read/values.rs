//! The values of one side.

use std::cell::RefCell;

use tributary_dhis2::patience::Patience;
use tributary_dhis2::values::{ReadFormat, Row, ValueRead};
use tributary_dhis2::{Client, Failure, FailureKind, Transport};
use tributary_engine::reading::{ValueReader, ValueText};
use tributary_engine::symbol::Symbols;
use tributary_engine::values::ValueTable;

/// What to ask a side for.
pub(in crate::service::import) fn wanted(
    data_set: String,
    periods: Vec<String>,
    org_units: Vec<String>,
) -> ValueRead {
    ValueRead {
        data_set,
        periods,
        org_units,
        with_children: false,
        with_deleted: false,
        format: ReadFormat::Csv,
    }
}

/// Reads values into a table.
pub(super) async fn read_into<T: Transport>(
    client: &Client<T>,
    read: ValueRead,
    patience: Patience,
    table: &mut ValueTable,
    symbols: &RefCell<Symbols>,
) -> Result<(), Failure> {
    let take = |fresh: &mut _, row: &Row<'_>| add(fresh, symbols, row);
    let fresh: ValueReader = read_rows(client, read, patience, take).await?;
    // Nearly always there is one data set, and nothing to put together.
    if table.is_empty() && table.deleted().is_empty() {
        *table = fresh.into_table();
    } else {
        table.append(&fresh.into_table());
    }
    Ok(())
}

/// Reads values, each handed to `take` with what was collected so far. It is tried again as
/// `patience` says, and as JSON where a proxy or a Route spoiled the compressed CSV. What was
/// collected before a failure is thrown away.
pub(in crate::service::import) async fn read_rows<T: Transport, C: Default>(
    client: &Client<T>,
    mut read: ValueRead,
    patience: Patience,
    take: impl Fn(&mut C, &Row<'_>),
) -> Result<C, Failure> {
    client
        .patiently(patience, async || {
            loop {
                let mut fresh = C::default();
                let outcome = client
                    .read_values(&read, |row| take(&mut fresh, &row))
                    .await;
                match outcome {
                    Ok(_) => return Ok(fresh),
                    Err(failure)
                        if failure.kind == FailureKind::WrongContent
                            && read.format == ReadFormat::Csv =>
                    {
                        read.format = ReadFormat::Json;
                    }
                    Err(failure) => return Err(failure),
                }
            }
        })
        .await
}

fn add(values: &mut ValueReader, symbols: &RefCell<Symbols>, row: &Row<'_>) {
    let value = ValueText {
        data_element: row.data_element,
        category_option_combo: row.category_option_combo,
        attribute_option_combo: row.attribute_option_combo,
        org_unit: row.org_unit,
        period: row.period,
        value: row.value,
        stored_by: row.stored_by,
        last_updated: row.last_updated,
        has_comment: !row.comment.is_empty(),
    };
    let mut symbols = symbols.borrow_mut();
    if row.deleted {
        values.add_deleted(&mut symbols, &value);
    } else {
        values.add(&mut symbols, &value);
    }
}

/// Failures after which no other slice can be read either.
pub(in crate::service::import) fn ends_everything(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        FailureKind::LoggedOut
            | FailureKind::SourceRefusedLogin
            | FailureKind::RouteMissing
            | FailureKind::RouteNotAllowed
            | FailureKind::RouteTakesNoPaths
            | FailureKind::HostNotAllowed
            | FailureKind::Interrupted
    )
}
