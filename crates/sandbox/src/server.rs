//! A server: its options, its clock, its database and its state, and the one
//! door through which every request comes in, be it over HTTP or from a test
//! in the same process.

use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard};

use serde_json::Value;

use crate::answer::Answer;
use crate::clock::Clock;
use crate::cors::Origin;
use crate::metadata::defaults;
use crate::options::ServerOptions;
use crate::request::Request;
use crate::router;
use crate::session;
use crate::state::{Snapshot, State};
use crate::store::{Batch, Store, StoreError};
use crate::values::{Catalogue, ValueStore};
use crate::{cors, faults, headers, pace};

/// What a handler gives back; the error side is an answer too.
pub type Reply = Result<Answer, Answer>;

/// One DHIS2.
pub struct Server {
    /// What it was started with.
    pub options: ServerOptions,
    /// Its clock.
    pub clock: Clock,
    /// Data values and completeness.
    pub values: ValueStore,
    /// Where records are written.
    store: Store,
    state: RwLock<State>,
    client: OnceLock<reqwest::Client>,
    /// Servers in this process that Routes reach without a network, by their address.
    neighbours: RwLock<Vec<(String, Arc<Server>)>>,
    /// Requests about values take their turns where there is a pace.
    turn: tokio::sync::Mutex<()>,
}

impl Server {
    /// Opens the database and puts into an empty one what every DHIS2 has:
    /// the administrator and the default category combo.
    pub fn open(options: ServerOptions) -> Result<Arc<Self>, StoreError> {
        if let (true, Some(path)) = (options.fresh, &options.database)
            && path.exists()
        {
            std::fs::remove_file(path).map_err(|e| StoreError(e.to_string()))?;
        }
        let store = Store::open(options.database.as_deref())?;
        let clock = Clock {
            today: options.today,
            simulated: options.simulated_clock.clone(),
        };
        let values = ValueStore::open(store.database()).map_err(|e| StoreError(e.to_string()))?;
        let mut state = State::load(&store)?;
        if !state.metadata.collections.contains_key("users") {
            let mut batch = Batch::default();
            defaults::fill(&mut state, &mut batch, &clock);
            state.settle();
            store.commit(batch)?;
        }
        let state = RwLock::new(state);
        Ok(Arc::new(Self {
            options,
            clock,
            values,
            store,
            state,
            client: OnceLock::new(),
            neighbours: RwLock::default(),
            turn: tokio::sync::Mutex::default(),
        }))
    }

    /// Answers a request: the only entrance.
    pub async fn handle(self: &Arc<Self>, request: Request) -> Answer {
        let started = std::time::Instant::now();
        let fault = faults::strike(self, &request);
        let answer = match fault.before(self).await {
            Some(instead) => instead,
            None => self.answer_in_time(&request).await,
        };
        let answer = fault.after(answer);
        if self.options.log {
            let query = if request.raw_query.is_empty() {
                String::new()
            } else {
                format!("?{}", request.raw_query)
            };
            let millis = started.elapsed().as_millis();
            println!(
                "{} {} {}{query} {} {millis} ms",
                self.options.version, request.method, request.path, answer.status
            );
        }
        answer
    }

    /// Answers, as quickly as this server is to be.
    async fn answer_in_time(self: &Arc<Self>, request: &Request) -> Answer {
        let Some(pace) = self.options.pace.filter(|_| pace::is_about_values(request)) else {
            return self.answer(request).await;
        };
        let _turn = self.turn.lock().await;
        let began = tokio::time::Instant::now();
        let answer = self.answer(request).await;
        pace::keep(pace, began, request, &answer).await;
        answer
    }

    async fn answer(self: &Arc<Self>, request: &Request) -> Answer {
        if let Some(refused) = headers::container_refusal(self.options.version, request) {
            return refused;
        }
        let origin = match cors::look(self, request) {
            Origin::Same => Vec::new(),
            Origin::Allowed(headers) => headers,
            Origin::Answered(answer) => return headers::finish(self, request, answer),
        };
        let with_origin = |answer: Answer| {
            let headers = origin.iter();
            headers.fold(answer, |answer, (name, value)| {
                answer.with_header(name, value)
            })
        };
        let identity = match session::identify(self, request) {
            Ok(identity) => identity,
            Err(refused) => return with_origin(headers::finish(self, request, refused)),
        };
        let cookies = identity.cookies.clone();
        let mut answer = router::answer(self, request, identity).await;
        for cookie in cookies {
            answer = answer.with_header("set-cookie", cookie);
        }
        with_origin(headers::finish(self, request, answer))
    }

    /// The state, to look at.
    pub fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The metadata as it is now.
    pub fn snapshot(&self) -> Snapshot {
        self.state().metadata.clone()
    }

    /// The index for value rules as it is now.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        let state = self.state();
        Arc::clone(
            state
                .catalogue
                .get_or_init(|| Arc::new(Catalogue::build(&state.metadata.collections))),
        )
    }

    /// Changes the state and writes what changed before it returns. What `change`
    /// refuses must be refused before it touches anything.
    pub fn change<T>(
        &self,
        change: impl FnOnce(&mut State, &mut Batch) -> Result<T, Answer>,
    ) -> Result<T, Answer> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let mut batch = Batch::default();
        let result = change(&mut state, &mut batch)?;
        state.settle();
        self.store
            .commit(batch)
            .map_err(|e| Answer::error(500, &e.to_string(), None))?;
        Ok(result)
    }

    /// As [`Self::change`] for sessions, which may be lost when the power fails.
    pub fn change_sessions<T>(&self, change: impl FnOnce(&mut State, &mut Batch) -> T) -> T {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let mut batch = Batch::default();
        let result = change(&mut state, &mut batch);
        if let Err(e) = self.store.commit_soon(batch) {
            eprintln!("{e}");
        }
        result
    }

    /// The client with which routes reach other servers.
    pub fn client(&self) -> &reqwest::Client {
        self.client.get_or_init(crate::routes::run::client)
    }

    /// From now on Routes to this address (`http://localhost:1234`, without a path) are
    /// handed to a server in this process: nothing is listened to, and nothing waits.
    pub fn connect(&self, address: &str, peer: Arc<Self>) {
        let mut neighbours = self
            .neighbours
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        neighbours.push((address.to_owned(), peer));
    }

    /// The server in this process that has this address.
    pub fn neighbour(&self, url: &url::Url) -> Option<Arc<Self>> {
        let address = url
            .as_str()
            .strip_suffix(&url[url::Position::BeforePath..])?;
        let neighbours = self
            .neighbours
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let found = neighbours.iter().find(|(known, _)| known == address);
        found.map(|(_, peer)| Arc::clone(peer))
    }

    /// Loads metadata as the administrator would with `POST /api/metadata`.
    /// The error is the import report, or a sentence.
    pub fn load_metadata(&self, metadata: &Value) -> Result<(), String> {
        crate::metadata::import::load(self, metadata)
    }

    /// Loads data values (the body of `POST /api/dataValueSets`) as an administrator of
    /// the whole org-unit tree. The error is the import summary.
    pub fn load_values(&self, values: &Value) -> Result<(), String> {
        let request = Request::new("POST", "/api/dataValueSets")
            .with_body("application/json", values.to_string());
        let mut user = session::administrator(self);
        user.organisation_units = self.snapshot().index.roots();
        let answer = crate::data_values::write(self, &request, &user);
        if answer.status == 200 {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&answer.body).into_owned())
        }
    }
}
