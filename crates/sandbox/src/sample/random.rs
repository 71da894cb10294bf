//! Numbers that look random and are the same on every machine: a hash of what
//! they are for. Nothing is drawn from a running stream, so a facility keeps its
//! figures when another facility is added before it, and both servers of a world
//! can ask for the same figure without sharing any state. Integers only: floating
//! point could round differently elsewhere.

/// A number that depends on nothing but `keys` (SplitMix64's finaliser, once per key).
pub fn draw(keys: &[u64]) -> u64 {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    for key in keys {
        state = (state ^ key).wrapping_add(0x9e37_79b9_7f4a_7c15);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^= state >> 31;
    }
    state
}

/// A key made of a word, for use in [`draw`] (FNV-1a).
pub fn key(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// True in `permille` of a thousand cases.
pub fn chance(number: u64, permille: u64) -> bool {
    number % 1000 < permille
}

/// One of `items`, chosen by `number`. `items` must not be empty.
pub fn pick<T>(number: u64, items: &[T]) -> &T {
    &items[below(number, items.len())]
}

/// A number in `0..bound`; 0 when `bound` is 0.
pub fn below(number: u64, bound: usize) -> usize {
    usize::try_from(number % bound.max(1) as u64).unwrap_or(0)
}

/// A number in `low..=high`.
pub fn between(number: u64, low: u64, high: u64) -> u64 {
    low + number % (high - low + 1)
}

/// `items` in an order that depends on `seed` alone.
pub fn shuffled(seed: u64, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|index| draw(&[seed, *index as u64]));
    order
}
