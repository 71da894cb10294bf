//! The ministry's server: the whole country in four levels, and its reports with
//! the latest months still coming in.

use std::collections::HashSet;

use super::SampleServer;
use super::catalogue::{REPORTS, Side};
use super::country::Country;
use super::metadata::write_catalogue;
use super::month::Month;
use super::org_units::{LEVELS, OrgUnitTree, write_levels, write_org_units};
use super::people;
use super::programme::{Known, Portion, Programme};
use super::reports::{Reporter, belongs, write_values};
use super::uid::UidMaker;

/// The server and its tree.
pub struct Destination {
    /// The server.
    pub server: SampleServer,
    /// Its org units, for telling which of them the source knows.
    pub tree: OrgUnitTree,
}

/// The district whose clerk can log in: the one with most of the programme's facilities.
pub fn clerk_district(country: &Country, programme: &Programme) -> usize {
    let mut counts = vec![0_usize; country.districts.len()];
    for unit in &programme.units {
        counts[unit.district] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    counts.iter().position(|count| *count == most).unwrap_or(0)
}

/// Writes the ministry's server.
pub fn write_destination(
    seed: u64,
    country: &Country,
    programme: &Programme,
    months: &[Month],
) -> Destination {
    let mut uids = UidMaker::new(seed);
    let tree = write_org_units(country, &mut uids);
    let district = &tree.districts[clerk_district(country, programme)];
    let people = people::at_destination(&mut uids, &tree.country, district);
    let assigned = REPORTS.each_ref().map(|report| {
        country
            .facilities
            .iter()
            .zip(&tree.facilities)
            .filter(|(facility, _)| belongs(report, facility))
            .map(|(_, uid)| uid.clone())
            .collect::<Vec<_>>()
    });
    let catalogue = write_catalogue(Side::Destination, &mut uids, &people, &assigned);
    let shared: HashSet<usize> = programme
        .units
        .iter()
        .filter_map(|unit| match unit.facility {
            Known::Here(index) => Some(index),
            Known::Elsewhere(_) => None,
        })
        .collect();
    let reporters: Vec<Reporter<'_>> = country
        .facilities
        .iter()
        .enumerate()
        .map(|(number, facility)| Reporter {
            number,
            facility,
            uid: &tree.facilities[number],
            shared: shared.contains(&number),
            portion: Portion::Whole,
        })
        .collect();
    let values = write_values(Side::Destination, country, &catalogue, &reporters, months);
    let levels = write_levels(&mut uids, &LEVELS);
    let server = SampleServer::assemble(
        &tree.country,
        tree.objects.clone(),
        levels,
        catalogue.collections,
        people,
        values,
    );
    Destination { server, tree }
}
