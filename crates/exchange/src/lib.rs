//! The use cases of Tributary, once for the app and for whatever else will run
//! exchanges: questions (what can be asked), the service that answers them, and the
//! stored forms of connections, mappings and exchanges. It ties the pure engine to the
//! DHIS2 client and does no I/O of its own: whoever uses it gives it a transport.

pub mod problem;
pub mod question;
pub mod questions;
pub mod service;
pub mod stored;
