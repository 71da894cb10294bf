//! What can be known before sending: whether data entry in the destination
//! would allow a value.

mod reason;

pub use reason::BlockReason;
