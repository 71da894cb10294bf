//! A run under way is written down where everybody who runs the exchange can see it
//! ([`crate::stored::running`]): a second person is told of it before anything is sent twice, and
//! one that was cut off is found again by whoever comes next.
//!
//! Each run has an entry of its own. Before it sends, the entries of the others are looked
//! through: those that are about the same org units and periods are in its way. Then the own
//! one is made, and the others are looked through once more. Of two that begin at once at
//! least one sees the other this way, and who sees another one withdraws. So two districts
//! import with the same exchange side by side, and nobody does the same work twice.
//!
//! DHIS2 cannot compare and set: whoever takes an entry over writes a token of their own and
//! reads it back; the former holder finds it at the next refresh and stops. In between each
//! slice is still read before it is written.
//!
//! [`records`] reads entries and says what they mean, [`acquire`](mod@acquire) makes the own
//! one, [`hold`] refreshes and removes it, [`hand_over`] takes over and leaves, [`slices`] is how far a run is as text,
//! [`clock`] the destination's time.

mod acquire;
mod clock;
mod hand_over;
mod hold;
mod records;
mod slices;

pub(super) use acquire::acquire;
pub(in crate::service) use hand_over::{leave, take_over};
pub(super) use hold::{Lease, release_after_plan};
pub(super) use records::{Record, before_answer, planned_at, read_records, writes_of};
pub(in crate::service) use records::{has_sent, sending, under_way};

/// Milliseconds between two signs of life while nothing new is to be told.
const BEAT_MILLIS: u64 = 20_000;

/// After so many milliseconds it is looked whether a slice was done since the last one.
const LOOK_MILLIS: u32 = 10_000;

/// Whoever could not give a sign of life for so many milliseconds makes sure that the run is
/// still theirs before they send anything.
const CONFIRM_MILLIS: u64 = 60_000;

/// A run that has been silent for so many seconds, by the server's clock, is dead: nine signs
/// of life were not given.
const DEAD_SECONDS: u64 = 180;

/// Slices that are marked as begun in one request, before the first of them is sent.
const MARKED_AT_ONCE: usize = 6;

/// For so many milliseconds after the last sign of life of a dead run its requests may have
/// been carried out: one that was sent until it had to make sure, as long as a write may take.
const OWN_AFTER_SIGN: i64 = 60_000 + 300_000;

/// The entry of a run that this Worker holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::service) struct Held {
    /// Identifier of the exchange.
    exchange: String,
    /// Identifier of the run.
    id: String,
    /// Ours.
    token: String,
}
