//! What is read at one go. The question is a *field* for each data set, its periods by its org
//! units; a *tile* of it is what one request at each side asks for: some of the org units in
//! one period, or all of them in several periods where they have few values. In the plan each
//! period of a tile is a slice of its own. The tiles come in the order of data set, period and
//! org unit, however large they are, so that the plan is the same.
//!
//! Pure: how many values to ask for is [`super::pace`]'s affair.

use std::collections::VecDeque;
use std::ops::Range;

/// Org units of a tile at most, and periods: with them the address of a request still passes
/// through a Route (`tributary_dhis2::query::MAX_REQUEST_LINE`).
const MOST_ORG_UNITS: usize = 200;
const MOST_PERIODS: usize = 60;

/// What an org unit has in a period is taken for at least this part of what it could have,
/// however few values were seen: the next ones may have more.
const FEWEST_OF_CELLS: usize = 8;

/// One data set of the question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// How many periods.
    pub(super) periods: usize,
    /// How many values an org unit can have in a period.
    pub(super) cells: usize,
}

/// A part of a field, read at one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tile {
    /// Place of the field.
    pub(super) field: usize,
    /// Places of the periods.
    pub(super) periods: Range<usize>,
    /// Places of the groups of org units.
    pub(super) groups: Range<usize>,
}

impl Tile {
    /// Where it stands among the tiles.
    pub(super) fn place(&self) -> (usize, usize, usize) {
        (self.field, self.periods.start, self.groups.start)
    }

    /// Whether it has halves.
    pub(super) fn is_divisible(&self) -> bool {
        self.periods.len() > 1 || self.groups.len() > 1
    }

    /// Its halves; none where it is a group of org units in one period.
    fn halves(&self) -> Option<[Self; 2]> {
        let cut = |range: &Range<usize>| {
            let middle = range.start + range.len() / 2;
            [range.start..middle, middle..range.end]
        };
        let with = |[first, second]: [Self; 2]| Some([first, second]);
        if self.periods.len() > 1 {
            with(cut(&self.periods).map(|periods| Self {
                periods,
                ..self.clone()
            }))
        } else if self.groups.len() > 1 {
            with(cut(&self.groups).map(|groups| Self {
                groups,
                ..self.clone()
            }))
        } else {
            None
        }
    }
}

/// The tiles that are still to be read.
#[derive(Debug)]
pub(super) struct Tiles {
    fields: Vec<Field>,
    /// How many org units each group has: those that go to one destination.
    groups: Vec<usize>,
    /// What was given back, to be read first.
    halves: VecDeque<Tile>,
    /// The field, period and group that come next.
    next: (usize, usize, usize),
    /// Of each field, how often an org unit in a period was read, and how many values that gave.
    seen: Vec<(usize, usize)>,
}

impl Tiles {
    /// All of the question.
    pub(super) fn new(fields: Vec<Field>, groups: Vec<usize>) -> Self {
        Self {
            seen: vec![(0, 0); fields.len()],
            next: (0, 0, 0),
            halves: VecDeque::new(),
            fields,
            groups,
        }
    }

    /// Org units by periods of all fields.
    pub(super) fn total(&self) -> usize {
        let periods: usize = self.fields.iter().map(|field| field.periods).sum();
        periods * self.groups.iter().sum::<usize>()
    }

    /// Org units by periods of a tile.
    pub(super) fn size(&self, tile: &Tile) -> usize {
        let groups = self.groups.get(tile.groups.clone()).unwrap_or_default();
        tile.periods.len() * groups.iter().sum::<usize>()
    }

    /// How many values are to be expected of a tile.
    pub(super) fn expected(&self, tile: &Tile) -> usize {
        self.size(tile) * self.values_of_an_org_unit(tile.field)
    }

    /// The next tile, of about so many values.
    pub(super) fn next(&mut self, values: usize) -> Option<Tile> {
        if let Some(half) = self.halves.pop_front() {
            return Some(half);
        }
        if self.groups.is_empty() {
            return None;
        }
        let (mut field, mut period, mut group) = self.next;
        while self.fields.get(field)?.periods <= period {
            (field, period, group) = (field + 1, 0, 0);
        }
        let size = (values / self.values_of_an_org_unit(field)).max(1);
        let all: usize = self.groups.iter().sum();
        let tile = if group == 0 && all <= size.min(MOST_ORG_UNITS) {
            let left = self.fields[field].periods - period;
            let periods = (size / all.max(1)).clamp(1, MOST_PERIODS.min(left));
            Tile {
                field,
                periods: period..period + periods,
                groups: 0..self.groups.len(),
            }
        } else {
            let mut end = group + 1;
            let mut units = self.groups[group];
            while let Some(more) = self.groups.get(end)
                && units + more <= size.min(MOST_ORG_UNITS)
            {
                units += more;
                end += 1;
            }
            Tile {
                field,
                periods: period..period + 1,
                groups: group..end,
            }
        };
        self.next = if tile.groups.end == self.groups.len() {
            (field, tile.periods.end, 0)
        } else {
            (field, period, tile.groups.end)
        };
        Some(tile)
    }

    /// Takes a tile back that was too large, to be read in halves. `false` where it cannot be
    /// smaller.
    pub(super) fn give_back(&mut self, tile: &Tile) -> bool {
        let Some([first, second]) = tile.halves() else {
            return false;
        };
        // Those behind it may have been given back before.
        let place = self
            .halves
            .partition_point(|half| half.place() < first.place());
        self.halves.insert(place, second);
        self.halves.insert(place, first);
        true
    }

    /// The first of those that were given back.
    pub(super) fn first_half(&self) -> Option<&Tile> {
        self.halves.front()
    }

    /// A tile had so many values.
    pub(super) fn learn(&mut self, tile: &Tile, values: usize) {
        let size = self.size(tile);
        if let Some(seen) = self.seen.get_mut(tile.field) {
            seen.0 += size;
            seen.1 += values;
        }
    }

    /// How many values are to be expected of an org unit in a period.
    fn values_of_an_org_unit(&self, field: usize) -> usize {
        let cells = self.fields.get(field).map_or(1, |field| field.cells);
        match self.seen.get(field) {
            Some(&(units, values)) if units > 0 => {
                values.div_ceil(units).max(cells.div_ceil(FEWEST_OF_CELLS))
            }
            _ => cells,
        }
        .max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiles(fields: &[(usize, usize)], groups: &[usize]) -> Tiles {
        let field = |&(periods, cells): &(usize, usize)| Field { periods, cells };
        Tiles::new(fields.iter().map(field).collect(), groups.to_vec())
    }

    fn shown(tile: &Tile) -> String {
        format!("{} {:?} {:?}", tile.field, tile.periods, tile.groups)
    }

    fn all(tiles: &mut Tiles, values: usize) -> Vec<String> {
        std::iter::from_fn(|| tiles.next(values))
            .map(|tile| shown(&tile))
            .collect()
    }

    #[test]
    fn few_values_are_read_for_several_periods() {
        // A year of 58 facilities with 16 cells each.
        let mut year = tiles(&[(12, 16)], &[1; 58]);
        assert_eq!(
            all(&mut year, 5_000),
            ["0 0..5 0..58", "0 5..10 0..58", "0 10..12 0..58"]
        );
        let mut two = tiles(&[(2, 16), (0, 5), (1, 16)], &[1; 10]);
        assert_eq!(all(&mut two, 5_000), ["0 0..2 0..10", "2 0..1 0..10"]);
        let mut many = tiles(&[(365, 1)], &[1]);
        assert_eq!(
            all(&mut many, 50_000).len(),
            365_usize.div_ceil(MOST_PERIODS)
        );
    }

    #[test]
    fn many_values_are_read_for_some_org_units_at_a_time() {
        let mut large = tiles(&[(2, 500)], &[1; 25]);
        assert_eq!(
            all(&mut large, 5_000),
            [
                "0 0..1 0..10",
                "0 0..1 10..20",
                "0 0..1 20..25",
                "0 1..2 0..10",
                "0 1..2 10..20",
                "0 1..2 20..25",
            ]
        );
        // The address has an end, too, and more than 200 are never put together with others.
        let mut country = tiles(&[(1, 1)], &[1; 450]);
        assert_eq!(
            all(&mut country, 50_000),
            ["0 0..1 0..200", "0 0..1 200..400", "0 0..1 400..450"]
        );
    }

    #[test]
    fn org_units_that_meet_stay_together() {
        let mut met = tiles(&[(1, 100)], &[2, 1, 5, 1]);
        assert_eq!(
            all(&mut met, 300),
            ["0 0..1 0..2", "0 0..1 2..3", "0 0..1 3..4"]
        );
        assert!(all(&mut tiles(&[(3, 5)], &[]), 100).is_empty());
        assert!(all(&mut tiles(&[], &[1]), 100).is_empty());
    }

    #[test]
    fn what_was_seen_counts_more_than_what_could_be() {
        let mut sparse = tiles(&[(20, 100)], &[1; 10]);
        let first = sparse.next(1_000).unwrap();
        assert_eq!(shown(&first), "0 0..1 0..10");
        sparse.learn(&first, 200);
        assert_eq!(shown(&sparse.next(1_000).unwrap()), "0 1..6 0..10");
        // Nothing there yet does not mean that there never is.
        let mut empty = tiles(&[(20, 80)], &[1; 10]);
        let first = empty.next(800).unwrap();
        empty.learn(&first, 0);
        assert_eq!(shown(&empty.next(800).unwrap()), "0 1..9 0..10");
    }

    #[test]
    fn a_tile_that_is_too_large_is_read_in_halves() {
        let mut tiles = tiles(&[(4, 10)], &[1, 1, 1]);
        let whole = tiles.next(1_000).unwrap();
        assert_eq!(shown(&whole), "0 0..4 0..3");
        assert!(tiles.give_back(&whole));
        assert_eq!(tiles.first_half().map(shown).unwrap(), "0 0..2 0..3");
        let (first, second) = (tiles.next(1).unwrap(), tiles.next(1).unwrap());
        assert_eq!(shown(&second), "0 2..4 0..3");
        assert!(tiles.give_back(&second) && tiles.give_back(&first));
        let quarters = ["0 0..1 0..3", "0 1..2 0..3", "0 2..3 0..3", "0 3..4 0..3"];
        let first = tiles.next(1).unwrap();
        assert_eq!(shown(&first), quarters[0]);
        assert!(tiles.give_back(&first));
        let unit = tiles.next(1).unwrap();
        assert_eq!(shown(&unit), "0 0..1 0..1");
        assert!(!tiles.give_back(&unit), "no half of an org unit");
        let rest = all(&mut tiles, 1);
        assert_eq!(rest[0], "0 0..1 1..3");
        assert_eq!(rest[1..], quarters[1..]);
    }

    /// Whatever the sizes, each org unit in each period is read once, in one order.
    #[test]
    fn nothing_is_left_out_or_read_twice() {
        let groups = [1, 3, 1, 1, 2, 1, 1, 1];
        for values in [1, 7, 30, 200, 5_000] {
            let mut tiles = tiles(&[(5, 3), (2, 40)], &groups);
            let mut seen = Vec::new();
            let mut given_back = 0;
            while let Some(tile) = tiles.next(values) {
                if given_back < 4 && tiles.give_back(&tile) {
                    given_back += 1;
                    continue;
                }
                for period in tile.periods.clone() {
                    seen.extend(tile.groups.clone().map(|group| (tile.field, period, group)));
                }
                tiles.learn(&tile, values % 5);
            }
            let field = |field, periods| {
                (0..periods).flat_map(move |period| (0..8).map(move |group| (field, period, group)))
            };
            let expected: Vec<_> = field(0, 5).chain(field(1, 2)).collect();
            assert_eq!(seen, expected, "{values}");
        }
    }
}
