//! The database file: every record of a server (objects, sessions, dataStore
//! entries, apps …) under a name, as bytes. All changes of one request are
//! written in one transaction, so that nothing is ever half written.

use std::path::Path;
use std::sync::Arc;

use redb::{Database, Durability, ReadableDatabase, TableDefinition};
use serde_json::Value;

/// Record name → bytes.
const RECORDS: TableDefinition<&str, &[u8]> = TableDefinition::new("records");

/// Between the parts of a record's name; occurs in no uid, key or path.
const SEPARATOR: char = '\u{1f}';

/// Why the database did not do as told, in words.
#[derive(Debug)]
pub struct StoreError(pub String);

impl std::fmt::Display for StoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "database: {}", self.0)
    }
}

impl std::error::Error for StoreError {}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError(error.to_string())
}

/// The parts of a record's name behind its area, and its bytes.
pub type Record = (Vec<String>, Vec<u8>);

/// The changes of one request, collected and then written together.
#[derive(Debug, Default)]
pub struct Batch {
    changes: Vec<(String, Option<Vec<u8>>)>,
}

impl Batch {
    /// Writes a JSON record.
    pub fn put(&mut self, name: &[&str], value: &Value) {
        self.put_bytes(name, value.to_string().into_bytes());
    }

    /// Writes a record as it is.
    pub fn put_bytes(&mut self, name: &[&str], value: Vec<u8>) {
        self.changes.push((join(name), Some(value)));
    }

    /// Removes a record.
    pub fn remove(&mut self, name: &[&str]) {
        self.changes.push((join(name), None));
    }
}

/// The database of one server. The values of data elements live in the same
/// file, in tables of their own.
#[derive(Clone)]
pub struct Store {
    database: Arc<Database>,
}

impl Store {
    /// Opens or creates the file; without a path everything stays in memory.
    pub fn open(path: Option<&Path>) -> Result<Self, StoreError> {
        let database = match path {
            Some(path) => {
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder).map_err(failed)?;
                }
                Database::create(path).map_err(failed)?
            }
            None => Database::builder()
                .create_with_backend(redb::backends::InMemoryBackend::new())
                .map_err(failed)?,
        };
        let store = Self {
            database: Arc::new(database),
        };
        store.commit(Batch::default())?;
        Ok(store)
    }

    /// The database itself, for the store of data values.
    pub fn database(&self) -> Arc<Database> {
        Arc::clone(&self.database)
    }

    /// Writes all changes or none, and returns when they are on disk.
    pub fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        self.write(batch, Durability::Immediate)
    }

    /// Writes all changes or none, without waiting for the disk: for sessions,
    /// of which each request with a password makes one.
    pub fn commit_soon(&self, batch: Batch) -> Result<(), StoreError> {
        self.write(batch, Durability::None)
    }

    fn write(&self, batch: Batch, durability: Durability) -> Result<(), StoreError> {
        let mut transaction = self.database.begin_write().map_err(failed)?;
        transaction.set_durability(durability).map_err(failed)?;
        {
            let mut table = transaction.open_table(RECORDS).map_err(failed)?;
            for (name, value) in batch.changes {
                match value {
                    Some(bytes) => table
                        .insert(name.as_str(), bytes.as_slice())
                        .map_err(failed)?,
                    None => table.remove(name.as_str()).map_err(failed)?,
                };
            }
        }
        transaction.commit().map_err(failed)
    }

    /// All records whose name starts with `area`: the rest of the name, cut at
    /// its parts, and the bytes.
    pub fn load(&self, area: &str) -> Result<Vec<Record>, StoreError> {
        let transaction = self.database.begin_read().map_err(failed)?;
        let table = transaction.open_table(RECORDS).map_err(failed)?;
        let from = format!("{area}{SEPARATOR}");
        let to = format!("{area}{}", char::from(SEPARATOR as u8 + 1));
        let mut out = Vec::new();
        for entry in table.range(from.as_str()..to.as_str()).map_err(failed)? {
            let (name, value) = entry.map_err(failed)?;
            let parts = name.value()[from.len()..]
                .split(SEPARATOR)
                .map(str::to_owned)
                .collect();
            out.push((parts, value.value().to_vec()));
        }
        Ok(out)
    }

    /// As [`Self::load`], for records that are JSON.
    pub fn load_json(&self, area: &str) -> Result<Vec<(Vec<String>, Value)>, StoreError> {
        self.load(area)?
            .into_iter()
            .map(|(name, bytes)| Ok((name, serde_json::from_slice(&bytes).map_err(failed)?)))
            .collect()
    }
}

fn join(name: &[&str]) -> String {
    name.join(&SEPARATOR.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_loaded_without_its_neighbours() {
        let store = Store::open(None).unwrap();
        let mut batch = Batch::default();
        batch.put(&["object", "users", "a"], &Value::from(1));
        batch.put(&["objects", "users", "b"], &Value::from(2));
        batch.put(&["object", "users", "c"], &Value::from(3));
        batch.remove(&["object", "users", "c"]);
        store.commit(batch).unwrap();
        let found = store.load_json("object").unwrap();
        assert_eq!(
            found,
            vec![(vec!["users".to_owned(), "a".to_owned()], Value::from(1))]
        );
    }
}
