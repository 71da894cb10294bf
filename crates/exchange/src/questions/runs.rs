//! Runs that are under way or were cut off: who sends with an exchange, how far it is, and
//! what another person (or the same one, in another tab) may do about it. And the pause of
//! what goes on here.

use serde::{Deserialize, Serialize};

use super::import::{ReadPlan, SendPlan};
use super::question;

/// The runs with an exchange that are under way or were cut off, as far as they are about
/// something that the person could import, too. The one that this Worker is sending right
/// now is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunsUnderWay {
    /// Identifier of the exchange.
    pub exchange: String,
}
question!(Import: RunsUnderWay -> Vec<UnderWay>);

/// A run that is under way or was cut off.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UnderWay {
    /// Which run, and in whose hands.
    pub handle: RunHandle,
    /// The person's name.
    pub by: String,
    /// It is the asking person's own: in another tab, or in one that is gone.
    pub is_own: bool,
    /// When it began, by the server's clock and in its zone.
    pub began_at: String,
    /// Seconds since its last sign of life.
    pub silent_seconds: u64,
    /// It has been silent for so long that nobody carries it out any more.
    pub is_dead: bool,
    /// What was chosen; no org units where they were too many to be kept.
    pub question: ReadPlan,
    /// What its person confirmed.
    pub confirmed: SendPlan,
    /// How far it is.
    pub slices: SliceCounts,
    /// Values that its person confirmed.
    pub values: u64,
    /// Of those written for certain.
    pub written: u64,
    /// Of those refused.
    pub rejected: u64,
}

impl UnderWay {
    /// Whether the person may take it over: nobody carries it out, or they themselves do.
    pub fn may_take_over(&self) -> bool {
        self.is_own || self.is_dead
    }

    /// Whether what was chosen is known, so that it can be gone on with.
    pub fn can_go_on(&self) -> bool {
        self.may_take_over() && !self.question.org_units.is_empty()
    }
}

/// Which run, as it was when the person looked at it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunHandle {
    /// Identifier of the exchange.
    pub exchange: String,
    /// Identifier of the run.
    pub id: String,
    /// Changes with whoever holds it: what somebody else took over meanwhile is left alone.
    pub token: String,
}

/// How many slices are sent, not known, or still to come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SliceCounts {
    /// Sent and read back.
    pub done: u32,
    /// Begun: values of them may have been sent.
    pub uncertain: u32,
    /// Nothing of them was sent.
    pub waiting: u32,
}

impl SliceCounts {
    /// All.
    pub fn total(&self) -> u32 {
        self.done
            .saturating_add(self.uncertain)
            .saturating_add(self.waiting)
    }
}

/// Takes a run over, to go on with it. What its holder wrote is known as a run's writing from
/// then on, and the holder stops at the next request. Then both sides are read
/// ([`UnderWay::question`]), and what arrived is found to be the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeOver {
    /// Which.
    pub handle: RunHandle,
}
question!(Import: TakeOver -> UnderWay);

/// Leaves a run as it is: it is not gone on with, and nobody is told of it any more. What it
/// wrote stays, and is known as a run's writing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaveRun {
    /// Which.
    pub handle: RunHandle,
}
question!(Import: LeaveRun -> ());

/// What was done before an interruption that a run went on after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierPart {
    /// When the first part began, by the server's clock.
    pub began_at: String,
    /// Values written, for certain. More may have arrived in the slice that was under way;
    /// the plan of the rest found them to be the same.
    pub written: u64,
    /// Values refused.
    pub rejected: u64,
}

/// Lets the reading or sending that goes on wait at the next request, until [`Resume`] or a
/// stop. A run that waits stays alive for others.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Pause {}
question!(Import: Pause -> ());

/// Lets it go on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Resume {}
question!(Import: Resume -> ());
