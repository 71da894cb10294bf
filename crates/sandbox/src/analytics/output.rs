//! The two forms of an answer.

use serde_json::{Map, Value, json};

use super::aggregate::Sums;
use super::query::{Item, Query};
use crate::state::Snapshot;
use crate::values::Catalogue;

/// As data values. An operand is told by its two parts, an indicator as if it were a
/// data element.
pub fn data_value_set(today: &str, sums: &Sums) -> Value {
    let values: Vec<Value> = sums
        .0
        .iter()
        .map(|sum| {
            let mut out = Map::new();
            let (element, combo) = match &sum.item {
                Item::Element(uid) | Item::Indicator(uid) => (uid, None),
                Item::Operand(uid, combo) => (uid, Some(combo)),
            };
            out.insert("dataElement".into(), element.as_str().into());
            out.insert(
                "period".into(),
                sum.period
                    .as_ref()
                    .map_or(Value::Null, |p| p.iso.as_str().into()),
            );
            out.insert("orgUnit".into(), json!(sum.org_unit));
            if let Some(combo) = combo {
                out.insert("categoryOptionCombo".into(), combo.as_str().into());
            }
            out.insert("value".into(), whole_or_not(sum.value).into());
            out.insert("created".into(), today.into());
            out.insert("lastUpdated".into(), today.into());
            out.insert("comment".into(), "[aggregated]".into());
            out.insert("followup".into(), false.into());
            Value::Object(out)
        })
        .collect();
    json!({ "dataValues": values })
}

/// A whole number without its point.
fn whole_or_not(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        format!("{value:.0}")
    } else {
        value.to_string()
    }
}

/// A number as Java writes a `Double`, for usual sizes.
fn double(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.1}")
    } else {
        value.to_string()
    }
}

/// As a grid: a row for each number, and the names of all that is in it.
pub fn grid(metadata: &Snapshot, catalogue: &Catalogue, query: &Query, sums: &Sums) -> Value {
    let header = |name: &str, column: &str, is_value: bool| {
        let (value_type, java) = if is_value {
            ("NUMBER", "java.lang.Double")
        } else {
            ("TEXT", "java.lang.String")
        };
        json!({
            "name": name, "column": column, "valueType": value_type, "type": java,
            "hidden": false, "meta": !is_value,
        })
    };
    let has_periods = query.periods.is_some() && query.filters.periods.is_none();
    let has_units = query.org_units.is_some();
    let mut headers = vec![header("dx", "Data", false)];
    if has_periods {
        headers.push(header("pe", "Period", false));
    }
    if has_units {
        headers.push(header("ou", "Organisation unit", false));
    }
    headers.push(header("value", "Value", true));
    let rows: Vec<Vec<String>> = sums
        .0
        .iter()
        .map(|sum| {
            let mut row = vec![sum.item.id()];
            row.extend(sum.period.iter().map(|p| p.iso.clone()));
            row.extend(sum.org_unit.clone());
            row.push(double(sum.value));
            row
        })
        .collect();
    json!({
        "headers": headers, "metaData": meta_data(metadata, catalogue, query), "rowContext": {},
        "width": rows.first().map_or(0, Vec::len), "height": rows.len(), "headerWidth": headers.len(),
        "rows": rows,
    })
}

fn meta_data(metadata: &Snapshot, catalogue: &Catalogue, query: &Query) -> Value {
    let name = |collection: &str, uid: &str| {
        let object = metadata
            .collections
            .get(collection)
            .and_then(|c| c.get(uid));
        object.map_or(Value::Null, |o| o["name"].clone())
    };
    let mut items = Map::new();
    let mut combos: Vec<String> = Vec::new();
    for (uid, words) in [
        ("dx", "Data"),
        ("pe", "Period"),
        ("ou", "Organisation unit"),
    ] {
        items.insert(uid.into(), json!({ "name": words }));
    }
    for item in &query.items {
        let (collection, uid) = match item {
            Item::Element(uid) | Item::Operand(uid, _) => ("dataElements", uid),
            Item::Indicator(uid) => ("indicators", uid),
        };
        items.insert(item.id(), json!({"name": name(collection, uid)}));
        let own = catalogue
            .data_element(uid)
            .map(|e| e.category_combo.as_str());
        for combo in own
            .into_iter()
            .flat_map(|combo| catalogue.option_combos_of(combo))
        {
            items.insert(combo.uid.clone(), json!({"name": combo.name}));
            combos.push(combo.uid.clone());
        }
    }
    combos.sort();
    combos.dedup();
    let periods = || query.periods.iter().flatten();
    for period in periods() {
        items.insert(period.iso.clone(), json!({"name": period.name()}));
    }
    for unit in query.org_units() {
        items.insert(
            unit.to_owned(),
            json!({"name": name("organisationUnits", unit)}),
        );
    }
    json!({
        "items": items,
        "dimensions": {
            "dx": query.items.iter().map(Item::id).collect::<Vec<_>>(),
            "pe": periods().map(|p| p.iso.as_str()).collect::<Vec<_>>(),
            "ou": query.org_units().collect::<Vec<_>>(),
            "co": combos,
        },
    })
}
