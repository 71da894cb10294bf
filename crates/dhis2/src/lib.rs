//! The DHIS2 client: what goes over the wire to a DHIS2 server and what comes back.
//!
//! Everything that depends on DHIS2 as a server stands here and nowhere else: wire types,
//! the classification of failures, and the differences between versions 2.40 to 2.43
//! ([`differences`]). The crate does no I/O of its own: a [`Transport`] carries each
//! request, in the browser by `fetch`, in the command by an HTTP library, in tests in
//! memory. A [`Client`] stands before one [`Door`]: the server that Tributary is installed
//! in, or a source behind one of that server's Routes.

pub mod client;
pub mod data_store;
pub mod differences;
pub mod failure;
pub mod me;
pub mod metadata;
pub mod patience;
pub mod query;
pub mod routes;
pub mod system;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod transport;
pub mod values;
pub mod version;
mod wire;

pub use client::{Client, Door};
pub use differences::Differences;
pub use failure::{Failure, FailureKind, Side};
pub use transport::{Method, Request, Response, Transport, TransportError};
pub use version::Version;
