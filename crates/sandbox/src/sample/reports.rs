//! Who reported what and when, on both sides: lays the figures of the country
//! into each server's cells, with gaps, late reports and differences.

use super::catalogue::{Breakdown, Measure, REPORTS, Report, Side};
use super::country::{Country, Facility};
use super::figures::FacilityMonth;
use super::metadata::WrittenCatalogue;
use super::month::Month;
use super::programme::Portion;
use super::random::{between, chance, draw, key};
use super::uid::DEFAULT_OPTION_COMBO;
use super::values::{Figure, SampleCell, SampleValues, TextIndex};

/// Of a thousand cells that both sides have, so many differ at the destination.
pub const STALE_PERMILLE: u64 = 30;
/// Of a thousand suspected cases at the source, so many are averages with a decimal.
pub const DECIMAL_PERMILLE: u64 = 5;
/// Of a thousand net-use shares at the source, so many are above 100.
pub const TOO_LARGE_PERMILLE: u64 = 10;
/// Of a thousand microscope states at the source, so many are in lower case.
pub const LOWER_CASE_PERMILLE: u64 = 40;

/// An org unit of a server that sends reports.
pub struct Reporter<'a> {
    /// The number that its figures hang on.
    pub number: usize,
    /// The facility that it is.
    pub facility: &'a Facility,
    /// Its uid on this server.
    pub uid: &'a str,
    /// Whether the other server knows it too.
    pub shared: bool,
    /// Which part of the facility's figures it reports.
    pub portion: Portion,
}

/// Whether `facility` sends `report` at all.
pub fn belongs(report: &Report, facility: &Facility) -> bool {
    facility.reports && (report.breakdown != Breakdown::Partner || facility.partners != 0)
}

/// Writes the values of all reporters for the months, of which the last is `months.last()`.
pub fn write_values(
    side: Side,
    country: &Country,
    catalogue: &WrittenCatalogue,
    reporters: &[Reporter<'_>],
    months: &[Month],
) -> SampleValues {
    let mut values = SampleValues::default();
    let ledger = Ledger::new(side, country, catalogue, months, &mut values);
    for reporter in reporters {
        let org_unit = values.keep(reporter.uid);
        for (place, month) in months.iter().enumerate() {
            ledger.write_month(
                reporter,
                org_unit,
                *month,
                ledger.periods[place],
                &mut values,
            );
        }
    }
    values
}

/// One cell of a report: the element and the option combos that it goes under.
struct Field {
    measure: Measure,
    option: usize,
    data_element: TextIndex,
    category_option_combo: TextIndex,
    attribute_option_combo: TextIndex,
    /// The partner (bit) that this cell is for, or all bits.
    partner: u8,
}

/// All that stays the same from one facility to the next.
struct Ledger<'a> {
    side: Side,
    country: &'a Country,
    last: Month,
    periods: Vec<TextIndex>,
    fields: Vec<Vec<Field>>,
}

impl<'a> Ledger<'a> {
    fn new(
        side: Side,
        country: &'a Country,
        catalogue: &WrittenCatalogue,
        months: &[Month],
        values: &mut SampleValues,
    ) -> Self {
        let default_combo = values.keep(DEFAULT_OPTION_COMBO);
        let mut fields = Vec::new();
        for report in &REPORTS {
            let mut of_report = Vec::new();
            for element in report.elements {
                let Some(uid) = catalogue.elements.get(&element.measure) else {
                    continue;
                };
                let data_element = values.keep(uid);
                let base = Field {
                    measure: element.measure,
                    option: 0,
                    data_element,
                    category_option_combo: default_combo,
                    attribute_option_combo: default_combo,
                    partner: u8::MAX,
                };
                match report.breakdown {
                    Breakdown::Plain => of_report.push(base),
                    Breakdown::AgeAndSex => {
                        for (option, uid) in catalogue.age_and_sex.iter().enumerate() {
                            of_report.push(Field {
                                option,
                                category_option_combo: values.keep(uid),
                                ..base
                            });
                        }
                    }
                    Breakdown::Partner => {
                        for (option, uid) in catalogue.partners.iter().enumerate() {
                            let attribute_option_combo = values.keep(uid);
                            of_report.push(Field {
                                option,
                                attribute_option_combo,
                                partner: 1 << option,
                                ..base
                            });
                        }
                    }
                }
            }
            fields.push(of_report);
        }
        let periods = months
            .iter()
            .map(|month| values.keep(&month.period()))
            .collect();
        let last = months.last().copied().unwrap_or(Month::new(2000, 1));
        Self {
            side,
            country,
            last,
            periods,
            fields,
        }
    }

    fn write_month(
        &self,
        reporter: &Reporter<'_>,
        org_unit: TextIndex,
        month: Month,
        period: TextIndex,
        values: &mut SampleValues,
    ) {
        if !self.works(reporter.facility, month) {
            return;
        }
        let seed = self.country.seed;
        let month_key = u64::from(month.year().unsigned_abs()) * 12 + u64::from(month.of_year());
        let happened = FacilityMonth::new(self.country, reporter.number, reporter.facility, month);
        for (report, (of_report, fields)) in REPORTS.iter().zip(&self.fields).enumerate() {
            let number = draw(&[
                seed,
                key("reported"),
                reporter.number as u64,
                month_key,
                report as u64,
            ]);
            if !belongs(of_report, reporter.facility) || !self.reported(reporter, month, number) {
                continue;
            }
            for (place, field) in fields.iter().enumerate() {
                if field.partner & (reporter.facility.partners | u8::from(field.partner == u8::MAX))
                    == 0
                {
                    continue;
                }
                let number = draw(&[number, place as u64]);
                let Some(figure) = happened.figure(field.measure, field.option) else {
                    continue;
                };
                let Some(figure) = self.as_kept_here(figure, field.measure, reporter, number)
                else {
                    continue;
                };
                let Field {
                    data_element,
                    category_option_combo,
                    attribute_option_combo,
                    ..
                } = *field;
                values.push(
                    SampleCell {
                        data_element,
                        period,
                        org_unit,
                        category_option_combo,
                        attribute_option_combo,
                    },
                    &figure,
                );
            }
        }
    }

    /// Open in the whole month; the source never heard of the closures.
    fn works(&self, facility: &Facility, month: Month) -> bool {
        month > facility.opened.0
            && (self.side == Side::Source || facility.closed.is_none_or(|closed| month <= closed))
    }

    /// Whether the report is on this server. What the programme collects reaches
    /// the destination late: that is what people bring in.
    fn reported(&self, reporter: &Reporter<'_>, month: Month, number: u64) -> bool {
        let on_time = chance(number, reporter.facility.completeness);
        let other = number >> 20;
        match self.side {
            Side::Source if on_time => !chance(other, 10),
            Side::Source => chance(other, 250),
            Side::Destination if month == self.last => {
                on_time && !reporter.shared && chance(other, 400)
            }
            Side::Destination if month == self.last.plus(-1) => {
                on_time && chance(other, if reporter.shared { 400 } else { 800 })
            }
            Side::Destination => on_time,
        }
    }

    /// The figure as this side keeps it; `None` where it keeps nothing.
    fn as_kept_here(
        &self,
        figure: Figure,
        measure: Measure,
        reporter: &Reporter<'_>,
        number: u64,
    ) -> Option<Figure> {
        match self.side {
            Side::Destination => {
                let stale = reporter.shared && chance(number, STALE_PERMILLE);
                let figure = if stale {
                    other_figure(figure, number >> 10)
                } else {
                    figure
                };
                // The destination's referrals have zeroIsSignificant = false.
                (measure != Measure::Referred || figure != Figure::Whole(0)).then_some(figure)
            }
            Side::Source => Some(at_source(
                portion_of(figure, measure, reporter.portion),
                measure,
                number,
            )),
        }
    }
}

/// The figure as the source writes it, with what the destination will refuse.
fn at_source(figure: Figure, measure: Measure, number: u64) -> Figure {
    match (measure, figure) {
        (Measure::Suspected, Figure::Whole(count)) if chance(number, DECIMAL_PERMILLE) => {
            Figure::Tenths(count.saturating_mul(10).saturating_add(5))
        }
        (Measure::NetUse, Figure::Tenths(_)) if chance(number, TOO_LARGE_PERMILLE) => {
            Figure::Tenths(u32::try_from(between(number >> 10, 1005, 1200)).unwrap_or(1005))
        }
        (Measure::Microscope, Figure::Text(code)) if chance(number, LOWER_CASE_PERMILLE) => {
            Figure::Text(code.to_lowercase().into())
        }
        (_, figure) => figure,
    }
}

/// A merged facility's counts are divided; shares and words are told by both halves.
fn portion_of(figure: Figure, measure: Measure, portion: Portion) -> Figure {
    let divided = |count: u32| {
        let larger = count - count * 2 / 5;
        match portion {
            Portion::Whole => count,
            Portion::Larger => larger,
            Portion::Rest => count - larger,
        }
    };
    match figure {
        Figure::Whole(count) => Figure::Whole(divided(count)),
        Figure::Tenths(tenths) if measure != Measure::NetUse => Figure::Tenths(divided(tenths)),
        other => other,
    }
}

/// Another figure of the same kind: what the destination still has of a report
/// that was corrected at the source.
fn other_figure(figure: Figure, number: u64) -> Figure {
    let moved = |count: u32, limit: u32| {
        let step = 1 + u32::try_from(number % 1000).unwrap_or(0) * (count / 5 + 2) / 1000;
        if chance(number >> 12, 500) && count >= step || count + step > limit {
            count.saturating_sub(step)
        } else {
            count + step
        }
    };
    match figure {
        Figure::Whole(count) => Figure::Whole(moved(count, u32::MAX / 2)),
        Figure::Tenths(tenths) => Figure::Tenths(moved(tenths, 1000)),
        Figure::Text(text) if &*text == "true" => Figure::Text("false".into()),
        Figure::Text(text) if &*text == "false" => Figure::Text("true".into()),
        other => other,
    }
}
