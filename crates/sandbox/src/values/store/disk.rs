//! The store's tables in the embedded database.

use chrono::DateTime;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

use super::block::{self, Row};
use super::{BlockKey, Registration, RegistrationNumbers, State, StoreError};

const NAMES: TableDefinition<u32, &str> = TableDefinition::new("values_names");
const BLOCKS: TableDefinition<BlockKey, &[u8]> = TableDefinition::new("values_blocks");
/// Date in milliseconds, user name, completed.
const REGISTRATIONS: TableDefinition<RegistrationNumbers, (i64, &str, bool)> =
    TableDefinition::new("values_registrations");

impl<E: Into<redb::Error>> From<E> for StoreError {
    fn from(error: E) -> Self {
        Self(error.into().to_string())
    }
}

/// A registration that was set, or taken away.
pub(super) type RegistrationChange = (RegistrationNumbers, Option<Registration>);

/// Reads everything.
pub(super) fn load(database: &Database) -> Result<State, StoreError> {
    // Opening for writing makes the tables of a fresh database.
    let making = database.begin_write()?;
    making.open_table(NAMES)?;
    making.open_table(BLOCKS)?;
    making.open_table(REGISTRATIONS)?;
    making.commit()?;

    let reading = database.begin_read()?;
    let mut state = State::default();
    for entry in reading.open_table(NAMES)?.iter()? {
        let (number, text) = entry?;
        if state.names.intern(text.value()) != number.value() {
            return Err(StoreError(
                "a text is missing in the table values_names".into(),
            ));
        }
    }
    state.names.mark_kept();
    for entry in reading.open_table(BLOCKS)?.iter()? {
        let (key, bytes) = entry?;
        let rows = block::decode(bytes.value())
            .ok_or_else(|| StoreError("a block of the table values_blocks is broken".into()))?;
        state.blocks.insert(key.value(), rows);
    }
    for entry in reading.open_table(REGISTRATIONS)?.iter()? {
        let (key, kept) = entry?;
        let (date, stored_by, completed) = kept.value();
        let date = DateTime::from_timestamp_millis(date)
            .unwrap_or_default()
            .naive_utc();
        let registration = Registration {
            date,
            stored_by: stored_by.to_owned(),
            completed,
        };
        state.registrations.insert(key.value(), registration);
    }
    Ok(state)
}

/// Writes changed blocks and registrations, and the texts that they are the
/// first to use, in one transaction.
pub(super) fn write<'b>(
    database: &Database,
    state: &State,
    blocks: impl Iterator<Item = (&'b BlockKey, &'b Vec<Row>)>,
    registrations: &[RegistrationChange],
) -> Result<(), StoreError> {
    let writing = database.begin_write()?;
    {
        let mut names = writing.open_table(NAMES)?;
        for (number, text) in state.names.unkept() {
            names.insert(number, text)?;
        }
        let mut table = writing.open_table(BLOCKS)?;
        for (key, rows) in blocks {
            table.insert(key, block::encode(rows).as_slice())?;
        }
        let mut table = writing.open_table(REGISTRATIONS)?;
        for (key, registration) in registrations {
            match registration {
                Some(r) => {
                    let date = r.date.and_utc().timestamp_millis();
                    table.insert(key, (date, r.stored_by.as_str(), r.completed))?;
                }
                None => {
                    table.remove(key)?;
                }
            }
        }
    }
    writing.commit()?;
    Ok(())
}
