//! What an import of 2.40-2.42 does beside value by value: what the request says about all its
//! values, completeness, and imports that end half way. All as seen on a real 2.42.5.2; the
//! other two have the same rules in their source.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tributary_sandbox::request::Request;
use tributary_sandbox::{RunningServer, ServerVersion};

use crate::near::server;

const UNTIL_2_42: [ServerVersion; 3] = [ServerVersion::V40, ServerVersion::V41, ServerVersion::V42];
const UNIT: &str = "ouFacC10001";

async fn ask(running: &RunningServer, method: &str, target: &str, body: Option<Value>) -> Value {
    let admin = BASE64_STANDARD.encode("admin:district");
    let mut request =
        Request::new(method, target).with_header("authorization", &format!("Basic {admin}"));
    if let Some(body) = body {
        request = request.with_body("application/json", body.to_string());
    }
    let answer = running.server.handle(request).await;
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// The import summary.
async fn import(running: &RunningServer, query: &str, body: Value) -> Value {
    let target = format!("/api/dataValueSets?{query}");
    ask(running, "POST", &target, Some(body)).await["response"].take()
}

fn value(element: &str, value: &str) -> Value {
    json!({"dataElement": element, "period": "202609", "orgUnit": UNIT, "value": value})
}

/// What is kept in the month of the tests, by data element.
async fn kept(running: &RunningServer, element: &str) -> Option<String> {
    let target = format!("/api/dataValueSets?dataSet=dsMonthly01&period=202609&orgUnit={UNIT}");
    let body = ask(running, "GET", &target, None).await;
    let found = body["dataValues"].as_array()?;
    let found = found.iter().find(|v| v["dataElement"] == element)?;
    found["value"].as_str().map(str::to_owned)
}

async fn registrations(running: &RunningServer) -> usize {
    let target = format!(
        "/api/completeDataSetRegistrations?dataSet=dsMonthly01&period=202609&orgUnit={UNIT}"
    );
    let body = ask(running, "GET", &target, None).await;
    body["completeDataSetRegistrations"]
        .as_array()
        .map_or(0, Vec::len)
}

fn counts(summary: &Value) -> [u64; 4] {
    ["imported", "updated", "ignored", "deleted"]
        .map(|name| summary["importCount"][name].as_u64().unwrap())
}

#[tokio::test]
async fn conflicts_name_what_the_value_says_and_not_what_the_request_says() {
    for version in UNTIL_2_42 {
        let running = server(version).await;
        let body = json!({"dataSet": "dsMonthly01", "period": "202801", "orgUnit": UNIT, "dataValues": [
            {"dataElement": "deNumber001", "value": "1"},
            {"dataElement": "deNumber001", "period": "202601", "value": "1"},
        ]});
        let summary = import(&running, "", body).await;
        let conflicts = summary["conflicts"].as_array().unwrap();
        assert_eq!(conflicts.len(), 2, "{version} {summary}");
        assert_eq!(conflicts[0].get("object"), None);
        assert_eq!(
            conflicts[0]["objects"],
            json!({"dataElement": "deNumber001", "dataSet": "dsMonthly01"})
        );
        let told = conflicts[0]["value"].as_str().unwrap();
        assert!(told.starts_with("Period: `null` is after"), "{told}");
        assert_eq!(conflicts[1]["object"], "202601");
        let told = conflicts[1]["value"].as_str().unwrap();
        assert!(told.starts_with("Period: `202601` is after"), "{told}");
        running.stop().await;
    }
}

#[tokio::test]
async fn all_faults_of_the_request_are_told() {
    for version in UNTIL_2_42 {
        let running = server(version).await;
        let body = json!({"dataSet": "dsNobody001", "orgUnit": "ouNobody001", "attributeOptionCombo": "xx",
            "completeDate": "x", "dataValues": [value("deNumber001", "1")]});
        let summary = import(&running, "", body).await;
        assert_eq!(summary["description"], "Import process was aborted");
        let told: Vec<_> = summary["conflicts"].as_array().unwrap().iter().collect();
        let codes: Vec<_> = told.iter().map(|c| &c["errorCode"]).collect();
        assert_eq!(codes, ["E7600", "E7603", "E7604"], "{version}");
        assert_eq!(
            told[1]["value"],
            "Org unit not found or not accessible: `ouNobody001`"
        );
        assert_eq!(
            told[1]["objects"],
            json!({"organisationUnit": "ouNobody001", "dataSet": "dsNobody001"})
        );
        running.stop().await;
    }
}

#[tokio::test]
async fn completeness_comes_first_and_needs_a_place_and_a_time() {
    for version in UNTIL_2_42 {
        let running = server(version).await;
        let with = |date: &str, place: bool| {
            let mut body = json!({"dataSet": "dsMonthly01", "completeDate": date, "period": "202609",
                "dataValues": [value("deNumber001", "5")]});
            if place {
                body["orgUnit"] = UNIT.into();
            }
            body
        };
        let summary = import(&running, "", with("2026-02-30", true)).await;
        assert_eq!(
            summary["description"],
            "The import process failed: Text '2026-02-30' could not be parsed: Invalid date 'FEBRUARY 30'"
        );
        assert_eq!(
            (summary["status"].as_str(), counts(&summary)),
            (Some("ERROR"), [0; 4])
        );
        assert_eq!(
            (
                kept(&running, "deNumber001").await,
                registrations(&running).await
            ),
            (None, 0)
        );

        let summary = import(&running, "", with("2026-10-01", false)).await;
        assert_eq!(
            summary["conflicts"],
            json!([{"object": "OrganisationUnit", "value": "Must be provided to complete data set"}])
        );
        assert_eq!(summary.get("dataSetComplete"), None, "{version}");
        assert_eq!(
            (summary["status"].as_str(), counts(&summary)),
            (Some("WARNING"), [1, 0, 0, 0])
        );
        assert_eq!(registrations(&running).await, 0);

        let summary = import(&running, "", with("2026-10-01", true)).await;
        assert_eq!(summary["dataSetComplete"], "2026-10-01");
        assert_eq!(registrations(&running).await, 1);
        running.stop().await;
    }
}

#[tokio::test]
async fn a_cell_that_is_there_spoils_what_is_added_unseen() {
    for version in UNTIL_2_42 {
        let running = server(version).await;
        let first = json!({"dataValues": [value("deNumber001", "5")]});
        import(&running, "", first).await;
        let body = json!({"dataValues": [value("deNumber001", "6"), value("deText00001", "new")]});
        let summary = import(&running, "skipExistingCheck=true&dryRun=true", body.clone()).await;
        assert_eq!(counts(&summary), [2, 0, 0, 0], "{version}");
        let summary = import(&running, "skipExistingCheck=true", body).await;
        assert_eq!(
            summary["description"],
            "The import process failed: Failed to flush BatchHandler"
        );
        assert_eq!(counts(&summary), [0; 4]);
        assert_eq!(kept(&running, "deNumber001").await.as_deref(), Some("5"));
        assert_eq!(kept(&running, "deText00001").await, None);
        running.stop().await;
    }
}

/// A data element with an option set and no value: 2.40 refuses the value, the others end.
#[tokio::test]
async fn an_import_that_ends_half_way_keeps_its_changes_and_loses_what_is_new() {
    for version in UNTIL_2_42 {
        let running = server(version).await;
        let first = json!({"dataValues": [value("deNumber001", "5")]});
        import(&running, "", first).await;
        let body = json!({"dataValues": [
            value("deNumber001", "6"), value("deText00001", "new"),
            {"dataElement": "deOptionSt1", "period": "202609", "orgUnit": UNIT, "deleted": true},
        ]});
        let summary = import(&running, "", body).await;
        assert_eq!(kept(&running, "deNumber001").await.as_deref(), Some("6"));
        let text = kept(&running, "deText00001").await;
        if version == ServerVersion::V40 {
            assert_eq!(summary["conflicts"][0]["errorCode"], "E7621");
            assert_eq!(
                (counts(&summary), text.as_deref()),
                ([1, 1, 1, 0], Some("new"))
            );
        } else {
            assert_eq!(summary["description"], "The import process failed: null");
            assert_eq!((counts(&summary), text), ([0; 4], None), "{version}");
        }
        running.stop().await;
    }
}

#[tokio::test]
async fn a_change_is_seen_by_the_next_value_of_the_cell() {
    for version in UNTIL_2_42 {
        let running = server(version).await;
        let all = |values: &[&str]| {
            let values: Vec<Value> = values.iter().map(|v| value("deNumber001", v)).collect();
            json!({"dataValues": values})
        };
        // New ones are not: the second is lost.
        let summary = import(&running, "", all(&["4", "5"])).await;
        assert_eq!(counts(&summary), [1, 0, 0, 0]);
        let summary = import(&running, "", all(&["6", "7", "7"])).await;
        assert_eq!(counts(&summary), [0, 2, 1, 0], "{version}");
        let summary = import(&running, "importStrategy=DELETE", all(&["7", "7"])).await;
        assert_eq!(
            (counts(&summary), &summary["rejectedIndexes"]),
            ([0, 0, 1, 1], &json!([1]))
        );
        running.stop().await;
    }
}

#[tokio::test]
async fn blanks_are_a_value_that_says_nothing_and_are_cut_off_a_text() {
    for version in UNTIL_2_42 {
        let running = server(version).await;
        let body = json!({"dataValues": [value("deText00001", " "), value("deInteger01", "")]});
        let summary = import(&running, "", body).await;
        assert_eq!(
            (counts(&summary), &summary["rejectedIndexes"]),
            ([0, 0, 2, 0], &json!([1]))
        );
        let body = json!({"dataValues": [value("deText00001", " a b ")]});
        import(&running, "", body).await;
        assert_eq!(
            kept(&running, "deText00001").await.as_deref(),
            Some("a b"),
            "{version}"
        );
        running.stop().await;
    }
}

/// An empty column is an empty text; an empty text of JSON is none.
#[tokio::test]
async fn an_empty_column_says_nothing_but_is_no_fault() {
    for version in UNTIL_2_42 {
        let running = server(version).await;
        let admin = BASE64_STANDARD.encode("admin:district");
        let head = "dataelement,period,orgunit,categoryoptioncombo,attributeoptioncombo,value";
        let body = format!("{head}\ndeText00001,202609,{UNIT},,,\ndeText00001,202609\n");
        let request = Request::new("POST", "/api/dataValueSets")
            .with_header("authorization", &format!("Basic {admin}"))
            .with_body("application/csv", body);
        let answer = running.server.handle(request).await;
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        let summary = &body["response"];
        assert_eq!(
            (counts(summary), &summary["rejectedIndexes"]),
            ([0, 0, 2, 0], &json!([1]))
        );
        let told = &summary["conflicts"][0];
        assert_eq!(
            told["objects"],
            json!({"organisationUnit": ""}),
            "{version}"
        );
        assert_eq!(
            told["value"],
            "Organisation unit not found or not accessible: ``"
        );
        running.stop().await;
    }
}

#[tokio::test]
async fn names_are_looked_up_without_the_blanks_around_them() {
    for version in UNTIL_2_42 {
        let running = server(version).await;
        let body = json!({"dataValues": [
            {"dataElement": " deNumber001 ", "period": " 202609", "orgUnit": "ouFacC10001 ", "value": "8"},
            {"dataElement": "deInteger01", "period": "202609", "orgUnit": UNIT, "comment": " "},
        ]});
        let summary = import(&running, "", body).await;
        assert_eq!(
            (counts(&summary), &summary["conflicts"]),
            ([1, 0, 1, 0], &json!([])),
            "{version}"
        );
        assert_eq!(kept(&running, "deNumber001").await.as_deref(), Some("8"));
        running.stop().await;
    }
}
