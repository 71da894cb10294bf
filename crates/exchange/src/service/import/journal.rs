//! What is remembered between the runs of an exchange, so that a plan can tell what somebody
//! edited here since: read before a plan is made, written when values were sent. The rules
//! are the engine's (`tributary_engine::journal`); here they meet the dataStore.
//!
//! A journal that cannot be read fails the reading of the plan, since without it an edit
//! would be overwritten like any other difference. One that cannot be written fails nothing:
//! the report says so, and the next plan takes a value of this run for edited rather than
//! the other way round. [`write`](mod@write) stores it.

mod write;

use std::collections::{BTreeMap, HashMap};

use futures_util::join;
use indexmap::IndexMap;
use tributary_dhis2::data_store::{Entry, MAX_VALUE_BYTES};
use tributary_dhis2::{Client, Failure, Transport};
use tributary_engine::journal::{Looked, Mark, Seen, Writes};
use tributary_engine::moment::Moment;
use tributary_engine::outcome::Outcome;
use tributary_engine::period::Period;
use tributary_engine::plan::Kind;
use tributary_engine::slice::org_units_within;
use tributary_engine::symbol::{Symbol, Symbols};

pub(super) use write::{settle, write};

use super::lease::{self, Record};
use super::prepare::Prepared;
use super::run::Run;
use crate::questions::import::ReadPlan;
use crate::stored::run::{PERIODS_KEPT, StoredRun, StoredSeen};
use crate::stored::{NAMESPACE, SCHEMA, run_key};

/// Org units that a scope names at most; where more were ticked, all of the person's stand
/// for them. A wider scope only makes *seen until* move on less often.
const SCOPE_NAMED: usize = 50;

/// Data set and period.
pub(super) type Part = (Symbol, Symbol);

/// What a plan knows of earlier runs, and what its own run adds.
#[derive(Debug, Default)]
pub(super) struct Journal {
    /// Identifier of the exchange.
    pub(super) exchange: String,
    /// What is stored, by data set of the destination.
    pub(super) stored: HashMap<String, StoredRun>,
    /// The same, made ready for comparing.
    pub(super) seen: HashMap<Part, Seen>,
    /// Uids of the org units that this plan looks at, with all below them.
    roots: Vec<String>,
    /// What is stored as that: the same, or something wider where they are many.
    scope: Vec<String>,
    /// Which of the org units of earlier runs lie at or below those.
    covered: HashMap<String, bool>,
    /// Org units of the destination that the plan was to have looked at.
    pub(super) expected: HashMap<Part, usize>,
    /// What was stamped until then was there before the plan was made, where that is known.
    pub(super) planned: Option<Moment>,
    /// Stamps of what this run wrote, as read back.
    pub(super) written: HashMap<Part, Vec<Moment>>,
}

impl Journal {
    /// Reads what earlier runs of the exchange left behind.
    pub(super) async fn read<T: Transport>(
        own: &Client<T>,
        prepared: &Prepared,
        question: &ReadPlan,
        symbols: &mut Symbols,
    ) -> Result<Self, Failure> {
        let exchange = prepared.exchange.id.clone();
        let beginning = run_key(&exchange, "");
        let (entries, records) = join!(
            own.stored_entries(NAMESPACE, &beginning),
            lease::read_records(own, &exchange),
        );
        let (entries, records): (Vec<Entry<serde_json::Value>>, _) = (entries?, records?);
        let roots = roots(prepared, question);
        let mut journal = Self {
            exchange,
            scope: if roots.len() > SCOPE_NAMED {
                prepared.rights.capture_roots.to_vec()
            } else {
                roots.clone()
            },
            roots,
            ..Self::default()
        };
        for entry in entries {
            let Some(data_set) = entry.key.strip_prefix(&beginning) else {
                continue;
            };
            // What cannot be read (edited by hand) tells nothing, as if it were not there.
            let Ok(stored) = serde_json::from_value::<StoredRun>(entry.value) else {
                continue;
            };
            if stored.schema > SCHEMA {
                continue;
            }
            let set = symbols.intern(data_set);
            for (period, seen) in &stored.periods {
                let part = (set, symbols.intern(period));
                let known = if question.periods.contains(period) {
                    journal.known(prepared, &mark(seen), &seen.scope, symbols)
                } else {
                    Seen::new(&mark(seen), symbols)
                };
                journal.seen.insert(part, known);
                journal.look_up(prepared, &seen.scope);
            }
            journal.stored.insert(data_set.to_owned(), stored);
        }
        journal.take_in(prepared, &records, symbols);
        Ok(journal)
    }

    /// What is known of a period, limited to the org units that were looked at where the plan
    /// looks at others, too.
    fn known(
        &self,
        prepared: &Prepared,
        mark: &Mark,
        scope: &[String],
        symbols: &mut Symbols,
    ) -> Seen {
        let known = Seen::new(mark, symbols);
        let whole = |root: &String| is_within(prepared, root, scope);
        if self.roots.iter().all(whole) {
            return known;
        }
        known.within(org_units_within(&prepared.destination, scope, symbols))
    }

    /// What runs wrote that are under way or were cut off is not yet in what is stored.
    fn take_in(&mut self, prepared: &Prepared, records: &[Record], symbols: &mut Symbols) {
        let mut marks: BTreeMap<(String, String), (Mark, Vec<String>)> = BTreeMap::new();
        for record in records {
            for (part, writes) in lease::writes_of(record) {
                let earlier = marks.remove(&part).or_else(|| {
                    let periods = &self.stored.get(&part.0)?.periods;
                    let seen = periods.get(&part.1)?;
                    Some((mark(seen), seen.scope.clone()))
                });
                let (earlier, scope) = earlier.unzip();
                let planned = lease::planned_at(record);
                if let Some(mark) = Mark::with_writes(earlier.as_ref(), planned, writes) {
                    let scope = scope.unwrap_or_else(|| record.for_the_journal().0.to_vec());
                    marks.insert(part, (mark, scope));
                }
            }
        }
        for ((data_set, period), (mark, scope)) in marks {
            let part = (symbols.intern(&data_set), symbols.intern(&period));
            let known = self.known(prepared, &mark, &scope, symbols);
            self.seen.insert(part, known);
        }
    }

    /// Uids of the org units that the plan looks at, with all below them.
    pub(super) fn roots(&self) -> &[String] {
        &self.roots
    }

    /// What is stored as those.
    pub(super) fn scope(&self) -> &[String] {
        &self.scope
    }

    /// Notes which of these org units are at or below the plan's. One that the person does
    /// not see is not.
    fn look_up(&mut self, prepared: &Prepared, scope: &[String]) {
        for unit in scope {
            if !self.covered.contains_key(unit) {
                let covered = is_within(prepared, unit, &self.roots);
                self.covered.insert(unit.clone(), covered);
            }
        }
    }

    /// Whether the plan looked at all that a mark is about.
    fn covers(&self, scope: &[String]) -> bool {
        let is_covered = |unit: &String| {
            self.roots.contains(unit) || self.covered.get(unit).copied().unwrap_or(false)
        };
        scope.iter().all(is_covered)
    }

    /// The journal of a data set after the run.
    fn after(&self, earlier: &StoredRun, looked: &BTreeMap<String, Looked>, at: &str) -> StoredRun {
        let mut stored = StoredRun {
            schema: SCHEMA,
            revision: earlier.revision + 1,
            periods: earlier.periods.clone(),
        };
        for (period, looked) in looked {
            let before = earlier.periods.get(period);
            let covers = before.is_none_or(|seen| self.covers(&seen.scope));
            let looked = Looked {
                whole: looked.whole && covers,
                ..looked.clone()
            };
            let Some(mark) = Mark::after(before.map(mark).as_ref(), &looked) else {
                continue;
            };
            let scope = match before {
                Some(seen) if !looked.whole => seen.scope.clone(),
                _ => self.scope.clone(),
            };
            let seen = to_store(mark, scope, at, &looked.by);
            stored.periods.insert(period.clone(), seen);
        }
        shorten(&mut stored);
        stored
    }
}

/// The journal of a data set with what a run wrote there that was cut off; none where it
/// knows that already.
fn with_cut_off(earlier: &StoredRun, record: &Record, data_set: &str) -> Option<StoredRun> {
    let mut stored = StoredRun {
        schema: SCHEMA,
        revision: earlier.revision + 1,
        periods: earlier.periods.clone(),
    };
    for ((set, period), writes) in lease::writes_of(record) {
        if set != data_set {
            continue;
        }
        let before = earlier.periods.get(&period);
        let planned = lease::planned_at(record);
        let earlier = before.map(mark);
        let Some(mark) = Mark::with_writes(earlier.as_ref(), planned, writes) else {
            continue;
        };
        if earlier.as_ref() == Some(&mark) {
            continue;
        }
        let (scope, at, by) = record.for_the_journal();
        let scope = before.map_or_else(|| scope.to_vec(), |seen| seen.scope.clone());
        let seen = to_store(mark, scope, at, by);
        stored.periods.insert(period, seen);
    }
    shorten(&mut stored);
    (stored.periods != earlier.periods).then_some(stored)
}

fn to_store(mark: Mark, scope: Vec<String>, at: &str, by: &str) -> StoredSeen {
    let own = mark.own.into_iter();
    StoredSeen {
        until: mark.until.millis().unwrap_or_default(),
        scope,
        own: own
            .filter_map(|own| Some((own.from.millis()?, own.to.millis()?, own.by)))
            .collect(),
        at: at.to_owned(),
        by: by.to_owned(),
    }
}

/// Leaves the oldest periods out until the rest may be stored.
fn shorten(stored: &mut StoredRun) {
    let size = |stored: &StoredRun| serde_json::to_vec(stored).map_or(0, |text| text.len());
    while stored.periods.len() > PERIODS_KEPT
        || (stored.periods.len() > 1 && size(stored) > MAX_VALUE_BYTES)
    {
        let start = |id: &String| Period::parse(id).ok().map(|period| period.start());
        let Some(oldest) = stored.periods.keys().min_by_key(|id| start(id)).cloned() else {
            return;
        };
        stored.periods.remove(&oldest);
    }
}

fn mark(seen: &StoredSeen) -> Mark {
    let own = seen.own.iter().map(|(from, to, by)| Writes {
        from: Moment::from_millis(*from),
        to: Moment::from_millis(*to),
        by: by.clone(),
    });
    Mark {
        until: Moment::from_millis(seen.until),
        own: own.collect(),
    }
}

/// What the person chose, as far as the exchange reaches, and what the exchange is limited
/// to, as far as it was chosen.
fn roots(prepared: &Prepared, question: &ReadPlan) -> Vec<String> {
    let scope = &prepared.exchange.org_units;
    let within = |units: &[String], others: &[String]| -> Vec<String> {
        units
            .iter()
            .filter(|unit| others.is_empty() || is_within(prepared, unit, others))
            .cloned()
            .collect()
    };
    let mut roots = within(&question.org_units, scope);
    if !scope.is_empty() {
        roots.extend(within(scope, &question.org_units));
    }
    roots.sort();
    roots.dedup();
    roots
}

/// Whether a unit is at or below others.
pub(super) fn is_within(prepared: &Prepared, unit: &str, others: &[String]) -> bool {
    let found = prepared.destination.org_units.get(unit);
    found.is_some_and(|unit| {
        unit.path
            .split('/')
            .any(|step| others.iter().any(|other| other == step))
    })
}

/// What the run found and did, by data set and period.
fn looked(run: &Run, by: &str) -> BTreeMap<String, BTreeMap<String, Looked>> {
    let journal = &run.journal;
    let mut found: IndexMap<Part, Looked> = IndexMap::new();
    let mut org_units: HashMap<Part, usize> = HashMap::new();
    for planned in run.plan.slices() {
        let part = (planned.slice.data_set, planned.slice.period);
        *org_units.entry(part).or_default() += planned.slice.destination_org_units().count();
        let looked = found.entry(part).or_insert_with(|| Looked {
            latest: Moment::UNKNOWN,
            latest_in_all: planned.latest,
            planned: journal.planned.unwrap_or(Moment::UNKNOWN),
            left: None,
            whole: false,
            written: journal.written.get(&part).cloned().unwrap_or_default(),
            by: by.to_owned(),
        });
        looked.latest = looked.latest.max(planned.latest);
        looked.latest_in_all = looked.latest_in_all.min(planned.latest);
        let Some(seen) = journal.seen.get(&part) else {
            continue;
        };
        // Without an edit of its own kind, a value that cannot be sent may have been edited.
        let left = planned
            .entries
            .clone()
            .filter_map(|index| {
                let entry = run.plan.get(index)?;
                let is_left = matches!(
                    entry.kind.kind(),
                    Kind::EditedHere | Kind::Blocked | Kind::Cleared
                ) && entry.present_value.is_some()
                    && seen.is_edited(entry.last_updated, entry.stored_by)
                    && !matches!(run.outcome(index), Some((Outcome::Written, _)));
                is_left.then_some(entry.last_updated)
            })
            .min();
        looked.left = match (looked.left, left) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    let mut by_set: BTreeMap<String, BTreeMap<String, Looked>> = BTreeMap::new();
    for (part, mut looked) in found {
        looked.whole = org_units.get(&part) == journal.expected.get(&part);
        let text = |symbol| run.symbols.text(symbol).to_owned();
        by_set
            .entry(text(part.0))
            .or_default()
            .insert(text(part.1), looked);
    }
    by_set
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_periods_make_room() {
        let mut stored = StoredRun::default();
        for year in 2010..2020 {
            for month in 1..=12 {
                let id = format!("{year}{month:02}");
                stored.periods.insert(id, StoredSeen::default());
            }
        }
        shorten(&mut stored);
        assert_eq!(stored.periods.len(), PERIODS_KEPT);
        assert_eq!(stored.periods.keys().next().unwrap(), "201501");
        for seen in stored.periods.values_mut() {
            seen.scope = vec!["ouFacA10001".into(); 1_000];
        }
        shorten(&mut stored);
        assert!(serde_json::to_vec(&stored).unwrap().len() <= MAX_VALUE_BYTES);
        assert_eq!(stored.periods.keys().last().unwrap(), "201912");
    }
}
