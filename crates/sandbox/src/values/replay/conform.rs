//! How an answer is held against a recorded one: times are left out, and lists
//! whose order no server promises are put into one order.

use serde_json::Value;

use crate::answer::Answer;

/// The differences between a recorded answer and ours, in words.
pub(super) fn differences(recorded: &Value, ours: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    if recorded["status"] != ours.status {
        found.push(format!(
            "status: recorded {}, got {}",
            recorded["status"], ours.status
        ));
    }
    let media_type = |text: &str| text.split(';').next().unwrap_or("").to_owned();
    let header = |name: &str| {
        ours.headers
            .iter()
            .find(|(n, _)| n == name)
            .map_or("", |(_, v)| v.as_str())
    };
    let wanted = recorded["headers"]["content-type"].as_str().unwrap_or("");
    if media_type(wanted) != media_type(header("content-type")) {
        found.push(format!(
            "content-type: recorded {wanted:?}, got {:?}",
            header("content-type")
        ));
    }
    let wanted = recorded["headers"]["content-disposition"]
        .as_str()
        .unwrap_or("");
    if wanted != header("content-disposition") {
        found.push(format!(
            "content-disposition: recorded {wanted:?}, got {:?}",
            header("content-disposition")
        ));
    }
    let body = unpacked(&ours.body);
    match recorded.get("json") {
        Some(wanted) => match serde_json::from_str(&body) {
            Ok(got) => differ(wanted, &got, "", &mut found),
            Err(_) => found.push(format!("no JSON: {body}")),
        },
        None => {
            let wanted = recorded["text"].as_str().unwrap_or("");
            let (wanted, got) = (lines(wanted), lines(&body));
            if recorded.get("truncated").is_none() {
                let missing = wanted.iter().filter(|l| !got.contains(l)).take(3);
                found.extend(missing.map(|l| format!("recorded {l}, missing")));
                let more = got.iter().filter(|l| !wanted.contains(l)).take(3);
                found.extend(more.map(|l| format!("not recorded, got {l}")));
            }
        }
    }
    found
}

fn unpacked(body: &[u8]) -> String {
    let mut plain = Vec::new();
    if body.starts_with(&[0x1f, 0x8b])
        && std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(body), &mut plain).is_ok()
    {
        return String::from_utf8(plain).unwrap();
    }
    String::from_utf8(body.to_vec()).unwrap()
}

/// Members that are times or made up by the server.
fn is_volatile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or("").to_ascii_lowercase();
    ["created", "lastupdated", "time", "date", "exportdate"]
        .iter()
        .any(|v| name.ends_with(v))
}

fn differ(recorded: &Value, ours: &Value, at: &str, found: &mut Vec<String>) {
    if is_volatile(at) {
        return;
    }
    match (recorded, ours) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                let path = format!("{at}/{key}");
                match b.get(key) {
                    Some(other) => differ(value, other, &path, found),
                    None if is_volatile(&path) => {}
                    None => found.push(format!("{path}: recorded {value}, missing")),
                }
            }
            let more = b
                .iter()
                .filter(|(key, _)| !a.contains_key(*key) && !is_volatile(key));
            found.extend(more.map(|(key, value)| format!("{at}/{key}: not recorded, got {value}")));
        }
        (Value::Array(a), Value::Array(b)) => {
            if a.len() != b.len() {
                found.push(format!("{at}: recorded {} items, got {}", a.len(), b.len()));
            }
            for (i, (x, y)) in in_order(a).into_iter().zip(in_order(b)).enumerate() {
                differ(x, y, &format!("{at}/{i}"), found);
            }
        }
        _ if recorded != ours => found.push(format!("{at}: recorded {recorded}, got {ours}")),
        _ => {}
    }
}

fn in_order(items: &[Value]) -> Vec<&Value> {
    const CELL: [&str; 6] = [
        "dataElement",
        "period",
        "orgUnit",
        "organisationUnit",
        "categoryOptionCombo",
        "attributeOptionCombo",
    ];
    let mut items: Vec<&Value> = items.iter().collect();
    if items.iter().all(|v| v.get("dataElement").is_some()) {
        items.sort_by_key(|v| CELL.map(|member| v[member].to_string()));
    }
    items
}

/// CSV and XML as sorted lines without their times.
fn lines(text: &str) -> Vec<String> {
    if text.starts_with("dataelement,") {
        let without_time = |row: &str| {
            let columns: Vec<&str> = row.split(',').collect();
            columns
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != 7)
                .map(|(_, c)| *c)
                .collect::<Vec<_>>()
                .join(",")
        };
        let mut rows: Vec<String> = text.trim().split('\n').map(without_time).collect();
        rows.sort();
        return rows;
    }
    let mut rows: Vec<String> = text
        .split("<dataValue ")
        .map(|row| row.split("/>").next().unwrap_or(""))
        .map(|row| {
            row.split(' ')
                .filter(|a| !a.starts_with("created=") && !a.starts_with("lastUpdated="))
                .collect()
        })
        .collect();
    rows.sort();
    rows
}
