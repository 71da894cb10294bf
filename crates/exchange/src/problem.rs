//! What went wrong, in the form that a screen shows: which side, what kind, the
//! server's own words and code. The screen turns `kind` into a sentence and an
//! advice (`problem.<kind>.title`, `problem.<kind>.advice` of the translation
//! catalogue); the rest is the detail for an administrator.

use serde::{Deserialize, Serialize};

/// On which side something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ProblemSide {
    /// The server that data comes from.
    Source,
    /// What is mapped to what.
    Mapping,
    /// The server that the app is installed in.
    Destination,
    /// The line between browser and destination.
    Network,
    /// The app itself.
    App,
}

/// A failure as a screen shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// On which side.
    pub side: ProblemSide,
    /// Stable name of the kind in camel case, for example `sourceRefusedLogin`;
    /// part of the text keys.
    pub kind: String,
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// The server's own error code, for example `E7640`.
    pub code: Option<String>,
    /// The server's own words.
    pub message: Option<String>,
    /// What was asked for (a path without secrets).
    pub path: Option<String>,
}

impl Problem {
    /// A problem of ours, without an answer of a server.
    pub fn of(side: ProblemSide, kind: &str) -> Self {
        Self {
            side,
            kind: kind.to_owned(),
            status: None,
            code: None,
            message: None,
            path: None,
        }
    }

    /// The same problem with words that say more.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }
}
