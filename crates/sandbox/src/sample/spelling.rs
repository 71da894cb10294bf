//! How a facility's name is written: in full, as the ministry does, and in the
//! ways in which the same name turns up in another system.

use super::facility::FacilityKind;
use super::random::{below, draw, pick};

/// A way in which another system writes a facility's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As the ministry writes it.
    Same,
    /// The word for the kind is shortened: `Centre de santé` → `CS`.
    Abbreviated,
    /// The proper name stands first (French) or last (English).
    OtherOrder,
    /// Without accents; abbreviated where there are none.
    NoAccents,
    /// One slip of the typist.
    TypingSlip,
    /// The district stands behind it in brackets.
    DistrictSuffix,
    /// In capitals, without accents.
    Capitals,
    /// Shortened, without accents and with a slip.
    Several,
}

/// Spellings and how many of a hundred names are written so.
pub const SPELLING_SHARES: [(Spelling, usize); 8] = [
    (Spelling::Same, 20),
    (Spelling::Abbreviated, 28),
    (Spelling::OtherOrder, 10),
    (Spelling::NoAccents, 12),
    (Spelling::TypingSlip, 12),
    (Spelling::DistrictSuffix, 8),
    (Spelling::Capitals, 5),
    (Spelling::Several, 5),
];

/// A facility's name in parts.
#[derive(Clone, Copy)]
pub struct NameParts<'a> {
    /// What kind of facility it is.
    pub kind: FacilityKind,
    /// Whether it is written in French.
    pub french: bool,
    /// The proper name.
    pub place: &'a str,
    /// The district's proper name.
    pub district: &'a str,
}

impl NameParts<'_> {
    /// The name in full: `Centre de santé Kouradougou`, `Mbondoni Health Centre`.
    pub fn full(&self) -> String {
        self.with_kind(self.kind.words(self.french).full)
    }

    /// The name as `spelling` has it; `number` settles what is left to chance.
    pub fn spelled(&self, spelling: Spelling, number: u64) -> String {
        let words = self.kind.words(self.french);
        let short = pick(draw(&[number, 1]), words.short);
        match spelling {
            Spelling::Same => self.full(),
            Spelling::Abbreviated => self.with_kind(short),
            Spelling::OtherOrder if self.french => format!("{}, {}", self.place, words.full),
            Spelling::OtherOrder => format!("{} {}", words.full, self.place),
            Spelling::NoAccents => {
                let full = self.full();
                let plain = without_accents(&full);
                if plain == full {
                    self.with_kind(short)
                } else {
                    plain
                }
            }
            Spelling::TypingSlip => {
                let slip = with_slip(self.place, number);
                NameParts {
                    place: &slip,
                    ..*self
                }
                .full()
            }
            Spelling::DistrictSuffix => format!("{} ({})", self.with_kind(short), self.district),
            Spelling::Capitals => without_accents(&self.full()).to_uppercase(),
            Spelling::Several => {
                let slip = with_slip(self.place, number);
                without_accents(
                    &NameParts {
                        place: &slip,
                        ..*self
                    }
                    .with_kind(short),
                )
            }
        }
    }

    /// French puts the kind before the proper name, English behind it.
    fn with_kind(&self, kind: &str) -> String {
        if self.french {
            format!("{kind} {}", self.place)
        } else {
            format!("{} {kind}", self.place)
        }
    }
}

/// The text with each accented letter replaced by the plain one.
pub fn without_accents(text: &str) -> String {
    text.chars()
        .map(|sign| match sign {
            'à' | 'â' | 'ã' | 'á' => 'a',
            'ç' => 'c',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' | 'í' => 'i',
            'ô' | 'õ' | 'ó' => 'o',
            'û' | 'ù' | 'ü' | 'ú' => 'u',
            'É' | 'È' | 'Ê' => 'E',
            'À' | 'Â' => 'A',
            'Ç' => 'C',
            'Î' | 'Ï' => 'I',
            'Ô' => 'O',
            other => other,
        })
        .collect()
}

/// The text with one slip: two letters swapped, one doubled, one lost or one
/// that sounds alike.
pub fn with_slip(text: &str, number: u64) -> String {
    let mut signs: Vec<char> = text.chars().collect();
    if signs.len() < 4 {
        signs.push('a');
        return signs.into_iter().collect();
    }
    // Not at the first letter: that is where people look.
    let place = 1 + below(draw(&[number, 2]), signs.len() - 2);
    match draw(&[number, 3]) % 4 {
        0 if signs[place] != signs[place + 1] => signs.swap(place, place + 1),
        1 => {
            signs.remove(place);
        }
        2 => signs[place] = alike(signs[place]),
        _ => signs.insert(place, signs[place]),
    }
    signs.into_iter().collect()
}

/// A letter that is often written for another.
fn alike(sign: char) -> char {
    match sign {
        'o' => 'u',
        'u' => 'o',
        'i' => 'y',
        'y' => 'i',
        'e' | 'é' | 'è' => 'i',
        'k' => 'c',
        'c' => 'k',
        's' => 'z',
        'z' => 's',
        'b' => 'p',
        'd' => 't',
        't' => 'd',
        'm' => 'n',
        'n' => 'm',
        'a' => 'e',
        'g' => 'q',
        'r' => 'l',
        'l' => 'r',
        _ => 'h',
    }
}
