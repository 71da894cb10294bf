//! Where data values and completeness registrations live.
//!
//! In memory: every text (uid, period, value, user name) is kept once and
//! referred to by number, and the values of one org unit and period lie together
//! in a block, so that a read by org units and periods is a few look-ups and a
//! million values take some tens of megabytes. On disk: the same blocks in two
//! tables of an embedded database, written in one transaction per request, so
//! that a server that is killed in the middle leaves nothing half-written.

mod block;
mod disk;
mod names;
mod transaction;
mod view;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use chrono::NaiveDateTime;
use redb::Database;
use rustc_hash::FxHashMap;

use block::Row;
use names::Names;
pub use transaction::ValueTransaction;
pub use view::RowView;

/// The key of a data value: five uids and texts as DHIS2 writes them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cell {
    /// Uid of the data element.
    pub data_element: String,
    /// Period in DHIS2's notation, for instance `202601`.
    pub period: String,
    /// Uid of the org unit.
    pub org_unit: String,
    /// Uid of the category option combo.
    pub category_option_combo: String,
    /// Uid of the attribute option combo.
    pub attribute_option_combo: String,
}

/// What is kept for a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredValue {
    /// The value as text; none where only a comment was sent.
    pub value: Option<String>,
    /// User name of who wrote it last.
    pub stored_by: String,
    /// When the cell was first written, UTC.
    pub created: NaiveDateTime,
    /// When the cell was last written, UTC.
    pub last_updated: NaiveDateTime,
    /// A remark.
    pub comment: Option<String>,
    /// Marked for follow-up.
    pub followup: bool,
    /// Deleted, but kept for `includeDeleted=true`.
    pub deleted: bool,
}

/// What a completeness registration is kept under.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RegistrationKey {
    /// Uid of the data set.
    pub data_set: String,
    /// Period in DHIS2's notation.
    pub period: String,
    /// Uid of the org unit.
    pub org_unit: String,
    /// Uid of the attribute option combo.
    pub attribute_option_combo: String,
}

/// A completeness registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The day of completion.
    pub date: NaiveDateTime,
    /// User name of who registered it.
    pub stored_by: String,
    /// False where a registration was taken back by `"completed": false`.
    pub completed: bool,
}

/// A failure to keep values: the disk's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError(pub String);

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the data values could not be kept: {}", self.0)
    }
}

impl std::error::Error for StoreError {}

/// An org unit and a period, by number.
type BlockKey = (u32, u32);
/// Data set, period, org unit, attribute option combo, by number.
type RegistrationNumbers = (u32, u32, u32, u32);

/// Everything, in memory.
#[derive(Debug, Default)]
struct State {
    names: Names,
    blocks: FxHashMap<BlockKey, Vec<Row>>,
    registrations: FxHashMap<RegistrationNumbers, Registration>,
}

/// All data values and completeness registrations of one server.
#[derive(Default)]
pub struct ValueStore {
    state: RwLock<State>,
    disk: Option<Arc<Database>>,
}

impl fmt::Debug for ValueStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValueStore")
            .field("values", &self.len())
            .finish_non_exhaustive()
    }
}

impl ValueStore {
    /// A store that keeps nothing beyond the process.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// A store that keeps its values in the tables `values_*` of the database,
    /// loaded with what is there.
    ///
    /// # Errors
    /// When the database cannot be read or holds blocks of another make.
    pub fn open(database: Arc<Database>) -> Result<Self, StoreError> {
        let state = disk::load(&database)?;
        Ok(Self {
            state: RwLock::new(state),
            disk: Some(database),
        })
    }

    /// Begins a write; until it is committed or dropped, nobody else writes or reads.
    pub fn begin(&self) -> ValueTransaction<'_> {
        ValueTransaction::new(self.lock_for_writing(), self.disk.as_deref())
    }

    /// Writes many values, for instance sample data: in parts, each part whole or not at all.
    ///
    /// # Errors
    /// When a part cannot be written to disk.
    pub fn load(
        &self,
        values: impl IntoIterator<Item = (Cell, StoredValue)>,
    ) -> Result<(), StoreError> {
        const PART: usize = 100_000;
        let mut values = values.into_iter().peekable();
        while values.peek().is_some() {
            let mut part = self.begin();
            for (cell, value) in values.by_ref().take(PART) {
                part.put(&cell, value);
            }
            part.commit()?;
        }
        Ok(())
    }

    /// How many values are kept, the deleted ones included.
    pub fn len(&self) -> usize {
        self.lock_for_reading().blocks.values().map(Vec::len).sum()
    }

    /// Whether no value is kept.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a cell, deleted or not.
    pub fn get(&self, cell: &Cell) -> Option<StoredValue> {
        self.lock_for_reading().get(cell)
    }

    /// The registration under a key.
    pub fn registration(&self, key: &RegistrationKey) -> Option<Registration> {
        let state = self.lock_for_reading();
        let numbers = state.registration_numbers(key)?;
        state.registrations.get(&numbers).cloned()
    }

    /// All registrations, in the order of data set, period, org unit and attribute option combo.
    pub fn registrations(&self) -> Vec<(RegistrationKey, Registration)> {
        let state = self.lock_for_reading();
        let mut all: Vec<_> = state
            .registrations
            .iter()
            .map(|(&(data_set, period, org_unit, combo), registration)| {
                let text = |number| state.names.text(number).to_owned();
                let key = RegistrationKey {
                    data_set: text(data_set),
                    period: text(period),
                    org_unit: text(org_unit),
                    attribute_option_combo: text(combo),
                };
                (key, registration.clone())
            })
            .collect();
        all.sort_by(|(a, _), (b, _)| {
            (
                &a.data_set,
                &a.period,
                &a.org_unit,
                &a.attribute_option_combo,
            )
                .cmp(&(
                    &b.data_set,
                    &b.period,
                    &b.org_unit,
                    &b.attribute_option_combo,
                ))
        });
        all
    }

    /// Visits the values of the org units (uids) in the periods that `wanted_period`
    /// accepts, org unit by org unit. The visitor says whether to go on.
    pub fn visit<'u>(
        &self,
        org_units: impl IntoIterator<Item = &'u str>,
        mut wanted_period: impl FnMut(&str) -> bool,
        mut visitor: impl FnMut(RowView<'_>) -> bool,
    ) {
        let state = self.lock_for_reading();
        let mut periods: Vec<u32> = {
            let mut seen = rustc_hash::FxHashSet::default();
            state
                .blocks
                .keys()
                .map(|&(_, period)| period)
                .filter(|&p| seen.insert(p))
                .collect()
        };
        periods.retain(|&p| wanted_period(state.names.text(p)));
        periods.sort_unstable_by_key(|&p| state.names.text(p));
        for org_unit in org_units {
            let Some(org_unit) = state.names.number(org_unit) else {
                continue;
            };
            for &period in &periods {
                let Some(block) = state.blocks.get(&(org_unit, period)) else {
                    continue;
                };
                for row in block {
                    if !visitor(RowView::new(&state.names, org_unit, period, row)) {
                        return;
                    }
                }
            }
        }
    }

    fn lock_for_reading(&self) -> RwLockReadGuard<'_, State> {
        // A poisoned lock still holds a whole state: changes go in by one assignment a block.
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_for_writing(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn get(&self, cell: &Cell) -> Option<StoredValue> {
        let org_unit = self.names.number(&cell.org_unit)?;
        let period = self.names.number(&cell.period)?;
        let key = (
            self.names.number(&cell.data_element)?,
            self.names.number(&cell.category_option_combo)?,
            self.names.number(&cell.attribute_option_combo)?,
        );
        let block = self.blocks.get(&(org_unit, period))?;
        let at = block.binary_search_by_key(&key, Row::key).ok()?;
        block
            .get(at)
            .map(|row| RowView::new(&self.names, org_unit, period, row).stored_value())
    }

    fn registration_numbers(&self, key: &RegistrationKey) -> Option<RegistrationNumbers> {
        Some((
            self.names.number(&key.data_set)?,
            self.names.number(&key.period)?,
            self.names.number(&key.org_unit)?,
            self.names.number(&key.attribute_option_combo)?,
        ))
    }
}

#[cfg(test)]
mod crash;
#[cfg(test)]
mod tests;
