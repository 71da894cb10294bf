//! What is refused, in the order in which the servers check: the first fault of a
//! value is its only one.

use super::super::options::{ImportOptions, Strategy};
use super::super::payload::{IncomingValue, Payload};
use super::super::{Conflict, value_type};
use super::names::Names;
use super::{Candidate, Fault, Group, strict, timing};
use crate::context::ValueContext;
use crate::values::catalogue::{CategoryOptionCombo, DEFAULT_OPTION_COMBO, DataElement};
use crate::values::period::Period;
use crate::values::store::Cell;
use crate::version::ServerVersion;

/// What the request says about all its values. All its faults are told, and any of them ends
/// the import (DHIS2 2.40-2.42, `DataValueSetImportValidator.abortDataSetImport`; seen on a
/// real 2.42.5.2).
pub(super) fn group<'c>(
    context: &ValueContext<'c>,
    names: &Names,
    payload: &Payload,
) -> Result<Group<'c>, Vec<Conflict>> {
    let mut faults = Vec::new();
    let named_set = payload.data_set.as_deref();
    let data_set = named_set
        .and_then(|name| names.data_sets.uid(name))
        .and_then(|uid| context.catalogue.data_set(uid))
        .filter(|set| set.sharing.may_read_metadata(context.user));
    let mut whole = |code, object: (&'static str, &str), property, words: &str| {
        let mut objects = vec![(object.0, Some(object.1))];
        if object.0 != "dataSet" {
            objects.push(("dataSet", named_set));
        }
        let message = format!("{words}: `{}`", object.1);
        faults.push(*conflict(code, &objects, Some(property), message));
    };
    if let Some(name) = named_set {
        let object = ("dataSet", name);
        match data_set {
            None => whole(
                "E7600",
                object,
                "dataSet",
                "Data set not found or not accessible",
            ),
            Some(set) if !set.sharing.may_write_data(context.user) => whole(
                "E7601",
                object,
                "dataSet",
                "User does not have write access for DataSet",
            ),
            Some(_) => {}
        }
    }
    let org_unit = payload
        .org_unit
        .as_deref()
        .and_then(|name| names.org_units.uid(name))
        .filter(|uid| context.catalogue.org_units().get(uid).is_some())
        .map(str::to_owned);
    if let (None, Some(name)) = (&org_unit, payload.org_unit.as_deref()) {
        let words = "Org unit not found or not accessible";
        whole("E7603", ("organisationUnit", name), "orgUnit", words);
    }
    let attribute_option_combo = payload
        .attribute_option_combo
        .as_deref()
        .and_then(|name| option_combo(context, names, name))
        .map(|combo| combo.uid.clone());
    if let (None, Some(name)) = (
        &attribute_option_combo,
        payload.attribute_option_combo.as_deref(),
    ) {
        let words = "Attribute option combo not found or not accessible";
        let property = "attributeOptionCombo";
        whole("E7604", ("categoryOptionCombo", name), property, words);
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Group {
        data_set,
        period: payload.period.as_deref().and_then(Period::parse),
        org_unit,
        attribute_option_combo,
    })
}

/// The first fault of a value (several data sets may each have their word), else the value
/// with its key resolved. Conflicts name what the value itself says, in the request's id
/// schemes, also where the request's own period, org unit or combo is what was checked (DHIS2
/// 2.40-2.42, `DataValueSetImportValidator`; seen on a real 2.42.5.2).
pub(super) fn value<'c>(
    context: &ValueContext<'c>,
    options: &ImportOptions,
    names: &Names,
    group: &Group<'c>,
    sent: &IncomingValue,
) -> Result<Candidate<'c>, Fault> {
    let candidate = key(context, names, group, sent)?;
    let org_unit = &candidate.cell.org_unit;
    if !context
        .catalogue
        .org_units()
        .may_enter(context.user, org_unit)
    {
        let (name, user) = (sent.org_unit.as_deref(), &context.user.uid);
        let message = format!(
            "Organisation unit: `{}` not in hierarchy of current user: `{user}`",
            said(name)
        );
        let objects = [("organisationUnit", name), ("user", Some(user.as_str()))];
        return Err(conflict("E7617", &objects, Some("orgUnit"), message).into());
    }
    let is_deleted = sent.deleted == Some(true) || options.strategy == Strategy::Delete;
    // A value of blanks is one; that it says nothing is found out only when it is to be kept.
    if sent.value.is_none() && sent.comment.is_none() && !is_deleted {
        let name = sent.data_element.as_deref();
        let message = format!(
            "Data value or comment not specified for data element: `{}`",
            said(name)
        );
        let objects = [("dataElement", name)];
        return Err(conflict("E7618", &objects, Some("value"), message).into());
    }
    fits(context, &candidate, sent)?;
    strict::check(context, options, group, sent, &candidate)?;
    if let Some(stored_by) = &sent.stored_by
        && stored_by.encode_utf16().count() > 255
    {
        let fault = "stored_by_length_greater_than_max_length";
        let message = format!("Invalid storedBy: {}", in_words(fault));
        let objects = [("storedBy", Some(fault))];
        return Err(conflict("E7637", &objects, Some("storedBy"), message).into());
    }
    timing::may_be_entered(context, options, group, sent, &candidate)?;
    Ok(candidate)
}

/// The members of the key: does each exist, and may the user use it?
fn key<'c>(
    context: &ValueContext<'c>,
    names: &Names,
    group: &Group<'c>,
    sent: &IncomingValue,
) -> Result<Candidate<'c>, Box<Conflict>> {
    let missing = |code, key: &'static str, property, words: &str, name: Option<&str>| {
        let message = format!("{words}: `{}`", said(name));
        conflict(code, &[(key, name)], Some(property), message)
    };
    let name = sent.data_element.as_deref();
    let data_element = name
        .and_then(trimmed)
        .and_then(|n| names.data_elements.uid(n))
        .and_then(|uid| context.catalogue.data_element(uid))
        .filter(|e| e.sharing.may_read_metadata(context.user))
        .ok_or_else(|| {
            missing(
                "E7610",
                "dataElement",
                "dataElement",
                "Data element not found or not accessible",
                name,
            )
        })?;
    // A period or org unit of the request wins over the value's own ("where top period went").
    let name = sent.period.as_deref();
    let period = group
        .period
        .clone()
        .or_else(|| name.and_then(trimmed).and_then(Period::parse))
        .ok_or_else(|| missing("E7611", "period", "period", "Period not valid", name))?;
    let name = sent.org_unit.as_deref();
    let org_unit = match &group.org_unit {
        Some(uid) => uid.clone(),
        None => name
            .and_then(trimmed)
            .and_then(|n| names.org_units.uid(n))
            .filter(|uid| context.catalogue.org_units().get(uid).is_some())
            .ok_or_else(|| {
                let words = "Organisation unit not found or not accessible";
                missing("E7612", "organisationUnit", "orgUnit", words, name)
            })?
            .to_owned(),
    };
    let combo = |name: Option<&str>, code, property, words: &str| match name.and_then(trimmed) {
        None => Ok(DEFAULT_OPTION_COMBO.to_owned()),
        Some(trimmed) => option_combo(context, names, trimmed)
            .map(|c| c.uid.clone())
            .ok_or_else(|| missing(code, "categoryOptionCombo", property, words, name)),
    };
    let words = "Category option combo not found or not accessible for writing data";
    let category_option_combo = combo(
        sent.category_option_combo.as_deref(),
        "E7613",
        "categoryOptionCombo",
        words,
    )?;
    let words = "Attribute option combo not found or not accessible for writing data";
    let attribute_option_combo = match &group.attribute_option_combo {
        Some(uid) => uid.clone(),
        None => combo(
            sent.attribute_option_combo.as_deref(),
            "E7615",
            "attributeOptionCombo",
            words,
        )?,
    };
    let present = |text: &Option<String>| text.clone().filter(|t| !t.trim().is_empty());
    Ok(Candidate {
        value: present(&sent.value).map(|v| put_right(v, data_element)),
        comment: present(&sent.comment).map(|c| c.trim().to_owned()),
        cell: Cell {
            data_element: data_element.uid.clone(),
            period: period.iso.clone(),
            org_unit,
            category_option_combo,
            attribute_option_combo,
        },
        data_element,
        period,
    })
}

/// An option combo that exists and whose options the user may write data with;
/// until 2.42 one that is closed to the user counts as unknown ("unshared option, clerk").
fn option_combo<'c>(
    context: &ValueContext<'c>,
    names: &Names,
    name: &str,
) -> Option<&'c CategoryOptionCombo> {
    let combo = context
        .catalogue
        .option_combo(names.option_combos.uid(name)?)?;
    context
        .catalogue
        .may_write_options(context.user, combo)
        .then_some(combo)
}

/// `TRUE`, `T` and `1` become `true`, their opposites `false`; `yes` stays.
fn put_right(value: String, element: &DataElement) -> String {
    if !matches!(element.value_type.as_str(), "BOOLEAN" | "TRUE_ONLY") {
        return value;
    }
    match value.to_ascii_lowercase().as_str() {
        "true" | "t" | "1" => "true".to_owned(),
        "false" | "f" | "0" => "false".to_owned(),
        _ => value,
    }
}

/// Does the value fit its type and its option set, and the comment its limit?
fn fits(
    context: &ValueContext<'_>,
    candidate: &Candidate<'_>,
    sent: &IncomingValue,
) -> Result<(), Fault> {
    let element = candidate.data_element;
    let name = sent.data_element.as_deref();
    if let Some(value) = &candidate.value
        && let Some(fault) = value_type::fault(value, &element.value_type)
    {
        let message = format!(
            "Value must match value type of data element `{}`: `{}`",
            said(name),
            in_words(fault)
        );
        let objects = [("dataElement", name), ("value", Some(fault))];
        return Err(conflict("E7619", &objects, Some("value"), message).into());
    }
    if candidate
        .comment
        .as_ref()
        .is_some_and(|c| c.encode_utf16().count() > 50_000)
    {
        let fault = "comment_length_greater_than_max_length";
        let message = format!("Invalid comment: {}", in_words(fault));
        let objects = [("comment", Some(fault))];
        return Err(conflict("E7620", &objects, Some("comment"), message).into());
    }
    let codes = element
        .option_set
        .as_ref()
        .and_then(|set| context.catalogue.option_codes(set));
    let Some(codes) = codes else { return Ok(()) };
    let valid = match (element.value_type.as_str(), sent.value.as_deref()) {
        ("MULTI_TEXT", value) => value
            .into_iter()
            .flat_map(|v| v.split(','))
            .all(|v| codes.contains(v)),
        (_, Some(value)) => codes.contains(value),
        (_, None) if context.version < ServerVersion::V41 => false,
        // From 2.41 on a list is made of the value, which Java does not do with a null: the
        // whole import ends, be the value a mere comment or to be deleted.
        (_, None) => return Err(Fault::Failure("null".to_owned())),
    };
    if valid {
        return Ok(());
    }
    let message = format!(
        "Data value is not a valid option of the data element option set: `{}`",
        said(name)
    );
    let objects = [("dataElement", name)];
    Err(conflict("E7621", &objects, Some("value"), message).into())
}

/// The texts that 2.40–2.42 have for a fault; a key without a text stands for itself.
fn in_words(fault: &'static str) -> &'static str {
    match fault {
        "value_not_integer" => "Data value is not an integer",
        "value_not_numeric" => "Data value is not numeric",
        "value_not_percentage" => "Data value is not a percentage",
        "value_not_bool" => "Data value is not a boolean",
        "value_not_true_only" => "Data value is not true",
        "value_not_valid_date" => "Data value is not a valid date",
        "stored_by_length_greater_than_max_length" => "Stored by is greater than max length",
        other => other,
    }
}

/// A name as it is looked up: without the blanks around it, and none if it is nothing else.
pub(super) fn trimmed(name: &str) -> Option<&str> {
    Some(name.trim()).filter(|name| !name.is_empty())
}

/// A name as messages have it.
pub(super) fn said(name: Option<&str>) -> &str {
    name.unwrap_or("null")
}

/// A conflict about these objects. The first of them is the one at fault; one without a name
/// is left out, and is `null` in messages (DHIS2 2.40-2.42, `ImportConflict.createConflict`).
pub(super) fn conflict(
    code: &'static str,
    objects: &[(&'static str, Option<&str>)],
    property: Option<&'static str>,
    message: String,
) -> Box<Conflict> {
    let named = |(key, name): &(&'static str, Option<&str>)| Some((*key, (*name)?.to_owned()));
    Box::new(Conflict {
        object: objects
            .first()
            .and_then(|(_, name)| name.map(str::to_owned)),
        objects: Some(objects.iter().filter_map(named).collect()),
        message,
        code: Some(code),
        property,
        indexes: None,
    })
}
