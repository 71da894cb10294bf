//! The lines of a piece of CSV that need no care: without quotes, whole, ended by a line feed.
//! Nearly all lines of data values are like that, and are split here eight bytes at a time,
//! without being copied; the others are left to csv-core, whose rules these are.

/// Every byte that means something in CSV lies below this one, and letters, digits, dashes
/// and dots above: `"`, `,`, carriage return, line feed.
const ORDINARY: u8 = b'-';

/// What [`Lines::next`] came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line that begins here and whose fields' ends are told.
    Fields(usize),
    /// A line with a quote or a carriage return, which begins here.
    NeedsCare(usize),
}

/// Splits a text that ends with a line feed.
pub(super) struct Lines<'p> {
    text: &'p [u8],
    words: &'p [[u8; 8]],
    /// The bytes after the last whole word, and others that mean nothing.
    last_word: u64,
    /// The number of the word that is being looked at.
    word: usize,
    /// Its bytes below [`ORDINARY`] that are still to come: the highest bit of each.
    marks: u64,
    /// Where the line begins.
    begin: usize,
}

impl<'p> Lines<'p> {
    /// The lines of a text that ends with a line feed.
    pub(super) fn new(text: &'p [u8]) -> Self {
        let (words, rest) = text.as_chunks();
        let mut last = [ORDINARY; 8];
        for (place, byte) in last.iter_mut().zip(rest) {
            *place = *byte;
        }
        let mut lines = Self {
            text,
            words,
            last_word: u64::from_le_bytes(last),
            word: 0,
            marks: 0,
            begin: 0,
        };
        lines.go_to(0);
        lines
    }

    /// Goes on at a place where a line begins.
    pub(super) fn go_to(&mut self, begin: usize) {
        self.begin = begin;
        self.word = begin / 8;
        self.marks = self.marks_of_word() & (u64::MAX << (begin % 8 * 8));
    }

    /// The next line that is not empty. `ends` is told where each of its fields ends. The field after an end begins one byte behind it.
    pub(super) fn next(&mut self, ends: &mut Vec<usize>) -> Option<Line> {
        ends.clear();
        loop {
            let at = self.next_mark()?;
            match self.text.get(at)? {
                b',' => ends.push(at),
                b'\n' => {
                    let begin = std::mem::replace(&mut self.begin, at + 1);
                    if at > begin {
                        ends.push(at);
                        return Some(Line::Fields(begin));
                    }
                }
                b'"' | b'\r' => return Some(Line::NeedsCare(self.begin)),
                _ => {}
            }
        }
    }

    /// Where the next byte below [`ORDINARY`] is.
    fn next_mark(&mut self) -> Option<usize> {
        while self.marks == 0 {
            self.word += 1;
            if self.word > self.words.len() {
                return None;
            }
            self.marks = self.marks_of_word();
        }
        let byte = self.marks.trailing_zeros() as usize / 8;
        self.marks &= self.marks - 1;
        Some(self.word * 8 + byte)
    }

    fn marks_of_word(&self) -> u64 {
        const ALL: u64 = u64::from_le_bytes([1; 8]);
        const HIGHEST: u64 = ALL << 7;
        let word = match self.words.get(self.word) {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => self.last_word,
        };
        // With its highest bit set no byte borrows from the next one; a byte that had it
        // already is no ASCII and means nothing.
        let ordinary = (word | HIGHEST) - ALL * ORDINARY as u64;
        !(ordinary | word) & HIGHEST
    }
}
