//! What is done with a member's value before it is shown: `~size`, `~rename(x)` and
//! their like.

use serde_json::{Map, Value};

/// Applies the transformers, each with its argument, to a member.
pub fn transform(
    name: &str,
    mut value: Value,
    transformers: &[(String, String)],
) -> (String, Value) {
    let mut name = name.to_owned();
    for (transformer, argument) in transformers {
        let size = match &value {
            Value::Array(items) => items.len(),
            Value::Object(map) => map.len(),
            Value::String(text) => text.chars().count(),
            _ => 0,
        };
        let member = if argument.is_empty() {
            "id"
        } else {
            argument.as_str()
        };
        match transformer.as_str() {
            "rename" => name = argument.clone(),
            "size" => value = size.into(),
            "isEmpty" => value = (size == 0).into(),
            "isNotEmpty" => value = (size != 0).into(),
            "pluck" => {
                if let Value::Array(items) = &value {
                    // What lacks the member stays as it is.
                    let plucked = |item: &Value| item.get(member).unwrap_or(item).clone();
                    value = items.iter().map(plucked).collect();
                }
            }
            "keyBy" => {
                if let Value::Array(items) = &value {
                    value = keyed(items, member);
                }
            }
            _ => {}
        }
    }
    (name, value)
}

/// The items by one of their members; those that share its value in a list.
fn keyed(items: &[Value], member: &str) -> Value {
    let mut out: Map<String, Value> = Map::new();
    for item in items {
        let key = match item.get(member) {
            Some(Value::String(text)) if !text.is_empty() => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => continue,
        };
        match out.get_mut(&key) {
            None => {
                out.insert(key, item.clone());
            }
            Some(Value::Array(several)) => several.push(item.clone()),
            Some(one) => *one = Value::Array(vec![one.clone(), item.clone()]),
        }
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn transformers_follow_one_another() {
        let items = json!([{"id": "a", "code": "x"}, {"id": "b", "code": "x"}, {"id": "c"}]);
        let by = |steps: &[(&str, &str)]| {
            let steps: Vec<(String, String)> = steps
                .iter()
                .map(|(t, a)| ((*t).to_owned(), (*a).to_owned()))
                .collect();
            transform("m", items.clone(), &steps)
        };
        assert_eq!(by(&[("pluck", "")]).1, json!(["a", "b", "c"]));
        assert_eq!(by(&[("pluck", "code")]).1, json!(["x", "x", {"id": "c"}]));
        assert_eq!(
            by(&[("size", ""), ("rename", "n")]),
            ("n".to_owned(), json!(3))
        );
        assert_eq!(
            by(&[("keyBy", "code")]).1,
            json!({"x": [{"id": "a", "code": "x"}, {"id": "b", "code": "x"}]})
        );
    }
}
