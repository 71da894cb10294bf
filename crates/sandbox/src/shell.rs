//! Pages of our own: a start page that lists the installed apps, and a stand-in for
//! the global shell of 2.42 and later: a header bar and the app in a frame, the part
//! of the address behind `#` kept the same in both. The shell is off unless asked for,
//! because the recorded servers had none.

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::{NO_STORE, nothing_here};
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::version::ServerVersion;

const STYLE: &str = include_str!("../assets/sandbox.css");
const SCRIPT: &str = include_str!("../assets/shell.js");

/// The files that the pages here use.
pub fn asset(server: &Server, request: &Request, name: &str) -> Reply {
    match name {
        "sandbox.css" => Ok(Answer::text(200, "text/css;charset=UTF-8", STYLE)),
        "shell.js" => Ok(Answer::text(200, "text/javascript;charset=UTF-8", SCRIPT)),
        _ => Err(nothing_here(server, request)),
    }
}

fn page(title: &str, head: &str, body: &str) -> Answer {
    let page = format!(
        "<!doctype html>
<html lang=\"en\">
<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>
<link rel=\"stylesheet\" href=\"/sandbox/sandbox.css\">{head}</head>
<body>
{body}
</body>
</html>
"
    );
    Answer::text(200, "text/html;charset=UTF-8", page).with_header("cache-control", NO_STORE)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// `/`: the apps that the user may open.
pub fn start(server: &Server, user: &CurrentUser) -> Reply {
    let state = server.state();
    let version = server.options.version;
    let item = |key: &str, name: &str, launch: &str| {
        let address = if version >= ServerVersion::V42 && server.options.shell {
            format!("/apps/{key}")
        } else if version >= ServerVersion::V42 {
            format!("/api/apps/{key}/{launch}?redirect=false")
        } else {
            format!("/api/apps/{key}/{launch}")
        };
        format!(
            "<li><a href=\"{}\">{}</a></li>",
            escaped(&address),
            escaped(name)
        )
    };
    let apps: String = state
        .apps
        .iter()
        .filter(|(_, app)| app.is_open_to(user))
        .map(|(key, app)| item(key, app.name(), app.launch_path()))
        .collect();
    let list = if apps.is_empty() {
        "<p>No app is installed.</p>".to_owned()
    } else {
        format!("<ul>{apps}</ul>")
    };
    let body = format!(
        "<main><h1>DHIS2 sandbox</h1><p>This stands in for DHIS2 {version}. Logged in as {}.</p>{list}<p><a href=\"/dhis-web-commons-security/logout.action\">Log out</a></p></main>",
        escaped(&user.username)
    );
    Ok(page("DHIS2 sandbox", "", &body))
}

/// `/apps/{key}`: the stand-in for the shell.
pub fn shell(server: &Server, request: &Request, user: &CurrentUser, key: &str) -> Reply {
    if !server.options.shell || server.options.version < ServerVersion::V42 {
        return Err(nothing_here(server, request));
    }
    let state = server.state();
    let Some(app) = state.apps.get(key).filter(|app| app.is_open_to(user)) else {
        return Err(nothing_here(server, request));
    };
    let launch = format!("/api/apps/{key}/{}", app.launch_path());
    if request.parameter("shell") == Some("false") {
        let location = format!("{}{launch}?{}", request.base(), request.raw_query);
        return Ok(Answer::empty(302).with_header("location", location));
    }
    let query = if request.raw_query.is_empty() {
        String::new()
    } else {
        format!("{}&", request.raw_query)
    };
    let name = escaped(app.name());
    let body = format!(
        "<header class=\"bar\" data-part=\"sandbox-shell\"><a href=\"/\">DHIS2 sandbox (stand-in for the global shell)</a><span>{name}</span><a href=\"/dhis-web-commons-security/logout.action\">Log out</a></header>
<iframe id=\"app\" class=\"app\" title=\"{name}\" data-src=\"{}\"></iframe>",
        escaped(&format!("{launch}?{query}redirect=false"))
    );
    let head = "<script src=\"/sandbox/shell.js\" defer></script>";
    Ok(page(&name, head, &body))
}
