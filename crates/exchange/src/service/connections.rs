//! Connections: made with a Route of their own or over one that exists, tested, removed.

use futures_util::join;
use serde::Deserialize;
use tributary_dhis2::client::Reading;
use tributary_dhis2::query::Query;
use tributary_dhis2::routes::{Credentials, NewRoute, Route, RouteTest, Secret, normalise_address};
use tributary_dhis2::version::Version;
use tributary_dhis2::{Client, Failure, FailureKind, Transport};
use tributary_engine::period::calendar;

use super::store::{self, Listing};
use super::{Service, session};
use crate::problem::{Problem, ProblemSide};
use crate::questions::connections::{
    ConnectionChoices, ConnectionChoicesFound, ConnectionSummary, ConnectionTest, CreateConnection,
    CreateConnectionOverRoute, DeleteConnection, ListConnections, Named, RouteChoice,
    ShareConnection, SourceLogin, TestConnection,
};
use crate::stored::connection::StoredConnection;
use crate::stored::{NAMESPACE, SCHEMA, connection_key, exchange_key};

/// Answers [`ListConnections`].
pub(super) async fn list<T: Transport + Clone>(
    service: &Service<T>,
    _: ListConnections,
) -> Result<Vec<ConnectionSummary>, Problem> {
    let client = service.own().await?;
    let listing = store::listing(&client).await?;
    let editable = session::place(service).await?.rights(true).configure;
    Ok(listing
        .connections
        .iter()
        .map(|found| summary(found, &listing, editable))
        .collect())
}

fn summary(stored: &StoredConnection, listing: &Listing, editable: bool) -> ConnectionSummary {
    ConnectionSummary {
        id: stored.id.clone(),
        name: stored.name.clone(),
        route: stored.route.clone(),
        host: stored.host.clone(),
        source_release: stored.source_release.clone(),
        source_name: stored.source_name.clone(),
        tested_at: stored.tested_at.clone(),
        has_mapping: listing.has_mapping(&stored.id),
        editable,
        editors: stored.editors.clone(),
    }
}

/// Answers [`ConnectionChoices`].
pub(super) async fn choices<T: Transport + Clone>(
    service: &Service<T>,
    _: ConnectionChoices,
) -> Result<ConnectionChoicesFound, Problem> {
    let client = service.own().await?;
    let (routes, groups) = join!(client.routes(), client.user_groups());
    let usable = |route: &Route| !route.disabled && route.takes_paths();
    let routes = routes?
        .into_iter()
        .filter(usable)
        .map(|route| RouteChoice {
            code: route.code.unwrap_or(route.id),
            name: route.name,
            url: route.url,
        })
        .collect();
    // Without the right to read user groups the Route can still be made, for oneself.
    let user_groups = groups
        .unwrap_or_default()
        .into_iter()
        .map(|group| Named {
            id: group.id,
            name: group.name,
        })
        .collect();
    let may_make_routes = session::place(service).await?.rights(true).make_routes;
    // A courtesy: without the right to read user roles the list stays empty.
    let who_can_make_routes = if may_make_routes {
        Vec::new()
    } else {
        roles_that_make_routes(&client).await.unwrap_or_default()
    };
    Ok(ConnectionChoicesFound {
        routes,
        user_groups,
        may_make_routes,
        who_can_make_routes,
    })
}

/// Names of the user roles that hold the right to make Routes.
async fn roles_that_make_routes<T: Transport>(client: &Client<T>) -> Result<Vec<String>, Failure> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Roles {
        user_roles: Vec<Role>,
    }
    #[derive(Deserialize)]
    struct Role {
        name: String,
        #[serde(default)]
        authorities: Vec<String>,
    }
    let query = Query::new()
        .with("fields", "name,authorities")
        .with("paging", "false");
    let roles: Roles = client.get_json("userRoles", &query, Reading::Small).await?;
    let makes = |authority: &String| {
        matches!(
            authority.as_str(),
            "ALL" | "F_ROUTE_PUBLIC_ADD" | "F_ROUTE_PRIVATE_ADD"
        )
    };
    Ok(roles
        .user_roles
        .into_iter()
        .filter(|role| role.authorities.iter().any(makes))
        .map(|role| role.name)
        .collect())
}

/// Answers [`CreateConnection`]: Route, test, connection, in this order; a Route whose
/// test fails is removed again.
pub(super) async fn create<T: Transport + Clone>(
    service: &Service<T>,
    question: CreateConnection,
) -> Result<ConnectionSummary, Problem> {
    let client = service.own().await?;
    let name = question.name.trim().to_owned();
    let address = normalise_address(&question.address).map_err(|fault| {
        Problem::of(ProblemSide::Source, "wrongAddress").with_message(fault.to_string())
    })?;
    let credentials = match &question.login {
        SourceLogin::Token(token) => Credentials::Token(Secret::new(token)),
        SourceLogin::Basic { username, password } => Credentials::Basic {
            username: username.trim().to_owned(),
            password: Secret::exactly(password),
        },
    };
    let id = store::new_id(&client).await?;
    let code = route_code(&name, &id);
    let route = NewRoute {
        code: code.clone(),
        name: format!("Tributary: {name} ({id})"),
        address,
        credentials,
        reader_groups: question.share_with,
    };
    let route_uid = client.create_route(&route).await?;
    match learn(service, id, &name, &code, &host(&route.address)).await {
        Ok(summary) => Ok(summary),
        Err(problem) => {
            // The problem that stopped us is the one to tell; a Route that stays behind
            // because its removal failed too is named in its words by the next attempt.
            let _ = client.delete_route(&route_uid).await;
            Err(problem)
        }
    }
}

/// Letters of a connection's name in its Route's code: DHIS2 takes 50 for a whole code.
const CODE_WORDS: usize = 25;

/// A code that is unique and still says what it is for.
fn route_code(name: &str, id: &str) -> String {
    let words: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let words = words
        .split('-')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    let short: String = words.chars().take(CODE_WORDS).collect();
    format!("tributary-{short}-{}", id.to_lowercase()).replace("--", "-")
}

fn host(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default().to_owned()
}

/// Answers [`CreateConnectionOverRoute`].
pub(super) async fn create_over_route<T: Transport + Clone>(
    service: &Service<T>,
    question: CreateConnectionOverRoute,
) -> Result<ConnectionSummary, Problem> {
    let client = service.own().await?;
    let routes = client.routes().await?;
    let route = routes
        .into_iter()
        .find(|route| route.code.as_ref() == Some(&question.route) || route.id == question.route)
        .ok_or_else(|| Problem::of(ProblemSide::Destination, "routeMissing"))?;
    let id = store::new_id(&client).await?;
    learn(
        service,
        id,
        question.name.trim(),
        &question.route,
        &host(&route.url),
    )
    .await
}

/// Tests a Route and keeps the connection with what the test found.
async fn learn<T: Transport + Clone>(
    service: &Service<T>,
    id: String,
    name: &str,
    route: &str,
    host: &str,
) -> Result<ConnectionSummary, Problem> {
    if name.is_empty() {
        return Err(Problem::of(ProblemSide::App, "incomplete"));
    }
    let client = service.own().await?;
    let found = test_route(&service.source(route).await?).await?;
    let place = session::place(service).await?;
    let stored = StoredConnection {
        schema: SCHEMA,
        revision: 1,
        id: id.clone(),
        name: name.to_owned(),
        kind: "dhis2".to_owned(),
        route: route.to_owned(),
        host: host.to_owned(),
        source_release: found.system.version,
        source_name: found.system.system_name.unwrap_or_default(),
        tested_at: place.stamp(),
        made_by: place.me.id.clone(),
        editors: Vec::new(),
    };
    store::save(&client, &connection_key(&id), &stored, 0, &stored.writers()).await?;
    Ok(summary(
        &stored,
        &Listing::default(),
        place.rights(true).configure,
    ))
}

/// What stands behind a Route, or why it does not answer. A 401 is told apart: the
/// source's own, or the end of the person's session.
async fn test_route<T: Transport>(source: &Client<T>) -> Result<RouteTest, Failure> {
    let found = source.test_route().await?;
    if found.me.id.is_empty() || found.me.username.is_empty() {
        let words = "api/me named no user";
        return Err(Failure::new(
            source.side(),
            FailureKind::WrongContent,
            "me",
            words,
        ));
    }
    Ok(found)
}

/// Answers [`TestConnection`].
pub(super) async fn test<T: Transport + Clone>(
    service: &Service<T>,
    question: TestConnection,
) -> Result<ConnectionTest, Problem> {
    let client = service.own().await?;
    let key = connection_key(&question.id);
    let stored: StoredConnection = store::load(&client, &key).await?;
    let found = test_route(&service.source(&stored.route).await?).await?;
    let place = session::refresh(service).await?;
    if place.rights(true).configure {
        let learned = StoredConnection {
            revision: stored.revision + 1,
            source_release: found.system.version.clone(),
            source_name: found.system.system_name.clone().unwrap_or_default(),
            tested_at: place.stamp(),
            ..stored.clone()
        };
        // Somebody without write access, or a second test at the same time: the test
        // itself has passed all the same.
        let _ = store::save(&client, &key, &learned, stored.revision, &stored.writers()).await;
    }
    let me = &found.me;
    let units = if me.data_view_organisation_units.is_empty() {
        &me.organisation_units
    } else {
        &me.data_view_organisation_units
    };
    Ok(ConnectionTest {
        source_release: found.system.version.clone(),
        source_name: found.system.system_name.clone().unwrap_or_default(),
        username: me.username.clone(),
        org_units: units.iter().map(|unit| unit.name.clone()).collect(),
        other_calendar: calendar::agree(&place.system.calendar, &found.system.calendar)
            .is_err()
            .then(|| found.system.calendar.clone()),
        superuser: me.has_authority("ALL"),
        newer_than_known: Version::parse(&found.system.version)
            .is_ok_and(|version| version.newer_than_known()),
    })
}

/// Answers [`ShareConnection`]: the connection first, because what is made from now on is
/// shared as it says; then what there is already.
pub(super) async fn share<T: Transport + Clone>(
    service: &Service<T>,
    question: ShareConnection,
) -> Result<ConnectionSummary, Problem> {
    let client = service.own().await?;
    let key = connection_key(&question.id);
    let stored: StoredConnection = store::load(&client, &key).await?;
    let changed = StoredConnection {
        revision: stored.revision + 1,
        editors: question.editors,
        ..stored
    };
    store::save(
        &client,
        &key,
        &changed,
        changed.revision - 1,
        &changed.writers(),
    )
    .await?;
    let listing = store::listing(&client).await?;
    let exchanges = listing
        .exchanges
        .iter()
        .filter(|exchange| exchange.connection == question.id)
        .map(|exchange| exchange_key(&exchange.id));
    let keys = std::iter::once(key)
        .chain(listing.mapping_keys_of(&question.id).cloned())
        .chain(exchanges);
    for key in keys {
        store::share(&client, &key, &changed.writers()).await?;
    }
    let editable = session::place(service).await?.rights(true).configure;
    Ok(summary(&changed, &listing, editable))
}

/// Answers [`DeleteConnection`]: the mapping first, the connection last, so that an
/// interruption leaves nothing that can not be removed again.
pub(super) async fn delete<T: Transport + Clone>(
    service: &Service<T>,
    question: DeleteConnection,
) -> Result<(), Problem> {
    let client = service.own().await?;
    let listing = store::listing(&client).await?;
    let connection = listing
        .connection(&question.id)
        .ok_or_else(|| store::gone(&connection_key(&question.id)))?;
    if listing
        .exchanges
        .iter()
        .any(|exchange| exchange.connection == question.id)
    {
        return Err(Problem::of(ProblemSide::App, "connectionInUse"));
    }
    if question.delete_route {
        let routes = client.routes().await?;
        let route = routes.iter().find(|route| {
            route.code.as_ref() == Some(&connection.route) || route.id == connection.route
        });
        if let Some(route) = route {
            client.delete_route(&route.id).await?;
        }
    }
    for key in listing.mapping_keys_of(&question.id) {
        client.remove_stored(NAMESPACE, key).await?;
    }
    client
        .remove_stored(NAMESPACE, &connection_key(&question.id))
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_code_says_what_it_is_for_and_is_unique() {
        assert_eq!(
            route_code("Programme Paludisme (test)", "aB3"),
            "tributary-programme-paludisme-test-ab3"
        );
        assert_eq!(route_code("é", "aB3"), "tributary-ab3");
        assert!(route_code(&"long name ".repeat(9), "aB3aB3aB3aB").len() <= 50);
    }

    #[test]
    fn the_host_of_an_address() {
        assert_eq!(host("https://play.dhis2.org/dev"), "play.dhis2.org");
        assert_eq!(host("http://localhost:8080"), "localhost:8080");
    }
}
