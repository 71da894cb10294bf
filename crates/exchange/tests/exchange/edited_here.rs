//! Values that somebody edited at the destination between two runs: a kind of their own,
//! kept unless the person says otherwise. Through the whole app, against the sandbox.

use std::pin::pin;

use crate::support::stage::{
    CLERK, MANAGER, Stage, check_sum, overwriting, read, rows_of, stage, stage_at, type_in,
};
use crate::support::time::{Held, Time};
use crate::support::{Fault, InProcess, as_admin, ask};
use serde_json::{Value, json};
use tributary_exchange::questions::exchanges::{OpenExchange, SaveExchange};
use tributary_exchange::questions::import::{
    PlanSummary, PrepareImport, ReadPlan, RowKind, RunReport, SendPlan,
};
use tributary_exchange::service::Service;
use tributary_sandbox::ServerVersion;

/// `admin:district`.
const ADMIN: &str = "YWRtaW46ZGlzdHJpY3Q=";
const REGION: [&str; 1] = ["ouRegionA01"];
const OTHER_REGION: [&str; 1] = ["ouRegionB01"];

async fn send(service: &Service<InProcess>, overwrite_edited: bool) -> RunReport {
    let question = SendPlan {
        overwrite_edited,
        ..overwriting()
    };
    let report = ask(service, question).await.unwrap();
    check_sum(&report);
    assert_eq!(report.ended_by, None, "{report:?}");
    report
}

fn kinds(plan: &PlanSummary) -> (u64, u64, u64) {
    (
        plan.counts.new,
        plan.counts.changed,
        plan.counts.edited_here,
    )
}

fn clerk(stage: &Stage) -> Service<InProcess> {
    Service::new(InProcess::new(&stage.destination, CLERK))
}

async fn journal(stage: &Stage) -> Value {
    let target = format!(
        "/api/dataStore/tributary/run-{}-dsMonthly01",
        stage.exchange
    );
    as_admin(&stage.destination, "GET", &target, None).await
}

async fn an_edited_value_is_kept(version: ServerVersion) {
    let stage = stage(version, ServerVersion::V42).await;
    let service = clerk(&stage);
    read(&service, &stage.exchange, &["202601"], &REGION).await;
    let report = send(&service, false).await;
    assert_eq!(report.not_remembered, None, "{version}");

    // Edited here, and another one changed at the source.
    type_in(&stage.destination, "202601", "ouFacA10001", "99").await;
    type_in(&stage.source, "202601", "ouFacA10002", "4711").await;
    let plan = read(&service, &stage.exchange, &["202601"], &REGION).await;
    assert_eq!(kinds(&plan), (0, 1, 1), "{version}");
    assert!(!plan.overwrite_edited);
    let edited = rows_of(&service, RowKind::EditedHere).await;
    assert_eq!(edited[0].present.as_deref(), Some("99"));
    assert_eq!(edited[0].stored_by, "admin");
    assert!(
        edited[0].last_updated.starts_with("2026-11-22T"),
        "{edited:?}"
    );
    let report = send(&service, false).await;
    assert_eq!(report.outcomes.written, 1, "{version}: {report:?}");

    // Kept once is not kept for good: it is as edited as before, also for somebody else.
    let manager = Service::new(InProcess::new(&stage.destination, ADMIN));
    for service in [&service, &manager] {
        let plan = read(service, &stage.exchange, &["202601"], &REGION).await;
        assert_eq!(kinds(&plan), (0, 0, 1), "{version}");
        let report = send(service, false).await;
        assert_eq!(
            (report.outcomes.confirmed, &report.not_remembered),
            (0, &None)
        );
    }

    // With leave it is overwritten, and what the run itself wrote is no edit.
    read(&service, &stage.exchange, &["202601"], &REGION).await;
    let report = send(&service, true).await;
    assert_eq!(report.outcomes.written, 1, "{version}: {report:?}");
    assert!(report.confirmed.overwrite_edited);
    type_in(&stage.source, "202601", "ouFacA10001", "5").await;
    type_in(&stage.source, "202601", "ouFacA10002", "6").await;
    let plan = read(&service, &stage.exchange, &["202601"], &REGION).await;
    assert_eq!(kinds(&plan), (0, 2, 0), "{version}");
    stage.destination.stop().await;
    stage.source.stop().await;
}

#[tokio::test]
async fn an_edited_value_is_kept_on_2_40() {
    an_edited_value_is_kept(ServerVersion::V40).await;
}

#[tokio::test]
async fn an_edited_value_is_kept_on_2_41() {
    an_edited_value_is_kept(ServerVersion::V41).await;
}

#[tokio::test]
async fn an_edited_value_is_kept_on_2_42() {
    an_edited_value_is_kept(ServerVersion::V42).await;
}

#[tokio::test]
async fn an_edited_value_is_kept_on_2_43() {
    an_edited_value_is_kept(ServerVersion::V43).await;
}

/// A run for one region says nothing about what was edited in another meanwhile.
#[tokio::test]
async fn a_run_elsewhere_hides_no_edit() {
    let stage = stage(ServerVersion::V43, ServerVersion::V41).await;
    let here = clerk(&stage);
    read(&here, &stage.exchange, &["202601"], &REGION).await;
    send(&here, false).await;
    type_in(&stage.destination, "202601", "ouFacA10001", "99").await;
    let elsewhere = Service::new(InProcess::new(&stage.destination, ADMIN));
    let plan = read(&elsewhere, &stage.exchange, &["202601"], &OTHER_REGION).await;
    assert!(plan.counts.new > 0, "{plan:?}");
    send(&elsewhere, false).await;
    let plan = read(&here, &stage.exchange, &["202601"], &REGION).await;
    assert_eq!(kinds(&plan), (0, 0, 1));
    // What the run elsewhere wrote is known as its own.
    type_in(&stage.source, "202601", "ouFacB10001", "4711").await;
    let plan = read(&elsewhere, &stage.exchange, &["202601"], &OTHER_REGION).await;
    assert_eq!(kinds(&plan), (0, 1, 0));
}

/// Both sides agree although nothing was ever sent: what is edited afterwards is noticed, and
/// what agreed once is no edit.
#[tokio::test]
async fn a_plan_without_anything_to_send_is_remembered() {
    let stage = stage(ServerVersion::V43, ServerVersion::V40).await;
    let (there, here) = (&stage.source, &stage.destination);
    for server in [there, here] {
        type_in(server, "202612", "ouFacA10001", "7").await;
    }
    let service = clerk(&stage);
    let plan = read(&service, &stage.exchange, &["202612"], &REGION).await;
    assert_eq!((plan.counts.pulled, plan.counts.same), (1, 1));
    type_in(here, "202612", "ouFacA10001", "8").await;
    let plan = read(&service, &stage.exchange, &["202612"], &REGION).await;
    assert_eq!(kinds(&plan), (0, 0, 1));
    type_in(there, "202612", "ouFacA10001", "8").await;
    let plan = read(&service, &stage.exchange, &["202612"], &REGION).await;
    assert_eq!(plan.counts.same, 1);
    type_in(there, "202612", "ouFacA10001", "9").await;
    let plan = read(&service, &stage.exchange, &["202612"], &REGION).await;
    assert_eq!(kinds(&plan), (0, 1, 0));
}

/// A value that was changed between plan and sending is held back then, and edited the next
/// time.
#[tokio::test]
async fn what_was_held_back_is_edited_the_next_time() {
    let stage = stage(ServerVersion::V42, ServerVersion::V42).await;
    let service = clerk(&stage);
    read(&service, &stage.exchange, &["202601"], &REGION).await;
    type_in(&stage.destination, "202601", "ouFacA10001", "99").await;
    let report = send(&service, false).await;
    assert_eq!(report.outcomes.changed_since, 1);
    let plan = read(&service, &stage.exchange, &["202601"], &REGION).await;
    assert_eq!(kinds(&plan), (0, 0, 1));
}

/// A month is read facility by facility. What somebody types in at one that was read already is
/// no older for what is typed in later at one that is still to be read.
#[tokio::test]
async fn what_is_edited_while_a_plan_is_read_is_edited_the_next_time() {
    let time = Time::default();
    let stage = stage_at(ServerVersion::V42, ServerVersion::V42, &time).await;
    let (here, there) = (&stage.destination, &stage.source);
    let line = InProcess::at(here, CLERK, &time);
    let service = Service::new(line.clone()).with_at_one_go(1, usize::MAX);
    let exchange = stage.exchange.clone();
    let mut rounds = 0;
    loop {
        let [kept, here_now, there_now] =
            [0, 1, 2].map(|text| (100 + 3 * rounds + text).to_string());
        for unit in ["ouFacA10001", "ouFacA30005"] {
            type_in(there, "202601", unit, &kept).await;
        }
        read(&service, &exchange, &["202601"], &REGION).await;
        send(&service, true).await;
        time.pass(2_000);

        let prepare = PrepareImport {
            exchange: exchange.clone(),
        };
        ask(&service, prepare).await.unwrap();
        let question = ReadPlan {
            exchange: exchange.clone(),
            periods: vec!["202601".into()],
            org_units: REGION.map(str::to_owned).to_vec(),
        };
        rounds += 1;
        line.latch.hold(rounds, Held::Before);
        let mut work = pin!(ask(&service, question));
        if line.latch.reached(&mut work).await.is_some() {
            break;
        }
        for unit in ["ouFacA10001", "ouFacA30005"] {
            type_in(here, "202601", unit, &here_now).await;
            time.pass(2_000);
        }
        line.latch.open();
        work.await.unwrap();
        send(&service, false).await;

        for unit in ["ouFacA10001", "ouFacA30005"] {
            type_in(there, "202601", unit, &there_now).await;
        }
        let plan = read(&service, &exchange, &["202601"], &REGION).await;
        assert_eq!(kinds(&plan), (0, 0, 2), "held at request {rounds}");
    }
    assert!(rounds > 10, "{rounds} requests");
}

#[tokio::test]
async fn a_run_goes_on_when_it_cannot_be_remembered() {
    let stage = stage(ServerVersion::V41, ServerVersion::V42).await;
    let transport = InProcess::new(&stage.destination, CLERK);
    let service = Service::new(transport.clone());
    let plan = read(&service, &stage.exchange, &["202601"], &REGION).await;
    transport.fault.set(Fault::JournalDown);
    let report = send(&service, false).await;
    assert_eq!(report.outcomes.written, plan.counts.new);
    assert_eq!(report.not_remembered.unwrap().kind, "networkDown");
    // Its entry is left, from which the next plan knows what it wrote.
    transport.fault.set(Fault::None);
    type_in(&stage.destination, "202601", "ouFacA10001", "99").await;
    type_in(&stage.source, "202601", "ouFacA10002", "4711").await;
    let plan = read(&service, &stage.exchange, &["202601"], &REGION).await;
    assert_eq!(kinds(&plan), (0, 1, 1));
}

/// Two people run the exchange at once: the second finds that the journal was made, and then
/// that it was changed, since it was read.
#[tokio::test]
async fn two_runs_at_once_are_both_remembered() {
    let stage = stage(ServerVersion::V40, ServerVersion::V43).await;
    let (one, other) = (clerk(&stage), clerk(&stage));
    for revision in [2, 4] {
        let value = revision.to_string();
        type_in(&stage.source, "202601", "ouFacA10001", &value).await;
        type_in(&stage.source, "202602", "ouFacA10001", &value).await;
        read(&one, &stage.exchange, &["202601"], &REGION).await;
        read(&other, &stage.exchange, &["202602"], &REGION).await;
        for service in [&one, &other] {
            let report = send(service, false).await;
            assert_eq!(report.not_remembered, None);
        }
        let journal = journal(&stage).await;
        assert_eq!(journal["revision"], revision, "{journal}");
        for period in ["202601", "202602"] {
            let seen = &journal["periods"][period];
            assert_eq!(seen["by"], "clerk", "{journal}");
            assert_eq!(seen["scope"], json!(REGION), "{journal}");
        }
    }
    let target = format!(
        "/api/dataStore/tributary/run-{}-dsMonthly01/metaData",
        stage.exchange
    );
    let meta = as_admin(&stage.destination, "GET", &target, None).await;
    assert_eq!(meta["sharing"]["public"], "rw------", "{meta}");
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
    assert!(!exchange.overwrite_edited);
    exchange.overwrite_edited = true;
    ask(&manager, SaveExchange { exchange }).await.unwrap();
    let exchange = ask(&manager, OpenExchange { id }).await.unwrap().exchange;
    assert!(exchange.overwrite_edited);
    let plan = read(&clerk(&stage), &stage.exchange, &["202601"], &REGION).await;
    assert!(plan.overwrite_edited);
}
