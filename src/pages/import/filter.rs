//! Which rows of a plan or a report a person looks at, and in which order. Plain data, tested
//! without a browser.

use crate::widgets::Sorted;
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
    pub fn question(&self, look: &Look, offset: u32, limit: u32) -> PlanRows {
        let (sort, descending) = sorted(&look.order);
        PlanRows {
            kinds: self.kinds.clone(),
            outcomes: self.outcomes.clone(),
            code: self.code.clone(),
            org_unit: look.org_unit.clone(),
            data_element: look.data_element.clone(),
            search: look.search.trim().to_owned(),
            sort,
            descending,
            offset,
            limit,
        }
    }
}

/// What the table's own tools choose, on top of a [`Filter`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Words in the names of a row; empty means all rows.
    pub search: String,
    /// The uid of an org unit; empty means all rows.
    pub org_unit: String,
    /// The uid of a data element; empty means all rows.
    pub data_element: String,
    /// The order, by its name in [`ORDERS`]; an unknown one is the order of reading.
    pub order: String,
}

/// The orders to choose from: name in the list, column, from the end, text key.
pub const ORDERS: [(&str, RowSort, bool, &str); 13] = [
    ("asRead", RowSort::AsRead, false, "import.sortAsRead"),
    ("orgUnit", RowSort::OrgUnit, false, "import.sortOrgUnit"),
    (
        "orgUnitBack",
        RowSort::OrgUnit,
        true,
        "import.sortOrgUnitBack",
    ),
    ("period", RowSort::Period, false, "import.sortPeriod"),
    ("periodBack", RowSort::Period, true, "import.sortPeriodBack"),
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
    ("here", RowSort::Present, false, "import.sortHere"),
    ("hereBack", RowSort::Present, true, "import.sortHereBack"),
    ("source", RowSort::Source, false, "import.sortSource"),
    ("sourceBack", RowSort::Source, true, "import.sortSourceBack"),
    ("kind", RowSort::Kind, false, "import.sortKind"),
    ("kindBack", RowSort::Kind, true, "import.sortKindBack"),
];

/// What the columns of the table are sorted by, from the first on.
const COLUMNS: [RowSort; 6] = [
    RowSort::OrgUnit,
    RowSort::Period,
    RowSort::DataElement,
    RowSort::Present,
    RowSort::Source,
    RowSort::Kind,
];

fn sorted(name: &str) -> (RowSort, bool) {
    let order = ORDERS.iter().find(|order| order.0 == name);
    order.map_or((RowSort::AsRead, false), |order| (order.1, order.2))
}

/// The column by which an order sorts; none for the order of reading.
pub fn column_of(order: &str) -> Option<Sorted> {
    let (sort, descending) = sorted(order);
    let column = COLUMNS.iter().position(|own| *own == sort)?;
    Some(Sorted { column, descending })
}

/// The order after a column's head was pressed: by that column, then from its end, then as read.
pub fn pressed(order: &str, column: usize) -> &'static str {
    let next = match column_of(order).filter(|sorted| sorted.column == column) {
        None => Some(false),
        Some(sorted) if !sorted.descending => Some(true),
        Some(_) => None,
    };
    let wanted = COLUMNS.get(column).zip(next);
    let order = ORDERS
        .iter()
        .find(|order| wanted.is_some_and(|(sort, back)| (order.1, order.2) == (*sort, back)));
    order.map_or(ORDERS[0].0, |order| order.0)
}

/// How many values of a kind there are.
pub fn count_of(counts: &KindCounts, kind: RowKind) -> u64 {
    match kind {
        RowKind::New => counts.new,
        RowKind::Changed => counts.changed,
        RowKind::EditedHere => counts.edited_here,
        RowKind::Cleared => counts.cleared,
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
        &[
            RowKind::New,
            RowKind::Changed,
            RowKind::EditedHere,
            RowKind::Cleared,
        ][..],
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
        let look = Look {
            search: " kpe ".to_owned(),
            org_unit: "ouFacA10001".to_owned(),
            data_element: "deInteger01".to_owned(),
            order: "dataElementBack".to_owned(),
        };
        let question = Filter::kinds([RowKind::New]).question(&look, 100, 50);
        assert_eq!(question.kinds, [RowKind::New]);
        assert_eq!(
            (question.search.as_str(), question.sort, question.descending),
            ("kpe", RowSort::DataElement, true)
        );
        assert_eq!(
            (question.org_unit, question.data_element),
            (look.org_unit, look.data_element)
        );
        assert_eq!((question.offset, question.limit), (100, 50));
        let question = Filter::default().question(&Look::default(), 0, 1);
        assert_eq!(question.sort, RowSort::AsRead);
    }

    #[test]
    fn a_head_sorts_both_ways_and_then_no_more() {
        for column in 0..COLUMNS.len() {
            let (up, down) = (
                Sorted {
                    column,
                    descending: false,
                },
                Sorted {
                    column,
                    descending: true,
                },
            );
            let once = pressed("asRead", column);
            assert_eq!(column_of(once), Some(up));
            let twice = pressed(once, column);
            assert_eq!(column_of(twice), Some(down));
            assert_eq!(pressed(twice, column), "asRead");
            // From another column it begins anew.
            let other = pressed("asRead", (column + 1) % COLUMNS.len());
            assert_eq!(pressed(other, column), once);
        }
        assert_eq!(column_of("asRead"), None);
        assert_eq!(pressed("asRead", 99), "asRead");
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
