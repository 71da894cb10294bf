//! What the loader (`public/loader.js`) leaves for the app in `globalThis.tributary`.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Worker;

/// The loader's facts about this page.
#[derive(Clone, Debug, Default)]
pub struct Boot {
    /// Address of the DHIS2 server with a slash at its end.
    pub base: String,
    /// The app's version.
    pub version: String,
    /// The build's number, as in `version.json`.
    pub build: String,
    /// The language whose texts came with the start.
    pub language: String,
    /// All languages that there are texts for.
    pub languages: Vec<String>,
    /// The texts of `language`, as JSON.
    pub text: String,
    /// A message when the server has another build than this page; else empty.
    pub outdated: String,
}

/// Reads the loader's facts; members that are missing are empty.
pub fn boot() -> Boot {
    let languages = js_sys::Array::from(&member("languages"));
    Boot {
        base: text_member("base"),
        version: text_member("version"),
        build: text_member("build"),
        language: text_member("language"),
        languages: languages.iter().filter_map(|tag| tag.as_string()).collect(),
        text: text_member("text"),
        outdated: text_member("outdated"),
    }
}

/// Fetches the texts of another language, as JSON; `None` when they cannot be had.
pub async fn load_text(language: &str) -> Option<String> {
    let load: Function = member("loadText").dyn_into().ok()?;
    let answer = load
        .call1(&JsValue::NULL, &JsValue::from_str(language))
        .ok()?;
    let text = JsFuture::from(answer.dyn_into::<Promise>().ok()?)
        .await
        .ok()?;
    text.as_string()
}

/// The Worker that the loader has started, if it has and nobody took it before. It waits for
/// its first message like any other.
pub(super) fn take_worker() -> Option<Worker> {
    let take: Function = member("takeWorker").dyn_into().ok()?;
    take.call0(&JsValue::NULL).ok()?.dyn_into().ok()
}

/// A member of `globalThis.tributary`; undefined when there is none (as in native tests).
pub(super) fn member(name: &str) -> JsValue {
    Reflect::get(&js_sys::global(), &JsValue::from_str("tributary"))
        .and_then(|facts| Reflect::get(&facts, &JsValue::from_str(name)))
        .unwrap_or(JsValue::UNDEFINED)
}

pub(super) fn text_member(name: &str) -> String {
    member(name).as_string().unwrap_or_default()
}
