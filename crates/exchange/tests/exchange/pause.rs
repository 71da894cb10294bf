//! A person lets reading and sending wait, and go on: nothing is sent meanwhile, what changed
//! meanwhile is noticed, and others see that the run is alive.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use crate::support::stage::{
    CLERK, Stage, VERSIONS, check_sum, overwriting, read, stage_at, type_in,
};
use crate::support::time::Time;
use crate::support::{InProcess, ask, ask_telling};
use futures_util::FutureExt;
use futures_util::future::{Either, select};
use tributary_exchange::question::{Progress, Stage as Doing};
use tributary_exchange::questions::import::{ReadPlan, Stop};
use tributary_exchange::questions::runs::{Pause, Resume, RunsUnderWay};
use tributary_exchange::service::Service;
use tributary_sandbox::ServerVersion;

/// `admin:district`.
const ADMIN: &str = "YWRtaW46ZGlzdHJpY3Q=";
const MONTHS: [&str; 4] = ["202601", "202602", "202603", "202604"];
const REGION: [&str; 1] = ["ouRegionA01"];

/// Lets `work` go on until the condition holds; whoever is ready before that fails the test.
async fn until<F: Future + Unpin>(work: &mut F, condition: impl Fn() -> bool)
where
    F::Output: std::fmt::Debug,
{
    let holds = pin!(poll_fn(|context| {
        if condition() {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }));
    if let Either::Left((output, _)) = select(work, holds).await {
        panic!("it came to an end: {output:?}");
    }
}

/// The person presses the button when one slice is done.
fn pause_after_one(service: &Service<InProcess>, progress: &Progress, pressed: &Cell<bool>) {
    if progress.done >= 1 && !pressed.replace(true) {
        ask(service, Pause {}).now_or_never().unwrap().unwrap();
    }
}

struct Scene {
    time: Time,
    stage: Stage,
    line: InProcess,
    service: Service<InProcess>,
}

async fn scene(version: ServerVersion) -> Scene {
    let time = Time::default();
    let stage = stage_at(version, ServerVersion::V42, &time).await;
    let line = InProcess::at(&stage.destination, CLERK, &time);
    let service = Service::new(line.clone()).with_at_one_go(400, 200);
    Scene {
        time,
        stage,
        line,
        service,
    }
}

#[tokio::test]
async fn a_paused_sending_sends_nothing_and_lives() {
    for version in VERSIONS {
        let scene = scene(version).await;
        let (service, line) = (&scene.service, &scene.line);
        let plan = read(service, &scene.stage.exchange, &MONTHS, &REGION).await;
        let (paused, pressed) = (Cell::new(false), Cell::new(false));
        let tell = |progress: Progress| {
            paused.set(progress.paused);
            pause_after_one(service, &progress, &pressed);
        };
        let mut sending = pin!(ask_telling(service, overwriting(), &tell));
        until(&mut sending, || paused.get()).await;
        let (writes, requests) = (line.writes(), line.log.borrow().len());
        // An hour goes by. Others see that the run is alive, and somebody types a value in.
        let admin = Service::new(line.beside(ADMIN));
        for _ in 0..180 {
            scene.time.pass(20_000);
            assert!(futures_util::poll!(&mut sending).is_pending());
        }
        let exchange = scene.stage.exchange.clone();
        let runs = ask(&admin, RunsUnderWay { exchange }).await.unwrap();
        assert!(!runs[0].is_dead, "{version}: {runs:?}");
        assert_eq!(runs[0].slices.done, 1, "{version}");
        assert_eq!(runs[0].slices.uncertain, 3, "{version}");
        let there = &scene.stage.destination;
        type_in(there, "202604", "ouFacA10001", "99").await;
        assert_eq!(line.writes(), writes, "{version}");
        assert!(
            line.log.borrow().len() > requests,
            "{version}: signs of life"
        );

        ask(service, Resume {}).await.unwrap();
        let report = sending.await.unwrap();
        check_sum(&report);
        assert_eq!(report.ended_by, None, "{version}");
        assert!(!report.stopped && !paused.get(), "{version}");
        assert_eq!(report.outcomes.changed_since, 1, "{version}: {report:?}");
        assert_eq!(report.outcomes.written, plan.counts.new - 1, "{version}");
    }
}

#[tokio::test]
async fn whoever_stops_does_not_have_to_resume() {
    let scene = scene(ServerVersion::V43).await;
    let service = &scene.service;
    read(service, &scene.stage.exchange, &MONTHS, &REGION).await;
    // While nothing goes on there is nothing to pause.
    ask(service, Pause {}).await.unwrap();
    let (paused, pressed) = (Cell::new(false), Cell::new(false));
    let tell = |progress: Progress| {
        paused.set(progress.paused);
        pause_after_one(service, &progress, &pressed);
    };
    let mut sending = pin!(ask_telling(service, overwriting(), &tell));
    until(&mut sending, || paused.get()).await;
    ask(service, Stop {}).await.unwrap();
    let report = sending.await.unwrap();
    check_sum(&report);
    assert!(report.stopped && report.outcomes.not_sent > 0, "{report:?}");
    assert_eq!(report.not_remembered, None);
    // It is over: nobody is in anybody's way, and it can be gone on with.
    let exchange = scene.stage.exchange.clone();
    let runs = ask(service, RunsUnderWay { exchange }).await.unwrap();
    assert_eq!(runs, []);
    let report = ask(service, overwriting()).await.unwrap();
    assert_eq!(report.outcomes.not_sent, 0);
}

#[tokio::test]
async fn a_paused_reading_asks_nobody() {
    let scene = scene(ServerVersion::V42).await;
    let (service, line) = (&scene.service, &scene.line);
    read(service, &scene.stage.exchange, &MONTHS, &REGION).await;
    let question = ReadPlan {
        exchange: scene.stage.exchange.clone(),
        periods: MONTHS.map(str::to_owned).to_vec(),
        org_units: REGION.map(str::to_owned).to_vec(),
    };
    let (paused, pressed) = (Cell::new(false), Cell::new(false));
    let tell = |progress: Progress| {
        assert_eq!(progress.stage, Doing::Reading);
        paused.set(progress.paused);
        pause_after_one(service, &progress, &pressed);
    };
    let mut reading = pin!(ask_telling(service, question, &tell));
    until(&mut reading, || paused.get()).await;
    // What was under way comes to its end.
    for _ in 0..1_000 {
        assert!(futures_util::poll!(&mut reading).is_pending());
        tokio::task::yield_now().await;
    }
    let requests = line.log.borrow().len();
    for _ in 0..100 {
        scene.time.pass(20_000);
        assert!(futures_util::poll!(&mut reading).is_pending());
        tokio::task::yield_now().await;
    }
    assert_eq!(line.log.borrow().len(), requests);
    ask(service, Resume {}).await.unwrap();
    let plan = reading.await.unwrap();
    assert_eq!((plan.slices_read, plan.stopped), (4, false));
    assert!(!paused.get());
}
