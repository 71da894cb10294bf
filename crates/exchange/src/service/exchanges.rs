//! Exchanges: listed, edited, stored, removed.

use futures_util::join;
use tributary_dhis2::Transport;
use tributary_dhis2::metadata::{OrgUnitScope as UnitScope, OrganisationUnit};

use super::store::{self, Listing, RunMembers};
use super::{Service, import, mapping, names, session};
use crate::problem::{Problem, ProblemSide};
use crate::questions::connections::Named;
use crate::questions::exchanges::{
    ConnectionOffer, DeleteExchange, ExchangeDraft, ExchangeForm, ExchangeSummary, ListExchanges,
    OpenExchange, OrgUnitNode, OrgUnitScope, PeriodRule, SaveExchange, Unfinished,
};
use crate::stored::exchange::{DELETE, OVERWRITE, StoredExchange, StoredPeriodRule};
use crate::stored::{NAMESPACE, SCHEMA, exchange_key};

/// Levels of the tree in which the scope of an exchange is chosen; finer choices are
/// made at each run.
const SCOPE_LEVELS: u32 = 3;

/// The exchanges of a listing as lists show them to a person.
pub(super) fn summaries<T>(
    service: &Service<T>,
    listing: &Listing,
    username: &str,
) -> Vec<ExchangeSummary> {
    // What this Worker sends right now is told on its own screen.
    let sending = import::sending(service);
    let summarised = listing.exchanges.iter().map(|exchange| {
        let mut unfinished: Vec<Unfinished> = listing
            .running
            .iter()
            .filter(|run| run.exchange == exchange.id && Some(&run.id) != sending.as_ref())
            .filter(|run| import::has_sent(&run.told.slices))
            .map(|run| Unfinished {
                name: person(&run.told),
                is_own: run.told.by == username,
            })
            .collect();
        unfinished.sort_by_key(|run| !run.is_own);
        ExchangeSummary {
            unfinished,
            ..summary(exchange, listing)
        }
    });
    summarised.collect()
}

fn person(run: &RunMembers) -> String {
    if run.name.is_empty() {
        run.by.clone()
    } else {
        run.name.clone()
    }
}

fn summary(exchange: &StoredExchange, listing: &Listing) -> ExchangeSummary {
    let connection = listing.connection(&exchange.connection);
    ExchangeSummary {
        id: exchange.id.clone(),
        name: exchange.name.clone(),
        connection_name: connection
            .map(|found| found.name.clone())
            .unwrap_or_default(),
        connection: exchange.connection.clone(),
        data_sets: u32::try_from(exchange.data_sets.len()).unwrap_or(u32::MAX),
        period_rule: rule(&exchange.period_rule),
        unfinished: Vec::new(),
    }
}

/// The period rule of a stored exchange; an unknown one asks at each run.
pub(super) fn rule(stored: &StoredPeriodRule) -> PeriodRule {
    match (stored.kind.as_str(), stored.count) {
        ("last", count) => PeriodRule::Last(count.unwrap_or(1).max(1)),
        ("thisYear", _) => PeriodRule::ThisYear,
        _ => PeriodRule::Chosen,
    }
}

fn stored_rule(rule: &PeriodRule) -> StoredPeriodRule {
    let (kind, count) = match rule {
        PeriodRule::Last(count) => ("last", Some((*count).max(1))),
        PeriodRule::ThisYear => ("thisYear", None),
        PeriodRule::Chosen => ("chosen", None),
    };
    StoredPeriodRule {
        kind: kind.to_owned(),
        count,
    }
}

/// Answers [`ListExchanges`].
pub(super) async fn list<T: Transport + Clone>(
    service: &Service<T>,
    _: ListExchanges,
) -> Result<Vec<ExchangeSummary>, Problem> {
    let listing = store::listing(&service.own().await?).await?;
    let username = session::place(service).await?.me.username;
    Ok(summaries(service, &listing, &username))
}

/// Answers [`OpenExchange`].
pub(super) async fn open<T: Transport + Clone>(
    service: &Service<T>,
    question: OpenExchange,
) -> Result<ExchangeForm, Problem> {
    let client = service.own().await?;
    let units = client.org_units(UnitScope::Mine, |_| {});
    let (listing, units, sets) = join!(store::listing(&client), units, client.data_sets());
    let (listing, units, sets) = (listing?, units?, sets?);
    let exchange = match &question.id {
        None => ExchangeDraft::default(),
        Some(id) => {
            let found = listing.exchanges.iter().find(|exchange| &exchange.id == id);
            draft(found.ok_or_else(|| store::gone(&exchange_key(id)))?)
        }
    };
    let mut connections = Vec::new();
    for connection in &listing.connections {
        let pairs = mapping::data_set_pairs(&client, &connection.id, &listing.mapping_keys).await?;
        let data_sets = pairs
            .into_iter()
            .filter_map(|(source, destination)| {
                let set = sets.iter().find(|set| set.id == destination)?;
                Some(Named {
                    id: source,
                    name: names::shown(&set.display_name, &set.name),
                })
            })
            .collect();
        connections.push(ConnectionOffer {
            connection: Named {
                id: connection.id.clone(),
                name: connection.name.clone(),
            },
            data_sets,
        });
    }
    let may_configure = session::place(service).await?.rights(true).configure;
    let is_shared = match &question.id {
        Some(id) if may_configure => {
            let meta = client.stored_meta(NAMESPACE, &exchange_key(id)).await?;
            meta.may_write
        }
        _ => true,
    };
    Ok(ExchangeForm {
        exchange,
        editable: may_configure && is_shared,
        connections,
        org_units: scope_tree(units),
    })
}

/// The upper levels of what the person may capture data for.
fn scope_tree(mut units: Vec<OrganisationUnit>) -> Vec<OrgUnitNode> {
    units.retain(|unit| unit.level <= SCOPE_LEVELS);
    units.sort_by(|a, b| a.level.cmp(&b.level).then_with(|| a.name.cmp(&b.name)));
    let position = |id: &Option<String>| {
        let id = id.as_ref()?;
        u32::try_from(units.iter().position(|unit| &unit.id == id)?).ok()
    };
    units
        .iter()
        .map(|unit| OrgUnitNode {
            id: unit.id.clone(),
            name: names::shown(&unit.display_name, &unit.name),
            parent: position(&unit.parent),
            mapped: 0,
        })
        .collect()
}

fn draft(stored: &StoredExchange) -> ExchangeDraft {
    ExchangeDraft {
        id: stored.id.clone(),
        revision: stored.revision,
        name: stored.name.clone(),
        connection: stored.connection.clone(),
        data_sets: stored.data_sets.clone(),
        period_rule: rule(&stored.period_rule),
        scope: if stored.org_units.is_empty() {
            OrgUnitScope::AllMapped
        } else {
            OrgUnitScope::Below(stored.org_units.clone())
        },
        overwrite_edited: stored.edited_here == OVERWRITE,
        delete_cleared: stored.cleared == DELETE,
    }
}

/// Answers [`SaveExchange`].
pub(super) async fn save<T: Transport + Clone>(
    service: &Service<T>,
    question: SaveExchange,
) -> Result<ExchangeSummary, Problem> {
    let client = service.own().await?;
    let draft = question.exchange;
    let name = draft.name.trim();
    if name.is_empty() || draft.connection.is_empty() || draft.data_sets.is_empty() {
        return Err(Problem::of(ProblemSide::App, "incomplete"));
    }
    let id = if draft.id.is_empty() {
        store::new_id(&client).await?
    } else {
        draft.id.clone()
    };
    let stored = StoredExchange {
        schema: SCHEMA,
        revision: draft.revision + 1,
        id: id.clone(),
        name: name.to_owned(),
        connection: draft.connection.clone(),
        data_sets: draft.data_sets.clone(),
        period_rule: stored_rule(&draft.period_rule),
        org_units: match &draft.scope {
            OrgUnitScope::AllMapped => Vec::new(),
            OrgUnitScope::Below(units) => units.clone(),
        },
        edited_here: policy(draft.overwrite_edited, OVERWRITE),
        cleared: policy(draft.delete_cleared, DELETE),
    };
    let listing = store::listing(&client).await?;
    let writers = listing.writers(&draft.connection);
    let key = exchange_key(&id);
    store::save(&client, &key, &stored, draft.revision, &writers).await?;
    Ok(summary(&stored, &listing))
}

/// The stored word of a policy, or nothing.
fn policy(chosen: bool, word: &str) -> String {
    if chosen {
        word.to_owned()
    } else {
        String::new()
    }
}

/// Answers [`DeleteExchange`].
pub(super) async fn delete<T: Transport + Clone>(
    service: &Service<T>,
    question: DeleteExchange,
) -> Result<(), Problem> {
    let client = service.own().await?;
    client
        .remove_stored(NAMESPACE, &exchange_key(&question.id))
        .await?;
    Ok(())
}
