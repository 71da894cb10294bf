//! The differences as a list: one [`Item`] for each member of [`Differences`], in words that
//! an administrator understands, with what shows it and its value for any version.
//!
//! The list is for documents and for holding a server against it; the code itself asks the
//! members. A test makes sure that no member is missing here and that every step named
//! exists in the recordings.

mod table;

use super::Differences;
use std::fmt;

/// One difference between versions.
#[derive(Clone, Copy)]
pub struct Item {
    /// Short and stable: the name of the member of [`Differences`].
    pub name: &'static str,
    /// What a server does, as a statement that the value answers: `yes`, `no`, a number.
    pub what: &'static str,
    /// What Tributary does about it.
    pub so: &'static str,
    /// From which versions on the behaviour is another one than before, or which have it.
    pub since: &'static str,
    /// What shows it.
    pub evidence: &'static [Evidence],
    value: fn(&Differences) -> Setting,
}

/// What a difference is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// A step of the recordings of real servers.
    Recorded {
        /// Name of the scenario.
        scenario: &'static str,
        /// Name of the step within it.
        step: &'static str,
    },
    /// Measured on the recorded servers, in words.
    Measured(&'static str),
    /// Read in DHIS2's source, with the place; not seen on a server of ours.
    Source(&'static str),
}

/// The value of an item for one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// Does it or does not.
    Flag(bool),
    /// A number or a status.
    Number(u64),
    /// One of a few ways.
    Way(&'static str),
    /// Not there.
    None,
}

impl fmt::Display for Setting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(true) => formatter.write_str("yes"),
            Self::Flag(false) => formatter.write_str("no"),
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Way(way) => formatter.write_str(way),
            Self::None => formatter.write_str("none"),
        }
    }
}

impl Item {
    /// The value of this item in the rules of a version.
    #[must_use]
    pub fn value(&self, rules: &Differences) -> Setting {
        (self.value)(rules)
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Item").field(&self.name).finish()
    }
}

/// All items, in the order in which an exchange meets them: the server, its Routes, reading,
/// writing, the app itself.
#[must_use]
pub fn items() -> &'static [Item] {
    table::ITEMS
}
