//! The values of one side.

use std::cell::RefCell;

use tributary_dhis2::values::{ReadFormat, Row, ValueRead};
use tributary_dhis2::{Client, Failure, FailureKind, Transport};
use tributary_engine::cell::Cell;
use tributary_engine::moment::Moment;
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
    let fresh: ValueTable = read_rows(client, read, |fresh, row| add(fresh, symbols, row)).await?;
    // Nearly always there is one data set, and nothing to put together.
    if table.is_empty() {
        *table = fresh;
        return Ok(());
    }
    for value in fresh.iter() {
        table.push(
            value.cell,
            value.text,
            value.stored_by,
            value.last_updated,
            value.has_comment,
        );
    }
    for cell in fresh.deleted() {
        table.push_deleted(*cell);
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

fn add(table: &mut ValueTable, symbols: &RefCell<Symbols>, row: &Row<'_>) {
    let mut symbols = symbols.borrow_mut();
    let cell = Cell {
        data_element: symbols.intern(row.data_element),
        category_option_combo: symbols.intern(row.category_option_combo),
        attribute_option_combo: symbols.intern(row.attribute_option_combo),
        org_unit: symbols.intern(row.org_unit),
        period: symbols.intern(row.period),
    };
    if row.deleted {
        table.push_deleted(cell);
        return;
    }
    let stored_by = symbols.intern(row.stored_by);
    let last_updated = Moment::parse(row.last_updated);
    table.push(
        cell,
        row.value,
        stored_by,
        last_updated,
        !row.comment.is_empty(),
    );
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
