//! An HTTP answer before it goes over the wire, and DHIS2's own envelope for
//! messages ("WebMessage").

use serde_json::{Value, json};

/// Status, headers and body of an answer. Header names are lower case.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// HTTP status code.
    pub status: u16,
    /// Header name (lower case) and value, in the order in which they are sent.
    pub headers: Vec<(String, String)>,
    /// The body as it goes over the wire.
    pub body: Vec<u8>,
}

impl Answer {
    /// An answer without a body and without a content type.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// JSON as DHIS2 sends it: `application/json;charset=UTF-8`.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json;charset=UTF-8", body.to_string())
    }

    /// A body of the given content type.
    pub fn text(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), content_type.into())],
            body: body.into(),
        }
    }

    /// The same answer with one header more.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.into()));
        self
    }

    /// An error in DHIS2's envelope, as the exception handlers of 2.40–2.43
    /// write it: content type without a charset, `errorCode` only when given.
    pub fn error(status: u16, message: &str, error_code: Option<&str>) -> Self {
        let mut body = json!({
            "httpStatus": reason_phrase(status),
            "httpStatusCode": status,
            "status": "ERROR",
            "message": message,
        });
        if let (Some(code), Some(map)) = (error_code, body.as_object_mut()) {
            map.insert("errorCode".into(), code.into());
        }
        Self::text(status, "application/json", body.to_string())
    }

    /// An error in the same envelope, of which nothing is told but its status: the exception had
    /// no message.
    pub fn nameless_error(status: u16) -> Self {
        let body = json!({
            "httpStatus": reason_phrase(status), "httpStatusCode": status, "status": "ERROR",
        });
        Self::text(status, "application/json", body.to_string())
    }
}

/// The words that DHIS2 puts into `httpStatus`.
pub fn reason_phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        415 => "Unsupported Media Type",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Unknown",
    }
}
