//! The lines of a piece of CSV that need no care: without quotes, whole, ended by a line feed.
//! Nearly all lines of data values are like that, and are split here eight bytes at a time,
//! without being copied; the others are left to csv-core, whose rules these are.

/// Every byte that means something in CSV lies below this one, and letters, digits, dashes
/// and dots above: `"`, `,`, carriage return, line feed.
const ORDINARY: u8 = b'-';

/// Lines with more fields than this need care; DHIS2 writes eleven or twelve.
const MOST_FIELDS: usize = 16;

/// What [`Lines::next`] came to.
pub(super) enum Line {
    /// A line whose fields are told.
    Fields,
    /// A line with a quote, a carriage return or very many fields, which begins here.
    NeedsCare(usize),
}

/// The fields of a line.
#[derive(Default)]
pub(super) struct Fields {
    /// Where each begins, and where another one would begin after the last.
    begins: [usize; MOST_FIELDS + 1],
    count: usize,
}

impl Fields {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Where a field begins and ends; nothing beyond the last one.
    #[inline]
    pub(super) fn span(&self, index: usize) -> std::ops::Range<usize> {
        match self.begins.get(index..index + 2) {
            Some(&[begin, next]) if index < self.count => begin..next - 1,
            _ => 0..0,
        }
    }

    /// Notes that a field ends here.
    #[inline]
    fn end(&mut self, at: usize) {
        self.count += 1;
        if let Some(begin) = self.begins.get_mut(self.count) {
            *begin = at + 1;
        }
    }
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

    /// The next line that is not empty; where its fields are goes into `fields`.
    #[inline]
    pub(super) fn next(&mut self, fields: &mut Fields) -> Option<Line> {
        fields.count = 0;
        fields.begins[0] = self.begin;
        loop {
            let at = self.next_mark()?;
            match self.text.get(at)? {
                b',' => {
                    if fields.count == MOST_FIELDS - 1 {
                        return Some(Line::NeedsCare(self.begin));
                    }
                    fields.end(at);
                }
                b'\n' => {
                    let begin = std::mem::replace(&mut self.begin, at + 1);
                    if at > begin {
                        fields.end(at);
                        return Some(Line::Fields);
                    }
                    fields.begins[0] = self.begin;
                }
                b'"' | b'\r' => return Some(Line::NeedsCare(self.begin)),
                _ => {}
            }
        }
    }

    /// Where the next byte below [`ORDINARY`] is.
    #[inline]
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

    #[inline]
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
