//! A strict transport in memory for tests: it answers the requests it was told of and fails
//! the test at any other.

use crate::transport::{Method, Request, Response, Transport, TransportError};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// What [`FakeTransport`] expects next, and what it answers.
struct Expectation {
    method: Method,
    path: String,
    answer: Result<Response, TransportError>,
}

/// Answers a list of expected requests in their order. An unexpected request, another
/// order, and (at [`FakeTransport::finish`]) one that never came fail the test.
#[derive(Default)]
pub struct FakeTransport {
    expected: RefCell<VecDeque<Expectation>>,
    seen: RefCell<Vec<Request>>,
    now: Cell<u64>,
}

impl FakeTransport {
    /// Expects nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Expects a request next, by method and whole path with query, and answers it.
    #[must_use]
    pub fn expect(
        self,
        method: Method,
        path: &str,
        answer: Result<Response, TransportError>,
    ) -> Self {
        self.expected.borrow_mut().push_back(Expectation {
            method,
            path: path.to_owned(),
            answer,
        });
        self
    }

    /// Expects a GET next and answers it with JSON.
    #[must_use]
    pub fn get(self, path: &str, status: u16, json: &str) -> Self {
        self.expect(Method::Get, path, Ok(json_response(status, json)))
    }

    /// The requests seen so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Request> {
        self.seen.borrow().clone()
    }

    /// Milliseconds that were waited so far. They pass at once.
    #[must_use]
    pub fn waited(&self) -> u64 {
        self.now.get()
    }

    /// Ends the test: everything expected must have come.
    ///
    /// # Panics
    /// When an expected request never came.
    pub fn finish(&self) {
        let left: Vec<String> = self
            .expected
            .borrow()
            .iter()
            .map(|expectation| expectation.path.clone())
            .collect();
        assert!(left.is_empty(), "never asked: {left:?}");
    }
}

impl Transport for FakeTransport {
    /// # Panics
    /// At a request that is not the next expected one.
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let asked = format!("{} {}", request.method.as_str(), request.path);
        let next = self.expected.borrow_mut().pop_front();
        self.seen.borrow_mut().push(request);
        let expected = next
            .as_ref()
            .map(|next| format!("{} {}", next.method.as_str(), next.path));
        assert_eq!(Some(&asked), expected.as_ref(), "unexpected request");
        next.map_or(Err(TransportError::Aborted), |next| next.answer)
    }

    async fn wait(&self, millis: u32) {
        self.now.set(self.now.get() + u64::from(millis));
    }

    fn millis(&self) -> u64 {
        self.now.get()
    }

    fn chance(&self) -> f64 {
        0.0
    }
}

/// A JSON answer.
#[must_use]
pub fn json_response(status: u16, json: &str) -> Response {
    Response {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: json.as_bytes().to_vec(),
        redirected: false,
    }
}

/// Runs a future that never has to wait, as those over a [`FakeTransport`].
///
/// # Panics
/// When the future waits for something else.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    match future.as_mut().poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("a future over a FakeTransport never waits"),
    }
}
