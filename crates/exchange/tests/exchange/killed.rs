//! The tab is killed in the middle of sending, at every request there is: whoever comes back
//! finds the run, and goes on or leaves it. Nothing is sent twice, and what the killed run
//! wrote is nobody's edit.

use std::collections::BTreeSet;
use std::pin::pin;

use crate::support::stage::{CLERK, Stage, overwriting, read, rows_of, send, stage_at, type_in};
use crate::support::time::{Held, Time};
use crate::support::{InProcess, ask};
use tributary_exchange::questions::exchanges::ListExchanges;
use tributary_exchange::questions::import::{PlanSummary, RowKind, RunReport};
use tributary_exchange::questions::runs::{LeaveRun, RunsUnderWay, TakeOver, UnderWay};
use tributary_exchange::service::Service;
use tributary_sandbox::ServerVersion;

const MONTHS: [&str; 3] = ["202601", "202602", "202603"];
/// More slices than are marked as begun at once.
const MANY_MONTHS: [&str; 8] = [
    "202601", "202602", "202603", "202604", "202605", "202606", "202607", "202608",
];
const UNITS: [&str; 2] = ["ouFacA10001", "ouFacA20001"];
const REGION: [&str; 1] = ["ouRegionA01"];
/// How somebody comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Return {
    /// And goes on.
    GoesOn,
    /// And goes on, but the source has changed once more meanwhile.
    GoesOnLater,
    /// And wants nothing of the interrupted run.
    Leaves,
}

struct Scene {
    time: Time,
    stage: Stage,
    line: InProcess,
    months: &'static [&'static str],
}

async fn scene(version: ServerVersion, months: &'static [&'static str]) -> Scene {
    let time = Time::default();
    let stage = stage_at(version, ServerVersion::V42, &time).await;
    let line = InProcess::at(&stage.destination, CLERK, &time);
    Scene {
        time,
        stage,
        line,
        months,
    }
}

impl Scene {
    /// A new tab that sends slice by slice.
    fn tab(&self) -> (InProcess, Service<InProcess>) {
        let line = self.line.beside(CLERK);
        (line.clone(), Service::new(line).with_at_one_go(400, 2))
    }

    /// Cells that change at the source in each round.
    fn changes(&self) -> u64 {
        u64::try_from(self.months.len() * UNITS.len()).unwrap()
    }

    async fn change_source(&self, value: usize) {
        for month in self.months {
            for unit in UNITS {
                type_in(&self.stage.source, month, unit, &value.to_string()).await;
            }
        }
    }

    async fn plan(&self, service: &Service<InProcess>) -> PlanSummary {
        read(service, &self.stage.exchange, self.months, &REGION).await
    }

    /// Whose unfinished runs the list of exchanges tells of: whether each is the person's own.
    async fn listed(&self, service: &Service<InProcess>) -> Vec<bool> {
        let listed = ask(service, ListExchanges {}).await.unwrap();
        let mut listed = listed.into_iter();
        let exchange = listed.find(|listed| listed.id == self.stage.exchange);
        let unfinished = exchange.unwrap().unfinished.into_iter();
        unfinished.map(|run| run.is_own).collect()
    }

    async fn runs(&self, service: &Service<InProcess>) -> Vec<UnderWay> {
        let exchange = self.stage.exchange.clone();
        ask(service, RunsUnderWay { exchange }).await.unwrap()
    }

    /// Sends until the tab is killed at a request; none where there are not so many.
    async fn killed(&self, number: usize, held: Held) -> Option<RunReport> {
        let (line, service) = self.tab();
        let plan = self.plan(&service).await;
        let seen = (
            plan.counts.changed,
            plan.counts.edited_here,
            plan.counts.new,
        );
        assert_eq!(seen, (self.changes(), 0, 0), "{number} {held:?}");
        line.latch.hold(number, held);
        let mut work = pin!(ask(&service, overwriting()));
        let report = line.latch.reached(&mut work).await;
        report.map(|report| report.unwrap())
    }

    /// Everything that was sent since the last look: no value twice, and none that was there.
    fn check_sent(&self, context: &str) -> usize {
        let sent = self.line.sent.take();
        let cells: BTreeSet<_> = sent.iter().map(|sent| (&sent.cell, &sent.value)).collect();
        assert_eq!(cells.len(), sent.len(), "{context}: {sent:?}");
        for sent in &sent {
            assert_ne!(sent.before.as_ref(), Some(&sent.value), "{context}");
        }
        sent.len()
    }
}

/// Comes back to what was left.
async fn come_back(scene: &Scene, how: Return, context: &str) {
    let (_, service) = scene.tab();
    let runs = scene.runs(&service).await;
    assert!(runs.len() < 2, "{context}: {runs:?}");
    let found = runs.first();
    let own = found.map(|run| run.is_own);
    assert_eq!(
        scene.listed(&service).await,
        Vec::from_iter(own),
        "{context}"
    );
    match (found, how) {
        (None, _) => {}
        (Some(run), Return::Leaves) => {
            let handle = run.handle.clone();
            ask(&service, LeaveRun { handle }).await.unwrap();
            assert_eq!(scene.runs(&service).await, [], "{context}");
            assert!(scene.listed(&service).await.is_empty(), "{context}");
        }
        (Some(run), _) => {
            assert!(run.is_own && run.can_go_on(), "{context}: {run:?}");
            let handle = run.handle.clone();
            let taken = ask(&service, TakeOver { handle }).await.unwrap();
            let question = &taken.question;
            assert_eq!(question.periods, scene.months, "{context}");
            assert_eq!(question.org_units, REGION, "{context}");
            assert_eq!(taken.confirmed, overwriting(), "{context}");
            let slices = taken.slices.total() as usize;
            assert_eq!(slices, scene.months.len(), "{context}: {taken:?}");
        }
    }
    let plan = scene.plan(&service).await;
    assert_eq!(plan.counts.edited_here, 0, "{context}: {plan:?}");
    let report = send(&service).await;
    assert_eq!(report.ended_by, None, "{context}");
    assert_eq!(report.not_remembered, None, "{context}");
    assert_eq!(report.outcomes.written, report.outcomes.confirmed);
    if how == Return::GoesOn
        && let (Some(run), true) = (found, report.outcomes.confirmed > 0)
    {
        let earlier = report.earlier.unwrap();
        assert_eq!(earlier.began_at, run.began_at, "{context}");
        assert!(earlier.written + report.outcomes.written <= scene.changes());
    }
    let plan = scene.plan(&service).await;
    assert_eq!(plan.counts.same, plan.counts.pulled, "{context}: {plan:?}");
    assert_eq!(scene.runs(&service).await, [], "{context}");
}

async fn killed_at_every_request(version: ServerVersion) {
    killed_from(scene(version, &MONTHS).await, 1).await;
}

/// Before every request from that of the number on. That is as good as after the one before it:
/// nobody is there any more to notice the difference.
async fn killed_from(scene: Scene, first: usize) {
    let version = scene.stage.destination.server.options.version;
    scene.change_source(1_000).await;
    let service = Service::new(scene.line.beside(CLERK));
    scene.plan(&service).await;
    send(&service).await;
    scene.check_sent("all at first");
    let mut round = 0;
    for number in first.. {
        let how = [Return::GoesOn, Return::GoesOnLater, Return::Leaves][number % 3];
        round += 1;
        scene.change_source(1_000 + round).await;
        let context = format!("{version}, request {number}, {how:?}");
        if scene.killed(number, Held::Before).await.is_some() {
            assert!(number > first + 12, "{context}: so few requests");
            break;
        }
        scene.time.pass(5_000);
        if how == Return::GoesOnLater {
            round += 1;
            scene.change_source(1_000 + round).await;
        }
        come_back(&scene, how, &context).await;
        scene.check_sent(&context);
    }
    scene.stage.destination.stop().await;
    scene.stage.source.stop().await;
}

#[tokio::test]
async fn killed_at_every_request_on_2_40() {
    killed_at_every_request(ServerVersion::V40).await;
}

#[tokio::test]
async fn killed_at_every_request_on_2_41() {
    killed_at_every_request(ServerVersion::V41).await;
}

#[tokio::test]
async fn killed_at_every_request_on_2_42() {
    killed_at_every_request(ServerVersion::V42).await;
}

#[tokio::test]
async fn killed_at_every_request_on_2_43() {
    killed_at_every_request(ServerVersion::V43).await;
}

/// From where more slices are marked as begun.
#[tokio::test]
async fn killed_later_in_a_longer_run() {
    for version in [ServerVersion::V40, ServerVersion::V43] {
        killed_from(scene(version, &MANY_MONTHS).await, 25).await;
    }
}

/// What the killed run wrote is its own, what somebody typed in after it is not: neither of
/// another person, nor of the same one later.
#[tokio::test]
async fn what_was_typed_in_after_a_kill_is_an_edit() {
    for (typist, pause) in [("admin", 5_000), ("clerk", 3_600_000)] {
        let scene = scene(ServerVersion::V43, &MONTHS).await;
        let service = Service::new(scene.line.beside(CLERK));
        scene.plan(&service).await;
        send(&service).await;
        scene.change_source(1_001).await;
        // The first write of the first slice arrived, its answer did not.
        let number = number_of(&scene, "POST api/dataValueSets").await;
        scene.change_source(1_002).await;
        assert_eq!(scene.killed(number, Held::After).await, None);
        scene.time.pass(pause);
        let there = &scene.stage.destination;
        if typist == "admin" {
            type_in(there, MONTHS[0], UNITS[0], "99").await;
        } else {
            type_in_as_clerk(&scene, "99").await;
        }
        scene.time.pass(1_000);
        scene.change_source(1_003).await;
        let (_, service) = scene.tab();
        let plan = scene.plan(&service).await;
        assert_eq!(plan.counts.edited_here, 1, "{typist}: {plan:?}");
        let edited = rows_of(&service, RowKind::EditedHere).await;
        assert_eq!(edited[0].stored_by, typist);
        assert_eq!(edited[0].present.as_deref(), Some("99"));
        // It stays so when the run is gone on with, and after.
        let run = scene.runs(&service).await.remove(0);
        let handle = run.handle;
        ask(&service, TakeOver { handle }).await.unwrap();
        for _ in 0..2 {
            let plan = scene.plan(&service).await;
            assert_eq!(plan.counts.edited_here, 1, "{typist}: {plan:?}");
            send(&service).await;
        }
    }
}

/// The number of the first request of a sending that is of this kind; sends all.
async fn number_of(scene: &Scene, request: &str) -> usize {
    let (line, service) = scene.tab();
    scene.plan(&service).await;
    line.log.borrow_mut().clear();
    send(&service).await;
    let log = line.log.borrow();
    1 + log.iter().position(|line| line == request).unwrap()
}

async fn type_in_as_clerk(scene: &Scene, text: &str) {
    use tributary_dhis2::{Method, Request, Transport};
    let value = crate::support::stage::value("deIntZeroP1", MONTHS[0], UNITS[0], text);
    let body = serde_json::json!({"dataSet": "dsMonthly01", "dataValues": [value]});
    let line = scene.line.beside(CLERK);
    let request = Request {
        method: Method::Post,
        path: "api/dataValueSets".into(),
        headers: vec![("Content-Type".into(), "application/json".into())],
        body: Some(body.to_string().into_bytes()),
        timeout_millis: None,
    };
    let answer = line.send(request).await.unwrap();
    assert_eq!(answer.status, 200);
}
