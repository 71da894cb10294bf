//! Everything that a server knows, in memory; each change goes to the database
//! file before it is answered.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::apps::App;
use crate::collections::Collections;
use crate::faults::Fault;
use crate::jobs::Job;
use crate::metadata::index::Index;
use crate::session::Session;
use crate::store::{Batch, Store, StoreError};
use crate::stores::Entry;
use crate::values::Catalogue;

/// Namespace → key → entry.
pub type Namespaces = BTreeMap<String, BTreeMap<String, Entry>>;

/// The metadata and the index over it, as they were at one moment. Cheap to clone.
#[derive(Clone)]
pub struct Snapshot {
    /// All objects.
    pub collections: Arc<Collections>,
    /// What is derived from them.
    pub index: Arc<Index>,
}

/// The state of one server.
pub struct State {
    /// The metadata with its index.
    pub metadata: Snapshot,
    /// The index for value rules, built when first asked for after a change.
    pub catalogue: OnceLock<Arc<Catalogue>>,
    /// User uid → salt and hash.
    pub passwords: HashMap<String, Value>,
    /// User uid → the settings that the user has set.
    pub user_settings: HashMap<String, Map<String, Value>>,
    /// The system settings that somebody has set.
    pub system_settings: Map<String, Value>,
    /// Session id → session.
    pub sessions: IndexMap<String, Session>,
    /// Token uid → personal access token, with the hash of its secret.
    pub tokens: IndexMap<String, Value>,
    /// The dataStore.
    pub data_store: Namespaces,
    /// User uid → that user's userDataStore.
    pub user_data_store: HashMap<String, Namespaces>,
    /// App key → app.
    pub apps: IndexMap<String, App>,
    /// Origins whose pages may read answers.
    pub cors_whitelist: Vec<String>,
    /// When analytics tables were last built.
    pub analytics_built: Option<String>,
    /// Jobs, the latest last; not kept over a restart.
    pub jobs: Vec<Job>,
    /// Faults that a test has ordered; not kept over a restart.
    pub faults: Vec<Fault>,
    /// Set by a change of metadata, so that the index is built anew.
    changed: bool,
}

impl State {
    /// Reads everything from the database.
    pub fn load(store: &Store) -> Result<Self, StoreError> {
        let mut collections = Collections::new();
        for (name, object) in store.load_json("object")? {
            if let [collection, uid] = name.as_slice() {
                collections
                    .entry(collection.clone())
                    .or_default()
                    .insert(uid.clone(), object);
            }
        }
        let by_first = |area: &str| -> Result<Vec<(String, Value)>, StoreError> {
            let records = store.load_json(area)?;
            Ok(records
                .into_iter()
                .map(|(name, value)| (name.join("/"), value))
                .collect())
        };
        let mut data_store = Namespaces::new();
        for (name, value) in store.load_json("entry")? {
            if let [namespace, key] = name.as_slice() {
                data_store
                    .entry(namespace.clone())
                    .or_default()
                    .insert(key.clone(), Entry { record: value });
            }
        }
        let mut user_data_store: HashMap<String, Namespaces> = HashMap::new();
        for (name, value) in store.load_json("userEntry")? {
            if let [user, namespace, key] = name.as_slice() {
                let namespaces = user_data_store.entry(user.clone()).or_default();
                namespaces
                    .entry(namespace.clone())
                    .or_default()
                    .insert(key.clone(), Entry { record: value });
            }
        }
        let object = |value: Value| match value {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        let mut apps = IndexMap::new();
        for (key, record) in by_first("app")? {
            apps.insert(key, App::from_record(record));
        }
        for (name, bytes) in store.load("appFile")? {
            if let [key, path] = name.as_slice()
                && let Some(app) = apps.get_mut(key)
            {
                app.files.insert(path.clone(), Arc::new(bytes));
            }
        }
        let index = Index::build(&collections);
        Ok(Self {
            metadata: Snapshot {
                collections: Arc::new(collections),
                index: Arc::new(index),
            },
            catalogue: OnceLock::new(),
            passwords: by_first("password")?.into_iter().collect(),
            user_settings: by_first("userSettings")?
                .into_iter()
                .map(|(k, v)| (k, object(v)))
                .collect(),
            system_settings: by_first("systemSetting")?.into_iter().collect(),
            sessions: by_first("session")?
                .into_iter()
                .map(|(id, v)| (id, Session::from_record(&v)))
                .collect(),
            tokens: by_first("token")?.into_iter().collect(),
            data_store,
            user_data_store,
            apps,
            cors_whitelist: by_first("configuration")?
                .into_iter()
                .find(|(name, _)| name == "corsWhitelist")
                .and_then(|(_, origins)| serde_json::from_value(origins).ok())
                .unwrap_or_default(),
            analytics_built: by_first("analytics")?
                .into_iter()
                .find_map(|(_, built)| built.as_str().map(str::to_owned)),
            jobs: Vec::new(),
            faults: Vec::new(),
            changed: false,
        })
    }

    /// Writes an object of the metadata.
    pub fn put_object(&mut self, batch: &mut Batch, collection: &str, uid: &str, object: Value) {
        batch.put(&["object", collection, uid], &object);
        let collections = Arc::make_mut(&mut self.metadata.collections);
        collections
            .entry(collection.into())
            .or_default()
            .insert(uid.into(), object);
        self.changed = true;
    }

    /// Removes an object of the metadata; says whether it was there.
    pub fn remove_object(&mut self, batch: &mut Batch, collection: &str, uid: &str) -> bool {
        batch.remove(&["object", collection, uid]);
        let collections = Arc::make_mut(&mut self.metadata.collections);
        self.changed = true;
        collections
            .get_mut(collection)
            .is_some_and(|objects| objects.shift_remove(uid).is_some())
    }

    /// Builds the index anew if metadata changed since the last call.
    pub fn settle(&mut self) {
        if std::mem::take(&mut self.changed) {
            self.metadata.index = Arc::new(Index::build(&self.metadata.collections));
            self.catalogue = OnceLock::new();
        }
    }
}
