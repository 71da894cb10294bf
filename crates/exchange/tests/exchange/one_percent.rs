//! One value of a hundred changed: what is sent, asked and written is that of the one in a
//! hundred, and afterwards there is nothing to do.

use crate::support::load::Load;
use tributary_sandbox::ServerVersion;

/// Eleven months of 58 facilities with 16 cells: some ten thousand values.
const MONTHS: usize = 11;

async fn check(version: ServerVersion) {
    let mut load = Load::new(version, MONTHS).await;
    let all = load.len() as u64;
    assert!(all > 10_000);
    let (plan, _) = load.plan().await;
    assert_eq!(plan.counts.new, all, "{:?}", plan.counts);
    let (report, first) = load.send().await;
    assert_eq!(report.outcomes.written, all);
    assert!(load.is_equal().await);

    let changed = load.change().await as u64;
    assert!(
        changed * 100 <= all + 1_600 && changed * 100 >= all - 3_200,
        "{changed} of {all}"
    );
    let (plan, reading) = load.plan().await;
    let counts = plan.counts;
    assert_eq!(
        (counts.changed, counts.same, counts.new),
        (changed, all - changed, 0)
    );
    // A year of few values is read at a few goes: not a request for each month.
    assert!(reading.value_reads <= 6, "{reading:?}");
    let (report, sending) = load.send().await;
    assert_eq!(report.outcomes.written, changed);
    assert_eq!(sending.values_written, changed);
    assert_eq!(sending.writes, 1, "they fit into one request");
    // A few looks before it, the same after it, and not at everything again.
    assert!(sending.value_reads <= 12, "{sending:?}");
    assert!(sending.values_read < all / 2, "{sending:?}");
    assert!(
        sending.bytes_written * 50 < first.bytes_written,
        "{} of {} bytes",
        sending.bytes_written,
        first.bytes_written
    );
    assert!(load.is_equal().await);

    let (plan, _) = load.plan().await;
    assert_eq!(plan.counts.same, all);
    let (_, nothing) = load.send().await;
    assert_eq!((nothing.writes, nothing.value_reads), (0, 0), "{nothing:?}");
}

#[tokio::test]
async fn on_2_42() {
    check(ServerVersion::V42).await;
}

#[tokio::test]
async fn on_2_43() {
    check(ServerVersion::V43).await;
}
