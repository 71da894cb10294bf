//! Source values that meet in one cell, combined by the mapping's rule: stored with the
//! mapping, shown with their parts, sent as one. Through the whole app, against the sandbox.

use crate::support::stage::{CLERK, Stage, check_sum, read, stage};
use crate::support::{InProcess, as_admin, ask};
use serde_json::json;
use tributary_exchange::questions::import::{
    PlanRow, PlanRows, PlanSummary, ReportCsv, RowKind, RunReport, SendPlan,
};
use tributary_exchange::questions::mapping::{
    ChangeMapping, MappingChange, MappingPart, MappingState, OpenMapping, SaveMapping,
};
use tributary_exchange::service::Service;
use tributary_sandbox::{RunningServer, ServerVersion};

/// `manager:Route4Data!x`.
const MANAGER: &str = "bWFuYWdlcjpSb3V0ZTREYXRhIXg=";
const DEFAULT: &str = "HllvX50cXC0";
const UNIT: [&str; 1] = ["ouFacA10001"];
/// In the future, where the set-up has no values.
const PERIOD: [&str; 1] = ["202612"];

/// Somebody types a value in (as the administrator), at either server.
async fn type_in(server: &RunningServer, element: &str, unit: &str, value: &str) {
    let body = json!({"dataSet": "dsMonthly01", "dataValues": [{"dataElement": element,
        "period": PERIOD[0], "orgUnit": unit, "categoryOptionCombo": DEFAULT,
        "attributeOptionCombo": DEFAULT, "value": value}]});
    let answer = as_admin(server, "POST", "/api/dataValueSets", Some(body)).await;
    assert_eq!(answer["status"], "OK", "{answer}");
}

/// The connection of a stage's exchange.
async fn connection(stage: &Stage) -> String {
    let target = format!("/api/dataStore/tributary/exchange.{}", stage.exchange);
    let exchange = as_admin(&stage.destination, "GET", &target, None).await;
    exchange["connection"].as_str().unwrap().to_owned()
}

async fn change(
    service: &Service<InProcess>,
    part: MappingPart,
    change: MappingChange,
) -> MappingState {
    ask(service, ChangeMapping { part, change }).await.unwrap()
}

fn key(element: &str) -> String {
    format!("{element}.{DEFAULT}")
}

fn to(row: &str, target: &str) -> MappingChange {
    MappingChange::To {
        row: row.into(),
        target: target.into(),
    }
}

fn rule(target: &str, rule: &str, order: &[&str]) -> MappingChange {
    MappingChange::Combine {
        target: target.into(),
        rule: rule.into(),
        order: order.iter().map(|element| key(element)).collect(),
    }
}

/// Lets integers and numbers of the source meet in the destination's number, by a rule.
async fn meet(stage: &Stage, by: &str, order: &[&str]) -> MappingState {
    let manager = Service::new(InProcess::new(&stage.destination, MANAGER));
    let connection = connection(stage).await;
    ask(&manager, OpenMapping { connection }).await.unwrap();
    for element in ["deInteger01", "deIntZeroP1"] {
        let to = to(&key(element), &key("deNumber001"));
        change(&manager, MappingPart::Items, to).await;
    }
    let rule = rule(&key("deNumber001"), by, order);
    change(&manager, MappingPart::Items, rule).await;
    ask(&manager, SaveMapping {}).await.unwrap()
}

async fn rows(service: &Service<InProcess>) -> Vec<PlanRow> {
    let question = PlanRows {
        limit: 50,
        ..PlanRows::default()
    };
    ask(service, question).await.unwrap().rows
}

/// The rows as "kind value < present, rule present/expected: parts".
fn describe(rows: &[PlanRow]) -> Vec<String> {
    rows.iter()
        .map(|row| {
            let parts = row.parts.as_ref().map_or(String::new(), |parts| {
                let each = parts.parts.iter().map(|part| match &part.value {
                    None => " ?".to_owned(),
                    Some(value) if part.taken => format!(" {value}"),
                    Some(value) => format!(" ({value})"),
                });
                let each: String = each.collect();
                format!(
                    ", {} {}/{}:{each}",
                    parts.rule, parts.present, parts.expected
                )
            });
            let present = row.present.as_deref().unwrap_or("-");
            format!("{} {} < {present}{parts}", row.kind.name(), row.value)
        })
        .collect()
}

async fn plan(service: &Service<InProcess>, stage: &Stage) -> PlanSummary {
    read(service, &stage.exchange, &PERIOD, &UNIT).await
}

async fn send(service: &Service<InProcess>) -> RunReport {
    let question = SendPlan {
        overwrite: true,
        delete_cleared: true,
        ..SendPlan::default()
    };
    let report = ask(service, question).await.unwrap();
    check_sum(&report);
    assert_eq!(report.ended_by, None, "{report:?}");
    report
}

fn clerk(stage: &Stage) -> Service<InProcess> {
    Service::new(InProcess::new(&stage.destination, CLERK))
}

async fn a_sum_with_its_parts(version: ServerVersion, source: ServerVersion) {
    let stage = stage(version, source).await;
    let there = &stage.source;
    let state = meet(&stage, "sum", &[]).await;
    assert!(!state.unsaved);
    assert_eq!(state.combining.items.len(), 1, "{state:?}");
    let item = &state.combining.items[0];
    assert_eq!((item.rule.as_str(), item.sources.len()), ("sum", 3));
    assert!(
        state
            .findings
            .iter()
            .all(|finding| finding.kind != "itemsMeet"),
        "{:?}",
        state.findings
    );

    type_in(there, "deInteger01", UNIT[0], "-2").await;
    type_in(there, "deIntZeroP1", UNIT[0], "12").await;
    let service = clerk(&stage);
    let planned = plan(&service, &stage).await;
    let counts = planned.counts;
    assert_eq!(
        (counts.pulled, counts.new, counts.combined),
        (2, 1, 1),
        "{version}"
    );
    assert_eq!((planned.joined, planned.incomplete), (1, 1), "{version}");
    assert_eq!(
        describe(&rows(&service).await),
        ["new 10 < -, sum 2/3: -2 12 ?"]
    );
    let report = send(&service).await;
    assert_eq!(report.outcomes.written, 1, "{version}: {report:?}");
    let csv = ask(&service, ReportCsv::default()).await.unwrap();
    assert!(csv.contains("rule.sum,2/3: -2 + 12 + ?"), "{csv}");

    // Nothing to do the second time; the missing one comes, exactly added.
    let planned = plan(&service, &stage).await;
    assert_eq!(
        (planned.counts.same, planned.counts.combined),
        (1, 1),
        "{version}"
    );
    type_in(there, "deNumber001", UNIT[0], "0.25").await;
    let planned = plan(&service, &stage).await;
    assert_eq!((planned.joined, planned.incomplete), (1, 0), "{version}");
    assert_eq!(
        describe(&rows(&service).await),
        ["changed 10.25 < 10, sum 3/3: -2 12 0.25"]
    );
    assert_eq!(send(&service).await.outcomes.written, 1, "{version}");

    // One is deleted at the source: a part is missing. All are: the cell is cleared.
    let delete = |element: &'static str| async move {
        let target = "/api/dataValueSets?importStrategy=DELETE";
        let body = json!({"dataSet": "dsMonthly01", "dataValues": [{"dataElement": element,
            "period": PERIOD[0], "orgUnit": UNIT[0], "categoryOptionCombo": DEFAULT,
            "attributeOptionCombo": DEFAULT, "value": "1"}]});
        let answer = as_admin(there, "POST", target, Some(body)).await;
        assert_eq!(answer["status"], "OK", "{answer}");
    };
    delete("deNumber001").await;
    plan(&service, &stage).await;
    assert_eq!(
        describe(&rows(&service).await),
        ["changed 10 < 10.25, sum 2/3: -2 12 ?"]
    );
    delete("deInteger01").await;
    delete("deIntZeroP1").await;
    let planned = plan(&service, &stage).await;
    assert_eq!(
        (planned.counts.pulled, planned.counts.to_delete),
        (0, 1),
        "{version}"
    );
    assert_eq!(describe(&rows(&service).await), ["cleared  < 10.25"]);
    assert_eq!(send(&service).await.outcomes.deleted, 1, "{version}");
    stage.destination.stop().await;
    stage.source.stop().await;
}

#[tokio::test]
async fn a_sum_with_its_parts_on_2_40() {
    a_sum_with_its_parts(ServerVersion::V40, ServerVersion::V42).await;
}

#[tokio::test]
async fn a_sum_with_its_parts_on_2_41() {
    a_sum_with_its_parts(ServerVersion::V41, ServerVersion::V43).await;
}

#[tokio::test]
async fn a_sum_with_its_parts_on_2_42() {
    a_sum_with_its_parts(ServerVersion::V42, ServerVersion::V40).await;
}

#[tokio::test]
async fn a_sum_with_its_parts_on_2_43() {
    a_sum_with_its_parts(ServerVersion::V43, ServerVersion::V41).await;
}

/// Each rule, and none.
#[tokio::test]
async fn each_rule() {
    let stage = stage(ServerVersion::V43, ServerVersion::V42).await;
    for (element, value) in [
        ("deInteger01", "-2"),
        ("deIntZeroP1", "12"),
        ("deNumber001", "7"),
    ] {
        type_in(&stage.source, element, UNIT[0], value).await;
    }
    let service = clerk(&stage);
    let order = ["deNumber001", "deInteger01"];
    for (by, expected) in [
        ("max", "new 12 < -, max 3/3: (-2) 12 (7)"),
        ("min", "new -2 < -, min 3/3: -2 (12) (7)"),
        ("first", "new 7 < -, first 3/3: 7 (-2) (12)"),
    ] {
        meet(&stage, by, &order).await;
        plan(&service, &stage).await;
        assert_eq!(describe(&rows(&service).await), [expected]);
    }
    // The stamps may be equal to the second, so that priority decides.
    meet(&stage, "last", &order).await;
    plan(&service, &stage).await;
    let seen = describe(&rows(&service).await);
    assert!(
        seen.len() == 1 && seen[0].contains(", last 3/3"),
        "{seen:?}"
    );
    let state = meet(&stage, "", &[]).await;
    assert!(
        state
            .findings
            .iter()
            .any(|finding| finding.kind == "itemsMeet"),
        "{:?}",
        state.findings
    );
    let planned = plan(&service, &stage).await;
    assert_eq!(planned.counts.blocked, 3);
    assert_eq!(planned.blocked_by, [("severalSourceValues".to_owned(), 3)]);
}

/// Two facilities of the source in one of the destination, with the rule for everything; what
/// cannot be added is blocked, and the rule is taken back with the change.
#[tokio::test]
async fn org_units_that_meet() {
    let stage = stage(ServerVersion::V42, ServerVersion::V43).await;
    let there = &stage.source;
    for (unit, number, text) in [("ouFacA10001", "1", "early"), ("ouFacA10002", "2", "late")] {
        type_in(there, "deIntZeroP1", unit, number).await;
        type_in(there, "deText00001", unit, text).await;
    }
    let manager = Service::new(InProcess::new(&stage.destination, MANAGER));
    let connection = connection(&stage).await;
    let open = OpenMapping {
        connection: connection.clone(),
    };
    ask(&manager, open.clone()).await.unwrap();
    let merge = to("ouFacA10002", "ouFacA10001");
    let state = change(&manager, MappingPart::OrgUnits, merge).await;
    assert_eq!(state.combining.org_units, 1);
    assert!(
        state
            .findings
            .iter()
            .any(|finding| finding.kind == "orgUnitsMeet")
    );
    let state = change(&manager, MappingPart::Items, rule("", "sum", &[])).await;
    assert!(
        state
            .findings
            .iter()
            .all(|finding| finding.kind != "orgUnitsMeet")
    );
    assert_eq!(state.combining.rule, "sum");
    let state = change(&manager, MappingPart::Items, MappingChange::Undo).await;
    assert_eq!(state.combining.rule, "");
    change(&manager, MappingPart::Items, rule("", "sum", &[])).await;
    ask(&manager, SaveMapping {}).await.unwrap();
    let state = ask(&manager, open.clone()).await.unwrap();
    assert_eq!(
        (state.combining.rule.as_str(), state.unsaved),
        ("sum", false)
    );

    let target = format!("/api/dataStore/tributary/mapping.{connection}.combine");
    let stored = as_admin(&stage.destination, "GET", &target, None).await;
    assert_eq!(stored["entries"], json!([["", "sum"]]), "{stored}");

    let service = clerk(&stage);
    let planned = plan(&service, &stage).await;
    assert_eq!(
        (planned.counts.new, planned.counts.combined),
        (1, 1),
        "{planned:?}"
    );
    assert_eq!(planned.blocked_by, [("notCombinable".to_owned(), 2)]);
    let shown = rows(&service).await;
    let sum = shown.iter().find(|row| row.kind == RowKind::New).unwrap();
    assert_eq!(
        (sum.value.as_str(), sum.parts.as_ref().unwrap().expected),
        ("3", 2)
    );
    let parts = &sum.parts.as_ref().unwrap().parts;
    let names = [
        "Northern 1-1 Health Centre",
        "Northern 1-2 District Hospital",
    ];
    assert_eq!([&parts[0].org_unit, &parts[1].org_unit], names, "{parts:?}");

    // Texts have no sum: that data element gets a rule of its own.
    let state = ask(&manager, open).await.unwrap();
    assert!(state.combining.items.is_empty(), "{state:?}");
    let mut others = state.combining.others.iter();
    let text = others.find(|other| other.key.starts_with("deText00001"));
    let text = text.unwrap().key.clone();
    let state = change(&manager, MappingPart::Items, rule(&text, "last", &[])).await;
    let own = &state.combining.items;
    assert_eq!((own.len(), own[0].sources.len()), (1, 1), "{own:?}");
    assert_eq!(own[0].rule, "last");
    assert!(state.combining.others.iter().all(|other| other.key != text));
    ask(&manager, SaveMapping {}).await.unwrap();
    let planned = plan(&clerk(&stage), &stage).await;
    assert_eq!((planned.counts.new, planned.counts.combined), (2, 2));
    assert!(planned.blocked_by.is_empty(), "{planned:?}");
}
