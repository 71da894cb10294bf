//! `/api/completeDataSetRegistrations`: which data sets are complete where and when.

use chrono::{NaiveDate, NaiveTime};
use rustc_hash::FxHashSet;
use serde_json::{Value, json};

use super::catalogue::DEFAULT_OPTION_COMBO;
use super::period::Period;
use super::query::{self, Pairs};
use super::store::{Registration, RegistrationKey, StoreError, ValueTransaction};
use super::write::{Conflict, ImportOptions, Status, Summary};
use crate::answer::Answer;
use crate::context::ValueContext;
use crate::version::ServerVersion;

/// Answers `GET /api/completeDataSetRegistrations`.
pub fn read(context: &ValueContext<'_>, query: &Pairs) -> Answer {
    let units = context.catalogue.org_units();
    let children = query::flag(query, "children");
    let data_sets: FxHashSet<&str> = query::all(query, "dataSet").collect();
    let periods: FxHashSet<String> = query::all(query, "period")
        .filter_map(Period::parse)
        .map(|p| p.iso)
        .collect();
    let day =
        |name: &str| query::one(query, name).and_then(|d| d.get(..10)?.parse::<NaiveDate>().ok());
    let dates = day("startDate").zip(day("endDate"));
    let asked: Vec<&str> = query::all(query, "orgUnit").collect();
    let refuse = |code, message| Answer::error(409, message, Some(code));
    if data_sets.is_empty() {
        return refuse("E2013", "At least one data set must be specified");
    }
    if periods.is_empty() && dates.is_none() && query::one(query, "createdDuration").is_none() {
        let words = "At least one period, start/end dates, last updated or last updated duration must be specified";
        return refuse("E2002", words);
    }
    if asked.is_empty() {
        return refuse(
            "E2006",
            "At least one organisation unit or organisation unit group must be specified",
        );
    }
    let is_asked = |org_unit: &str| {
        asked
            .iter()
            .any(|a| *a == org_unit || children && units.is_within(org_unit, a))
    };
    let is_in_time = |iso: &str| match dates {
        _ if !periods.is_empty() => periods.contains(iso),
        Some((start, end)) => Period::parse(iso).is_some_and(|p| start <= p.start && p.end <= end),
        None => true,
    };
    let found: Vec<Value> = context
        .store
        .registrations()
        .into_iter()
        .filter(|(key, _)| {
            data_sets.contains(key.data_set.as_str())
                && is_asked(&key.org_unit)
                && is_in_time(&key.period)
        })
        .filter(|(key, _)| {
            context.user.is_superuser() || units.may_view(context.user, &key.org_unit)
        })
        .map(|(key, registration)| {
            json!({
                "period": key.period, "dataSet": key.data_set, "organisationUnit": key.org_unit,
                "attributeOptionCombo": key.attribute_option_combo,
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

/// Answers `POST /api/completeDataSetRegistrations` with a JSON body.
pub fn write(context: &ValueContext<'_>, query: &Pairs, body: &[u8]) -> Answer {
    let options = ImportOptions::parse(query);
    let parsed: Value = match serde_json::from_slice(body) {
        Ok(parsed) => parsed,
        Err(error) => return Answer::error(400, &error.to_string(), None),
    };
    let sent = parsed["completeDataSetRegistrations"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    let mut summary = Summary {
        description: Some("Import process complete.".to_owned()),
        data_set_complete: None,
        ..Summary::new(context.version)
    };
    let mut writing = context.store.begin();
    for registration in sent {
        match key_of(context, registration) {
            Ok(key) => keep(
                context,
                registration,
                &key,
                &options,
                &mut writing,
                &mut summary,
            ),
            Err((object, words)) => {
                summary.counts.ignored += 1;
                summary.conflicts.push(Conflict {
                    object: Some(object),
                    objects: None,
                    message: words,
                    code: None,
                    property: None,
                    indexes: None,
                });
            }
        }
    }
    if !summary.conflicts.is_empty() {
        summary.status = Status::Error;
    }
    match writing.commit() {
        Ok(()) => {
            let answer = summary.answer(context.version, &options);
            Answer::text(answer.status, content_type(context.version), answer.body)
        }
        Err(error) => Answer::error(500, &error.to_string(), None),
    }
}

/// Answers `DELETE /api/completeDataSetRegistrations?ds=&pe=&ou=`.
pub fn remove(context: &ValueContext<'_>, query: &Pairs) -> Answer {
    let removed = || -> Option<Result<(), StoreError>> {
        let period = Period::parse(query::one(query, "pe")?)?;
        let org_unit = query::one(query, "ou")?;
        let keys: Vec<RegistrationKey> = query::all(query, "ds")
            .map(|data_set| RegistrationKey {
                data_set: data_set.to_owned(),
                period: period.iso.clone(),
                org_unit: org_unit.to_owned(),
                attribute_option_combo: DEFAULT_OPTION_COMBO.to_owned(),
            })
            .collect();
        let mut writing = context.store.begin();
        keys.iter().for_each(|key| writing.register(key, None));
        Some(writing.commit())
    };
    match removed() {
        Some(Ok(())) => Answer::empty(204),
        Some(Err(error)) => Answer::error(500, &error.to_string(), None),
        None => Answer::error(409, "Illegal period or organisation unit identifier", None),
    }
}

/// The key, if all its members exist and the user may register there.
fn key_of(context: &ValueContext<'_>, sent: &Value) -> Result<RegistrationKey, (String, String)> {
    let text = |member: &str| sent[member].as_str().unwrap_or("").to_owned();
    let refuse = |object: &str, words: &str| (object.to_owned(), words.to_owned());
    let data_set = text("dataSet");
    if context
        .catalogue
        .data_set(&data_set)
        .is_none_or(|s| !s.sharing.may_read_metadata(context.user))
    {
        return Err(refuse(&data_set, "Data set not found or not accessible"));
    }
    let period = Period::parse(&text("period"))
        .ok_or_else(|| refuse(&text("period"), "Period not valid"))?;
    let org_unit = text("organisationUnit");
    if context.catalogue.org_units().get(&org_unit).is_none() {
        return Err(refuse(
            &org_unit,
            "Organisation unit not found or not accessible",
        ));
    }
    if !context
        .catalogue
        .org_units()
        .may_enter(context.user, &org_unit)
    {
        let words = format!(
            "Organisation unit is not in hierarchy of user: {}",
            context.user.username
        );
        return Err((org_unit, words));
    }
    let combo = sent["attributeOptionCombo"]
        .as_str()
        .unwrap_or(DEFAULT_OPTION_COMBO);
    if context.catalogue.option_combo(combo).is_none() {
        return Err(refuse(
            combo,
            "Attribute option combo not found or not accessible",
        ));
    }
    Ok(RegistrationKey {
        data_set,
        period: period.iso,
        org_unit,
        attribute_option_combo: combo.to_owned(),
    })
}

fn keep(
    context: &ValueContext<'_>,
    sent: &Value,
    key: &RegistrationKey,
    options: &ImportOptions,
    writing: &mut ValueTransaction<'_>,
    summary: &mut Summary,
) {
    let today = context.now.date();
    let date = sent["date"]
        .as_str()
        .and_then(|d| d.get(..10)?.parse().ok())
        .unwrap_or(today);
    if writing.registration_before(key).is_some() {
        summary.counts.updated += 1;
    } else {
        summary.counts.imported += 1;
    }
    if !options.dry_run {
        let registration = Registration {
            date: date.and_time(NaiveTime::MIN),
            stored_by: sent["storedBy"]
                .as_str()
                .unwrap_or(&context.user.username)
                .to_owned(),
            completed: sent["completed"].as_bool().unwrap_or(true),
        };
        writing.register(key, Some(registration));
    }
}

fn content_type(version: ServerVersion) -> &'static str {
    if version < ServerVersion::V42 {
        "application/json;charset=utf-8"
    } else {
        "application/json;charset=UTF-8"
    }
}
