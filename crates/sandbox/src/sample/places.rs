//! Names of places that do not exist, put together from syllables in the manner
//! of several language families, so that a list of facilities reads like a real
//! one: short and long names, accents, apostrophes, names that differ in one sign.

use std::collections::HashSet;

use super::random::{below, chance, draw, key, pick};

/// How the places of a region sound.
struct Family {
    starts: &'static [&'static str],
    middles: &'static [&'static str],
    ends: &'static [&'static str],
}

const FAMILIES: [Family; 8] = [
    Family {
        starts: &[
            "Kou", "Ba", "Sa", "Fa", "Mou", "Dia", "Tié", "Ki", "Do", "Nié",
        ],
        middles: &["ra", "li", "ma", "sso", "ndi", "fa", "ké", "la"],
        ends: &["dougou", "bougou", "koro", "kro", "la", "ni", "so", "ba"],
    },
    Family {
        starts: &[
            "Lu", "Mba", "Ki", "Nga", "Ka", "Mu", "Bu", "Nya", "Mwe", "Isa",
        ],
        middles: &["mbo", "ka", "nda", "lu", "se", "nge", "pa", "ki", "to"],
        ends: &["nga", "ba", "shi", "mbe", "zi", "la", "ndo", "tshi", "we"],
    },
    Family {
        starts: &[
            "Dia", "Gué", "Thi", "Bo", "Ndi", "Lé", "Ma", "Yo", "Sin", "Pé",
        ],
        middles: &["ré", "tou", "lo", "gua", "mbé", "ssi", "nal"],
        ends: &["diouf", "bé", "goye", "ndé", "yel", "gal", "ring", "oudou"],
    },
    Family {
        starts: &["Am", "An", "Ma", "Tsa", "Ra", "Fi", "Vo", "So", "Man"],
        middles: &["boha", "dra", "tsi", "nja", "ki", "hi", "mba", "lava"],
        ends: &["rivo", "vato", "tra", "noro", "soa", "kely", "be", "hitra"],
    },
    Family {
        starts: &[
            "Da", "Ga", "Maï", "Tou", "Zin", "Bir", "Gui", "Ta", "Kan", "Dou",
        ],
        middles: &["da", "ga", "ssa", "ri", "mba", "za", "ko"],
        ends: &["ra", "wa", "chi", "oua", "ma", "ro", "ri", "goua"],
    },
    Family {
        starts: &["Mto", "Ki", "Ma", "Ku", "Cha", "Mwa", "Pa", "Shi", "Nja"],
        middles: &["wa", "li", "ni", "ra", "ndo", "pe", "mba", "ko"],
        ends: &["ni", "ra", "wa", "ngu", "le", "zi", "ri", "mbo", "ji"],
    },
    Family {
        starts: &["Aït ", "Ta", "Ti", "Oued ", "Bir ", "Im", "Aze", "Ou", "Te"],
        middles: &["ghou", "zze", "ma", "rhi", "dri", "fou", "nze"],
        ends: &["rt", "zi", "rine", "ght", "sen", "mar", "lt", "ane"],
    },
    Family {
        starts: &["Ca", "Que", "Ma", "Vila ", "Mu", "Chi", "Na", "Mo", "Ban"],
        middles: &["lu", "ngo", "xi", "pa", "ssan", "ri", "cu", "la"],
        ends: &["ne", "ça", "pira", "lo", "ngue", "tão", "mba", "le"],
    },
];

const QUARTERS_FRENCH: [&str; 6] = ["Nord", "Sud", "Centre", "Ville", "Gare", "II"];
const QUARTERS_ENGLISH: [&str; 6] = ["North", "South", "Central", "Town", "Market", "II"];
/// Names that stand in many districts of a country at once.
const SHARED_FRENCH: [&str; 8] = [
    "Saint-Joseph",
    "Nouvelle Espérance",
    "La Grâce",
    "Sainte-Thérèse",
    "Bon Samaritain",
    "Béthanie",
    "La Paix",
    "Notre-Dame",
];
const SHARED_ENGLISH: [&str; 6] = [
    "St. Mary's",
    "Good Hope",
    "Bethany",
    "New Life",
    "Holy Family",
    "Peace and Hope",
];

/// Makes places and never the same one twice in the country, but for the shared ones.
pub struct PlaceMaker {
    seed: u64,
    count: u64,
    taken: HashSet<String>,
}

impl PlaceMaker {
    /// The same seed gives the same places in the same order.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            count: 0,
            taken: HashSet::new(),
        }
    }

    /// A new name of the family, such as `Kouradougou`.
    pub fn name(&mut self, family: usize) -> String {
        let parts = &FAMILIES[family % FAMILIES.len()];
        loop {
            self.count += 1;
            let number = |what: &str| draw(&[self.seed, self.count, key(what)]);
            let mut name = String::from(*pick(number("start"), parts.starts));
            if name.ends_with(' ') {
                // `Oued`, `Vila`: what follows is a word of its own.
                let plain: Vec<&&str> = parts
                    .starts
                    .iter()
                    .filter(|start| !start.ends_with(' '))
                    .collect();
                let second: &&&str = pick(number("second start"), &plain);
                name.push_str(second);
            }
            for position in 0..below(number("length"), 3) {
                let middle: &&str = pick(draw(&[number("middle"), position as u64]), parts.middles);
                if !name.ends_with(middle) {
                    name.push_str(middle);
                }
            }
            let end: &&str = pick(number("end"), parts.ends);
            name.push_str(end);
            let name = capitalised(&name);
            if name.chars().count() >= 5 && self.taken.insert(name.clone()) {
                return name;
            }
        }
    }

    /// A name for a facility: mostly new, at times with a quarter of the town
    /// behind it or one that many districts know.
    pub fn facility(&mut self, family: usize, french: bool, district: &str) -> String {
        let number = draw(&[self.seed, self.count, key("facility")]);
        let (quarters, shared): (&[&str], &[&str]) = if french {
            (&QUARTERS_FRENCH, &SHARED_FRENCH)
        } else {
            (&QUARTERS_ENGLISH, &SHARED_ENGLISH)
        };
        match number % 100 {
            0..=5 => {
                self.count += 1;
                (*pick(number >> 8, shared)).to_owned()
            }
            6..=11 => {
                self.count += 1;
                format!("{district} {}", pick(number >> 8, quarters))
            }
            12..=17 => format!("{} {}", self.name(family), pick(number >> 8, quarters)),
            _ if chance(number >> 16, 40) => format!("{}-{}", self.name(family), self.name(family)),
            _ => self.name(family),
        }
    }
}

/// Each word with a capital, as `Oued Zzemar` from `Oued zzemar`.
fn capitalised(name: &str) -> String {
    let mut result = String::with_capacity(name.len());
    let mut start = true;
    for sign in name.chars() {
        if start {
            result.extend(sign.to_uppercase());
        } else {
            result.push(sign);
        }
        start = sign == ' ';
    }
    result
}
