//! How an answer is held against a recorded one: status, content type and body, and the
//! headers that clients go by. Times and generated ids are left out, and lists whose
//! order no server promises are put into one order.

use serde_json::Value;

use crate::client::Got;

/// Bodies were recorded up to this many characters.
const MAX_BODY: usize = 60_000;
/// Members that are times or made up by the server, by the end of their names.
const VOLATILE: [&str; 15] = [
    "created",
    "lastupdated",
    "lastlogin",
    "time",
    "date",
    "serverdate",
    "buildtime",
    "revision",
    "jobid",
    "relativenotifierendpoint",
    "systemid",
    "exportdate",
    "acceptedat",
    "approvedat",
    "intervalsincelast",
];
/// Headers that are compared as they are.
const HEADERS: [&str; 10] = [
    "access-control-allow-credentials",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-security-policy",
    "location",
    "vary",
    "www-authenticate",
];
/// Headers of which only the presence is compared.
const PRESENCE: [&str; 2] = ["etag", "last-modified"];

/// All that differs, in words.
pub fn differences(recorded: &Value, got: &Got, step: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let ignored: Vec<&str> = step["ignore"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    if recorded["status"] != got.status {
        found.push(format!(
            "status: recorded {}, got {}",
            recorded["status"], got.status
        ));
    }
    let kind = recorded["headers"]["content-type"]
        .as_str()
        .unwrap_or_default();
    if !kind.eq_ignore_ascii_case(got.header("content-type").unwrap_or_default()) {
        found.push(format!(
            "content-type: recorded {kind:?}, got {:?}",
            got.header("content-type")
        ));
    }
    // The place of something new ends in a uid that the server made up.
    let captures_place = step.get("capture").is_some() || ignored.contains(&"/response/uid");
    for name in HEADERS
        .into_iter()
        .filter(|name| !(*name == "location" && captures_place))
    {
        let wanted = recorded["headers"][name].as_str();
        if wanted != got.last_header(name) {
            found.push(format!(
                "{name}: recorded {wanted:?}, got {:?}",
                got.last_header(name)
            ));
        }
    }
    for name in PRESENCE {
        if recorded["headers"].get(name).is_some() != got.header(name).is_some() {
            found.push(format!(
                "{name}: recorded {}, got {:?}",
                recorded["headers"][name],
                got.header(name)
            ));
        }
    }
    // The pages that containers make differ between containers.
    let page = kind.starts_with("text/html") && recorded["status"].as_u64() >= Some(400);
    if page || ignored.contains(&"/") {
        return found;
    }
    match (recorded.get("json"), got.json()) {
        (Some(wanted), Some(body)) => differ(wanted, &body, "", &ignored, &mut found),
        (None, None) => {
            let wanted = recorded["text"].as_str().unwrap_or_default();
            let text: String = got.text.chars().take(MAX_BODY).collect();
            if lines(wanted) != lines(&text) {
                found.push(format!("recorded {}, got {}", short(wanted), short(&text)));
            }
        }
        (wanted, _) => found.push(format!(
            "JSON: recorded {}, got {}",
            wanted.is_some(),
            short(&got.text)
        )),
    }
    found
}

fn short(text: &str) -> String {
    text.chars().take(200).collect()
}

fn is_volatile(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    VOLATILE.iter().any(|v| name.ends_with(v)) || name.contains("intervalsincelast")
}

fn differ(wanted: &Value, got: &Value, at: &str, ignored: &[&str], found: &mut Vec<String>) {
    if ignored.contains(&at) || is_volatile(at.rsplit('/').next().unwrap_or_default()) {
        return;
    }
    match (wanted, got) {
        (Value::Object(a), Value::Object(b)) => {
            for (name, value) in a {
                let path = format!("{at}/{name}");
                if ignored.contains(&path.as_str()) || is_volatile(name) {
                    continue;
                }
                match b.get(name) {
                    Some(other) => differ(value, other, &path, ignored, found),
                    None => found.push(format!(
                        "{path}: recorded {}, missing",
                        short(&value.to_string())
                    )),
                }
            }
            for (name, value) in b
                .iter()
                .filter(|(name, _)| !a.contains_key(*name) && !is_volatile(name))
            {
                let path = format!("{at}/{name}");
                if !ignored.contains(&path.as_str()) {
                    found.push(format!(
                        "{path}: not in the recording, got {}",
                        short(&value.to_string())
                    ));
                }
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            if a.len() != b.len() {
                found.push(format!("{at}: recorded {} items, got {}", a.len(), b.len()));
            }
            for (i, (x, y)) in in_order(a).into_iter().zip(in_order(b)).enumerate() {
                differ(x, y, &format!("{at}/{i}"), ignored, found);
            }
        }
        _ if wanted != got => {
            found.push(format!(
                "{at}: recorded {}, got {}",
                short(&wanted.to_string()),
                short(&got.to_string())
            ));
        }
        _ => {}
    }
}

/// Plain values, cells, and objects with an id, each in one order.
fn in_order(items: &[Value]) -> Vec<&Value> {
    const CELL: [&str; 6] = [
        "dataElement",
        "period",
        "orgUnit",
        "organisationUnit",
        "categoryOptionCombo",
        "attributeOptionCombo",
    ];
    let mut sorted: Vec<&Value> = items.iter().collect();
    if items
        .iter()
        .all(|v| v.is_string() || v.is_i64() || v.is_boolean())
    {
        sorted.sort_by_key(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned));
    } else if items.iter().all(|v| v.get("dataElement").is_some()) {
        sorted.sort_by_key(|v| CELL.map(|name| v[name].to_string()));
    } else if items
        .iter()
        .all(|v| v.get("id").is_some() && v.get("level").is_none())
    {
        sorted.sort_by_key(|v| v["id"].to_string());
    }
    sorted
}

/// Lists of values in CSV and XML as sorted lines without their times; other text as it is.
fn lines(text: &str) -> Vec<String> {
    if text.starts_with("dataelement,") {
        let mut rows = text.trim().split('\n');
        let head = rows.next().unwrap_or_default().to_owned();
        let without_time = |row: &str| {
            let columns: Vec<&str> = row.split(',').collect();
            let kept = columns
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != 7)
                .map(|(_, c)| *c);
            kept.collect::<Vec<_>>().join(",")
        };
        let mut rows: Vec<String> = rows.map(without_time).collect();
        rows.sort();
        rows.insert(0, head);
        return rows;
    }
    if text.contains("<dataValue") {
        let mut parts = text.split("<dataValue ");
        let head = parts.next().unwrap_or_default().to_owned();
        let mut rows: Vec<String> = parts
            .map(|p| without_times(p.split("/>").next().unwrap_or_default()))
            .collect();
        rows.sort();
        rows.insert(0, head);
        return rows;
    }
    vec![text.to_owned()]
}

/// The attributes of an element without `created` and `lastUpdated`.
fn without_times(attributes: &str) -> String {
    let mut out = attributes.to_owned();
    for name in [" created=\"", " lastUpdated=\""] {
        if let Some(from) = out.find(name) {
            let end = out[from + name.len()..]
                .find('"')
                .map_or(out.len(), |i| from + name.len() + i + 1);
            out.replace_range(from..end, "");
        }
    }
    out
}
