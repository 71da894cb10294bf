//! A column of texts of which nearly all are as short as numbers are: such a text is kept
//! in eight bytes, in place; only longer ones lie in a block of their own.

use crate::column::Column;

/// The longest text, in bytes, that is kept in place.
const SHORT: usize = 7;

/// In the last byte of a [`Word`]: the text is a long one.
const LONG: u8 = u8::MAX;

/// A short text: its bytes, zeros, and its length in the last byte. Or, where the last byte
/// is [`LONG`], the number of a long one. Equal words of short texts are equal texts.
type Word = [u8; 8];

const EMPTY: Word = [0; 8];

/// Texts that can be added at the end and looked at by their number, from 0. Eight bytes a
/// text, and for those of more than seven bytes their own and four or eight more.
#[derive(Clone, Debug, Default)]
pub(crate) struct TextColumn {
    words: Column<Word>,
    long: LongTexts,
}

/// The long texts, one after the other.
#[derive(Clone, Debug, Default)]
struct LongTexts {
    text: String,
    /// Where each ends; it begins where the one before ends.
    ends: Vec<usize>,
}

/// A text on its way into a column.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NewText<'a> {
    /// One of another column, by its number.
    Of(&'a TextColumn, usize),
    /// Any other.
    Made(&'a str),
    /// The one that was added last, once more. Takes no room of its own, however long it is.
    Again,
}

impl TextColumn {
    pub(crate) fn with_capacity(texts: usize) -> Self {
        Self {
            words: Column::with_capacity(texts),
            long: LongTexts::default(),
        }
    }

    pub(crate) fn push(&mut self, text: &str) {
        let word = short(text).unwrap_or_else(|| self.long.push(text));
        self.words.push(word);
    }

    pub(crate) fn push_new(&mut self, text: NewText<'_>) {
        match text {
            NewText::Made(text) => self.push(text),
            NewText::Again => self.words.push(self.words.last().copied().unwrap_or(EMPTY)),
            NewText::Of(other, index) => match other.words.get(index) {
                Some(&word) if word[SHORT] != LONG => self.words.push(word),
                _ => self.push(other.get(index)),
            },
        }
    }

    /// Adds all texts of another column.
    pub(crate) fn append(&mut self, other: &Self) {
        if other.long.ends.is_empty() {
            self.words.append(&other.words, |word| word);
            return;
        }
        let shift = self.long.append(&other.long);
        self.words.append(&other.words, |word| {
            if word[SHORT] == LONG {
                long(long_index(word) + shift)
            } else {
                word
            }
        });
    }

    /// The text with a number; empty beyond the end.
    pub(crate) fn get(&self, index: usize) -> &str {
        match self.words.get(index) {
            Some(word) if word[SHORT] == LONG => self.long.get(long_index(*word)),
            // It was a text when it came, so that it is one still.
            Some(word) => word
                .get(..usize::from(word[SHORT]))
                .and_then(|bytes| std::str::from_utf8(bytes).ok())
                .unwrap_or_default(),
            None => "",
        }
    }

    pub(crate) fn is_empty_at(&self, index: usize) -> bool {
        self.words.get(index).is_none_or(|word| *word == EMPTY)
    }

    /// Whether a text is the same as one of another column.
    pub(crate) fn is_same(&self, index: usize, other: &Self, other_index: usize) -> bool {
        match (self.words.get(index), other.words.get(other_index)) {
            (Some(one), Some(two)) if one[SHORT] != LONG || two[SHORT] != LONG => one == two,
            _ => self.get(index) == other.get(other_index),
        }
    }

    pub(crate) fn clear(&mut self) {
        self.words.clear();
        self.long.text.clear();
        self.long.ends.clear();
    }

    /// Bytes taken on the heap, unused capacity included.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.words.heap_bytes()
            + self.long.text.capacity()
            + self.long.ends.capacity() * size_of::<usize>()
    }
}

impl LongTexts {
    fn push(&mut self, text: &str) -> Word {
        self.text.push_str(text);
        self.ends.push(self.text.len());
        long(self.ends.len() - 1)
    }

    /// Adds all of another and gives back how much further their numbers are now.
    fn append(&mut self, other: &Self) -> usize {
        let (count, bytes) = (self.ends.len(), self.text.len());
        self.text.push_str(&other.text);
        self.ends.extend(other.ends.iter().map(|end| end + bytes));
        count
    }

    fn get(&self, index: usize) -> &str {
        let begin = index
            .checked_sub(1)
            .and_then(|before| self.ends.get(before))
            .copied()
            .unwrap_or(0);
        let end = self.ends.get(index).copied().unwrap_or(begin);
        self.text.get(begin..end).unwrap_or_default()
    }
}

/// The word of a text, if it is a short one.
fn short(text: &str) -> Option<Word> {
    let bytes = text.as_bytes();
    let packed = match bytes {
        [] => 0,
        [a] => u64::from(*a),
        [a, b] => u64::from(u16::from_le_bytes([*a, *b])),
        [a, b, c] => u64::from(u32::from_le_bytes([*a, *b, *c, 0])),
        [a, b, c, d, rest @ ..] if rest.len() <= 3 => {
            let rest = match rest {
                [] => [0; 4],
                [e] => [*e, 0, 0, 0],
                [e, f] => [*e, *f, 0, 0],
                [e, f, g, ..] => [*e, *f, *g, 0],
            };
            u64::from(u32::from_le_bytes([*a, *b, *c, *d]))
                | u64::from(u32::from_le_bytes(rest)) << 32
        }
        _ => return None,
    };
    Some((packed | (bytes.len() as u64) << 56).to_le_bytes())
}

/// Four thousand million long texts do not fit into any memory that this runs in.
fn long(index: usize) -> Word {
    let [a, b, c, d] = u32::try_from(index).unwrap_or(u32::MAX).to_le_bytes();
    [a, b, c, d, 0, 0, 0, LONG]
}

fn long_index([a, b, c, d, ..]: Word) -> usize {
    u32::from_le_bytes([a, b, c, d]) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Texts come back as they went in, whichever way they came, and are the same only
        /// as the same.
        #[test]
        fn a_column_is_a_list_of_texts(
            first in prop::collection::vec(".{0,6}|.{6,9}|.{40}", 0..20),
            second in prop::collection::vec("|[0-9]{1,4}|.{6,9}", 0..20),
        ) {
            let mut one = TextColumn::with_capacity(3);
            for text in &first {
                one.push(text);
            }
            let mut two = TextColumn::default();
            for index in (0..first.len()).rev() {
                two.push_new(NewText::Of(&one, index));
                two.push_new(NewText::Again);
            }
            for text in &second {
                two.push_new(NewText::Made(text));
            }
            let mut expected: Vec<&String> = first.iter().rev().flat_map(|text| [text, text]).collect();
            expected.extend(&second);
            one.append(&two);
            let all: Vec<&String> = first.iter().chain(expected).collect();
            for (index, text) in all.iter().enumerate() {
                prop_assert_eq!(one.get(index), text.as_str());
                prop_assert_eq!(one.is_empty_at(index), text.is_empty());
                for (other_index, other) in all.iter().enumerate() {
                    prop_assert_eq!(one.is_same(index, &one, other_index), text == other);
                }
            }
            prop_assert_eq!(one.get(all.len()), "");
            prop_assert!(one.is_empty_at(all.len()));
        }
    }
}
