//! The plainest way to say what combined and cleared values are: cell by cell, over plain
//! rows, in hundredths instead of decimals.

use tributary_engine::mapping::CombinationRule;

use super::world::{ATTRIBUTES, ELEMENTS, SourceRow, VALUES, World};

/// What is expected of one cell of the destination into which several source cells go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    /// Its common value; none where the values cannot be combined.
    pub value: Option<String>,
    /// Its parts as `state element attribute unit`, sorted.
    pub parts: Vec<(char, usize, usize, usize)>,
}

fn hundredths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    let whole: i64 = whole.parse().ok()?;
    let fraction: i64 = format!("{fraction:0<2}").parse().ok()?;
    Some(whole * 100 + sign * fraction)
}

fn plain(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, fraction) = (hundredths.abs() / 100, hundredths.abs() % 100);
    match (fraction, fraction % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}.{}", fraction / 10),
        _ => format!("{sign}{whole}.{fraction:02}"),
    }
}

/// The source rows that go to a cell (element, org unit, period of the destination).
pub(super) fn rows_to(
    world: &World,
    (element, unit, period): (usize, usize, usize),
) -> Vec<&SourceRow> {
    let goes = |row: &&SourceRow| {
        let (e, a, u, p) = row.key;
        world.items[e] == element + 2
            && world.attributes[a] == 2
            && world.units[u] == unit + 2
            && p == period
    };
    world.source.iter().filter(goes).collect()
}

fn sources(decided: &[usize], to: usize) -> Vec<usize> {
    (0..decided.len())
        .filter(|&from| decided[from] == to + 2)
        .collect()
}

/// What becomes of a cell by a rule; none where nothing meets there or there is no rule.
pub(super) fn expected(
    world: &World,
    cell: (usize, usize, usize),
) -> Option<(CombinationRule, Expected)> {
    let mut items = sources(&world.items, cell.0);
    let units = sources(&world.units, cell.1);
    let attributes = sources(&world.attributes, 0);
    let own = world.rules[cell.0].as_ref();
    let rule = own.map(|(rule, _)| *rule).or(world.default_rule)?;
    if items.len() < 2 && units.len() < 2 && attributes.len() < 2 {
        return None;
    }
    let order = own.map_or(&[][..], |(_, order)| order);
    items.sort_by_key(|item| {
        order
            .iter()
            .position(|first| first == item)
            .unwrap_or(ELEMENTS.len())
    });
    let rows = rows_to(world, cell);
    // In the order of priority.
    let mut all = Vec::new();
    for &item in &items {
        for &unit in &units {
            for attribute in (0..ATTRIBUTES.len()).filter(|a| attributes.contains(a)) {
                let found = rows.iter().find(|row| {
                    row.key == (item, attribute, unit, cell.2)
                        && !row.deleted
                        && !VALUES[row.value].is_empty()
                });
                all.push(((item, attribute, unit), found));
            }
        }
    }
    let there: Vec<(usize, &SourceRow)> = all
        .iter()
        .enumerate()
        .filter_map(|(at, (_, row))| Some((at, **(row.as_ref()?))))
        .collect();
    if there.is_empty() {
        return None;
    }
    let text = |row: &SourceRow| VALUES[row.value];
    let number = |(_, row): &(usize, &SourceRow)| hundredths(text(row));
    let numbers: Option<Vec<i64>> = there.iter().map(number).collect();
    let is_number = ELEMENTS[cell.0] != "deText00001";
    let numbers = numbers.filter(|_| is_number);
    let one = |at: Option<usize>| at.map(|at| (text(there[at].1).to_owned(), Some(there[at].0)));
    let first_with = |wanted: i64, numbers: &[i64]| numbers.iter().position(|&n| n == wanted);
    let made = if there.len() == 1 {
        one(Some(0))
    } else {
        match rule {
            CombinationRule::Sum => numbers.map(|numbers| (plain(numbers.iter().sum()), None)),
            CombinationRule::First => one(Some(0)),
            CombinationRule::Last => {
                let latest = there.iter().map(|(_, row)| row.stamp).max();
                one(there.iter().position(|(_, row)| Some(row.stamp) == latest))
            }
            CombinationRule::Max => one(numbers.and_then(|n| first_with(*n.iter().max()?, &n))),
            CombinationRule::Min => one(numbers.and_then(|n| first_with(*n.iter().min()?, &n))),
        }
    };
    let chosen = made.as_ref().and_then(|(_, chosen)| *chosen);
    let mut parts: Vec<_> = all
        .iter()
        .enumerate()
        .map(|(at, ((item, attribute, unit), row))| {
            let state = match row {
                None => '?',
                Some(_) if chosen.is_none_or(|chosen| chosen == at) => '+',
                Some(_) => '-',
            };
            (state, *item, *attribute, *unit)
        })
        .collect();
    parts.sort_unstable();
    let value = made.map(|(value, _)| value);
    Some((rule, Expected { value, parts }))
}
