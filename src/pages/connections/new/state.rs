//! What is filled in for a new connection, and what is still wrong with it. Pure.

use tributary_dhis2::routes::{AddressFault, normalise_address};
use tributary_exchange::questions::connections::{
    CreateConnection, CreateConnectionOverRoute, SourceLogin,
};

/// How the source is to be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Way {
    /// By a Route that is made now.
    #[default]
    NewRoute,
    /// By one that exists.
    ExistingRoute,
}

/// How the account at the source logs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Login {
    /// By a personal access token.
    #[default]
    Token,
    /// By user name and password.
    Basic,
}

/// The form as it is filled in.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) way: Way,
    pub(super) address: String,
    pub(super) login: Login,
    pub(super) token: String,
    pub(super) username: String,
    pub(super) password: String,
    pub(super) groups: Vec<String>,
    pub(super) route: String,
}

/// A field that can be wrong, in the order in which they stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldName {
    Name,
    Address,
    Token,
    Username,
    Password,
    Route,
}

impl FieldName {
    /// The id of its input.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Name => "connection-name",
            Self::Address => "connection-address",
            Self::Token => "connection-token",
            Self::Username => "connection-username",
            Self::Password => "connection-password",
            Self::Route => "connection-route",
        }
    }
}

/// What is wrong with a field: the key of the text that says it.
pub(super) type Fault = (FieldName, &'static str);

impl Draft {
    /// Everything that keeps the form from being sent.
    pub(super) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut needs = |field, text: &str, key| {
            if text.trim().is_empty() {
                faults.push((field, key));
            }
        };
        needs(FieldName::Name, &self.name, "connections.fault.name");
        match (self.way, self.login) {
            (Way::ExistingRoute, _) => {
                needs(FieldName::Route, &self.route, "connections.fault.route");
            }
            (Way::NewRoute, Login::Token) => {
                needs(FieldName::Token, &self.token, "connections.fault.token");
            }
            (Way::NewRoute, Login::Basic) => {
                needs(
                    FieldName::Username,
                    &self.username,
                    "connections.fault.username",
                );
                needs(
                    FieldName::Password,
                    &self.password,
                    "connections.fault.password",
                );
            }
        }
        if let (Way::NewRoute, Err(fault)) = (self.way, normalise_address(&self.address)) {
            let key = match fault {
                AddressFault::Empty => "connections.fault.address",
                AddressFault::Scheme(_) => "connections.fault.addressScheme",
                AddressFault::Credentials => "connections.fault.addressCredentials",
                AddressFault::Host(_) => "connections.fault.addressHost",
            };
            // The address stands right below the name.
            let place = usize::from(
                faults
                    .first()
                    .is_some_and(|(field, _)| *field == FieldName::Name),
            );
            faults.insert(place, (FieldName::Address, key));
        }
        faults
    }

    /// The address that is meant, when another one was typed: with its scheme, without
    /// what follows the DHIS2's own address.
    pub(super) fn address_meant(&self) -> Option<String> {
        let meant = normalise_address(&self.address).ok()?;
        (meant != self.address.trim()).then_some(meant)
    }

    /// Whether the secret would go over the network in the open: not by https, and not to
    /// the server's own machine.
    pub(super) fn is_unencrypted(&self) -> bool {
        let address = normalise_address(&self.address).unwrap_or_default();
        let Some(rest) = address.strip_prefix("http://") else {
            return false;
        };
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        !matches!(host, "localhost" | "127.0.0.1")
    }

    /// What is asked for by [`Way::NewRoute`].
    pub(super) fn with_new_route(&self) -> CreateConnection {
        let login = match self.login {
            Login::Token => SourceLogin::Token(self.token.trim().to_owned()),
            Login::Basic => SourceLogin::Basic {
                username: self.username.trim().to_owned(),
                // Blanks at the ends may belong to a password.
                password: self.password.clone(),
            },
        };
        CreateConnection {
            name: self.name.trim().to_owned(),
            address: self.address.trim().to_owned(),
            login,
            share_with: self.groups.clone(),
        }
    }

    /// What is asked for by [`Way::ExistingRoute`].
    pub(super) fn over_route(&self) -> CreateConnectionOverRoute {
        CreateConnectionOverRoute {
            name: self.name.trim().to_owned(),
            route: self.route.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Draft {
        Draft {
            name: " Malaria ".to_owned(),
            address: "hmis.example.org/dhis/".to_owned(),
            token: " d2p_x ".to_owned(),
            ..Draft::default()
        }
    }

    fn fields(draft: &Draft) -> Vec<FieldName> {
        draft.faults().into_iter().map(|(field, _)| field).collect()
    }

    #[test]
    fn an_empty_form_lacks_everything_in_order() {
        assert_eq!(
            fields(&Draft::default()),
            [FieldName::Name, FieldName::Address, FieldName::Token]
        );
        let basic = Draft {
            login: Login::Basic,
            name: "a".to_owned(),
            ..Draft::default()
        };
        assert_eq!(
            fields(&basic),
            [FieldName::Address, FieldName::Username, FieldName::Password]
        );
        let over = Draft {
            way: Way::ExistingRoute,
            ..Draft::default()
        };
        assert_eq!(fields(&over), [FieldName::Name, FieldName::Route]);
        assert_eq!(fields(&filled()), []);
    }

    #[test]
    fn an_address_that_is_none() {
        for (address, key) in [
            ("ftp://a.org", "connections.fault.addressScheme"),
            (
                "https://me:secret@a.org",
                "connections.fault.addressCredentials",
            ),
            ("https://a b!c", "connections.fault.addressHost"),
            (" ", "connections.fault.address"),
        ] {
            let draft = Draft {
                address: address.to_owned(),
                ..filled()
            };
            assert_eq!(draft.faults(), [(FieldName::Address, key)], "{address}");
        }
    }

    #[test]
    fn the_address_that_is_meant() {
        assert_eq!(
            filled().address_meant().as_deref(),
            Some("https://hmis.example.org/dhis")
        );
        let same = Draft {
            address: "https://a.org".to_owned(),
            ..filled()
        };
        assert_eq!(same.address_meant(), None);
    }

    #[test]
    fn only_http_to_elsewhere_is_unencrypted() {
        for (address, expected) in [
            ("http://a.org", true),
            ("http://a.org:8080/dhis", true),
            ("http://localhost:8080", false),
            ("http://127.0.0.1", false),
            ("https://a.org", false),
            ("a.org", false),
        ] {
            let draft = Draft {
                address: address.to_owned(),
                ..filled()
            };
            assert_eq!(draft.is_unencrypted(), expected, "{address}");
        }
    }

    #[test]
    fn what_is_sent_is_trimmed_but_a_password() {
        let draft = Draft {
            password: " p ".to_owned(),
            username: " u ".to_owned(),
            login: Login::Basic,
            ..filled()
        };
        let sent = draft.with_new_route();
        assert_eq!(sent.name, "Malaria");
        assert!(
            matches!(sent.login, SourceLogin::Basic { ref username, ref password } if username == "u" && password == " p ")
        );
        assert!(
            matches!(filled().with_new_route().login, SourceLogin::Token(ref token) if token == "d2p_x")
        );
    }
}
