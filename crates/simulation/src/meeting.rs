//! Source values that meet in one cell of the destination, and what they make together: the
//! app's rules in the simulation's own words.

use std::collections::BTreeMap;

use crate::elements::{ELEMENTS, Form};
use crate::side::Key;

/// A source value that comes to a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// The first in priority lowest: the place of its data item, then that of its org unit.
    pub priority: (usize, usize),
    /// Its cell at the source.
    pub from: Key,
    /// Its value.
    pub text: String,
    /// When it was last changed at the source, as the source writes it.
    pub stamp: String,
}

/// What a cell of the destination is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// This value, with the places (in `coming`) of those that it was made of.
    Value(String, Vec<usize>),
    /// Nothing is sent, for this reason.
    Blocked(&'static str),
}

/// The rules of a mapping.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// For all items without one of their own; empty for none.
    pub for_all: &'static str,
    /// By item of the destination, `dataElement.categoryOptionCombo`: the rule, and the source's
    /// items by priority.
    pub of_items: BTreeMap<String, (&'static str, Vec<String>)>,
}

impl Rules {
    /// The rule of an item; none where there is none.
    pub fn of(&self, item: &str) -> Option<&'static str> {
        let own = self.of_items.get(item).map(|own| own.0);
        own.or(Some(self.for_all)).filter(|rule| !rule.is_empty())
    }
}

/// What values make together that meet in a cell, the first in priority first. One alone is
/// what it is.
pub fn together(rule: Option<&str>, cell: &Key, coming: &[Coming]) -> Wanted {
    let chosen = |at: usize| Wanted::Value(coming[at].text.clone(), vec![at]);
    let all = 0..coming.len();
    if coming.len() == 1 {
        return chosen(0);
    }
    let Some(rule) = rule else {
        return Wanted::Blocked("severalSourceValues");
    };
    let form = ELEMENTS.iter().find(|one| one.uid == cell.element());
    let is_number = !matches!(
        form.map(|one| one.form),
        Some(Form::Text | Form::Boolean) | None
    );
    // The later one wins where `is_better` says so, else the first in priority.
    let best = |is_better: &dyn Fn(&Coming, &Coming) -> bool| {
        let better = |best: usize, at: usize| {
            if is_better(&coming[at], &coming[best]) {
                at
            } else {
                best
            }
        };
        chosen(all.clone().fold(0, better))
    };
    match rule {
        "first" => chosen(0),
        "last" => best(&|one, than| one.stamp > than.stamp),
        _ if !is_number => Wanted::Blocked("notCombinable"),
        "max" => best(&|one, than| tenths(&one.text) > tenths(&than.text)),
        "min" => best(&|one, than| tenths(&one.text) < tenths(&than.text)),
        _ => {
            let sum: u64 = coming.iter().map(|one| tenths(&one.text)).sum();
            let (whole, rest) = (sum / 10, sum % 10);
            let text = match rest {
                0 => whole.to_string(),
                _ => format!("{whole}.{rest}"),
            };
            Wanted::Value(text, all.collect())
        }
    }
}

/// A number of this world, none of which has more than one decimal.
fn tenths(text: &str) -> u64 {
    let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
    let number = |text: &str| text.parse::<u64>().unwrap_or_default();
    10 * number(whole) + number(tenth)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the values of a number make together, by all rules.
    #[test]
    fn what_values_make_together() {
        let cell = |element: &str| Key([element, "", "", "", ""].map(str::to_owned));
        let check = |element: &str, rule: &str, texts: [&str; 3], expected: &str| {
            let coming: Vec<Coming> = texts
                .into_iter()
                .zip(["2", "3", "3"])
                .enumerate()
                .map(|(at, (text, stamp))| Coming {
                    priority: (0, at),
                    from: cell(element),
                    text: text.to_owned(),
                    stamp: stamp.to_owned(),
                })
                .collect();
            let rule = Some(rule).filter(|rule| !rule.is_empty());
            let shown = match together(rule, &cell(element), &coming) {
                Wanted::Value(text, of) => format!("{text} of {of:?}"),
                Wanted::Blocked(reason) => reason.to_owned(),
            };
            assert_eq!(shown, expected, "{element} {rule:?} {texts:?}");
        };
        check(
            "deNumber001",
            "sum",
            ["3.0", "3.5", "7"],
            "13.5 of [0, 1, 2]",
        );
        check("deNumber001", "sum", ["3.5", "3.5", "1"], "8 of [0, 1, 2]");
        check("deNumber001", "max", ["3.0", "10", "10.0"], "10 of [1]");
        check("deNumber001", "min", ["3.0", "3", "10"], "3.0 of [0]");
        check("deNumber001", "last", ["1", "2", "3"], "2 of [1]");
        check("deText00001", "last", ["a", "b", "c"], "b of [1]");
        check("deText00001", "first", ["a", "b", "c"], "a of [0]");
        check("deText00001", "sum", ["a", "b", "c"], "notCombinable");
        check("deBoolean01", "max", ["1", "f", "1"], "notCombinable");
        check("deNumber001", "", ["1", "1", "1"], "severalSourceValues");
    }
}
