//! What happened in a facility in a month, as a pure function of the country:
//! malaria with its season, larger and smaller facilities, figures that agree
//! with each other (tests positive ≤ tests done ≤ suspected ≤ visits).

use super::catalogue::{MICROSCOPE_STATES, Measure, REMARKS};
use super::country::{Country, Facility};
use super::month::Month;
use super::random::{between, chance, draw, key, pick};
use super::values::Figure;

/// Malaria per thousand of the peak, by months since the peak.
const SEASON: [u64; 12] = [1000, 880, 620, 390, 220, 120, 70, 90, 170, 330, 580, 840];
/// Shares of age groups (youngest first) and sexes (male, female) among cases, per thousand.
const AGE_SEX_SHARES: [u64; 8] = [195, 180, 140, 130, 105, 150, 45, 55];

/// The sums of a facility's month from which all its figures follow.
pub struct FacilityMonth {
    seed: u64,
    new_visits: u64,
    return_visits: u64,
    suspected: u64,
    tested: u64,
    positive: u64,
    has_beds: bool,
    dry_season: bool,
}

impl FacilityMonth {
    /// What happened at `facility` (its place in the country: `index`) in `month`.
    pub fn new(country: &Country, index: usize, facility: &Facility, month: Month) -> Self {
        let place = i64::from(month.year()) * 12 + i64::from(month.of_year());
        let seed = draw(&[
            country.seed,
            key("month"),
            index as u64,
            place.unsigned_abs(),
        ]);
        let region = country.region_of(facility);
        let since_peak = (month.of_year() + 12 - region.malaria_peak) % 12;
        let season = SEASON[since_peak as usize] * region.malaria_level / 1000;
        let noisy = |what: u64, number: u64, spread: u64| {
            number * between(draw(&[seed, what]), 1000 - spread, 1000 + spread) / 1000
        };
        // Attendance grows by about three in a hundred a year.
        let trend = 1000 + u64::try_from(place.rem_euclid(60)).unwrap_or(0) * 5 / 2;
        let usual = facility.kind.usual_attendance() * facility.size / 1000 * trend / 1000;
        let new_visits = noisy(1, usual * (850 + season / 3) / 1000, 150);
        let suspected =
            noisy(2, new_visits * (140 + season * 45 / 100) / 1000, 120).min(new_visits);
        let tested = suspected * between(draw(&[seed, 3]), 820, 990) / 1000;
        let positive = tested * (170 + season * 44 / 100).min(820) / 1000;
        Self {
            seed,
            new_visits,
            return_visits: noisy(4, new_visits * 260 / 1000, 200),
            suspected,
            tested,
            positive: noisy(5, positive, 100).min(tested),
            has_beds: facility.kind.has_beds(),
            dry_season: since_peak > 3 && since_peak < 9,
        }
    }

    /// The figure for a measure; `option` is the place of age group × 2 + sex, or
    /// of the partner, or 0. `None`: the field was left empty.
    pub fn figure(&self, measure: Measure, option: usize) -> Option<Figure> {
        let number = draw(&[self.seed, 100 + measure as u64, option as u64]);
        let spare = number >> 20;
        let left_empty = chance(number >> 40, 15);
        let whole = |count: u64| Some(Figure::Whole(u32::try_from(count).unwrap_or(u32::MAX)));
        let figure = match measure {
            Measure::NewVisits => return whole(self.new_visits),
            Measure::ReturnVisits => whole(self.return_visits),
            Measure::Suspected => return whole(self.suspected),
            Measure::Tested => return whole(self.tested),
            Measure::Positive => return whole(self.positive),
            Measure::Referred => whole(rounded(
                self.positive,
                if self.has_beds { 4 } else { 25 },
                spare,
            )),
            Measure::Deaths => {
                if !self.has_beds && !chance(spare, 700) {
                    return None;
                }
                whole(rounded(
                    self.positive,
                    if self.has_beds { 4 } else { 1 },
                    spare,
                ))
            }
            Measure::SyrupStock => Some(Figure::Tenths(
                u32::try_from(between(spare, 0, 600)).unwrap_or(0),
            )),
            Measure::NetUse => Some(Figure::Tenths(
                u32::try_from(between(spare, 350, 985)).unwrap_or(0),
            )),
            Measure::StockOut => Some(Figure::Text(
                if chance(spare, 120) { "true" } else { "false" }.into(),
            )),
            Measure::Microscope => {
                if !self.has_beds {
                    return None;
                }
                let state = if chance(spare, 800) {
                    0
                } else {
                    1 + usize::from(chance(spare >> 10, 500))
                };
                Some(Figure::Text(MICROSCOPE_STATES[state].1.into()))
            }
            Measure::Remark => {
                return chance(spare, 25)
                    .then(|| Figure::Text((*pick(spare >> 10, &REMARKS)).into()));
            }
            Measure::LarvaSites => whole(spare % 15),
            Measure::Confirmed => whole(rounded(self.positive, AGE_SEX_SHARES[option % 8], spare)),
            Measure::Severe => {
                self.small(self.positive * AGE_SEX_SHARES[option % 8] / 1000, 45, spare)
            }
            Measure::Admitted if !self.has_beds => self.small(0, 0, spare),
            Measure::Admitted => {
                self.small(self.positive * AGE_SEX_SHARES[option % 8] / 1000, 90, spare)
            }
            Measure::NetsAntenatal => whole(self.new_visits * between(spare, 20, 60) / 1000),
            Measure::NetsChildren => whole(self.new_visits * between(spare, 15, 50) / 1000),
            Measure::HomesSprayed if !self.dry_season => return None,
            Measure::HomesSprayed => whole(self.new_visits * between(spare, 50, 300) / 1000),
            Measure::VolunteersTrained => {
                return chance(spare, 300)
                    .then(|| Figure::Whole(u32::try_from(spare % 24 + 1).unwrap_or(1)));
            }
        };
        figure.filter(|_| !left_empty)
    }

    /// A small count: a zero is written down in three of four cases, else the field stays empty.
    fn small(&self, of: u64, permille: u64, number: u64) -> Option<Figure> {
        let count = rounded(of, permille, number);
        if count == 0 && !chance(number >> 10, 750) {
            return None;
        }
        Some(Figure::Whole(u32::try_from(count).unwrap_or(u32::MAX)))
    }
}

/// `permille` thousandths of `of`; what is left over becomes one more, or not, by chance.
fn rounded(of: u64, permille: u64, number: u64) -> u64 {
    let thousandths = of * permille;
    thousandths / 1000 + u64::from(chance(number, thousandths % 1000))
}
