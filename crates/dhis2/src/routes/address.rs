//! The address of a source as a person types or copies it, made into the address of its DHIS2.

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// Nothing was typed.
    #[error("no address")]
    Empty,
    /// Another scheme than http or https.
    #[error("not http or https: {0}")]
    Scheme(String),
    /// A user name or password within the address: it would be stored in the open.
    #[error("the address holds a user name or password")]
    Credentials,
    /// No host, or one with characters that hosts do not have.
    #[error("not a host: {0}")]
    Host(String),
}

/// The base address of a DHIS2, without a trailing slash: `https://hmis.example.org/dhis`.
///
/// `https://` is put before an address without a scheme; blanks, query, fragment, a trailing
/// slash and everything from `/api`, `/apps`, `/login`, `/dhis-web-…` or `index.html` on are
/// cut off, so that an address copied from a browser's bar works.
///
/// # Errors
/// [`AddressFault`] when what is left is no address.
pub fn normalise_address(typed: &str) -> Result<String, AddressFault> {
    let text: String = typed
        .trim()
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    let text = text.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => ("https".to_owned(), text),
    };
    if scheme != "http" && scheme != "https" {
        return Err(AddressFault::Scheme(scheme));
    }
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.is_empty() && path.is_empty() {
        return Err(AddressFault::Empty);
    }
    if host.contains('@') {
        return Err(AddressFault::Credentials);
    }
    if !is_host(host) {
        return Err(AddressFault::Host(host.to_owned()));
    }
    let mut address = format!("{scheme}://{}", host.to_ascii_lowercase());
    for part in path.split('/') {
        if is_below_context(part) {
            break;
        }
        if part.is_empty() {
            continue;
        }
        if !part
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.~%".contains(&b))
        {
            return Err(AddressFault::Host(rest.to_owned()));
        }
        address.push('/');
        address.push_str(part);
    }
    Ok(address)
}

/// Whether a part of a path is one that DHIS2 itself adds to its address.
fn is_below_context(part: &str) -> bool {
    let part = part.to_ascii_lowercase();
    matches!(
        part.as_str(),
        "api" | "apps" | "login" | "index.html" | "index.action"
    ) || part.starts_with("dhis-web-")
}

/// `name`, `name:port` or `[v6]:port`.
fn is_host(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !host.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let port_good = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number > 0));
    let name_good = match name.strip_prefix('[') {
        Some(rest) => rest
            .strip_suffix(']')
            .is_some_and(|v6| v6.parse::<std::net::Ipv6Addr>().is_ok()),
        None => {
            !name.is_empty()
                && !name.starts_with(['.', '-'])
                && name
                    .chars()
                    .all(|c| c.is_alphanumeric() || c == '.' || c == '-' || c == '_')
        }
    };
    port_good && name_good
}

#[cfg(test)]
mod tests {
    use super::{AddressFault, normalise_address};

    #[test]
    fn addresses_as_people_type_them() {
        for (typed, expected) in [
            ("hmis.example.org", "https://hmis.example.org"),
            ("  https://hmis.example.org/ ", "https://hmis.example.org"),
            (
                "HTTPS://HMIS.Example.org/DHIS",
                "https://hmis.example.org/DHIS",
            ),
            ("http://10.0.0.5:8080/dhis/api", "http://10.0.0.5:8080/dhis"),
            (
                "https://a.org/api/40/dataSets?paging=false",
                "https://a.org",
            ),
            (
                "https://a.org/dhis/api/apps/x/index.html#/y",
                "https://a.org/dhis",
            ),
            (
                "https://a.org/dhis-web-commons/security/login.action",
                "https://a.org",
            ),
            (
                "https://a.org/hmis/dhis-web-dashboard/#/",
                "https://a.org/hmis",
            ),
            ("https://a.org/apps/tributary", "https://a.org"),
            ("https://a.org//hmis//", "https://a.org/hmis"),
            ("localhost:8080", "https://localhost:8080"),
            ("http://[::1]:8080/api", "http://[::1]:8080"),
            ("santé.example.org/login/", "https://santé.example.org"),
            ("https://a.org/index.html", "https://a.org"),
            ("a. org", "https://a.org"),
        ] {
            assert_eq!(normalise_address(typed).as_deref(), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn what_is_no_address() {
        use AddressFault::{Credentials, Empty, Host, Scheme};
        for (typed, expected) in [
            ("", Empty),
            (" ", Empty),
            ("https://", Empty),
            ("ftp://a.org", Scheme("ftp".into())),
            ("javascript://a.org", Scheme("javascript".into())),
            ("https://user:pass@a.org", Credentials),
            ("https://:8080", Host(":8080".into())),
            ("https://a.org:99999", Host("a.org:99999".into())),
            ("https://a<b>.org", Host("a<b>.org".into())),
            ("https://[::1", Host("[::1".into())),
            ("/api/me", Host(String::new())),
        ] {
            assert_eq!(normalise_address(typed), Err(expected), "{typed}");
        }
    }
}
