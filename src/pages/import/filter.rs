//! Which rows of a plan or a report a person looks at. Plain data, tested without a browser.

use tributary_exchange::questions::import::{KindCounts, PlanRows, RowKind, RowOutcome, RowSort};

/// What the rows have to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of these kinds; empty means of any.
    pub kinds: Vec<RowKind>,
    /// With these outcomes; empty means with any or none.
    pub outcomes: Vec<RowOutcome>,
    /// With this code (the server's for a refusal, ours for a reason); empty means any.
    pub code: String,
}

impl Filter {
    /// Only rows of these kinds.
    pub fn kinds(kinds: impl Into<Vec<RowKind>>) -> Self {
        Self {
            kinds: kinds.into(),
            ..Self::default()
        }
    }

    /// Only rows with these outcomes.
    pub fn outcomes(outcomes: impl Into<Vec<RowOutcome>>) -> Self {
        Self {
            outcomes: outcomes.into(),
            ..Self::default()
        }
    }

    /// The same with a code.
    #[must_use]
    pub fn with_code(mut self, code: &str) -> Self {
        code.clone_into(&mut self.code);
        self
    }

    /// Takes a kind in, or out again.
    pub fn toggle(&mut self, kind: RowKind) {
        self.code.clear();
        match self.kinds.iter().position(|chosen| *chosen == kind) {
            Some(place) => {
                self.kinds.remove(place);
            }
            None => self.kinds.push(kind),
        }
    }

    /// The question for a window of these rows.
    pub fn question(&self, search: &str, sort: &str, offset: u32, limit: u32) -> PlanRows {
        let (sort, descending) = sorted(sort);
        PlanRows {
            kinds: self.kinds.clone(),
            outcomes: self.outcomes.clone(),
            code: self.code.clone(),
            search: search.trim().to_owned(),
            sort,
            descending,
            offset,
            limit,
        }
    }
}

/// The orders to choose from: name in the list, column, from the end, text key.
pub const ORDERS: [(&str, RowSort, bool, &str); 7] = [
    ("asRead", RowSort::AsRead, false, "import.sortAsRead"),
    ("orgUnit", RowSort::OrgUnit, false, "import.sortOrgUnit"),
    (
        "orgUnitBack",
        RowSort::OrgUnit,
        true,
        "import.sortOrgUnitBack",
    ),
    (
        "dataElement",
        RowSort::DataElement,
        false,
        "import.sortDataElement",
    ),
    (
        "dataElementBack",
        RowSort::DataElement,
        true,
        "import.sortDataElementBack",
    ),
    ("period", RowSort::Period, false, "import.sortPeriod"),
    ("periodBack", RowSort::Period, true, "import.sortPeriodBack"),
];

fn sorted(name: &str) -> (RowSort, bool) {
    let order = ORDERS.iter().find(|order| order.0 == name);
    order.map_or((RowSort::AsRead, false), |order| (order.1, order.2))
}

/// How many values of a kind there are.
pub fn count_of(counts: &KindCounts, kind: RowKind) -> u64 {
    match kind {
        RowKind::New => counts.new,
        RowKind::Changed => counts.changed,
        RowKind::EditedHere => counts.edited_here,
        RowKind::Same => counts.same,
        RowKind::Blocked => counts.blocked,
        RowKind::Unmapped => counts.unmapped,
        RowKind::Excluded => counts.excluded,
    }
}

/// What a plan shows first: what is about to change; where that is nothing, what cannot be
/// brought in; else everything.
pub fn first_look(counts: &KindCounts) -> Filter {
    for group in [
        &[RowKind::New, RowKind::Changed, RowKind::EditedHere][..],
        &[RowKind::Blocked, RowKind::Unmapped],
    ] {
        let there: Vec<RowKind> = group
            .iter()
            .copied()
            .filter(|kind| count_of(counts, *kind) > 0)
            .collect();
        if !there.is_empty() {
            return Filter::kinds(there);
        }
    }
    Filter::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_taken_in_and_out() {
        let mut filter = Filter::default();
        filter.toggle(RowKind::New);
        filter.toggle(RowKind::Blocked);
        assert_eq!(filter.kinds, [RowKind::New, RowKind::Blocked]);
        filter.toggle(RowKind::New);
        assert_eq!(filter.kinds, [RowKind::Blocked]);
        filter.toggle(RowKind::Blocked);
        assert_eq!(filter, Filter::default());
    }

    #[test]
    fn the_question_has_everything_that_was_chosen() {
        let question = Filter::kinds([RowKind::New]).question(" kpe ", "dataElementBack", 100, 50);
        assert_eq!(question.kinds, [RowKind::New]);
        assert_eq!(
            (question.search.as_str(), question.sort, question.descending),
            ("kpe", RowSort::DataElement, true)
        );
        assert_eq!((question.offset, question.limit), (100, 50));
        assert_eq!(
            Filter::default().question("", "unknown", 0, 1).sort,
            RowSort::AsRead
        );
    }

    #[test]
    fn first_comes_what_changes() {
        let counts = KindCounts {
            new: 2,
            blocked: 3,
            same: 5,
            ..KindCounts::default()
        };
        assert_eq!(first_look(&counts), Filter::kinds([RowKind::New]));
        let counts = KindCounts {
            blocked: 3,
            same: 5,
            ..KindCounts::default()
        };
        assert_eq!(first_look(&counts), Filter::kinds([RowKind::Blocked]));
        assert_eq!(
            first_look(&KindCounts {
                same: 5,
                ..KindCounts::default()
            }),
            Filter::default()
        );
    }
}
