//! What is due next: the values of some slices that follow each other in the plan and go into
//! one write together, and where the destination has to be looked at for them.

use std::collections::HashSet;

use tributary_dhis2::values::ValueRead;
use tributary_engine::cell::Cell;
use tributary_engine::moment::Moment;
use tributary_engine::outcome::Answer;
use tributary_engine::plan::Kind;
use tributary_engine::symbol::{Symbol, Symbols};

use super::{is_open, no_plan};
use crate::problem::Problem;
use crate::service::import::read::wanted;
use crate::service::import::run::Run;

/// Values that one reading before or after a write gives at most, as far as the plan knows.
const VALUES_OF_A_READING: usize = 20_000;
/// Values that cost about as much as the request that they come in.
const VALUES_OF_A_REQUEST: usize = 1_000;
/// Org units and periods of one reading at most: they stand in its address.
const ORG_UNITS_OF_A_READING: usize = 200;
const PERIODS_OF_A_READING: usize = 60;

/// A confirmed value on its way.
#[derive(Clone, Debug)]
pub(super) struct Due {
    pub(super) entry: u32,
    pub(super) cell: Cell,
    /// What is sent; of a deletion the value that is to go.
    pub(super) value: String,
    /// It is to be deleted.
    pub(super) deletes: bool,
    /// What the plan showed at the destination.
    pub(super) shown: Option<String>,
    /// When that was stored.
    pub(super) shown_since: Moment,
    pub(super) answer: Answer,
}

/// What is due in some slices of one data set, and where.
pub(super) struct DueSlices {
    /// Of the destination.
    pub(super) data_set: Symbol,
    pub(super) values: Vec<Due>,
    /// The readings that have all of their cells.
    pub(super) readings: Vec<ValueRead>,
}

/// One reading while it is put together.
#[derive(Default)]
struct Reading {
    periods: Vec<Symbol>,
    org_units: HashSet<Symbol>,
    /// How many values an org unit has in a period, at most.
    values_of_one: usize,
}

impl Reading {
    /// It reads all of its org units in all of its periods.
    fn values(&self) -> usize {
        self.periods.len() * self.org_units.len() * self.values_of_one
    }

    /// Whether it is one that servers are asked for.
    fn fits(&self) -> bool {
        self.values() <= VALUES_OF_A_READING
            && self.org_units.len() <= ORG_UNITS_OF_A_READING
            && self.periods.len() <= PERIODS_OF_A_READING
    }

    /// Adds what another one reads.
    fn add(&mut self, other: &Self) {
        for period in &other.periods {
            if !self.periods.contains(period) {
                self.periods.push(*period);
            }
        }
        self.org_units.extend(&other.org_units);
        self.values_of_one = self.values_of_one.max(other.values_of_one);
    }
}

/// How many of these slices (from the first on) are sent together: those of one data set with
/// no more than `size` values due. One at least.
pub(super) fn together(run: &Run, slices: &[usize], size: usize) -> usize {
    let Some(log) = &run.log else { return 1 };
    let planned = |slice: &usize| run.plan.slices().get(*slice);
    let data_set = slices
        .first()
        .and_then(planned)
        .map(|first| first.slice.data_set);
    let mut due = 0;
    let fits = |slice: &&usize| {
        let outcomes = log.of_slice(&run.plan, **slice);
        due += usize::try_from(outcomes.not_sent + outcomes.unknown).unwrap_or(usize::MAX);
        due <= size && planned(slice).map(|next| next.slice.data_set) == data_set
    };
    slices.iter().take_while(fits).count().max(1)
}

/// What of these slices is still to be sent.
pub(super) fn due(run: &Run, symbols: &Symbols, slices: &[usize]) -> Result<DueSlices, Problem> {
    let log = run.log.as_ref().ok_or_else(no_plan)?;
    let mut values = Vec::new();
    let mut parts: Vec<Reading> = Vec::new();
    let mut data_set = None;
    for &slice in slices {
        let planned = run.plan.slices().get(slice).ok_or_else(no_plan)?;
        let first = values.len();
        for entry in planned.entries.clone() {
            if !log.get(entry).is_some_and(is_open) {
                continue;
            }
            let Some(found) = run.plan.get(entry) else {
                continue;
            };
            let deletes = found.kind.kind() == Kind::Cleared;
            let value = if deletes {
                found.present_value.unwrap_or_default()
            } else {
                found.value_to_send
            };
            values.push(Due {
                entry,
                cell: found.cell,
                value: value.to_owned(),
                deletes,
                shown: found.present_value.map(str::to_owned),
                shown_since: found.last_updated,
                answer: Answer::NotSent,
            });
        }
        let added: &[Due] = values.get(first..).unwrap_or_default();
        if !added.is_empty() {
            data_set = Some(planned.slice.data_set);
            let org_units = added.iter().map(|due| due.cell.org_unit).collect();
            let all = planned.slice.destination_org_units().count().max(1);
            parts.push(Reading {
                periods: vec![planned.slice.period],
                org_units,
                values_of_one: planned.entries.len().div_ceil(all).max(1),
            });
        }
    }
    let Some(data_set) = data_set else {
        return Ok(DueSlices {
            data_set: Symbol::EMPTY,
            values,
            readings: Vec::new(),
        });
    };
    let text = |symbol: &Symbol| symbols.text(*symbol).to_owned();
    let readings = cheapest(&parts).into_iter().map(|reading| {
        let mut org_units: Vec<String> = reading.org_units.iter().map(text).collect();
        org_units.sort_unstable();
        let periods = reading.periods.iter().map(text).collect();
        wanted(text(&data_set), periods, org_units)
    });
    Ok(DueSlices {
        data_set,
        readings: readings.collect(),
        values,
    })
}

/// Puts periods with their org units that follow each other together into the readings that cost
/// least: a reading reads all of its org units in all of its periods, some of it in vain, and a
/// request costs as much as some values.
fn cheapest(parts: &[Reading]) -> Vec<Reading> {
    // From the end on: what all from here on cost, and where the first reading of them ends.
    let mut best = vec![(0, parts.len()); parts.len() + 1];
    for from in (0..parts.len()).rev() {
        let mut together = Reading::default();
        let mut found = (usize::MAX, from + 1);
        for (part, end) in parts.iter().zip(1..).skip(from) {
            together.add(part);
            if end > from + 1 && !together.fits() {
                break;
            }
            let rest = best.get(end).map_or(0, |(cost, _)| *cost);
            let cost = rest + together.values() + VALUES_OF_A_REQUEST;
            if cost <= found.0 {
                found = (cost, end);
            }
        }
        if let Some(place) = best.get_mut(from) {
            *place = found;
        }
    }
    let mut readings = Vec::new();
    let mut rest = parts;
    while let Some(&(_, end)) = best.get(parts.len() - rest.len())
        && !rest.is_empty()
    {
        let (first, after) = rest.split_at(end - (parts.len() - rest.len()));
        let mut together = Reading::default();
        first.iter().for_each(|part| together.add(part));
        readings.push(together);
        rest = after;
    }
    readings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readings_are_bounded() {
        let mut symbols = Symbols::new();
        let units: Vec<Symbol> = (0..450)
            .map(|number| symbols.intern(&format!("ou{number}")))
            .collect();
        let periods: Vec<Symbol> = (0..130)
            .map(|number| symbols.intern(&format!("p{number}")))
            .collect();
        let read = |parts: &[(usize, std::ops::Range<usize>, usize)]| {
            let part =
                |(period, range, values_of_one): &(usize, std::ops::Range<usize>, usize)| Reading {
                    periods: vec![periods[*period]],
                    org_units: units[range.clone()].iter().copied().collect(),
                    values_of_one: *values_of_one,
                };
            let parts: Vec<Reading> = parts.iter().map(part).collect();
            let shape = |reading: &Reading| (reading.periods.len(), reading.org_units.len());
            cheapest(&parts).iter().map(shape).collect::<Vec<_>>()
        };
        // Several months of few values, also of other org units.
        assert_eq!(read(&[(0, 0..5, 16), (1, 3..9, 16)]), [(2, 9)]);
        // Not where most of it would be read in vain.
        let other = [(0, 0..40, 16), (1, 40..80, 16)];
        assert_eq!(read(&other), [(1, 40), (1, 40)]);
        // The parts of one month, up to what an address holds.
        assert_eq!(
            read(&[(0, 0..150, 8), (0, 150..200, 8), (0, 200..210, 8)]),
            [(1, 200), (1, 10)]
        );
        assert_eq!(
            read(&[(0, 0..9, 1_200), (1, 0..9, 1_200)]),
            [(1, 9), (1, 9)]
        );
        assert_eq!(read(&[(0, 0..300, 300)]), [(1, 300)], "no slice is cut");
        // Nine other org units in each month: three months at a time read the least in vain.
        let scattered: Vec<_> = (0..9).map(|at| (at, at * 9..at * 9 + 9, 16)).collect();
        assert_eq!(read(&scattered), [(3, 27); 3]);
        assert_eq!(read(&[]), []);
        let days: Vec<_> = (0..130).map(|day| (day, 0..1, 1)).collect();
        assert_eq!(read(&days), [(60, 1), (60, 1), (10, 1)]);
    }
}
