//! Identifiers in DHIS2's form (`[A-Za-z][A-Za-z0-9]{10}`), made from what they
//! stand for, so that they stay the same from one run to the next.

use std::collections::HashSet;

use super::random::{draw, key};

/// The uid of the category combo `default` on every DHIS2.
pub const DEFAULT_CATEGORY_COMBO: &str = "bjDvmb4bfuf";
/// The uid of the category option combo `default` on every DHIS2.
pub const DEFAULT_OPTION_COMBO: &str = "HllvX50cXC0";
/// What every DHIS2 has under the same uid: category combo, category option
/// combo, category and category option named `default` (seen in the recordings,
/// "metadata-for-mapping"), and the first user and user role of a new database.
pub const FIXED_UIDS: [&str; 6] = [
    DEFAULT_CATEGORY_COMBO,
    DEFAULT_OPTION_COMBO,
    "GLevLNI9wkl",
    "xYerKDKCefk",
    "M5zQapPyTZI",
    "yrB6vc5Ip3r",
];

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Whether `text` has the form of a DHIS2 uid.
pub fn is_uid(text: &str) -> bool {
    text.len() == 11
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic())
}

/// Makes uids and never the same one twice.
pub struct UidMaker {
    seed: u64,
    taken: HashSet<String>,
}

impl UidMaker {
    /// Makers of different seeds give different uids for the same things.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            taken: FIXED_UIDS.iter().map(|uid| (*uid).to_owned()).collect(),
        }
    }

    /// Never give out this uid.
    pub fn reserve(&mut self, uid: &str) {
        self.taken.insert(uid.to_owned());
    }

    /// The uid of the thing called `name` (unique within `kind`).
    pub fn make(&mut self, kind: &str, name: &str) -> String {
        let mut attempt = 0;
        loop {
            let uid = from_number(draw(&[self.seed, key(kind), key(name), attempt]));
            if self.taken.insert(uid.clone()) {
                return uid;
            }
            attempt += 1;
        }
    }
}

/// Spells a number as a uid: the first sign a letter, then ten of 62 signs.
fn from_number(number: u64) -> String {
    let mut uid = String::with_capacity(11);
    let mut rest = number;
    for position in 0..11 {
        let choices = if position == 0 { 52 } else { 62 };
        uid.push(char::from(
            LETTERS[usize::try_from(rest % choices).unwrap_or(0)],
        ));
        rest /= choices;
        if rest == 0 {
            rest = draw(&[number, position]);
        }
    }
    uid
}
