//! What is refused, in the order in which the servers check: the first fault of a
//! value is its only one.

use super::super::options::{ImportOptions, Strategy};
use super::super::payload::{IncomingValue, Payload};
use super::super::{Conflict, value_type};
use super::names::Names;
use super::{Candidate, Group, strict, timing};
use crate::context::ValueContext;
use crate::values::catalogue::{CategoryOptionCombo, DEFAULT_OPTION_COMBO, DataElement};
use crate::values::period::Period;
use crate::values::store::Cell;

/// The faults of the request as a whole.
pub(super) fn group<'c>(
    context: &ValueContext<'c>,
    names: &Names,
    payload: &Payload,
) -> Result<Group<'c>, Box<Conflict>> {
    let whole = |code, object: &str, key, property, message: String| {
        conflict(
            code,
            Some(object),
            &[(key, object)],
            Some(property),
            message,
        )
    };
    let mut data_set = None;
    if let Some(name) = payload.data_set.as_deref() {
        let found = names
            .data_sets
            .uid(name)
            .and_then(|uid| context.catalogue.data_set(uid));
        let Some(set) = found.filter(|set| set.sharing.may_read_metadata(context.user)) else {
            let message = format!("Data set not found or not accessible: `{name}`");
            return Err(whole("E7600", name, "dataSet", "dataSet", message));
        };
        if !set.sharing.may_write_data(context.user) {
            let message = format!("User does not have write access for DataSet: `{}`", set.uid);
            return Err(whole("E7601", &set.uid, "dataSet", "dataSet", message));
        }
        data_set = Some(set);
    }
    let mut org_unit = None;
    if let Some(name) = payload.org_unit.as_deref() {
        let found = names
            .org_units
            .uid(name)
            .filter(|uid| context.catalogue.org_units().get(uid).is_some());
        let Some(uid) = found else {
            let message = format!("Organisation unit not found or not accessible: `{name}`");
            return Err(whole("E7603", name, "organisationUnit", "orgUnit", message));
        };
        org_unit = Some(uid.to_owned());
    }
    let mut attribute_option_combo = None;
    if let Some(name) = payload.attribute_option_combo.as_deref() {
        let Some(combo) = option_combo(context, names, name) else {
            let message = format!("Attribute option combo not found or not accessible: `{name}`");
            return Err(whole(
                "E7604",
                name,
                "categoryOptionCombo",
                "attributeOptionCombo",
                message,
            ));
        };
        attribute_option_combo = Some(combo.uid.clone());
    }
    let period = payload.period.as_deref().and_then(Period::parse);
    Ok(Group {
        data_set,
        period,
        org_unit,
        attribute_option_combo,
    })
}

/// The first fault of a value (several data sets may each have their word), else the value with its key resolved.
pub(super) fn value<'c>(
    context: &ValueContext<'c>,
    options: &ImportOptions,
    names: &Names,
    group: &Group<'c>,
    sent: &IncomingValue,
) -> Result<Candidate<'c>, Vec<Conflict>> {
    let candidate = key(context, names, group, sent).map_err(|c| vec![*c])?;
    let (uid, org_unit) = (&candidate.data_element.uid, &candidate.cell.org_unit);
    if !context
        .catalogue
        .org_units()
        .may_enter(context.user, org_unit)
    {
        let user = &context.user.uid;
        let message =
            format!("Organisation unit: `{org_unit}` not in hierarchy of current user: `{user}`");
        let objects = [("organisationUnit", org_unit.as_str()), ("user", user)];
        return Err(vec![*conflict(
            "E7617",
            Some(org_unit),
            &objects,
            Some("orgUnit"),
            message,
        )]);
    }
    let is_deleted = sent.deleted == Some(true) || options.strategy == Strategy::Delete;
    if candidate.value.is_none() && candidate.comment.is_none() && !is_deleted {
        let message = format!("Data value or comment not specified for data element: `{uid}`");
        return Err(vec![*conflict(
            "E7618",
            Some(uid),
            &[("dataElement", uid)],
            Some("value"),
            message,
        )]);
    }
    fits(context, &candidate).map_err(|c| vec![*c])?;
    strict::check(context, options, group, sent, &candidate).map_err(|c| vec![*c])?;
    timing::may_be_entered(context, options, group, &candidate)?;
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
        let objects: Vec<_> = name.iter().map(|n| (key, *n)).collect();
        conflict(
            code,
            name,
            &objects,
            Some(property),
            format!("{words}: `{}`", name.unwrap_or("null")),
        )
    };
    let name = sent.data_element.as_deref();
    let data_element = name
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
        .or_else(|| name.and_then(Period::parse))
        .ok_or_else(|| missing("E7611", "period", "period", "Period not valid", name))?;
    let name = sent.org_unit.as_deref();
    let org_unit = match &group.org_unit {
        Some(uid) => uid.clone(),
        None => name
            .and_then(|n| names.org_units.uid(n))
            .filter(|uid| context.catalogue.org_units().get(uid).is_some())
            .ok_or_else(|| {
                let words = "Organisation unit not found or not accessible";
                missing("E7612", "organisationUnit", "orgUnit", words, name)
            })?
            .to_owned(),
    };
    let combo = |name: Option<&str>, code, property, words: &str| match name {
        None => Ok(DEFAULT_OPTION_COMBO.to_owned()),
        Some(name) => option_combo(context, names, name)
            .map(|c| c.uid.clone())
            .ok_or_else(|| missing(code, "categoryOptionCombo", property, words, Some(name))),
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
        comment: present(&sent.comment),
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
fn fits(context: &ValueContext<'_>, candidate: &Candidate<'_>) -> Result<(), Box<Conflict>> {
    let element = candidate.data_element;
    let uid = &element.uid;
    if let Some(value) = &candidate.value
        && let Some(fault) = value_type::fault(value, &element.value_type)
    {
        let message = format!(
            "Value must match value type of data element `{uid}`: `{}`",
            in_words(fault)
        );
        let objects = [("dataElement", uid.as_str()), ("value", fault)];
        return Err(conflict(
            "E7619",
            Some(uid),
            &objects,
            Some("value"),
            message,
        ));
    }
    if candidate
        .comment
        .as_ref()
        .is_some_and(|c| c.chars().count() > 50_000)
    {
        let fault = "comment_length_greater_than_max_length";
        return Err(conflict(
            "E7620",
            Some(uid),
            &[],
            Some("comment"),
            format!("Invalid comment: `{fault}`"),
        ));
    }
    let codes = element
        .option_set
        .as_ref()
        .and_then(|set| context.catalogue.option_codes(set));
    if let (Some(codes), Some(value)) = (codes, &candidate.value) {
        let is_multiple = element.value_type == "MULTI_TEXT";
        let fits =
            codes.contains(value) || is_multiple && value.split(',').all(|v| codes.contains(v));
        if !fits {
            let message =
                format!("Data value is not a valid option of the data element option set: `{uid}`");
            return Err(conflict(
                "E7621",
                Some(uid),
                &[("dataElement", uid)],
                Some("value"),
                message,
            ));
        }
    }
    Ok(())
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
        other => other,
    }
}

pub(super) fn conflict(
    code: &'static str,
    object: Option<&str>,
    objects: &[(&'static str, &str)],
    property: Option<&'static str>,
    message: String,
) -> Box<Conflict> {
    Box::new(Conflict {
        object: object.map(str::to_owned),
        objects: Some(
            objects
                .iter()
                .map(|(key, name)| (*key, (*name).to_owned()))
                .collect(),
        ),
        message,
        code: Some(code),
        property,
        indexes: None,
    })
}
