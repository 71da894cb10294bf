//! What the page remembers of the mapping that the Worker holds, so that going from one part
//! to another, each with its own address, reads nothing anew and loses nothing.

use super::state::Ledger;
use std::cell::RefCell;
use tributary_exchange::questions::mapping::{MappingPart, MappingState};

/// The mapping in the Worker, as the page last heard of it.
#[derive(Clone, Debug)]
pub struct Held {
    /// Identifier of the connection.
    pub connection: String,
    /// Where the working copy stands.
    pub state: MappingState,
    /// What can be taken back.
    pub ledger: Ledger,
}

thread_local! {
    static HELD: RefCell<Option<Held>> = const { RefCell::new(None) };
    static ONLY: RefCell<Option<(MappingPart, Vec<String>)>> = const { RefCell::new(None) };
}

/// What is held of this connection's mapping.
pub fn held(connection: &str) -> Option<Held> {
    HELD.with_borrow(|held| held.clone())
        .filter(|held| held.connection == connection)
}

/// Remembers what the Worker answered.
pub fn hold(held: Held) {
    HELD.set(Some(held));
}

/// The next opening reads everything anew.
pub fn forget() {
    HELD.set(None);
}

/// Leaves for the part that is opened next which rows it should show.
pub fn leave_rows(part: MappingPart, rows: Vec<String>) {
    ONLY.set(Some((part, rows)));
}

/// The rows that were left for this part.
pub fn take_rows(part: MappingPart) -> Vec<String> {
    match ONLY.take() {
        Some((wanted, rows)) if wanted == part => rows,
        _ => Vec::new(),
    }
}
