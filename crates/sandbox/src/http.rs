//! HTTP on the loopback interface: a thin layer that turns what comes over the
//! wire into a [`Request`] and sends the [`Answer`] back.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::answer::Answer;
use crate::options::ServerOptions;
use crate::request::Request;
use crate::server::Server;

/// Larger bodies are refused; DHIS2 itself has no limit, memory has.
const MAX_BODY: usize = 512 * 1024 * 1024;

/// A header of our own by which a fault says that the line is to be cut: after so many
/// bytes of the body, or (`all`) before anything is sent.
pub const DROP_HEADER: &str = "x-sandbox-drop";
/// A header of our own by which a fault says how slow the body is to come: bytes of a
/// piece, `/`, milliseconds between pieces.
pub const SLOW_HEADER: &str = "x-sandbox-slow";

/// A body as it goes out: at once, or in pieces that may end in a cut line.
type Outgoing = BoxBody<Bytes, std::io::Error>;

/// A server that listens.
pub struct RunningServer {
    /// `http://localhost:PORT`, without a slash at the end.
    pub base_url: String,
    /// The server itself, for calls within the process.
    pub server: Arc<Server>,
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl RunningServer {
    /// Stops listening. Requests under way are given a second to end.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        let _ = tokio::time::timeout(Duration::from_secs(1), &mut self.task).await;
        self.task.abort();
    }

    /// Waits until the server ends by itself.
    pub async fn wait(mut self) {
        let _ = (&mut self.task).await;
    }
}

/// Opens the database and listens on 127.0.0.1.
pub async fn start(
    options: ServerOptions,
) -> Result<RunningServer, Box<dyn std::error::Error + Send + Sync>> {
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, options.port))).await?;
    let port = listener.local_addr()?.port();
    let server = Server::open(options)?;
    let (stop, stopped) = watch::channel(false);
    let task = tokio::spawn(listen(listener, Arc::clone(&server), stopped));
    Ok(RunningServer {
        base_url: format!("http://localhost:{port}"),
        server,
        stop,
        task,
    })
}

async fn listen(listener: TcpListener, server: Arc<Server>, mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    tokio::spawn(serve(stream, Arc::clone(&server), stopped.clone()));
                }
            }
            _ = stopped.changed() => return,
        }
    }
}

/// One connection. It ends when the client closes it, when a fault cuts it, or
/// when the server stops.
async fn serve(stream: TcpStream, server: Arc<Server>, mut stopped: watch::Receiver<bool>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |incoming| answer(Arc::clone(&server), incoming));
    let connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        // An error is a client that went away or a line that was cut on purpose.
        _ = connection.as_mut() => {}
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

async fn answer(
    server: Arc<Server>,
    incoming: hyper::Request<Incoming>,
) -> Result<Response<Outgoing>, std::io::Error> {
    let (parts, body) = incoming.into_parts();
    let target = parts.uri.path_and_query().map_or("/", |p| p.as_str());
    let mut request = Request::new(parts.method.as_str(), target);
    for (name, value) in &parts.headers {
        request.headers.push((
            name.as_str().to_owned(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        ));
    }
    request.body = match Limited::new(body, MAX_BODY).collect().await {
        Ok(collected) => collected.to_bytes().to_vec(),
        Err(e) => return outgoing(Answer::error(400, &e.to_string(), None)),
    };
    outgoing(server.handle(request).await)
}

fn cut_off() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::ConnectionAborted, "cut off")
}

/// The answer for the wire. The error cuts the line before anything is sent.
fn outgoing(mut answer: Answer) -> Result<Response<Outgoing>, std::io::Error> {
    let mut sign = |name: &str| {
        let at = answer.headers.iter().position(|(n, _)| n == name)?;
        Some(answer.headers.remove(at).1)
    };
    let (cut, slow) = (sign(DROP_HEADER), sign(SLOW_HEADER));
    if cut.as_deref() == Some("all") {
        return Err(cut_off());
    }
    let cut: Option<usize> = cut.and_then(|bytes| bytes.parse().ok());
    let slow = slow.and_then(|s| {
        let (bytes, millis) = s.split_once('/')?;
        Some((
            bytes.parse().ok()?,
            Duration::from_millis(millis.parse().ok()?),
        ))
    });
    let length = answer.body.len();
    let body = Bytes::from(answer.body);
    let body = match (cut, slow) {
        (None, None) => Full::new(body).map_err(|never| match never {}).boxed(),
        (cut, slow) => {
            // The head promises the whole body.
            answer
                .headers
                .push(("content-length".into(), length.to_string()));
            in_pieces(body, cut, slow)
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    Ok(response)
}

/// A body in pieces, with a wait before each but the first, and a cut line in the end
/// if there is to be one.
fn in_pieces(body: Bytes, cut: Option<usize>, slow: Option<(usize, Duration)>) -> Outgoing {
    let end = cut.map_or(body.len(), |at| at.min(body.len()));
    let (piece, wait) = slow.unwrap_or((body.len().max(1), Duration::ZERO));
    // Where the next piece begins; nothing when all is said.
    let pieces = futures_util::stream::unfold(Some(0_usize), move |at| {
        let body = body.clone();
        async move {
            let at = at?;
            if at > 0 {
                tokio::time::sleep(wait).await;
            }
            if at >= end {
                // What was said so far goes out before the line is cut.
                tokio::task::yield_now().await;
                return cut.map(|_| (Err(cut_off()), None));
            }
            let next = at.saturating_add(piece).min(end);
            Some((Ok(Frame::data(body.slice(at..next))), Some(next)))
        }
    });
    StreamBody::new(pieces).boxed()
}
