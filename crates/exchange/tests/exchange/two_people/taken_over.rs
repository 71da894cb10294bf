//! The machine of the first person sleeps in the middle; a second one takes the run over, and then the first wakes up.

use super::*;

/// The first one's machine sleeps at a request for longer than a run may be silent. The second
/// one takes over and does it all; then the first one wakes up.
async fn taken_over(scene: &Scene, number: usize, held: Held, context: &str) -> bool {
    let (line, clerk) = scene.person(CLERK);
    scene.plan(&clerk, &REGION).await;
    line.log.borrow_mut().clear();
    line.latch.hold(number, held);
    let mut first = pin!(ask(&clerk, overwriting()));
    if let Some(report) = line.latch.reached(&mut first).await {
        report.unwrap();
        return false;
    }
    scene.time.pass(LONG);
    let (_, admin) = scene.person(MANAGER);
    let runs = scene.runs(&admin).await;
    for run in &runs {
        assert!(run.is_dead && !run.is_own, "{context}: {run:?}");
        // It is in the way until it is taken over, or left.
        scene.plan(&admin, &REGION).await;
        let outcome = ask(&admin, overwriting()).await;
        if let Err(problem) = &outcome {
            assert_eq!(problem.kind, "runInterrupted", "{context}");
        }
        let handle = run.handle.clone();
        let taken = ask(&admin, TakeOver { handle }).await.unwrap();
        assert_eq!(taken.question.org_units, REGION, "{context}");
    }
    scene.plan(&admin, &REGION).await;
    let report = send(&admin).await;
    assert_eq!(report.ended_by, None, "{context}");
    assert_eq!(report.not_remembered, None, "{context}");
    let sent = scene.line.sent.borrow().len();
    let is_write = line.log.borrow().last().map(String::as_str) == Some("POST api/dataValueSets");

    line.latch.open();
    let outcome = first.await;
    let late = scene.line.sent.borrow().len() - sent;
    // A write that was on its way cannot be called back: it writes what is there.
    let on_its_way = if is_write && held == Held::Before {
        2
    } else {
        0
    };
    assert_eq!(late, on_its_way, "{context}");
    scene.line.sent.borrow_mut().truncate(sent);
    match outcome {
        Ok(report) => {
            check_sum(&report);
            if let Some(problem) = &report.ended_by {
                assert_eq!(problem.kind, "runTakenOver", "{context}");
            }
            assert_eq!(report.outcomes.rejected, 0, "{context}");
        }
        Err(problem) => {
            let kinds = ["runTakenOver", "runUnderWay"];
            assert!(
                kinds.contains(&problem.kind.as_str()),
                "{context}: {problem:?}"
            );
        }
    }
    scene.check_sent(context);
    true
}

async fn taken_over_everywhere(version: ServerVersion, held: Held) {
    let scene = scene(version).await;
    for number in 1.. {
        scene.change_source(1_000 + number).await;
        let context = format!("{version}, request {number} {held:?}");
        let goes_on = taken_over(&scene, number, held, &context).await;
        scene.check_end(&context).await;
        if !goes_on {
            assert!(number > 10, "{context}: so few requests");
            break;
        }
    }
}

#[tokio::test]
async fn a_dead_run_is_taken_over_on_2_40() {
    taken_over_everywhere(ServerVersion::V40, Held::Before).await;
}

#[tokio::test]
async fn a_dead_run_is_taken_over_on_2_41() {
    taken_over_everywhere(ServerVersion::V41, Held::After).await;
}

#[tokio::test]
async fn a_dead_run_is_taken_over_on_2_42() {
    taken_over_everywhere(ServerVersion::V42, Held::After).await;
}

#[tokio::test]
async fn a_dead_run_is_taken_over_on_2_43() {
    taken_over_everywhere(ServerVersion::V43, Held::Before).await;
}
