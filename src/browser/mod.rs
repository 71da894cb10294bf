//! The only place that names web APIs, one file per facility. Everything else in the app
//! sees plain Rust, so it can be read without knowing the browser and tested without one.

pub mod boot;
pub mod clock;
pub mod document;
pub mod download;
pub mod fetch;
pub mod intl;
pub mod leave_guard;
pub mod location;
pub mod storage;
pub mod timer;
pub mod worker;
