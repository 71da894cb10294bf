//! Texts by number: uids, periods, user names, values and comments repeat so
//! often that each is kept once.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// Number 0 stands for "no text".
pub(super) const NO_TEXT: u32 = 0;

/// Texts and their numbers, in the order of their first appearance.
#[derive(Debug)]
pub(super) struct Names {
    texts: Vec<Arc<str>>,
    numbers: FxHashMap<Arc<str>, u32>,
    /// How many of the texts are on disk.
    pub(super) kept: usize,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            texts: vec![Arc::from("")],
            numbers: FxHashMap::default(),
            kept: 1,
        }
    }
}

impl Names {
    /// The number of a text that is known.
    pub(super) fn number(&self, text: &str) -> Option<u32> {
        self.numbers.get(text).copied()
    }

    /// The number of a text, which becomes known.
    pub(super) fn intern(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(NO_TEXT);
        let text: Arc<str> = Arc::from(text);
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, number);
        number
    }

    /// The number of an optional text.
    pub(super) fn intern_optional(&mut self, text: Option<&str>) -> u32 {
        text.map_or(NO_TEXT, |t| self.intern(t))
    }

    /// The text behind a number; empty for a number that was never given.
    pub(super) fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |t| t)
    }

    /// The optional text behind a number.
    pub(super) fn optional_text(&self, number: u32) -> Option<&str> {
        (number != NO_TEXT).then(|| self.text(number))
    }

    /// The texts that are not on disk yet, with their numbers.
    pub(super) fn unkept(&self) -> impl Iterator<Item = (u32, &str)> {
        self.texts
            .iter()
            .enumerate()
            .skip(self.kept)
            .filter_map(|(at, text)| Some((u32::try_from(at).ok()?, &**text)))
    }

    /// Marks all texts as being on disk.
    pub(super) fn mark_kept(&mut self) {
        self.kept = self.texts.len();
    }
}
