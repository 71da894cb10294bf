//! Servers with another calendar than ISO 8601, in every version: nothing is brought in from
//! or to them, and the refusal says which side it is.

use crate::support::stage::{CLERK, Stage, read, stage};
use crate::support::{InProcess, as_admin, ask};
use tributary_exchange::problem::{Problem, ProblemSide};
use tributary_exchange::questions::connections::{ListConnections, TestConnection};
use tributary_exchange::questions::import::{ImportChoices, PrepareImport};
use tributary_exchange::questions::session::OpenSession;
use tributary_exchange::service::Service;
use tributary_sandbox::{RunningServer, ServerVersion};

async fn set_calendar(server: &RunningServer, calendar: &str) {
    let path = format!("/api/systemSettings/keyCalendar?value={calendar}");
    as_admin(server, "POST", &path, None).await;
    let info = as_admin(server, "GET", "/api/system/info", None).await;
    assert_eq!(info["calendar"], calendar);
}

fn clerk(stage: &Stage) -> Service<InProcess> {
    Service::new(InProcess::new(&stage.destination, CLERK))
}

async fn prepare(stage: &Stage) -> Result<ImportChoices, Problem> {
    let exchange = stage.exchange.clone();
    ask(&clerk(stage), PrepareImport { exchange }).await
}

#[track_caller]
fn check_refused<A: std::fmt::Debug>(answer: Result<A, Problem>, side: ProblemSide, name: &str) {
    let problem = answer.unwrap_err();
    assert_eq!(
        (
            problem.kind.as_str(),
            problem.side,
            problem.message.as_deref()
        ),
        ("otherCalendar", side, Some(name))
    );
}

async fn calendars(version: ServerVersion) {
    let stage = stage(version, version).await;
    let periods = prepare(&stage).await.unwrap().periods;
    assert!(!periods.is_empty());

    // The days of the Gregorian calendar are those of ISO 8601.
    set_calendar(&stage.source, "gregorian").await;
    assert_eq!(prepare(&stage).await.unwrap().periods, periods);
    let plan = read(
        &clerk(&stage),
        &stage.exchange,
        &["202601"],
        &["ouRegionA01"],
    )
    .await;
    assert!(plan.counts.new > 0, "{:?}", plan.counts);

    set_calendar(&stage.source, "ethiopian").await;
    check_refused(prepare(&stage).await, ProblemSide::Source, "ethiopian");
    let connections = ask(&clerk(&stage), ListConnections {}).await.unwrap();
    let id = connections[0].id.clone();
    let tested = ask(&clerk(&stage), TestConnection { id }).await.unwrap();
    assert_eq!(tested.other_calendar.as_deref(), Some("ethiopian"));

    // Not even where both sides agree: what is over or expired here could only be guessed.
    set_calendar(&stage.destination, "ethiopian").await;
    check_refused(prepare(&stage).await, ProblemSide::Destination, "ethiopian");
    let session = ask(&clerk(&stage), OpenSession {}).await;
    check_refused(session, ProblemSide::Destination, "ethiopian");

    set_calendar(&stage.destination, "iso8601").await;
    set_calendar(&stage.source, "iso8601").await;
    assert_eq!(prepare(&stage).await.unwrap().periods, periods);
}

#[tokio::test]
async fn calendars_2_40() {
    calendars(ServerVersion::V40).await;
}

#[tokio::test]
async fn calendars_2_41() {
    calendars(ServerVersion::V41).await;
}

#[tokio::test]
async fn calendars_2_42() {
    calendars(ServerVersion::V42).await;
}

#[tokio::test]
async fn calendars_2_43() {
    calendars(ServerVersion::V43).await;
}
