//! `/api/analytics`: values added up over org units and periods, as a grid or in the
//! form of data values. Real servers answer from tables that a job builds; here the
//! kept values are added up when they are asked for, once such a job has run.
//! Recorded: scenario "analytics".

mod aggregate;
mod output;
mod query;
mod relative;

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::{PRIVATE, nothing_here};
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::version::ServerVersion;

use aggregate::Sums;
use query::Query;

/// Answers may be kept for a minute; this goes for late refusals too ("clerk, other region").
const CACHED: &str = "max-age=60, public";

/// A refusal in DHIS2's envelope.
fn refuse(code: &str, message: &str) -> Answer {
    Answer::error(409, message, Some(code)).with_header("cache-control", PRIVATE)
}

/// The content type of answers; of refusals that come after it was set, up to 2.41.
fn content_type(version: ServerVersion) -> &'static str {
    if version < ServerVersion::V42 {
        "application/json;charset=utf-8"
    } else {
        "application/json;charset=UTF-8"
    }
}

/// A refusal that comes when the headers of the answer were set already.
fn late(version: ServerVersion, mut answer: Answer) -> Answer {
    if version < ServerVersion::V42 {
        answer.headers = vec![("content-type".into(), content_type(version).into())];
    } else {
        answer.headers.retain(|(name, _)| name != "cache-control");
    }
    answer.with_header("cache-control", CACHED)
}

/// Answers what is asked below `/api/analytics`; `rest` is what follows.
pub fn answer(server: &Server, request: &Request, user: &CurrentUser, rest: &[&str]) -> Reply {
    match rest {
        [] => grid(server, request, user),
        // Without `.json` nobody answers ("without .json").
        ["dataValueSet.json"] => data_value_set(server, request, user),
        _ => Err(nothing_here(server, request)),
    }
}

/// What both forms check, in DHIS2's order: dimensions, dates, rights, the tables.
fn checked(server: &Server, request: &Request, user: &CurrentUser) -> Result<Query, Answer> {
    let version = server.options.version;
    let (metadata, catalogue) = (server.snapshot(), server.catalogue());
    let query = Query::parse(
        request,
        user,
        &metadata,
        &catalogue,
        server.clock.now().date(),
    )?;
    // 2.40 notices only when it writes ("no pe").
    if query.periods.is_none() && version > ServerVersion::V40 {
        let message = "A end date was not specified in periods, dimensions, filters";
        return Err(refuse("E7146", message));
    }
    let outside = query
        .org_units()
        .find(|unit| !user.is_superuser() && !catalogue.org_units().may_view(user, unit));
    if let Some(unit) = outside {
        let message = format!(
            "User: `{}` is not allowed to view org unit: `{unit}`",
            user.username
        );
        return Err(late(version, refuse("E7120", &message)));
    }
    if server.state().analytics_built.is_none() {
        let message = "Query failed because a referenced table does not exist. Please ensure analytics job was run";
        return Err(late(version, refuse("E7144", message)));
    }
    Ok(query)
}

fn sums(server: &Server, query: &Query) -> Sums {
    // The tables that 2.43.1 built gave nothing at all, from the same values and by the
    // same job as with the versions before ("data value set", "grid", "level").
    if server.options.version >= ServerVersion::V43 {
        return Sums::default();
    }
    Sums::of(server, &server.snapshot(), &server.catalogue(), query)
}

/// `GET /api/analytics[.json]`.
fn grid(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let query = checked(server, request, user)?;
    let sums = sums(server, &query);
    let metadata = server.snapshot();
    let body = output::grid(&metadata, &server.catalogue(), &query, &sums);
    Ok(
        Answer::text(200, content_type(server.options.version), body.to_string())
            .with_header("cache-control", CACHED),
    )
}

/// `GET /api/analytics/dataValueSet.json`.
fn data_value_set(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let version = server.options.version;
    let query = checked(server, request, user)?;
    if query.periods.is_none() {
        let message = "Period header does not exist";
        return Err(late(version, Answer::error(400, message, None)));
    }
    if query.filters.periods.is_some() || query.filters.org_units.is_some() {
        let (code, name) = match query.filters.periods {
            Some(_) => ("E7118", "A period dimension 'pe'"),
            None => ("E7119", "An organisation unit dimension 'ou'"),
        };
        let message = format!("{name} must be specified when output format is DATA_VALUE_SET");
        return Err(refuse(code, &message));
    }
    let sums = sums(server, &query);
    let body = output::data_value_set(&server.clock.now().date().to_string(), &sums);
    Ok(Answer::text(200, content_type(version), body.to_string())
        .with_header("cache-control", CACHED))
}
