//! A write: collected, then kept as a whole.

use std::sync::RwLockWriteGuard;

use redb::Database;
use rustc_hash::FxHashMap;

use super::block::{self, Row};
use super::disk::{self, RegistrationChange};
use super::{BlockKey, Cell, Registration, RegistrationKey, State, StoreError, StoredValue};

/// Changes that are not kept before [`ValueTransaction::commit`]; dropping it forgets them.
pub struct ValueTransaction<'s> {
    state: RwLockWriteGuard<'s, State>,
    disk: Option<&'s Database>,
    blocks: FxHashMap<BlockKey, Vec<Row>>,
    registrations: Vec<RegistrationChange>,
}

impl<'s> ValueTransaction<'s> {
    pub(super) fn new(state: RwLockWriteGuard<'s, State>, disk: Option<&'s Database>) -> Self {
        Self {
            state,
            disk,
            blocks: FxHashMap::default(),
            registrations: Vec::new(),
        }
    }

    /// The value of a cell as it was before this transaction, deleted or not.
    pub fn before(&self, cell: &Cell) -> Option<StoredValue> {
        self.state.get(cell)
    }

    /// Whether a completeness registration existed before this transaction.
    pub fn registration_before(&self, key: &RegistrationKey) -> Option<Registration> {
        let numbers = self.state.registration_numbers(key)?;
        self.state.registrations.get(&numbers).cloned()
    }

    /// Writes a cell.
    pub fn put(&mut self, cell: &Cell, value: StoredValue) {
        let state = &mut *self.state;
        let names = &mut state.names;
        let key = (names.intern(&cell.org_unit), names.intern(&cell.period));
        let row = Row {
            data_element: names.intern(&cell.data_element),
            category_option_combo: names.intern(&cell.category_option_combo),
            attribute_option_combo: names.intern(&cell.attribute_option_combo),
            value: names.intern_optional(value.value.as_deref()),
            stored_by: names.intern(&value.stored_by),
            comment: names.intern_optional(value.comment.as_deref()),
            created: value.created.and_utc().timestamp_millis(),
            last_updated: value.last_updated.and_utc().timestamp_millis(),
            followup: value.followup,
            deleted: value.deleted,
        };
        let block = self
            .blocks
            .entry(key)
            .or_insert_with(|| state.blocks.get(&key).cloned().unwrap_or_default());
        block::put(block, row);
    }

    /// Sets a completeness registration, or takes it away.
    pub fn register(&mut self, key: &RegistrationKey, registration: Option<Registration>) {
        let names = &mut self.state.names;
        let numbers = (
            names.intern(&key.data_set),
            names.intern(&key.period),
            names.intern(&key.org_unit),
            names.intern(&key.attribute_option_combo),
        );
        self.registrations.push((numbers, registration));
    }

    /// Keeps the changes, on disk first.
    ///
    /// # Errors
    /// When the disk refuses; then nothing has changed.
    pub fn commit(mut self) -> Result<(), StoreError> {
        if self.blocks.is_empty() && self.registrations.is_empty() {
            return Ok(());
        }
        if let Some(disk) = self.disk {
            disk::write(disk, &self.state, self.blocks.iter(), &self.registrations)?;
            self.state.names.mark_kept();
        }
        self.state.blocks.extend(self.blocks);
        for (key, registration) in self.registrations {
            match registration {
                Some(registration) => self.state.registrations.insert(key, registration),
                None => self.state.registrations.remove(&key),
            };
        }
        Ok(())
    }
}
