//! The words on the screen, in the person's language.
//!
//! A catalogue (`public/text/<language>.json`) gives each key a text, or one text per plural
//! category of CLDR. `{name}` stands for a parameter; numbers are written as the language
//! writes them. Keys are grouped by screen: `import.plan.title`.

use crate::browser::{boot, document, intl, storage};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;

/// The texts of one language.
#[derive(Debug, Default)]
pub struct Catalogue {
    language: String,
    texts: HashMap<String, Text>,
}

#[derive(Debug)]
enum Text {
    Plain(String),
    /// Plural category → text.
    Counted(HashMap<String, String>),
}

thread_local! {
    static CATALOGUE: RefCell<Catalogue> = RefCell::default();
}

/// Makes a language the one that everything is written in from now on. Texts that do not
/// parse leave the present ones in place.
pub fn install(language: &str, json: &str) {
    if let Some(catalogue) = Catalogue::parse(language, json) {
        document::set_language(language);
        CATALOGUE.set(catalogue);
    }
}

/// Changes to the person's DHIS2 language, if there are texts for it and it is not the present
/// one. True when the texts changed. The browser remembers the language for its next start.
pub async fn change_language(dhis2_locale: &str) -> bool {
    let facts = boot::boot();
    let Some(wanted) = best_language(dhis2_locale, &facts.languages) else {
        return false;
    };
    storage::remember("language", &wanted);
    if wanted == language() {
        return false;
    }
    let Some(json) = boot::load_text(&wanted).await else {
        return false;
    };
    install(&wanted, &json);
    language() == wanted
}

/// The present language, `fr`.
pub fn language() -> String {
    CATALOGUE.with_borrow(|catalogue| catalogue.language.clone())
}

/// The text of a key.
pub fn t(key: &str) -> String {
    t_with(key, &[])
}

/// The text of a key, with its parameters: `t_with("import.to", &[("server", name)])`.
pub fn t_with(key: &str, parameters: &[(&str, &str)]) -> String {
    CATALOGUE.with_borrow(|catalogue| catalogue.plain(key, parameters))
}

/// The text of a key for a number of things, which it can show as `{n}`.
pub fn t_count(key: &str, count: u64, parameters: &[(&str, &str)]) -> String {
    CATALOGUE.with_borrow(|catalogue| catalogue.counted(key, count, parameters))
}

/// Whether there is a text for a key; for keys that are put together from what a server says.
pub fn has_text(key: &str) -> bool {
    CATALOGUE.with_borrow(|catalogue| catalogue.texts.contains_key(key))
}

/// A whole number as the language writes it: 12,500 or 12 500.
pub fn whole(number: u64) -> String {
    // Counts stay far below 2^53, where the conversion would lose digits.
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    intl::number(&language(), number as f64)
}

/// A value as the language writes it, if it is a number; else the value itself.
pub fn value(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && text.len() < 15 => intl::number(&language(), number),
        _ => text.to_owned(),
    }
}

impl Catalogue {
    fn parse(language: &str, json: &str) -> Option<Self> {
        let Value::Object(entries) = serde_json::from_str(json).ok()? else {
            return None;
        };
        let mut texts = HashMap::with_capacity(entries.len());
        for (key, entry) in entries {
            let text = match entry {
                Value::String(text) => Text::Plain(text),
                Value::Object(forms) => Text::Counted(
                    forms
                        .into_iter()
                        .filter_map(|(category, text)| Some((category, text.as_str()?.to_owned())))
                        .collect(),
                ),
                _ => return None,
            };
            texts.insert(key, text);
        }
        Some(Self {
            language: language.to_owned(),
            texts,
        })
    }

    fn plain(&self, key: &str, parameters: &[(&str, &str)]) -> String {
        match self.texts.get(key) {
            Some(Text::Plain(text)) => filled(text, parameters),
            Some(Text::Counted(forms)) => forms
                .get("other")
                .map_or_else(|| key.to_owned(), |text| filled(text, parameters)),
            // A key on the screen is ugly but says what is missing; a test keeps it from happening.
            None => key.to_owned(),
        }
    }

    fn counted(&self, key: &str, count: u64, parameters: &[(&str, &str)]) -> String {
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        let number = count as f64;
        let shown = intl::number(&self.language, number);
        let mut all = parameters.to_vec();
        all.push(("n", &shown));
        let Some(Text::Counted(forms)) = self.texts.get(key) else {
            return self.plain(key, &all);
        };
        let category = intl::plural_category(&self.language, number);
        let text = forms.get(&category).or_else(|| forms.get("other"));
        text.map_or_else(|| key.to_owned(), |text| filled(text, &all))
    }
}

/// Puts parameters into a text; what stands in braces and is no parameter stays.
fn filled(text: &str, parameters: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, from_brace) = rest.split_at(open);
        out.push_str(before);
        let name = from_brace
            .find('}')
            .and_then(|close| from_brace.get(1..close));
        let value = name.and_then(|name| parameters.iter().find(|(known, _)| *known == name));
        match (name, value) {
            (Some(name), Some((_, value))) => {
                out.push_str(value);
                rest = from_brace.get(name.len() + 2..).unwrap_or_default();
            }
            _ => {
                out.push('{');
                rest = from_brace.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// The language among those there are that fits a DHIS2 locale, which Java writes
/// `language[_REGION[_Script]]`: `pt_BR` → `pt`.
fn best_language(dhis2_locale: &str, languages: &[String]) -> Option<String> {
    let tag = dhis2_locale.replace('_', "-").to_lowercase();
    let primary = tag.split('-').next().unwrap_or_default();
    languages
        .iter()
        .find(|known| known.to_lowercase() == tag)
        .or_else(|| languages.iter().find(|known| *known == primary))
        .cloned()
}

#[cfg(test)]
mod tests;
