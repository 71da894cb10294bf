//! Aggregate data values: how they are kept, read (`GET /api/dataValueSets`),
//! written (`POST /api/dataValueSets`) and registered as complete.
//!
//! Nothing here knows a recorded answer: answers follow from the metadata, the
//! user's rights, the kept values and the server's version. Where versions
//! differ in kind, each has its own module (`write::until_2_42` and
//! `write::since_2_43`).

pub mod catalogue;
mod completeness;
mod period;
mod query;
mod read;
#[cfg(test)]
mod replay;
mod store;
mod write;

pub use catalogue::Catalogue;
pub use completeness::{
    read as read_registrations, remove as remove_registration, write as write_registrations,
};
pub use period::{Period, PeriodType, latest_open};
pub use query::Pairs;
pub use read::read;
pub use store::{
    Cell, Registration, RegistrationKey, RowView, StoreError, StoredValue, ValueStore,
    ValueTransaction,
};
pub use write::{import_options, lock_status, write};
