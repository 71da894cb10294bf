//! One server of a world, and what is done there beside the engine: people who type values in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::FutureExt;
use serde_json::{Value, json};
use tributary_sandbox::request::Request;
use tributary_sandbox::server::Server;
use tributary_sandbox::{ServerOptions, ServerVersion};

use crate::time::Time;

/// `admin:district`, as a browser sends it.
const ADMIN: &str = "Basic YWRtaW46ZGlzdHJpY3Q=";
/// DHIS2's `default` option combo.
pub const DEFAULT: &str = "HllvX50cXC0";

/// The whole key of a value: data element, category option combo, attribute option combo,
/// org unit, period.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [String; 5]);

/// Values by key.
pub type Values = BTreeMap<Key, String>;

/// Values by key, each with its last change as the server writes it.
pub type Stamped = BTreeMap<Key, (String, String)>;

/// The members of a data value that make its key, in the key's order.
const MEMBERS: [&str; 5] = [
    "dataElement",
    "categoryOptionCombo",
    "attributeOptionCombo",
    "orgUnit",
    "period",
];

impl Key {
    /// The key of a data value as it stands in JSON; a missing combo is `default`.
    pub fn of(value: &Value) -> Self {
        Self(MEMBERS.map(|member| {
            let text = value[member].as_str().unwrap_or(DEFAULT);
            text.to_owned()
        }))
    }

    /// The data value as JSON.
    pub fn with(&self, text: &str) -> Value {
        let mut value = json!({ "value": text });
        for (member, part) in MEMBERS.iter().zip(&self.0) {
            value[*member] = part.as_str().into();
        }
        value
    }

    /// The data element.
    pub fn element(&self) -> &str {
        &self.0[0]
    }

    /// The org unit.
    pub fn org_unit(&self) -> &str {
        &self.0[3]
    }

    /// The period.
    pub fn period(&self) -> &str {
        &self.0[4]
    }
}

/// A server.
#[derive(Clone)]
pub struct Side {
    /// The server itself.
    pub server: Arc<Server>,
    /// Which DHIS2.
    pub version: ServerVersion,
}

impl Side {
    /// A server with this metadata, on simulated time.
    ///
    /// # Errors
    /// A sentence, when the sandbox does not take the metadata.
    pub fn open(version: ServerVersion, time: &Time, metadata: &Value) -> Result<Self, String> {
        let mut options = ServerOptions::new(version);
        options.simulated_clock = Some(time.clock());
        let server = Server::open(options).map_err(|error| error.to_string())?;
        server.load_metadata(metadata)?;
        let side = Self { server, version };
        let me = side.ask("GET", "/api/me?fields=id", None)?;
        let me = me["id"].as_str().unwrap_or_default().to_owned();
        for part in ["organisationUnits", "dataViewOrganisationUnits"] {
            let body = json!({"additions": [{"id": "ouCountry01"}]});
            side.ask("POST", &format!("/api/users/{me}/{part}"), Some(&body))?;
        }
        Ok(side)
    }

    /// A request as the administrator, past the network; the answer as JSON (null when it has
    /// no body).
    ///
    /// # Errors
    /// A sentence, when the server waits for something, which it never does by itself.
    pub fn ask(&self, method: &str, target: &str, body: Option<&Value>) -> Result<Value, String> {
        let mut request = Request::new(method, target)
            .with_header("authorization", ADMIN)
            .with_header("x-requested-with", "XMLHttpRequest");
        if let Some(body) = body {
            request = request.with_body("application/json", body.to_string());
        }
        let answer = self.server.handle(request).now_or_never();
        let answer = answer.ok_or_else(|| format!("{method} {target} waits"))?;
        Ok(serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
    }

    /// All values of some data sets in some periods.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub fn values(&self, data_sets: &[&str], periods: &[String]) -> Result<Values, String> {
        let stamped = self.stamped(data_sets, periods)?.into_iter();
        Ok(stamped.map(|(key, (text, _))| (key, text)).collect())
    }

    /// The same with the stamps of their last changes.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub fn stamped(&self, data_sets: &[&str], periods: &[String]) -> Result<Stamped, String> {
        let mut found = Stamped::new();
        for value in self.rows(data_sets, periods, "")? {
            let text = |member: &str| value[member].as_str().unwrap_or_default().to_owned();
            if !text("value").is_empty() {
                found.insert(Key::of(&value), (text("value"), text("lastUpdated")));
            }
        }
        Ok(found)
    }

    /// The keys of what was deleted of some data sets in some periods.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub fn deleted(&self, data_sets: &[&str], periods: &[String]) -> Result<BTreeSet<Key>, String> {
        let rows = self.rows(data_sets, periods, "&includeDeleted=true")?;
        let deleted = rows.iter().filter(|row| row["deleted"] == true);
        Ok(deleted.map(Key::of).collect())
    }

    fn rows(
        &self,
        data_sets: &[&str],
        periods: &[String],
        more: &str,
    ) -> Result<Vec<Value>, String> {
        let mut rows = Vec::new();
        for set in data_sets {
            let mut target = format!("/api/dataValueSets.json?dataSet={set}");
            for period in periods {
                target.push_str(&format!("&period={period}"));
            }
            target.push_str("&orgUnit=ouCountry01&children=true");
            target.push_str(more);
            let mut answer = self.ask("GET", &target, None)?;
            if let Some(values) = answer["dataValues"].as_array_mut() {
                rows.append(values);
            }
        }
        Ok(rows)
    }

    /// Somebody types values of a data set in.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub fn type_in(&self, data_set: &str, values: &[(Key, String)]) -> Result<Value, String> {
        let values: Vec<Value> = values.iter().map(|(key, text)| key.with(text)).collect();
        let body = json!({"dataSet": data_set, "dataValues": values});
        self.ask("POST", "/api/dataValueSets", Some(&body))
    }

    /// Somebody removes a value.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub fn remove(&self, data_set: &str, key: &Key) -> Result<Value, String> {
        let body = json!({"dataSet": data_set, "dataValues": [key.with("")]});
        let target = "/api/dataValueSets?importStrategy=DELETE";
        self.ask("POST", target, Some(&body))
    }

    /// The same in the other way that DHIS2 has: the value is marked as deleted.
    ///
    /// # Errors
    /// See [`Self::ask`].
    pub fn remove_inline(&self, data_set: &str, key: &Key, text: &str) -> Result<Value, String> {
        let mut value = key.with(text);
        value["deleted"] = true.into();
        let body = json!({"dataSet": data_set, "dataValues": [value]});
        self.ask("POST", "/api/dataValueSets", Some(&body))
    }
}
