//! The engine through its public face: tables for each area, and properties
//! that hold for random sources, mappings, destinations and catalogues.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

mod boundaries;
mod care;
mod compare;
mod mapping;
mod outcome;
mod periods;
mod preflight;
mod properties;
mod stored_forms;
mod support;
mod undo;
mod view;
