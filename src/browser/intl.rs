//! Plurals, numbers and dates as a language writes them, from the browser's `Intl`:
//! that knows all languages and costs no bytes. Native tests get plain English forms.

#[cfg(target_family = "wasm")]
mod by_browser {
    use super::Day;
    use js_sys::{Array, Date, Function, Object, Reflect};
    use std::cell::RefCell;
    use std::collections::HashMap;
    use wasm_bindgen::{JsCast, JsValue};

    thread_local! {
        /// Formatters are slow to make (up to a millisecond) and are asked for per table cell.
        static MADE: RefCell<HashMap<String, JsValue>> = RefCell::default();
    }

    pub fn plural_category(language: &str, number: f64) -> Option<String> {
        let rules = made("PluralRules", language, &[])?;
        call(&rules, "select", &JsValue::from_f64(number))
    }

    pub fn number(language: &str, number: f64) -> Option<String> {
        let format = made(
            "NumberFormat",
            language,
            &[("maximumFractionDigits", JsValue::from(10))],
        )?;
        call(&format, "format", &JsValue::from_f64(number))
    }

    pub fn date(language: &str, day: Day) -> Option<String> {
        call(
            &date_format(language, day)?,
            "format",
            &JsValue::from_f64(millis(day)),
        )
    }

    pub fn date_range(language: &str, from: Day, to: Day) -> Option<String> {
        let format = date_format(language, from)?;
        let method: Function = Reflect::get(&format, &JsValue::from_str("formatRange"))
            .ok()?
            .dyn_into()
            .ok()?;
        let (from, to) = (
            JsValue::from_f64(millis(from)),
            JsValue::from_f64(millis(to)),
        );
        method.call2(&format, &from, &to).ok()?.as_string()
    }

    fn date_format(language: &str, like: Day) -> Option<JsValue> {
        let month_name = JsValue::from_str("long");
        let number = JsValue::from_str("numeric");
        let mut options = vec![
            ("year", number.clone()),
            ("month", month_name),
            ("timeZone", JsValue::from_str("UTC")),
        ];
        if like.2.is_some() {
            options.push(("day", number));
        }
        made("DateTimeFormat", language, &options)
    }

    fn millis((year, month, day): Day) -> f64 {
        Date::utc(f64::from(year), f64::from(month) - 1.0)
            + f64::from(day.unwrap_or(1) - 1) * 86_400_000.0
    }

    /// `new Intl[kind](language, options)`, made once.
    fn made(kind: &str, language: &str, options: &[(&str, JsValue)]) -> Option<JsValue> {
        let key = format!("{kind} {language} {}", options.len());
        if let Some(found) = MADE.with_borrow(|made| made.get(&key).cloned()) {
            return Some(found);
        }
        let intl = Reflect::get(&js_sys::global(), &JsValue::from_str("Intl")).ok()?;
        let class: Function = Reflect::get(&intl, &JsValue::from_str(kind))
            .ok()?
            .dyn_into()
            .ok()?;
        let settings = Object::new();
        for (name, value) in options {
            Reflect::set(&settings, &JsValue::from_str(name), value).ok()?;
        }
        let arguments = Array::of2(&JsValue::from_str(language), &settings);
        let new = Reflect::construct(&class, &arguments).ok()?;
        MADE.with_borrow_mut(|made| made.insert(key, new.clone()));
        Some(new)
    }

    fn call(object: &JsValue, method: &str, argument: &JsValue) -> Option<String> {
        let method: Function = Reflect::get(object, &JsValue::from_str(method))
            .ok()?
            .dyn_into()
            .ok()?;
        method.call1(object, argument).ok()?.as_string()
    }
}

#[cfg(not(target_family = "wasm"))]
mod by_browser {
    use super::Day;

    pub fn plural_category(_language: &str, _number: f64) -> Option<String> {
        None
    }

    pub fn number(_language: &str, _number: f64) -> Option<String> {
        None
    }

    pub fn date(_language: &str, _day: Day) -> Option<String> {
        None
    }

    pub fn date_range(_language: &str, _from: Day, _to: Day) -> Option<String> {
        None
    }
}

/// The plural category of a number in a language (CLDR): `zero`, `one`, `two`, `few`, `many`, `other`.
pub fn plural_category(language: &str, number: f64) -> String {
    by_browser::plural_category(language, number).unwrap_or_else(|| {
        let is_one = (number - 1.0).abs() < f64::EPSILON;
        if is_one { "one" } else { "other" }.to_owned()
    })
}

/// A number with the language's digits, grouping and decimal sign.
pub fn number(language: &str, number: f64) -> String {
    by_browser::number(language, number).unwrap_or_else(|| number.to_string())
}

/// A day (year, month, day), or without its last part a month. Months count from 1.
pub type Day = (i32, u32, Option<u32>);

/// A day in full, "22 November 2026"; without a day a month, "November 2026". Months count from 1.
pub fn date(language: &str, year: i32, month: u32, day: Option<u32>) -> String {
    let day = (year, month, day);
    by_browser::date(language, day).unwrap_or_else(|| plain(day))
}

/// From one day to another, or from one month to another: "July – September 2026". Both with a
/// day or both without.
pub fn date_range(language: &str, from: Day, to: Day) -> String {
    by_browser::date_range(language, from, to)
        .unwrap_or_else(|| format!("{} – {}", plain(from), plain(to)))
}

fn plain((year, month, day): Day) -> String {
    day.map_or_else(
        || format!("{year}-{month:02}"),
        |day| format!("{year}-{month:02}-{day:02}"),
    )
}
