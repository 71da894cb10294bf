//! What a run of a route answers when the other server gives no answer.

use url::Url;

use super::run::refuse;
use crate::answer::Answer;
use crate::request::Request;
use crate::version::ServerVersion;

/// No answer: a time-out is an empty 504 from 2.42 on; all else is answered as where
/// nobody listens, a 500 with the socket's words, before 2.42 a 503 ("run, nobody
/// listens"). A line that is cut was never recorded; that is what comes nearest.
pub(super) fn failure(
    version: ServerVersion,
    request: &Request,
    target: &Url,
    error: &reqwest::Error,
) -> Answer {
    if error.is_timeout() && version >= ServerVersion::V42 {
        return Answer::empty(504);
    }
    let (host, port) = (
        target.host_str().unwrap_or_default(),
        target.port_or_known_default().unwrap_or_default(),
    );
    // How Java writes an address it has looked up.
    let looked_up = if host == "localhost" {
        "localhost/127.0.0.1".to_owned()
    } else {
        host.to_owned()
    };
    if error.is_timeout() {
        // RestTemplate's words for a socket that gave nothing in time.
        let message = format!(
            "I/O error on {} request for \"{}\": Read timed out; nested exception is java.net.SocketTimeoutException: Read timed out",
            request.method,
            address_only(target)
        );
        return refuse(503, &message, None);
    }
    match version {
        ServerVersion::V43 => refuse(
            500,
            "io_uring connect(..) failed with error(-111): Connection refused",
            None,
        ),
        ServerVersion::V42 => {
            let message = format!(
                "finishConnect(..) failed with error(-111): Connection refused: {looked_up}:{port}"
            );
            refuse(500, &message, None)
        }
        ServerVersion::V40 | ServerVersion::V41 => {
            let words =
                format!("Connect to {host}:{port} [{looked_up}] failed: Connection refused");
            let message = format!(
                "I/O error on {} request for \"{}\": {words}; nested exception is org.apache.http.conn.HttpHostConnectException: {words}",
                request.method,
                address_only(target)
            );
            refuse(503, &message, None)
        }
    }
}

/// The address without its query.
fn address_only(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.to_string()
}
