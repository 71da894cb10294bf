//! The country itself, before any server writes it down: regions, districts and
//! facilities that do not exist anywhere. Both servers of a world are two
//! descriptions of this one country.

use std::collections::HashSet;

use super::facility::FacilityKind;
use super::month::Month;
use super::places::PlaceMaker;
use super::random::{between, chance, draw, key};

/// The invented country's name.
pub const COUNTRY_NAME: &str = "Lumandé";

const FACILITIES_PER_DISTRICT: usize = 25;
const DISTRICTS_PER_REGION: usize = 6;
/// Regions whose people write French; the others write English.
const FRENCH_REGIONS: [bool; 8] = [true, false, true, true, false, true, true, false];

/// A country with everything in it.
pub struct Country {
    /// Seed of all that is drawn for it.
    pub seed: u64,
    /// The highest units below the country.
    pub regions: Vec<Region>,
    /// All districts; each names its region.
    pub districts: Vec<District>,
    /// All facilities; each names its district.
    pub facilities: Vec<Facility>,
}

/// A region.
pub struct Region {
    /// Name without a word for its kind.
    pub name: String,
    /// Whether its people write French.
    pub french: bool,
    /// Calendar month (0 = January) in which malaria is worst.
    pub malaria_peak: u32,
    /// How much malaria there is, per thousand of the usual.
    pub malaria_level: u64,
}

/// A district.
pub struct District {
    /// Name without a word for its kind.
    pub name: String,
    /// Place in [`Country::regions`].
    pub region: usize,
}

/// A health facility.
pub struct Facility {
    /// Place in [`Country::districts`].
    pub district: usize,
    /// What kind of facility it is.
    pub kind: FacilityKind,
    /// Its proper name, without the word for its kind.
    pub place: String,
    /// The HMIS code, if it has one.
    pub code: Option<String>,
    /// First month of work and the day in it.
    pub opened: (Month, u32),
    /// The month on whose last day it closed.
    pub closed: Option<Month>,
    /// Size within its kind, per thousand of the usual.
    pub size: u64,
    /// How many of a thousand reports arrive.
    pub completeness: u64,
    /// Whether it reports at all; the others are in no data set.
    pub reports: bool,
    /// Partners (bits) that fund its nets and spraying.
    pub partners: u8,
}

impl Country {
    /// A country of `facilities` facilities as it is in `last_month`.
    pub fn new(seed: u64, facilities: usize, last_month: Month) -> Self {
        let district_count = (facilities / FACILITIES_PER_DISTRICT).max(1);
        let region_count = (district_count / DISTRICTS_PER_REGION).clamp(1, FRENCH_REGIONS.len());
        let mut places = PlaceMaker::new(seed);
        let regions: Vec<Region> = (0..region_count)
            .map(|index| Region {
                name: places.name(index),
                french: FRENCH_REGIONS[index],
                malaria_peak: 7 + u32::try_from(draw(&[seed, key("peak"), index as u64]) % 4)
                    .unwrap_or(0),
                malaria_level: between(draw(&[seed, key("level"), index as u64]), 550, 1300),
            })
            .collect();
        let districts: Vec<District> = (0..district_count)
            .map(|index| {
                let region = index * region_count / district_count;
                District {
                    name: places.name(region),
                    region,
                }
            })
            .collect();
        let mut country = Self {
            seed,
            regions,
            districts,
            facilities: Vec::with_capacity(facilities),
        };
        country.add_facilities(facilities, last_month, &mut places);
        country
    }

    /// The region of a facility.
    pub fn region_of(&self, facility: &Facility) -> &Region {
        &self.regions[self.districts[facility.district].region]
    }

    fn add_facilities(&mut self, count: usize, last_month: Month, places: &mut PlaceMaker) {
        let district_count = self.districts.len();
        let mut names_in_district: HashSet<(usize, FacilityKindName)> = HashSet::new();
        let mut number_in_district = vec![0_usize; district_count];
        let mut region_has_hospital = vec![false; self.regions.len()];
        for index in 0..count {
            let district = index * district_count / count;
            let region = self.districts[district].region;
            let number = number_in_district[district];
            number_in_district[district] += 1;
            let kind = if !region_has_hospital[region] {
                region_has_hospital[region] = true;
                FacilityKind::RegionalHospital
            } else if number <= 1 && !self.has_district_hospital(district) {
                FacilityKind::DistrictHospital
            } else {
                usual_kind(draw(&[self.seed, key("kind"), index as u64]))
            };
            let place = loop {
                let place = match kind {
                    FacilityKind::RegionalHospital | FacilityKind::DistrictHospital => {
                        self.districts[district].name.clone()
                    }
                    _ => places.facility(
                        region,
                        self.regions[region].french,
                        &self.districts[district].name,
                    ),
                };
                if names_in_district.insert((district, format!("{kind:?} {place}"))) {
                    break place;
                }
            };
            let facility = self.facility(index, district, number, kind, place, last_month);
            self.facilities.push(facility);
        }
    }

    fn has_district_hospital(&self, district: usize) -> bool {
        self.facilities
            .iter()
            .rev()
            .take_while(|facility| facility.district == district)
            .any(|facility| facility.kind == FacilityKind::DistrictHospital)
    }

    fn facility(
        &self,
        index: usize,
        district: usize,
        number: usize,
        kind: FacilityKind,
        place: String,
        last_month: Month,
    ) -> Facility {
        let number_for = |what: &str| draw(&[self.seed, key(what), index as u64]);
        let hospital = matches!(
            kind,
            FacilityKind::RegionalHospital | FacilityKind::DistrictHospital
        );
        // Most facilities are old; about three in a hundred opened within the last two years.
        let age = if chance(number_for("new"), 30) {
            between(number_for("age"), 3, 22)
        } else {
            between(number_for("age"), 36, 700)
        };
        let opened = last_month.plus(-i32::try_from(age).unwrap_or(36));
        let closed = (!hospital && age > 60 && chance(number_for("closed"), 25)).then(|| {
            last_month.plus(-i32::try_from(between(number_for("closed when"), 2, 40)).unwrap_or(2))
        });
        let region = self.districts[district].region;
        let has_code = hospital || chance(number_for("code"), 930);
        Facility {
            district,
            kind,
            place,
            code: has_code
                .then(|| format!("LM{:02}{:03}{:02}", region + 1, district + 1, number + 1)),
            opened: (
                opened,
                u32::try_from(between(number_for("day"), 1, 28)).unwrap_or(1),
            ),
            closed,
            size: between(number_for("size"), 450, 1700),
            completeness: if hospital {
                985
            } else {
                between(number_for("completeness"), 800, 990)
            },
            reports: hospital || !chance(number_for("reports"), 15),
            partners: match number_for("partners") % 10 {
                0..=2 => 0b001,
                3..=4 => 0b010,
                5..=6 => 0b100,
                7 => 0b101,
                8 => 0b110,
                _ => 0,
            },
        }
    }
}

/// Kind and proper name of a facility together, as one text.
type FacilityKindName = String;

/// The mix of kinds in a country where most care happens in small posts.
fn usual_kind(number: u64) -> FacilityKind {
    match number % 100 {
        0..=40 => FacilityKind::HealthPost,
        41..=74 => FacilityKind::HealthCentre,
        75..=84 => FacilityKind::Dispensary,
        85..=91 => FacilityKind::Clinic,
        _ => FacilityKind::Maternity,
    }
}
