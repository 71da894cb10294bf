//! A small world: two servers with metadata of the recordings, random values at both, a
//! connection, a mapping and an exchange. All of it follows from the seed.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use tributary_exchange::questions::connections::{CreateConnection, SourceLogin};
use tributary_exchange::questions::exchanges::{
    ExchangeDraft, OrgUnitScope, PeriodRule, SaveExchange,
};
use tributary_exchange::questions::mapping::{
    ChangeMapping, MappingChange, MappingPart, OpenMapping, SaveMapping,
};
use tributary_exchange::service::Service;
use tributary_sandbox::ServerVersion;

use crate::elements::{ELEMENTS, Element, Form, data_set, text};
use crate::line::{Line, MANAGER, ask};
use crate::mapping::Mapping;
use crate::metadata::{metadata, uids};
use crate::random::Random;
use crate::side::{DEFAULT, Key, Side, Stamped, Values};
use crate::time::{Ended, Time};

/// The address of the source; nothing listens there.
const SOURCE: &str = "http://localhost:1";

/// The org units of the world. The last facility is out of the clerk's reach.
pub(crate) const UNITS: [&str; 14] = [
    "ouCountry01",
    "ouRegionA01",
    "ouDistrA101",
    "ouDistrA201",
    "ouFacA10001",
    "ouFacA10002",
    "ouFacA10003",
    "ouFacA10005",
    "ouFacA20001",
    "ouFacA20002",
    "ouFacA20003",
    "ouRegionB01",
    "ouDistrB101",
    "ouFacB10001",
];
/// A facility that is closed since the middle of 2025.
const CLOSED: &str = "ouFacA10005";
/// A facility that the destination's data sets may lose.
pub(crate) const TAKEN_OUT: &str = "ouFacA20003";

/// A world.
pub struct World {
    /// The server that Tributary is installed in.
    pub destination: Side,
    /// The other one.
    pub source: Side,
    /// The exchange's id.
    pub exchange: String,
    /// The data sets of the exchange.
    pub data_sets: Vec<&'static str>,
    /// The periods that are imported.
    pub periods: Vec<String>,
    /// What the mapping says.
    pub mapping: Mapping,
    /// Uids by name, of everything that a row names.
    pub uids: BTreeMap<String, String>,
    /// What the destination held at first.
    pub at_first: Values,
    /// Facilities of which values may be blocked.
    pub hindered: RefCell<BTreeSet<String>>,
    random: Random,
    meeting: Random,
}

impl World {
    /// The world of a seed.
    ///
    /// # Errors
    /// A sentence, when the set-up itself fails.
    pub fn new(seed: u64, time: &Time) -> Result<Self, String> {
        let random = Random::new(seed, "world");
        let version = |number: u64| match number % 4 {
            0 => ServerVersion::V40,
            1 => ServerVersion::V41,
            2 => ServerVersion::V42,
            _ => ServerVersion::V43,
        };
        // All sixteen pairs come in turn.
        let (ours, theirs) = (version(seed), version(seed / 4));
        let taken_out = random.chance(300);
        let destination = Side::open(ours, time, &metadata(taken_out)?)?;
        let source = Side::open(theirs, time, &metadata(false)?)?;
        let peer = std::sync::Arc::clone(&source.server);
        destination.server.connect(SOURCE, peer);
        let mut hindered = BTreeSet::from([CLOSED.to_owned()]);
        if taken_out {
            hindered.insert(TAKEN_OUT.to_owned());
        }
        let mut data_sets = vec!["dsMonthly01"];
        for set in ["dsPartner01", "dsQuarter01", "dsExpiry001"] {
            if random.chance(350) {
                data_sets.push(set);
            }
        }
        let mut world = Self {
            destination,
            source,
            exchange: String::new(),
            periods: periods(&random, &data_sets),
            data_sets,
            mapping: Mapping::default(),
            uids: uids()?,
            at_first: Values::new(),
            hindered: RefCell::new(hindered),
            random,
            meeting: Random::new(seed, "meeting"),
        };
        let values = 5 + world.random.below(50);
        let hours = Random::new(seed, "hours");
        for _ in 0..values {
            time.pass(i64::try_from(hours.below(4_000)).unwrap_or(0));
            let text = world.change_source()?;
            // Some of it is at the destination already, some of it otherwise.
            if world.random.chance(200) {
                world.set(&world.destination, &text.0, &text.1)?;
            } else if world.random.chance(250) {
                world.change_destination()?;
            }
        }
        for _ in 0..world.random.below(4) {
            world.delete_at_source()?;
        }
        world.at_first = world.present()?;
        match time.run(world.set_up(time), None) {
            Ended::Done(outcome) => {
                let (exchange, mapping) = outcome?;
                world.exchange = exchange;
                world.mapping = mapping;
                Ok(world)
            }
            Ended::Killed | Ended::Stuck => Err("the set-up waits".into()),
        }
    }

    /// A manager makes connection, mapping and exchange, in good weather.
    async fn set_up(&self, time: &Time) -> Result<(String, Mapping), String> {
        let service = Service::new(Line::calm(time, self, MANAGER));
        let told = |problem: tributary_exchange::problem::Problem| format!("{problem:?}");
        let connection = ask(
            &service,
            CreateConnection {
                name: "Programme".into(),
                address: SOURCE.into(),
                login: SourceLogin::Basic {
                    username: "admin".into(),
                    password: "district".into(),
                },
                share_with: vec!["ugClerks001".into()],
            },
        )
        .await
        .map_err(told)?;
        let open = OpenMapping {
            connection: connection.id.clone(),
        };
        ask(&service, open).await.map_err(told)?;
        for part in MappingPart::ALL {
            let change = MappingChange::AcceptProposals;
            ask(&service, ChangeMapping { part, change })
                .await
                .map_err(told)?;
        }
        let mut mapping = Mapping::all();
        let mut changes = mapping.vary(&self.random);
        changes.extend(mapping.join(&self.meeting));
        for (part, change) in changes {
            ask(&service, ChangeMapping { part, change })
                .await
                .map_err(told)?;
        }
        ask(&service, SaveMapping {}).await.map_err(told)?;
        let exchange = ExchangeDraft {
            name: "Monthly".into(),
            connection: connection.id,
            data_sets: self.data_sets.iter().map(|set| (*set).to_owned()).collect(),
            period_rule: PeriodRule::Last(3),
            scope: OrgUnitScope::AllMapped,
            ..ExchangeDraft::default()
        };
        let saved = ask(&service, SaveExchange { exchange })
            .await
            .map_err(told)?;
        Ok((saved.id, mapping))
    }

    /// What the destination holds now.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn present(&self) -> Result<Values, String> {
        self.destination.values(&self.data_sets, &self.periods)
    }

    /// What the destination holds now, with stamps.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn present_stamped(&self) -> Result<Stamped, String> {
        self.destination.stamped(&self.data_sets, &self.periods)
    }

    /// What the source holds now, with stamps.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn at_source(&self) -> Result<Stamped, String> {
        self.source.stamped(&self.data_sets, &self.periods)
    }

    /// Somebody at the source enters or changes a value. Gives it back.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn change_source(&self) -> Result<(Key, String), String> {
        let (key, text) = self.draw();
        self.set(&self.source, &key, &text)?;
        Ok((key, text))
    }

    /// What the source keeps of values that were deleted there.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn deleted_at_source(&self) -> Result<BTreeSet<Key>, String> {
        self.source.deleted(&self.data_sets, &self.periods)
    }

    /// Somebody at the source deletes one of its values, if there is one: what the data entry
    /// of its version does, or an import of another tool.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn delete_at_source(&self) -> Result<(), String> {
        let there: Vec<_> = self.at_source()?.into_iter().collect();
        let Some((key, (text, _))) = self.random.pick(&there) else {
            return Ok(());
        };
        let set = data_set(key.element());
        if self.random.chance(500) {
            self.source.remove(set, key)?;
        } else {
            self.source.remove_inline(set, key, text)?;
        }
        Ok(())
    }

    /// Somebody at the destination enters, changes or removes a value.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn change_destination(&self) -> Result<(), String> {
        let (key, text) = self.draw();
        if self.random.chance(150) {
            let set = data_set(key.element());
            self.destination.remove(set, &key)?;
        } else {
            self.set(&self.destination, &key, &text)?;
        }
        Ok(())
    }

    /// Somebody at the destination changes this cell.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn change_cell(&self, key: &Key) -> Result<(), String> {
        self.type_in(key, &self.any_text(key))
    }

    /// Somebody at the destination types this in.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn type_in(&self, key: &Key, text: &str) -> Result<(), String> {
        self.set(&self.destination, key, text)
    }

    /// Somebody at the source changes this cell of it.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn change_at_source(&self, key: &Key) -> Result<(), String> {
        self.set(&self.source, key, &self.any_text(key))
    }

    /// A text that a cell takes.
    fn any_text(&self, key: &Key) -> String {
        let form = ELEMENTS.iter().find(|one| one.uid == key.element());
        form.map_or_else(|| "1".to_owned(), |one| text(&self.random, one.form))
    }

    /// An administrator of the destination closes a facility, or takes it out of the monthly
    /// set: what was planned for it is refused now.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn hinder(&self) -> Result<(), String> {
        let units = ["ouFacA10001", "ouFacA10002", "ouFacA20002"];
        let unit = self.random.pick(&units).copied().unwrap_or(CLOSED);
        let (method, path, body) = if self.random.chance(500) {
            let closing = json!([{"op": "add", "path": "/closedDate", "value": "2025-12-31"}]);
            ("PATCH", format!("/api/organisationUnits/{unit}"), closing)
        } else {
            let path = "/api/dataSets/dsMonthly01/organisationUnits".to_owned();
            ("POST", path, json!({"deletions": [{"id": unit}]}))
        };
        self.destination.ask(method, &path, Some(&body))?;
        self.hindered.borrow_mut().insert(unit.to_owned());
        Ok(())
    }

    fn set(&self, side: &Side, key: &Key, text: &str) -> Result<(), String> {
        let values = [(key.clone(), text.to_owned())];
        side.type_in(data_set(key.element()), &values)?;
        Ok(())
    }

    /// A value that could be anywhere in this world.
    fn draw(&self) -> (Key, String) {
        let random = &self.random;
        let elements: Vec<&Element> = ELEMENTS
            .iter()
            .filter(|one| self.data_sets.contains(&one.data_set))
            .collect();
        let element = random.pick(&elements).copied().unwrap_or(&ELEMENTS[0]);
        let facilities: Vec<&str> = UNITS
            .into_iter()
            .filter(|unit| unit.starts_with("ouFac"))
            .collect();
        let periods: Vec<&String> = self
            .periods
            .iter()
            .filter(|period| period.contains('Q') == (element.data_set == "dsQuarter01"))
            .collect();
        let (mut category, mut attribute) = (DEFAULT.to_owned(), DEFAULT.to_owned());
        match element.form {
            Form::Split => category = format!("cocAgeSex0{}", 1 + random.below(6)),
            Form::ByPartner => attribute = format!("cocPartner{}", 1 + random.below(2)),
            _ => {}
        }
        let unit = random.pick(&facilities).copied().unwrap_or(CLOSED);
        let period = random
            .pick(&periods)
            .map_or("202601", |period| period.as_str());
        let key = Key([
            element.uid.to_owned(),
            category,
            attribute,
            unit.to_owned(),
            period.to_owned(),
        ]);
        (key, text(&self.random, element.form))
    }
}

/// Months, and quarters where a data set has them.
fn periods(random: &Random, data_sets: &[&str]) -> Vec<String> {
    let first = 1 + random.below(6);
    let months = first..=first + 1 + random.below(3);
    let mut periods: Vec<String> = months.map(|month| format!("2026{month:02}")).collect();
    if data_sets.contains(&"dsQuarter01") {
        periods.push("2026Q1".into());
    }
    periods
}
