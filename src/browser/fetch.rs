//! The DHIS2 client's transport over the browser's `fetch`, on the session of the logged-in
//! person: same origin, cookies, no secret of ours.

use super::boot;
use super::timer::Timer;
use gloo_net::http::{Headers, Method as HttpMethod, RequestBuilder};
use js_sys::{Array, Function, Reflect, Uint8Array};
use std::cell::RefCell;
use tributary_dhis2::transport::{Method, Request, Response, Transport, TransportError};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStream, ReadableWritablePair, RequestCredentials};

/// The time-out where a request names none: longer than any proxy keeps a line open.
const LONGEST_WAIT_MILLIS: u32 = 300_000;

thread_local! {
    /// DHIS2's anti-forgery token as the page knows it (see [`set_token`]).
    static TOKEN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Carries requests to the DHIS2 that the app is installed in.
#[derive(Clone, Debug)]
pub struct BrowserTransport {
    base: String,
}

impl BrowserTransport {
    /// A transport to the server that this page came from.
    pub fn new() -> Self {
        Self {
            base: boot::text_member("base"),
        }
    }
}

impl Default for BrowserTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for BrowserTransport {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let controller = AbortOnDrop::new()?;
        let stop = controller.0.clone();
        let millis = request.timeout_millis.unwrap_or(LONGEST_WAIT_MILLIS);
        let timer = Timer::after(millis, move || stop.abort());
        let answer = exchange(&self.base, request, &controller.0).await;
        answer.map_err(|problem| {
            if timer.has_fired() {
                TransportError::TimedOut
            } else if controller.0.signal().aborted() {
                TransportError::Aborted
            } else {
                TransportError::Network(problem)
            }
        })
    }
}

/// Whoever no longer waits for the answer (a stopped run) ends the request, too.
struct AbortOnDrop(AbortController);

impl AbortOnDrop {
    fn new() -> Result<Self, TransportError> {
        AbortController::new()
            .map(Self)
            .map_err(|problem| TransportError::Network(words(&problem)))
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn exchange(
    base: &str,
    request: Request,
    controller: &AbortController,
) -> Result<Response, String> {
    let writes = request.method != Method::Get;
    let headers = Headers::new();
    // Without it an expired session is answered with the log-in page instead of 401.
    headers.set("X-Requested-With", "XMLHttpRequest");
    for (name, value) in &request.headers {
        headers.set(name, value);
    }
    if let (true, Some(token)) = (writes, token()) {
        headers.set("X-XSRF-TOKEN", &token);
    }
    let builder = RequestBuilder::new(&format!("{base}{}", request.path))
        .method(match request.method {
            Method::Get => HttpMethod::GET,
            Method::Post => HttpMethod::POST,
            Method::Put => HttpMethod::PUT,
            Method::Delete => HttpMethod::DELETE,
        })
        .headers(headers)
        .credentials(RequestCredentials::SameOrigin)
        .abort_signal(Some(&controller.signal()));
    let ready = match request.body {
        Some(body) => builder.body(Uint8Array::from(body.as_slice())),
        None => builder.build(),
    };
    let ready = ready.map_err(|problem| problem.to_string())?;
    let answer = ready.send().await.map_err(|problem| problem.to_string())?;
    let body = answer
        .binary()
        .await
        .map_err(|problem| problem.to_string())?;
    Ok(Response {
        status: answer.status(),
        headers: answer
            .headers()
            .entries()
            .map(|(name, value)| (name.to_lowercase(), value))
            .collect(),
        redirected: answer.redirected(),
        body: inflated(body).await?,
    })
}

/// DHIS2 gives gzipped exports without a Content-Encoding; the magic bytes tell.
async fn inflated(body: Vec<u8>) -> Result<Vec<u8>, String> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(body);
    }
    let packed =
        web_sys::Response::new_with_opt_js_u8_array(Some(&Uint8Array::from(body.as_slice())))
            .map_err(|problem| words(&problem))?;
    let stream = packed.body().ok_or("a gzipped answer without a body")?;
    let unpacked = web_sys::Response::new_with_opt_readable_stream(Some(
        &gunzip(&stream).map_err(|p| words(&p))?,
    ))
    .map_err(|problem| words(&problem))?;
    let buffer = unpacked.array_buffer().map_err(|problem| words(&problem))?;
    let buffer = JsFuture::from(buffer)
        .await
        .map_err(|problem| words(&problem))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// `stream.pipeThrough(new DecompressionStream("gzip"))`; web-sys counts the class as unstable.
fn gunzip(stream: &ReadableStream) -> Result<ReadableStream, JsValue> {
    let class: Function =
        Reflect::get(&js_sys::global(), &JsValue::from_str("DecompressionStream"))?.dyn_into()?;
    let unpacker = Reflect::construct(&class, &Array::of1(&JsValue::from_str("gzip")))?;
    Ok(stream.pipe_through(unpacker.unchecked_ref::<ReadableWritablePair>()))
}

/// The anti-forgery token: needed from 2.42 on where `http.security.csrf.enabled` is on.
fn token() -> Option<String> {
    let given = TOKEN.with_borrow(Clone::clone);
    if given.is_empty() {
        token_from_cookie()
    } else {
        Some(given)
    }
}

/// Tells the Worker's copy of the app the token, which it cannot read itself.
pub(super) fn set_token(token: String) {
    TOKEN.set(token);
}

/// The token in the page's cookies, if the server gave one.
pub(super) fn token_from_cookie() -> Option<String> {
    let document = web_sys::window()?.document()?;
    let cookies = Reflect::get(&document, &JsValue::from_str("cookie"))
        .ok()?
        .as_string()?;
    cookies
        .split(';')
        .find_map(|cookie| cookie.trim().strip_prefix("XSRF-TOKEN=").map(str::to_owned))
        .filter(|token| !token.is_empty())
}

fn words(problem: &JsValue) -> String {
    Reflect::get(problem, &JsValue::from_str("message"))
        .ok()
        .and_then(|message| message.as_string())
        .unwrap_or_else(|| format!("{problem:?}"))
}
