//! The fuzz targets over their seeds and some thousand mutations of them each, in seconds and
//! without cargo-fuzz: `cargo test --manifest-path fuzz/Cargo.toml
//! --no-default-features`. Deterministic: the mutations follow from the number printed with a
//! failure (`TRIBUTARY_FUZZ_SEED` sets another, `TRIBUTARY_FUZZ_RUNS` how many).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what is not as expected must fail"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use tributary_fuzz::TARGETS;

/// Pieces that parsers stumble over.
const PIECES: [&[u8]; 20] = [
    b"\"",
    b",",
    b"\n",
    b"\r\n",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"null",
    b"-1",
    b"1e999",
    b"18446744073709551615",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\\u0000",
    b"\\ud800",
    b"%",
    b"..",
    b"9999",
];

/// A small generator of numbers (xorshift), the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % bound.max(1)
    }
}

/// One to four changes to a seed, also by pieces of another one.
fn mutated(seeds: &[Vec<u8>], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = seeds[numbers.below(seeds.len())].clone();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + 1 + numbers.below(16)).min(bytes.len());
        match numbers.below(6) {
            0 => bytes.truncate(at),
            1 if at < bytes.len() => bytes[at] ^= 1 << numbers.below(8),
            2 if at < end => drop(bytes.drain(at..end)),
            3 if at < end => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            4 => {
                let other = &seeds[numbers.below(seeds.len())];
                let from = numbers.below(other.len() + 1);
                let piece = other[from..(from + 24).min(other.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {
                let piece = PIECES[numbers.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
    bytes
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

#[test]
fn every_target_holds_for_its_seeds_and_their_mutations() {
    let seed = number("TRIBUTARY_FUZZ_SEED", 20_261_122);
    let runs = number("TRIBUTARY_FUZZ_RUNS", 3_000);
    for (name, target) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("seeds")
            .join(name);
        let mut paths: Vec<_> = std::fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        let seeds: Vec<Vec<u8>> = paths
            .iter()
            .map(|path| std::fs::read(path).unwrap())
            .collect();
        assert!(!seeds.is_empty(), "{name} has no seeds");
        let mut numbers = Numbers(seed.max(1));
        let mutations = (0..runs).map(|_| mutated(&seeds, &mut numbers));
        for bytes in seeds.iter().cloned().chain(mutations) {
            let held = catch_unwind(AssertUnwindSafe(|| target(&bytes)));
            assert!(
                held.is_ok(),
                "{name}, seed {seed}: {}",
                bytes.escape_ascii()
            );
        }
    }
}
