//! Tributary's engine: what goes where, what differs, what would be sent, and
//! whether it all adds up. Data in, data out: no I/O, no clock, no randomness,
//! nothing asynchronous, no browser. The same code runs in a browser's worker,
//! in the command and in tests.
//!
//! In the order in which data flow through it: [`symbol`] and [`cell`] name
//! things; [`values`] holds what was read on either side; [`mapping`] says where
//! source values go; [`slice`] cuts a run into pieces; [`catalogue`] describes
//! the destination and [`preflight`] what may be sent to it; [`compare`] makes
//! the [`plan`], [`view`] shows it, [`outcome`] keeps what became of it, and [`undo`] takes it back.
//! [`decimal`], [`period`], [`value_type`], [`moment`], [`order`] and [`folding`] serve the others.

#![deny(missing_docs)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod catalogue;
pub mod cell;
mod cell_order;
mod cleared;
mod column;
mod combine;
pub mod compare;
mod date_text;
pub mod decimal;
pub mod folding;
pub mod journal;
pub mod mapping;
pub mod moment;
pub mod order;
pub mod outcome;
pub mod period;
pub mod plan;
pub mod preflight;
pub mod reading;
pub mod slice;
pub mod symbol;
mod texts;
pub mod undo;
pub mod value_type;
pub mod values;
pub mod view;
