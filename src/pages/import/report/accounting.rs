//! Where every value went that was read at the source: the sum that has to come out even.
//! Plain data, tested without a browser.

use crate::pages::import::filter::Filter;
use tributary_exchange::questions::import::{RowKind, RowOutcome, RunReport};

/// A part of the sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// Was here already.
    Same,
    /// Arrived, and was read back.
    Written,
    /// Refused by this DHIS2.
    Refused,
    /// Sent, and nobody knows.
    Unknown,
    /// Confirmed and not sent.
    NotSent,
    /// Differs, and was kept as it is here by the person's choice.
    Kept,
    /// Was edited here since the last run, and was kept.
    KeptEdited,
    /// Not sent, for a reason known before.
    Blocked,
    /// Without a place here.
    Unmapped,
    /// Left out on purpose.
    Excluded,
}

impl Term {
    /// Text key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Same => "kind.same",
            Self::Written => "outcome.written",
            Self::Refused => "outcome.rejected",
            Self::Unknown => "outcome.unknown",
            Self::NotSent => "outcome.notSent",
            Self::Kept => "import.kept",
            Self::KeptEdited => "import.keptEdited",
            Self::Blocked => "kind.blocked",
            Self::Unmapped => "kind.unmapped",
            Self::Excluded => "kind.excluded",
        }
    }

    /// Class of its colour.
    pub fn class(self) -> &'static str {
        match self {
            Self::Same | Self::Kept => "import-kind-same",
            Self::KeptEdited => "import-kind-editedHere",
            Self::Written => "import-kind-new",
            Self::Refused => "import-kind-refused",
            Self::Unknown | Self::NotSent | Self::Blocked => "import-kind-blocked",
            Self::Unmapped => "import-kind-unmapped",
            Self::Excluded => "import-kind-excluded",
        }
    }

    /// Its rows.
    pub fn filter(self) -> Filter {
        match self {
            Self::Same => Filter::kinds([RowKind::Same]),
            Self::Written => Filter::outcomes([RowOutcome::Written]),
            Self::Refused => Filter::outcomes([RowOutcome::Rejected]),
            Self::Unknown => Filter::outcomes([RowOutcome::Unknown]),
            Self::NotSent => Filter::outcomes([RowOutcome::NotSent]),
            // Without leave to overwrite no changed value was confirmed at all.
            Self::Kept => Filter::kinds([RowKind::Changed]),
            Self::KeptEdited => Filter::kinds([RowKind::EditedHere]),
            Self::Blocked => Filter::kinds([RowKind::Blocked]),
            Self::Unmapped => Filter::kinds([RowKind::Unmapped]),
            Self::Excluded => Filter::kinds([RowKind::Excluded]),
        }
    }
}

/// The sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accounting {
    /// Values read at the source.
    pub read: u64,
    /// Of those: values that share a row with another one. They have no term of their own.
    pub combined: u64,
    /// Values that were to be deleted here. They are in the terms, and were not read.
    pub deletions: u64,
    /// What became of them.
    pub terms: Vec<(Term, u64)>,
    /// The parts make the whole, and so do the parts of the confirmed values.
    pub adds_up: bool,
}

/// Works the sum out. Changed and edited values were confirmed each as a whole, or kept.
pub fn account(report: &RunReport) -> Accounting {
    let (plan, outcomes) = (&report.plan.counts, &report.outcomes);
    let kept = |overwritten: bool, count: u64| if overwritten { 0 } else { count };
    let confirmed = report.confirmed;
    let terms = vec![
        (Term::Written, outcomes.written),
        (Term::Refused, outcomes.rejected),
        (Term::Unknown, outcomes.unknown),
        (Term::NotSent, outcomes.not_sent),
        (Term::Kept, kept(confirmed.overwrite, plan.changed)),
        (
            Term::KeptEdited,
            kept(confirmed.overwrite_edited, plan.edited_here),
        ),
        (Term::Same, plan.same),
        (Term::Blocked, plan.blocked),
        (Term::Unmapped, plan.unmapped),
        (Term::Excluded, plan.excluded),
    ];
    let sum: u64 = terms.iter().map(|(_, count)| count).sum();
    let deletions = if report.confirmed.delete_cleared {
        plan.to_delete
    } else {
        0
    };
    let confirmed = outcomes.written + outcomes.rejected + outcomes.unknown + outcomes.not_sent;
    Accounting {
        read: plan.pulled,
        combined: plan.combined,
        deletions,
        adds_up: sum + plan.combined == plan.pulled + deletions && confirmed == outcomes.confirmed,
        terms,
    }
}

/// What a report says in one sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Headline {
    /// It ended early because something failed.
    Interrupted,
    /// The person stopped it.
    Stopped,
    /// Some values were refused.
    Refused,
    /// Of some values nobody knows.
    Unsure,
    /// Some were left as they are because somebody changed them meanwhile.
    HeldBack,
    /// All arrived.
    Arrived,
}

/// What a report says in one sentence: the worst first.
pub fn headline(report: &RunReport) -> Headline {
    let outcomes = &report.outcomes;
    if report.ended_by.is_some() {
        Headline::Interrupted
    } else if report.stopped {
        Headline::Stopped
    } else if outcomes.rejected > 0 {
        Headline::Refused
    } else if outcomes.unknown > 0 {
        Headline::Unsure
    } else if outcomes.not_sent > 0 {
        Headline::HeldBack
    } else {
        Headline::Arrived
    }
}

/// Whether sending can be taken up again: it ended early, and something is left to send.
pub fn can_continue(report: &RunReport) -> bool {
    let left = report
        .outcomes
        .not_sent
        .saturating_sub(report.outcomes.changed_since)
        + report.outcomes.unknown;
    left > 0 && (report.ended_by.is_some() || report.stopped || report.outcomes.unknown > 0)
}

/// What the report shows first: what went wrong, else all.
pub fn first_look(report: &RunReport) -> Filter {
    let outcomes = &report.outcomes;
    let worst = [
        (Term::Refused, outcomes.rejected),
        (Term::Unknown, outcomes.unknown),
        (Term::NotSent, outcomes.not_sent),
        (Term::Written, outcomes.written),
    ];
    worst
        .into_iter()
        .find(|(_, count)| *count > 0)
        .map(|(term, _)| term.filter())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tributary_exchange::problem::{Problem, ProblemSide};
    use tributary_exchange::questions::import::{KindCounts, OutcomeCounts, PlanSummary, SendPlan};

    fn plan() -> KindCounts {
        KindCounts {
            pulled: 100,
            same: 35,
            new: 30,
            changed: 15,
            edited_here: 5,
            blocked: 8,
            unmapped: 4,
            excluded: 3,
            ..KindCounts::default()
        }
    }

    fn count(accounting: &Accounting, term: Term) -> u64 {
        accounting
            .terms
            .iter()
            .filter(|(own, _)| *own == term)
            .map(|(_, count)| count)
            .sum()
    }

    fn report(overwrite: bool, overwrite_edited: bool, written: u64) -> RunReport {
        RunReport {
            plan: PlanSummary {
                counts: plan(),
                ..PlanSummary::default()
            },
            confirmed: SendPlan {
                overwrite,
                overwrite_edited,
                delete_cleared: false,
            },
            outcomes: OutcomeCounts {
                confirmed: written,
                written,
                ..OutcomeCounts::default()
            },
            ..RunReport::default()
        }
    }

    #[test]
    fn every_value_is_accounted_for() {
        let mut report = report(true, false, 45);
        report.outcomes = OutcomeCounts {
            confirmed: 45,
            written: 40,
            rejected: 2,
            unknown: 1,
            not_sent: 2,
            changed_since: 2,
            deleted: 0,
        };
        let accounting = account(&report);
        assert!(accounting.adds_up);
        assert_eq!(accounting.read, 100);
        assert_eq!(count(&accounting, Term::Written), 40);
        assert_eq!(count(&accounting, Term::Kept), 0);
        assert_eq!(count(&accounting, Term::KeptEdited), 5);
        assert_eq!(
            accounting.terms.iter().map(|(_, count)| count).sum::<u64>(),
            100
        );
    }

    #[test]
    fn values_that_were_not_to_be_overwritten_are_kept() {
        for (overwrite, edited, written, kept) in [
            (false, false, 30, (15, 5)),
            (false, true, 35, (15, 0)),
            (true, false, 45, (0, 5)),
            (true, true, 50, (0, 0)),
        ] {
            let accounting = account(&report(overwrite, edited, written));
            assert!(accounting.adds_up);
            let found = (
                count(&accounting, Term::Kept),
                count(&accounting, Term::KeptEdited),
            );
            assert_eq!(found, kept);
        }
    }

    #[test]
    fn deleted_and_combined_values_are_accounted_for() {
        let mut report = report(true, false, 47);
        report.plan.counts.pulled = 104;
        report.plan.counts.combined = 4;
        report.plan.counts.cleared = 3;
        report.plan.counts.to_delete = 2;
        assert!(!account(&report).adds_up, "nothing was to be deleted");
        report.confirmed.delete_cleared = true;
        report.outcomes.deleted = 2;
        let accounting = account(&report);
        assert!(accounting.adds_up);
        assert_eq!((accounting.combined, accounting.deletions), (4, 2));
        report.plan.counts.combined = 3;
        assert!(!account(&report).adds_up, "one was lost");
    }

    #[test]
    fn a_sum_that_does_not_come_out_even_is_seen() {
        let mut lost = report(true, false, 45);
        lost.outcomes.written = 44;
        assert!(!account(&lost).adds_up);
        assert!(!account(&report(true, false, 35)).adds_up);
        assert!(!account(&report(true, true, 45)).adds_up);
        let mut all = report(true, false, 45);
        assert!(account(&all).adds_up);
        all.plan.counts.pulled = 101;
        assert!(!account(&all).adds_up);
    }

    #[test]
    fn the_worst_comes_first() {
        let mut report = RunReport {
            outcomes: OutcomeCounts {
                written: 3,
                ..OutcomeCounts::default()
            },
            ..RunReport::default()
        };
        assert_eq!(headline(&report), Headline::Arrived);
        assert_eq!(first_look(&report), Term::Written.filter());
        report.outcomes.not_sent = 1;
        assert_eq!(headline(&report), Headline::HeldBack);
        report.outcomes.unknown = 1;
        assert_eq!(headline(&report), Headline::Unsure);
        report.outcomes.rejected = 1;
        assert_eq!(headline(&report), Headline::Refused);
        assert_eq!(first_look(&report), Term::Refused.filter());
        report.stopped = true;
        assert_eq!(headline(&report), Headline::Stopped);
        report.ended_by = Some(Problem::of(ProblemSide::Network, "networkDown"));
        assert_eq!(headline(&report), Headline::Interrupted);
    }

    #[test]
    fn what_is_left_can_be_sent() {
        let mut report = RunReport::default();
        report.outcomes.not_sent = 2;
        report.outcomes.changed_since = 2;
        report.stopped = true;
        assert!(
            !can_continue(&report),
            "values changed meanwhile are never sent"
        );
        report.outcomes.not_sent = 3;
        assert!(can_continue(&report));
        report.stopped = false;
        assert!(!can_continue(&report));
        report.outcomes.unknown = 1;
        assert!(can_continue(&report));
    }
}
