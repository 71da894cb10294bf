//! The values of one side.

use std::cell::RefCell;

use tributary_dhis2::values::{ReadFormat, Row, ValueRead};
use tributary_dhis2::{Client, Failure, FailureKind, Transport};
use tributary_engine::reading::{ValueReader, ValueText};
use tributary_engine::symbol::Symbols;
use tributary_engine::values::ValueTable;

/// What to ask a side for.
pub(in crate::service::import) fn wanted(
    data_set: String,
    period: &str,
    org_units: Vec<String>,
) -> ValueRead {
    ValueRead {
        data_set,
        periods: vec![period.to_owned()],
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
    table: &mut ValueTable,
    symbols: &RefCell<Symbols>,
) -> Result<(), Failure> {
    let fresh: ValueReader = read_rows(client, read, |fresh, row| add(fresh, symbols, row)).await?;
    // Nearly always there is one data set, and nothing to put together.
    if table.is_empty() && table.deleted().is_empty() {
        *table = fresh.into_table();
    } else {
        table.append(&fresh.into_table());
    }
    Ok(())
}

/// Reads values, each handed to `take` with what was collected so far. A read may be sent again: once where the failure may pass, and once as JSON where a
/// proxy or a Route spoiled the compressed CSV. What was collected before a failure is
/// thrown away.
pub(in crate::service::import) async fn read_rows<T: Transport, C: Default>(
    client: &Client<T>,
    mut read: ValueRead,
    take: impl Fn(&mut C, &Row<'_>),
) -> Result<C, Failure> {
    let mut again = true;
    loop {
        let mut fresh = C::default();
        let outcome = client
            .read_values(&read, |row| take(&mut fresh, &row))
            .await;
        match outcome {
            Ok(_) => return Ok(fresh),
            Err(failure)
                if failure.kind == FailureKind::WrongContent && read.format == ReadFormat::Csv =>
            {
                read.format = ReadFormat::Json;
            }
            Err(failure) if again && failure.may_pass_when_repeated() => again = false,
            Err(failure) => return Err(failure),
        }
    }
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
