//! The entries of runs under way: read, and what they mean to somebody else.

use std::collections::BTreeMap;

use tributary_dhis2::data_store::{Entry, MAX_VALUE_BYTES};
use tributary_dhis2::system::SystemInfo;
use tributary_dhis2::{Client, Failure, Transport};
use tributary_engine::journal::Writes;
use tributary_engine::moment::Moment;

use super::clock::{self, Now, in_utc, seconds_between};
use super::{DEAD_SECONDS, Held, OWN_AFTER_SIGN, slices};
use crate::problem::{Problem, ProblemSide};
use crate::questions::import::{ReadPlan, SendPlan};
use crate::questions::runs::{RunHandle, RunsUnderWay, UnderWay};
use crate::service::import::journal::is_within;
use crate::service::import::prepare::Prepared;
use crate::service::{Service, session};
use crate::stored::running::{StoredConfirmed, StoredRunning};
use crate::stored::{NAMESPACE, SCHEMA, running_key};

/// An entry.
#[derive(Clone, Debug)]
pub(in crate::service::import) struct Record {
    /// The end of its key.
    pub(super) id: String,
    pub(super) stored: StoredRunning,
}

/// All entries of an exchange. What cannot be read (of a newer build, or edited by hand) is
/// left out.
pub(in crate::service::import) async fn read_records<T: Transport>(
    own: &Client<T>,
    exchange: &str,
) -> Result<Vec<Record>, Failure> {
    let beginning = running_key(exchange, "");
    let entries: Vec<Entry<serde_json::Value>> = own.stored_entries(NAMESPACE, &beginning).await?;
    let records = entries.into_iter().filter_map(|entry| {
        let id = entry.key.strip_prefix(&beginning)?.to_owned();
        let stored: StoredRunning = serde_json::from_value(entry.value).ok()?;
        (stored.schema <= SCHEMA).then_some(Record { id, stored })
    });
    Ok(records.collect())
}

impl Record {
    /// Seconds since its last sign of life. Without a time there is nobody to wait for.
    fn silent_seconds(&self, now: &Now) -> u64 {
        seconds_between(&self.stored.sign, &now.text).unwrap_or(DEAD_SECONDS)
    }

    pub(super) fn is_dead(&self, now: &Now) -> bool {
        self.silent_seconds(now) >= DEAD_SECONDS
    }

    /// Whether this Worker holds it.
    pub(super) fn is_held(&self, held: Option<&Held>) -> bool {
        held.is_some_and(|held| held.id == self.id && held.token == self.stored.token)
    }

    /// Whether it may have written something.
    pub(super) fn has_begun(&self) -> bool {
        has_sent(&self.stored.slices) || self.stored.before.is_some()
    }

    /// Whether it is about something that lies in or around these org units, in one of the
    /// periods (in any, where none are given).
    pub(super) fn meets(&self, prepared: &Prepared, units: &[String], periods: &[String]) -> bool {
        let theirs = &self.stored;
        let same_time =
            periods.is_empty() || theirs.periods.iter().any(|period| periods.contains(period));
        same_time
            && (theirs.org_units.is_empty()
                || units
                    .iter()
                    .any(|unit| is_within(prepared, unit, &theirs.org_units))
                || theirs
                    .org_units
                    .iter()
                    .any(|unit| is_within(prepared, unit, units)))
    }

    /// For the journal: org units, when it last gave a sign of life, whose it was.
    pub(in crate::service::import) fn for_the_journal(&self) -> (&[String], &str, &str) {
        let stored = &self.stored;
        (&stored.scope, &stored.sign, &stored.by)
    }

    /// As another person sees it.
    pub(super) fn told(&self, exchange: &str, username: &str, now: &Now) -> UnderWay {
        let stored = &self.stored;
        UnderWay {
            handle: RunHandle {
                exchange: exchange.to_owned(),
                id: self.id.clone(),
                token: stored.token.clone(),
            },
            by: person(stored).to_owned(),
            is_own: stored.by == username,
            began_at: stored.began.clone(),
            silent_seconds: self.silent_seconds(now),
            is_dead: self.is_dead(now),
            question: ReadPlan {
                exchange: exchange.to_owned(),
                periods: stored.periods.clone(),
                org_units: stored.org_units.clone(),
            },
            confirmed: confirmed(stored.confirmed),
            slices: slices::count(&stored.slices),
            values: stored.counts.confirmed,
            written: stored.counts.written,
            rejected: stored.counts.rejected,
        }
    }

    /// Why somebody else cannot send while it is there.
    pub(super) fn in_the_way(&self, username: &str, now: &Now) -> Problem {
        let kind = if self.is_dead(now) {
            "runInterrupted"
        } else if self.stored.by == username {
            "runElsewhere"
        } else {
            "runUnderWay"
        };
        Problem::of(ProblemSide::Destination, kind).with_message(person(&self.stored))
    }
}

/// Whoever held the run is not its holder any more.
pub(super) fn taken_over(by: Option<&StoredRunning>) -> Problem {
    let problem = Problem::of(ProblemSide::Destination, "runTakenOver");
    match by {
        Some(stored) => problem.with_message(person(stored)),
        None => problem,
    }
}

/// The holder's name; the user name where there is none.
fn person(stored: &StoredRunning) -> &str {
    if stored.name.is_empty() {
        &stored.by
    } else {
        &stored.name
    }
}

pub(super) fn to_store(confirmed: SendPlan) -> StoredConfirmed {
    StoredConfirmed {
        overwrite: confirmed.overwrite,
        overwrite_edited: confirmed.overwrite_edited,
        delete_cleared: confirmed.delete_cleared,
    }
}

fn confirmed(stored: StoredConfirmed) -> SendPlan {
    SendPlan {
        overwrite: stored.overwrite,
        overwrite_edited: stored.overwrite_edited,
        delete_cleared: stored.delete_cleared,
    }
}

/// What a run wrote, by data set and period: what it read back, and all that its holder wrote
/// in a slice that was begun, from when it was marked until no request of a dead run can be
/// carried out any more. Where the destination's zone is not known the latter cannot be told.
pub(in crate::service::import) fn writes_of(
    record: &Record,
) -> BTreeMap<(String, String), Vec<Writes>> {
    let stored = &record.stored;
    let mut found: BTreeMap<(String, String), Vec<Writes>> = BTreeMap::new();
    for (data_set, period, from, to) in &stored.own {
        let part = (data_set.clone(), period.clone());
        found.entry(part).or_default().push(Writes {
            from: Moment::from_millis(*from),
            to: Moment::from_millis(*to),
            by: stored.by.clone(),
        });
    }
    let from = in_utc(&stored.marked, stored.ahead).and_then(second_of);
    let sign = in_utc(&stored.sign, stored.ahead).and_then(Moment::millis);
    if let (Some(from), Some(sign)) = (from, sign) {
        let begun = slices::begun(&stored.slices, stored.parts.iter().map(|part| part.2));
        for (data_set, period, _) in begun.iter().filter_map(|at| stored.parts.get(*at)) {
            let part = (data_set.clone(), period.clone());
            found.entry(part).or_default().push(Writes {
                from: Moment::from_millis(from),
                to: Moment::from_millis(sign + OWN_AFTER_SIGN),
                by: stored.by.clone(),
            });
        }
    }
    found
}

/// When the plan of a run was made, as values are stamped.
pub(in crate::service::import) fn planned_at(record: &Record) -> Moment {
    before_second(&record.stored.planned, record.stored.ahead).unwrap_or(Moment::UNKNOWN)
}

/// The last moment of which it is sure that it was before this answer of the destination, as
/// values are stamped; none where its zone is not known.
pub(in crate::service::import) fn before_answer(system: &SystemInfo) -> Option<Moment> {
    let now = clock::now(system);
    before_second(&now.text, now.ahead)
}

/// What was stored within the second in which the plan was made may have been stored after it.
fn before_second(text: &str, ahead: Option<i32>) -> Option<Moment> {
    let second = in_utc(text, ahead).and_then(second_of)?;
    Some(Moment::from_millis(second - 1))
}

/// The beginning of a moment's second: some versions stamp values with whole seconds only.
fn second_of(moment: Moment) -> Option<i64> {
    let millis = moment.millis()?;
    Some(millis - millis.rem_euclid(1_000))
}

/// Answers [`RunsUnderWay`].
pub(in crate::service) async fn under_way<T: Transport + Clone>(
    service: &Service<T>,
    question: RunsUnderWay,
) -> Result<Vec<UnderWay>, Problem> {
    let own = service.own().await?;
    let records = read_records(&own, &question.exchange).await?;
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let username = session::place(service).await?.me.username;
    let now = clock::now(&own.system_info().await?);
    let held = service.held.borrow();
    let sending = held.as_ref().filter(|_| service.busy.get());
    let prepared = service.prepared.borrow();
    let prepared = prepared
        .as_ref()
        .filter(|prepared| prepared.exchange.id == question.exchange);
    let concerns = |record: &&Record| {
        record.stored.by == username
            || prepared
                .is_none_or(|prepared| record.meets(prepared, &prepared.rights.capture_roots, &[]))
    };
    let told = records
        .iter()
        .filter(|record| !record.is_held(sending))
        .filter(|record| record.has_begun() || !record.is_dead(&now))
        .filter(concerns)
        .map(|record| record.told(&question.exchange, &username, &now));
    Ok(told.collect())
}

/// The run that this Worker sends right now: the end of its key.
pub(in crate::service) fn sending<T>(service: &Service<T>) -> Option<String> {
    let held = service.held.borrow();
    let held = held.as_ref().filter(|_| service.busy.get());
    held.map(|held| held.id.clone())
}

/// Whether a run whose slices stand so may have written something.
pub(in crate::service) fn has_sent(stored_slices: &str) -> bool {
    let counts = slices::count(stored_slices);
    counts.done > 0 || counts.uncertain > 0
}

/// Leaves out what can be done without until the rest may be stored.
pub(super) fn shorten(record: &mut StoredRunning) {
    let is_too_large = |record: &StoredRunning| {
        serde_json::to_vec(record).map_or(0, |text| text.len()) > MAX_VALUE_BYTES
    };
    if is_too_large(record) {
        let mut whole: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
        for (data_set, period, from, to) in record.own.drain(..) {
            let span = whole.entry((data_set, period)).or_insert((from, to));
            *span = (span.0.min(from), span.1.max(to));
        }
        let whole = whole.into_iter();
        record
            .own
            .extend(whole.map(|((set, period), (from, to))| (set, period, from, to)));
    }
    if is_too_large(record) {
        record.org_units.clear();
    }
}
