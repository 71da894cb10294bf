//! Nothing runs ahead of who works it up: a reader that could be quick waits for the compare, the
//! reading of slices for the one that is slow, and everything for the writer. Counted: the
//! requests under way, and what is read and not yet put away.

use std::cell::RefCell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;

use crate::support::gate::{Gate, Which, own_reads, reads, source_reads, writes};
use crate::support::load::{Change, Load};
use crate::support::stage::{CLERK, Stage, check_sum, overwriting, read, stage_on};
use crate::support::time::Time;
use crate::support::{InProcess, as_admin, ask, ask_telling, server_at};
use serde_json::json;
use tributary_exchange::problem::Problem;
use tributary_exchange::question::Progress;
use tributary_exchange::questions::import::{PlanSummary, PrepareImport, ReadPlan};
use tributary_exchange::service::Service;
use tributary_sandbox::{RunningServer, ServerVersion};

const VERSIONS: [ServerVersion; 2] = [ServerVersion::V42, ServerVersion::V43];
const MONTHS: [&str; 3] = ["202601", "202602", "202603"];
const COUNTRY: [&str; 1] = ["ouCountry01"];

/// Values that are read, and written, at one go: few, so that there are many goes.
const AT_ONE_GO: usize = 10;

/// What the code states: reads under way at each side, and what is read at one go and waits
/// for one before it.
const READS_AT_A_SIDE: usize = 2;
const MOST_WAITING: usize = 2 * READS_AT_A_SIDE + 1;

/// A destination and a source within this process, on time that stands still: whatever can go
/// on does so at once.
async fn servers(version: ServerVersion, values: bool) -> (RunningServer, RunningServer) {
    let time = Time::default();
    let destination = server_at(version, false, Some(&time)).await;
    let source = server_at(ServerVersion::V42, values, Some(&time)).await;
    let peer = Arc::clone(&source.server);
    destination.server.connect(&source.base_url, peer);
    (destination, source)
}

async fn scene(version: ServerVersion) -> (Stage, InProcess, Service<InProcess>) {
    let (destination, source) = servers(version, true).await;
    let stage = stage_on(destination, source, "dsMonthly01").await;
    let line = InProcess::new(&stage.destination, CLERK);
    let service = Service::new(line.clone()).with_at_one_go(AT_ONE_GO, AT_ONE_GO);
    (stage, line, service)
}

fn question(stage: &Stage) -> ReadPlan {
    ReadPlan {
        exchange: stage.exchange.clone(),
        periods: MONTHS.map(str::to_owned).to_vec(),
        org_units: COUNTRY.map(str::to_owned).to_vec(),
    }
}

async fn prepare(service: &Service<InProcess>, stage: &Stage) {
    let exchange = stage.exchange.clone();
    ask(service, PrepareImport { exchange }).await.unwrap();
}

/// Lets `work` go on until it waits for a request that is held; what came of it where it ended.
async fn settle<F: Future + ?Sized>(work: &mut Pin<&mut F>) -> Option<F::Output> {
    for _ in 0..200 {
        if let std::task::Poll::Ready(output) = futures_util::poll!(work.as_mut()) {
            return Some(output);
        }
    }
    None
}

/// The same, letting go the newest request of a kind each time, until none is held.
async fn let_newest_go<F: Future>(
    work: &mut Pin<&mut F>,
    gate: &Gate,
    which: Which,
    except: &[usize],
) where
    F::Output: std::fmt::Debug,
{
    loop {
        let ended = settle(work).await;
        assert!(ended.is_none(), "{ended:?}");
        let held = gate.held(which);
        let Some(newest) = held.iter().rfind(|place| !except.contains(place)) else {
            return;
        };
        gate.let_go(*newest);
    }
}

#[tokio::test]
async fn slices_wait_for_the_one_before_them() {
    for version in VERSIONS {
        let (stage, line, service) = scene(version).await;
        let expected = read(&service, &stage.exchange, &MONTHS, &COUNTRY).await;
        let all = line.gate.came(own_reads);
        assert!(all > 20, "{version}: {all} reads");

        prepare(&service, &stage).await;
        let before = [own_reads, source_reads].map(|which: Which| line.gate.came(which));
        line.gate.hold(reads);
        let progress = RefCell::new(Progress::default());
        let tell = |told: Progress| *progress.borrow_mut() = told;
        let mut reading = pin!(ask_telling(&service, question(&stage), &tell));
        assert!(settle(&mut reading).await.is_none());
        let first = line.gate.held(source_reads);
        assert_eq!(first.len(), READS_AT_A_SIDE, "{version}");
        assert_eq!(line.gate.held(own_reads).len(), READS_AT_A_SIDE);

        // The very first of the source takes for ever, all others are answered at once.
        let_newest_go(&mut reading, &line.gate, reads, &first[..1]).await;
        let came = [own_reads, source_reads].map(|which: Which| line.gate.came(which));
        for (came, before) in came.into_iter().zip(before) {
            assert_eq!(came - before, MOST_WAITING + 1, "{version}");
        }
        for which in [own_reads, source_reads] {
            assert!(
                line.gate.most_at_once(which) <= READS_AT_A_SIDE,
                "{version}"
            );
        }
        let held = progress.borrow().source_values;
        let bound = (MOST_WAITING * AT_ONE_GO) as u64;
        assert!(
            (1..=bound).contains(&held),
            "{version}: {held} values waiting"
        );

        line.gate.open();
        let plan = reading.await.unwrap();
        assert_eq!(plan.counts, expected.counts, "{version}");
    }
}

#[tokio::test]
async fn reading_waits_for_the_compare() {
    let approvals: Which = |line| line.contains("api/dataApprovals");
    for version in VERSIONS {
        let (stage, line, service) = scene(version).await;
        under_approval(&stage).await;
        prepare(&service, &stage).await;
        line.gate.hold(approvals);
        let question = question(&stage);
        let mut reading: Pin<&mut dyn Future<Output = Result<PlanSummary, Problem>>> =
            pin!(ask(&service, question));
        assert!(settle(&mut reading).await.is_none());
        // What is read is being compared; nothing more is asked for meanwhile.
        assert_eq!(
            line.gate.held(approvals).len(),
            READS_AT_A_SIDE,
            "{version}"
        );
        for which in [own_reads, source_reads] {
            assert_eq!(line.gate.came(which), READS_AT_A_SIDE, "{version}");
        }
        line.gate.open();
        let plan = reading.await.unwrap();
        assert!(plan.counts.new > 0 && plan.failed_slices.is_empty());
        assert!(line.gate.came(own_reads) > 20, "{version}");
    }
}

/// Puts the monthly data set under approval, at the level of facilities.
async fn under_approval(stage: &Stage) {
    let metadata = json!({
        "dataApprovalLevels": [{"id": "alFacility1", "name": "Facility", "level": 1,
            "orgUnitLevel": 4, "sharing": {"public": "rw------"}}],
        "dataApprovalWorkflows": [{"id": "awMonthly01", "name": "Monthly approval",
            "periodType": "Monthly", "categoryCombo": {"id": "bjDvmb4bfuf"},
            "dataApprovalLevels": [{"id": "alFacility1"}], "sharing": {"public": "rw------"}}],
    });
    let here = &stage.destination;
    as_admin(here, "POST", "/api/metadata", Some(metadata)).await;
    let patch = json!([{"op": "add", "path": "/workflow", "value": {"id": "awMonthly01"}}]);
    as_admin(here, "PATCH", "/api/dataSets/dsMonthly01", Some(patch)).await;
}

#[tokio::test]
async fn nothing_is_read_ahead_of_a_write() {
    for version in VERSIONS {
        let (stage, line, service) = scene(version).await;
        let plan = read(&service, &stage.exchange, &MONTHS, &COUNTRY).await;
        let before = line.gate.came(reads);
        line.gate.hold(writes);
        let mut sending = pin!(ask(&service, overwriting()));
        let mut goes = 0;
        let report = loop {
            if let Some(report) = settle(&mut sending).await {
                break report.unwrap();
            }
            let held = line.gate.held(writes);
            assert_eq!(held.len(), 1, "{version}: one write at a time");
            // Its values were looked at before it, those of each earlier one also after it.
            let looked = line.gate.came(reads) - before;
            assert_eq!(looked, 2 * goes + 1, "{version}: at write {goes}");
            goes += 1;
            line.gate.let_go(held[0]);
        };
        check_sum(&report);
        assert_eq!(report.outcomes.written, plan.counts.new, "{version}");
        assert!(goes > 10, "{version}: {goes} writes");
    }
}

/// What stands there before a write is read by several requests where it is scattered.
#[tokio::test]
async fn readings_before_a_write_are_bounded() {
    for version in VERSIONS {
        let (destination, source) = servers(version, false).await;
        let mut load = Load::on(destination, source, 11).await;
        load.plan().await;
        load.send().await;
        load.change(Change::Scattered).await;
        load.plan().await;
        let gate = load.transport.gate.clone();
        let before = gate.came(reads);
        gate.hold(reads);
        let mut sending = pin!(load.send());
        let report = loop {
            if let Some((report, _)) = settle(&mut sending).await {
                break report;
            }
            let held = gate.held(reads);
            assert!((1..=READS_AT_A_SIDE).contains(&held.len()), "{version}");
            gate.let_go(held[0]);
        };
        check_sum(&report);
        assert!(gate.came(reads) - before > 2 * READS_AT_A_SIDE, "{version}");
    }
}
