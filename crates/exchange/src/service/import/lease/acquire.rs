//! Makes the own entry before the first value is sent, unless somebody else is about the same.

use tributary_dhis2::data_store::Created;
use tributary_dhis2::{Client, FailureKind, Transport};

use super::clock::{self, Now};
use super::hold::{Lease, with_run};
use super::records::{Record, read_records, shorten, taken_over, to_store};
use super::slices::{self, State};
use super::{Held, MARKED_AT_ONCE};
use crate::problem::Problem;
use crate::questions::import::SendPlan;
use crate::service::session::Place;
use crate::service::{Service, store};
use crate::stored::running::{StoredBefore, StoredRunning};
use crate::stored::{NAMESPACE, SCHEMA, running_key};

/// Makes the entry of a run over these slices of the plan, or takes up the one that this
/// Worker holds. Fails while somebody else is about the same org units and periods.
pub(in crate::service::import) async fn acquire<'a, T: Transport + Clone>(
    service: &'a Service<T>,
    own: &'a Client<T>,
    place: &Place,
    slices: &[usize],
    confirmed: SendPlan,
) -> Result<Lease<'a, T>, Problem> {
    let now = clock::now(&place.system);
    let mut record = draft(service, place, &now, slices, confirmed);
    let exchange = with_run(service, |run| run.journal.exchange.clone()).unwrap_or_default();
    let held = service.held.borrow().clone();
    let held = held.filter(|held| held.exchange == exchange);
    let (mine, others): (Vec<Record>, Vec<Record>) = read_records(own, &exchange)
        .await?
        .into_iter()
        .partition(|other| other.is_held(held.as_ref()));
    for other in others {
        if other.is_dead(&now) && !other.has_begun() {
            // It did nothing. If it cannot be removed, it is in nobody's way either.
            let key = running_key(&exchange, &other.id);
            let _ = own.remove_stored(NAMESPACE, &key).await;
        } else if meets(service, &other, &record) {
            return Err(other.in_the_way(&place.me.username, &now));
        }
    }
    let id;
    let mut not_announced = None;
    if let (Some(held), Some(mine)) = (held, mine.into_iter().next()) {
        record.token = held.token;
        record.revision = mine.stored.revision + 1;
        record.before = before(&mine.stored, &record);
        if mine.stored.planned == record.planned {
            keep_marks(&mut record, &mine.stored);
        }
        id = held.id;
        let key = running_key(&exchange, &id);
        own.store_over(NAMESPACE, &key, &record).await?;
    } else {
        record.token = store::new_id(own).await?;
        id = record.token.clone();
        not_announced = make(own, &running_key(&exchange, &id), &record).await?;
    }
    let key = running_key(&exchange, &id);
    if not_announced.is_none() {
        service.held.replace(Some(Held {
            exchange: exchange.clone(),
            id: id.clone(),
            token: record.token.clone(),
        }));
        check_again(service, own, &exchange, &id, &record, &now, place).await?;
    }
    let states = (0..slices.len()).map(marked_at_first).collect();
    Ok(Lease::new(service, own, key, record, states, not_announced))
}

/// The first slices are begun from the beginning: a short run costs no further request.
fn marked_at_first(place: usize) -> State {
    if place < MARKED_AT_ONCE {
        State::Begun
    } else {
        State::Waiting
    }
}

fn draft<T>(
    service: &Service<T>,
    place: &Place,
    now: &Now,
    slices: &[usize],
    confirmed: SendPlan,
) -> StoredRunning {
    let states: Vec<State> = (0..slices.len()).map(marked_at_first).collect();
    let found = with_run(service, |run| {
        let journal = &run.journal;
        let mut parts: Vec<(String, String, u32)> = Vec::new();
        for slice in slices.iter().filter_map(|at| run.plan.slices().get(*at)) {
            let set = run.symbols.text(slice.slice.data_set);
            let period = run.symbols.text(slice.slice.period);
            match parts.last_mut() {
                Some(last) if last.0 == set && last.1 == period => last.2 += 1,
                _ => parts.push((set.to_owned(), period.to_owned(), 1)),
            }
        }
        StoredRunning {
            schema: SCHEMA,
            revision: 1,
            by: place.me.username.clone(),
            name: place.me.name.clone(),
            began: now.text.clone(),
            sign: now.text.clone(),
            marked: now.text.clone(),
            planned: run.summary.made_at.clone(),
            ahead: now.ahead,
            periods: run.summary.periods.clone(),
            org_units: journal.roots().to_vec(),
            scope: journal.scope().to_vec(),
            confirmed: to_store(confirmed),
            parts,
            slices: slices::to_text(&states),
            ..StoredRunning::default()
        }
    });
    let mut record = found.unwrap_or_default();
    shorten(&mut record);
    record
}

/// What the runs before this one did, where it goes on with another plan. The same plan still
/// knows what it did itself.
fn before(mine: &StoredRunning, next: &StoredRunning) -> Option<StoredBefore> {
    if mine.planned == next.planned && mine.before.is_none() {
        return None;
    }
    let mut before = mine.before.clone().unwrap_or_else(|| StoredBefore {
        began: mine.began.clone(),
        ..StoredBefore::default()
    });
    if mine.planned != next.planned {
        before.written += mine.counts.written;
        before.rejected = mine.counts.rejected;
    }
    Some(before)
}

/// The same plan is sent on with: what it may have written before stays its own, from when
/// its slices were marked first, should this go of it be cut off, too.
fn keep_marks(record: &mut StoredRunning, mine: &StoredRunning) {
    if slices::count(&mine.slices).uncertain > 0 && !mine.marked.is_empty() {
        record.marked.clone_from(&mine.marked);
    }
    record.own.clone_from(&mine.own);
}

/// Makes the entry. It is not shared in particular: an entry of the dataStore is open to
/// everybody who reaches the namespace ("clerk writes the other" of `data-store`). Gives back
/// why there is none, where the person may not make one.
async fn make<T: Transport>(
    own: &Client<T>,
    key: &str,
    record: &StoredRunning,
) -> Result<Option<Problem>, Problem> {
    match own.store_new(NAMESPACE, key, record).await {
        Ok(Created::Yes) => Ok(None),
        Err(failure) if failure.kind == FailureKind::Forbidden => Ok(Some(failure.into())),
        // The server drew the key for us: what is there is ours, its answer got lost.
        Ok(Created::AlreadyThere) => Ok(None),
        Err(failure) => match own.stored::<StoredRunning>(NAMESPACE, key).await {
            Ok(Some(there)) if there.token == record.token => Ok(None),
            _ => Err(failure.into()),
        },
    }
}

/// Looks whether somebody else began at once, and withdraws if so.
async fn check_again<T: Transport + Clone>(
    service: &Service<T>,
    own: &Client<T>,
    exchange: &str,
    id: &str,
    record: &StoredRunning,
    now: &Now,
    place: &Place,
) -> Result<(), Problem> {
    let there = read_records(own, exchange).await?;
    let ours = there.iter().find(|other| other.id == id);
    if ours.is_none_or(|ours| ours.stored.token != record.token) {
        service.held.replace(None);
        return Err(taken_over(ours.map(|ours| &ours.stored)));
    }
    let other = there
        .iter()
        .find(|other| other.id != id && meets(service, other, record));
    let Some(other) = other else {
        return Ok(());
    };
    if record.before.is_none() {
        service.held.replace(None);
        // Left behind it is one that has done nothing.
        let _ = own
            .remove_stored(NAMESPACE, &running_key(exchange, id))
            .await;
    }
    Err(other.in_the_way(&place.me.username, now))
}

/// Whether an entry is about the same as this run. Without the destination's org units nobody
/// knows, so it is.
fn meets<T>(service: &Service<T>, other: &Record, record: &StoredRunning) -> bool {
    let prepared = service.prepared.borrow();
    let exchange = with_run(service, |run| run.journal.exchange.clone()).unwrap_or_default();
    prepared
        .as_ref()
        .filter(|prepared| prepared.exchange.id == exchange && !record.org_units.is_empty())
        .is_none_or(|prepared| other.meets(prepared, &record.org_units, &record.periods))
}
