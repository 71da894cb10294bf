//! Aggregate data values: how they are kept, read (`GET /api/dataValueSets`),
//! written (`POST /api/dataValueSets`) and registered as complete.

mod catalogue;
mod store;

pub use catalogue::Catalogue;
pub use store::ValueStore;
