//! How the page asks and the engine answers. A *question* is a plain, serialisable
//! struct that names the type of its answer; the page sends it to the Web Worker as
//! one line of JSON and gets exactly one answer back, with any number of progress
//! notices before it. Everything that a screen can want is a question in
//! [`crate::questions`]; nothing else crosses between page and Worker.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, ProblemSide};

/// Something a screen can ask for.
pub trait Question: Serialize + DeserializeOwned {
    /// The name on the wire; unique among all questions.
    const NAME: &'static str;
    /// Which part of the service answers it.
    const AREA: Area;
    /// What comes back when all goes well.
    type Answer: Serialize + DeserializeOwned;
}

/// A part of the service. The browser downloads the code of each only when the first of its
/// questions comes; what the first screen needs is [`Area::Start`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Area {
    /// The session and what can be run.
    Start,
    /// Sources.
    Connections,
    /// The mapping of a source.
    Mapping,
    /// Setting up what can be run.
    Exchanges,
    /// Reading, comparing, sending, reporting.
    Import,
}

/// A question on its way to the Worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Chosen by the page; comes back with the answer and with each notice.
    pub id: u32,
    /// [`Question::AREA`].
    pub area: Area,
    /// [`Question::NAME`].
    pub name: String,
    /// The question itself as JSON text.
    pub body: String,
}

/// What the Worker sends to the page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Told {
    /// The one answer: JSON text of the question's answer type, or the problem.
    Answer {
        /// Which question.
        id: u32,
        /// JSON text of [`Question::Answer`], or what went wrong.
        outcome: Result<String, Box<Problem>>,
    },
    /// How far a long question has come.
    Progress {
        /// Which question.
        id: u32,
        /// How far.
        progress: Progress,
    },
}

/// How far a long piece of work has come, in numbers that a person can follow.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// What is being done; also the key of the text that says so (`progress.<stage>`).
    pub stage: Stage,
    /// Steps done and steps in all (pages of org units, slices …); 0 of 0 when not yet known.
    pub done: u32,
    /// See `done`.
    pub total: u32,
    /// Values read at the source so far.
    pub source_values: u64,
    /// Values read at the destination so far.
    pub present_values: u64,
    /// Values sent so far.
    pub sent: u64,
    /// Values refused so far.
    pub refused: u64,
    /// It waits, since the person asked for a pause.
    #[serde(default)]
    pub paused: bool,
    /// What is waited for just now, before it is tried again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
}

/// A pause before something is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Who gave no usable answer.
    pub side: ProblemSide,
    /// For how many seconds yet.
    pub seconds: u32,
    /// Which try comes next, from 2.
    pub attempt: u32,
    /// How many there are at most.
    pub attempts: u32,
}

/// The stages of long work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Reading metadata of the source.
    #[default]
    SourceMetadata,
    /// Reading metadata of the destination.
    DestinationMetadata,
    /// Reading values of both sides and comparing them, slice by slice.
    Reading,
    /// Sending values and reading them back, slice by slice.
    Sending,
}
