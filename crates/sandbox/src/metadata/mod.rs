//! Metadata: what DHIS2 knows about itself (org units, data elements, data sets,
//! users …) as JSON objects in collections, read with field filters and written
//! by import or object by object.

pub mod access;
pub mod check;
pub mod combos;
pub mod data_entry;
pub mod defaults;
pub mod export;
pub mod fields;
pub mod filters;
pub mod import;
pub mod index;
pub mod list;
pub mod object;
pub mod pager;
pub mod patch;
pub mod schema;
pub mod sharing;
pub mod stored;
pub mod transform;
pub mod view;
