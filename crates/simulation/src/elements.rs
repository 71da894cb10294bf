//! The data elements of a world, and the texts that they take.

use crate::random::Random;
use crate::side::DEFAULT;

/// A data element of the world: uid, data set, and the category option combos.
pub(crate) struct Element {
    pub(crate) uid: &'static str,
    pub(crate) data_set: &'static str,
    pub(crate) form: Form,
}

/// Which texts an element takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Count,
    /// A count by age and sex.
    Split,
    /// A count by partner, the attribute.
    ByPartner,
    Number,
    Text,
    Boolean,
}

/// All of them.
pub(crate) const ELEMENTS: [Element; 9] = [
    element("deIntZeroP1", "dsMonthly01", Form::Count),
    element("deInteger01", "dsMonthly01", Form::Count),
    element("deNumber001", "dsMonthly01", Form::Number),
    element("deText00001", "dsMonthly01", Form::Text),
    element("deBoolean01", "dsMonthly01", Form::Boolean),
    element("deAgeSex001", "dsMonthly01", Form::Split),
    element("dePartner01", "dsPartner01", Form::ByPartner),
    element("deQuarter01", "dsQuarter01", Form::Count),
    element("deExpiry001", "dsExpiry001", Form::Count),
];

const fn element(uid: &'static str, data_set: &'static str, form: Form) -> Element {
    Element {
        uid,
        data_set,
        form,
    }
}

impl Element {
    /// Its category option combos.
    pub(crate) fn combos(&self) -> Vec<String> {
        match self.form {
            Form::Split => (1..=6)
                .map(|number| format!("cocAgeSex0{number}"))
                .collect(),
            _ => vec![DEFAULT.to_owned()],
        }
    }
}

/// The data set of an element.
pub fn data_set(element: &str) -> &'static str {
    let found = ELEMENTS.iter().find(|one| one.uid == element);
    found.map_or("dsMonthly01", |one| one.data_set)
}

/// A text of an element as the app writes it for every version: blanks and spellings that some
/// servers take away do not count.
pub fn spelled(element: &str, text: &str) -> String {
    let found = ELEMENTS.iter().find(|one| one.uid == element);
    match found.map(|one| one.form) {
        Some(Form::Text) => text.trim().to_owned(),
        Some(Form::Boolean) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "1" | "yes" => "true".to_owned(),
            _ => "false".to_owned(),
        },
        _ => text.to_owned(),
    }
}

/// A text that the form takes.
pub(crate) fn text(random: &Random, form: Form) -> String {
    let number = 1 + random.below(20);
    match form {
        Form::Number => match random.below(3) {
            0 => format!("{number}.0"),
            1 => format!("{number}.5"),
            _ => number.to_string(),
        },
        // With blanks that servers up to 2.42 take away, and what CSV has to quote.
        Form::Text if number > 15 => format!(" seen {number} "),
        Form::Text => format!("seen {number}, \"well\""),
        Form::Boolean => {
            let spellings = ["true", "false", "TRUE", "1", "f"];
            random
                .pick(&spellings)
                .copied()
                .unwrap_or("true")
                .to_owned()
        }
        Form::Count | Form::Split | Form::ByPartner => number.to_string(),
    }
}
