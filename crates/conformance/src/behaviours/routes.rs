//! Routes: made, shared, run, refused and removed, with the server as its own source.

use super::{Behaviour, behaviour};
use crate::fixture::{self, CLERK, IMPORTER, MONTHLY, UNIT_A};
use crate::http::Login;
use crate::stage::{ROUTE, Stage};
use crate::verdict::{Checked, Stop, demand, told};
use serde_json::{Value, json};
use tributary_dhis2::client::Reading;
use tributary_dhis2::differences::RouteQuery;
use tributary_dhis2::query::Query;
use tributary_dhis2::routes::{Credentials, NewRoute, ROUTE_TIMEOUT_SECONDS, Secret};
use tributary_dhis2::values::ReadFormat;
use tributary_dhis2::{Failure, FailureKind, Method, Side};

/// Small reads in a row: on 2.43.1 2 to 20 of 100 hang.
const SMALL_READS: usize = 15;

/// This group.
pub(super) const ALL: &[Behaviour] = &[
    behaviour!(
        routes,
        "made and tested",
        "a Route is made with its sharing and reaches the source",
        ["route_timeout_settable"],
        made
    ),
    behaviour!(
        routes,
        "rights",
        "who may not make or run a Route is told so",
        [],
        rights
    ),
    behaviour!(
        routes,
        "values",
        "values through a Route are those of the source",
        [],
        values
    ),
    behaviour!(
        routes,
        "queries",
        "blanks, accents and special characters arrive, or are not sent",
        ["route_query"],
        queries
    ),
    behaviour!(
        routes,
        "small reads in a row",
        "small reads end well, hung ones are sent again",
        ["small_route_read_timeout_millis"],
        small_reads
    ),
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
    behaviour!(
        routes,
        "same code",
        "a code that is taken is a conflict",
        [],
        same_code
    ),
    behaviour!(routes, "removed", "a removed Route is gone", [], removed),
];

/// Makes a Route as the importer, for one check.
async fn make(stage: &Stage, route: &NewRoute) -> Result<String, Stop> {
    // The shared Route first: where the server may not reach the source, nothing here applies.
    stage.route().await?;
    Ok(stage.importer().create_route(route).await?)
}

/// Whether a failure is of a kind and side.
fn is(failure: &Failure, side: Side, kind: FailureKind) -> bool {
    failure.side == side && failure.kind == kind
}

async fn made(stage: &Stage) -> Checked {
    let id = stage.route().await?;
    let importer = stage.importer();
    let route = importer.route(&id).await?;
    demand!(route.takes_paths() && !route.disabled, "{route:?}");
    demand!(route.code.as_deref() == Some(ROUTE), "{route:?}");
    let expected = stage
        .rules
        .route_timeout_settable
        .then_some(ROUTE_TIMEOUT_SECONDS);
    demand!(
        route.response_timeout_seconds == expected,
        "waits {:?} s",
        route.response_timeout_seconds
    );
    let test = stage.through(ROUTE, IMPORTER).test_route().await?;
    demand!(
        test.me.username == stage.source_account().0,
        "the source knows the Route's account as {:?}",
        test.me.username
    );
    demand!(
        !stage.source_is_self() || test.differences == stage.rules,
        "the source is DHIS2 {}",
        test.system.version
    );
    let seen = stage.clerk().routes().await?;
    demand!(
        seen.iter().any(|one| one.id == id),
        "the clerk does not see the shared Route"
    );
    Ok(())
}

async fn rights(stage: &Stage) -> Checked {
    stage.route().await?;
    let me = stage.through(ROUTE, CLERK).me().await?;
    demand!(
        me.username == stage.source_account().0,
        "runs as {:?}",
        me.username
    );
    let mine = stage.new_route("tributary-conformance-clerk")?;
    let refused = stage.clerk().create_route(&mine).await;
    demand!(
        refused.as_ref().is_err_and(|failure| {
            is(
                failure,
                Side::Destination,
                FailureKind::RouteNotPermittedToCreate,
            )
        }),
        "a clerk makes a Route: {}",
        told(&refused)
    );
    let code = "tributary-conformance-private";
    let route = NewRoute {
        reader_groups: Vec::new(),
        ..stage.new_route(code)?
    };
    make(stage, &route).await?;
    let refused = stage.through(code, CLERK).me().await;
    demand!(
        refused.as_ref().is_err_and(|failure| is(
            failure,
            Side::Destination,
            FailureKind::RouteNotAllowed
        )),
        "the clerk runs a Route that is not shared: {}",
        told(&refused)
    );
    Ok(())
}

fn only_with_itself(stage: &Stage) -> Checked {
    if stage.source_is_self() {
        return Ok(());
    }
    let words = "the source is another server, without the suite's metadata";
    Err(Stop::NotApplicable(words.to_owned()))
}

async fn values(stage: &Stage) -> Checked {
    only_with_itself(stage)?;
    stage.route().await?;
    let importer = stage.importer();
    let sent = [
        stage.value(fixture::COUNT, "202304", UNIT_A, "41"),
        stage.value(fixture::TEXT, "202304", UNIT_A, "ü, \"x\""),
    ];
    let answer = importer.write_values(MONTHLY, &sent).await?;
    demand!(answer.refused() == 0, "{answer:?}");
    let direct = stage
        .read(&importer, MONTHLY, &["202304"], &[UNIT_A])
        .await?;
    for format in [ReadFormat::Csv, ReadFormat::Json] {
        let through = stage.through(ROUTE, CLERK);
        let rows = stage
            .read_as(&through, MONTHLY, &["202304"], &[UNIT_A], format)
            .await?;
        demand!(
            rows == direct && rows.len() == 2,
            "{format:?}: {rows:?}, {direct:?}"
        );
    }
    let nothing = stage
        .read(
            &stage.through(ROUTE, CLERK),
            MONTHLY,
            &["201502"],
            &[UNIT_A],
        )
        .await?;
    demand!(nothing.is_empty(), "{nothing:?}");
    Ok(())
}

async fn queries(stage: &Stage) -> Checked {
    only_with_itself(stage)?;
    stage.route().await?;
    let through = stage.through(ROUTE, CLERK);
    for (id, name) in fixture::NAMES {
        let sendable = match stage.rules.route_query {
            RouteQuery::Twice => true,
            RouteQuery::Once => !name.contains('&'),
            RouteQuery::OnlySafeCharacters => false,
        };
        let query = Query::new()
            .with("filter", format!("name:eq:{name}"))
            .with("fields", "id");
        let found: Result<Value, Failure> = through
            .get_json("organisationUnits", &query, Reading::Small)
            .await;
        if sendable {
            let found = found?;
            demand!(
                found["organisationUnits"][0]["id"] == id,
                "looking for {name:?}: {found}"
            );
        } else {
            demand!(
                found
                    .as_ref()
                    .is_err_and(|failure| failure.kind == FailureKind::NotSendable),
                "looking for {name:?}: {}",
                told(&found)
            );
        }
    }
    Ok(())
}

async fn small_reads(stage: &Stage) -> Checked {
    stage.route().await?;
    let through = stage.through(ROUTE, CLERK);
    for number in 1..=SMALL_READS {
        let read = through.system_info().await;
        demand!(
            read.is_ok(),
            "read {number} of {SMALL_READS}: {}",
            told(&read)
        );
    }
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

async fn same_code(stage: &Stage) -> Checked {
    stage.route().await?;
    let again = stage
        .importer()
        .create_route(&stage.new_route(ROUTE)?)
        .await;
    demand!(
        again
            .as_ref()
            .is_err_and(|failure| is(failure, Side::Destination, FailureKind::Conflict)),
        "{}",
        told(&again)
    );
    Ok(())
}

async fn removed(stage: &Stage) -> Checked {
    let code = "tributary-conformance-removed";
    let id = make(stage, &stage.new_route(code)?).await?;
    stage.importer().delete_route(&id).await?;
    let read = stage.through(code, IMPORTER).me().await;
    demand!(
        read.as_ref().is_err_and(|failure| is(
            failure,
            Side::Destination,
            FailureKind::RouteMissing
        )),
        "{}",
        told(&read)
    );
    Ok(())
}
