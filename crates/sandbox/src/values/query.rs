//! Query parameters as they come: pairs in order, names may repeat.

/// Decoded query parameters, or headers with names in lower case.
pub type Pairs = [(String, String)];

/// The first value under a name, unless it is empty.
pub(super) fn one<'p>(pairs: &'p Pairs, name: &str) -> Option<&'p str> {
    all(pairs, name).next()
}

/// All values under a name that are not empty.
pub(super) fn all<'p>(pairs: &'p Pairs, name: &str) -> impl Iterator<Item = &'p str> {
    pairs
        .iter()
        .filter(move |(n, value)| n == name && !value.is_empty())
        .map(|(_, value)| value.as_str())
}

/// Whether the parameter says `true`.
pub(super) fn flag(pairs: &Pairs, name: &str) -> bool {
    one(pairs, name).is_some_and(|v| v.eq_ignore_ascii_case("true"))
}
