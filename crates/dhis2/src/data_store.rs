//! The dataStore: small JSON values under a namespace and a key.
//!
//! DHIS2 has no locking: two people who save the same object overwrite each other. So
//! objects carry a `revision`, a new one is made by create-if-absent, and an update reads
//! the stored one first. Never used, because they lose data on some version (`data-store`):
//! an empty PUT (deletes the key), `?path=` (2.40 stores the fragment as the whole value,
//! later ones ignore a missing member silently), `encrypt=true` (2.41+ gives the old value
//! back after a PUT).

use crate::client::{Client, Reading, parse, segment};
use crate::failure::{Expected, Failure, FailureKind};
use crate::query::Query;
use crate::transport::{Method, Transport};
use crate::wire::null_to_default;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The largest value that is written, in bytes. DHIS2 has no limit, proxies often 1 MB.
pub const MAX_VALUE_BYTES: usize = 200_000;
/// The most entries that DHIS2 gives at once; it cuts larger page sizes down to this
/// ("query, page size 5000" of `data-store`).
pub const PAGE_SIZE: usize = 1_000;

/// One stored value with its key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Entry<V> {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: V,
}

/// What a create-if-absent came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// It was stored.
    Yes,
    /// The key is taken; nothing was changed.
    AlreadyThere,
}

/// What an update came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Updated {
    /// It was stored.
    Yes,
    /// Somebody else stored another revision since it was read; nothing was changed.
    LostUpdate {
        /// What is stored now, byte for byte as the server gave it.
        theirs: Vec<u8>,
        /// Its revision.
        their_revision: u64,
    },
    /// Somebody else removed it since it was read; nothing was changed.
    Gone,
}

/// What DHIS2 knows about an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryMeta {
    /// The entry's uid, which its sharing is set by.
    pub id: String,
    /// Whether the person may change it.
    pub may_write: bool,
}

/// Who may do what with an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntrySharing {
    /// What everybody (who reaches the namespace) may do.
    pub everybody: EntryAccess,
    /// Uids of the user groups that may write.
    pub writer_groups: Vec<String>,
    /// Uids of single users that may write, beside the entry's maker.
    pub writer_users: Vec<String>,
}

/// What may be done with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryAccess {
    /// Nothing.
    None,
    /// Read it.
    Read,
    /// Read and change it.
    Write,
}

impl EntryAccess {
    fn letters(self) -> &'static str {
        match self {
            Self::None => "--------",
            Self::Read => "r-------",
            Self::Write => "rw------",
        }
    }
}

#[derive(Serialize)]
struct SharingBody<'a> {
    object: SharingObject<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SharingObject<'a> {
    public_access: &'static str,
    external_access: bool,
    user_group_accesses: Vec<WriteAccess<'a>>,
    user_accesses: Vec<WriteAccess<'a>>,
}

#[derive(Serialize)]
struct WriteAccess<'a> {
    id: &'a str,
    access: &'static str,
}

fn write_accesses(ids: &[String]) -> Vec<WriteAccess<'_>> {
    let access = EntryAccess::Write.letters();
    ids.iter().map(|id| WriteAccess { id, access }).collect()
}

#[derive(Deserialize)]
struct Page<V> {
    entries: Vec<Entry<V>>,
}

impl<T: Transport> Client<T> {
    /// The stored value of a key; `None` when there is none.
    ///
    /// # Errors
    /// Every [`Failure`]; [`FailureKind::WrongContent`] when the value is not of `V`'s shape.
    pub async fn stored<V: DeserializeOwned>(
        &self,
        namespace: &str,
        key: &str,
    ) -> Result<Option<V>, Failure> {
        let path = entry_path(namespace, key);
        none_if_missing(self.get_json(&path, &Query::new(), Reading::Small).await)
    }

    /// The keys of a namespace that the person may see; none for a namespace that is not there.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn stored_keys(&self, namespace: &str) -> Result<Vec<String>, Failure> {
        let path = format!("dataStore/{}", segment(namespace));
        let keys = self.get_json(&path, &Query::new(), Reading::Small).await;
        Ok(none_if_missing(keys)?.unwrap_or_default())
    }

    /// The entries of a namespace that the person may see and whose key begins with
    /// `key_prefix` (empty for all), with their values, in the order of their keys.
    ///
    /// # Errors
    /// Every [`Failure`]; [`FailureKind::WrongContent`] when a value is not of `V`'s shape.
    pub async fn stored_entries<V: DeserializeOwned>(
        &self,
        namespace: &str,
        key_prefix: &str,
    ) -> Result<Vec<Entry<V>>, Failure> {
        let path = format!("dataStore/{}", segment(namespace));
        let mut entries: Vec<Entry<V>> = Vec::new();
        for page in 1.. {
            let mut query = Query::new().with("fields", ".").with("order", "_:asc");
            if !key_prefix.is_empty() {
                query.push("filter", format!("_:startswith:{key_prefix}"));
            }
            query.push("page", page.to_string());
            query.push("pageSize", PAGE_SIZE.to_string());
            let answer: Page<V> = self.get_json(&path, &query, Reading::Large).await?;
            // A server (or a proxy) that gives the first page for ever would never end.
            if let (Some(first), Some(again)) = (entries.first(), answer.entries.first())
                && first.key == again.key
            {
                let kind = FailureKind::WrongContent;
                return Err(Failure::new(
                    self.side(),
                    kind,
                    &path,
                    "the same page twice",
                ));
            }
            let full = answer.entries.len() >= PAGE_SIZE;
            entries.extend(answer.entries);
            if !full {
                break;
            }
        }
        Ok(entries)
    }

    /// Stores a value under a key that must not be taken.
    ///
    /// # Errors
    /// Every [`Failure`]; [`FailureKind::TooLarge`] over [`MAX_VALUE_BYTES`].
    pub async fn store_new<V: Serialize>(
        &self,
        namespace: &str,
        key: &str,
        value: &V,
    ) -> Result<Created, Failure> {
        let path = entry_path(namespace, key);
        let body = self.stored_body(&path, value)?;
        let sent = self
            .write(Method::Post, &path, &Query::new(), Some(body))
            .await;
        match sent {
            Ok(_) => Ok(Created::Yes),
            Err(failure) if failure.kind == FailureKind::Conflict => Ok(Created::AlreadyThere),
            Err(failure) => Err(failure),
        }
    }

    /// Replaces a value, unless the stored `revision` is no longer the one that was read.
    /// The new value carries its own, higher `revision`.
    ///
    /// Between the reading and the writing lies one request; two people who save within it
    /// still overwrite each other. DHIS2 offers nothing better.
    ///
    /// # Errors
    /// Every [`Failure`]; [`FailureKind::TooLarge`] over [`MAX_VALUE_BYTES`].
    pub async fn store_update<V: Serialize>(
        &self,
        namespace: &str,
        key: &str,
        value: &V,
        revision_read: u64,
    ) -> Result<Updated, Failure> {
        #[derive(Deserialize)]
        struct Revision {
            #[serde(default, deserialize_with = "null_to_default")]
            revision: u64,
        }
        let path = entry_path(namespace, key);
        let body = self.stored_body(&path, value)?;
        let now = none_if_missing(
            self.get(
                &path,
                &Query::new(),
                Expected::Json,
                "application/json",
                Reading::Small,
            )
            .await,
        )?;
        let Some(now) = now else {
            return Ok(Updated::Gone);
        };
        let Revision { revision } = parse(self.side(), &path, &now)?;
        if revision != revision_read {
            return Ok(Updated::LostUpdate {
                theirs: now.body,
                their_revision: revision,
            });
        }
        self.write(Method::Put, &path, &Query::new(), Some(body))
            .await?;
        Ok(Updated::Yes)
    }

    /// Replaces a value whatever it is by now; makes the key where it is gone ("put", "put
    /// creates" of `data-store`). For what only one may write, and notices later if
    /// another did.
    ///
    /// # Errors
    /// Every [`Failure`]; [`FailureKind::TooLarge`] over [`MAX_VALUE_BYTES`].
    pub async fn store_over<V: Serialize>(
        &self,
        namespace: &str,
        key: &str,
        value: &V,
    ) -> Result<(), Failure> {
        let path = entry_path(namespace, key);
        let body = self.stored_body(&path, value)?;
        self.write(Method::Put, &path, &Query::new(), Some(body))
            .await?;
        Ok(())
    }

    /// Removes a key; `false` when it was not there.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn remove_stored(&self, namespace: &str, key: &str) -> Result<bool, Failure> {
        let path = entry_path(namespace, key);
        let sent = self.write(Method::Delete, &path, &Query::new(), None).await;
        Ok(none_if_missing(sent)?.is_some())
    }

    /// The uid of an entry and whether the person may change it.
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn stored_meta(&self, namespace: &str, key: &str) -> Result<EntryMeta, Failure> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Wire {
            id: String,
            access: Access,
        }
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Access {
            write: bool,
        }
        let path = format!("{}/metaData", entry_path(namespace, key));
        let wire: Wire = self.get_json(&path, &Query::new(), Reading::Small).await?;
        Ok(EntryMeta {
            id: wire.id,
            may_write: wire.access.write,
        })
    }

    /// Sets who may do what with an entry, by the uid of [`Client::stored_meta`].
    ///
    /// # Errors
    /// Every [`Failure`].
    pub async fn share_stored(&self, id: &str, sharing: &EntrySharing) -> Result<(), Failure> {
        let path = "sharing";
        let query = Query::new().with("type", "dataStore").with("id", id);
        let body = SharingBody {
            object: SharingObject {
                public_access: sharing.everybody.letters(),
                external_access: false,
                user_group_accesses: write_accesses(&sharing.writer_groups),
                user_accesses: write_accesses(&sharing.writer_users),
            },
        };
        let body = self.json_body(path, &body)?;
        self.write(Method::Post, path, &query, Some(body)).await?;
        Ok(())
    }

    fn json_body<V: Serialize>(&self, path: &str, value: &V) -> Result<Vec<u8>, Failure> {
        serde_json::to_vec(value).map_err(|error| {
            Failure::new(
                self.side(),
                FailureKind::BadRequest,
                path,
                error.to_string(),
            )
        })
    }

    fn stored_body<V: Serialize>(&self, path: &str, value: &V) -> Result<Vec<u8>, Failure> {
        let body = self.json_body(path, value)?;
        if body.len() > MAX_VALUE_BYTES {
            let words = format!("{} bytes of at most {MAX_VALUE_BYTES}", body.len());
            return Err(Failure::new(
                self.side(),
                FailureKind::TooLarge,
                path,
                words,
            ));
        }
        Ok(body)
    }
}

fn entry_path(namespace: &str, key: &str) -> String {
    format!("dataStore/{}/{}", segment(namespace), segment(key))
}

/// A missing key or namespace (a 404 with DHIS2's own code, "no key" and "keys of nothing"
/// of `data-store`) is no failure here; a 404 page of a proxy is.
fn none_if_missing<V>(answer: Result<V, Failure>) -> Result<Option<V>, Failure> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(failure)
            if failure.kind == FailureKind::NotFound
                && failure.code.as_deref() == Some("E1005") =>
        {
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}
