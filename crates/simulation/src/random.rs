//! Numbers that follow from the seed alone (SplitMix64). Each part of a simulation draws from
//! a stream of its own, so that one more draw in one part leaves the others as they are.

use std::cell::Cell;

/// A stream of numbers.
#[derive(Debug)]
pub struct Random(Cell<u64>);

impl Random {
    /// The stream of a seed for one purpose.
    pub fn new(seed: u64, purpose: &str) -> Self {
        let stream = Self(Cell::new(seed));
        for byte in purpose.bytes() {
            stream.0.set(stream.0.get() ^ u64::from(byte));
            let mixed = stream.next();
            stream.0.set(mixed);
        }
        stream
    }

    /// The next number.
    pub fn next(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(state);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`; 0 where that is 0.
    pub fn below(&self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    /// True in `permille` of a thousand draws.
    pub fn chance(&self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    /// One of several; none of none.
    pub fn pick<'a, T>(&self, items: &'a [T]) -> Option<&'a T> {
        let at = usize::try_from(self.below(items.len() as u64)).unwrap_or(0);
        items.get(at)
    }
}
