//! A handful of seeds with each run of the tests, in all pairs of versions; and the same seed
//! does the same.

#![allow(missing_docs, reason = "a test says what it is by its name")]

use tributary_simulation::{Told, run};

/// Every pair of versions, and some of them twice.
const SEEDS: u64 = 20;

/// Seeds that found faults of the app: others' values stored before the first write, empty
/// slices, a value entered again before it was deleted, a run that was gone on with, a part of
/// the first plan that could not be read.
const FOUND: [u64; 5] = [12, 185, 235, 365, 429];

/// So many find each broken rule of `tests/mutations/list.json` that is theirs.
const MANY: u64 = 200;

/// Lives through seeds; stops at the first that has a violation.
fn live(seeds: impl Iterator<Item = u64>) {
    let mut sum = Told::default();
    for seed in seeds {
        let told = run(seed);
        assert!(
            told.violations.is_empty(),
            "seed {seed}: {}\nagain: cargo xtask simulate --seed {seed}",
            told.summary()
        );
        sum.add(told);
    }
    // Each of the things that are simulated was met.
    let met = [
        sum.faults,
        sum.writes,
        sum.deletions,
        sum.kills,
        sum.stops,
        sum.edits,
    ];
    assert!(met.iter().all(|number| *number > 0), "{}", sum.numbers());
}

#[test]
fn a_handful_of_seeds_has_no_violation() {
    live((0..SEEDS).chain(FOUND));
}

#[test]
#[ignore = "takes a minute; `cargo xtask mutate --only simulation` runs it with broken rules"]
fn many_seeds_have_no_violation() {
    live((0..MANY).chain(FOUND));
}

#[test]
fn the_same_seed_does_the_same() {
    for seed in [1, 5] {
        let (one, other) = (run(seed), run(seed));
        assert_eq!(one.trace, other.trace, "seed {seed}");
    }
}
