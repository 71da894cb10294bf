//! Secrets of a source: held in memory until the Route is made, never shown.

use serde::Serialize;
use std::fmt;

/// A password or token. Does not print, does not serialise.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret as typed; blanks around it (from copying) are cut off.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// Takes a secret to the letter: a password may begin or end with a blank.
    #[must_use]
    pub fn exactly(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// An account at a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// User name and password.
    Basic {
        /// User name; DHIS2 shows it to who may read the Route.
        username: String,
        /// Password.
        password: Secret,
    },
    /// A personal access token (`d2p_…`).
    Token(Secret),
}

/// The one shape in which a secret leaves this program.
#[derive(Serialize)]
#[serde(tag = "type")]
pub(super) enum AuthBody<'a> {
    #[serde(rename = "http-basic")]
    Basic {
        username: &'a str,
        password: &'a str,
    },
    #[serde(rename = "api-token")]
    Token { token: &'a str },
}

impl Credentials {
    pub(super) fn body(&self) -> AuthBody<'_> {
        match self {
            Self::Basic { username, password } => AuthBody::Basic {
                username: username.trim(),
                password: &password.0,
            },
            Self::Token(token) => AuthBody::Token { token: &token.0 },
        }
    }
}
