//! What is known of each slice of a run, in a text of a few letters.

use crate::questions::runs::SliceCounts;

/// What is known of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Sent, read back, and nothing about it is unknown.
    Done,
    /// Something of it may have been sent.
    Begun,
    /// Nothing of it was sent.
    Waiting,
}

impl State {
    fn letter(self) -> char {
        match self {
            Self::Done => 'd',
            Self::Begun => 'b',
            Self::Waiting => 'n',
        }
    }

    fn of(letter: char) -> Option<Self> {
        match letter {
            'd' => Some(Self::Done),
            'b' => Some(Self::Begun),
            'n' => Some(Self::Waiting),
            _ => None,
        }
    }
}

/// As it is stored: `14d1b25n`.
pub(super) fn to_text(states: &[State]) -> String {
    let runs = states.chunk_by(|one, next| one == next);
    runs.filter_map(|run| Some(format!("{}{}", run.len(), run.first()?.letter())))
        .collect()
}

/// How many slices in a row are in which state; stops at what it does not understand.
pub(super) fn runs(text: &str) -> Vec<(u32, State)> {
    let mut found = Vec::new();
    let mut count = 0u32;
    for letter in text.chars() {
        if let Some(digit) = letter.to_digit(10) {
            count = count.saturating_mul(10).saturating_add(digit);
        } else if let Some(state) = State::of(letter) {
            found.push((count, state));
            count = 0;
        } else {
            break;
        }
    }
    found
}

/// How many are in which state.
pub(super) fn count(text: &str) -> SliceCounts {
    let mut counts = SliceCounts::default();
    for (count, state) in runs(text) {
        let of = match state {
            State::Done => &mut counts.done,
            State::Begun => &mut counts.uncertain,
            State::Waiting => &mut counts.waiting,
        };
        *of = of.saturating_add(count);
    }
    counts
}

/// Places (of `parts`, each so many slices long) that hold a slice that is begun.
pub(super) fn begun(text: &str, parts: impl Iterator<Item = u32>) -> Vec<usize> {
    let mut at = 0u64;
    let mut ranges = Vec::new();
    for (count, state) in runs(text) {
        let end = at + u64::from(count);
        if state == State::Begun {
            ranges.push(at..end);
        }
        at = end;
    }
    let mut start = 0u64;
    let mut found = Vec::new();
    for (place, length) in parts.enumerate() {
        let end = start + u64::from(length);
        if ranges
            .iter()
            .any(|range| range.start < end && start < range.end)
        {
            found.push(place);
        }
        start = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_as_text() {
        let mut states = vec![State::Done; 14];
        states.push(State::Begun);
        states.extend([State::Waiting; 25]);
        assert_eq!(to_text(&states), "14d1b25n");
        assert_eq!(to_text(&[]), "");
        let counts = count("14d1b25n");
        assert_eq!((counts.done, counts.uncertain, counts.waiting), (14, 1, 25));
        assert_eq!(count("2d?9n").done, 2);
        assert_eq!(count("99999999999d").done, u32::MAX);
        assert_eq!(count("seven"), SliceCounts::default());
    }

    #[test]
    fn which_parts_are_begun() {
        let check = |text: &str, parts: &[u32], expected: &[usize]| {
            assert_eq!(begun(text, parts.iter().copied()), expected, "{text}");
        };
        check("3d2b5n", &[4, 2, 4], &[0, 1]);
        check("4d2b4n", &[4, 2, 4], &[1]);
        check("1b2d1b", &[1, 1, 1, 1], &[0, 3]);
        check("10n", &[4, 6], &[]);
        check("4b", &[4, 6], &[0]);
        check("", &[4], &[]);
        check("3b", &[], &[]);
    }
}
