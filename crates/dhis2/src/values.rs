//! Data values: reading them as CSV (or JSON), and writing them.
//!
//! A read asks for one data set, some periods and some org units; the gzipped CSV is a
//! fiftieth of the JSON on the wire and quicker for the server. A write names its data set
//! and is answered by an import summary, whose shape and meaning differ by version: see
//! [`answer`].

pub mod answer;
pub mod csv;
mod guilty;
pub mod json;
mod json_parts;
mod lines;
pub mod read;
mod summary;
pub mod write;

pub use answer::{Conflict, Counters, Effect, ImportAnswer, Outcome};
pub use csv::{CsvFault, CsvReader, read_csv};
pub use json::{JsonFault, JsonReader, read_json};
pub use read::{ReadFormat, ValueRead};
pub use write::{OutgoingValue, write_body};

/// One value as a server gives it; the texts are borrowed from the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row<'a> {
    /// Uid of the data element.
    pub data_element: &'a str,
    /// Period id.
    pub period: &'a str,
    /// Uid of the org unit.
    pub org_unit: &'a str,
    /// Uid of the category option combo.
    pub category_option_combo: &'a str,
    /// Uid of the attribute option combo.
    pub attribute_option_combo: &'a str,
    /// The value; may be empty (a comment without a value).
    pub value: &'a str,
    /// The comment; empty for none.
    pub comment: &'a str,
    /// Who stored it; empty where the server leaves it out.
    pub stored_by: &'a str,
    /// When it was last changed, as the server writes it; empty where left out.
    pub last_updated: &'a str,
    /// Whether it is a row kept of a deleted value (only asked for by `includeDeleted`).
    pub deleted: bool,
}
