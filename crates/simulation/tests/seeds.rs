//! A handful of seeds with each run of the tests, in all pairs of versions; and the same seed
//! does the same.

#![allow(missing_docs, reason = "a test says what it is by its name")]

use tributary_simulation::{Told, run};

/// Every pair of versions, and some of them twice.
const SEEDS: u64 = 20;

/// How many seeds: more where a broken rule has to be found.
fn seeds() -> u64 {
    let wanted = std::env::var("SIMULATION_SEEDS").ok();
    wanted
        .and_then(|number| number.parse().ok())
        .unwrap_or(SEEDS)
}

#[test]
fn a_handful_of_seeds_has_no_violation() {
    let mut sum = Told::default();
    for seed in 0..seeds() {
        let told = run(seed);
        assert!(
            told.violations.is_empty(),
            "seed {seed}: {}\nagain: cargo xtask simulate --seed {seed}",
            told.summary()
        );
        sum.add(told);
    }
    // Each of the things that are simulated was met.
    let met = [sum.faults, sum.writes, sum.kills, sum.stops, sum.edits];
    assert!(met.iter().all(|number| *number > 0), "{}", sum.numbers());
}

#[test]
fn the_same_seed_does_the_same() {
    for seed in [1, 5] {
        let (one, other) = (run(seed), run(seed));
        assert_eq!(one.trace, other.trace, "seed {seed}");
    }
}
