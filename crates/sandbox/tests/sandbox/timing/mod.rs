//! When data may be entered: on the last day and on the day after it, with one data set
//! or several, with leave, and when it is approved.

mod options;

use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tributary_sandbox::request::Request;
use tributary_sandbox::{RunningServer, ServerOptions, ServerVersion, start};

const ALL: [ServerVersion; 4] = [
    ServerVersion::V40,
    ServerVersion::V41,
    ServerVersion::V42,
    ServerVersion::V43,
];

fn file(path: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/recordings")
        .join(path);
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// The set-up of the recordings on a day, with what `zz-import-rules` adds to it.
async fn server(version: ServerVersion, today: &str) -> RunningServer {
    let mut options = ServerOptions::new(version);
    options.today = Some(today.parse().unwrap());
    let running = start(options).await.unwrap();
    let server = &running.server;
    server.load_metadata(&file("seed/metadata.json")).unwrap();
    tributary_sandbox::demo::give_admin(server, &["ouCountry01".to_owned()]).unwrap();
    let scenario = file("scenarios/zz-import-rules.json");
    for name in [
        "more metadata",
        "validation rule",
        "approval level and workflow",
        "approved set",
    ] {
        let steps = scenario["steps"].as_array().unwrap();
        let step = steps.iter().find(|step| step["name"] == name).unwrap();
        server.load_metadata(&step["json"]).unwrap();
    }
    running
}

async fn call(
    running: &RunningServer,
    who: &str,
    method: &str,
    target: &str,
    body: Value,
) -> (u16, Value) {
    let password = if who == "admin" {
        "admin:district"
    } else {
        "clerk:Clerk123!"
    };
    let request = Request::new(method, target)
        .with_header("host", "h")
        .with_header(
            "authorization",
            &format!("Basic {}", BASE64_STANDARD.encode(password)),
        )
        .with_body("application/json", body.to_string());
    let answer = running.server.handle(request).await;
    (
        answer.status,
        serde_json::from_slice(&answer.body).unwrap_or_default(),
    )
}

/// The codes with which one value is refused; none when it is taken.
async fn enter(
    running: &RunningServer,
    set: Option<&str>,
    element: &str,
    period: &str,
) -> Vec<String> {
    let mut body = json!({"dataValues": [
        {"dataElement": element, "period": period, "orgUnit": "ouFacA10001", "value": "4"},
    ]});
    if let Some(set) = set {
        body["dataSet"] = set.into();
    }
    let (_, body) = call(running, "clerk", "POST", "/api/dataValueSets", body).await;
    let conflicts = body["response"]["conflicts"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    conflicts
        .iter()
        .map(|c| c["errorCode"].as_str().unwrap().to_owned())
        .collect()
}

async fn lock_status(running: &RunningServer, set: &str, period: &str) -> String {
    let target = format!("/api/dataEntry/dataValues?ds={set}&pe={period}&ou=ouFacA10001");
    let (status, body) = call(running, "clerk", "GET", &target, Value::Null).await;
    assert_eq!(status, 200, "{body}");
    body["lockStatus"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_last_expiry_day_is_open_and_the_next_is_not() {
    for version in ALL {
        let late = if version < ServerVersion::V43 {
            "E7640"
        } else {
            "E8030"
        };
        for (today, wanted, state) in [
            ("2026-02-10", None, "OPEN"),
            ("2026-02-11", Some(late), "LOCKED"),
        ] {
            let running = server(version, today).await;
            let codes = enter(&running, Some("dsExpiry001"), "deExpiry001", "202601").await;
            assert_eq!(codes, Vec::from_iter(wanted), "{version} {today}");
            assert_eq!(
                lock_status(&running, "dsExpiry001", "202601").await,
                state,
                "{version} {today}"
            );
            running.stop().await;
        }
    }
}

#[tokio::test]
async fn the_closing_day_of_an_input_period_is_open_up_to_2_42() {
    for version in &ALL[..3] {
        for (today, wanted) in [
            ("2026-01-31", "E7643"),
            ("2026-02-01", ""),
            ("2026-03-01", ""),
            ("2026-03-02", "E7643"),
        ] {
            let running = server(*version, today).await;
            let codes = enter(&running, Some("dsInputPe01"), "deInputPe01", "202602").await;
            assert_eq!(codes.join(" "), wanted, "{version} {today}");
            running.stop().await;
        }
    }
}

#[tokio::test]
async fn without_a_named_set_up_to_2_42_one_open_set_is_enough_but_none_may_find_it_too_early() {
    for version in &ALL[..3] {
        let running = server(*version, "2026-11-22").await;
        // Expired in one set, open in the other.
        assert!(
            enter(&running, None, "deTwoSets01", "202601")
                .await
                .is_empty(),
            "{version}"
        );
        assert_eq!(
            enter(&running, Some("dsExpiry001"), "deTwoSets01", "202601").await,
            ["E7640"]
        );
        // Too early in one set.
        assert_eq!(
            enter(&running, None, "deTwoSets01", "202612").await,
            ["E7641"],
            "{version}"
        );
        // Too early in both: each has its word.
        assert_eq!(
            enter(&running, None, "deTwoSets01", "202701").await,
            ["E7641", "E7641"]
        );
        assert!(
            enter(&running, Some("dsMonthly01"), "deTwoSets01", "202612")
                .await
                .is_empty()
        );
        running.stop().await;
    }
}

#[tokio::test]
async fn a_lock_exception_opens_one_form_and_can_be_taken_back() {
    for version in ALL {
        let late = if version < ServerVersion::V43 {
            "E7640"
        } else {
            "E8030"
        };
        let running = server(version, "2026-11-22").await;
        let target = "/api/lockExceptions?ou=ouFacA10001&pe=202601&ds=dsExpiry001";
        assert_eq!(
            call(&running, "clerk", "POST", target, Value::Null).await.0,
            403,
            "{version}"
        );
        assert_eq!(
            call(&running, "admin", "POST", target, Value::Null).await.0,
            201,
            "{version}"
        );
        assert_eq!(
            lock_status(&running, "dsExpiry001", "202601").await,
            "OPEN",
            "{version}"
        );
        assert!(
            enter(&running, Some("dsExpiry001"), "deExpiry001", "202601")
                .await
                .is_empty()
        );
        assert_eq!(
            enter(&running, Some("dsExpiry001"), "deExpiry001", "202602").await,
            [late]
        );
        assert_eq!(
            call(&running, "admin", "DELETE", target, Value::Null)
                .await
                .0,
            204
        );
        assert_eq!(
            lock_status(&running, "dsExpiry001", "202601").await,
            "LOCKED",
            "{version}"
        );
        for (target, status) in [
            (
                "/api/lockExceptions?ou=ouFacA10001&pe=nonsense&ds=dsExpiry001",
                409,
            ),
            (
                "/api/lockExceptions?ou=ouNoSuchOne&pe=202601&ds=dsExpiry001",
                409,
            ),
            (
                "/api/lockExceptions?ou=ouCountry01&pe=202601&ds=dsExpiry001",
                409,
            ),
            ("/api/lockExceptions?pe=202601&ds=dsExpiry001", 400),
        ] {
            let (got, body) = call(&running, "admin", "POST", target, Value::Null).await;
            assert_eq!(got, status, "{version} {target}: {body}");
        }
        running.stop().await;
    }
}

#[tokio::test]
async fn approved_data_is_closed_until_the_approval_is_taken_back() {
    for version in ALL {
        let approved = if version < ServerVersion::V43 {
            "E7642"
        } else {
            "E8033"
        };
        let running = server(version, "2026-11-22").await;
        let selection = "/api/dataApprovals?wf=awMonthly01&pe=202401&ou=ouFacA10001";
        let enter = || enter(&running, Some("dsApprove01"), "deApprove01", "202401");
        let (_, state) = call(&running, "admin", "GET", selection, Value::Null).await;
        assert_eq!(
            (&state["state"], &state["mayApprove"]),
            (&json!("UNAPPROVED_READY"), &json!(true))
        );
        assert!(enter().await.is_empty(), "{version}");
        assert_eq!(
            call(&running, "clerk", "POST", selection, json!({}))
                .await
                .0,
            403,
            "{version}"
        );
        assert_eq!(
            call(&running, "admin", "POST", selection, json!({}))
                .await
                .0,
            204,
            "{version}"
        );
        // A second time changes nothing.
        assert_eq!(
            call(&running, "admin", "POST", selection, json!({}))
                .await
                .0,
            204
        );
        assert_eq!(enter().await, [approved], "{version}");
        assert_eq!(
            lock_status(&running, "dsApprove01", "202401").await,
            "APPROVED",
            "{version}"
        );
        // Another facility, and a unit at no approval level.
        let other = "/api/dataApprovals?ds=dsApprove01&pe=202401&ou=ouFacA10002";
        let (_, state) = call(&running, "admin", "GET", other, Value::Null).await;
        assert_eq!(state["state"], "UNAPPROVED_READY", "{version}");
        let above = "/api/dataApprovals?wf=awMonthly01&pe=202401&ou=ouRegionA01";
        assert_eq!(
            call(&running, "admin", "POST", above, json!({})).await.0,
            409,
            "{version}"
        );
        assert_eq!(
            call(&running, "admin", "DELETE", selection, Value::Null)
                .await
                .0,
            204
        );
        assert!(enter().await.is_empty(), "{version}");
        running.stop().await;
    }
}

#[tokio::test]
async fn a_rule_that_does_not_hold_is_told() {
    let running = server(ServerVersion::V42, "2026-11-22").await;
    let target = "/api/validation/dataSet/dsMonthly01?pe=202601&ou=ouFacA10001";
    let values = |deaths: &str, visits: &str| {
        json!({"dataSet": "dsMonthly01", "dataValues": [
            {"dataElement": "deZeroSig01", "period": "202601", "orgUnit": "ouFacA10001", "value": deaths},
            {"dataElement": "deIntZeroP1", "period": "202601", "orgUnit": "ouFacA10001", "value": visits},
        ]})
    };
    call(
        &running,
        "admin",
        "POST",
        "/api/dataValueSets",
        values("2", "9"),
    )
    .await;
    let (_, good) = call(&running, "clerk", "GET", target, Value::Null).await;
    assert_eq!(good["validationRuleViolations"], json!([]));
    call(
        &running,
        "admin",
        "POST",
        "/api/dataValueSets",
        values("12", "9"),
    )
    .await;
    let (_, bad) = call(&running, "clerk", "GET", target, Value::Null).await;
    let told = &bad["validationRuleViolations"][0];
    assert_eq!(told["validationRule"]["id"], "vrPosTests1");
    assert_eq!(
        (&told["leftsideValue"], &told["rightsideValue"]),
        (&json!(12.0), &json!(9.0))
    );
    running.stop().await;
}
