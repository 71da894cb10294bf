//! Does each value fit its data element? The unfit are left out, each with its fault.

use super::super::value_type;
use super::Entry;
use super::error::Fault;
use crate::context::ValueContext;
use crate::values::catalogue::DataSet;

/// Parts the entries into those to write and the faults of the others, by index.
pub(super) fn check(
    context: &ValueContext<'_>,
    set: &DataSet,
    entries: Vec<Entry>,
) -> (Vec<Entry>, Vec<(usize, Fault)>) {
    if entries.iter().all(|e| e.deleted) {
        return (entries, Vec::new());
    }
    let mut good = Vec::with_capacity(entries.len());
    let mut faults = Vec::new();
    for mut entry in entries {
        match fault(context, set, &mut entry) {
            Some(fault) => faults.push((entry.index, fault)),
            None => good.push(entry),
        }
    }
    (good, faults)
}

fn fault(context: &ValueContext<'_>, set: &DataSet, entry: &mut Entry) -> Option<Fault> {
    let element = context.catalogue.data_element(&entry.cell.data_element)?;
    let index = entry.index.to_string();
    entry.value = entry
        .value
        .take()
        .filter(|v| !v.is_empty())
        .map(|v| put_right(v, &element.value_type));
    let Some(value) = &entry.value else {
        let may_be_empty = entry.deleted || set.comment_without_value && entry.comment.is_some();
        let code = if set.comment_without_value {
            "E8121"
        } else {
            "E8120"
        };
        return (!may_be_empty).then(|| Fault::new(code, &[&index]));
    };
    if let Some(key) = value_type::fault(value, &element.value_type) {
        return Some(Fault::new(
            "E8122",
            &[&index, value, &element.value_type, key],
        ));
    }
    if let Some(codes) = element
        .option_set
        .as_ref()
        .and_then(|set| context.catalogue.option_codes(set))
    {
        let is_multiple = element.value_type == "MULTI_TEXT";
        let unknown = if codes.contains(value) {
            None
        } else if is_multiple {
            value.split(',').find(|v| !codes.contains(*v))
        } else {
            Some(value.as_str())
        };
        if let Some(unknown) = unknown {
            return Some(Fault::new("E8123", &[&index, unknown, &element.uid]));
        }
    }
    let too_long = entry
        .comment
        .as_ref()
        .is_some_and(|c| c.chars().count() > 5000);
    too_long.then(|| Fault::new("E8125", &[&index, "5000"]))
}

/// Truth values by their first letter or in words, and integers without the `.0`
/// ("integer 12.0", "boolean yes").
fn put_right(value: String, value_type: &str) -> String {
    if matches!(value_type, "BOOLEAN" | "TRUE_ONLY") {
        return match value.to_ascii_lowercase().as_str() {
            "t" | "y" | "1" | "true" | "yes" => "true".to_owned(),
            "f" | "n" | "0" | "false" | "no" => "false".to_owned(),
            _ => value,
        };
    }
    match value.split_once('.') {
        Some((whole, zeros))
            if value_type.starts_with("INTEGER")
                && !zeros.is_empty()
                && zeros.bytes().all(|b| b == b'0') =>
        {
            whole.to_owned()
        }
        _ => value,
    }
}
