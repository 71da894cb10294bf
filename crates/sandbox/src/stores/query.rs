//! `GET /api/dataStore/{namespace}?fields=…`: members of all entries at once, and
//! the paths into values that it shares with `PUT …?path=`.

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::NO_STORE;
use crate::metadata::access::Right;
use crate::metadata::fields::{self, Field};
use crate::metadata::filters::plain;
use crate::request::Request;
use crate::server::{Reply, Server};

/// No page is larger ("query, page size 5000").
const MAX_PAGE_SIZE: usize = 1000;

/// Answers a query. Entries that have none of the members are left out unless
/// `includeAll=true` ("query").
pub fn entries(server: &Server, request: &Request, user: &CurrentUser, namespace: &str) -> Reply {
    let fields = fields::parse(request.parameter("fields").unwrap_or("."));
    let state = server.state();
    let mut found: Vec<(&String, &Value)> = Vec::new();
    for (key, entry) in state.data_store.get(namespace).into_iter().flatten() {
        // Encrypted values cannot be looked into.
        let value = if entry.record.get("encrypted").is_some() {
            &Value::Null
        } else {
            &entry.record["value"]
        };
        if entry.may(user, Right::Read) && meets(request, key, value) {
            found.push((key, value));
        }
    }
    if let Some(order) = request.parameter("order") {
        let (path, direction) = order.split_once(':').unwrap_or((order, "asc"));
        let numeric = direction.starts_with('n');
        found.sort_by(|a, b| {
            let (a, b) = (at_path(a.0, a.1, path), at_path(b.0, b.1, path));
            let order = if numeric {
                a.and_then(|v| v.as_f64())
                    .partial_cmp(&b.and_then(|v| v.as_f64()))
                    .unwrap_or(std::cmp::Ordering::Equal)
            } else {
                a.as_ref().map(plain).cmp(&b.as_ref().map(plain))
            };
            if direction.ends_with("desc") {
                order.reverse()
            } else {
                order
            }
        });
    }
    let number = |name: &str, default: usize| {
        request
            .parameter(name)
            .and_then(|v| v.parse::<usize>().ok())
            .unwrap_or(default)
            .max(1)
    };
    let (page, size) = (number("page", 1), number("pageSize", 50).min(MAX_PAGE_SIZE));
    let shown = found
        .into_iter()
        .filter_map(|(key, value)| show(key, value, &fields, request.flag("includeAll")));
    let shown: Vec<Value> = if request.parameter("paging") == Some("false") {
        shown.collect()
    } else {
        shown.skip((page - 1) * size).take(size).collect()
    };
    let body = if request.flag("headless") {
        Value::from(shown)
    } else {
        json!({"pager": {"page": page, "pageSize": size}, "entries": shown})
    };
    Ok(Answer::json(200, &body).with_header("cache-control", NO_STORE))
}

fn show(key: &str, value: &Value, fields: &[Field], include_all: bool) -> Option<Value> {
    let mut out = Map::new();
    out.insert("key".into(), key.into());
    let mut any = include_all;
    for field in fields {
        if field.name == "." {
            out.insert("value".into(), value.clone());
            any = true;
        } else {
            any |= put(&mut out, value, field, &field.name);
        }
    }
    any.then_some(Value::Object(out))
}

/// Puts a member that a field asks for; `deep.x` opens an object for each part.
/// A path in brackets goes on below the path before them, also where the
/// documentation promises an alias ("query": `deep.x(x)`).
fn put(out: &mut Map<String, Value>, value: &Value, field: &Field, path: &str) -> bool {
    let (first, rest) = path
        .split_once('.')
        .map_or((path, None), |(a, b)| (a, Some(b)));
    let inner = value.get(first).unwrap_or(&Value::Null);
    match (rest, &field.children) {
        (Some(rest), _) => {
            let Value::Object(below) = out.entry(first).or_insert_with(|| json!({})) else {
                return false;
            };
            put(below, inner, field, rest)
        }
        (None, Some(children)) => {
            let Value::Object(below) = out.entry(first).or_insert_with(|| json!({})) else {
                return false;
            };
            let mut any = false;
            for child in children {
                any |= put(below, inner, child, &child.name);
            }
            any
        }
        (None, None) => {
            out.insert(first.into(), inner.clone());
            !inner.is_null()
        }
    }
}

/// The value at a path; `_` is the key, `.` the whole value.
fn at_path(key: &str, value: &Value, path: &str) -> Option<Value> {
    match path {
        "_" => Some(key.into()),
        "." => Some(value.clone()),
        path => path
            .split('.')
            .try_fold(value, |v, part| v.get(part))
            .cloned(),
    }
}

fn meets(request: &Request, key: &str, value: &Value) -> bool {
    let mut results = request.parameters("filter").map(|filter| {
        let mut parts = filter.splitn(3, ':');
        let (path, operator) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        let right = parts.next().unwrap_or_default();
        let left = at_path(key, value, path).filter(|v| !v.is_null());
        test(left.as_ref(), operator, right)
    });
    if request
        .parameter("rootJunction")
        .is_some_and(|j| j.eq_ignore_ascii_case("OR"))
    {
        request.parameter("filter").is_none() || results.any(|ok| ok)
    } else {
        results.all(|ok| ok)
    }
}

fn test(left: Option<&Value>, operator: &str, right: &str) -> bool {
    let Some(left) = left else {
        return operator == "null";
    };
    let text = plain(left);
    let (low, low_right) = (text.to_lowercase(), right.to_lowercase());
    let listed = || {
        right
            .trim_matches(['[', ']', '(', ')'])
            .split(',')
            .any(|one| one == text)
    };
    let order = match (left.as_f64(), right.parse::<f64>()) {
        (Some(a), Ok(b)) => a.partial_cmp(&b),
        _ => Some(text.as_str().cmp(right)),
    };
    match operator {
        "eq" => text == right,
        "!eq" | "ne" | "neq" => text != right,
        "ieq" => low == low_right,
        "lt" => order.is_some_and(std::cmp::Ordering::is_lt),
        "le" => order.is_some_and(std::cmp::Ordering::is_le),
        "gt" => order.is_some_and(std::cmp::Ordering::is_gt),
        "ge" => order.is_some_and(std::cmp::Ordering::is_ge),
        "like" => text.contains(right),
        "ilike" => low.contains(&low_right),
        "startswith" => text.starts_with(right),
        "endswith" => text.ends_with(right),
        "in" => listed(),
        "!in" => !listed(),
        "!null" => true,
        "empty" => {
            matches!(left, Value::Array(a) if a.is_empty())
                || matches!(left, Value::Object(o) if o.is_empty())
                || text.is_empty()
        }
        _ => false,
    }
}

/// Sets a member that exists; a path that leads nowhere changes nothing, silently
/// ("put path, no such member").
pub fn set_path(value: &mut Value, path: &str, new: Value) {
    let parts = path
        .split(['.', '['])
        .map(|p| p.trim_end_matches(']'))
        .filter(|p| !p.is_empty());
    let mut at = value;
    for part in parts {
        let next = match at {
            Value::Object(map) => map.get_mut(part),
            Value::Array(items) => part.parse::<usize>().ok().and_then(|i| items.get_mut(i)),
            _ => None,
        };
        match next {
            Some(inner) => at = inner,
            None => return,
        }
    }
    *at = new;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_nowhere_changes_nothing() {
        let mut value = json!({"deep": {"x": 1}, "list": [1, 2]});
        set_path(&mut value, "deep.y", json!(8));
        set_path(&mut value, "deep.x", json!(7));
        set_path(&mut value, "list[1]", json!(9));
        assert_eq!(value, json!({"deep": {"x": 7}, "list": [1, 9]}));
    }

    #[test]
    fn members_are_shown_below_their_path() {
        let value = json!({"rev": 2, "deep": {"x": 7}});
        let shown = show("a", &value, &fields::parse("rev,deep.x(x)"), false);
        assert_eq!(
            shown,
            Some(json!({"key": "a", "rev": 2, "deep": {"x": {"x": null}}}))
        );
        assert_eq!(show("a", &json!(8), &fields::parse("rev"), false), None);
    }
}
