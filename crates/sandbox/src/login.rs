//! Logging in and out: the JSON call of 2.41 and later, the form that browsers
//! send, and a log-in page of our own that needs no script.

use serde_json::json;

use crate::answer::Answer;
use crate::headers::{NO_STORE, PRIVATE};
use crate::request::{Request, decode_pairs};
use crate::server::{Reply, Server};
use crate::session;
use crate::version::ServerVersion;

/// Where the form is sent; the address is the one DHIS2 2.40 uses.
pub const FORM_ACTION: &str = "/dhis-web-commons-security/login.action";

/// `POST /api/auth/login` (2.41 and later). Recorded: "login", "login, wrong password".
pub fn by_json(server: &Server, request: &Request) -> Reply {
    let body = request.json()?;
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    match session::check_password(
        server,
        &server.snapshot(),
        &text("username"),
        &text("password"),
    ) {
        Some(user) => {
            let start = if server.options.version >= ServerVersion::V42 {
                "/"
            } else {
                "/dhis-web-dashboard"
            };
            let answer = Answer::json(
                200,
                &json!({"loginStatus": "SUCCESS", "redirectUrl": start}),
            );
            Ok(with_cookies(answer, session::open(server, &user.uid)))
        }
        None => {
            Err(Answer::error(401, "Bad credentials", None).with_header("cache-control", PRIVATE))
        }
    }
}

/// The form of the log-in page.
pub fn by_form(server: &Server, request: &Request) -> Reply {
    let pairs = decode_pairs(&String::from_utf8_lossy(&request.body));
    let text = |name: &str| {
        pairs
            .iter()
            .find(|(n, _)| n == name || n == &format!("j_{name}"))
            .map_or("", |(_, v)| v.as_str())
    };
    Ok(
        match session::check_password(
            server,
            &server.snapshot(),
            text("username"),
            text("password"),
        ) {
            Some(user) => {
                // Only addresses on this server: whoever sends the form must not choose another.
                let wanted = text("redirect");
                let next = if wanted.starts_with('/')
                    && !wanted.starts_with("//")
                    && !wanted.contains('\\')
                {
                    wanted
                } else {
                    "/"
                };
                let answer =
                    Answer::empty(302).with_header("location", format!("{}{next}", request.base()));
                with_cookies(answer, session::open(server, &user.uid))
            }
            None => {
                let page = session::login_path(server.options.version);
                Answer::empty(302)
                    .with_header("location", format!("{}{page}?failed=true", request.base()))
            }
        },
    )
}

/// Logging out, by link as DHIS2's header bar does it.
pub fn out(server: &Server, request: &Request) -> Reply {
    if let Some(id) = request.cookie(session::COOKIE) {
        session::close(server, id);
    }
    Ok(Answer::empty(302)
        .with_header(
            "location",
            format!(
                "{}{}",
                request.base(),
                session::login_path(server.options.version)
            ),
        )
        .with_header(
            "set-cookie",
            format!("{}=; Path=/; Max-Age=0; HttpOnly", session::COOKIE),
        ))
}

/// The log-in page.
pub fn page(server: &Server, request: &Request) -> Reply {
    let failed = if request.flag("failed") {
        "<p role=\"alert\">Wrong user name or password.</p>"
    } else {
        ""
    };
    let body = format!(
        "<!doctype html>
<html lang=\"en\">
<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Log in – DHIS2 sandbox</title>
<link rel=\"stylesheet\" href=\"/sandbox/sandbox.css\"></head>
<body>
<main class=\"login\">
<h1>DHIS2 sandbox</h1>
<p>This stands in for DHIS2 {}. It is not a real one.</p>
{failed}
<form method=\"post\" action=\"{FORM_ACTION}\">
<label>User name <input name=\"j_username\" autocomplete=\"username\" required autofocus></label>
<label>Password <input name=\"j_password\" type=\"password\" autocomplete=\"current-password\" required></label>
<button>Log in</button>
</form>
</main>
</body>
</html>
",
        server.options.version
    );
    Ok(Answer::text(200, "text/html;charset=UTF-8", body).with_header("cache-control", NO_STORE))
}

fn with_cookies(mut answer: Answer, cookies: Vec<String>) -> Answer {
    for cookie in cookies {
        answer = answer.with_header("set-cookie", cookie);
    }
    answer
}
