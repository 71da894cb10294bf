//! JSON Patch (RFC 6902): `add`, `replace`, `remove` and `test`, which is what
//! DHIS2's own apps send.

use serde_json::{Value, json};

/// Applies the operations one after the other; the error says which one cannot be.
pub fn apply(object: &mut Value, operations: &Value) -> Result<(), String> {
    let Some(operations) = operations.as_array() else {
        return Err("A JSON Patch is a list of operations".into());
    };
    for operation in operations {
        let path = operation["path"].as_str().unwrap_or_default();
        let parts: Vec<String> = path
            .split('/')
            .skip(1)
            .map(|p| p.replace("~1", "/").replace("~0", "~"))
            .collect();
        let Some((last, parents)) = parts.split_last() else {
            return Err(format!("Invalid path {path}"));
        };
        let kind = operation["op"].as_str().unwrap_or_default();
        let value = operation.get("value").cloned().unwrap_or(Value::Null);
        let mut at = &mut *object;
        for part in parents {
            at = match at {
                Value::Object(map) => map.entry(part.as_str()).or_insert_with(|| json!({})),
                Value::Array(items) => {
                    let index: usize = part.parse().map_err(|_| format!("Invalid path {path}"))?;
                    items
                        .get_mut(index)
                        .ok_or_else(|| format!("Invalid path {path}"))?
                }
                _ => return Err(format!("Invalid path {path}")),
            };
        }
        one(at, kind, last, value)
            .ok_or_else(|| format!("Invalid JsonPatch operation {kind} {path}"))?;
    }
    Ok(())
}

fn one(at: &mut Value, kind: &str, last: &str, value: Value) -> Option<()> {
    match (kind, at) {
        ("add" | "replace", Value::Object(map)) => {
            map.insert(last.into(), value);
        }
        ("remove", Value::Object(map)) => {
            map.shift_remove(last);
        }
        ("test", Value::Object(map)) => {
            if map.get(last) != Some(&value) {
                return None;
            }
        }
        ("add", Value::Array(items)) => {
            let index = if last == "-" {
                items.len()
            } else {
                last.parse().ok()?
            };
            if index > items.len() {
                return None;
            }
            items.insert(index, value);
        }
        ("replace", Value::Array(items)) => *items.get_mut(last.parse::<usize>().ok()?)? = value,
        ("remove", Value::Array(items)) => {
            let index: usize = last.parse().ok()?;
            if index >= items.len() {
                return None;
            }
            items.remove(index);
        }
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_list_elements_are_changed() {
        let mut object = json!({"a": {"b": [1, 2]}, "c": 3});
        let operations = json!([
            {"op": "add", "path": "/a/b/-", "value": 9},
            {"op": "replace", "path": "/c", "value": 4},
            {"op": "remove", "path": "/a/b/0"},
        ]);
        apply(&mut object, &operations).unwrap();
        assert_eq!(object, json!({"a": {"b": [2, 9]}, "c": 4}));
        assert!(apply(&mut object, &json!([{"op": "remove", "path": "/a/b/7"}])).is_err());
    }
}
