//! A run changes hands, or is left as it is. Before either, what its holder wrote goes into
//! the journals, so that nobody takes it for what somebody edited here.

use tributary_dhis2::{Client, FailureKind, Transport};

use super::clock;
use super::records::{Record, taken_over};
use super::{Held, clock::Now};
use crate::problem::{Problem, ProblemSide};
use crate::questions::runs::{LeaveRun, RunHandle, TakeOver, UnderWay};
use crate::service::import::{Busy, journal};
use crate::service::{Service, session, store};
use crate::stored::running::StoredRunning;
use crate::stored::{NAMESPACE, running_key};

/// Answers [`TakeOver`].
pub(in crate::service) async fn take_over<T: Transport + Clone>(
    service: &Service<T>,
    question: TakeOver,
) -> Result<UnderWay, Problem> {
    let _busy = Busy::begin(service)?;
    let handle = question.handle;
    let place = session::refresh(service).await?;
    let (me, now) = (place.me, clock::now(&place.system));
    let own = service.own().await?;
    let mut record = given_up(&own, &handle, &me.username, &now).await?;
    journal::settle(&own, &handle.exchange, &record).await?;
    let stored = &mut record.stored;
    stored.token = store::new_id(&own).await?;
    stored.revision = stored.revision.saturating_add(1);
    stored.by.clone_from(&me.username);
    stored.name.clone_from(&me.name);
    stored.sign.clone_from(&now.text);
    // The journals know it now.
    stored.marked.clear();
    stored.own.clear();
    let key = running_key(&handle.exchange, &handle.id);
    let stored = own.store_over(NAMESPACE, &key, &record.stored).await;
    stored.map_err(|failure| match failure.kind {
        FailureKind::Forbidden => Problem::of(ProblemSide::Destination, "runNotShared"),
        _ => failure.into(),
    })?;
    // Two may have done so at once: the second one has it.
    let there = own.stored::<StoredRunning>(NAMESPACE, &key).await?;
    if there.as_ref().map(|there| &there.token) != Some(&record.stored.token) {
        return Err(taken_over(there.as_ref()));
    }
    service.held.replace(Some(Held {
        exchange: handle.exchange.clone(),
        id: handle.id,
        token: record.stored.token.clone(),
    }));
    Ok(record.told(&handle.exchange, &me.username, &now))
}

/// Answers [`LeaveRun`].
pub(in crate::service) async fn leave<T: Transport + Clone>(
    service: &Service<T>,
    question: LeaveRun,
) -> Result<(), Problem> {
    let _busy = Busy::begin(service)?;
    let handle = question.handle;
    let place = session::refresh(service).await?;
    let now = clock::now(&place.system);
    let own = service.own().await?;
    let record = match given_up(&own, &handle, &place.me.username, &now).await {
        // Somebody else was quicker, and it is gone as was wanted.
        Err(problem) if problem.kind == "runGone" => return Ok(()),
        given_up => given_up?,
    };
    journal::settle(&own, &handle.exchange, &record).await?;
    let key = running_key(&handle.exchange, &handle.id);
    let removed = own.remove_stored(NAMESPACE, &key).await;
    removed.map_err(|failure| match failure.kind {
        FailureKind::Forbidden => Problem::of(ProblemSide::Destination, "runNotShared"),
        _ => failure.into(),
    })?;
    let is_held = record.is_held(service.held.borrow().as_ref());
    if is_held {
        service.held.replace(None);
    }
    Ok(())
}

/// The entry, if it is still in the hands in which the person saw it and may be taken from
/// them.
async fn given_up<T: Transport>(
    own: &Client<T>,
    handle: &RunHandle,
    username: &str,
    now: &Now,
) -> Result<Record, Problem> {
    let key = running_key(&handle.exchange, &handle.id);
    let stored = own.stored::<StoredRunning>(NAMESPACE, &key).await?;
    let stored = stored.ok_or_else(|| Problem::of(ProblemSide::Destination, "runGone"))?;
    if stored.token != handle.token {
        return Err(taken_over(Some(&stored)));
    }
    let record = Record {
        id: handle.id.clone(),
        stored,
    };
    if record.is_dead(now) || record.stored.by == username {
        Ok(record)
    } else {
        Err(record.in_the_way(username, now))
    }
}
