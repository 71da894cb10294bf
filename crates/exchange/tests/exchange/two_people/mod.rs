//! Two people run the same exchange at once: the second is told of the first, can take over
//! what is dead and nothing else, and whatever the order of their requests no value is lost,
//! and none sent twice.

mod taken_over;

use std::collections::BTreeSet;
use std::pin::pin;

use crate::support::stage::{
    CLERK, MANAGER, Stage, VERSIONS, check_sum, overwriting, read, send, stage_at, type_in,
};
use crate::support::time::{Held, Time};
use crate::support::{Fault, InProcess, as_admin, ask};
use serde_json::Value;
use tributary_exchange::problem::Problem;
use tributary_exchange::questions::import::RunReport;
use tributary_exchange::questions::runs::{LeaveRun, RunsUnderWay, TakeOver, UnderWay};
use tributary_exchange::service::Service;
use tributary_sandbox::ServerVersion;

/// `admin:district`.
const ADMIN: &str = "YWRtaW46ZGlzdHJpY3Q=";
const MONTHS: [&str; 2] = ["202601", "202602"];
const UNITS: [&str; 2] = ["ouFacA10001", "ouFacA20001"];
const REGION: [&str; 1] = ["ouRegionA01"];
const OTHER_REGION: [&str; 1] = ["ouRegionB01"];
/// More than a run may be silent.
const LONG: i64 = 200_000;

struct Scene {
    time: Time,
    stage: Stage,
    line: InProcess,
}

/// A destination that agrees with the source, which then changed in a few cells.
async fn scene(version: ServerVersion) -> Scene {
    let time = Time::default();
    let stage = stage_at(version, ServerVersion::V42, &time).await;
    let line = InProcess::at(&stage.destination, CLERK, &time);
    let scene = Scene { time, stage, line };
    let clerk = Service::new(scene.line.beside(CLERK));
    scene.plan(&clerk, &REGION).await;
    send(&clerk).await;
    scene.line.sent.take();
    scene.change_source(1_000).await;
    scene
}

impl Scene {
    fn person(&self, basic: &str) -> (InProcess, Service<InProcess>) {
        let line = self.line.beside(basic);
        // Each month has two values to send, and is sent on its own.
        (line.clone(), Service::new(line).with_at_one_go(400, 2))
    }

    async fn change_source(&self, value: usize) {
        for month in MONTHS {
            for unit in UNITS {
                type_in(&self.stage.source, month, unit, &value.to_string()).await;
            }
        }
    }

    async fn plan(&self, service: &Service<InProcess>, units: &[&str]) -> u64 {
        let plan = read(service, &self.stage.exchange, &MONTHS, units).await;
        assert_eq!(plan.counts.edited_here, 0, "{plan:?}");
        plan.counts.new + plan.counts.changed
    }

    async fn runs(&self, service: &Service<InProcess>) -> Vec<UnderWay> {
        let exchange = self.stage.exchange.clone();
        ask(service, RunsUnderWay { exchange }).await.unwrap()
    }

    /// The entries of runs in the dataStore.
    async fn entries(&self) -> Vec<String> {
        let keys = as_admin(
            &self.stage.destination,
            "GET",
            "/api/dataStore/tributary",
            None,
        )
        .await;
        let keys = keys.as_array().unwrap().iter().map(Value::as_str);
        let runs = keys.flatten().filter(|key| key.starts_with("running-"));
        runs.map(str::to_owned).collect()
    }

    /// Somebody reads once more: nothing is left to do.
    async fn check_end(&self, context: &str) {
        let (_, service) = self.person(ADMIN);
        assert_eq!(self.plan(&service, &REGION).await, 0, "{context}");
        assert_eq!(self.runs(&service).await, [], "{context}");
        assert_eq!(self.entries().await, Vec::<String>::new(), "{context}");
    }

    /// No value was sent twice, and none that was there.
    fn check_sent(&self, context: &str) {
        let sent = self.line.sent.take();
        let cells: BTreeSet<_> = sent.iter().map(|sent| (&sent.cell, &sent.value)).collect();
        assert_eq!(cells.len(), sent.len(), "{context}: {sent:?}");
        for sent in &sent {
            assert_ne!(sent.before.as_ref(), Some(&sent.value), "{context}");
        }
    }
}

/// The number of the first request of a sending that is of this kind, on a scene of its own.
async fn number_of(version: ServerVersion, request: &str) -> usize {
    let scene = scene(version).await;
    let (line, service) = scene.person(CLERK);
    scene.plan(&service, &REGION).await;
    line.log.borrow_mut().clear();
    send(&service).await;
    let log = line.log.borrow();
    1 + log.iter().position(|line| line == request).unwrap()
}

#[tokio::test]
async fn the_second_person_is_told() {
    for version in VERSIONS {
        let number = number_of(version, "POST api/dataValueSets").await;
        let scene = scene(version).await;
        let (line, clerk) = scene.person(CLERK);
        let (_, admin) = scene.person(ADMIN);
        scene.plan(&clerk, &REGION).await;
        scene.plan(&admin, &REGION).await;
        line.latch.hold(number, Held::Before);
        let mut first = pin!(ask(&clerk, overwriting()));
        assert_eq!(line.latch.reached(&mut first).await, None);

        let problem = ask(&admin, overwriting()).await.unwrap_err();
        assert_eq!(problem.kind, "runUnderWay", "{version}: {problem:?}");
        assert_eq!(problem.message.as_deref(), Some("Cleo Clerk"), "{version}");
        let runs = scene.runs(&admin).await;
        assert_eq!(runs.len(), 1, "{version}: {runs:?}");
        let run = &runs[0];
        assert_eq!((run.is_own, run.is_dead), (false, false), "{version}");
        assert!(run.began_at.starts_with("2026-11-22T12:"), "{version}");
        assert_eq!(run.slices.total(), 2, "{version}: {run:?}");
        assert_eq!(run.slices.waiting, 0, "{version}: both are marked");
        let handle = run.handle.clone();
        let refused = ask(&admin, TakeOver { handle }).await.unwrap_err();
        assert_eq!(refused.kind, "runUnderWay", "{version}");
        let handle = run.handle.clone();
        let refused = ask(&admin, LeaveRun { handle }).await.unwrap_err();
        assert_eq!(refused.kind, "runUnderWay", "{version}");

        // The first one notices nothing, and then it is the second one's turn.
        line.latch.open();
        let report = first.await.unwrap();
        assert_eq!((report.outcomes.written, report.ended_by), (4, None));
        let report = send(&admin).await;
        assert_eq!(report.outcomes.written, 4, "{version}: found to be there");
        scene.check_sent("told");
        scene.check_end("told").await;
    }
}

/// Two districts: nobody is in anybody's way.
#[tokio::test]
async fn who_imports_something_else_is_not_told() {
    let number = number_of(ServerVersion::V42, "POST api/dataValueSets").await;
    let scene = scene(ServerVersion::V42).await;
    let (line, clerk) = scene.person(CLERK);
    let (_, admin) = scene.person(ADMIN);
    scene.plan(&clerk, &REGION).await;
    assert!(scene.plan(&admin, &OTHER_REGION).await > 0);
    line.latch.hold(number, Held::Before);
    let mut first = pin!(ask(&clerk, overwriting()));
    assert_eq!(line.latch.reached(&mut first).await, None);
    let report = send(&admin).await;
    assert_eq!(report.ended_by, None);
    // All regions are about this one, too.
    scene.plan(&admin, &["ouCountry01"]).await;
    let problem = ask(&admin, overwriting()).await.unwrap_err();
    assert_eq!(problem.kind, "runUnderWay");
    line.latch.open();
    first.await.unwrap();
    scene.check_sent("districts");
    scene.check_end("districts").await;
}

/// The first one is held at a request; the second one does all they can meanwhile. Gives back
/// whether there was such a request.
async fn meet(scene: &Scene, number: usize, context: &str) -> bool {
    let (line, clerk) = scene.person(CLERK);
    let (_, admin) = scene.person(MANAGER);
    scene.plan(&clerk, &REGION).await;
    scene.plan(&admin, &REGION).await;
    line.latch.hold(number, Held::Before);
    let mut first = pin!(ask(&clerk, overwriting()));
    let early = line.latch.reached(&mut first).await;
    let second = ask(&admin, overwriting()).await;
    line.latch.open();
    let goes_on = early.is_none();
    let first = match early {
        Some(report) => report,
        None => first.await,
    };
    let is_told = |outcome: &Result<RunReport, Problem>| match outcome {
        Ok(report) => {
            check_sum(report);
            assert_eq!(report.ended_by, None, "{context}");
            assert_eq!(report.not_remembered, None, "{context}");
            false
        }
        Err(problem) => {
            assert_eq!(problem.kind, "runUnderWay", "{context}: {problem:?}");
            true
        }
    };
    let (first, second) = (is_told(&first), is_told(&second));
    assert!(!(first && second), "{context}: both withdrew");
    scene.check_sent(context);
    goes_on
}

async fn two_at_once(version: ServerVersion) {
    let scene = scene(version).await;
    for number in 1.. {
        scene.change_source(1_000 + number).await;
        let context = format!("{version}, request {number}");
        let goes_on = meet(&scene, number, &context).await;
        scene.check_end(&context).await;
        if !goes_on {
            assert!(number > 10, "{context}: so few requests");
            break;
        }
    }
}

#[tokio::test]
async fn two_at_once_on_2_40() {
    two_at_once(ServerVersion::V40).await;
}

#[tokio::test]
async fn two_at_once_on_2_41() {
    two_at_once(ServerVersion::V41).await;
}

#[tokio::test]
async fn two_at_once_on_2_42() {
    two_at_once(ServerVersion::V42).await;
}

#[tokio::test]
async fn two_at_once_on_2_43() {
    two_at_once(ServerVersion::V43).await;
}

/// The same person in another tab takes it over at once, and the first tab stops.
#[tokio::test]
async fn another_tab_of_the_same_person() {
    let number = number_of(ServerVersion::V43, "POST api/dataValueSets").await;
    let scene = scene(ServerVersion::V43).await;
    let (line, one) = scene.person(CLERK);
    let (_, other) = scene.person(CLERK);
    scene.plan(&one, &REGION).await;
    scene.plan(&other, &REGION).await;
    line.latch.hold(number, Held::After);
    let mut first = pin!(ask(&one, overwriting()));
    assert_eq!(line.latch.reached(&mut first).await, None);
    let problem = ask(&other, overwriting()).await.unwrap_err();
    assert_eq!(problem.kind, "runElsewhere");
    let run = scene.runs(&other).await.remove(0);
    assert_eq!((run.is_own, run.is_dead), (true, false));
    let handle = run.handle.clone();
    ask(&other, TakeOver { handle }).await.unwrap();
    // What somebody else took meanwhile is left alone.
    let handle = run.handle;
    let gone = ask(&other, TakeOver { handle }).await.unwrap_err();
    assert_eq!(gone.kind, "runTakenOver");
    // The first tab gives a sign of life, finds it, and stops before the next slice.
    line.latch.open();
    scene.time.pass(30_000);
    let report = first.await.unwrap();
    assert_eq!(report.ended_by.unwrap().kind, "runTakenOver");
    assert_eq!((report.outcomes.written, report.outcomes.not_sent), (2, 2));
    assert_eq!(scene.plan(&other, &REGION).await, 2);
    let report = send(&other).await;
    assert_eq!(report.outcomes.written, 2);
    scene.check_sent("tabs");
    scene.check_end("tabs").await;
}

/// Whoever may not make an entry sends all the same, and the report says so.
#[tokio::test]
async fn a_run_that_nobody_can_be_told_of() {
    let scene = scene(ServerVersion::V42).await;
    let (line, clerk) = scene.person(CLERK);
    scene.plan(&clerk, &REGION).await;
    line.fault.set(Fault::MayNotAnnounce);
    let report = send(&clerk).await;
    assert_eq!(report.outcomes.written, 4);
    assert_eq!(report.not_announced.unwrap().kind, "forbidden");
    scene.check_end("not announced").await;
}

/// Signs of life are given while one request takes its time.
#[tokio::test]
async fn a_slow_run_is_not_dead() {
    let number = number_of(ServerVersion::V42, "POST api/dataValueSets").await;
    let scene = scene(ServerVersion::V42).await;
    let (line, clerk) = scene.person(CLERK);
    scene.plan(&clerk, &REGION).await;
    line.latch.hold(number, Held::Before);
    let mut first = pin!(ask(&clerk, overwriting()));
    assert_eq!(line.latch.reached(&mut first).await, None);
    let (_, admin) = scene.person(ADMIN);
    for _ in 0..15 {
        scene.time.pass(21_000);
        // The run does what is due, and waits again.
        assert!(futures_util::poll!(&mut first).is_pending());
        let run = scene.runs(&admin).await.remove(0);
        assert!(run.silent_seconds < 30 && !run.is_dead, "{run:?}");
    }
    line.latch.open();
    assert_eq!(first.await.unwrap().outcomes.written, 4);
    scene.check_end("slow").await;
}
