//! Routes: made, shared, run, refused and removed, with the server as its own source.

use super::{Behaviour, behaviour};
use crate::fixture::{self, CLERK, IMPORTER, MONTHLY, UNIT_A};
use crate::stage::{ROUTE, Stage};
use crate::verdict::{Checked, Stop, demand, told};
use serde_json::Value;
use tributary_dhis2::client::Reading;
use tributary_dhis2::differences::RouteQuery;
use tributary_dhis2::query::Query;
use tributary_dhis2::routes::{NewRoute, ROUTE_TIMEOUT_SECONDS};
use tributary_dhis2::values::ReadFormat;
use tributary_dhis2::{Failure, FailureKind, Side};

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
        "same code",
        "a code that is taken is a conflict",
        [],
        same_code
    ),
    behaviour!(routes, "removed", "a removed Route is gone", [], removed),
];

/// Makes a Route as the importer, for one check.
pub(super) async fn make(stage: &Stage, route: &NewRoute) -> Result<String, Stop> {
    // The shared Route first: where the server may not reach the source, nothing here applies.
    stage.route().await?;
    Ok(stage.importer().create_route(route).await?)
}

/// Whether a failure is of a kind and side.
pub(super) fn is(failure: &Failure, side: Side, kind: FailureKind) -> bool {
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

pub(super) fn only_with_itself(stage: &Stage) -> Checked {
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
