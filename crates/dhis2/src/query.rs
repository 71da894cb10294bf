//! Query strings: built from names and values, encoded for the way they travel.
//!
//! To the own server a value is percent-encoded once. Through a Route the own server takes
//! the query apart first, in a manner that differs by version (see
//! [`RouteQuery`]).

use crate::differences::RouteQuery;
use std::fmt::Write as _;

/// The longest request line that is sent through a Route or to a server, in bytes. Tomcat
/// takes 8 KiB for the request line and all headers together (`maxHttpHeaderSize`), Jetty the
/// same (`requestHeaderSize`), nginx 8 KiB for the request line (`large_client_header_buffers`).
/// The rest is for cookies and for the source's own address, which the Route adds.
pub const MAX_REQUEST_LINE: usize = 6_000;

/// Names and values of a query, in order; a name may stand several times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

/// How a query is encoded for its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// To the server itself.
    Direct,
    /// Through a Route of a server that behaves so.
    Route(RouteQuery),
}

/// A character that cannot travel through the Routes of this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the character {0:?} does not pass through a Route of this server")]
pub struct NotSendable(pub char);

impl Query {
    /// No parameters.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.push(name, value);
        self
    }

    /// Adds a parameter in place.
    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_owned(), value.into()));
    }

    /// The query without a parameter.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let kept = self.0.iter().filter(|(own, _)| own != name);
        Self(kept.cloned().collect())
    }

    /// The query without `?`; empty when there are no parameters.
    ///
    /// # Errors
    /// [`NotSendable`] when a value holds a character that the Route would damage.
    pub fn encode(&self, encoding: Encoding) -> Result<String, NotSendable> {
        let mut text = String::new();
        for (name, value) in &self.0 {
            if !text.is_empty() {
                text.push('&');
            }
            encode_into(&mut text, name, encoding)?;
            text.push('=');
            if name == "fields" && encoding == Encoding::Route(RouteQuery::OnlySafeCharacters) {
                text.push_str(&rounded(value)?);
            } else {
                encode_into(&mut text, value, encoding)?;
            }
        }
        Ok(text)
    }
}

/// A list of fields in round brackets, `categoryCombo(id)` for `categoryCombo[id]`: DHIS2's
/// FieldFilterParser takes both (2.40.0 to 2.43.1), and round ones are legal characters of a
/// query, which no Route encodes.
fn rounded(fields: &str) -> Result<String, NotSendable> {
    let mut text = String::with_capacity(fields.len());
    for character in fields.chars() {
        match character {
            '[' => text.push('('),
            ']' => text.push(')'),
            other => encode_into(
                &mut text,
                other.encode_utf8(&mut [0; 4]),
                Encoding::Route(RouteQuery::OnlySafeCharacters),
            )?,
        }
    }
    Ok(text)
}

fn encode_into(text: &mut String, value: &str, encoding: Encoding) -> Result<(), NotSendable> {
    for character in value.chars() {
        if character.is_ascii_alphanumeric() || "-_.~,:".contains(character) {
            text.push(character);
            continue;
        }
        let twice = match encoding {
            Encoding::Direct => false,
            Encoding::Route(RouteQuery::OnlySafeCharacters) => return Err(NotSendable(character)),
            Encoding::Route(RouteQuery::Once) if "+&#%{}".contains(character) => {
                return Err(NotSendable(character));
            }
            Encoding::Route(RouteQuery::Once) => false,
            // `[` and `]` are legal in a Java URI's query, so one level is enough.
            Encoding::Route(RouteQuery::Twice) => !"[]".contains(character),
        };
        let mut buffer = [0; 4];
        for byte in character.encode_utf8(&mut buffer).bytes() {
            let percent = if twice { "%25" } else { "%" };
            // Writing to a String cannot fail.
            let _ = write!(text, "{percent}{byte:02X}");
        }
    }
    Ok(())
}

/// Cuts a list of ids into runs such that each, written as `name=<id>&` (or joined with
/// commas), takes at most `budget` bytes. Every run holds at least one id.
#[must_use]
pub fn split_by_length<'a, S: AsRef<str>>(ids: &'a [S], name: &str, budget: usize) -> Vec<&'a [S]> {
    let mut runs = Vec::new();
    let mut start = 0;
    let mut used = 0;
    for (index, id) in ids.iter().enumerate() {
        let cost = name.len() + id.as_ref().len() + 2;
        if index > start && used + cost > budget {
            runs.push(&ids[start..index]);
            start = index;
            used = 0;
        }
        used += cost;
    }
    if start < ids.len() {
        runs.push(&ids[start..]);
    }
    runs
}
