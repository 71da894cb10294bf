//! The whole engine against two model servers, in one process and one thread, with simulated
//! time and network, and all that happens deterministic by seed.
//!
//! [`run`] is a life of an exchange: a person prepares, reads and sends, again and again, while
//! requests fail ([`line`]), tabs are killed, and others change values at both sides
//! ([`watch`]). In the end the weather clears and it is held against the [`oracle`]: nothing
//! lost, nothing written that was not planned, nothing overwritten that was not shown.

mod combined;
mod deletions;
mod edited;
pub mod elements;
pub mod ledger;
pub mod line;
pub mod mapping;
pub mod meeting;
mod metadata;
pub mod oracle;
mod others;
pub mod random;
pub mod side;
mod story;
pub mod time;
mod told;
pub mod watch;
pub mod world;

pub use story::run;
pub use told::Told;
