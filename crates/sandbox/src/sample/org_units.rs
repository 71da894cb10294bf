//! The ministry's org-unit tree: country, region, district, facility.

use serde_json::{Value, json};

use super::country::{COUNTRY_NAME, Country, Facility};
use super::metadata::{insert, insert_code};
use super::spelling::NameParts;
use super::uid::UidMaker;

/// The names of the ministry's levels, from the top.
pub const LEVELS: [&str; 4] = ["Country", "Region", "District", "Facility"];

const FOUNDED: &str = "1960-01-01";

/// The tree as objects of a metadata payload, and the uids of its parts.
pub struct OrgUnitTree {
    /// The root's uid.
    pub country: String,
    /// Uids in the order of [`Country::districts`].
    pub districts: Vec<String>,
    /// Uids in the order of [`Country::facilities`].
    pub facilities: Vec<String>,
    /// For `organisationUnits`, parents before children.
    pub objects: Vec<Value>,
}

/// The tree of four levels.
pub fn write_org_units(country: &Country, uids: &mut UidMaker) -> OrgUnitTree {
    let root = uids.make("orgUnit", "country");
    let mut objects = vec![org_unit(&root, "LM", COUNTRY_NAME, FOUNDED, None)];
    let regions: Vec<String> = country
        .regions
        .iter()
        .enumerate()
        .map(|(index, region)| {
            let id = uids.make("orgUnit", &format!("region {index}"));
            let name = if region.french {
                format!("Région {}", of(&region.name))
            } else {
                format!("{} Region", region.name)
            };
            objects.push(org_unit(
                &id,
                &format!("LM{:02}", index + 1),
                &name,
                FOUNDED,
                Some(&root),
            ));
            id
        })
        .collect();
    let districts: Vec<String> = country
        .districts
        .iter()
        .enumerate()
        .map(|(index, district)| {
            let id = uids.make("orgUnit", &format!("district {index}"));
            let french = country.regions[district.region].french;
            let name = district_name(&district.name, french);
            let code = format!("LM{:02}{:03}", district.region + 1, index + 1);
            objects.push(org_unit(
                &id,
                &code,
                &name,
                FOUNDED,
                Some(&regions[district.region]),
            ));
            id
        })
        .collect();
    let facilities = country
        .facilities
        .iter()
        .enumerate()
        .map(|(index, facility)| {
            let id = uids.make("orgUnit", &format!("facility {index}"));
            let (month, day) = facility.opened;
            let name = name_parts(country, facility).full();
            let code = facility.code.as_deref().unwrap_or_default();
            let mut object = org_unit(
                &id,
                code,
                &name,
                &month.day(day),
                Some(&districts[facility.district]),
            );
            if let Some(closed) = facility.closed {
                insert(&mut object, "closedDate", closed.last_day().into());
            }
            objects.push(object);
            id
        })
        .collect();
    OrgUnitTree {
        country: root,
        districts,
        facilities,
        objects,
    }
}

/// The parts of a facility's name.
pub fn name_parts<'a>(country: &'a Country, facility: &'a Facility) -> NameParts<'a> {
    NameParts {
        kind: facility.kind,
        french: country.region_of(facility).french,
        place: &facility.place,
        district: &country.districts[facility.district].name,
    }
}

/// A district's name as the ministry writes it.
pub fn district_name(name: &str, french: bool) -> String {
    if french {
        format!("District sanitaire {}", of(name))
    } else {
        format!("{name} District")
    }
}

/// French `de`, elided before a vowel: `de Kouba`, `d'Antra`.
fn of(name: &str) -> String {
    if name.starts_with(['A', 'E', 'I', 'O', 'U', 'É']) {
        format!("d'{name}")
    } else {
        format!("de {name}")
    }
}

/// One org unit; the short name is the name, cut to the 50 signs that DHIS2 allows.
pub fn org_unit(id: &str, code: &str, name: &str, opened: &str, parent: Option<&str>) -> Value {
    let short_name: String = name.chars().take(50).collect();
    let mut object = json!({"id": id});
    insert_code(&mut object, code);
    insert(&mut object, "name", name.into());
    insert(&mut object, "shortName", short_name.into());
    insert(&mut object, "openingDate", opened.into());
    if let Some(parent) = parent {
        insert(&mut object, "parent", json!({"id": parent}));
    }
    object
}

/// For `organisationUnitLevels`.
pub fn write_levels(uids: &mut UidMaker, names: &[&str]) -> Vec<Value> {
    names
        .iter()
        .zip(1..)
        .map(|(name, level)| json!({"id": uids.make("orgUnitLevel", name), "name": name, "level": level}))
        .collect()
}
