//! The programme's server: a flatter tree, other ids, its own way with names.

use super::SampleServer;
use super::catalogue::{REPORTS, Side};
use super::country::{COUNTRY_NAME, Country};
use super::metadata::write_catalogue;
use super::month::Month;
use super::org_units::{district_name, org_unit, write_levels};
use super::people;
use super::programme::Programme;
use super::random::{draw, key};
use super::reports::{Reporter, belongs, write_values};
use super::spelling::{with_slip, without_accents};
use super::uid::UidMaker;

/// The server and its org units.
pub struct Source {
    /// The server.
    pub server: SampleServer,
    /// Uids in the order of [`Programme::units`].
    pub units: Vec<String>,
}

/// Writes the programme's server: country, district, facility.
pub fn write_source(
    seed: u64,
    country: &Country,
    programme: &Programme,
    months: &[Month],
) -> Source {
    let mut uids = UidMaker::new(seed);
    let root = uids.make("orgUnit", "country");
    let mut objects = vec![org_unit(
        &root,
        "",
        &format!("NMCP {COUNTRY_NAME}"),
        "2005-01-01",
        None,
    )];
    let districts: Vec<Option<String>> = country
        .districts
        .iter()
        .enumerate()
        .map(|(index, district)| {
            programme
                .units
                .iter()
                .any(|unit| unit.district == index)
                .then(|| {
                    let id = uids.make("orgUnit", &format!("district {index}"));
                    let french = country.regions[district.region].french;
                    let number = draw(&[country.seed, key("district name"), index as u64]);
                    let name = match number % 10 {
                        0..=3 => district.name.clone(),
                        4..=5 => without_accents(&district.name),
                        6 => with_slip(&district.name, number),
                        7..=8 if french => format!("DS {}", district.name),
                        _ => district_name(&district.name, french),
                    };
                    let code = if number.is_multiple_of(2) {
                        format!("LM{:02}{:03}", district.region + 1, index + 1)
                    } else {
                        String::new()
                    };
                    objects.push(org_unit(&id, &code, &name, "2005-01-01", Some(&root)));
                    id
                })
        })
        .collect();
    let units: Vec<String> = programme
        .units
        .iter()
        .enumerate()
        .map(|(index, unit)| {
            let id = uids.make("orgUnit", &format!("unit {index}"));
            let (month, day) = programme.facility(country, unit).1.opened;
            let parent = districts[unit.district].as_deref();
            let code = unit.code.as_deref().unwrap_or_default();
            objects.push(org_unit(&id, code, &unit.name, &month.day(day), parent));
            id
        })
        .collect();

    let people = people::at_source(&mut uids, &root);
    let reporters: Vec<Reporter<'_>> = programme
        .units
        .iter()
        .zip(&units)
        .map(|(unit, uid)| {
            let (number, facility) = programme.facility(country, unit);
            Reporter {
                number,
                facility,
                uid,
                shared: true,
                portion: unit.portion,
            }
        })
        .collect();
    let assigned = REPORTS.each_ref().map(|report| {
        reporters
            .iter()
            .filter(|reporter| belongs(report, reporter.facility))
            .map(|reporter| reporter.uid.to_owned())
            .collect::<Vec<_>>()
    });
    let catalogue = write_catalogue(Side::Source, &mut uids, &people, &assigned);
    let values = write_values(Side::Source, country, &catalogue, &reporters, months);
    let levels = write_levels(&mut uids, &["National", "District", "Health facility"]);
    let server = SampleServer::assemble(
        &root,
        objects,
        levels,
        catalogue.collections,
        people,
        values,
    );
    Source { server, units }
}
