//! Stores the journals of a run, so that nobody's work is lost where two run at once.

use std::collections::BTreeMap;

use tributary_dhis2::data_store::{Created, Entry, EntryAccess, EntrySharing, Updated};
use tributary_dhis2::{Client, Failure, Transport};
use tributary_engine::journal::Looked;

use super::{looked, with_cut_off};
use crate::problem::{Problem, ProblemSide};
use crate::service::import::lease::{self, Record};
use crate::service::{Service, store};
use crate::stored::run::StoredRun;
use crate::stored::{NAMESPACE, SCHEMA, run_key};

/// How often it is tried to write a journal that others write, too.
const TRIES: usize = 2;

/// What is to be stored after a run: the data set and its journal as it was known.
struct Due {
    data_set: String,
    earlier: Option<StoredRun>,
    looked: BTreeMap<String, Looked>,
}

/// Writes the journals of a run. The first that could not be written is given back; the
/// others are tried all the same.
pub(in crate::service::import) async fn write<T: Transport + Clone>(
    service: &Service<T>,
    own: &Client<T>,
    by: &str,
    at: &str,
) -> Option<Problem> {
    let due = {
        let slot = service.run.borrow();
        let run = slot.as_ref()?;
        let due = looked(run, by).into_iter().map(|(data_set, looked)| Due {
            earlier: run.journal.stored.get(&data_set).cloned(),
            data_set,
            looked,
        });
        due.collect::<Vec<Due>>()
    };
    let mut problem = None;
    for due in due {
        let next = |earlier: &StoredRun| next(service, &due.data_set, earlier, &due.looked, at);
        match write_one(own, due.earlier.clone(), next).await {
            Ok(Some(stored)) => {
                if let Some(run) = service.run.borrow_mut().as_mut() {
                    run.journal.stored.insert(due.data_set, stored);
                }
            }
            Ok(None) => {}
            Err(failed) => {
                problem.get_or_insert(failed);
            }
        }
    }
    problem
}

/// Writes down what a run wrote that came to no end of its own, so that its entry can be
/// changed or removed.
pub(in crate::service::import) async fn settle<T: Transport>(
    own: &Client<T>,
    exchange: &str,
    record: &Record,
) -> Result<(), Problem> {
    let writes = lease::writes_of(record);
    let mut data_sets: Vec<&String> = writes.keys().map(|(data_set, _)| data_set).collect();
    data_sets.dedup();
    if data_sets.is_empty() {
        return Ok(());
    }
    // A key that is not there is never asked for: a 404 would stand in the browser's console.
    let beginning = run_key(exchange, "");
    let entries: Vec<Entry<serde_json::Value>> = own.stored_entries(NAMESPACE, &beginning).await?;
    for data_set in data_sets {
        let key = run_key(exchange, data_set);
        let there = entries.iter().find(|entry| entry.key == key);
        let earlier = there.and_then(|entry| serde_json::from_value(entry.value.clone()).ok());
        let next = |earlier: &StoredRun| {
            let next = with_cut_off(earlier, record, data_set)?;
            Some((key.clone(), next))
        };
        write_one(own, earlier, next).await?;
    }
    Ok(())
}

/// Writes one; when somebody else wrote it meanwhile, once more upon what they wrote. Gives
/// back what is stored now, if there was anything to remember.
async fn write_one<T: Transport>(
    own: &Client<T>,
    earlier: Option<StoredRun>,
    next: impl Fn(&StoredRun) -> Option<(String, StoredRun)>,
) -> Result<Option<StoredRun>, Problem> {
    let mut earlier = earlier.unwrap_or_default();
    for _ in 0..TRIES {
        if earlier.schema > SCHEMA {
            return Err(Problem::of(ProblemSide::Destination, "wrongContent"));
        }
        let Some((key, next)) = next(&earlier) else {
            return Ok(None);
        };
        if earlier.revision == 0 {
            match own.store_new(NAMESPACE, &key, &next).await? {
                Created::Yes => {
                    share(own, &key).await?;
                    return Ok(Some(next));
                }
                Created::AlreadyThere => earlier = store::load(own, &key).await?,
            }
        } else {
            let revision = u64::from(earlier.revision);
            match own.store_update(NAMESPACE, &key, &next, revision).await? {
                Updated::Yes => return Ok(Some(next)),
                Updated::LostUpdate { theirs, .. } => {
                    earlier = serde_json::from_slice(&theirs)
                        .map_err(|_| Problem::of(ProblemSide::Destination, "wrongContent"))?;
                }
                Updated::Gone => earlier = StoredRun::default(),
            }
        }
    }
    Err(Problem::of(ProblemSide::Destination, "lostUpdate"))
}

/// The key of a data set's journal and what it has to hold; none where there is nothing to
/// remember.
fn next<T>(
    service: &Service<T>,
    data_set: &str,
    earlier: &StoredRun,
    looked: &BTreeMap<String, Looked>,
    at: &str,
) -> Option<(String, StoredRun)> {
    let slot = service.run.borrow();
    let journal = &slot.as_ref()?.journal;
    let next = journal.after(earlier, looked, at);
    (!next.periods.is_empty()).then(|| (run_key(&journal.exchange, data_set), next))
}

/// Whoever runs the exchange next goes on with it, so everybody who reaches the namespace
/// may write it.
async fn share<T: Transport>(own: &Client<T>, key: &str) -> Result<(), Failure> {
    let meta = own.stored_meta(NAMESPACE, key).await?;
    let sharing = EntrySharing {
        everybody: EntryAccess::Write,
        writer_groups: Vec::new(),
        writer_users: Vec::new(),
    };
    own.share_stored(&meta.id, &sharing).await
}
