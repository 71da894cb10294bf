//! Which screen an address means. DHIS2 serves only real files below an app, so the screens
//! live behind the `#`: `index.html#/connections`. They survive a reload and the global shell.

mod hold;

use crate::browser::location;
pub use hold::{hold, release};
use leptos::prelude::*;
use std::fmt;

/// A screen, with what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Choose an exchange to run: the start.
    Import,
    /// Choose periods and org units for an exchange.
    ImportScope {
        /// Id of the exchange.
        exchange: String,
    },
    /// What the run would change.
    ImportPlan {
        /// Id of the exchange.
        exchange: String,
    },
    /// What the run did.
    ImportReport {
        /// Id of the exchange.
        exchange: String,
    },
    /// All sources.
    Connections,
    /// Make a connection.
    ConnectionNew,
    /// One connection, with its mapping's parts.
    Connection {
        /// Id of the connection.
        id: String,
    },
    /// One part of a connection's mapping: `dataSets`, `items`, `attributeOptionCombos` or `orgUnits`.
    Mapping {
        /// Id of the connection.
        connection: String,
        /// Which part of its mapping.
        part: String,
    },
    /// All exchanges.
    Exchanges,
    /// Make an exchange.
    ExchangeNew,
    /// Change an exchange.
    ExchangeEdit {
        /// Id of the exchange.
        id: String,
    },
    /// No screen has this address.
    NotFound {
        /// The address behind the `#`.
        address: String,
    },
}

impl Route {
    /// The screen of an address, given with or without its `#`.
    pub fn parse(hash: &str) -> Self {
        let address = hash.trim_start_matches('#');
        // Nothing of ours stands behind a question mark, but the shell may leave one there.
        let path = address.split('?').next().unwrap_or_default();
        let parts: Vec<String> = path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(decode)
            .collect();
        let words: Vec<&str> = parts.iter().map(String::as_str).collect();
        match words.as_slice() {
            [] | ["import"] => Self::Import,
            ["import", exchange] => Self::ImportScope {
                exchange: (*exchange).to_owned(),
            },
            ["import", exchange, "plan"] => Self::ImportPlan {
                exchange: (*exchange).to_owned(),
            },
            ["import", exchange, "report"] => Self::ImportReport {
                exchange: (*exchange).to_owned(),
            },
            ["connections"] => Self::Connections,
            ["connections", "new"] => Self::ConnectionNew,
            ["connections", id] => Self::Connection {
                id: (*id).to_owned(),
            },
            ["connections", id, "mapping", part] => Self::Mapping {
                connection: (*id).to_owned(),
                part: (*part).to_owned(),
            },
            ["exchanges"] => Self::Exchanges,
            ["exchanges", "new"] => Self::ExchangeNew,
            ["exchanges", id] => Self::ExchangeEdit {
                id: (*id).to_owned(),
            },
            _ => Self::NotFound {
                address: address.to_owned(),
            },
        }
    }

    /// Which of the app's sections the screen is in.
    pub fn section(&self) -> Section {
        match self {
            Self::Import
            | Self::ImportScope { .. }
            | Self::ImportPlan { .. }
            | Self::ImportReport { .. } => Section::Import,
            Self::Connections
            | Self::ConnectionNew
            | Self::Connection { .. }
            | Self::Mapping { .. } => Section::Connections,
            Self::Exchanges | Self::ExchangeNew | Self::ExchangeEdit { .. } => Section::Exchanges,
            Self::NotFound { .. } => Section::None,
        }
    }

    /// The address, to be put into a link: `#/connections`.
    pub fn href(&self) -> String {
        self.to_string()
    }

    /// Goes to this screen.
    pub fn go(&self) {
        location::go(&self.href());
    }

    /// Goes to this screen in the place of the present one in the history.
    pub fn replace(&self) {
        location::replace(&self.href());
    }
}

/// The entries of the side navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Bring figures in.
    Import,
    /// Sources and their mappings.
    Connections,
    /// What is brought from where, and how.
    Exchanges,
    /// Outside all sections.
    None,
}

impl fmt::Display for Route {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Import => write!(to, "#/"),
            Self::ImportScope { exchange } => write!(to, "#/import/{}", encode(exchange)),
            Self::ImportPlan { exchange } => write!(to, "#/import/{}/plan", encode(exchange)),
            Self::ImportReport { exchange } => write!(to, "#/import/{}/report", encode(exchange)),
            Self::Connections => write!(to, "#/connections"),
            Self::ConnectionNew => write!(to, "#/connections/new"),
            Self::Connection { id } => write!(to, "#/connections/{}", encode(id)),
            Self::Mapping { connection, part } => {
                write!(
                    to,
                    "#/connections/{}/mapping/{}",
                    encode(connection),
                    encode(part)
                )
            }
            Self::Exchanges => write!(to, "#/exchanges"),
            Self::ExchangeNew => write!(to, "#/exchanges/new"),
            Self::ExchangeEdit { id } => write!(to, "#/exchanges/{}", encode(id)),
            Self::NotFound { address } => write!(to, "#{address}"),
        }
    }
}

/// The screen that the address bar names, now and after every change. To be called once.
pub fn current_route() -> ReadSignal<Route> {
    let (route, set_route) = signal(Route::parse(&location::hash()));
    location::on_change(move || {
        let next = Route::parse(&location::hash());
        // One navigation can fire two events; the screen must not be built twice.
        let present = route.get_untracked();
        if present == next {
            return;
        }
        if hold::is_held(&next) {
            // The address has changed already; the screen stays, so its address comes back.
            present.replace();
        } else {
            set_route.set(next);
        }
    });
    route
}

/// Percent-encodes everything but letters, digits and `-._~`.
fn encode(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The inverse of [`encode`]; what is no proper code stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = (byte == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(decoded) => {
                out.push(decoded);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_kind() -> Vec<Route> {
        let id = || "aB3 é/x%".to_owned();
        vec![
            Route::Import,
            Route::ImportScope { exchange: id() },
            Route::ImportPlan { exchange: id() },
            Route::ImportReport { exchange: id() },
            Route::Connections,
            Route::ConnectionNew,
            Route::Connection { id: id() },
            Route::Mapping {
                connection: id(),
                part: id(),
            },
            Route::Exchanges,
            Route::ExchangeNew,
            Route::ExchangeEdit { id: id() },
            Route::NotFound {
                address: "/no/such/screen/at/all".to_owned(),
            },
        ]
    }

    #[test]
    fn every_screen_comes_back_from_its_address() {
        for route in every_kind() {
            assert_eq!(Route::parse(&route.href()), route);
        }
    }

    #[test]
    fn addresses_as_people_and_the_shell_write_them() {
        for start in ["", "#", "#/", "/", "#/?x=1", "#/import", "#/import/"] {
            assert_eq!(Route::parse(start), Route::Import, "{start:?}");
        }
        assert_eq!(Route::parse("#/connections/"), Route::Connections);
        assert_eq!(Route::parse("#/exchanges?redirect=false"), Route::Exchanges);
        assert!(matches!(
            Route::parse("#/connections/a/b"),
            Route::NotFound { .. }
        ));
    }

    #[test]
    fn a_broken_percent_code_is_taken_as_text() {
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode("%zz%C3%A9"), "%zzé");
        assert_eq!(decode("%C3"), "%C3");
    }
}
