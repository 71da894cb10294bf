//! Which periods are on offer and which are chosen, and what is remembered from last time.
//! Plain data, tested without a browser.

use crate::pages::import::period_name::PeriodUnit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tributary_exchange::questions::import::{ImportChoices, PeriodChoice};

/// So many periods of a type are shown at first.
const SHOWN_AT_FIRST: usize = 6;

/// The periods of one type, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodGroup {
    /// What they are.
    pub unit: PeriodUnit,
    /// The periods.
    pub periods: Vec<PeriodChoice>,
}

impl PeriodGroup {
    /// How many are shown before "show more": the newest, and down to the oldest chosen one.
    pub fn shown_at_first(&self, chosen: &BTreeSet<String>) -> usize {
        let oldest_chosen = self
            .periods
            .iter()
            .rposition(|period| chosen.contains(&period.id));
        oldest_chosen
            .map_or(0, |place| place + 1)
            .max(SHOWN_AT_FIRST)
            .min(self.periods.len())
    }
}

/// Periods by type, in the order in which the types come, newest first within each.
pub fn grouped(periods: &[PeriodChoice]) -> Vec<PeriodGroup> {
    let mut types: Vec<(&str, PeriodGroup)> = Vec::new();
    for period in periods {
        match types
            .iter_mut()
            .find(|(kind, _)| *kind == period.period_type)
        {
            Some((_, group)) => group.periods.push(period.clone()),
            None => {
                let unit = PeriodUnit::of(&period.period_type);
                types.push((
                    &period.period_type,
                    PeriodGroup {
                        unit,
                        periods: vec![period.clone()],
                    },
                ));
            }
        }
    }
    for (_, group) in &mut types {
        group
            .periods
            .sort_by(|one, other| other.start.cmp(&one.start));
    }
    types.into_iter().map(|(_, group)| group).collect()
}

/// What the browser remembers of the last choice with an exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// The periods that the exchange's rule offered then.
    pub by_rule: Vec<String>,
    /// The periods that were chosen.
    pub periods: Vec<String>,
    /// The org units that were chosen.
    pub org_units: Vec<String>,
}

/// The periods that the rule names.
pub fn by_rule(choices: &ImportChoices) -> Vec<String> {
    choices
        .periods
        .iter()
        .filter(|period| period.chosen)
        .map(|period| period.id.clone())
        .collect()
}

/// The periods to begin with: what was chosen last time, as long as the rule still names the
/// same ones. When a new month has come, the rule decides anew.
pub fn first_periods(choices: &ImportChoices, remembered: Option<&Remembered>) -> BTreeSet<String> {
    let rule = by_rule(choices);
    let on_offer = |id: &&String| choices.periods.iter().any(|period| period.id == **id);
    let again: BTreeSet<String> = remembered
        .filter(|remembered| remembered.by_rule == rule)
        .map(|remembered| {
            remembered
                .periods
                .iter()
                .filter(on_offer)
                .cloned()
                .collect()
        })
        .unwrap_or_default();
    if again.is_empty() {
        rule.into_iter().collect()
    } else {
        again
    }
}

/// The org units to begin with: those of last time that are still there, else all.
pub fn first_org_units(choices: &ImportChoices, remembered: Option<&Remembered>) -> Vec<String> {
    let is_there = |id: &&String| choices.org_units.iter().any(|unit| unit.id == **id);
    let again: Vec<String> = remembered
        .map(|remembered| {
            remembered
                .org_units
                .iter()
                .filter(is_there)
                .cloned()
                .collect()
        })
        .unwrap_or_default();
    if !again.is_empty() {
        return again;
    }
    choices
        .org_units
        .iter()
        .filter(|unit| unit.parent.is_none())
        .map(|unit| unit.id.clone())
        .collect()
}

/// How many org units with figures the ticked ones stand for.
pub fn mapped_under(choices: &ImportChoices, ticked: &[String]) -> u64 {
    choices
        .org_units
        .iter()
        .filter(|unit| ticked.contains(&unit.id))
        .map(|unit| u64::from(unit.mapped))
        .sum()
}

/// Why reading cannot begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hindrance {
    /// Something has to be put right first; the screen shows what.
    Obstacle,
    /// Values of another import are on their way.
    UnderWay,
    /// No period is chosen.
    NoPeriod,
    /// No org unit is chosen.
    NoOrgUnit,
}

/// Why reading cannot begin, if it cannot. An obstacle that hits only one of several data sets
/// does not keep the others from being read.
pub fn hindrance(
    choices: &ImportChoices,
    periods: usize,
    org_units: u64,
    under_way: bool,
) -> Option<Hindrance> {
    let stops_all = |kind: &str| {
        matches!(
            kind,
            "noAuthorityToAddValues" | "noCaptureOrgUnits" | "noMappedOrgUnits"
        )
    };
    if choices.data_sets.is_empty()
        || choices.org_units.is_empty()
        || choices
            .obstacles
            .iter()
            .any(|problem| stops_all(&problem.kind))
    {
        Some(Hindrance::Obstacle)
    } else if under_way {
        Some(Hindrance::UnderWay)
    } else if periods == 0 {
        Some(Hindrance::NoPeriod)
    } else if org_units == 0 {
        Some(Hindrance::NoOrgUnit)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tributary_exchange::problem::{Problem, ProblemSide};
    use tributary_exchange::questions::exchanges::OrgUnitNode;

    fn period(id: &str, period_type: &str, start: &str, chosen: bool) -> PeriodChoice {
        PeriodChoice {
            id: id.into(),
            period_type: period_type.into(),
            start: start.into(),
            end: start.into(),
            chosen,
        }
    }

    fn choices() -> ImportChoices {
        let node = |id: &str, parent, mapped| OrgUnitNode {
            id: id.into(),
            name: id.into(),
            parent,
            mapped,
        };
        ImportChoices {
            data_sets: vec!["Malaria".into()],
            periods: vec![
                period("202610", "Monthly", "2026-10-01", true),
                period("2026Q3", "Quarterly", "2026-07-01", false),
                period("202609", "Monthly", "2026-09-01", false),
                period("202611", "Monthly", "2026-11-01", false),
            ],
            org_units: vec![
                node("district", None, 3),
                node("north", Some(0), 2),
                node("south", Some(0), 1),
            ],
            ..ImportChoices::default()
        }
    }

    fn remembered(rule: &str, periods: &[&str], org_units: &[&str]) -> Remembered {
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
        Remembered {
            by_rule: vec![rule.into()],
            periods: owned(periods),
            org_units: owned(org_units),
        }
    }

    fn ids(set: &BTreeSet<String>) -> Vec<&str> {
        set.iter().map(String::as_str).collect()
    }

    #[test]
    fn periods_stand_by_type_newest_first() {
        let groups = grouped(&choices().periods);
        let shape: Vec<_> = groups
            .iter()
            .map(|group| {
                (
                    group.unit,
                    group
                        .periods
                        .iter()
                        .map(|period| period.id.as_str())
                        .collect::<Vec<_>>(),
                )
            })
            .collect();
        assert_eq!(
            shape,
            [
                (PeriodUnit::Month, vec!["202611", "202610", "202609"]),
                (PeriodUnit::Quarter, vec!["2026Q3"])
            ]
        );
    }

    #[test]
    fn a_few_are_shown_and_always_the_chosen_ones() {
        let periods = (1..=12).rev().map(|month| {
            period(
                &format!("2026{month:02}"),
                "Monthly",
                &format!("2026-{month:02}-01"),
                false,
            )
        });
        let group = PeriodGroup {
            unit: PeriodUnit::Month,
            periods: periods.collect(),
        };
        let shown = |chosen: &[&str]| {
            group.shown_at_first(&chosen.iter().map(|id| (*id).to_owned()).collect())
        };
        assert_eq!(shown(&[]), SHOWN_AT_FIRST);
        assert_eq!(shown(&["202612"]), SHOWN_AT_FIRST);
        assert_eq!(shown(&["202603"]), 10);
        let short = PeriodGroup {
            unit: PeriodUnit::Month,
            periods: group.periods[..2].to_vec(),
        };
        assert_eq!(short.shown_at_first(&BTreeSet::new()), 2);
    }

    #[test]
    fn the_choice_is_remembered_until_the_rule_names_others() {
        let choices = choices();
        assert_eq!(ids(&first_periods(&choices, None)), ["202610"]);
        let same_month = remembered("202610", &["202609", "202610"], &[]);
        assert_eq!(
            ids(&first_periods(&choices, Some(&same_month))),
            ["202609", "202610"]
        );
        let last_month = remembered("202609", &["202608", "202609"], &[]);
        assert_eq!(ids(&first_periods(&choices, Some(&last_month))), ["202610"]);
        let long_gone = remembered("202610", &["202401"], &[]);
        assert_eq!(ids(&first_periods(&choices, Some(&long_gone))), ["202610"]);
    }

    #[test]
    fn org_units_are_all_at_first_and_then_as_last_time() {
        let choices = choices();
        assert_eq!(first_org_units(&choices, None), ["district"]);
        assert_eq!(
            first_org_units(&choices, Some(&remembered("", &[], &["south"]))),
            ["south"]
        );
        assert_eq!(
            first_org_units(&choices, Some(&remembered("", &[], &["moved"]))),
            ["district"]
        );
        assert_eq!(mapped_under(&choices, &["north".into(), "south".into()]), 3);
    }

    #[test]
    fn what_keeps_from_reading() {
        let mut choices = choices();
        assert_eq!(hindrance(&choices, 1, 1, false), None);
        assert_eq!(hindrance(&choices, 0, 1, false), Some(Hindrance::NoPeriod));
        assert_eq!(hindrance(&choices, 1, 0, false), Some(Hindrance::NoOrgUnit));
        assert_eq!(hindrance(&choices, 1, 1, true), Some(Hindrance::UnderWay));
        choices.obstacles = vec![Problem::of(ProblemSide::Destination, "noDataWriteAccess")];
        assert_eq!(hindrance(&choices, 1, 1, false), None);
        choices.obstacles = vec![Problem::of(
            ProblemSide::Destination,
            "noAuthorityToAddValues",
        )];
        assert_eq!(hindrance(&choices, 1, 1, false), Some(Hindrance::Obstacle));
        choices.obstacles.clear();
        choices.org_units.clear();
        assert_eq!(hindrance(&choices, 1, 0, false), Some(Hindrance::Obstacle));
    }
}
