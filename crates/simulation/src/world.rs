//! A small world: two servers with metadata of the recordings, random values at both, a
//! connection, a mapping and an exchange. All of it follows from the seed.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tributary_exchange::questions::connections::{CreateConnection, SourceLogin};
use tributary_exchange::questions::exchanges::{
    ExchangeDraft, OrgUnitScope, PeriodRule, SaveExchange,
};
use tributary_exchange::questions::mapping::{
    ChangeMapping, MappingChange, MappingPart, OpenMapping, SaveMapping,
};
use tributary_exchange::service::Service;
use tributary_sandbox::ServerVersion;

use crate::line::{Line, MANAGER, ask};
use crate::random::Random;
use crate::side::{DEFAULT, Key, Side, Values};
use crate::time::{Ended, Time};

const METADATA: &str = include_str!("../../../tests/recordings/seed/metadata.json");
/// The address of the source; nothing listens there.
const SOURCE: &str = "http://localhost:1";

/// The org units of the world. The last facility is out of the clerk's reach.
const UNITS: [&str; 14] = [
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
const TAKEN_OUT: &str = "ouFacA20003";
/// A facility that may be mapped nowhere.
const NOT_MAPPED: &str = "ouFacA10003";

/// A data element of the world: uid, data set, and the category option combos.
struct Element {
    uid: &'static str,
    data_set: &'static str,
    form: Form,
}

/// Which texts an element takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Count,
    /// A count by age and sex.
    Split,
    /// A count by partner, the attribute.
    ByPartner,
    Number,
    Text,
    Boolean,
}

const ELEMENTS: [Element; 9] = [
    element("deIntZeroP1", "dsMonthly01", Form::Count),
    element("deInteger01", "dsMonthly01", Form::Count),
    element("deNumber001", "dsMonthly01", Form::Number),
    element("deText00001", "dsMonthly01", Form::Text),
    element("deBoolean01", "dsMonthly01", Form::Boolean),
    element("deAgeSex001", "dsMonthly01", Form::Split),
    element("dePartner01", "dsPartner01", Form::ByPartner),
    element("deQuarter01", "dsQuarter01", Form::Count),
    element("deExpiry001", "dsExpiry001", Form::Count),
];

const fn element(uid: &'static str, data_set: &'static str, form: Form) -> Element {
    Element {
        uid,
        data_set,
        form,
    }
}

/// Where a thing of the source goes; `None`: left out on purpose. What is not in it is not mapped.
type Choices = BTreeMap<String, Option<String>>;

/// What the mapping says, in the simulation's own words.
#[derive(Debug, Default)]
pub struct Mapping {
    /// `dataElement.categoryOptionCombo`.
    items: Choices,
    units: BTreeMap<String, String>,
}

/// Where a source value belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// To this cell.
    To(Key),
    /// Nowhere, on purpose.
    Excluded,
    /// Nowhere, since nobody said where.
    Unmapped,
    /// It is not even read: its org unit is out of reach or not mapped.
    NotAsked,
}

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
        };
        let values = 5 + world.random.below(50);
        for _ in 0..values {
            let text = world.change_source()?;
            // Some of it is at the destination already, some of it otherwise.
            if world.random.chance(200) {
                world.set(&world.destination, &text.0, &text.1)?;
            } else if world.random.chance(250) {
                world.change_destination()?;
            }
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
        for (part, change) in mapping.vary(&self.random) {
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

    /// What the source holds now.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn at_source(&self) -> Result<Values, String> {
        self.source.values(&self.data_sets, &self.periods)
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

    /// Somebody at the destination enters, changes or removes a value.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn change_destination(&self) -> Result<(), String> {
        let (key, text) = self.draw();
        if self.random.chance(150) {
            let set = data_set(key.element());
            self.destination.remove(set, &key)?;
            return Ok(());
        }
        self.set(&self.destination, &key, &text)
    }

    /// Somebody at the destination changes a cell that the plan is about.
    ///
    /// # Errors
    /// See [`Side::ask`].
    pub fn change_cell(&self, key: &Key) -> Result<(), String> {
        let form = ELEMENTS.iter().find(|one| one.uid == key.element());
        let text = form.map_or_else(|| "1".to_owned(), |one| self.text(one.form));
        self.set(&self.destination, key, &text)
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
        (key, self.text(element.form))
    }

    fn text(&self, form: Form) -> String {
        let random = &self.random;
        let number = 1 + random.below(20);
        match form {
            Form::Number => match random.below(3) {
                0 => format!("{number}.0"),
                1 => format!("{number}.5"),
                _ => number.to_string(),
            },
            // With blanks that servers up to 2.42 take away, and what CSV has to quote.
            Form::Text if number > 15 => format!(" seen {number} "),
            Form::Text => format!("seen {number}, \"well\""),
            Form::Boolean => {
                let spellings = ["true", "false", "TRUE", "1", "f"];
                random
                    .pick(&spellings)
                    .copied()
                    .unwrap_or("true")
                    .to_owned()
            }
            Form::Count | Form::Split | Form::ByPartner => number.to_string(),
        }
    }
}

impl Mapping {
    /// Everything to itself.
    fn all() -> Self {
        let mut mapping = Self::default();
        for element in &ELEMENTS {
            for combo in element.combos() {
                let item = format!("{}.{combo}", element.uid);
                mapping.items.insert(item.clone(), Some(item));
            }
        }
        for unit in UNITS {
            mapping.units.insert(unit.to_owned(), unit.to_owned());
        }
        mapping
    }

    /// Changes it here and there; the same as changes of the app's mapping.
    fn vary(&mut self, random: &Random) -> Vec<(MappingPart, MappingChange)> {
        let mut changes = Vec::new();
        let item = |element: &str| format!("{element}.{DEFAULT}");
        if random.chance(250) {
            let row = item("deText00001");
            self.items.insert(row.clone(), None);
            changes.push((MappingPart::Items, MappingChange::Exclude { row }));
        }
        if random.chance(250) {
            let row = "deAgeSex001.cocAgeSex03".to_owned();
            self.items.remove(&row);
            changes.push((MappingPart::Items, MappingChange::Clear { row }));
        }
        if random.chance(300) {
            // Two counts change places.
            for (from, to) in [
                ("deIntZeroP1", "deInteger01"),
                ("deInteger01", "deIntZeroP1"),
            ] {
                let (row, target) = (item(from), item(to));
                self.items.insert(row.clone(), Some(target.clone()));
                changes.push((MappingPart::Items, MappingChange::To { row, target }));
            }
        }
        if random.chance(300) {
            // Two facilities change places.
            for (from, to) in [
                ("ouFacA10001", "ouFacA20001"),
                ("ouFacA20001", "ouFacA10001"),
            ] {
                self.units.insert(from.to_owned(), to.to_owned());
                let (row, target) = (from.to_owned(), to.to_owned());
                changes.push((MappingPart::OrgUnits, MappingChange::To { row, target }));
            }
        }
        if random.chance(250) {
            let row = NOT_MAPPED.to_owned();
            self.units.remove(&row);
            changes.push((MappingPart::OrgUnits, MappingChange::Clear { row }));
        }
        changes
    }

    /// Where a value of the source belongs.
    pub fn place(&self, key: &Key) -> Place {
        let [element, category, attribute, unit, period] = &key.0;
        // The clerk's reach is the northern region.
        let unit = match self.units.get(unit) {
            Some(unit) if unit.starts_with("ouFacA") => unit,
            _ => return Place::NotAsked,
        };
        match self.items.get(&format!("{element}.{category}")) {
            None => Place::Unmapped,
            Some(None) => Place::Excluded,
            Some(Some(item)) => {
                let (element, category) = item.split_once('.').unwrap_or_default();
                Place::To(Key(
                    [element, category, attribute, unit, period].map(str::to_owned)
                ))
            }
        }
    }
}

impl Element {
    fn combos(&self) -> Vec<String> {
        match self.form {
            Form::Split => (1..=6)
                .map(|number| format!("cocAgeSex0{number}"))
                .collect(),
            _ => vec![DEFAULT.to_owned()],
        }
    }
}

/// The data set of an element.
pub fn data_set(element: &str) -> &'static str {
    let found = ELEMENTS.iter().find(|one| one.uid == element);
    found.map_or("dsMonthly01", |one| one.data_set)
}

/// A text of an element as the app writes it for every version: blanks and spellings that some
/// servers take away do not count.
pub fn spelled(element: &str, text: &str) -> String {
    let found = ELEMENTS.iter().find(|one| one.uid == element);
    match found.map(|one| one.form) {
        Some(Form::Text) => text.trim().to_owned(),
        Some(Form::Boolean) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "1" | "yes" => "true".to_owned(),
            _ => "false".to_owned(),
        },
        _ => text.to_owned(),
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

/// The recordings' metadata, cut down to this world.
fn metadata(taken_out: bool) -> Result<Value, String> {
    let mut metadata: Value = serde_json::from_str(METADATA).map_err(|e| e.to_string())?;
    // The app's key is `tributary`, so its authority is written in lower case.
    for role in list(&mut metadata, "userRoles")? {
        list(role, "authorities")?.push("M_tributary".into());
    }
    let kept = |unit: &Value| {
        let uid = unit["id"].as_str().unwrap_or_default();
        UNITS.contains(&uid)
    };
    list(&mut metadata, "organisationUnits")?.retain(kept);
    let elements = |member: &Value| {
        let uid = member["dataElement"]["id"].as_str().unwrap_or_default();
        ELEMENTS.iter().any(|one| one.uid == uid)
    };
    for set in list(&mut metadata, "dataSets")? {
        let units = list(set, "organisationUnits")?;
        units.retain(|unit| kept(unit) && !(taken_out && unit["id"] == TAKEN_OUT));
        list(set, "dataSetElements")?.retain(elements);
    }
    Ok(metadata)
}

fn list<'a>(value: &'a mut Value, member: &str) -> Result<&'a mut Vec<Value>, String> {
    let found = value[member].as_array_mut();
    found.ok_or_else(|| format!("the metadata has no {member}"))
}

/// Uids by name. `default` has no name in a row.
fn uids() -> Result<BTreeMap<String, String>, String> {
    let metadata: Value = serde_json::from_str(METADATA).map_err(|e| e.to_string())?;
    let mut uids = BTreeMap::from([(String::new(), DEFAULT.to_owned())]);
    for collection in [
        "organisationUnits",
        "dataElements",
        "categoryOptionCombos",
        "dataSets",
    ] {
        for object in metadata[collection].as_array().into_iter().flatten() {
            let text = |member: &str| object[member].as_str().unwrap_or_default().to_owned();
            if let Some(twice) = uids.insert(text("name"), text("id")) {
                return Err(format!("{} and {twice} have one name", text("id")));
            }
        }
    }
    Ok(uids)
}
