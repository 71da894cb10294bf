//! The first path through the app, without a browser: connect, map, make an exchange,
//! read, send, and again; for every version of the destination, against the sandbox.

use crate::support::stage::{CLERK, check_sum, overwriting, read, send, stage};
use crate::support::{Fault, InProcess, as_admin, ask};
use serde_json::json;
use tributary_exchange::questions::import::{
    PlanRows, PrepareImport, ReportCsv, RowKind, RowOutcome, SendPlan,
};
use tributary_exchange::questions::session::OpenSession;
use tributary_exchange::service::Service;
use tributary_sandbox::ServerVersion;

async fn first_path(version: ServerVersion, source: ServerVersion) {
    let stage = stage(version, source).await;
    let transport = InProcess::new(&stage.destination, CLERK);
    let service = Service::new(transport.clone());
    let session = ask(&service, OpenSession {}).await.unwrap();
    assert!(
        !session.rights.configure && session.rights.add_values,
        "{session:?}"
    );
    let choices = ask(
        &service,
        PrepareImport {
            exchange: stage.exchange.clone(),
        },
    )
    .await
    .unwrap();
    assert_eq!(choices.obstacles, [], "{version}");
    assert_eq!(
        choices.org_units[0].id, "ouRegionA01",
        "the clerk sees only the own region"
    );
    let chosen: Vec<&str> = choices
        .periods
        .iter()
        .filter(|period| period.chosen)
        .map(|period| period.id.as_str())
        .collect();
    assert_eq!(chosen, ["202610", "202609", "202608"]);

    let months = ["202601", "202602", "202603"];
    let plan = read(&service, &stage.exchange, &months, &["ouRegionA01"]).await;
    assert!(plan.counts.new > 100, "{:?}", plan.counts);
    assert_eq!(
        plan.counts.changed + plan.counts.unmapped,
        0,
        "{:?}",
        plan.counts
    );
    let report = send(&service).await;
    assert_eq!(
        report.outcomes.written, plan.counts.new,
        "{version}: {report:?}"
    );
    assert_eq!(report.ended_by, None);

    // Again: everything is there, and nothing is sent.
    let writes = transport.writes();
    let plan = read(&service, &stage.exchange, &months, &["ouRegionA01"]).await;
    assert_eq!((plan.counts.new, plan.counts.changed), (0, 0));
    send(&service).await;
    assert_eq!(
        transport.writes(),
        writes,
        "{version}: nothing is sent the second time"
    );

    // One value changes at the source, and only that one is sent.
    let changed = json!({"dataSet": "dsMonthly01", "dataValues": [{"dataElement": "deIntZeroP1",
        "period": "202601", "orgUnit": "ouFacA10001", "categoryOptionCombo": "HllvX50cXC0",
        "attributeOptionCombo": "HllvX50cXC0", "value": "4711"}]});
    as_admin(&stage.source, "POST", "/api/dataValueSets", Some(changed)).await;
    let plan = read(&service, &stage.exchange, &months, &["ouRegionA01"]).await;
    assert_eq!((plan.counts.new, plan.counts.changed), (0, 1));
    let question = PlanRows {
        kinds: vec![RowKind::Changed],
        limit: 10,
        ..PlanRows::default()
    };
    let rows = ask(&service, question).await.unwrap();
    let row = &rows.rows[0];
    assert_eq!(
        (rows.total, row.value.as_str(), row.present.as_deref()),
        (1, "4711", Some("201"))
    );
    assert_eq!(row.stored_by, "clerk");
    // Without overwriting nothing is confirmed.
    let report = ask(
        &service,
        SendPlan {
            overwrite: false,
            ..SendPlan::default()
        },
    )
    .await
    .unwrap();
    assert_eq!(report.outcomes.confirmed, 0);
    read(&service, &stage.exchange, &months, &["ouRegionA01"]).await;
    let report = send(&service).await;
    assert_eq!(report.outcomes.written, 1, "{version}: {report:?}");
    let csv = ask(&service, ReportCsv { words: vec![] }).await.unwrap();
    assert_eq!(
        csv.lines().count() as u64,
        plan.counts.pulled + 1,
        "every row is in the CSV"
    );
    stage.destination.stop().await;
    stage.source.stop().await;
}

#[tokio::test]
async fn the_first_path_on_2_40() {
    first_path(ServerVersion::V40, ServerVersion::V41).await;
}

#[tokio::test]
async fn the_first_path_on_2_41() {
    first_path(ServerVersion::V41, ServerVersion::V40).await;
}

#[tokio::test]
async fn the_first_path_on_2_42() {
    first_path(ServerVersion::V42, ServerVersion::V43).await;
}

#[tokio::test]
async fn the_first_path_on_2_43() {
    first_path(ServerVersion::V43, ServerVersion::V42).await;
}

#[tokio::test]
async fn a_session_that_ends_in_the_middle_loses_nothing() {
    for fault in [Fault::LoggedOut, Fault::NetworkDown] {
        let stage = stage(ServerVersion::V43, ServerVersion::V41).await;
        let transport = InProcess::new(&stage.destination, CLERK);
        let service = Service::new(transport.clone());
        let plan = read(
            &service,
            &stage.exchange,
            &["202601", "202602"],
            &["ouRegionA01"],
        )
        .await;
        transport.fault.set(fault);
        let outcome = ask(&service, overwriting()).await;
        let problem = match outcome {
            Ok(report) => {
                check_sum(&report);
                assert_eq!(report.outcomes.written, 0, "{report:?}");
                report.ended_by.unwrap()
            }
            Err(problem) => problem,
        };
        let expected = if fault == Fault::LoggedOut {
            "loggedOut"
        } else {
            "networkDown"
        };
        assert_eq!(problem.kind, expected, "{problem:?}");
        // Logged in again, or the line is back: it goes on where it was.
        transport.fault.set(Fault::None);
        let report = send(&service).await;
        assert_eq!(report.outcomes.written, plan.counts.new, "{report:?}");
        assert_eq!(report.ended_by, None);
    }
}

#[tokio::test]
async fn what_was_typed_in_meanwhile_is_never_overwritten() {
    let stage = stage(ServerVersion::V42, ServerVersion::V42).await;
    let service = Service::new(InProcess::new(&stage.destination, CLERK));
    let plan = read(&service, &stage.exchange, &["202601"], &["ouRegionA01"]).await;
    let typed = json!({"dataSet": "dsMonthly01", "dataValues": [{"dataElement": "deIntZeroP1",
        "period": "202601", "orgUnit": "ouFacA10001", "categoryOptionCombo": "HllvX50cXC0",
        "attributeOptionCombo": "HllvX50cXC0", "value": "99"}]});
    as_admin(
        &stage.destination,
        "POST",
        "/api/dataValueSets",
        Some(typed),
    )
    .await;
    let report = send(&service).await;
    assert_eq!(report.outcomes.changed_since, 1);
    assert_eq!(report.outcomes.written, plan.counts.new - 1);
    let question = PlanRows {
        outcomes: vec![RowOutcome::NotSent],
        limit: 10,
        ..PlanRows::default()
    };
    let rows = ask(&service, question).await.unwrap();
    assert_eq!(rows.rows[0].reason.as_deref(), Some("changedSince"));
}
