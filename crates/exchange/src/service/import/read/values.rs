//! The values of one side.

use std::cell::RefCell;

use tributary_dhis2::patience::Patience;
use tributary_dhis2::values::{ReadFormat, Row, ValueRead};
use tributary_dhis2::{Client, Failure, FailureKind, Transport};
use tributary_engine::cell::Cell;
use tributary_engine::moment::Moment;
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
    let fresh: ValueTable = read_rows(client, read, patience, take).await?;
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
    Ok(())
}

/// Reads values, each handed to `take` with what was collected so far; deleted ones are left
/// out. It is tried again as `patience` says, and as JSON where a proxy or a Route spoiled the
/// compressed CSV. What was collected before a failure is thrown away.
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
                    .read_values(&read, |row| {
                        if !row.deleted {
                            take(&mut fresh, &row);
                        }
                    })
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

fn add(table: &mut ValueTable, symbols: &RefCell<Symbols>, row: &Row<'_>) {
    let mut symbols = symbols.borrow_mut();
    let cell = Cell {
        data_element: symbols.intern(row.data_element),
        category_option_combo: symbols.intern(row.category_option_combo),
        attribute_option_combo: symbols.intern(row.attribute_option_combo),
        org_unit: symbols.intern(row.org_unit),
        period: symbols.intern(row.period),
    };
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
