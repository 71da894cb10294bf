//! Interned text. Uids, period ids and user names repeat hundreds of thousands
//! of times in a run; each is kept once and named by a number of four bytes.

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

/// A text kept in a [`Symbols`]. Only meaningful together with the table that
/// gave it out; its order is the order of interning, not of the texts.
/// The default is the empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(u32);

impl Symbol {
    /// The empty text, which every [`Symbols`] holds from the start. Stands for "not given".
    pub const EMPTY: Self = Self(0);

    /// Position in the table, from 0; for arrays that run in parallel to it.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// Whether this is the empty text.
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }
}

/// The table of interned texts of one run. It only grows.
#[derive(Clone, Debug)]
pub struct Symbols {
    texts: IndexSet<Box<str>, FxBuildHasher>,
}

impl Symbols {
    /// A table that holds nothing but the empty text.
    pub fn new() -> Self {
        let mut texts = IndexSet::with_hasher(FxBuildHasher);
        texts.insert("".into());
        Self { texts }
    }

    /// The symbol of `text`, which is added when it is new.
    pub fn intern(&mut self, text: &str) -> Symbol {
        if let Some(known) = self.texts.get_index_of(text) {
            return number(known);
        }
        number(self.texts.insert_full(text.into()).0)
    }

    /// The symbol of `text`, if it has been interned.
    pub fn get(&self, text: &str) -> Option<Symbol> {
        self.texts.get_index_of(text).map(number)
    }

    /// The text of a symbol; empty for a symbol of another table that this one does not reach.
    pub fn text(&self, symbol: Symbol) -> &str {
        self.texts.get_index(symbol.index()).map_or("", |text| text)
    }

    /// How many texts are held, the empty one included.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Never true: the empty text is always there.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// All symbols with their texts, in the order of interning.
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, &str)> {
        self.texts
            .iter()
            .enumerate()
            .map(|(index, text)| (number(index), &**text))
    }
}

impl Default for Symbols {
    fn default() -> Self {
        Self::new()
    }
}

/// Four thousand million texts do not fit into the memory of any machine this
/// runs on, so the number of an entry always fits.
fn number(index: usize) -> Symbol {
    Symbol(u32::try_from(index).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_kept_once() {
        let mut symbols = Symbols::new();
        let first = symbols.intern("ouFacA10001");
        assert_eq!(symbols.intern("ouFacA10001"), first);
        assert_eq!(symbols.get("ouFacA10001"), Some(first));
        assert_eq!(symbols.get("ouFacA10002"), None);
        assert_eq!(symbols.text(first), "ouFacA10001");
        assert_eq!(symbols.len(), 2);
    }

    #[test]
    fn the_empty_text_is_always_there() {
        assert_eq!(Symbols::new().get(""), Some(Symbol::EMPTY));
        assert_eq!(Symbols::new().text(Symbol::EMPTY), "");
    }
}
