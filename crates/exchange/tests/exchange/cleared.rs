//! Values that were deleted at the source: a kind of their own, deleted here only with leave.
//! Through the whole app, against the sandbox.

use crate::support::stage::{CLERK, Stage, check_sum, read, stage};
use crate::support::{InProcess, as_admin, ask};
use serde_json::{Value, json};
use tributary_exchange::questions::exchanges::{OpenExchange, SaveExchange};
use tributary_exchange::questions::import::{
    PlanRow, PlanRows, PlanSummary, RowKind, RowOutcome, RunReport, SendPlan,
};
use tributary_exchange::service::Service;
use tributary_sandbox::{RunningServer, ServerVersion};

/// `manager:Route4Data!x`.
const MANAGER: &str = "bWFuYWdlcjpSb3V0ZTREYXRhIXg=";
const REGION: [&str; 1] = ["ouRegionA01"];
const PERIOD: [&str; 1] = ["202601"];

fn body(unit: &str, value: &str) -> Value {
    json!({"dataSet": "dsMonthly01", "dataValues": [{"dataElement": "deIntZeroP1",
        "period": "202601", "orgUnit": unit, "categoryOptionCombo": "HllvX50cXC0",
        "attributeOptionCombo": "HllvX50cXC0", "value": value}]})
}

/// Somebody types a value in (as the administrator), at either server.
async fn type_in(server: &RunningServer, unit: &str, value: &str) {
    let answer = as_admin(
        server,
        "POST",
        "/api/dataValueSets",
        Some(body(unit, value)),
    )
    .await;
    assert_eq!(answer["status"], "OK", "{answer}");
}

/// Somebody deletes a value, at either server.
async fn delete(server: &RunningServer, unit: &str) {
    let target = "/api/dataValueSets?importStrategy=DELETE";
    let answer = as_admin(server, "POST", target, Some(body(unit, "1"))).await;
    assert_eq!(answer["status"], "OK", "{answer}");
}

/// What the destination holds for an org unit; deleted rows are not asked for.
async fn standing(stage: &Stage, unit: &str) -> Option<String> {
    let target =
        format!("/api/dataValueSets.json?dataSet=dsMonthly01&period=202601&orgUnit={unit}");
    let answer = as_admin(&stage.destination, "GET", &target, None).await;
    let values = answer["dataValues"].as_array().cloned().unwrap_or_default();
    let found = values
        .iter()
        .find(|value| value["dataElement"] == "deIntZeroP1")?;
    Some(found["value"].as_str().unwrap().to_owned())
}

async fn plan(service: &Service<InProcess>, stage: &Stage) -> PlanSummary {
    read(service, &stage.exchange, &PERIOD, &REGION).await
}

async fn send(service: &Service<InProcess>, delete_cleared: bool) -> RunReport {
    let question = SendPlan {
        overwrite: true,
        overwrite_edited: false,
        delete_cleared,
    };
    let report = ask(service, question).await.unwrap();
    check_sum(&report);
    assert_eq!(report.ended_by, None, "{report:?}");
    report
}

async fn cleared(service: &Service<InProcess>) -> Vec<PlanRow> {
    let question = PlanRows {
        kinds: vec![RowKind::Cleared],
        limit: 10,
        ..PlanRows::default()
    };
    ask(service, question).await.unwrap().rows
}

/// Cleared, and of those the ones that can be deleted.
fn counts(plan: &PlanSummary) -> (u64, u64) {
    (plan.counts.cleared, plan.counts.to_delete)
}

fn clerk(stage: &Stage) -> Service<InProcess> {
    Service::new(InProcess::new(&stage.destination, CLERK))
}

async fn what_is_deleted_there_is_cleared_here(version: ServerVersion, source: ServerVersion) {
    let stage = stage(version, source).await;
    let service = clerk(&stage);
    let (kept, edited, gone) = ("ouFacA10001", "ouFacA10002", "ouFacA10003");
    plan(&service, &stage).await;
    send(&service, false).await;
    for unit in [kept, edited, gone] {
        assert!(standing(&stage, unit).await.is_some(), "{version} {unit}");
    }

    // One is edited here, one was deleted here, too.
    for unit in [kept, edited, gone] {
        delete(&stage.source, unit).await;
    }
    type_in(&stage.destination, edited, "99").await;
    delete(&stage.destination, gone).await;
    let planned = plan(&service, &stage).await;
    assert_eq!(counts(&planned), (2, 1), "{version}: {planned:?}");
    assert_eq!(planned.counts.new + planned.counts.changed, 0, "{version}");
    let rows = cleared(&service).await;
    assert_eq!(
        (rows[0].reason.as_deref(), rows[0].value.as_str()),
        (None, "")
    );
    assert!(rows[0].present.is_some());
    assert_eq!(rows[1].reason.as_deref(), Some("clearedButEditedHere"));

    // Without leave nothing is deleted; with it, that value alone.
    let report = send(&service, false).await;
    assert_eq!(report.outcomes.confirmed, 0, "{version}");
    let planned = plan(&service, &stage).await;
    assert_eq!(counts(&planned), (2, 1), "{version}: kept is not forgotten");
    let report = send(&service, true).await;
    assert_eq!(
        (
            report.outcomes.confirmed,
            report.outcomes.written,
            report.outcomes.deleted
        ),
        (1, 1, 1),
        "{version}: {report:?}"
    );
    let rows = cleared(&service).await;
    assert_eq!(rows[0].outcome, Some(RowOutcome::Written));
    assert_eq!(standing(&stage, kept).await, None, "{version}");
    assert_eq!(standing(&stage, edited).await.as_deref(), Some("99"));

    // Nothing is left to do, and what was deleted by a run is no edit: the source fills it in
    // again, and it is new.
    let planned = plan(&service, &stage).await;
    assert_eq!(counts(&planned), (1, 0), "{version}");
    type_in(&stage.source, kept, "5").await;
    let planned = plan(&service, &stage).await;
    assert_eq!((planned.counts.new, planned.counts.edited_here), (1, 0));
    send(&service, false).await;
    assert_eq!(
        standing(&stage, kept).await.as_deref(),
        Some("5"),
        "{version}"
    );
    // And deleted there again, cleared here again.
    delete(&stage.source, kept).await;
    let planned = plan(&service, &stage).await;
    assert_eq!(counts(&planned), (2, 1), "{version}");
    stage.destination.stop().await;
    stage.source.stop().await;
}

#[tokio::test]
async fn what_is_deleted_there_is_cleared_here_on_2_40() {
    what_is_deleted_there_is_cleared_here(ServerVersion::V40, ServerVersion::V43).await;
}

#[tokio::test]
async fn what_is_deleted_there_is_cleared_here_on_2_41() {
    what_is_deleted_there_is_cleared_here(ServerVersion::V41, ServerVersion::V40).await;
}

#[tokio::test]
async fn what_is_deleted_there_is_cleared_here_on_2_42() {
    what_is_deleted_there_is_cleared_here(ServerVersion::V42, ServerVersion::V41).await;
}

#[tokio::test]
async fn what_is_deleted_there_is_cleared_here_on_2_43() {
    what_is_deleted_there_is_cleared_here(ServerVersion::V43, ServerVersion::V42).await;
}

/// Before any run nobody knows who brought a value.
#[tokio::test]
async fn a_value_that_no_run_brought_is_kept() {
    let stage = stage(ServerVersion::V42, ServerVersion::V42).await;
    delete(&stage.source, "ouFacA10001").await;
    type_in(&stage.destination, "ouFacA10001", "7").await;
    let service = clerk(&stage);
    let planned = plan(&service, &stage).await;
    assert_eq!(counts(&planned), (1, 0), "{planned:?}");
    let rows = cleared(&service).await;
    assert_eq!(rows[0].reason.as_deref(), Some("clearedButNotBrought"));
    send(&service, true).await;
    assert_eq!(standing(&stage, "ouFacA10001").await.as_deref(), Some("7"));
}

/// A value that is absent at the source without having been deleted is nobody's evidence.
#[tokio::test]
async fn what_the_source_never_had_is_left_alone() {
    let stage = stage(ServerVersion::V43, ServerVersion::V43).await;
    let service = clerk(&stage);
    plan(&service, &stage).await;
    send(&service, false).await;
    let text = json!({"dataSet": "dsMonthly01", "dataValues": [{"dataElement": "deIntZeroP1",
        "period": "202612", "orgUnit": "ouFacA10001", "categoryOptionCombo": "HllvX50cXC0",
        "attributeOptionCombo": "HllvX50cXC0", "value": "3"}]});
    as_admin(&stage.destination, "POST", "/api/dataValueSets", Some(text)).await;
    let planned = read(&service, &stage.exchange, &["202612"], &REGION).await;
    assert_eq!((planned.counts.pulled, counts(&planned)), (0, (0, 0)));
}

/// Somebody changed the value between plan and sending: it is not deleted.
#[tokio::test]
async fn a_value_that_was_changed_meanwhile_is_not_deleted() {
    let stage = stage(ServerVersion::V40, ServerVersion::V42).await;
    let service = clerk(&stage);
    plan(&service, &stage).await;
    send(&service, false).await;
    delete(&stage.source, "ouFacA10001").await;
    delete(&stage.source, "ouFacA10002").await;
    let planned = plan(&service, &stage).await;
    assert_eq!(counts(&planned), (2, 2));
    type_in(&stage.destination, "ouFacA10001", "99").await;
    // The other one was deleted here meanwhile: that is what was wanted.
    delete(&stage.destination, "ouFacA10002").await;
    let report = send(&service, true).await;
    assert_eq!(
        (report.outcomes.written, report.outcomes.changed_since),
        (1, 1),
        "{report:?}"
    );
    assert_eq!(standing(&stage, "ouFacA10001").await.as_deref(), Some("99"));
}

/// Somebody entered the very same value again between plan and sending: they want it there.
#[tokio::test]
async fn a_value_that_was_entered_again_meanwhile_is_not_deleted() {
    let stage = stage(ServerVersion::V43, ServerVersion::V42).await;
    let service = clerk(&stage);
    plan(&service, &stage).await;
    send(&service, false).await;
    delete(&stage.source, "ouFacA10001").await;
    let planned = plan(&service, &stage).await;
    assert_eq!(counts(&planned), (1, 1));
    let there = standing(&stage, "ouFacA10001").await.unwrap();
    type_in(&stage.destination, "ouFacA10001", "99").await;
    type_in(&stage.destination, "ouFacA10001", &there).await;
    let report = send(&service, true).await;
    assert_eq!(
        (report.outcomes.written, report.outcomes.changed_since),
        (0, 1),
        "{report:?}"
    );
    assert_eq!(standing(&stage, "ouFacA10001").await, Some(there));
}

/// The answer to a deletion is lost: reading back tells that it was carried out.
#[tokio::test]
async fn a_lost_answer_is_read_back() {
    for version in [ServerVersion::V41, ServerVersion::V43] {
        let stage = stage(version, ServerVersion::V42).await;
        let transport = InProcess::new(&stage.destination, CLERK);
        let service = Service::new(transport.clone());
        plan(&service, &stage).await;
        send(&service, false).await;
        delete(&stage.source, "ouFacA10001").await;
        plan(&service, &stage).await;
        let next = transport.writes() + 1;
        transport.lost.borrow_mut().insert(next);
        let report = send(&service, true).await;
        assert_eq!(
            (report.outcomes.deleted, report.outcomes.unknown),
            (1, 0),
            "{version}: {report:?}"
        );
        assert_eq!(transport.writes(), next, "{version}: sent once");
    }
}

/// New values and deletions of one slice go in requests of their own.
#[tokio::test]
async fn writes_and_deletions_of_one_slice() {
    let stage = stage(ServerVersion::V43, ServerVersion::V41).await;
    let service = clerk(&stage);
    plan(&service, &stage).await;
    send(&service, false).await;
    delete(&stage.source, "ouFacA10001").await;
    type_in(&stage.source, "ouFacA10002", "4711").await;
    let planned = plan(&service, &stage).await;
    assert_eq!((planned.counts.changed, counts(&planned)), (1, (1, 1)));
    let report = send(&service, true).await;
    assert_eq!(report.write_requests, 2);
    assert_eq!((report.outcomes.written, report.outcomes.deleted), (2, 1));
    assert_eq!(standing(&stage, "ouFacA10001").await, None);
    assert_eq!(
        standing(&stage, "ouFacA10002").await.as_deref(),
        Some("4711")
    );
}

/// Several periods are read at one go; each has its own deleted values.
#[tokio::test]
async fn every_period_of_a_plan_has_its_deletions() {
    let stage = stage(ServerVersion::V41, ServerVersion::V43).await;
    let service = clerk(&stage);
    let periods = ["202601", "202602", "202603"];
    read(&service, &stage.exchange, &periods, &REGION).await;
    send(&service, false).await;
    for period in ["202601", "202603"] {
        let body = json!({"dataSet": "dsMonthly01", "dataValues": [{"dataElement": "deIntZeroP1",
            "period": period, "orgUnit": "ouFacA10001", "categoryOptionCombo": "HllvX50cXC0",
            "attributeOptionCombo": "HllvX50cXC0", "value": "1"}]});
        let target = "/api/dataValueSets?importStrategy=DELETE";
        as_admin(&stage.source, "POST", target, Some(body)).await;
    }
    let planned = read(&service, &stage.exchange, &periods, &REGION).await;
    assert_eq!(counts(&planned), (2, 2), "{planned:?}");
    let rows = cleared(&service).await;
    let seen: Vec<&str> = rows.iter().map(|row| row.period.as_str()).collect();
    assert_eq!(seen, ["202601", "202603"]);
    assert_eq!(send(&service, true).await.outcomes.deleted, 2);
}

/// A run for one facility says nothing about who brought a value in another.
#[tokio::test]
async fn a_run_elsewhere_brought_nothing_here() {
    let stage = stage(ServerVersion::V42, ServerVersion::V43).await;
    let service = clerk(&stage);
    type_in(&stage.destination, "ouFacA10001", "7").await;
    read(&service, &stage.exchange, &PERIOD, &["ouFacA10002"]).await;
    send(&service, true).await;
    delete(&stage.source, "ouFacA10001").await;
    let planned = plan(&service, &stage).await;
    assert_eq!(counts(&planned), (1, 0), "{planned:?}");
}

#[tokio::test]
async fn the_exchange_says_what_is_offered() {
    let stage = stage(ServerVersion::V43, ServerVersion::V43).await;
    let manager = Service::new(InProcess::new(&stage.destination, MANAGER));
    let id = Some(stage.exchange.clone());
    let mut exchange = ask(&manager, OpenExchange { id: id.clone() })
        .await
        .unwrap()
        .exchange;
    assert!(!exchange.delete_cleared);
    exchange.delete_cleared = true;
    ask(&manager, SaveExchange { exchange }).await.unwrap();
    let exchange = ask(&manager, OpenExchange { id }).await.unwrap().exchange;
    assert!(exchange.delete_cleared);
    assert!(plan(&clerk(&stage), &stage).await.delete_cleared);
}
