//! The mapping of a world, in the simulation's own words: what the app is told, and where each
//! source value belongs by it.

use std::collections::BTreeMap;

use tributary_exchange::questions::mapping::{MappingChange, MappingPart};

use crate::elements::ELEMENTS;
use crate::random::Random;
use crate::side::{DEFAULT, Key, Values};
use crate::world::UNITS;

/// A facility that may be mapped nowhere.
const NOT_MAPPED: &str = "ouFacA10003";

/// Where a thing of the source goes; `None`: left out on purpose. What is not in it is not mapped.
type Choices = BTreeMap<String, Option<String>>;

/// What the mapping says, in the simulation's own words.
#[derive(Debug, Default)]
pub struct Mapping {
    /// `dataElement.categoryOptionCombo`.
    items: Choices,
    units: BTreeMap<String, String>,
    /// What values that meet in a cell make together: `sum`, `max` or `min`.
    rule: &'static str,
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
            changes.push((MappingPart::Items, MappingChange::To { row, target: to }));
            self.rule = random
                .pick(&["sum", "max", "min"])
                .copied()
                .unwrap_or("sum");
            let combine = MappingChange::Combine {
                target,
                rule: self.rule.to_owned(),
                order: Vec::new(),
            };
            changes.push((MappingPart::Items, combine));
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

    /// What the cells of the destination are to hold for these values of the source.
    pub fn wanted(&self, source: &Values) -> Values {
        let mut wanted = Values::new();
        for (key, text) in source {
            let Place::To(cell) = self.place(key) else {
                continue;
            };
            let text = match wanted.get(&cell) {
                Some(other) => self.together(text, other),
                None => text.clone(),
            };
            wanted.insert(cell, text);
        }
        wanted
    }

    /// Only counts meet.
    fn together(&self, one: &str, other: &str) -> String {
        let number = |text: &str| text.parse::<u64>().unwrap_or_default();
        let (one, other) = (number(one), number(other));
        match self.rule {
            "max" => one.max(other),
            "min" => one.min(other),
            _ => one + other,
        }
        .to_string()
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
