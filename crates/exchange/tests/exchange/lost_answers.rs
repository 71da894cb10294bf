//! Answers to writes that get lost on the way: what arrived is found by reading back, and
//! the run goes on by itself, within a bound.

use crate::support::stage::{CLERK, read, send, stage};
use crate::support::{Fault, InProcess};
use tributary_exchange::service::Service;
use tributary_sandbox::ServerVersion;

const MONTHS: [&str; 4] = ["202601", "202602", "202603", "202604"];

/// One month is one slice, and one write. Sends four of them while the answers to the writes
/// of these numbers get lost; gives back how many writes there were, and why the run ended.
async fn send_with(version: ServerVersion, lost: &[usize]) -> (usize, Option<String>) {
    let stage = stage(version, ServerVersion::V42).await;
    let transport = InProcess::new(&stage.destination, CLERK);
    let service = Service::new(transport.clone()).with_at_one_go(400, 200);
    let plan = read(&service, &stage.exchange, &MONTHS, &["ouRegionA01"]).await;
    transport.lost.borrow_mut().extend(lost);
    let report = send(&service).await;
    let (writes, ended_by) = (transport.writes(), report.ended_by.clone());
    assert_eq!(report.write_requests as usize, writes);
    if ended_by.is_none() {
        assert_eq!(report.outcomes.written, plan.counts.new, "{report:?}");
    }
    // Going on brings the rest, and nothing twice.
    let report = send(&service).await;
    assert_eq!(report.outcomes.written, plan.counts.new, "{report:?}");
    assert_eq!(report.ended_by, None);
    assert_eq!(transport.writes(), MONTHS.len(), "nothing is sent twice");
    (writes, ended_by.map(|problem| problem.kind))
}

#[tokio::test]
async fn a_lost_answer_does_not_end_the_run() {
    for version in [ServerVersion::V42, ServerVersion::V43] {
        for lost in [1, 2, 4] {
            assert_eq!(
                send_with(version, &[lost]).await,
                (4, None),
                "{version} {lost}"
            );
        }
    }
}

#[tokio::test]
async fn answers_that_are_lost_now_and_then_do_not_end_it_either() {
    assert_eq!(send_with(ServerVersion::V42, &[1, 3]).await, (4, None));
}

#[tokio::test]
async fn two_lost_answers_in_a_row_end_it() {
    let ended = Some(String::from("networkDown"));
    assert_eq!(
        send_with(ServerVersion::V42, &[2, 3]).await,
        (3, ended.clone())
    );
    assert_eq!(send_with(ServerVersion::V43, &[1, 2]).await, (2, ended));
}

/// What did not arrive is not sent again without the person.
#[tokio::test]
async fn a_write_that_did_not_arrive_ends_the_run() {
    let stage = stage(ServerVersion::V42, ServerVersion::V42).await;
    let transport = InProcess::new(&stage.destination, CLERK);
    let service = Service::new(transport.clone()).with_at_one_go(400, 200);
    let plan = read(&service, &stage.exchange, &MONTHS, &["ouRegionA01"]).await;
    transport.fault.set(Fault::NetworkDown);
    let report = send(&service).await;
    assert_eq!(transport.writes(), 1);
    assert!(report.outcomes.unknown > 0 && report.outcomes.written == 0);
    assert_eq!(
        report.outcomes.unknown + report.outcomes.not_sent,
        plan.counts.new
    );
    assert_eq!(report.ended_by.unwrap().kind, "networkDown");
}
