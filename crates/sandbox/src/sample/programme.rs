//! The disease programme: which facilities its server knows and how it writes
//! them down. Each of its units is tied to the ministry's facility that it is, so
//! that the true correspondence is known.

use super::country::{Country, Facility};
use super::month::Month;
use super::org_units::name_parts;
use super::places::PlaceMaker;
use super::random::{draw, key, shuffled};
use super::spelling::{NameParts, SPELLING_SHARES, Spelling};

/// What is particular about a facility of the programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Story {
    /// Nothing.
    Ordinary,
    /// Closed at the destination; the source goes on receiving values.
    Closed,
    /// Has a new name at the destination; the source keeps the old one.
    Renamed,
    /// One facility at the destination, still two at the source.
    Merged,
    /// The destination does not have it.
    Unknown,
}

/// Which part of a facility's figures a unit of the programme reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portion {
    /// All.
    Whole,
    /// The larger part of a merged facility.
    Larger,
    /// The rest of a merged facility.
    Rest,
}

/// The facility that a unit of the programme stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Place in [`Country::facilities`].
    Here(usize),
    /// Place in [`Programme::unknown`].
    Elsewhere(usize),
}

/// A facility as the programme knows it.
pub struct Unit {
    /// Which facility it is.
    pub facility: Known,
    /// What is particular about it.
    pub story: Story,
    /// Which part of the figures it reports.
    pub portion: Portion,
    /// Place in [`Country::districts`].
    pub district: usize,
    /// The name as the programme writes it.
    pub name: String,
    /// The programme's code, if any.
    pub code: Option<String>,
}

/// The programme's view of the country.
pub struct Programme {
    /// Its facilities, by district.
    pub units: Vec<Unit>,
    /// Facilities that the ministry's list lacks.
    pub unknown: Vec<Facility>,
}

/// Of a hundred units: codes as at the destination, none, and other ones (the rest).
pub const CODE_SHARES: (usize, usize) = (60, 25);

impl Programme {
    /// Chooses `count` units. Changes the country where a story asks for it: it
    /// closes a few facilities and renames a few.
    pub fn new(country: &mut Country, count: usize, last_month: Month) -> Self {
        let chosen = choose(country, count, last_month);
        let each = if count < 12 { 0 } else { (count / 100).max(1) };
        let mut places = PlaceMaker::new(draw(&[country.seed, key("programme places")]));
        let mut units = Vec::with_capacity(count);
        let mut unknown = Vec::new();
        let spelling_of = spellings(country.seed, chosen.len());
        // A merged facility brings a second unit, an unknown one is added: take so many fewer.
        let known_count = count.saturating_sub(2 * each).min(chosen.len());
        let stories = stories(country, &chosen[..known_count], each);
        for (position, index) in chosen.iter().copied().take(known_count).enumerate() {
            let story = stories[position];
            let number = draw(&[country.seed, key("spelling"), index as u64]);
            let name = name_parts(country, &country.facilities[index])
                .spelled(spelling_of[position], number);
            let district = country.facilities[index].district;
            let region = country.districts[district].region;
            let portion = if story == Story::Merged {
                Portion::Larger
            } else {
                Portion::Whole
            };
            units.push(Unit {
                facility: Known::Here(index),
                story,
                portion,
                district,
                name,
                code: None,
            });
            match story {
                Story::Closed => country.facilities[index].closed = Some(last_month.plus(-7)),
                Story::Renamed => country.facilities[index].place = places.name(region + 1),
                Story::Merged => {
                    let facility = &country.facilities[index];
                    let place = places.name(region);
                    let parts = NameParts {
                        place: &place,
                        ..name_parts(country, facility)
                    };
                    let name = parts.spelled(Spelling::Abbreviated, number);
                    let portion = Portion::Rest;
                    units.push(Unit {
                        facility: Known::Here(index),
                        story,
                        portion,
                        district,
                        name,
                        code: None,
                    });
                }
                Story::Ordinary | Story::Unknown => {}
            }
            if unknown.len() < each && story == Story::Merged {
                let facility = unknown_facility(country, index, places.name(region));
                let name = name_parts(country, &facility).spelled(Spelling::Abbreviated, number);
                let known = Known::Elsewhere(unknown.len());
                unknown.push(facility);
                units.push(Unit {
                    facility: known,
                    story: Story::Unknown,
                    portion: Portion::Whole,
                    district,
                    name,
                    code: None,
                });
            }
        }
        let mut programme = Self { units, unknown };
        programme.give_codes(country);
        programme
    }

    /// The facility that a unit stands for, and the number that its figures hang on.
    pub fn facility<'a>(&'a self, country: &'a Country, unit: &Unit) -> (usize, &'a Facility) {
        match unit.facility {
            Known::Here(index) => (index, &country.facilities[index]),
            Known::Elsewhere(index) => (1_000_000 + index, &self.unknown[index]),
        }
    }

    fn give_codes(&mut self, country: &Country) {
        let total = self.units.len();
        let mut same = total * CODE_SHARES.0 / 100;
        let mut none = total * CODE_SHARES.1 / 100;
        for index in shuffled(draw(&[country.seed, key("codes")]), total) {
            let unit = &mut self.units[index];
            let ministry = match (unit.facility, unit.portion) {
                (Known::Here(_), Portion::Rest) | (Known::Elsewhere(_), _) => None,
                (Known::Here(facility), _) => country.facilities[facility].code.clone(),
            };
            unit.code = if same > 0 && ministry.is_some() {
                same -= 1;
                ministry
            } else if none > 0 {
                none -= 1;
                None
            } else {
                Some(format!("NMCP-{:04}", index + 1))
            };
        }
    }
}

/// Places of the programme's facilities: it works in five regions of eight, and
/// there with open, reporting facilities of some age, some in each district.
fn choose(country: &Country, count: usize, last_month: Month) -> Vec<usize> {
    let regions = (country.regions.len() * 5).div_ceil(8);
    let mut candidates: Vec<usize> = (0..country.facilities.len())
        .filter(|index| {
            let facility = &country.facilities[*index];
            facility.reports
                && facility.closed.is_none()
                && facility.opened.0 < last_month.plus(-12)
        })
        .collect();
    candidates.sort_by_key(|index| {
        let region = country.districts[country.facilities[*index].district].region;
        (
            region >= regions,
            draw(&[country.seed, key("programme"), *index as u64]),
        )
    });
    candidates.truncate(count);
    candidates.sort_unstable();
    candidates
}

/// A story for each of the chosen facilities: `each` of every kind, none of it
/// about a hospital, for those neither close nor merge quietly.
fn stories(country: &Country, chosen: &[usize], each: usize) -> Vec<Story> {
    let mut stories = vec![Story::Ordinary; chosen.len()];
    let small = shuffled(draw(&[country.seed, key("stories")]), chosen.len())
        .into_iter()
        .filter(|position| {
            country.facilities[chosen[*position]]
                .kind
                .usual_attendance()
                < 2000
        });
    let told = [Story::Closed, Story::Renamed, Story::Merged]
        .into_iter()
        .flat_map(|story| std::iter::repeat_n(story, each));
    for (position, story) in small.zip(told) {
        stories[position] = story;
    }
    stories
}

/// A spelling for each of `count` names, in the documented shares, mixed.
fn spellings(seed: u64, count: usize) -> Vec<Spelling> {
    let all: Vec<Spelling> = SPELLING_SHARES
        .iter()
        .flat_map(|(spelling, share)| std::iter::repeat_n(*spelling, *share))
        .collect();
    shuffled(draw(&[seed, key("spellings")]), count)
        .into_iter()
        .map(|place| all[place * 100 / count.max(1)])
        .collect()
}

/// A small facility near another one that only the programme has on its list.
fn unknown_facility(country: &Country, near: usize, place: String) -> Facility {
    let neighbour = &country.facilities[near];
    Facility {
        district: neighbour.district,
        kind: super::facility::FacilityKind::HealthPost,
        place,
        code: None,
        opened: neighbour.opened,
        closed: None,
        size: 800,
        completeness: 930,
        reports: true,
        partners: 0b001,
    }
}
