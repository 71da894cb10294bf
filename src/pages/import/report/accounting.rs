//! Where every value went that was read at the source: the sum that has to come out even.
//! Plain data, tested without a browser.

use crate::pages::import::filter::Filter;
use tributary_exchange::questions::import::{
    KindCounts, OutcomeCounts, RowKind, RowOutcome, RunReport,
};

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
            Self::Blocked => "kind.blocked",
            Self::Unmapped => "kind.unmapped",
            Self::Excluded => "kind.excluded",
        }
    }

    /// Class of its colour.
    pub fn class(self) -> &'static str {
        match self {
            Self::Same | Self::Kept => "import-kind-same",
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
    /// What became of them.
    pub terms: Vec<(Term, u64)>,
    /// The parts make the whole, and so do the parts of the confirmed values.
    pub adds_up: bool,
}

/// Works the sum out. What was confirmed must be the new values, or the new and the changed
/// ones; what is left of the changed ones was kept.
pub fn account(plan: &KindCounts, outcomes: &OutcomeCounts) -> Accounting {
    let kept = if outcomes.confirmed == plan.new {
        plan.changed
    } else {
        0
    };
    let terms = vec![
        (Term::Written, outcomes.written),
        (Term::Refused, outcomes.rejected),
        (Term::Unknown, outcomes.unknown),
        (Term::NotSent, outcomes.not_sent),
        (Term::Kept, kept),
        (Term::Same, plan.same),
        (Term::Blocked, plan.blocked),
        (Term::Unmapped, plan.unmapped),
        (Term::Excluded, plan.excluded),
    ];
    let sum: u64 = terms.iter().map(|(_, count)| count).sum();
    let confirmed = outcomes.written + outcomes.rejected + outcomes.unknown + outcomes.not_sent;
    Accounting {
        read: plan.pulled,
        adds_up: sum == plan.pulled && confirmed == outcomes.confirmed,
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

    fn plan() -> KindCounts {
        KindCounts {
            pulled: 100,
            same: 40,
            new: 30,
            changed: 15,
            blocked: 8,
            unmapped: 4,
            excluded: 3,
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

    #[test]
    fn every_value_is_accounted_for() {
        let outcomes = OutcomeCounts {
            confirmed: 45,
            written: 40,
            rejected: 2,
            unknown: 1,
            not_sent: 2,
            changed_since: 2,
        };
        let accounting = account(&plan(), &outcomes);
        assert!(accounting.adds_up);
        assert_eq!(accounting.read, 100);
        assert_eq!(count(&accounting, Term::Written), 40);
        assert_eq!(count(&accounting, Term::Kept), 0);
        assert_eq!(
            accounting.terms.iter().map(|(_, count)| count).sum::<u64>(),
            100
        );
    }

    #[test]
    fn values_that_were_not_to_be_overwritten_are_kept() {
        let outcomes = OutcomeCounts {
            confirmed: 30,
            written: 30,
            ..OutcomeCounts::default()
        };
        let accounting = account(&plan(), &outcomes);
        assert!(accounting.adds_up);
        assert_eq!(count(&accounting, Term::Kept), 15);
    }

    #[test]
    fn a_sum_that_does_not_come_out_even_is_seen() {
        let lost = OutcomeCounts {
            confirmed: 45,
            written: 44,
            ..OutcomeCounts::default()
        };
        assert!(!account(&plan(), &lost).adds_up);
        let some_of_the_changed = OutcomeCounts {
            confirmed: 35,
            written: 35,
            ..OutcomeCounts::default()
        };
        assert!(!account(&plan(), &some_of_the_changed).adds_up);
        let all = OutcomeCounts {
            confirmed: 45,
            written: 45,
            ..OutcomeCounts::default()
        };
        assert!(
            !account(
                &KindCounts {
                    pulled: 101,
                    ..plan()
                },
                &all
            )
            .adds_up
        );
        assert!(account(&plan(), &all).adds_up);
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
