//! Which values a refused request was refused for.
//!
//! 2.43 refuses a whole request for the key of some values and lists all its indexes, but
//! names what it took offence at: the org units, periods, elements, combos
//! (`dsMonthly01-[ouFacD30005]`, "five good and one unassigned" of `import-bad-requests`) or
//! the value's place (`1-OU_NOPE`, "code scheme, one unknown code"). So the good values can
//! go in with the next request, without looking for the bad ones by halves. The codes and
//! the order of what they name are those of DHIS2's ErrorCode and DefaultDataEntryService
//! (2.43.1).

use super::answer::{Conflict, ImportAnswer};
use super::write::OutgoingValue;

/// What the parts of a conflict's arguments are, from the first to the last.
#[derive(Clone, Copy)]
enum Part {
    /// Says nothing about single values: the data set.
    Any,
    DataElement,
    Period,
    OrgUnit,
    CategoryOptionCombo,
    AttributeOptionCombo,
}

/// The parts that a code's arguments are made of; `None` for codes that name no value.
fn parts(code: &str) -> Option<&'static [Part]> {
    use Part::{
        Any, AttributeOptionCombo, CategoryOptionCombo, DataElement, OrgUnit, Period as Pe,
    };
    Some(match code {
        "E8003" => &[DataElement],
        "E8011" => &[OrgUnit],
        "E8020" => &[Any, DataElement],
        "E8021" | "E8030" => &[Any, Pe],
        "E8022" => &[Any, OrgUnit],
        "E8023" => &[Any, AttributeOptionCombo],
        "E8024" => &[Any, DataElement, CategoryOptionCombo],
        "E8025" => &[AttributeOptionCombo, OrgUnit],
        "E8031" => &[OrgUnit, Pe],
        "E8032" => &[AttributeOptionCombo, Pe],
        "E8033" => &[AttributeOptionCombo, OrgUnit, Pe],
        _ => return None,
    })
}

impl ImportAnswer {
    /// The places of the values that a refused request was refused for, ascending, where the
    /// server names them: without them the others can be sent again. `values` are those of
    /// the request, in its order. Empty where the request was not refused as a whole, where
    /// the server names nothing (E8002, E8010, E8012 …, all up to 2.42) or something that is
    /// in none of the values: then only smaller requests find out.
    ///
    /// The server stops at the first kind of fault: the next request may be refused for
    /// another one.
    #[must_use]
    pub fn guilty(&self, values: &[OutgoingValue<'_>]) -> Vec<usize> {
        let Some(fault) = &self.whole_request_refused else {
            return Vec::new();
        };
        match parts(&fault.code) {
            Some(parts) => named(fault, parts, values),
            None if counts_places(&fault.code) => {
                let mut places = places(&fault.arguments);
                places.retain(|place| *place < values.len());
                places
            }
            None => Vec::new(),
        }
    }
}

/// Whether a code's arguments begin with the place of the value, or with a list of places
/// (E8128, several values of one cell).
fn counts_places(code: &str) -> bool {
    code == "E8128"
        || code
            .strip_prefix("E81")
            .and_then(|rest| rest.parse::<u8>().ok())
            .is_some_and(|rest| rest <= 11 || rest == 26 || rest == 27)
}

/// The places that the arguments begin with: `1-OU_NOPE`, `[0, 1]-DataValueKey[…]`.
fn places(arguments: &str) -> Vec<usize> {
    let list = match arguments.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => arguments.split('-').next().unwrap_or_default(),
    };
    let mut places: Vec<usize> = list
        .split(',')
        .filter_map(|place| place.trim().parse().ok())
        .collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// The values whose key holds what every part names.
fn named(fault: &Conflict, parts: &[Part], values: &[OutgoingValue<'_>]) -> Vec<usize> {
    let texts: Vec<&str> = fault.arguments.splitn(parts.len(), '-').collect();
    if texts.len() != parts.len() {
        return Vec::new();
    }
    let holds = |value: &OutgoingValue<'_>| {
        parts.iter().zip(&texts).all(|(part, text)| {
            let own = match part {
                Part::Any => return true,
                Part::DataElement => value.data_element,
                Part::Period => value.period,
                Part::OrgUnit => value.org_unit,
                Part::CategoryOptionCombo => value.category_option_combo,
                Part::AttributeOptionCombo => value.attribute_option_combo,
            };
            text.trim_matches(['[', ']'])
                .split(',')
                .any(|named| named.trim() == own)
        })
    };
    values
        .iter()
        .enumerate()
        .filter(|(_, value)| holds(value))
        .map(|(place, _)| place)
        .collect()
}
