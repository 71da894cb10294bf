//! Holds any DHIS2 server, a stand-in or a real one, against what Tributary's client expects.
//!
//! The suite loads small metadata of its own under fixed ids ([`fixture`]), works with them
//! through the client that the app uses ([`behaviours`]), removes all that it made
//! ([`cleanup`]) and says of each behaviour whether the server showed it ([`report`]). It
//! sends one small request at a time and changes no setting of the server.

pub mod behaviours;
pub mod cleanup;
pub mod document;
pub mod fixture;
pub mod http;
pub mod report;
pub mod run;
pub mod stage;
pub mod verdict;
