//! Orders that do not depend on the order of interning.

use crate::symbol::{Symbol, Symbols};

/// The ranks of some symbols by their texts.
#[derive(Clone, Debug)]
pub struct TextOrder {
    /// Rank by the symbol's index; 0 for symbols that were not asked for.
    ranks: Vec<u32>,
}

impl TextOrder {
    /// Ranks the symbols `used` by their texts, byte by byte.
    pub fn new(symbols: &Symbols, used: impl Iterator<Item = Symbol>) -> Self {
        Self::by_key(symbols.len(), used, |symbol| symbols.text(symbol))
    }

    /// Ranks the symbols `used` by a key; equal keys get equal ranks. `symbols` is
    /// the number of symbols there are.
    pub fn by_key<K: Ord>(
        symbols: usize,
        used: impl Iterator<Item = Symbol>,
        key: impl Fn(Symbol) -> K,
    ) -> Self {
        let mut ranks = vec![0; symbols];
        let mut keyed = Vec::new();
        for symbol in used {
            if let Some(seen) = ranks.get_mut(symbol.index())
                && *seen == 0
            {
                *seen = 1;
                keyed.push((key(symbol), symbol));
            }
        }
        keyed.sort_unstable();
        let mut rank = 0;
        for (index, (key, symbol)) in keyed.iter().enumerate() {
            if index == 0 || keyed[index - 1].0 != *key {
                rank += 1;
            }
            if let Some(place) = ranks.get_mut(symbol.index()) {
                *place = rank;
            }
        }
        Self { ranks }
    }

    /// The rank of a symbol, from 1; 0 if it was not asked for.
    pub fn rank(&self, symbol: Symbol) -> u32 {
        self.ranks.get(symbol.index()).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_follow_the_texts() {
        let mut symbols = Symbols::new();
        let [c, a, b] = ["c", "a", "b"].map(|text| symbols.intern(text));
        let order = TextOrder::new(&symbols, [c, a, c].into_iter());
        assert_eq!([a, c, b].map(|symbol| order.rank(symbol)), [1, 2, 0]);
    }
}
