//! The sandbox as a server: over HTTP, with several clients at once, with ordered faults, and by the rules of each version.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends at the first thing that is not as it must be"
)]

mod at_once;
mod faults;
mod imports;
mod keys;
mod near;
mod near_lists;
mod pace;
mod server;
mod timing;
mod whole_imports;
