//! Removes all that the suite makes, whether this run made it or one that was cut short.
//!
//! Values go before metadata. Deleting a value only marks it as deleted, and an element or
//! org unit with such rows cannot be removed (E4030), so the suite's own org units are
//! pruned (`maintenance/dataPruning`, 2.40 to 2.43, for superusers). What a server refuses
//! to remove is named.

use crate::fixture::{self, OBJECTS};
use crate::http::Http;
use crate::stage::Stage;
use serde_json::Value;
use tributary_dhis2::client::Reading;
use tributary_dhis2::query::Query;
use tributary_dhis2::{Client, Method};

/// The dataStore's namespace.
pub const NAMESPACE: &str = "tributary-conformance";
/// How often the list of objects is gone through: what refers to another goes first.
const PASSES: usize = 4;

/// Removes everything and gives back what is left, in words.
pub async fn remove_all(stage: &Stage) -> Vec<String> {
    let admin = stage.admin();
    let mut left = Vec::new();
    remove_routes(&admin, &mut left).await;
    remove_stored(&admin, &mut left).await;
    let app = format!("api/apps/{}", fixture::CODE);
    if let Err(words) = delete(stage, &admin, &app).await {
        left.push(format!("app {}: {words}", fixture::CODE));
    }
    if present(&admin, "organisationUnits", fixture::TOP).await {
        // Where there is none, or the data set is gone, there is nothing to remove.
        let _ = delete(stage, &admin, &fixture::lock_exception()).await;
        remove_values(stage, &admin).await;
    }
    remove_metadata(stage, &admin, &mut left).await;
    left
}

async fn remove_routes(admin: &Client<Http>, left: &mut Vec<String>) {
    match admin.routes().await {
        Ok(routes) => {
            for route in routes {
                let code = route.code.unwrap_or_default();
                if !code.starts_with(fixture::CODE) {
                    continue;
                }
                if let Err(failure) = admin.delete_route(&route.id).await {
                    left.push(format!("Route {code}: {failure}"));
                }
            }
        }
        Err(failure) => left.push(format!("Routes: {failure}")),
    }
}

async fn remove_stored(admin: &Client<Http>, left: &mut Vec<String>) {
    match admin.stored_keys(NAMESPACE).await {
        Ok(keys) => {
            for key in keys {
                if let Err(failure) = admin.remove_stored(NAMESPACE, &key).await {
                    left.push(format!("dataStore {NAMESPACE}/{key}: {failure}"));
                }
            }
        }
        Err(failure) => left.push(format!("dataStore {NAMESPACE}: {failure}")),
    }
}

/// Prunes the org units; a server that does not gets the values deleted one set at a time.
/// What stays shows when the metadata are removed.
async fn remove_values(stage: &Stage, admin: &Client<Http>) {
    let mut pruned = true;
    for unit in fixture::UNITS {
        let path = format!("api/maintenance/dataPruning/organisationUnits/{unit}");
        let answer = stage.send(admin, Method::Post, &path, None).await;
        pruned = answer.is_ok_and(|answer| (200..300).contains(&answer.status));
        if !pruned {
            break;
        }
    }
    if pruned {
        return;
    }
    let mut query = Query::new()
        .with("startDate", "2000-01-01")
        .with("endDate", "2100-01-01");
    for unit in fixture::UNITS {
        query.push("orgUnit", unit);
    }
    for (_, id) in OBJECTS.iter().filter(|(kind, _)| *kind == "dataSets") {
        query.push("dataSet", *id);
    }
    let read = admin.get_json::<Value>("dataValueSets.json", &query, Reading::Large);
    if let Ok(body) = read.await {
        let path = "api/dataValueSets?importStrategy=DELETE";
        // A refusal shows below, when the elements cannot be removed.
        let _ = stage
            .send(admin, Method::Post, path, Some(body.to_string()))
            .await;
    }
}

/// Removes the objects, those that others refer to after them.
async fn remove_metadata(stage: &Stage, admin: &Client<Http>, left: &mut Vec<String>) {
    let mut waiting: Vec<(&str, &str)> = OBJECTS.to_vec();
    let mut words = Vec::new();
    for _ in 0..PASSES {
        let mut still = Vec::new();
        words.clear();
        for (collection, id) in waiting.iter().copied() {
            let path = format!("api/{collection}/{id}");
            if let Err(refusal) = delete(stage, admin, &path).await {
                still.push((collection, id));
                words.push(format!("{collection} {id}: {refusal}"));
            }
        }
        let done = still.is_empty() || still.len() == waiting.len();
        waiting = still;
        if done {
            break;
        }
    }
    left.append(&mut words);
}

/// Deletes one thing; what is not there is as good as deleted.
async fn delete(stage: &Stage, admin: &Client<Http>, path: &str) -> Result<(), String> {
    match stage.send(admin, Method::Delete, path, None).await {
        Ok(answer) if (200..300).contains(&answer.status) || answer.status == 404 => Ok(()),
        Ok(answer) => {
            let report: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let first = &report["response"]["errorReports"][0]["message"];
            let words = first.as_str().or(report["message"].as_str());
            Err(format!("{} {}", answer.status, words.unwrap_or_default()))
        }
        Err(failure) => Err(failure.to_string()),
    }
}

async fn present(admin: &Client<Http>, collection: &str, id: &str) -> bool {
    let query = Query::new().with("fields", "id");
    let path = format!("{collection}/{id}");
    admin
        .get_json::<Value>(&path, &query, Reading::Small)
        .await
        .is_ok()
}
