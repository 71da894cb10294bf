//! What goes wrong with Routes, and on which side it is said to be.

use super::routes::{is, make, only_with_itself};
use super::{Behaviour, behaviour};
use crate::fixture::{CLERK, IMPORTER};
use crate::http::Login;
use crate::stage::{ROUTE, Stage};
use crate::verdict::{Checked, Stop, demand, told};
use serde_json::{Value, json};
use tributary_dhis2::client::Reading;
use tributary_dhis2::differences::RouteQuery;
use tributary_dhis2::query::Query;
use tributary_dhis2::routes::{Credentials, NewRoute, Secret};
use tributary_dhis2::{Failure, FailureKind, Method, Side};

/// This group.
pub(super) const ALL: &[Behaviour] = &[
    behaviour!(
        routes,
        "own session over",
        "an ended session of one's own is not taken for the source's",
        [],
        own_session_over
    ),
    behaviour!(
        routes,
        "wrong secret",
        "an account that the source refuses is told as such",
        [],
        wrong_secret
    ),
    behaviour!(
        routes,
        "log-in wanted",
        "a source that wants a log-in is never taken for an answer",
        [],
        log_in_wanted
    ),
    behaviour!(
        routes,
        "redirects",
        "redirects of the source are followed or handed on as known",
        ["route_follows_redirects"],
        redirects
    ),
    behaviour!(
        routes,
        "address not allowed",
        "whether addresses are held against dhis.conf is as known",
        ["route_allow_list"],
        not_allowed
    ),
    behaviour!(
        routes,
        "address allowed",
        "whether an address is allowed is found out without calling the source",
        [],
        allowed
    ),
    behaviour!(
        routes,
        "nobody listens",
        "a source that cannot be reached is told as such",
        [],
        nobody_listens
    ),
];

/// A Route made by hand, past the client: without account, or to another part of the source.
async fn bare(stage: &Stage, code: &str, path: &str, auth: Option<Value>) -> Result<(), Stop> {
    let url = format!("{}{path}", stage.source_address()?);
    let mut body = json!({"name": code, "code": code, "url": url, "disabled": false});
    if let Some(auth) = auth {
        body["auth"] = auth;
    }
    let importer = stage.importer();
    let made = stage
        .send(
            &importer,
            Method::Post,
            "api/routes",
            Some(body.to_string()),
        )
        .await?;
    demand!(
        made.status == 201,
        "the server does not make the Route: {}",
        made.status
    );
    Ok(())
}

async fn own_session_over(stage: &Stage) -> Checked {
    stage.route().await?;
    let through =
        tributary_dhis2::Client::through_route(stage.http.with(Login::Nobody), ROUTE, stage.rules);
    let read = through.me().await;
    demand!(
        read.as_ref()
            .is_err_and(|failure| is(failure, Side::Destination, FailureKind::LoggedOut)),
        "{}",
        told(&read)
    );
    Ok(())
}

async fn wrong_secret(stage: &Stage) -> Checked {
    let wrong = [
        (
            "tributary-conformance-password",
            Credentials::Basic {
                username: "tributary-conformance-nobody".to_owned(),
                password: Secret::new("wrong"),
            },
        ),
        (
            "tributary-conformance-token",
            Credentials::Token(Secret::new(
                "d2p_0000000000000000000000000000000000000000000000000000000000000000",
            )),
        ),
    ];
    for (code, credentials) in wrong {
        let route = NewRoute {
            credentials,
            ..stage.new_route(code)?
        };
        make(stage, &route).await?;
        let test = stage.through(code, IMPORTER).test_route().await;
        demand!(
            test.as_ref().is_err_and(|failure| is(
                failure,
                Side::Source,
                FailureKind::SourceRefusedLogin
            )),
            "{code}: {}",
            told(&test)
        );
    }
    Ok(())
}

async fn log_in_wanted(stage: &Stage) -> Checked {
    stage.route().await?;
    let code = "tributary-conformance-bare";
    bare(stage, code, "/api/**", None).await?;
    let read = stage.through(code, IMPORTER).me().await;
    let kinds = [
        FailureKind::SourceRefusedLogin,
        FailureKind::SourceRedirects,
        FailureKind::WrongContent,
    ];
    demand!(
        read.as_ref()
            .is_err_and(|failure| failure.side == Side::Source && kinds.contains(&failure.kind)),
        "{}",
        told(&read)
    );
    Ok(())
}

/// DHIS2 leads from `/api` to its list of resources, which is as good a redirect as any.
async fn redirects(stage: &Stage) -> Checked {
    only_with_itself(stage)?;
    stage.route().await?;
    let code = "tributary-conformance-whole";
    let (username, password) = stage.source_account();
    let auth = json!({"type": "http-basic", "username": username, "password": password});
    bare(stage, code, "/**", Some(auth)).await?;
    let through = stage.through(code, IMPORTER);
    let read: Result<Value, Failure> = through.get_json("api", &Query::new(), Reading::Small).await;
    if stage.rules.route_follows_redirects {
        // What it leads to need not be there; it is not the redirect that arrives.
        demand!(
            read.as_ref()
                .map_or_else(|failure| failure.kind == FailureKind::NotFound, |_| true),
            "{}",
            told(&read)
        );
    } else {
        demand!(
            read.as_ref().is_err_and(|failure| is(
                failure,
                Side::Source,
                FailureKind::SourceRedirects
            )),
            "{}",
            told(&read)
        );
    }
    Ok(())
}

async fn not_allowed(stage: &Stage) -> Checked {
    let route = NewRoute {
        address: "http://tributary-conformance.invalid".to_owned(),
        ..stage.new_route("tributary-conformance-elsewhere")?
    };
    let made = stage.importer().create_route(&route).await;
    if !stage.rules.route_allow_list {
        made?;
        return Ok(());
    }
    if made.is_ok() {
        let words =
            "route.remote_servers_allowed in the server's dhis.conf allows every http address";
        return Err(Stop::NotApplicable(words.to_owned()));
    }
    demand!(
        made.as_ref().is_err_and(|failure| is(
            failure,
            Side::Destination,
            FailureKind::HostNotAllowed
        )),
        "{}",
        told(&made)
    );
    Ok(())
}

async fn allowed(stage: &Stage) -> Checked {
    stage.route().await?;
    let told = stage.through(ROUTE, CLERK).route_address_is_allowed().await;
    let expected = (stage.rules.route_query == RouteQuery::Twice).then_some(true);
    demand!(told == expected, "told {told:?}");
    Ok(())
}

async fn nobody_listens(stage: &Stage) -> Checked {
    stage.route().await?;
    let code = "tributary-conformance-dead";
    let scheme = stage.source_address()?;
    let scheme = scheme.split("://").next().unwrap_or("https").to_owned();
    // Port 9 is that of the discard service, which nobody runs.
    let route = NewRoute {
        address: format!("{scheme}://localhost:9"),
        ..stage.new_route(code)?
    };
    match stage.importer().create_route(&route).await {
        Err(failure) if failure.kind == FailureKind::HostNotAllowed => {
            let words = format!("the server's dhis.conf does not allow {}", route.address);
            return Err(Stop::NotApplicable(words));
        }
        made => made?,
    };
    let read = stage.through(code, IMPORTER).system_info().await;
    demand!(
        read.as_ref().is_err_and(|failure| is(
            failure,
            Side::Source,
            FailureKind::SourceUnreachable
        )),
        "{}",
        told(&read)
    );
    Ok(())
}
