//! `GET /api/completeDataSetRegistrations`.

use chrono::NaiveDate;
use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use super::content_type;
use crate::answer::Answer;
use crate::context::ValueContext;
use crate::values::catalogue::{IdScheme, Kind};
use crate::values::period::Period;
use crate::values::query::{self, Pairs};
use crate::values::read::{duration, moment};
use crate::version::ServerVersion;

/// What is asked for.
struct Asked<'q> {
    data_sets: FxHashSet<&'q str>,
    periods: FxHashSet<String>,
    dates: Option<(NaiveDate, NaiveDate)>,
    org_units: Vec<&'q str>,
    groups: Vec<&'q str>,
    children: bool,
}

impl<'q> Asked<'q> {
    fn parse(context: &ValueContext<'_>, query: &'q Pairs) -> Self {
        let catalogue = context.catalogue;
        let all = |name| query::all(query, name).flat_map(|v| v.split(','));
        let periods: Vec<&str> = all("period").collect();
        let day = |name| {
            query::one(query, name)?
                .get(..10)?
                .parse::<NaiveDate>()
                .ok()
        };
        Self {
            // One that the user does not see counts as not named.
            data_sets: all("dataSet")
                .filter(|uid| {
                    let set = catalogue.data_set(uid);
                    set.is_some_and(|set| set.sharing.may_read_metadata(context.user))
                })
                .collect(),
            // Periods win over dates.
            dates: day("startDate")
                .zip(day("endDate"))
                .filter(|_| periods.is_empty()),
            periods: periods
                .into_iter()
                .filter_map(Period::parse)
                .map(|p| p.iso)
                .collect(),
            org_units: all("orgUnit")
                .filter(|uid| catalogue.org_units().get(uid).is_some())
                .collect(),
            groups: all("orgUnitGroup")
                .filter(|uid| catalogue.org_unit_group(uid).is_some())
                .collect(),
            children: query::flag(query, "children"),
        }
    }
}

/// Answers `GET /api/completeDataSetRegistrations`.
pub fn read(context: &ValueContext<'_>, query: &Pairs) -> Answer {
    let asked = Asked::parse(context, query);
    // The right to see is looked at first, of superusers too, by the org units of data entry.
    let units = context.catalogue.org_units();
    let outside = asked
        .org_units
        .iter()
        .find(|uid| !units.may_enter(context.user, uid));
    if let Some(uid) = outside {
        let what = if context.version < ServerVersion::V43 {
            "org unit"
        } else {
            "org unit(s)"
        };
        return refused(
            context.version,
            "E2012",
            &format!("User is not allowed to view {what}: `{uid}`"),
        );
    }
    if let Some((code, words)) = incomplete(query, &asked) {
        return refused(context.version, code, &words);
    }
    let since = query::one(query, "created").and_then(moment).or_else(|| {
        let length = query::one(query, "createdDuration").and_then(duration)?;
        context.now.checked_sub_signed(length)
    });
    let limit = query::one(query, "limit")
        .and_then(|l| l.parse().ok())
        .unwrap_or(usize::MAX);
    let is_asked = |org_unit: &str| {
        let named = |uid: &&str| {
            if asked.children {
                units.is_within(org_unit, uid)
            } else {
                **uid == *org_unit
            }
        };
        let in_group = |uid: &&str| {
            let members = context.catalogue.org_unit_group(uid).unwrap_or_default();
            members.iter().any(|m| m == org_unit)
        };
        asked.org_units.iter().any(named) || asked.groups.iter().any(in_group)
    };
    let is_in_time = |iso: &str| match asked.dates {
        Some((start, end)) => Period::parse(iso).is_some_and(|p| start <= p.start && p.end <= end),
        None => asked.periods.is_empty() || asked.periods.contains(iso),
    };
    let schemes = Schemes::parse(query);
    let found: Vec<Value> = context
        .store
        .registrations()
        .into_iter()
        .filter(|(key, registration)| {
            asked.data_sets.contains(key.data_set.as_str())
                && is_asked(&key.org_unit)
                && is_in_time(&key.period)
                && since.is_none_or(|since| since <= registration.date)
        })
        .take(limit)
        .map(|(key, registration)| {
            let name = |kind, scheme: &IdScheme, uid: &str| {
                context.catalogue.name_by(kind, scheme, uid).map(|n| n.into_owned())
            };
            json!({
                "period": key.period,
                "dataSet": name(Kind::DataSet, &schemes.data_set, &key.data_set),
                "organisationUnit": name(Kind::OrgUnit, &schemes.org_unit, &key.org_unit),
                "attributeOptionCombo":
                    name(Kind::OptionCombo, &schemes.attribute_option_combo, &key.attribute_option_combo),
                "date": registration.date.date().to_string(),
                "storedBy": registration.stored_by, "completed": registration.completed,
            })
        })
        .collect();
    let body = if found.is_empty() {
        json!({})
    } else {
        json!({ "completeDataSetRegistrations": found })
    };
    Answer::text(200, content_type(context.version), body.to_string())
}

/// A refusal. Up to 2.41 the content type of the answer was set before.
fn refused(version: ServerVersion, code: &str, message: &str) -> Answer {
    let mut answer = Answer::error(409, message, Some(code));
    if version < ServerVersion::V42 {
        answer.headers = vec![("content-type".into(), content_type(version).into())];
    }
    answer
}

/// What is missing or too much; what is found last is told.
fn incomplete(query: &Pairs, asked: &Asked<'_>) -> Option<(&'static str, String)> {
    let created = query::one(query, "created").and_then(moment).is_some();
    let length = query::one(query, "createdDuration");
    let bad_length = length.filter(|text| duration(text).is_none());
    let limit = query::one(query, "limit")
        .and_then(|l| l.parse::<i64>().ok())
        .filter(|l| *l < 0);
    let (no_units, no_groups) = (asked.org_units.is_empty(), asked.groups.is_empty());
    let no_time = asked.periods.is_empty() && asked.dates.is_none() && !created && length.is_none();
    let found: [(bool, &'static str, String); 8] = [
        (asked.data_sets.is_empty(), "E2013", "At least one data set must be specified".into()),
        (
            no_time,
            "E2002",
            "At least one period, start/end dates, last updated or last updated duration must be specified"
                .into(),
        ),
        (
            asked.dates.is_some_and(|(start, end)| start > end),
            "E2004",
            "Start date must be before end date".into(),
        ),
        (
            bad_length.is_some(),
            "E2005",
            format!("Duration is not valid: `{}`", bad_length.unwrap_or("{0}")),
        ),
        (
            no_units && no_groups,
            "E2006",
            "At least one organisation unit or organisation unit group must be specified".into(),
        ),
        (
            asked.children && !no_groups,
            "E2007",
            "Organisation unit children cannot be included for organisation unit groups".into(),
        ),
        (
            asked.children && no_units,
            "E2008",
            "At least one organisation unit must be specified when children are included".into(),
        ),
        (limit.is_some(), "E2009", "Limit cannot be less than zero: `{0}`".into()),
    ];
    let last = found.into_iter().rfind(|(is_so, _, _)| *is_so)?;
    Some((last.1, last.2))
}

/// By what objects are named: uid, code or name.
struct Schemes {
    data_set: IdScheme,
    org_unit: IdScheme,
    attribute_option_combo: IdScheme,
}

impl Schemes {
    fn parse(query: &Pairs) -> Self {
        let scheme = |name| {
            let text = query::one(query, name).or_else(|| query::one(query, "idScheme"));
            let scheme = text.and_then(IdScheme::parse).unwrap_or_default();
            match scheme {
                IdScheme::Attribute(_) => IdScheme::Uid,
                other => other,
            }
        };
        Self {
            data_set: scheme("dataSetIdScheme"),
            org_unit: scheme("orgUnitIdScheme"),
            attribute_option_combo: scheme("attributeOptionComboIdScheme"),
        }
    }
}
