//! HTTP on the loopback interface: a thin layer that turns what comes over the
//! wire into a [`Request`] and sends the [`Answer`] back.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
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

/// A header of our own by which a fault says that the line is to be cut.
pub const DROP_HEADER: &str = "x-sandbox-drop";

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
) -> Result<Response<Full<Bytes>>, std::io::Error> {
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
        Err(e) => return Ok(outgoing(Answer::error(400, &e.to_string(), None))),
    };
    let answer = server.handle(request).await;
    if answer.headers.iter().any(|(name, _)| name == DROP_HEADER) {
        return Err(std::io::Error::new(
            std::io::ErrorKind::ConnectionAborted,
            "cut off",
        ));
    }
    Ok(outgoing(answer))
}

fn outgoing(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
