//! A metadata payload under other uids, as if somebody else had set up the same
//! things: every id and every reference changes, also inside expressions; names,
//! codes and the uids that are the same on every DHIS2 stay.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::SampleServer;
use super::uid::{FIXED_UIDS, UidMaker, is_uid};

/// Members that hold words of people: what looks like a uid there is none.
const WORDS: [&str; 12] = [
    "name",
    "displayName",
    "shortName",
    "displayShortName",
    "formName",
    "displayFormName",
    "code",
    "description",
    "username",
    "password",
    "value",
    "authorities",
];
/// Members that hold expressions, which refer to objects in braces: `#{uid.uid}`.
const EXPRESSIONS: [&str; 4] = ["numerator", "denominator", "expression", "filter"];

/// The payload with other uids, and which old uid became which new one.
pub fn other_uids(metadata: &Value, seed: u64) -> (Value, HashMap<String, String>) {
    let mut found = Found::default();
    found.look(metadata, "");
    let mut maker = UidMaker::new(seed);
    for uid in &found.order {
        maker.reserve(uid);
    }
    let map: HashMap<String, String> = found
        .order
        .iter()
        .map(|uid| (uid.clone(), maker.make("other", uid)))
        .collect();
    (rewrite(metadata, "", &map), map)
}

impl SampleServer {
    /// The same server under other uids: metadata, values and root.
    pub fn under_other_uids(&self, seed: u64) -> (Self, HashMap<String, String>) {
        let (metadata, map) = other_uids(&self.metadata, seed);
        let root = map.get(&self.root).unwrap_or(&self.root).clone();
        (
            Self {
                metadata,
                values: self.values.renamed(&map),
                root,
            },
            map,
        )
    }
}

/// The uids of a payload, each once, in the order in which they appear.
#[derive(Default)]
struct Found {
    order: Vec<String>,
    seen: HashSet<String>,
}

impl Found {
    fn look(&mut self, value: &Value, member: &str) {
        match value {
            Value::Object(map) => {
                for (name, inner) in map {
                    self.look(inner, name);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.look(item, member);
                }
            }
            Value::String(text) if member == "id" => self.add(text),
            Value::String(text) if EXPRESSIONS.contains(&member) => {
                for inside in text
                    .split('{')
                    .skip(1)
                    .filter_map(|rest| rest.split('}').next())
                {
                    for token in inside.split(|sign| !is_word(sign)) {
                        self.add(token);
                    }
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, uid: &str) {
        if is_uid(uid) && !FIXED_UIDS.contains(&uid) && self.seen.insert(uid.to_owned()) {
            self.order.push(uid.to_owned());
        }
    }
}

fn rewrite(value: &Value, member: &str, map: &HashMap<String, String>) -> Value {
    match value {
        Value::Object(members) => {
            // Sharing by group and user has uids as names of members.
            let rewritten: Map<String, Value> = members
                .iter()
                .map(|(name, inner)| {
                    (
                        map.get(name).unwrap_or(name).clone(),
                        rewrite(inner, name, map),
                    )
                })
                .collect();
            rewritten.into()
        }
        Value::Array(items) => items
            .iter()
            .map(|item| rewrite(item, member, map))
            .collect(),
        Value::String(text) if !WORDS.contains(&member) => rewrite_text(text, map).into(),
        other => other.clone(),
    }
}

/// Replaces each known uid that stands alone in the text.
fn rewrite_text(text: &str, map: &HashMap<String, String>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let word_end = rest.find(|sign| !is_word(sign)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(word_end);
        result.push_str(map.get(word).map_or(word, String::as_str));
        let gap_end = after.find(is_word).unwrap_or(after.len());
        let (gap, next) = after.split_at(gap_end);
        result.push_str(gap);
        rest = next;
    }
    result
}

/// An underscore joins: `EXPECTED_REPORTS` is one word.
fn is_word(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || sign == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn references_follow_also_in_expressions_and_sharing() {
        let payload = json!({
            "dataElements": [{"id": "deElement01", "code": "deElement01", "name": "deElement01", "categoryCombo": {"id": "bjDvmb4bfuf"}}],
            "categoryOptionCombos": [{"id": "cocOption01", "name": "0-4y"}],
            "userGroups": [{"id": "ugClerks001", "name": "Clerks"}],
            "indicators": [{
                "id": "inOne000001",
                "numerator": "#{deElement01.cocOption01}+#{deElement01}*2",
                "denominator": "R{dsUnlisted1.EXPECTED_REPORTS}",
                "sharing": {"userGroups": {"ugClerks001": {"id": "ugClerks001", "access": "r-rw----"}}},
            }],
        });
        let (other, map) = other_uids(&payload, 7);
        let new = |old: &str| map[old].as_str();
        assert_eq!(other["dataElements"][0]["id"], new("deElement01"));
        assert_eq!(other["dataElements"][0]["code"], "deElement01");
        assert_eq!(other["dataElements"][0]["name"], "deElement01");
        assert_eq!(
            other["dataElements"][0]["categoryCombo"]["id"],
            "bjDvmb4bfuf"
        );
        let (element, option) = (new("deElement01"), new("cocOption01"));
        assert_eq!(
            other["indicators"][0]["numerator"],
            format!("#{{{element}.{option}}}+#{{{element}}}*2")
        );
        assert_eq!(
            other["indicators"][0]["denominator"],
            format!("R{{{}.EXPECTED_REPORTS}}", new("dsUnlisted1"))
        );
        let groups = &other["indicators"][0]["sharing"]["userGroups"];
        assert_eq!(groups[new("ugClerks001")]["id"], new("ugClerks001"));
        assert!(groups.get("ugClerks001").is_none());
        assert!(map.iter().all(|(old, new)| old != new && is_uid(new)));
        assert_eq!(other_uids(&payload, 7).0, other);
        assert_ne!(other_uids(&payload, 8).0, other);
    }
}
