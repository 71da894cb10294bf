//! The `filter` parameter: `member.of.member:operator:value`.

use std::cmp::Ordering;

use serde_json::Value;

use crate::answer::Answer;
use crate::headers::PRIVATE;
use crate::metadata::schema::{self, Schema};
use crate::metadata::view::View;
use crate::request::Request;
use crate::version::ServerVersion;

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The path to the member.
    pub path: Vec<String>,
    /// `eq`, `in`, `ilike` …
    pub operator: String,
    /// The right side; for `in` without its brackets.
    pub value: String,
    /// Whether there was a right side that is not empty.
    has_value: bool,
}

/// The operators of all versions; `!empty` came with 2.42.
const OPERATORS: &[&str] = &[
    "eq",
    "ieq",
    "!eq",
    "neq",
    "ne",
    "gt",
    "lt",
    "gte",
    "ge",
    "lte",
    "le",
    "like",
    "!like",
    "$like",
    "!$like",
    "like$",
    "!like$",
    "ilike",
    "!ilike",
    "startsWith",
    "$ilike",
    "!$ilike",
    "token",
    "!token",
    "endsWith",
    "ilike$",
    "!ilike$",
    "in",
    "!in",
    "null",
    "!null",
    "empty",
    "!empty",
];

/// The filters of a request, or the refusal of one that cannot be read.
pub fn of(
    request: &Request,
    view: &View<'_>,
    schema: Option<&Schema>,
) -> Result<Vec<Filter>, Answer> {
    let parsed: Result<Vec<Filter>, String> = request.parameters("filter").map(parse).collect();
    let unknown = |filters: Vec<Filter>| {
        let unknown = filters.iter().find_map(|f| fault(f, view, schema));
        unknown.map_or(Ok(filters), Err)
    };
    let filters = parsed.and_then(unknown).map_err(|words| {
        Answer::error(400, &words, Some("E1003")).with_header("cache-control", PRIVATE)
    })?;
    if view.version == ServerVersion::V42 && filters.iter().any(lacks_value) {
        return Err(Answer::nameless_error(500).with_header("cache-control", PRIVATE));
    }
    Ok(filters)
}

/// A comparison with nothing, over which the server stumbles (seen on a real 2.42.5.2; of the
/// other versions it is not known).
fn lacks_value(filter: &Filter) -> bool {
    let takes_none = matches!(
        filter.operator.as_str(),
        "null" | "!null" | "empty" | "!empty"
    );
    !takes_none && !filter.has_value
}

/// What is wrong with a filter that could be taken apart.
fn fault(filter: &Filter, view: &View<'_>, schema: Option<&Schema>) -> Option<String> {
    let operator = filter.operator.as_str();
    let is_known = OPERATORS.contains(&operator)
        && (operator != "!empty" || view.version >= ServerVersion::V42);
    if !is_known {
        return Some(format!("`{operator}` is not a valid operator."));
    }
    if matches!(operator, "in" | "!in") && filter.value.is_empty() {
        let value = if filter.has_value { "[]" } else { "null" };
        return Some(format!("Invalid argument `{value}` for in operator."));
    }
    let path = filter.path.join(".");
    // What looks like a uid is taken for an attribute, whether there is one or not ("bad filter").
    let last = path.split_once('.').map_or(path.as_str(), |(_, rest)| rest);
    let like_a_uid = last.len() == 11
        && last.starts_with(|c: char| c.is_ascii_alphabetic())
        && last.bytes().all(|b| b.is_ascii_alphanumeric());
    let known = schema.is_none_or(|schema| {
        filter
            .path
            .first()
            .is_none_or(|name| view.knows(schema, name))
    });
    (!known && !like_a_uid).then(|| format!("Unknown path property: {path}"))
}

/// Takes a filter apart; the error is what DHIS2 says to one that is too short.
pub fn parse(text: &str) -> Result<Filter, String> {
    let mut parts = text.splitn(3, ':');
    let (Some(path), Some(operator)) = (parts.next(), parts.next()) else {
        return Err(format!("Invalid filter => {text}"));
    };
    let value = parts.next().unwrap_or_default();
    let has_value = !value.is_empty();
    let value = match operator {
        "in" | "!in" => value.trim_start_matches('[').trim_end_matches(']'),
        _ => value,
    };
    Ok(Filter {
        path: path.split('.').map(str::to_owned).collect(),
        operator: match operator {
            "ne" | "neq" => "!eq".into(),
            other => other.into(),
        },
        value: value.into(),
        has_value,
    })
}

/// Whether an object meets a filter.
pub fn meets<'a>(
    view: &View<'a>,
    schema: Option<&Schema>,
    object: &'a Value,
    filter: &Filter,
) -> bool {
    let mut found = Vec::new();
    // One path for all that tells an object: `identifiable`.
    let path = filter.path.join(".");
    if path == "identifiable" {
        let names = ["id", "code", "name", "displayName", "shortName"];
        return names
            .iter()
            .filter_map(|name| object[*name].as_str())
            .any(|text| compare(&text.into(), &filter.operator, &filter.value));
    }
    collect(view, schema, object, &filter.path, &mut found);
    let negated = filter.operator.strip_prefix('!');
    match negated {
        Some("null") => return !found.is_empty(),
        Some("empty") => return found.iter().any(|v| !is_empty(v)),
        Some(operator) => {
            return !found.is_empty() && !found.iter().any(|v| compare(v, operator, &filter.value));
        }
        None => {}
    }
    match filter.operator.as_str() {
        "null" => found.is_empty(),
        "empty" => found.iter().all(is_empty),
        operator => found.iter().any(|v| compare(v, operator, &filter.value)),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Null => true,
        _ => false,
    }
}

/// The values at the end of a path; lists on the way are gone through.
fn collect<'a>(
    view: &View<'a>,
    schema: Option<&Schema>,
    object: &'a Value,
    path: &[String],
    found: &mut Vec<Value>,
) {
    let [name, rest @ ..] = path else { return };
    let Some(value) = view.member(schema, object, name) else {
        return;
    };
    if rest.is_empty() {
        found.push(value.into_owned());
        return;
    }
    let items = match value.as_ref() {
        Value::Array(items) => items.clone(),
        other => vec![other.clone()],
    };
    for item in items {
        let target = schema::referred(name).and_then(|collection| {
            Some((
                schema::of(collection),
                view.object(collection, item["id"].as_str()?)?,
            ))
        });
        match target {
            Some((schema, object)) => collect(view, schema, object, rest, found),
            None => inner(view, &item, rest, found),
        }
    }
}

/// As [`collect`], within an object that is no reference.
fn inner(view: &View<'_>, object: &Value, path: &[String], found: &mut Vec<Value>) {
    let [name, rest @ ..] = path else { return };
    let Some(value) = object.get(name) else {
        return;
    };
    if rest.is_empty() {
        found.push(value.clone());
        return;
    }
    let items = value
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![value.clone()]);
    for item in items {
        let target = schema::referred(name).and_then(|collection| {
            Some((
                schema::of(collection),
                view.object(collection, item["id"].as_str()?)?,
            ))
        });
        match target {
            Some((schema, object)) => collect(view, schema, object, rest, found),
            None => inner(view, &item, rest, found),
        }
    }
}

/// Compares one value with the right side of a filter.
fn compare(value: &Value, operator: &str, right: &str) -> bool {
    if let Value::Array(items) = value {
        // A list is compared by its size, or looked through for a plain value.
        if let Ok(size) = right.parse::<usize>() {
            return ordered(items.len().cmp(&size), operator);
        }
        return items.iter().any(|item| compare(item, operator, right));
    }
    let text = plain(value);
    let (low, low_right) = (text.to_lowercase(), right.to_lowercase());
    match operator {
        "eq" => text == right,
        "ieq" => low == low_right,
        "in" => right.split(',').any(|one| one.trim() == text),
        "like" => text.contains(right),
        "ilike" | "query" => low.contains(&low_right),
        "token" => low_right
            .split(|c: char| !c.is_alphanumeric())
            .all(|word| low.contains(word)),
        "$like" => text.starts_with(right),
        "$ilike" | "startsWith" => low.starts_with(&low_right),
        "like$" => text.ends_with(right),
        "ilike$" | "endsWith" => low.ends_with(&low_right),
        _ => {
            let order = match (text.parse::<f64>(), right.parse::<f64>()) {
                (Ok(a), Ok(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
                _ => text.as_str().cmp(right),
            };
            ordered(order, operator)
        }
    }
}

fn ordered(order: Ordering, operator: &str) -> bool {
    match operator {
        "eq" => order == Ordering::Equal,
        "gt" => order == Ordering::Greater,
        "ge" | "gte" => order != Ordering::Less,
        "lt" => order == Ordering::Less,
        "le" | "lte" => order != Ordering::Greater,
        _ => false,
    }
}

/// A value as text.
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_compared_as_text_number_or_size() {
        assert!(compare(
            &json!("2026-11-22T01:00:00.000"),
            "gt",
            "2026-11-21"
        ));
        assert!(!compare(&json!("2026-11-22"), "gt", "2099-01-01"));
        assert!(compare(&json!(10), "gt", "9"));
        assert!(compare(&json!([1, 2]), "gt", "1"));
        assert!(compare(&json!("Clinic A"), "ilike", "clinic"));
        assert!(compare(&json!("b"), "in", "a,b"));
    }

    #[test]
    fn a_filter_keeps_colons_in_its_value() {
        let filter = parse("lastUpdated:gt:2026-01-01T10:00").unwrap();
        assert_eq!(filter.value, "2026-01-01T10:00");
        assert!(parse("name").is_err());
        assert_eq!(parse("name:ne:x").unwrap().operator, "!eq");
    }
}
