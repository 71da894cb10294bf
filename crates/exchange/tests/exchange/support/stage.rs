//! Two servers with a connection, a mapping and an exchange between them, and the steps of
//! an import.

use serde_json::{Value, json};
use tributary_exchange::questions::connections::{CreateConnection, SourceLogin};
use tributary_exchange::questions::exchanges::{
    ExchangeDraft, OrgUnitScope, PeriodRule, SaveExchange,
};
use tributary_exchange::questions::import::{
    PlanRow, PlanRows, PlanSummary, PrepareImport, ReadPlan, RowKind, RunReport, SendPlan,
};
use tributary_exchange::questions::mapping::{
    ChangeMapping, MappingChange, MappingPart, OpenMapping, SaveMapping,
};
use tributary_exchange::questions::session::OpenSession;
use tributary_exchange::service::Service;
use tributary_sandbox::{RunningServer, ServerVersion};

use super::time::Time;
use super::{InProcess, as_admin, ask, server, server_at};

/// `manager:Route4Data!x` and `clerk:Clerk123!`, as a browser sends them.
pub const MANAGER: &str = "bWFuYWdlcjpSb3V0ZTREYXRhIXg=";
pub const CLERK: &str = "Y2xlcms6Q2xlcmsxMjMh";

/// A destination without values, a source with those of the recordings, a mapping of
/// everything that agrees, and an exchange of one set.
pub struct Stage {
    pub destination: RunningServer,
    pub source: RunningServer,
    /// The exchange's id.
    pub exchange: String,
}

pub async fn stage(version: ServerVersion, source: ServerVersion) -> Stage {
    let destination = server(version, false).await;
    let source = server(source, true).await;
    stage_on(destination, source, "dsMonthly01").await
}

/// The same, with a destination on time that the test advances.
pub async fn stage_at(version: ServerVersion, source: ServerVersion, time: &Time) -> Stage {
    let destination = server_at(version, false, Some(time)).await;
    let source = server(source, true).await;
    stage_on(destination, source, "dsMonthly01").await
}

/// The same on two servers, with an exchange of one data set.
pub async fn stage_on(destination: RunningServer, source: RunningServer, data_set: &str) -> Stage {
    stage_as(destination, source, data_set, ("admin", "district")).await
}

/// The same with another account at the source: name and password.
pub async fn stage_as(
    destination: RunningServer,
    source: RunningServer,
    data_set: &str,
    (username, password): (&str, &str),
) -> Stage {
    let transport = InProcess::new(&destination, MANAGER);
    let service = Service::new(transport);
    let session = ask(&service, OpenSession {}).await.unwrap();
    assert!(
        session.rights.configure && session.rights.use_app,
        "{session:?}"
    );
    let connection = ask(
        &service,
        CreateConnection {
            name: "Programme".into(),
            address: source.base_url.clone(),
            login: SourceLogin::Basic {
                username: username.into(),
                password: password.into(),
            },
            share_with: vec!["ugClerks001".into()],
        },
    )
    .await
    .unwrap();
    ask(
        &service,
        OpenMapping {
            connection: connection.id.clone(),
        },
    )
    .await
    .unwrap();
    for part in MappingPart::ALL {
        ask(
            &service,
            ChangeMapping {
                part,
                change: MappingChange::AcceptProposals,
            },
        )
        .await
        .unwrap();
    }
    let state = ask(&service, SaveMapping {}).await.unwrap();
    assert!(!state.unsaved);
    let again = ask(
        &service,
        OpenMapping {
            connection: connection.id.clone(),
        },
    )
    .await
    .unwrap();
    assert_eq!(again.parts, state.parts, "what was stored is what is read");
    let exchange = ask(
        &service,
        SaveExchange {
            exchange: ExchangeDraft {
                name: "Monthly".into(),
                connection: connection.id,
                data_sets: vec![data_set.into()],
                period_rule: PeriodRule::Last(3),
                scope: OrgUnitScope::AllMapped,
                ..ExchangeDraft::default()
            },
        },
    )
    .await
    .unwrap();
    Stage {
        destination,
        source,
        exchange: exchange.id,
    }
}

/// Prepares the exchange and reads the plan, which has to add up.
pub async fn read(
    service: &Service<InProcess>,
    exchange: &str,
    periods: &[&str],
    units: &[&str],
) -> PlanSummary {
    ask(
        service,
        PrepareImport {
            exchange: exchange.to_owned(),
        },
    )
    .await
    .unwrap();
    let question = ReadPlan {
        exchange: exchange.to_owned(),
        periods: periods.iter().map(|period| (*period).to_owned()).collect(),
        org_units: units.iter().map(|unit| (*unit).to_owned()).collect(),
    };
    let plan = ask(service, question).await.unwrap();
    assert!(plan.failed_slices.is_empty(), "{:?}", plan.failed_slices);
    let counts = plan.counts;
    let accounted = counts.same
        + counts.new
        + counts.changed
        + counts.edited_here
        + counts.blocked
        + counts.unmapped
        + counts.excluded
        + counts.combined;
    assert_eq!(counts.pulled, accounted);
    plan
}

/// New values, and those that differ.
pub fn overwriting() -> SendPlan {
    SendPlan {
        overwrite: true,
        ..SendPlan::default()
    }
}

/// Sends the plan, new values and those that differ. The report has to add up.
pub async fn send(service: &Service<InProcess>) -> RunReport {
    let report = ask(service, overwriting()).await.unwrap();
    check_sum(&report);
    report
}

/// Rows of the plan, a hundred at most.
pub async fn rows(service: &Service<InProcess>, question: PlanRows) -> Vec<PlanRow> {
    let question = PlanRows {
        limit: 100,
        ..question
    };
    ask(service, question).await.unwrap().rows
}

/// Those of one kind.
pub async fn rows_of(service: &Service<InProcess>, kind: RowKind) -> Vec<PlanRow> {
    let question = PlanRows {
        kinds: vec![kind],
        ..PlanRows::default()
    };
    rows(service, question).await
}

/// A data value as JSON, without disaggregation.
pub fn value(element: &str, period: &str, org_unit: &str, value: &str) -> Value {
    json!({"dataElement": element, "period": period, "orgUnit": org_unit,
        "categoryOptionCombo": "HllvX50cXC0", "attributeOptionCombo": "HllvX50cXC0",
        "value": value})
}

/// Somebody types a value in (as the administrator), at either server.
pub async fn type_in(server: &RunningServer, period: &str, unit: &str, text: &str) {
    let value = value("deIntZeroP1", period, unit, text);
    let body = json!({"dataSet": "dsMonthly01", "dataValues": [value]});
    let answer = as_admin(server, "POST", "/api/dataValueSets", Some(body)).await;
    assert_eq!(answer["status"], "OK", "{answer}");
}

/// Every version of the destination.
pub const VERSIONS: [ServerVersion; 4] = [
    ServerVersion::V40,
    ServerVersion::V41,
    ServerVersion::V42,
    ServerVersion::V43,
];

/// The outcomes have to add up.
pub fn check_sum(report: &RunReport) {
    let outcomes = report.outcomes;
    let accounted = outcomes.written + outcomes.rejected + outcomes.unknown + outcomes.not_sent;
    assert_eq!(outcomes.confirmed, accounted, "{outcomes:?}");
}
