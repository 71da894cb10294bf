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
use crate::values::write::{Conflict, ImportOptions, Status, Strategy, Summary};

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
    // An error only when nothing at all was done; what was refused is a conflict either way.
    let counts = summary.counts;
    summary.counts.ignored = sent.len() - counts.imported - counts.updated - counts.deleted;
    if summary.counts.ignored == sent.len() {
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
    let Some(attributes) = context.catalogue.option_combo(combo) else {
        return Err(refuse(
            combo,
            "Attribute option combo not found or not accessible",
        ));
    };
    let options = || context.catalogue.options_of(attributes);
    let in_time = options().all(|option| {
        option.start.is_none_or(|start| start <= period.start)
            && option.end.is_none_or(|end| period.end <= end)
    });
    if !in_time {
        let words = format!(
            "Period: {} is not within range of attribute option combo: {combo}",
            period.iso
        );
        return Err((org_unit, words));
    }
    let units = context.catalogue.org_units();
    let reaches =
        |own: &[String]| own.is_empty() || own.iter().any(|o| units.is_within(&org_unit, o));
    if !options().all(|option| reaches(&option.org_units)) {
        let words = format!(
            "Organisation unit: {org_unit} is not valid for attribute option combo {combo}"
        );
        return Err((org_unit, words));
    }
    let writable = context
        .catalogue
        .data_set(&data_set)
        .is_some_and(|set| set.sharing.may_write_data(context.user));
    if !writable {
        let words = format!("User does not have write access for DataSet: {data_set}");
        return Err(("dataSet".to_owned(), words));
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
    // What the strategy does not provide for is left alone, and counts as ignored.
    let there = writing.registration_before(key).is_some();
    let counts = &mut summary.counts;
    match (there, options.strategy) {
        (true, Strategy::Delete) => {
            counts.deleted += 1;
            if !options.dry_run {
                writing.register(key, None);
            }
            return;
        }
        (true, Strategy::CreateAndUpdate | Strategy::Update) => counts.updated += 1,
        (false, Strategy::CreateAndUpdate | Strategy::Create) => counts.imported += 1,
        _ => return,
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
