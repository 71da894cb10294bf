//! A stand-in for real DHIS2 servers, for people who have none at hand and for
//! tests. It answers as recordings of real servers show that DHIS2 2.40–2.43
//! answer; where a recording is silent, it refuses rather than guesses.

pub mod answer;
pub mod collections;
pub mod context;
pub mod sample;
pub mod values;
pub mod version;
