//! Stores the journals of a run, so that nobody's work is lost where two run at once.

use std::collections::BTreeMap;

use tributary_dhis2::data_store::{Created, EntryAccess, EntrySharing, Updated};
use tributary_dhis2::{Client, Failure, Transport};
use tributary_engine::journal::Looked;

use super::looked;
use crate::problem::{Problem, ProblemSide};
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
        let data_set = due.data_set.clone();
        match write_one(service, own, due, at).await {
            Ok(Some(stored)) => {
                if let Some(run) = service.run.borrow_mut().as_mut() {
                    run.journal.stored.insert(data_set, stored);
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

/// Writes one; when somebody else wrote it meanwhile, once more upon what they wrote. Gives
/// back what is stored now, if there was anything to remember.
async fn write_one<T: Transport + Clone>(
    service: &Service<T>,
    own: &Client<T>,
    due: Due,
    at: &str,
) -> Result<Option<StoredRun>, Problem> {
    let mut earlier = due.earlier.unwrap_or_default();
    for _ in 0..TRIES {
        if earlier.schema > SCHEMA {
            return Err(Problem::of(ProblemSide::Destination, "wrongContent"));
        }
        let Some((key, next)) = next(service, &due.data_set, &earlier, &due.looked, at) else {
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
