//! The DHIS2 client's transport over the browser's `fetch`, on the session of the logged-in
//! person: same origin, cookies, no secret of ours.

use super::boot;
use super::clock;
use super::timer::{self, Timer};
use futures_util::join;
use gloo_net::http::{Headers, Method as HttpMethod, RequestBuilder};
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use std::cell::RefCell;
use tributary_dhis2::transport::{
    KEPT_BYTES, Method, Request, Response, SILENCE_MILLIS, TakePiece, Transport, TransportError,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, ReadableStream, ReadableStreamDefaultReader, RequestCredentials,
    WritableStream,
};

/// The time-out where a request names none: longer than any proxy keeps a line open.
const LONGEST_WAIT_MILLIS: u32 = 300_000;

/// Bytes that the unpacker gets at a time. It unpacks all that it got, twenty times as much, before
/// it waits for who takes it; and a line that waited hands out pieces of megabytes (Chromium 156).
const PACKED_BYTES: usize = 16 * 1_024;

/// How a gzipped body begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

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
        self.carry(request, None).await
    }

    async fn send_in_pieces(
        &self,
        request: Request,
        take: &mut TakePiece<'_>,
    ) -> Result<Response, TransportError> {
        self.carry(request, Some(take)).await
    }

    async fn wait(&self, millis: u32) {
        timer::sleep(millis).await;
    }

    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole milliseconds since 1970"
    )]
    fn millis(&self) -> u64 {
        clock::now_millis() as u64
    }

    fn chance(&self) -> f64 {
        js_sys::Math::random()
    }
}

impl BrowserTransport {
    async fn carry(
        &self,
        request: Request,
        take: Option<&mut TakePiece<'_>>,
    ) -> Result<Response, TransportError> {
        let controller = AbortOnDrop::new()?;
        let millis = request.timeout_millis.unwrap_or(LONGEST_WAIT_MILLIS);
        let ending_after = |millis| {
            let stop = controller.0.clone();
            Timer::after(millis, move || stop.abort())
        };
        let timer = ending_after(millis);
        let silence = RefCell::new(None);
        let heard = || drop(silence.replace(Some(ending_after(SILENCE_MILLIS))));
        let answer = exchange(&self.base, request, &controller.0, take, &heard).await;
        answer.map_err(|problem| {
            let is_silent = || silence.borrow().as_ref().is_some_and(Timer::has_fired);
            if timer.has_fired() || is_silent() {
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
    take: Option<&mut TakePiece<'_>>,
    heard: &dyn Fn(),
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
    heard();
    let mut body = Vec::new();
    if let Some(stream) = answer.body() {
        match take {
            Some(take) if answer.status() == 200 => {
                let mut keep_and_take = |piece: &[u8]| {
                    let room = KEPT_BYTES.saturating_sub(body.len()).min(piece.len());
                    body.extend_from_slice(piece.get(..room).unwrap_or_default());
                    take(piece);
                };
                in_pieces(&stream, &mut keep_and_take, heard).await?;
            }
            _ => {
                let mut keep = |piece: &[u8]| body.extend_from_slice(piece);
                in_pieces(&stream, &mut keep, heard).await?;
            }
        }
    }
    Ok(Response {
        status: answer.status(),
        headers: answer
            .headers()
            .entries()
            .map(|(name, value)| (name.to_lowercase(), value))
            .collect(),
        redirected: answer.redirected(),
        body,
    })
}

/// Hands a body to `take` piece by piece as it comes; `heard` is called for each. DHIS2 gives
/// gzipped exports without a Content-Encoding; the magic bytes tell.
///
/// The next piece is asked for when the one before was taken: the browser stops reading from
/// the line while its few pieces wait, so that no more of a body is held than that.
async fn in_pieces(
    stream: &ReadableStream,
    take: &mut TakePiece<'_>,
    heard: &dyn Fn(),
) -> Result<(), String> {
    let reader = reader_of(stream);
    let next_heard = async || {
        let piece = next(&reader).await;
        heard();
        piece
    };
    let mut beginning = Vec::new();
    while beginning.len() < GZIP.len() {
        match next_heard().await? {
            Some(piece) => beginning.extend_from_slice(&piece),
            None => break,
        }
    }
    if beginning.starts_with(&GZIP) {
        return unpacked(&beginning, next_heard, take).await;
    }
    take(&beginning);
    while let Some(piece) = next_heard().await? {
        take(&piece);
    }
    Ok(())
}

/// Sends what comes through the browser's unpacker: one hand puts in, the other takes out. What
/// is put in waits until there is room for it, and so does who puts it in.
async fn unpacked(
    beginning: &[u8],
    next_packed: impl AsyncFn() -> Result<Option<Vec<u8>>, String>,
    take: &mut TakePiece<'_>,
) -> Result<(), String> {
    let (writable, readable) = unpacker().map_err(|problem| words(&problem))?;
    let writer = writable.get_writer().map_err(|problem| words(&problem))?;
    let put_in = async {
        let mut packed = Some(beginning.to_vec());
        while let Some(piece) = packed {
            for part in piece.chunks(PACKED_BYTES) {
                done(writer.write_with_chunk(&Uint8Array::from(part))).await?;
            }
            packed = next_packed().await?;
        }
        done(writer.close()).await
    };
    // The other hand would wait for ever for what no longer comes.
    let put_in = async {
        let outcome = put_in.await;
        if outcome.is_err() {
            done(writer.abort()).await.ok();
        }
        outcome
    };
    let take_out = async {
        let unpacked = reader_of(&readable);
        while let Some(piece) = next(&unpacked).await? {
            take(&piece);
        }
        Ok(())
    };
    let (put, taken) = join!(put_in, take_out);
    put.and(taken)
}

/// `new DecompressionStream("gzip")`, its two ends; web-sys counts the class as unstable.
fn unpacker() -> Result<(WritableStream, ReadableStream), JsValue> {
    let member = |of: &JsValue, name: &str| Reflect::get(of, &JsValue::from_str(name));
    let class: Function = member(&js_sys::global(), "DecompressionStream")?.dyn_into()?;
    let unpacker = Reflect::construct(&class, &Array::of1(&JsValue::from_str("gzip")))?;
    Ok((
        member(&unpacker, "writable")?.unchecked_into(),
        member(&unpacker, "readable")?.unchecked_into(),
    ))
}

fn reader_of(stream: &ReadableStream) -> ReadableStreamDefaultReader {
    stream.get_reader().unchecked_into()
}

/// The next piece; none at the end.
async fn next(reader: &ReadableStreamDefaultReader) -> Result<Option<Vec<u8>>, String> {
    let read = JsFuture::from(reader.read())
        .await
        .map_err(|problem| words(&problem))?;
    let value = Reflect::get(&read, &JsValue::from_str("value")).unwrap_or(JsValue::UNDEFINED);
    Ok(value.dyn_ref::<Uint8Array>().map(|piece| piece.to_vec()))
}

async fn done(promise: Promise) -> Result<(), String> {
    JsFuture::from(promise)
        .await
        .map(|_| ())
        .map_err(|problem| words(&problem))
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
