//! The client against what real servers answered, and against answers that are cut, spoiled or made up.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a test fails by panicking"
)]

mod client;
mod common;
mod data_store;
mod made_failures;
mod pieces;
mod properties;
mod recorded_differences;
mod recorded_failures;
mod recorded_imports;
mod recorded_metadata;
mod recorded_outcomes;
mod unrecorded_answers;
mod value_reads;
mod values;
mod writes;
