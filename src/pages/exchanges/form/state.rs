//! What is filled in for an exchange, and what is still wrong with it. Pure.

use crate::widgets::{TreeUnit, UnitTree};
use tributary_exchange::questions::exchanges::{ConnectionOffer, OrgUnitNode, PeriodRule};

/// The values of the period rules in the form.
pub(super) const LAST: &str = "last";
/// See [`LAST`].
pub(super) const THIS_YEAR: &str = "thisYear";
/// See [`LAST`].
pub(super) const CHOSEN: &str = "chosen";

/// What is offered for values that were edited here.
pub(super) const KEEP: &str = "keep";
/// See [`KEEP`].
pub(super) const OVERWRITE: &str = "overwrite";
/// What is offered for values that were deleted at the source, else [`KEEP`].
pub(super) const DELETE: &str = "delete";

/// The most periods that can be offered by themselves: two months of days, or five years of months.
const MOST_PERIODS: u32 = 60;

/// A field that can be wrong, in the order in which they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldName {
    Name,
    Connection,
    DataSets,
    Count,
    OrgUnits,
}

impl FieldName {
    /// The id of its input.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Name => "exchange-name",
            Self::Connection => "exchange-connection",
            Self::DataSets => "exchange-data-sets",
            Self::Count => "exchange-count",
            Self::OrgUnits => "exchange-org-units",
        }
    }
}

/// What is wrong with a field: the key of the text that says it.
pub(super) type Fault = (FieldName, &'static str);

/// The form as it is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filled {
    pub(super) name: String,
    pub(super) connection: String,
    pub(super) data_sets: Vec<String>,
    /// [`LAST`], [`THIS_YEAR`] or [`CHOSEN`].
    pub(super) rule: String,
    /// How many periods, as typed.
    pub(super) count: String,
    /// The org units that it is limited to; none when it is not limited.
    pub(super) below: Option<Vec<String>>,
    /// [`KEEP`] or [`OVERWRITE`].
    pub(super) edited: String,
    /// [`KEEP`] or [`DELETE`].
    pub(super) cleared: String,
}

impl Filled {
    /// Everything that keeps the form from being saved.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let checks = [
            (
                self.name.trim().is_empty(),
                FieldName::Name,
                "exchanges.fault.name",
            ),
            (
                self.connection.is_empty(),
                FieldName::Connection,
                "exchanges.fault.connection",
            ),
            (
                !self.connection.is_empty() && self.data_sets.is_empty(),
                FieldName::DataSets,
                "exchanges.fault.dataSets",
            ),
            (
                self.period_rule().is_none(),
                FieldName::Count,
                "exchanges.fault.count",
            ),
            (
                self.below.as_ref().is_some_and(Vec::is_empty),
                FieldName::OrgUnits,
                "exchanges.fault.orgUnits",
            ),
        ];
        checks
            .into_iter()
            .filter(|(wrong, ..)| *wrong)
            .map(|(_, field, key)| (field, key))
            .collect()
    }

    /// The period rule; none when the number is none.
    pub(super) fn period_rule(&self) -> Option<PeriodRule> {
        match self.rule.as_str() {
            THIS_YEAR => Some(PeriodRule::ThisYear),
            CHOSEN => Some(PeriodRule::Chosen),
            _ => {
                let count = self.count.trim().parse().ok()?;
                (1..=MOST_PERIODS)
                    .contains(&count)
                    .then_some(PeriodRule::Last(count))
            }
        }
    }
}

/// A period rule as the form shows it: its value and the number.
pub(super) fn rule_fields(rule: &PeriodRule) -> (&'static str, String) {
    match rule {
        PeriodRule::Last(count) => (LAST, count.to_string()),
        PeriodRule::ThisYear => (THIS_YEAR, "1".to_owned()),
        PeriodRule::Chosen => (CHOSEN, "1".to_owned()),
    }
}

/// The data sets that can be ticked: uid at the source, and the name where it is mapped. One
/// that the exchange has and the mapping has no more can only be unticked.
pub(super) fn data_set_entries(
    offer: Option<&ConnectionOffer>,
    stored: &[String],
) -> Vec<(String, Option<String>)> {
    let offered = offer
        .map(|offer| offer.data_sets.as_slice())
        .unwrap_or_default();
    let mut entries: Vec<_> = offered
        .iter()
        .map(|set| (set.id.clone(), Some(set.name.clone())))
        .collect();
    let left = stored
        .iter()
        .filter(|id| offered.iter().all(|set| set.id != **id));
    entries.extend(left.map(|id| (id.clone(), None)));
    entries
}

/// The org units as the tree takes them.
pub(super) fn tree_of(nodes: &[OrgUnitNode]) -> UnitTree {
    let parent_of = |node: &OrgUnitNode| {
        let place = usize::try_from(node.parent?).ok()?;
        nodes.get(place).map(|parent| parent.id.clone())
    };
    let units = nodes.iter().map(|node| TreeUnit {
        id: node.id.clone(),
        name: node.name.clone(),
        parent: parent_of(node).unwrap_or_default(),
    });
    UnitTree::new(units.collect())
}

/// Org units of the exchange that the person does not see: they stay as they are.
pub(super) fn unseen(stored: &[String], tree: &UnitTree) -> Vec<String> {
    stored
        .iter()
        .filter(|id| tree.find(id).is_none())
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tributary_exchange::questions::connections::Named;

    fn filled() -> Filled {
        Filled {
            name: "Malaria".to_owned(),
            connection: "c".to_owned(),
            data_sets: vec!["s".to_owned()],
            rule: LAST.to_owned(),
            count: " 3 ".to_owned(),
            below: None,
            edited: KEEP.to_owned(),
            cleared: KEEP.to_owned(),
        }
    }

    fn fields(filled: &Filled) -> Vec<FieldName> {
        filled
            .faults()
            .into_iter()
            .map(|(field, _)| field)
            .collect()
    }

    #[test]
    fn what_is_missing_is_named_in_order() {
        assert_eq!(fields(&filled()), []);
        let empty = Filled {
            rule: LAST.to_owned(),
            below: Some(vec![]),
            ..Filled::default()
        };
        let expected = [
            FieldName::Name,
            FieldName::Connection,
            FieldName::Count,
            FieldName::OrgUnits,
        ];
        assert_eq!(fields(&empty), expected);
        assert_eq!(
            fields(&Filled {
                data_sets: vec![],
                ..filled()
            }),
            [FieldName::DataSets]
        );
    }

    #[test]
    fn the_number_of_periods_counts_only_where_it_is_asked_for() {
        assert_eq!(filled().period_rule(), Some(PeriodRule::Last(3)));
        for count in ["0", "61", "-1", "x", "1.5", ""] {
            let wrong = Filled {
                count: count.to_owned(),
                ..filled()
            };
            assert_eq!(wrong.period_rule(), None, "{count}");
            let other = Filled {
                rule: THIS_YEAR.to_owned(),
                ..wrong
            };
            assert_eq!(other.period_rule(), Some(PeriodRule::ThisYear));
        }
    }

    #[test]
    fn rules_come_back_from_the_form() {
        for rule in [
            PeriodRule::Last(12),
            PeriodRule::ThisYear,
            PeriodRule::Chosen,
        ] {
            let (value, count) = rule_fields(&rule);
            let form = Filled {
                rule: value.to_owned(),
                count,
                ..filled()
            };
            assert_eq!(form.period_rule(), Some(rule));
        }
    }

    #[test]
    fn a_data_set_that_is_mapped_no_more_stays_in_sight() {
        let named = |id: &str| Named {
            id: id.to_owned(),
            name: format!("set {id}"),
        };
        let offer = ConnectionOffer {
            connection: named("c"),
            data_sets: vec![named("a"), named("b")],
        };
        let entries = data_set_entries(Some(&offer), &["b".to_owned(), "old".to_owned()]);
        let expected = [("a", Some("set a")), ("b", Some("set b")), ("old", None)];
        let expected = expected.map(|(id, name)| (id.to_owned(), name.map(str::to_owned)));
        assert_eq!(entries, expected);
    }

    #[test]
    fn org_units_that_are_not_seen_are_kept() {
        let node = |id: &str, parent| OrgUnitNode {
            id: id.to_owned(),
            name: id.to_owned(),
            parent,
            mapped: 0,
        };
        let tree = tree_of(&[
            node("root", None),
            node("child", Some(0)),
            node("stray", Some(9)),
        ]);
        let child = tree.find("child").unwrap();
        assert_eq!(tree.parent(child), tree.find("root"));
        assert_eq!(tree.level(tree.find("stray").unwrap()), 1);
        let stored = ["child".to_owned(), "elsewhere".to_owned()];
        assert_eq!(unseen(&stored, &tree), ["elsewhere"]);
    }
}
