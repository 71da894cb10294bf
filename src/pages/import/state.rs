//! How far an import is, as a machine of states: what can follow on what, and what an answer
//! that comes too late changes (nothing). Plain data, so that it is tested without a browser.

use tributary_exchange::problem::Problem;
use tributary_exchange::question::Progress;
use tributary_exchange::questions::import::{PlanSummary, RunReport, SendPlan};

/// How far the import is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// Periods and org units are being chosen; nothing is read.
    #[default]
    Choosing,
    /// Both sides are being read.
    Reading,
    /// The reading ended without a plan.
    Failed(Box<Problem>),
    /// There is a plan to look at.
    Ready(Box<PlanSummary>),
    /// Values are on their way.
    Sending(Box<PlanSummary>),
    /// The sending ended without a report.
    Broken(Box<PlanSummary>, Box<Problem>),
    /// It is over, and there is a report.
    Reported(Box<RunReport>),
}

/// Which of the phases, for choosing what to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// See [`Phase::Choosing`].
    Choosing,
    /// See [`Phase::Reading`].
    Reading,
    /// See [`Phase::Failed`].
    Failed,
    /// See [`Phase::Ready`].
    Ready,
    /// See [`Phase::Sending`].
    Sending,
    /// See [`Phase::Broken`].
    Broken,
    /// See [`Phase::Reported`].
    Reported,
}

/// What happens to an import.
#[allow(
    clippy::large_enum_variant,
    reason = "made once for an answer and taken apart at once; large only where pointers are"
)]
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// The person wants both sides read (again).
    ReadingBegan,
    /// The answer to the reading.
    ReadingEnded(Result<PlanSummary, Problem>),
    /// The person has confirmed, or goes on after an interruption.
    SendingBegan,
    /// The answer to the sending.
    SendingEnded(Result<RunReport, Problem>),
    /// The engine holds no plan any more (it was started anew).
    PlanLost,
}

impl Phase {
    /// The phase after something happened. What cannot happen in a phase leaves it as it is:
    /// a second press of a button, an answer that nobody waits for.
    #[must_use]
    pub fn after(self, happening: Happening) -> Self {
        match (self, happening) {
            // Values on their way are followed to their end before anything else begins.
            (Self::Sending(plan), Happening::SendingEnded(outcome)) => match outcome {
                Ok(report) => Self::Reported(Box::new(report)),
                Err(problem) => Self::Broken(plan, Box::new(problem)),
            },
            (sending @ Self::Sending(_), _) => sending,
            (_, Happening::ReadingBegan) => Self::Reading,
            (Self::Reading, Happening::ReadingEnded(outcome)) => match outcome {
                Ok(plan) => Self::Ready(Box::new(plan)),
                Err(problem) => Self::Failed(Box::new(problem)),
            },
            (Self::Ready(plan) | Self::Broken(plan, _), Happening::SendingBegan) => {
                Self::Sending(plan)
            }
            (Self::Reported(report), Happening::SendingBegan) => {
                Self::Sending(Box::new(report.plan))
            }
            (Self::Ready(_) | Self::Broken(..) | Self::Reported(_), Happening::PlanLost) => {
                Self::Choosing
            }
            (phase, _) => phase,
        }
    }

    /// Which phase it is.
    pub fn stand(&self) -> Stand {
        match self {
            Self::Choosing => Stand::Choosing,
            Self::Reading => Stand::Reading,
            Self::Failed(_) => Stand::Failed,
            Self::Ready(_) => Stand::Ready,
            Self::Sending(_) => Stand::Sending,
            Self::Broken(..) => Stand::Broken,
            Self::Reported(_) => Stand::Reported,
        }
    }

    /// The plan, where there is one.
    pub fn plan(&self) -> Option<&PlanSummary> {
        match self {
            Self::Ready(plan) | Self::Sending(plan) | Self::Broken(plan, _) => Some(plan),
            Self::Reported(report) => Some(&report.plan),
            Self::Choosing | Self::Reading | Self::Failed(_) => None,
        }
    }
}

/// Whether a sending that ended like this can be taken up again where it was. When the engine
/// itself was lost, so is what it knew; reading again shows what is left to do.
pub fn can_go_on(problem: &Problem) -> bool {
    !matches!(
        problem.kind.as_str(),
        "engineStopped" | "noPlan" | "brokenMessage" | "unaccounted"
    )
}

/// Whether a sending did not begin because another import is in its way.
pub fn is_in_the_way(problem: &Problem) -> bool {
    matches!(
        problem.kind.as_str(),
        "runUnderWay" | "runElsewhere" | "runInterrupted"
    )
}

/// What a plan comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// So many values can be sent.
    ToSend(u64),
    /// There are only values that somebody edited here, so many, and they are to be kept.
    OnlyEdited(u64),
    /// There are only values that were deleted at the source, of which so many can be deleted
    /// here, and they are to be kept.
    OnlyCleared(u64),
    /// Everything that the source has is here already.
    UpToDate,
    /// There are values that differ, but none that can be sent.
    NothingSendable,
    /// The source has no values for what was chosen.
    NothingThere,
    /// Nothing could be read.
    NothingRead,
}

/// What a plan comes to.
pub fn verdict(plan: &PlanSummary) -> Verdict {
    let counts = &plan.counts;
    let sendable = to_send(plan, &offered(plan));
    if sendable > 0 {
        Verdict::ToSend(sendable)
    } else if counts.edited_here > 0 {
        Verdict::OnlyEdited(counts.edited_here)
    } else if counts.to_delete > 0 {
        Verdict::OnlyCleared(counts.to_delete)
    } else if plan.slices_read == 0 && (plan.stopped || !plan.failed_slices.is_empty()) {
        Verdict::NothingRead
    } else if counts.blocked + counts.unmapped > 0 {
        Verdict::NothingSendable
    } else if counts.pulled + counts.cleared == 0 {
        Verdict::NothingThere
    } else {
        Verdict::UpToDate
    }
}

/// What is ticked when the person is asked: values that differ are overwritten; what somebody
/// edited here, and what was deleted at the source, is kept, unless the exchange's policy is
/// another.
pub fn offered(plan: &PlanSummary) -> SendPlan {
    SendPlan {
        overwrite: plan.counts.changed > 0,
        overwrite_edited: plan.overwrite_edited && plan.counts.edited_here > 0,
        delete_cleared: plan.delete_cleared && plan.counts.to_delete > 0,
    }
}

/// How many values are sent: the new ones, and those that may be overwritten or deleted.
pub fn to_send(plan: &PlanSummary, confirmed: &SendPlan) -> u64 {
    let counts = &plan.counts;
    let leave = |given: bool, count: u64| if given { count } else { 0 };
    counts.new
        + leave(confirmed.overwrite, counts.changed)
        + leave(confirmed.overwrite_edited, counts.edited_here)
        + leave(confirmed.delete_cleared, counts.to_delete)
}

/// How many per cent of the work are done. Values count where slices are few: `expected` is
/// how many are to be sent, 0 while reading. Never 100 before the end.
pub fn percent(progress: &Progress, expected: u64) -> u64 {
    let share = |done: u64, of: u64| (done.min(of) * 100).checked_div(of).unwrap_or(0);
    let by_slices = share(u64::from(progress.done), u64::from(progress.total));
    let by_values = share(progress.sent, expected);
    by_slices.max(by_values).min(99)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tributary_exchange::problem::ProblemSide;
    use tributary_exchange::questions::import::{FailedSlice, KindCounts};

    fn plan(new: u64) -> PlanSummary {
        PlanSummary {
            counts: KindCounts {
                pulled: new,
                new,
                ..KindCounts::default()
            },
            slices_read: 1,
            ..PlanSummary::default()
        }
    }

    fn report(new: u64) -> RunReport {
        RunReport {
            plan: plan(new),
            ..RunReport::default()
        }
    }

    fn problem(kind: &str) -> Problem {
        Problem::of(ProblemSide::Destination, kind)
    }

    #[test]
    fn a_whole_import_from_choice_to_report_and_again() {
        let phase = Phase::default()
            .after(Happening::ReadingBegan)
            .after(Happening::ReadingEnded(Ok(plan(3))));
        assert_eq!(phase, Phase::Ready(Box::new(plan(3))));
        let phase = phase.after(Happening::SendingBegan);
        assert_eq!(phase.stand(), Stand::Sending);
        let phase = phase.after(Happening::SendingEnded(Ok(report(3))));
        assert_eq!(phase.stand(), Stand::Reported);
        assert_eq!(phase.after(Happening::ReadingBegan), Phase::Reading);
    }

    #[test]
    fn nothing_disturbs_values_on_their_way() {
        let sending = Phase::Sending(Box::new(plan(3)));
        for happening in [
            Happening::ReadingBegan,
            Happening::ReadingEnded(Ok(plan(9))),
            Happening::SendingBegan,
            Happening::PlanLost,
        ] {
            assert_eq!(sending.clone().after(happening), sending);
        }
    }

    #[test]
    fn an_interrupted_sending_goes_on_with_the_same_plan() {
        let broken = Phase::Sending(Box::new(plan(3)))
            .after(Happening::SendingEnded(Err(problem("loggedOut"))));
        assert_eq!(broken.stand(), Stand::Broken);
        assert_eq!(
            broken.after(Happening::SendingBegan),
            Phase::Sending(Box::new(plan(3)))
        );
        let reported = Phase::Reported(Box::new(report(3)));
        assert_eq!(
            reported.after(Happening::SendingBegan),
            Phase::Sending(Box::new(plan(3)))
        );
    }

    #[test]
    fn answers_that_nobody_waits_for_change_nothing() {
        let late = Happening::ReadingEnded(Ok(plan(9)));
        assert_eq!(Phase::Choosing.after(late.clone()), Phase::Choosing);
        assert_eq!(
            Phase::Ready(Box::new(plan(3))).after(late),
            Phase::Ready(Box::new(plan(3)))
        );
        assert_eq!(
            Phase::Reading.after(Happening::SendingBegan),
            Phase::Reading
        );
        assert_eq!(
            Phase::Choosing.after(Happening::SendingEnded(Ok(report(1)))),
            Phase::Choosing
        );
    }

    #[test]
    fn a_failed_reading_can_be_begun_again() {
        let failed = Phase::Reading.after(Happening::ReadingEnded(Err(problem("timedOut"))));
        assert_eq!(failed, Phase::Failed(Box::new(problem("timedOut"))));
        assert_eq!(failed.after(Happening::ReadingBegan), Phase::Reading);
    }

    #[test]
    fn a_lost_engine_cannot_go_on() {
        assert!(can_go_on(&problem("loggedOut")));
        assert!(can_go_on(&problem("networkDown")));
        assert!(!can_go_on(&problem("engineStopped")));
        assert!(!can_go_on(&problem("noPlan")));
        let lost = Phase::Ready(Box::new(plan(3))).after(Happening::PlanLost);
        assert_eq!(lost, Phase::Choosing);
    }

    #[test]
    fn what_a_plan_comes_to() {
        let of = |pulled, same, blocked| PlanSummary {
            counts: KindCounts {
                pulled,
                same,
                blocked,
                ..KindCounts::default()
            },
            slices_read: 1,
            ..PlanSummary::default()
        };
        assert_eq!(verdict(&plan(3)), Verdict::ToSend(3));
        assert_eq!(verdict(&of(5, 5, 0)), Verdict::UpToDate);
        assert_eq!(verdict(&of(5, 3, 2)), Verdict::NothingSendable);
        assert_eq!(verdict(&of(0, 0, 0)), Verdict::NothingThere);
        let failed = PlanSummary {
            failed_slices: vec![FailedSlice {
                data_set: "Malaria".into(),
                period: "202610".into(),
                org_units: 3,
                problem: problem("timedOut"),
            }],
            ..PlanSummary::default()
        };
        assert_eq!(verdict(&failed), Verdict::NothingRead);
    }

    #[test]
    fn what_is_sent_with_and_without_overwriting() {
        let mut plan = plan(3);
        plan.counts.changed = 4;
        plan.counts.edited_here = 2;
        for (overwrite, overwrite_edited, expected) in [
            (true, true, 9),
            (true, false, 7),
            (false, true, 5),
            (false, false, 3),
        ] {
            let confirmed = SendPlan {
                overwrite,
                overwrite_edited,
                delete_cleared: false,
            };
            assert_eq!(to_send(&plan, &confirmed), expected);
        }
        // What was edited here is kept unless the exchange says otherwise.
        assert_eq!(verdict(&plan), Verdict::ToSend(7));
        plan.overwrite_edited = true;
        assert_eq!(verdict(&plan), Verdict::ToSend(9));
        plan.counts.new = 0;
        plan.counts.changed = 0;
        assert_eq!(verdict(&plan), Verdict::ToSend(2));
        plan.overwrite_edited = false;
        assert_eq!(verdict(&plan), Verdict::OnlyEdited(2));
    }

    #[test]
    fn what_was_deleted_at_the_source_is_deleted_with_leave_only() {
        let mut plan = plan(0);
        plan.counts.cleared = 3;
        assert_eq!(verdict(&plan), Verdict::UpToDate, "none can be deleted");
        plan.counts.to_delete = 2;
        assert_eq!(verdict(&plan), Verdict::OnlyCleared(2));
        assert!(!offered(&plan).delete_cleared);
        plan.delete_cleared = true;
        assert_eq!(verdict(&plan), Verdict::ToSend(2));
        plan.counts.new = 1;
        assert_eq!(to_send(&plan, &offered(&plan)), 3);
        assert_eq!(to_send(&plan, &SendPlan::default()), 1);
    }

    #[test]
    fn per_cent_by_whichever_says_more() {
        let at = |done, total, sent| Progress {
            done,
            total,
            sent,
            ..Progress::default()
        };
        assert_eq!(percent(&at(0, 0, 0), 0), 0);
        assert_eq!(percent(&at(3, 4, 0), 0), 75);
        assert_eq!(percent(&at(0, 1, 500), 1000), 50);
        assert_eq!(percent(&at(4, 4, 0), 0), 99);
    }
}
