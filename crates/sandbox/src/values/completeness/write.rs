//! `POST /api/completeDataSetRegistrations`: data sets are registered as complete.

use chrono::NaiveTime;
use serde_json::Value;

use super::content_type;
use crate::answer::Answer;
use crate::context::ValueContext;
use crate::values::catalogue::DEFAULT_OPTION_COMBO;
use crate::values::period::Period;
use crate::values::query::Pairs;
use crate::values::store::{Registration, RegistrationKey, ValueTransaction};
use crate::values::write::{Conflict, ImportOptions, Status, Summary};

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
