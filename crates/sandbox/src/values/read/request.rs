//! What is asked for.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use crate::answer::Answer;
use crate::context::ValueContext;
use crate::values::catalogue::{IdScheme, Kind};
use crate::values::period::Period;
use crate::values::query::{self, Pairs};
use crate::version::ServerVersion;

/// The parameters of a read, with ids resolved to uids.
#[derive(Debug)]
pub(super) struct Request {
    /// Uids; from 2.43 unknown ones too.
    pub data_sets: Vec<String>,
    /// Uids; from 2.43 unknown ones too.
    pub data_elements: Vec<String>,
    /// Uids; from 2.43 unknown ones too.
    pub org_units: Vec<String>,
    /// Uids of attribute option combos; any when empty.
    pub attribute_option_combos: Vec<String>,
    /// The org units with all below them.
    pub children: bool,
    /// Periods asked for by name.
    pub periods: Vec<Period>,
    /// The first and the last day asked for.
    pub dates: Option<(NaiveDate, NaiveDate)>,
    /// Only values written at or after this time.
    pub updated_since: Option<NaiveDateTime>,
    /// Deleted values too.
    pub include_deleted: bool,
    /// At most so many values.
    pub limit: Option<usize>,
    /// Uids of org unit groups; from 2.43 unknown ones too.
    pub org_unit_groups: Vec<String>,
    /// Uids of data element groups; from 2.43 unknown ones too.
    pub data_element_groups: Vec<String>,
    /// Uids of category option combos; any when empty (2.43).
    pub category_option_combos: Vec<String>,
    /// Only org units of this level (2.43).
    pub level: Option<usize>,
    /// So many values are passed over first (2.43).
    pub offset: usize,
    /// What cannot be understood or is beyond its bounds.
    pub faults: Faults,
}

/// Parameters that make no sense, as they were sent.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// A period that cannot be read.
    pub period: Option<String>,
    /// A duration that cannot be read.
    pub duration: Option<String>,
    /// A limit below zero.
    pub limit: Option<i64>,
    /// An id that is no uid where uids are asked for (2.43).
    pub uid: Option<String>,
    /// What is said of a parameter that is no number or no date (until 2.42).
    pub parameter: Option<String>,
    /// An output id scheme that there is none of (until 2.42).
    pub scheme: Option<String>,
}

impl Request {
    /// Reads the parameters.
    ///
    /// # Errors
    /// The answer to a parameter that cannot be understood.
    pub fn parse(context: &ValueContext<'_>, pairs: &Pairs) -> Result<Self, Box<Answer>> {
        let scheme = |name: &str| {
            query::one(pairs, name)
                .or_else(|| query::one(pairs, "inputIdScheme"))
                .and_then(IdScheme::parse)
                .unwrap_or_default()
        };
        let is_2_43 = context.version >= ServerVersion::V43;
        let mut faults = Faults::default();
        let mut uids = |parameter: &str, kind: Kind, scheme: &IdScheme| -> Vec<String> {
            let finder = context.catalogue.finder(kind, scheme);
            let names = || query::all(pairs, parameter).flat_map(|v| v.split(','));
            if is_2_43 && *scheme == IdScheme::Uid {
                faults.uid = faults
                    .uid
                    .take()
                    .or_else(|| names().find(|n| !is_uid(n)).map(str::to_owned));
            }
            let found = names()
                .filter_map(|name| finder.uid(name))
                .filter(|uid| is_2_43 || known(context, kind, uid));
            distinct(found.map(str::to_owned))
        };
        let data_sets = uids("dataSet", Kind::DataSet, &scheme("inputDataSetIdScheme"));
        let data_elements = uids(
            "dataElement",
            Kind::DataElement,
            &scheme("inputDataElementIdScheme"),
        );
        let org_units = uids("orgUnit", Kind::OrgUnit, &scheme("inputOrgUnitIdScheme"));
        let mut attribute_option_combos =
            uids("attributeOptionCombo", Kind::OptionCombo, &IdScheme::Uid);
        if attribute_option_combos.is_empty() {
            attribute_option_combos.extend(by_options(context, pairs));
        }
        let category_option_combos = if is_2_43 {
            uids("categoryOptionCombo", Kind::OptionCombo, &IdScheme::Uid)
        } else {
            Vec::new()
        };
        let groups = |parameter: &str, exists: &dyn Fn(&str) -> bool| -> Vec<String> {
            query::all(pairs, parameter)
                .flat_map(|v| v.split(','))
                .filter(|uid| is_2_43 || exists(uid))
                .map(str::to_owned)
                .collect()
        };
        let parsed: Vec<(&str, Option<Period>)> = query::all(pairs, "period")
            .flat_map(|v| v.split(','))
            .map(|text| (text, Period::parse(text)))
            .collect();
        if !is_2_43 {
            faults.parameter = unbound(pairs);
            faults.scheme = unknown_scheme(pairs);
        }
        faults.period = parsed
            .iter()
            .find(|(_, period)| period.is_none())
            .map(|(text, _)| (*text).to_owned());
        faults.duration = query::one(pairs, "lastUpdatedDuration")
            .filter(|text| duration(text).is_none())
            .map(str::to_owned);
        let number = |name: &str| query::one(pairs, name).and_then(|n| n.parse::<i64>().ok());
        faults.limit = number("limit").filter(|limit| *limit < 0);
        // Until 2.42 dates are looked at only where no period is named ("period and range").
        let dates = day(pairs, "startDate").zip(day(pairs, "endDate"));
        let catalogue = context.catalogue;
        Ok(Self {
            data_sets,
            data_elements,
            org_units,
            attribute_option_combos,
            category_option_combos,
            org_unit_groups: groups("orgUnitGroup", &|g| catalogue.org_unit_group(g).is_some()),
            data_element_groups: groups("dataElementGroup", &|g| {
                catalogue.data_element_group(g).is_some()
            }),
            children: query::flag(pairs, "children"),
            dates: dates.filter(|_| is_2_43 || parsed.is_empty()),
            periods: distinct(parsed.into_iter().filter_map(|(_, period)| period)),
            updated_since: updated_since(context, pairs),
            include_deleted: query::flag(pairs, "includeDeleted"),
            limit: number("limit").and_then(|l| usize::try_from(l).ok()),
            level: number("level")
                .filter(|_| is_2_43)
                .and_then(|l| usize::try_from(l).ok()),
            offset: number("offset")
                .filter(|_| is_2_43)
                .and_then(|o| usize::try_from(o).ok())
                .unwrap_or(0),
            faults,
        })
    }

    /// The data set, if exactly one is asked for.
    pub fn single_data_set(&self) -> Option<&str> {
        single(&self.data_sets).map(String::as_str)
    }

    /// The period, if exactly one is asked for.
    pub fn single_period(&self) -> Option<&Period> {
        single(&self.periods)
    }

    /// The org unit, if exactly one is asked for.
    pub fn single_org_unit(&self) -> Option<&str> {
        single(&self.org_units).map(String::as_str)
    }

    /// The attribute option combo, if exactly one is asked for.
    pub fn single_attribute_option_combo(&self) -> Option<&str> {
        single(&self.attribute_option_combos).map(String::as_str)
    }
}

fn single<T>(list: &[T]) -> Option<&T> {
    match list {
        [only] => Some(only),
        _ => None,
    }
}

/// Each once, in their order: DHIS2 takes the parameters into sets (its query parameters' classes
/// in 2.40-2.43; a period named twice is one, seen on a real 2.42.5.2).
fn distinct<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut once = Vec::new();
    for item in all {
        if !once.contains(&item) {
            once.push(item);
        }
    }
    once
}

/// What is said of the first parameter that is no number or no date. Before all else, in the
/// words of Spring's binding (DHIS2 2.40-2.42, `CrudControllerAdvice.handleBindException`; seen
/// on a real 2.42.5.2). A text that begins as a date does is taken for one.
fn unbound(pairs: &Pairs) -> Option<String> {
    pairs.iter().find_map(|(name, text)| {
        let why = match name.as_str() {
            _ if text.is_empty() => None,
            "limit" if text.trim().parse::<i32>().is_err() => {
                Some(format!("For input string: \"{text}\""))
            }
            "lastUpdated" | "startDate" | "endDate"
                if !(text.len() >= 4 && text.bytes().take(4).all(|b| b.is_ascii_digit())) =>
            {
                Some(format!("Invalid format: \"{text}\""))
            }
            _ => None,
        };
        why.map(|why| format!("Value '{text}' is not valid for parameter {name}. {why}"))
    })
}

/// The first output id scheme that DHIS2 has no name for, in capitals (2.40-2.42,
/// `IdScheme.from`; seen on a real 2.42.5.2).
fn unknown_scheme(pairs: &Pairs) -> Option<String> {
    const SCHEMES: [&str; 7] = [
        "idScheme",
        "dataElementIdScheme",
        "categoryOptionComboIdScheme",
        "categoryIdScheme",
        "orgUnitIdScheme",
        "dataSetIdScheme",
        "attributeOptionComboIdScheme",
    ];
    let texts = SCHEMES.iter().filter_map(|name| query::one(pairs, name));
    texts.map(str::to_ascii_uppercase).find(|text| {
        !matches!(text.as_str(), "" | "UUID" | "ATTRIBUTE") && IdScheme::parse(text).is_none()
    })
}

fn known(context: &ValueContext<'_>, kind: Kind, uid: &str) -> bool {
    let catalogue = context.catalogue;
    match kind {
        Kind::DataElement => catalogue.data_element(uid).is_some(),
        Kind::OrgUnit => catalogue.org_units().get(uid).is_some(),
        Kind::OptionCombo => catalogue.option_combo(uid).is_some(),
        Kind::DataSet => catalogue.data_set(uid).is_some(),
    }
}

fn day(pairs: &Pairs, name: &str) -> Option<NaiveDate> {
    query::one(pairs, name)?.get(..10)?.parse().ok()
}

/// `lastUpdated` (a day or a time) or `lastUpdatedDuration`.
fn updated_since(context: &ValueContext<'_>, pairs: &Pairs) -> Option<NaiveDateTime> {
    if let Some(text) = query::one(pairs, "lastUpdated") {
        return moment(text);
    }
    let length = duration(query::one(pairs, "lastUpdatedDuration")?)?;
    context.now.checked_sub_signed(length)
}

/// A day or a time; a day begins at midnight.
pub(in super::super) fn moment(text: &str) -> Option<NaiveDateTime> {
    let exact = text
        .get(..19)
        .and_then(|t| NaiveDateTime::parse_from_str(t, "%Y-%m-%dT%H:%M:%S").ok());
    let day = || text.get(..10)?.parse::<NaiveDate>().ok();
    exact.or_else(|| Some(day()?.and_time(chrono::NaiveTime::MIN)))
}

/// `7d`, `12h`, `30m`, `10s`.
pub(in super::super) fn duration(text: &str) -> Option<TimeDelta> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let number: i64 = number.parse().ok().filter(|n| *n >= 0)?;
    match unit {
        "d" => TimeDelta::try_days(number),
        "h" => TimeDelta::try_hours(number),
        "m" => TimeDelta::try_minutes(number),
        "s" => TimeDelta::try_seconds(number),
        _ => None,
    }
}

/// The attribute option combo that `attributeCombo` and `attributeOptions` name.
fn by_options(context: &ValueContext<'_>, pairs: &Pairs) -> Option<String> {
    let combo = query::one(pairs, "attributeCombo")?;
    let options = query::all(pairs, "attributeOptions")
        .flat_map(|v| v.split(','))
        .map(str::to_owned)
        .collect();
    let found = context.catalogue.option_combo_of(combo, &options)?;
    Some(found.uid.clone())
}

/// A letter, then ten letters or digits.
fn is_uid(text: &str) -> bool {
    text.len() == 11
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
}
