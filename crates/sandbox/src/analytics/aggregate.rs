//! Adding up: the kept values of a data element within a period and below an org unit,
//! by the data element's way of aggregation.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::query::{Item, Query};
use crate::entry::expression;
use crate::server::Server;
use crate::state::Snapshot;
use crate::values::catalogue::DataElement;
use crate::values::{Catalogue, Period};

/// One number of an answer.
#[derive(Clone, Debug)]
pub struct Sum {
    /// Which data item.
    pub item: Item,
    /// Which period; none where periods are a filter.
    pub period: Option<Period>,
    /// Which org unit; none where org units are a filter.
    pub org_unit: Option<String>,
    /// The number.
    pub value: f64,
}

/// All numbers of an answer; cells without a value are not among them.
#[derive(Clone, Debug, Default)]
pub struct Sums(pub Vec<Sum>);

/// One kept number.
struct Kept {
    combo: String,
    org_unit: String,
    period: Period,
    value: f64,
}

impl Sums {
    /// Adds up.
    pub fn of(server: &Server, metadata: &Snapshot, catalogue: &Catalogue, query: &Query) -> Self {
        let none = Vec::new();
        let periods = query.periods.as_ref().unwrap_or(&none);
        let kept = kept(server, catalogue, query, periods);
        // A filter is one group of its items, a dimension one group for each.
        let period_groups: Vec<(Option<&Period>, Vec<&Period>)> = match query.filters.periods {
            Some(_) => vec![(None, periods.iter().collect())],
            None => periods.iter().map(|p| (Some(p), vec![p])).collect(),
        };
        let filter: Option<Vec<&str>> = query
            .filters
            .org_units
            .as_ref()
            .map(|all| all.iter().map(String::as_str).collect());
        let unit_groups: Vec<(Option<&str>, Vec<&str>)> = match &query.org_units {
            Some(units) => units
                .iter()
                .map(|u| (Some(u.as_str()), vec![u.as_str()]))
                .collect(),
            None => vec![(None, filter.clone().unwrap_or_default())],
        };
        let mut out = Vec::new();
        for item in &query.items {
            for (period, within) in &period_groups {
                for (unit, below) in &unit_groups {
                    let fits = |row: &&Kept| {
                        let tree = catalogue.org_units();
                        let is_below =
                            |all: &[&str]| all.iter().any(|u| tree.is_within(&row.org_unit, u));
                        within
                            .iter()
                            .any(|p| p.start <= row.period.start && row.period.end <= p.end)
                            && (below.is_empty() || is_below(below))
                            && filter.as_ref().is_none_or(|f| is_below(f))
                    };
                    let value = value(metadata, catalogue, &kept, item, &fits, within);
                    if let Some(value) = value {
                        out.push(Sum {
                            item: item.clone(),
                            period: period.cloned(),
                            org_unit: unit.map(str::to_owned),
                            value,
                        });
                    }
                }
            }
        }
        Self(out)
    }
}

/// The data elements that the items are made of.
fn elements(metadata: &Snapshot, items: &[Item]) -> Vec<String> {
    let mut out = Vec::new();
    for item in items {
        match item {
            Item::Element(uid) | Item::Operand(uid, _) => out.push(uid.clone()),
            Item::Indicator(uid) => {
                for side in ["numerator", "denominator"] {
                    let text = indicator(metadata, uid, side);
                    let operands = expression::operands(text);
                    out.extend(operands.into_iter().map(|(element, _)| element));
                }
            }
        }
    }
    out
}

fn indicator<'m>(metadata: &'m Snapshot, uid: &str, member: &str) -> &'m str {
    let indicators = metadata.collections.get("indicators");
    indicators
        .and_then(|all| all.get(uid))
        .and_then(|i| i[member].as_str())
        .unwrap_or_default()
}

/// The kept numbers that the query may need, by data element.
fn kept(
    server: &Server,
    catalogue: &Catalogue,
    query: &Query,
    periods: &[Period],
) -> FxHashMap<String, Vec<Kept>> {
    let metadata = server.snapshot();
    let wanted = elements(&metadata, &query.items);
    let mut out: FxHashMap<String, Vec<Kept>> = FxHashMap::default();
    let mut seen = rustc_hash::FxHashSet::default();
    let units: Vec<&str> = query
        .org_units()
        .flat_map(|unit| catalogue.org_units().with_descendants(unit))
        .map(|unit| unit.uid.as_str())
        .filter(|uid| seen.insert(*uid))
        .collect();
    let is_wanted = |iso: &str| {
        Period::parse(iso)
            .is_some_and(|p| periods.iter().any(|w| w.start <= p.start && p.end <= w.end))
    };
    server.values.visit(units, is_wanted, |row| {
        if !row.deleted()
            && wanted.iter().any(|w| w == row.data_element())
            && let Some(element) = catalogue.data_element(row.data_element())
            && let Some(value) = row.value().and_then(|text| number(element, text))
            && let Some(period) = Period::parse(row.period())
        {
            out.entry(element.uid.clone()).or_default().push(Kept {
                combo: row.category_option_combo().to_owned(),
                org_unit: row.org_unit().to_owned(),
                period,
                value,
            });
        }
        true
    });
    out
}

/// The number behind a value; texts and dates have none.
fn number(element: &DataElement, text: &str) -> Option<f64> {
    match element.value_type.as_str() {
        "BOOLEAN" | "TRUE_ONLY" => Some(if text == "true" { 1.0 } else { 0.0 }),
        _ => text.parse().ok(),
    }
}

fn value(
    metadata: &Snapshot,
    catalogue: &Catalogue,
    kept: &FxHashMap<String, Vec<Kept>>,
    item: &Item,
    fits: &dyn Fn(&&Kept) -> bool,
    within: &[&Period],
) -> Option<f64> {
    let of = |element: &str, combo: Option<&str>| {
        let rows: Vec<&Kept> = kept
            .get(element)?
            .iter()
            .filter(fits)
            .filter(|row| combo.is_none_or(|combo| row.combo == combo))
            .collect();
        let how = &catalogue.data_element(element)?.aggregation_type;
        aggregated(how, &rows, days(within))
    };
    match item {
        Item::Element(uid) => of(uid, None),
        Item::Operand(uid, combo) => of(uid, Some(combo)),
        Item::Indicator(uid) => {
            let side = |member| {
                expression::evaluate(indicator(metadata, uid, member), &mut |e, c| of(e, c))
            };
            // Nothing to divide by: no value, not zero ("data value set": `inPositiv01`).
            let (numerator, denominator) = (side("numerator")?, side("denominator")?);
            let kind = metadata.collections.get("indicators")?.get(uid)?["indicatorType"]["id"]
                .as_str()?;
            let factor =
                metadata.collections.get("indicatorTypes")?.get(kind)?["factor"].as_f64()?;
            (denominator != 0.0).then(|| numerator / denominator * factor)
        }
    }
}

/// How many days the periods have, which averages over time are weighed by.
fn days(periods: &[&Period]) -> f64 {
    let length = |start: NaiveDate, end: NaiveDate| (end - start).num_days() + 1;
    periods.iter().map(|p| length(p.start, p.end)).sum::<i64>() as f64
}

/// Numbers made one, by DHIS2's aggregation type; nothing for those that need more than
/// numbers (`NONE`, `CUSTOM`).
fn aggregated(how: &str, rows: &[&Kept], days_asked: f64) -> Option<f64> {
    if rows.is_empty() {
        return None;
    }
    let values = || rows.iter().map(|row| row.value);
    let at_end = |latest: bool| {
        let starts = rows.iter().map(|row| row.period.start);
        let end = if latest { starts.max() } else { starts.min() };
        let of_end = rows.iter().filter(|row| Some(row.period.start) == end);
        of_end.map(|row| row.value).sum::<f64>()
    };
    match how {
        "SUM" => Some(values().sum()),
        "AVERAGE" => Some(values().sum::<f64>() / rows.len() as f64),
        "AVERAGE_SUM_ORG_UNIT" => {
            let weighed = rows.iter().map(|row| row.value * days(&[&row.period]));
            Some(weighed.sum::<f64>() / days_asked)
        }
        "LAST" | "LAST_IN_PERIOD" => Some(at_end(true)),
        "FIRST" => Some(at_end(false)),
        "COUNT" => Some(rows.len() as f64),
        "MIN" => values().reduce(f64::min),
        "MAX" => values().reduce(f64::max),
        _ => None,
    }
}
