//! The mapping of a world, in the simulation's own words: what the app is told, and where each
//! source value belongs by it.

use std::collections::BTreeMap;

use tributary_exchange::questions::mapping::{MappingChange, MappingPart};

use crate::elements::ELEMENTS;
use crate::meeting::{Coming, Rules, Wanted, together};
use crate::random::Random;
use crate::side::{DEFAULT, Key, Stamped};
use crate::world::UNITS;

/// A facility that may be mapped nowhere.
const NOT_MAPPED: &str = "ouFacA10003";

/// The elements that may become one, by name.
const BY_NAME: [&str; 2] = ["deInteger01", "deIntZeroP1"];

/// How values that meet are combined; by nothing, they are blocked.
const RULES: [&str; 6] = ["sum", "last", "max", "min", "first", ""];

/// Facilities of which the first may go to the second together with what goes there already:
/// neighbours, one that is closed, one that may be out of a set, one out of the clerk's reach.
const JOINED: [(&str, &str); 5] = [
    ("ouFacA20002", "ouFacA10002"),
    ("ouFacA10002", "ouFacA20001"),
    ("ouFacA10005", "ouFacA10002"),
    ("ouFacA20003", "ouFacA20002"),
    ("ouFacB10001", "ouFacA10001"),
];

/// Where a thing of the source goes; `None`: left out on purpose. What is not in it is not mapped.
type Choices = BTreeMap<String, Option<String>>;

/// What the mapping says, in the simulation's own words.
#[derive(Debug, Default)]
pub struct Mapping {
    /// `dataElement.categoryOptionCombo`.
    items: Choices,
    units: BTreeMap<String, String>,
    /// What values that meet in a cell make together.
    rules: Rules,
}

/// Where a source value belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// To this cell.
    To(Key),
    /// Nowhere, on purpose.
    Excluded,
    /// Nowhere, since nobody said where.
    Unmapped,
    /// It is not even read: its org unit is out of reach or not mapped.
    NotAsked,
}

impl Mapping {
    /// Everything to itself.
    pub(crate) fn all() -> Self {
        let mut mapping = Self::default();
        for element in &ELEMENTS {
            for combo in element.combos() {
                let item = format!("{}.{combo}", element.uid);
                mapping.items.insert(item.clone(), Some(item));
            }
        }
        for unit in UNITS {
            mapping.units.insert(unit.to_owned(), unit.to_owned());
        }
        mapping
    }

    /// Changes it here and there; the same as changes of the app's mapping.
    pub(crate) fn vary(&mut self, random: &Random) -> Vec<(MappingPart, MappingChange)> {
        let mut changes = Vec::new();
        let item = |element: &str| format!("{element}.{DEFAULT}");
        if random.chance(250) {
            let row = item("deText00001");
            self.items.insert(row.clone(), None);
            changes.push((MappingPart::Items, MappingChange::Exclude { row }));
        }
        if random.chance(250) {
            let row = "deAgeSex001.cocAgeSex03".to_owned();
            self.items.remove(&row);
            changes.push((MappingPart::Items, MappingChange::Clear { row }));
        }
        if random.chance(300) {
            // Two counts change places.
            for (from, to) in [
                ("deIntZeroP1", "deInteger01"),
                ("deInteger01", "deIntZeroP1"),
            ] {
                let (row, target) = (item(from), item(to));
                self.items.insert(row.clone(), Some(target.clone()));
                changes.push((MappingPart::Items, MappingChange::To { row, target }));
            }
        } else if random.chance(350) {
            // Two counts become one.
            let (row, target) = (item("deInteger01"), item("deIntZeroP1"));
            self.items.insert(row.clone(), Some(target.clone()));
            let to = target.clone();
            changes.push((
                MappingPart::Items,
                MappingChange::To {
                    row: row.clone(),
                    target: to,
                },
            ));
            let rule = random.pick(&RULES[..5]).copied().unwrap_or("sum");
            let mut order = vec![row, target.clone()];
            if random.chance(500) {
                order.reverse();
            }
            changes.push(self.combine(&target, rule, order));
        }
        if random.chance(300) {
            // Two facilities change places.
            for (from, to) in [
                ("ouFacA10001", "ouFacA20001"),
                ("ouFacA20001", "ouFacA10001"),
            ] {
                self.units.insert(from.to_owned(), to.to_owned());
                let (row, target) = (from.to_owned(), to.to_owned());
                changes.push((MappingPart::OrgUnits, MappingChange::To { row, target }));
            }
        }
        if random.chance(250) {
            let row = NOT_MAPPED.to_owned();
            self.units.remove(&row);
            changes.push((MappingPart::OrgUnits, MappingChange::Clear { row }));
        }
        changes
    }

    /// Lets org units meet, now and then, and says how their values are combined.
    pub(crate) fn join(&mut self, random: &Random) -> Vec<(MappingPart, MappingChange)> {
        let mut changes = Vec::new();
        if !random.chance(400) {
            return changes;
        }
        for _ in 0..1 + random.below(2) {
            let pair = random.pick(&JOINED).copied();
            let (from, to) = pair.unwrap_or(JOINED[0]);
            self.units.insert(from.to_owned(), to.to_owned());
            let (row, target) = (from.to_owned(), to.to_owned());
            changes.push((MappingPart::OrgUnits, MappingChange::To { row, target }));
        }
        let rule = random.pick(&RULES).copied().unwrap_or_default();
        if !rule.is_empty() {
            changes.push(self.combine("", rule, Vec::new()));
        }
        if random.chance(400) {
            let rule = random.pick(&RULES[..5]).copied().unwrap_or("sum");
            let item = format!("deNumber001.{DEFAULT}");
            changes.push(self.combine(&item, rule, vec![item.clone()]));
        }
        changes
    }

    /// A rule for an item, or for all.
    fn combine(
        &mut self,
        target: &str,
        rule: &'static str,
        order: Vec<String>,
    ) -> (MappingPart, MappingChange) {
        if target.is_empty() {
            self.rules.for_all = rule;
        } else {
            let own = (rule, order.clone());
            self.rules.of_items.insert(target.to_owned(), own);
        }
        let combine = MappingChange::Combine {
            target: target.to_owned(),
            rule: rule.to_owned(),
            order,
        };
        (MappingPart::Items, combine)
    }

    /// The values of the source by the cell of the destination that they come to, the first in
    /// priority first.
    pub fn coming(&self, source: &Stamped) -> BTreeMap<Key, Vec<Coming>> {
        let mut cells: BTreeMap<Key, Vec<Coming>> = BTreeMap::new();
        for (key, (text, stamp)) in source {
            let Place::To(cell) = self.place(key) else {
                continue;
            };
            let coming = Coming {
                priority: self.priority(key, &cell),
                from: key.clone(),
                text: text.clone(),
                stamp: stamp.clone(),
            };
            cells.entry(cell).or_default().push(coming);
        }
        for coming in cells.values_mut() {
            coming.sort_by_key(|one| one.priority);
        }
        cells
    }

    /// What the cells of the destination are to hold for these values of the source.
    pub fn wanted(&self, source: &Stamped) -> BTreeMap<Key, Wanted> {
        let cells = self.coming(source).into_iter();
        cells
            .map(|(cell, coming)| {
                let wanted = together(self.rule(&cell), &cell, &coming);
                (cell, wanted)
            })
            .collect()
    }

    /// By which rule values are combined that meet in a cell of the destination.
    pub fn rule(&self, cell: &Key) -> Option<&'static str> {
        self.rules.of(&item(cell))
    }

    /// The cells of the source that go to a cell of the destination.
    pub fn sources(&self, cell: &Key) -> Vec<Key> {
        let wanted = Some(item(cell));
        let items = self.items.iter().filter(|(_, to)| **to == wanted);
        let [_, _, attribute, unit, period] = &cell.0;
        let units = self.units.iter().filter(|(_, to)| *to == unit);
        items
            .flat_map(|(item, _)| units.clone().map(move |(unit, _)| (item, unit)))
            .map(|(item, unit)| {
                let (element, category) = item.split_once('.').unwrap_or_default();
                Key([element, category, attribute, unit, period].map(str::to_owned))
            })
            .collect()
    }

    /// How many they are.
    pub fn expected(&self, cell: &Key) -> usize {
        self.sources(cell).len()
    }

    /// The items by the order of the rule, else as the mapping lists them; then the org units as
    /// the mapping lists them, which is by name.
    fn priority(&self, from: &Key, cell: &Key) -> (usize, usize) {
        let own = self.rules.of_items.get(&item(cell));
        let order = own.filter(|own| own.0 == "first").map(|own| &own.1);
        let place = match order {
            Some(order) => order.iter().position(|one| *one == item(from)),
            None => BY_NAME.iter().position(|one| *one == from.element()),
        };
        let rank = |unit: &str| {
            let region = usize::from(unit.starts_with("ouFacA"));
            let place = UNITS.iter().position(|one| *one == unit);
            // "Eastern" comes before "Northern"; the rest is by uid and by name alike.
            region * UNITS.len() + place.unwrap_or(UNITS.len())
        };
        (place.unwrap_or(usize::MAX), rank(from.org_unit()))
    }

    /// Where a value of the source belongs.
    pub fn place(&self, key: &Key) -> Place {
        let [element, category, attribute, unit, period] = &key.0;
        // The clerk's reach is the northern region.
        let unit = match self.units.get(unit) {
            Some(unit) if unit.starts_with("ouFacA") => unit,
            _ => return Place::NotAsked,
        };
        match self.items.get(&format!("{element}.{category}")) {
            None => Place::Unmapped,
            Some(None) => Place::Excluded,
            Some(Some(item)) => {
                let (element, category) = item.split_once('.').unwrap_or_default();
                Place::To(Key(
                    [element, category, attribute, unit, period].map(str::to_owned)
                ))
            }
        }
    }
}

/// The data item of a cell.
fn item(key: &Key) -> String {
    let [element, category, ..] = &key.0;
    format!("{element}.{category}")
}
