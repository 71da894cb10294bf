//! `GET /api/dataValueSets`: what is asked for, whether it may be seen, and the
//! values in the format wanted.

mod adx;
mod check;
mod csv;
mod json;
mod output;
mod request;
mod selection;
mod xml;

use flate2::{Compression, write::GzEncoder};
use std::io::Write;

use super::query::{self, Pairs};
use crate::answer::{Answer, reason_phrase};
use crate::context::ValueContext;
use crate::version::ServerVersion;
use output::OutputSchemes;
use request::Request;
pub(super) use request::{duration, moment};
use selection::Selection;

/// Answers `GET /api/dataValueSets<suffix>`.
///
/// * `suffix` – what follows the path: empty, `.json`, `.csv`, `.xml` or `.adx+xml`.
/// * `headers` – with names in lower case; `accept` is looked at.
pub fn read(context: &ValueContext<'_>, suffix: &str, query: &Pairs, headers: &Pairs) -> Answer {
    let named = query::one(query, "format").filter(|_| suffix.is_empty());
    let suffix = named.map_or_else(|| suffix.to_owned(), |format| format!(".{format}"));
    let format = match named {
        // By parameter ADX is reached in every version.
        Some("adx+xml") => Format::Adx,
        _ => Format::choose(context.version, &suffix, query::one(headers, "accept")),
    };
    let request = match Request::parse(context, query) {
        Ok(request) => request,
        Err(answer) => return *answer,
    };
    if let Err(refusal) = check::check(context, &request) {
        return match refusal {
            Refusal::Conflict(_, message) if suffix == ".csv" => {
                let fault = format!("org.hisp.dhis.common.IllegalQueryException: {message}");
                no_document_as_csv(500, &fault)
            }
            Refusal::BadRequest(message)
                if suffix == ".csv" && context.version < ServerVersion::V43 =>
            {
                let fault = format!("java.lang.IllegalArgumentException: {message}");
                no_document_as_csv(500, &fault)
            }
            Refusal::Unbound(message) if suffix == ".csv" => no_document_as_csv(400, &message),
            refusal => refusal.answer(context.version, format),
        };
    }
    let schemes = OutputSchemes::parse(query);
    let selection = Selection::of(context, &request);
    let body = match format {
        Format::Json => json::write(context, &request, &selection, &schemes),
        Format::Csv => csv::write(context, &selection, &schemes),
        Format::Xml => xml::write(context, &request, &selection, &schemes),
        Format::Adx => adx::write(context, &request, &selection),
    };
    match body {
        Ok(body) => deliver(context.version, format, query, &request, body),
        Err(answer) => *answer,
    }
}

/// The formats that values are sent in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Csv,
    Xml,
    Adx,
}

impl Format {
    /// By the suffix, else by the `Accept` header. ADX is reached only by the
    /// header up to 2.42 and only by the suffix from 2.43 ("adx", "adx by accept
    /// header"); the other way gives JSON.
    fn choose(version: ServerVersion, suffix: &str, accept: Option<&str>) -> Self {
        let by_suffix = version >= ServerVersion::V43;
        let accept = accept.map_or("", |a| a.split([',', ';']).next().unwrap_or("").trim());
        match (suffix, accept) {
            (".csv", _) | ("", "application/csv" | "text/csv") => Self::Csv,
            (".xml", _) | ("", "application/xml" | "text/xml") => Self::Xml,
            (".adx+xml", _) if by_suffix => Self::Adx,
            ("", "application/adx+xml") if !by_suffix => Self::Adx,
            _ => Self::Json,
        }
    }

    /// The name in file names and the subtype of the content type.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("json", "json"),
            Self::Csv => ("csv", "csv"),
            Self::Xml => ("xml", "xml"),
            Self::Adx => ("adx.xml", "adx+xml"),
        }
    }

    fn content_type(self, version: ServerVersion) -> String {
        let (_, subtype) = self.names();
        match (self, version) {
            (_, ServerVersion::V42 | ServerVersion::V43) => {
                format!("application/{subtype};charset=UTF-8")
            }
            // Spring's and Jetty's own spellings, as recorded.
            (Self::Json, _) => "application/json;charset=utf-8".to_owned(),
            _ => format!("application/{subtype}; charset=UTF-8"),
        }
    }
}

/// Why a read is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Refusal {
    /// A conflict with DHIS2's code and message.
    Conflict(&'static str, String),
    /// Something is outside the user's view, and the response had begun before that was
    /// noticed: an empty 200 ("clerk, other region" up to 2.42).
    TooLate,
    /// A text that cannot be read at all.
    BadRequest(String),
    /// A parameter that is not of its type (until 2.42).
    Unbound(String),
}

impl Refusal {
    fn answer(self, version: ServerVersion, format: Format) -> Answer {
        match self {
            Self::Conflict(code, message) => Answer::error(409, &message, Some(code)),
            Self::BadRequest(message) | Self::Unbound(message) => {
                Answer::error(400, &message, None)
            }
            Self::TooLate => Answer::text(200, &format.content_type(version), Vec::new()),
        }
    }
}

/// DHIS2 has no way of writing an error document as CSV, which the path asks for: its own error
/// handler fails, and what is left is the web server's page: a 500, or a 400 for a parameter that
/// is not of its type. Seen on a real 2.42.5.2; the others
/// negotiate by the path in the same way.
fn no_document_as_csv(status: u16, fault: &str) -> Answer {
    let title = format!("HTTP Status {status} – {}", reason_phrase(status));
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><title>{title}</title></head><body>\
         <h1>{title}</h1><p><b>Message</b> Request processing failed: {fault}</p></body></html>"
    );
    Answer::text(status, "text/html;charset=utf-8", page.into_bytes())
}

fn deliver(
    version: ServerVersion,
    format: Format,
    query: &Pairs,
    request: &Request,
    body: Vec<u8>,
) -> Answer {
    let compressed =
        query::one(query, "compression").is_some_and(|c| c.eq_ignore_ascii_case("gzip"));
    let body = if compressed {
        gzip(&body).unwrap_or_default()
    } else {
        body
    };
    let gz = if compressed { ".gz" } else { "" };
    let (name, _) = format.names();
    let answer = Answer::text(200, &format.content_type(version), body);
    match version {
        ServerVersion::V43 => {
            let dates = request
                .dates
                .map_or(String::new(), |(start, end)| format!("_{start}_{end}"));
            answer.with_header(
                "content-disposition",
                format!("attachment; filename=\"dataValues{dates}.{name}{gz}\""),
            )
        }
        _ if compressed => answer.with_header(
            "content-disposition",
            format!("attachment; filename=dataValues.{name}{gz}"),
        ),
        _ => answer,
    }
}

fn gzip(body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish()
}
