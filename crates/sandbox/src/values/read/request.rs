//! What is asked for, and whether it may be asked.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

use super::Refusal;
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
    /// An org unit group is named, known or not.
    names_group: bool,
    /// Data sets are named, known or not.
    names_data_sets: bool,
    /// A period that cannot be read, as it was sent.
    bad_period: Option<String>,
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
        let keeps_unknown = context.version >= ServerVersion::V43;
        let uids = |parameter: &str, kind: Kind, scheme: &IdScheme| -> Vec<String> {
            let finder = context.catalogue.finder(kind, scheme);
            query::all(pairs, parameter)
                .filter_map(|name| finder.uid(name))
                .filter(|uid| keeps_unknown || known(context, kind, uid))
                .map(str::to_owned)
                .collect()
        };
        let parsed: Vec<(&str, Option<Period>)> = query::all(pairs, "period")
            .map(|text| (text, Period::parse(text)))
            .collect();
        Ok(Self {
            data_sets: uids("dataSet", Kind::DataSet, &scheme("inputDataSetIdScheme")),
            data_elements: uids(
                "dataElement",
                Kind::DataElement,
                &scheme("inputDataElementIdScheme"),
            ),
            org_units: uids("orgUnit", Kind::OrgUnit, &scheme("inputOrgUnitIdScheme")),
            attribute_option_combos: uids(
                "attributeOptionCombo",
                Kind::OptionCombo,
                &IdScheme::Uid,
            ),
            children: query::flag(pairs, "children"),
            bad_period: parsed
                .iter()
                .find(|(_, period)| period.is_none())
                .map(|(text, _)| (*text).to_owned()),
            periods: parsed
                .into_iter()
                .filter_map(|(_, period)| period)
                .collect(),
            dates: day(pairs, "startDate").zip(day(pairs, "endDate")),
            updated_since: updated_since(context, pairs),
            include_deleted: query::flag(pairs, "includeDeleted"),
            limit: query::one(pairs, "limit").and_then(|l| l.parse().ok()),
            names_group: query::one(pairs, "orgUnitGroup").is_some(),
            names_data_sets: query::one(pairs, "dataSet").is_some(),
        })
    }

    /// Whether the request is complete and the user may see what it asks for. The
    /// order of the checks is that of the servers.
    pub fn check(&self, context: &ValueContext<'_>) -> Result<(), Refusal> {
        let is_2_43 = context.version >= ServerVersion::V43;
        if let (true, Some(text)) = (is_2_43, &self.bad_period) {
            return Err(Refusal::BadRequest(format!(
                "Invalid Period `{text}`, failed to create date interval"
            )));
        }
        let has_data = if is_2_43 {
            !self.data_sets.is_empty()
        } else {
            self.sees_a_data_set(context)
        };
        if !has_data && self.data_elements.is_empty() {
            return conflict(
                "E2001",
                "At least one data element, data set or data element group must be specified",
            );
        }
        // Until 2.42 the org unit is asked for first ("run, upstream 409").
        let no_org_unit = || {
            conflict(
                "E2006",
                "At least one organisation unit or organisation unit group must be specified",
            )
        };
        if !is_2_43 && self.org_units.is_empty() {
            return no_org_unit();
        }
        // 2.43.0 and 2.43.1 forget lastUpdated here ("last updated only").
        let updated_suffices = !is_2_43 && self.updated_since.is_some();
        if self.periods.is_empty() && self.dates.is_none() && !updated_suffices {
            let words = "At least one period, start/end dates, last updated or last updated duration must be specified";
            return conflict("E2002", words);
        }
        // Until 2.42 periods win over dates ("period and range").
        if is_2_43 && !self.periods.is_empty() && self.dates.is_some() {
            return conflict(
                "E2003",
                "Both periods and start/end date cannot be specified",
            );
        }
        if self.org_units.is_empty() {
            return no_org_unit();
        }
        if is_2_43 && self.children && self.names_group {
            let words =
                "Organisation unit children cannot be included for organisation unit groups";
            return conflict("E2007", words);
        }
        self.check_rights(context)
    }

    fn check_rights(&self, context: &ValueContext<'_>) -> Result<(), Refusal> {
        let user = context.user;
        if user.is_superuser() {
            return Ok(());
        }
        let closed: Vec<&str> = self
            .data_sets
            .iter()
            .filter(|uid| {
                context
                    .catalogue
                    .data_set(uid)
                    .is_some_and(|set| !set.sharing.may_read_data(user))
            })
            .map(String::as_str)
            .collect();
        if !closed.is_empty() {
            let list = closed.join(", ");
            let message = format!("User is not allowed to read data for data set(s): `[{list}]`");
            return Err(Refusal::Conflict("E2010", message));
        }
        let units = context.catalogue.org_units();
        let outside: Vec<String> = self
            .org_units
            .iter()
            .filter(|uid| !units.may_view(user, uid))
            .cloned()
            .collect();
        if outside.is_empty() {
            Ok(())
        } else {
            Err(Refusal::OutsideView(outside))
        }
    }

    /// Until 2.42 a data set that the user does not see counts as not named ("read
    /// of a set without read access, clerk": E2001).
    fn sees_a_data_set(&self, context: &ValueContext<'_>) -> bool {
        self.names_data_sets
            && self.data_sets.iter().any(|uid| {
                context
                    .catalogue
                    .data_set(uid)
                    .is_some_and(|set| set.sharing.may_read_metadata(context.user))
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

fn conflict(code: &'static str, message: &str) -> Result<(), Refusal> {
    Err(Refusal::Conflict(code, message.to_owned()))
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

/// `lastUpdated` (a day or a time) or `lastUpdatedDuration` (`7d`, `12h`, `30m`, `10s`).
fn updated_since(context: &ValueContext<'_>, pairs: &Pairs) -> Option<NaiveDateTime> {
    if let Some(text) = query::one(pairs, "lastUpdated") {
        let exact = text
            .get(..19)
            .and_then(|t| NaiveDateTime::parse_from_str(t, "%Y-%m-%dT%H:%M:%S").ok());
        return exact.or_else(|| Some(day(pairs, "lastUpdated")?.and_time(chrono::NaiveTime::MIN)));
    }
    let duration = query::one(pairs, "lastUpdatedDuration")?;
    let (number, unit) = duration.split_at_checked(duration.len() - 1)?;
    let number: i64 = number.parse().ok()?;
    let length = match unit {
        "d" => TimeDelta::try_days(number)?,
        "h" => TimeDelta::try_hours(number)?,
        "m" => TimeDelta::try_minutes(number)?,
        "s" => TimeDelta::try_seconds(number)?,
        _ => return None,
    };
    context.now.checked_sub_signed(length)
}
