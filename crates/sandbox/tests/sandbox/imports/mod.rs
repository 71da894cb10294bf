//! Random imports against each version: whatever is sent, the counters add up as that
//! version counts, the indexes are right, what is told as saved reads back, what is
//! refused has changed nothing. The seed is printed; `SEED=n` repeats a run.

mod generate;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::NaiveDate;
use serde_json::Value;
use tributary_sandbox::request::Request;
use tributary_sandbox::values::Cell;
use tributary_sandbox::{RunningServer, ServerOptions, ServerVersion, start};

use generate::{Import, Random, Sent};
use rules::{Fate, Outcome, end_until_2_42, fates_until_2_42, outcome_since_2_43};

const CASES: usize = 250;

fn file(path: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/recordings")
        .join(path);
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

fn seed() -> u64 {
    let seed = std::env::var("SEED").ok().and_then(|s| s.parse().ok());
    seed.unwrap_or(20_261_122)
}

async fn server(version: ServerVersion) -> RunningServer {
    let mut options = ServerOptions::new(version);
    options.today = NaiveDate::from_ymd_opt(2026, 11, 22);
    let running = start(options).await.unwrap();
    running
        .server
        .load_metadata(&file("seed/metadata.json"))
        .unwrap();
    let country = ["ouCountry01".to_owned()];
    tributary_sandbox::demo::give_admin(&running.server, &country).unwrap();
    running
}

/// What came back.
struct Got {
    http: u16,
    status: String,
    counts: BTreeMap<String, u64>,
    rejected: Vec<usize>,
    /// Code and indexes.
    conflicts: Vec<(String, Vec<i64>)>,
}

async fn send(running: &RunningServer, import: &Import) -> Got {
    let password = if import.user == "admin" {
        "admin:district"
    } else {
        "clerk:Clerk123!"
    };
    let request = Request::new("POST", &import.target())
        .with_header(
            "authorization",
            &format!("Basic {}", BASE64_STANDARD.encode(password)),
        )
        .with_body("application/json", import.body().to_string());
    let answer = running.server.handle(request).await;
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let summary = &body["response"];
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let counts = summary["importCount"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    Got {
        http: answer.status,
        status: body["status"].as_str().unwrap().to_owned(),
        counts: counts
            .into_iter()
            .map(|(k, v)| (k, v.as_u64().unwrap()))
            .collect(),
        rejected: list(&summary["rejectedIndexes"])
            .iter()
            .map(|i| i.as_u64().unwrap() as usize)
            .collect(),
        conflicts: list(&summary["conflicts"])
            .iter()
            .map(|c| {
                let indexes = list(&c["indexes"])
                    .iter()
                    .map(|i| i.as_i64().unwrap())
                    .collect();
                (
                    c["errorCode"].as_str().unwrap_or_default().to_owned(),
                    indexes,
                )
            })
            .collect(),
    }
}

fn cell(sent: &Sent) -> Cell {
    let (data_element, period, org_unit, category_option_combo) = sent.cell();
    Cell {
        data_element,
        period,
        org_unit,
        category_option_combo,
        attribute_option_combo: generate::DEFAULT.to_owned(),
    }
}

/// Whether anything was ever kept for each cell of an import: a tombstone counts.
fn known(running: &RunningServer, import: &Import) -> Vec<bool> {
    let values = import.values.iter();
    values
        .map(|sent| running.server.values.get(&cell(sent)).is_some())
        .collect()
}

/// What is kept for each cell of an import; none where nothing is, or only a tombstone.
fn kept(running: &RunningServer, import: &Import) -> Vec<Option<String>> {
    let values = import
        .values
        .iter()
        .map(|sent| running.server.values.get(&cell(sent)));
    values
        .map(|v| v.filter(|v| !v.deleted).and_then(|v| v.value))
        .collect()
}

/// The value that the API gives for a cell.
async fn read(running: &RunningServer, sent: &Sent, set: &str) -> Option<String> {
    let target = format!(
        "/api/dataValueSets?dataSet={set}&period={}&orgUnit={}",
        sent.period, sent.org_unit
    );
    let request = Request::new("GET", &target).with_header(
        "authorization",
        &format!("Basic {}", BASE64_STANDARD.encode("admin:district")),
    );
    let answer = running.server.handle(request).await;
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let combo = sent.cell().3;
    let values = body["dataValues"].as_array()?;
    let found = values.iter().find(|v| {
        v["dataElement"] == sent.element.as_str() && v["categoryOptionCombo"] == combo.as_str()
    })?;
    found["value"].as_str().map(str::to_owned)
}

/// The rules of 2.40–2.42.
fn check_until_2_42(
    version: ServerVersion,
    import: &Import,
    got: &Got,
    known: &[bool],
    before: &[Option<String>],
    after: &[Option<String>],
) {
    let values = &import.values;
    if version >= ServerVersion::V41
        && let Some(end) = end_until_2_42(import)
    {
        assert_eq!((got.http, got.status.as_str()), (409, "ERROR"));
        assert!(got.counts.values().all(|n| *n == 0), "nothing is counted");
        assert!(got.conflicts.is_empty() && got.rejected.is_empty());
        for (index, sent) in values.iter().enumerate() {
            // What was new is not kept, and nothing from where it ended.
            let earlier = values[..end].iter().any(|v| v.cell() == sent.cell());
            if !known[index] || !earlier || import.dry_run {
                assert_eq!(after[index], before[index], "what is kept of value {index}");
            }
        }
        return;
    }
    let there: Vec<bool> = before.iter().map(Option::is_some).collect();
    let fates = fates_until_2_42(import, known, &there);
    let with_fate = |wanted: &dyn Fn(Fate) -> bool| -> Vec<usize> {
        (0..values.len()).filter(|i| wanted(fates[*i])).collect()
    };
    let mut wanted: BTreeMap<usize, &str> = BTreeMap::new();
    for (index, fate) in fates.iter().enumerate() {
        if let Fate::Refused(code) = fate {
            wanted.insert(index, code);
        }
    }
    let mut found: BTreeMap<usize, &str> = BTreeMap::new();
    for (code, indexes) in &got.conflicts {
        for index in indexes {
            let before = found.insert(usize::try_from(*index).unwrap(), code);
            assert!(before.is_none(), "index {index} in two conflicts");
        }
    }
    assert_eq!(found, wanted, "refused values and their codes");
    let expected = if wanted.is_empty() {
        (200, "OK")
    } else {
        (409, "WARNING")
    };
    assert_eq!((got.http, got.status.as_str()), expected);

    let rejected = with_fate(&|fate| matches!(fate, Fate::Refused(_) | Fate::Rejected));
    assert_eq!(got.rejected, rejected, "rejectedIndexes");

    // Counters: each value once, but for lost zeros and the second of two new cells.
    let counted: u64 = got.counts.values().sum();
    let cells: BTreeSet<_> = values.iter().map(Sent::cell).collect();
    let may_be_uncounted =
        values.iter().filter(|s| s.is_lost_zero()).count() + values.len() - cells.len();
    assert!(counted as usize <= values.len(), "more counted than sent");
    assert!(
        counted as usize + may_be_uncounted >= values.len(),
        "values are not counted"
    );
    assert!(got.counts["ignored"] as usize >= rejected.len());

    for (index, sent) in values.iter().enumerate() {
        let same_cell = values
            .iter()
            .filter(|other| other.cell() == sent.cell())
            .count();
        if same_cell > 1 {
            continue;
        }
        let untouched = import.dry_run || fates[index] != Fate::Taken;
        let wanted = if untouched {
            before[index].clone()
        } else if import.strategy == "DELETE" || sent.is_lost_zero() && before[index].is_some() {
            None
        } else {
            sent.kept()
        };
        assert_eq!(after[index], wanted, "what is kept of value {index}");
    }
}

/// The rules of 2.43.
fn check_since_2_43(
    import: &Import,
    got: &Got,
    before: &[Option<String>],
    after: &[Option<String>],
) {
    let count = import.values.len();
    let all: Vec<usize> = (0..count).collect();
    let sum: u64 = got.counts.values().sum();
    match outcome_since_2_43(import) {
        Outcome::Stumbles => {
            assert_eq!(got.http, 500);
            assert_eq!(after, before, "nothing is written");
        }
        Outcome::Refused => {
            assert_eq!((got.http, got.status.as_str()), (409, "ERROR"));
            assert_eq!(sum, 0, "all counters are 0");
            assert_eq!(got.conflicts.len(), 1, "one conflict for all");
            let code = got.conflicts[0].0.as_str();
            let undecoded = ("E8100"..="E8111").contains(&code);
            let rejected = if undecoded { Vec::new() } else { all };
            assert_eq!(got.rejected, rejected, "{code}");
            assert_eq!(after, before, "nothing is written");
        }
        Outcome::Written(refused) => {
            assert_eq!(got.rejected, refused, "rejectedIndexes");
            assert_eq!(got.counts["imported"], 0, "nothing is ever imported");
            assert_eq!(got.counts["ignored"] as usize, refused.len());
            assert_eq!(sum as usize, count, "each value is counted once");
            let expected = match refused.len() {
                0 => (200, "OK"),
                n if n == count => (409, "ERROR"),
                _ => (200, "WARNING"),
            };
            assert_eq!((got.http, got.status.as_str()), expected);
            for (index, sent) in import.values.iter().enumerate() {
                let untouched = import.dry_run || refused.contains(&index);
                let wanted = if untouched {
                    before[index].clone()
                } else if import.strategy == "DELETE" {
                    None
                } else {
                    sent.kept()
                };
                assert_eq!(after[index], wanted, "what is kept of value {index}");
            }
        }
    }
}

async fn run(version: ServerVersion) {
    let seed = seed();
    let _ = writeln!(std::io::stderr(), "{version}: SEED={seed}");
    let running = server(version).await;
    let mut random = Random(seed ^ version as u64);
    let mut shown = 0;
    let mut outcomes: BTreeMap<u16, usize> = BTreeMap::new();
    for case in 0..CASES {
        let fault_rate = random.pick(&[4, 12, 60]);
        let import = generate::import(&mut random, fault_rate);
        let (known, before) = (known(&running, &import), kept(&running, &import));
        let got = send(&running, &import).await;
        let after = kept(&running, &import);
        *outcomes.entry(got.http).or_default() += 1;
        let told = format!(
            "SEED={seed} {version} case {case}: {import:?}\n{:?} {:?}",
            got.counts, got.conflicts
        );
        let checked = std::panic::catch_unwind(|| {
            if version < ServerVersion::V43 {
                check_until_2_42(version, &import, &got, &known, &before, &after);
            } else {
                check_since_2_43(&import, &got, &before, &after);
            }
        });
        assert!(checked.is_ok(), "{told}");
        // The API tells the same as the store.
        for (sent, kept) in import.values.iter().zip(&after) {
            if let Some(row) = sent.row().filter(|_| kept.is_some()) {
                assert_eq!(&read(&running, sent, row.2[0]).await, kept, "{told}");
                shown += 1;
            }
        }
    }
    assert!(shown > CASES / 2, "hardly anything was kept");
    assert!(outcomes.len() > 1, "all answers were alike: {outcomes:?}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_of_2_40_follow_its_rules() {
    run(ServerVersion::V40).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_of_2_41_follow_its_rules() {
    run(ServerVersion::V41).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_of_2_42_follow_its_rules() {
    run(ServerVersion::V42).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn imports_of_2_43_follow_its_rules() {
    run(ServerVersion::V43).await;
}
