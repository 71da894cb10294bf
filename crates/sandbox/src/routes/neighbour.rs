//! A Route to a server in this process: the request is handed over without a network.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use url::Url;

use crate::answer::Answer;
use crate::request::Request;
use crate::server::Server;

/// The other server's answer to a request that goes on with these headers.
pub(super) async fn ask(
    peer: Arc<Server>,
    request: &Request,
    target: &Url,
    headers: Vec<(String, String)>,
) -> Answer {
    hand_over(peer, onward(request, target, headers)).await
}

/// The request as it goes on to a server in this process.
fn onward(request: &Request, target: &Url, headers: Vec<(String, String)>) -> Request {
    let mut onward = Request::new(&request.method, &target[url::Position::BeforePath..]);
    onward.headers = headers
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    if request.method != "GET" {
        onward.body.clone_from(&request.body);
    }
    onward
}

/// Asks a server in this process. Boxed: its answer may lead through a Route again.
fn hand_over(peer: Arc<Server>, request: Request) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
    Box::pin(async move { peer.handle(request).await })
}
