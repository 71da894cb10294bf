//! Tributary's engine: what goes where, what differs, what would be sent, and
//! whether it all adds up. Data in, data out: no I/O, no clock, no randomness,
//! nothing asynchronous, no browser. The same code runs in a browser's worker,
//! in the command and in tests.
//!
//! In the order in which data flow through it:
//! [`symbol`] and [`cell`] name things, [`values`] holds what was read,
//! [`period`] and [`catalogue`] describe the destination.

#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod catalogue;
pub mod cell;
mod date_text;
pub mod mapping;
pub mod moment;
pub mod outcome;
pub mod period;
pub mod plan;
pub mod preflight;
pub mod slice;
pub mod symbol;
pub mod value_type;
pub mod values;
