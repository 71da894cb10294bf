//! The service: answers every question. It lives in the Web Worker (or in a command),
//! holds the metadata, the working copy of a mapping, the plan and the run, and talks
//! to the servers through the transport that it was given. One file per screen's
//! questions; [`Service::answer`] is the way in, with a function for each area beside it.

mod catalogue;
mod connections;
mod exchanges;
mod import;
mod mapping;
mod names;
mod pausing;
mod session;
mod store;

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use serde_json::{from_str, to_string};
use tributary_dhis2::patience::Pauses;
use tributary_dhis2::{Client, Transport};

use crate::problem::{Problem, ProblemSide};
use crate::question::{Area, Asked, Progress, Question};
use crate::questions::{
    browse as b, connections as c, exchanges as e, import as i, mapping as m, runs as r,
    session as s,
};
use session::Place;

/// Where progress goes while a question is being answered.
pub type Tell<'a> = &'a dyn Fn(Progress);

/// What comes of a question: JSON text of its answer, or what went wrong.
pub type Outcome = Result<String, Problem>;

/// Answers questions over a transport to the destination.
pub struct Service<T> {
    transport: T,
    /// Who and where; known after the first question, read again when needed.
    place: RefCell<Option<Place>>,
    /// The mapping that is being edited.
    desk: RefCell<Option<mapping::Desk>>,
    /// The exchange that is being prepared, with the destination's metadata.
    prepared: RefCell<Option<import::Prepared>>,
    /// The plan and what became of it.
    run: RefCell<Option<import::Run>>,
    /// Asks the long work that goes on to come to an end.
    stop: Rc<Cell<bool>>,
    /// The pauses that requests make before they are tried again; `stop` ends them.
    pauses: Rc<Pauses>,
    /// Values that are read, and written, at one go at most.
    at_one_go: (usize, usize),
    /// Long work goes on: a second one is refused.
    busy: Cell<bool>,
    /// What long work waits at while the person wants it to pause.
    pause: import::Barrier,
    /// The run whose entry in the dataStore is ours.
    held: RefCell<Option<import::Held>>,
}

impl<T: Transport + Clone> Service<T> {
    /// A service over a transport to the destination.
    pub fn new(transport: T) -> Self {
        let stop = Rc::new(Cell::new(false));
        Self {
            pauses: Rc::new(Pauses::until(Rc::clone(&stop))),
            at_one_go: (usize::MAX, usize::MAX),
            stop,
            transport,
            place: RefCell::new(None),
            desk: RefCell::new(None),
            prepared: RefCell::new(None),
            run: RefCell::new(None),
            busy: Cell::new(false),
            pause: import::Barrier::default(),
            held: RefCell::new(None),
        }
    }

    /// The same service, which reads and writes no more values at one go than so many. What
    /// comes of a run does not depend on it.
    #[must_use]
    pub fn with_at_one_go(mut self, read: usize, write: usize) -> Self {
        self.at_one_go = (read, write);
        self
    }

    /// Answers one question. Questions may overlap: reading the rows of a plan goes on
    /// while values are sent.
    ///
    /// Only the questions of the asked one's area are looked at. Whoever wants to keep the
    /// code of the areas apart calls the area's own function instead.
    pub async fn answer(&self, asked: &Asked, tell: Tell<'_>) -> Outcome {
        match asked.area {
            Area::Start => self.answer_start(asked).await,
            Area::Connections => self.answer_connections(asked).await,
            Area::Mapping => self.answer_mapping(asked, tell).await,
            Area::Exchanges => self.answer_exchanges(asked).await,
            Area::Import => self.answer_import(asked, tell).await,
        }
    }

    /// Answers a question of [`Area::Start`].
    pub async fn answer_start(&self, asked: &Asked) -> Outcome {
        let body = asked.body.as_str();
        match asked.name.as_str() {
            s::OpenSession::NAME => put(body, |q| session::open(self, q)).await,
            e::ListExchanges::NAME => put(body, |q| exchanges::list(self, q)).await,
            unknown => unknown_question(unknown),
        }
    }

    /// Answers a question of [`Area::Connections`].
    pub async fn answer_connections(&self, asked: &Asked) -> Outcome {
        let body = asked.body.as_str();
        match asked.name.as_str() {
            c::ListConnections::NAME => put(body, |q| connections::list(self, q)).await,
            c::ConnectionChoices::NAME => put(body, |q| connections::choices(self, q)).await,
            c::CreateConnection::NAME => put(body, |q| connections::create(self, q)).await,
            c::CreateConnectionOverRoute::NAME => {
                put(body, |q| connections::create_over_route(self, q)).await
            }
            c::ShareConnection::NAME => put(body, |q| connections::share(self, q)).await,
            c::TestConnection::NAME => put(body, |q| connections::test(self, q)).await,
            c::DeleteConnection::NAME => put(body, |q| connections::delete(self, q)).await,
            unknown => unknown_question(unknown),
        }
    }

    /// Answers a question of [`Area::Mapping`].
    pub async fn answer_mapping(&self, asked: &Asked, tell: Tell<'_>) -> Outcome {
        let body = asked.body.as_str();
        match asked.name.as_str() {
            m::OpenMapping::NAME => {
                let open = async |q, tell: Tell<'_>| mapping::open(self, q, tell).await;
                put(body, |q| pausing::told(&self.pauses, tell, q, open)).await
            }
            m::MappingRows::NAME => put(body, |q| mapping::rows(self, q)).await,
            m::MappingTargets::NAME => put(body, |q| mapping::targets(self, q)).await,
            m::ChangeMapping::NAME => put(body, |q| mapping::change(self, q)).await,
            m::SaveMapping::NAME => put(body, |q| mapping::save(self, q)).await,
            unknown => unknown_question(unknown),
        }
    }

    /// Answers a question of [`Area::Exchanges`].
    pub async fn answer_exchanges(&self, asked: &Asked) -> Outcome {
        let body = asked.body.as_str();
        match asked.name.as_str() {
            e::OpenExchange::NAME => put(body, |q| exchanges::open(self, q)).await,
            e::SaveExchange::NAME => put(body, |q| exchanges::save(self, q)).await,
            e::DeleteExchange::NAME => put(body, |q| exchanges::delete(self, q)).await,
            unknown => unknown_question(unknown),
        }
    }

    /// Answers a question of [`Area::Import`].
    pub async fn answer_import(&self, asked: &Asked, tell: Tell<'_>) -> Outcome {
        let body = asked.body.as_str();
        match asked.name.as_str() {
            i::PrepareImport::NAME => {
                let prepare = async |q, tell: Tell<'_>| import::prepare(self, q, tell).await;
                put(body, |q| pausing::told(&self.pauses, tell, q, prepare)).await
            }
            i::ReadPlan::NAME => {
                let read = async |q, tell: Tell<'_>| import::read_plan(self, q, tell).await;
                put(body, |q| pausing::told(&self.pauses, tell, q, read)).await
            }
            i::Stop::NAME => put(body, |q| import::stop(self, q)).await,
            r::Pause::NAME => put(body, |q| import::pause(self, q)).await,
            r::Resume::NAME => put(body, |q| import::resume(self, q)).await,
            r::RunsUnderWay::NAME => put(body, |q| import::under_way(self, q)).await,
            r::TakeOver::NAME => put(body, |q| import::take_over(self, q)).await,
            r::LeaveRun::NAME => put(body, |q| import::leave(self, q)).await,
            i::PlanRows::NAME => put(body, |q| import::rows(self, q)).await,
            b::FindRow::NAME => put(body, |q| import::find(self, q)).await,
            b::PlanParts::NAME => put(body, |q| import::parts(self, q)).await,
            i::SendPlan::NAME => {
                let send = async |q, tell: Tell<'_>| import::send(self, q, tell).await;
                put(body, |q| pausing::told(&self.pauses, tell, q, send)).await
            }
            i::LastReport::NAME => put(body, |q| import::last_report(self, q)).await,
            i::CurrentPlan::NAME => put(body, |q| import::current_plan(self, q)).await,
            i::ReportCsv::NAME => put(body, |q| import::csv(self, q)).await,
            unknown => unknown_question(unknown),
        }
    }

    /// A client for the destination.
    async fn own(&self) -> Result<Client<T>, Problem> {
        let differences = session::place(self).await?.differences;
        let client = Client::own(self.transport.clone(), differences);
        Ok(client.with_pauses(Rc::clone(&self.pauses)))
    }

    /// A client for a source behind a Route.
    async fn source(&self, route: &str) -> Result<Client<T>, Problem> {
        let differences = session::place(self).await?.differences;
        let client = Client::through_route(self.transport.clone(), route, differences);
        Ok(client.with_pauses(Rc::clone(&self.pauses)))
    }
}

fn unknown_question(name: &str) -> Outcome {
    Err(Problem::of(ProblemSide::App, "unknownQuestion").with_message(name))
}

/// Reads a question from JSON, has it answered, and writes the answer as JSON.
async fn put<Q, F>(body: &str, answer: impl FnOnce(Q) -> F) -> Outcome
where
    Q: Question,
    F: Future<Output = Result<Q::Answer, Problem>>,
{
    let broken = |error: serde_json::Error| {
        Problem::of(ProblemSide::App, "brokenMessage").with_message(error.to_string())
    };
    let question = from_str(body).map_err(broken)?;
    // On the heap: the futures of all questions side by side would be too large for the
    // stack of a Worker.
    let found = Box::pin(answer(question)).await?;
    to_string(&found).map_err(broken)
}
