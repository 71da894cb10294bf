//! Connections for those who set them up: the list, making one, and one with what can be done
//! with it. A connection is a source system and the DHIS2 Route that leads to it.

mod card;
mod delete;
mod editors;
mod list;
mod new;
mod one;
mod stamp;
mod test;

pub use list::ConnectionsPage;
pub use new::NewConnectionPage;
pub use one::ConnectionPage;
