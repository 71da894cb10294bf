//! What the preflight knows from the destination itself: lock exceptions, approval, the
//! spelling of values, what changed after the plan was shown. Through the whole app, against
//! the sandbox.

use crate::support::stage::{CLERK, Stage, VERSIONS, read, rows, rows_of, send, stage_on, value};
use crate::support::{InProcess, as_admin, server};
use serde_json::{Value, json};
use tributary_exchange::questions::import::{PlanRows, RowKind, RowOutcome};
use tributary_exchange::service::Service;
use tributary_sandbox::ServerVersion;

/// A destination of a version, a 2.43 source that holds `values` of a data set, and an
/// exchange of that set. `before` is sent to the destination's metadata import first.
async fn with_source(
    version: ServerVersion,
    data_set: &str,
    values: Vec<Value>,
    before: Option<Value>,
) -> Stage {
    let destination = server(version, false).await;
    let source = server(ServerVersion::V43, false).await;
    if let Some(metadata) = before {
        as_admin(&destination, "POST", "/api/metadata", Some(metadata)).await;
    }
    let body = json!({"dataSet": data_set, "dataValues": values});
    let answer = as_admin(&source, "POST", "/api/dataValueSets", Some(body)).await;
    assert_eq!(answer["status"], "OK", "{answer}");
    stage_on(destination, source, data_set).await
}

#[tokio::test]
async fn a_lock_exception_opens_an_expired_period() {
    for version in VERSIONS {
        let values = ["ouFacA10001", "ouFacA10002"]
            .map(|unit| value("deExpiry001", "202602", unit, "7"))
            .to_vec();
        let stage = with_source(version, "dsExpiry001", values, None).await;
        let exception = "/api/lockExceptions?ou=ouFacA10001&pe=202602&ds=dsExpiry001";
        as_admin(&stage.destination, "POST", exception, None).await;
        let service = Service::new(InProcess::new(&stage.destination, CLERK));
        let plan = read(&service, &stage.exchange, &["202602"], &["ouRegionA01"]).await;
        assert_eq!(plan.counts.new, 1, "{version}: {plan:?}");
        assert_eq!(plan.blocked_by, [("periodExpired".to_owned(), 1)]);
        let blocked = rows_of(&service, RowKind::Blocked).await;
        assert_eq!(blocked[0].code.as_deref(), Some("E7640 E8030"));
        let report = send(&service).await;
        assert_eq!(report.outcomes.written, 1, "{version}: {report:?}");
    }
}

#[tokio::test]
async fn what_is_approved_is_not_sent() {
    let approval = json!({
        "dataApprovalLevels": [{"id": "alFacility1", "name": "Facility", "level": 1,
            "orgUnitLevel": 4, "sharing": {"public": "rw------"}}],
        "dataApprovalWorkflows": [{"id": "awQuarter01", "name": "Quarterly approval",
            "periodType": "Quarterly", "categoryCombo": {"id": "bjDvmb4bfuf"},
            "dataApprovalLevels": [{"id": "alFacility1"}], "sharing": {"public": "rw------"}}],
    });
    for version in VERSIONS {
        let values = ["ouFacA10001", "ouFacA10002"]
            .map(|unit| value("deQuarter01", "2026Q1", unit, "7"))
            .to_vec();
        let stage = with_source(version, "dsQuarter01", values, Some(approval.clone())).await;
        let patch = json!([{"op": "add", "path": "/workflow", "value": {"id": "awQuarter01"}}]);
        let here = &stage.destination;
        as_admin(here, "PATCH", "/api/dataSets/dsQuarter01", Some(patch)).await;
        let approve = "/api/dataApprovals?wf=awQuarter01&pe=2026Q1&ou=ouFacA10001";
        as_admin(here, "POST", approve, Some(json!({}))).await;
        let service = Service::new(InProcess::new(here, CLERK));
        let plan = read(&service, &stage.exchange, &["2026Q1"], &["ouRegionA01"]).await;
        let expected = [("alreadyApproved".to_owned(), 1)];
        assert_eq!(plan.blocked_by, expected, "{version}: {plan:?}");
        let report = send(&service).await;
        let outcomes = report.outcomes;
        assert_eq!((outcomes.confirmed, outcomes.written), (1, 1), "{version}");
    }
}

/// Blanks around a text are taken off up to 2.42 and kept by 2.43; sent without them, all
/// versions store the same, and the second import has nothing to do.
#[tokio::test]
async fn values_that_servers_rewrite_are_sent_once() {
    for version in VERSIONS {
        let values = vec![
            value("deText00001", "202601", "ouFacA10001", " a b "),
            value("deText00001", "202601", "ouFacA10002", "plain"),
        ];
        let stage = with_source(version, "dsMonthly01", values, None).await;
        let transport = InProcess::new(&stage.destination, CLERK);
        let service = Service::new(transport.clone());
        let plan = read(&service, &stage.exchange, &["202601"], &["ouRegionA01"]).await;
        assert_eq!(plan.counts.new, 2, "{version}: {plan:?}");
        let new = rows_of(&service, RowKind::New).await;
        let spellings: Vec<_> = new
            .iter()
            .map(|row| (row.value.as_str(), row.stored_as.as_deref()))
            .collect();
        assert_eq!(spellings, [(" a b ", Some("a b")), ("plain", None)]);
        let report = send(&service).await;
        assert_eq!(report.outcomes.written, 2, "{version}: {report:?}");
        let plan = read(&service, &stage.exchange, &["202601"], &["ouRegionA01"]).await;
        assert_eq!(plan.counts.same, 2, "{version}: {plan:?}");
        send(&service).await;
        assert_eq!(transport.writes(), 1, "{version}");
    }
}

/// 2.43.1 refuses what an input period is open for: told beforehand, not by the server.
#[tokio::test]
async fn a_version_with_a_defect_is_known() {
    let metadata = json!({"dataSets": [{"id": "dsExpiry001", "code": "DSEXPIRY001",
        "name": "Strict monthly", "shortName": "Strict monthly", "periodType": "Monthly",
        "categoryCombo": {"id": "bjDvmb4bfuf"}, "openFuturePeriods": 0,
        "sharing": {"public": "rwrw----"},
        "dataSetElements": [{"dataSet": {"id": "dsExpiry001"},
            "dataElement": {"id": "deExpiry001"}}],
        "organisationUnits": [{"id": "ouFacA10001"}],
        "dataInputPeriods": [{"period": {"id": "202601"}, "openingDate": "2026-01-01",
            "closingDate": "2027-12-31"}]}]});
    for (version, expected) in [
        (ServerVersion::V42, vec![]),
        (
            ServerVersion::V43,
            vec![("inputPeriodsRefused".to_owned(), 1)],
        ),
    ] {
        let values = vec![value("deExpiry001", "202601", "ouFacA10001", "7")];
        let stage = with_source(version, "dsExpiry001", values, Some(metadata.clone())).await;
        let service = Service::new(InProcess::new(&stage.destination, CLERK));
        let plan = read(&service, &stage.exchange, &["202601"], &["ouRegionA01"]).await;
        assert_eq!(plan.blocked_by, expected, "{version}: {plan:?}");
    }
}

/// A facility is closed after the plan was shown: 2.43 refuses all of the
/// request, names it, and takes the others with the next one.
#[tokio::test]
async fn the_good_values_of_a_refused_request_go_in() {
    let units = ["ouFacA10001", "ouFacA10002", "ouFacA20001", "ouFacA20002"];
    let values = units
        .map(|unit| value("deIntZeroP1", "202601", unit, "7"))
        .to_vec();
    let stage = with_source(ServerVersion::V43, "dsMonthly01", values, None).await;
    let transport = InProcess::new(&stage.destination, CLERK);
    let service = Service::new(transport.clone());
    let plan = read(&service, &stage.exchange, &["202601"], &["ouRegionA01"]).await;
    assert_eq!(plan.counts.new, 4);
    let target = "/api/organisationUnits/ouFacA10002";
    let closing = json!([{"op": "add", "path": "/closedDate", "value": "2025-12-31"}]);
    as_admin(&stage.destination, "PATCH", target, Some(closing)).await;
    let report = send(&service).await;
    let outcomes = report.outcomes;
    assert_eq!((outcomes.written, outcomes.rejected), (3, 1), "{report:?}");
    assert_eq!(transport.writes(), 2, "one without the one that was named");
    let question = PlanRows {
        outcomes: vec![RowOutcome::Rejected],
        ..PlanRows::default()
    };
    let refused = rows(&service, question).await;
    assert_eq!(refused[0].code.as_deref(), Some("E8031"));
}
