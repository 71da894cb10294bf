//! A large exchange: every facility of the recordings' country, many months, sixteen cells of
//! whole numbers in each; and what happens to it when one value of a hundred changes.

use serde_json::{Value, json};
use tributary_exchange::questions::import::{
    PlanSummary, PrepareImport, ReadPlan, RunReport, SendPlan,
};
use tributary_exchange::service::Service;
use tributary_sandbox::{RunningServer, ServerVersion};

use super::stage::{MANAGER, Stage, stage_on};
use super::{InProcess, Traffic, as_admin, ask, seed, server};

const DATA_SET: &str = "dsMonthly01";
const DEFAULT: &str = "HllvX50cXC0";
/// Data elements without disaggregation, and with six category option combos each.
const PLAIN: [&str; 4] = ["deInteger01", "deIntZeroP1", "deNumber001", "deZeroSig01"];
const DISAGGREGATED: [&str; 2] = ["deAgeSex001", "deAgeSex002"];

/// What a facility reports for a month.
const CELLS: usize = PLAIN.len() + 6 * DISAGGREGATED.len();

/// Values of one write when everything is sent, as is best for the version.
fn best_size(version: ServerVersion) -> usize {
    if version < ServerVersion::V43 {
        10_000
    } else {
        1_000
    }
}

/// A source full of values, and a destination.
pub struct Load {
    stage: Stage,
    version: ServerVersion,
    transport: InProcess,
    service: Service<InProcess>,
    months: Vec<String>,
    /// The values of the source, as they are now.
    values: Vec<Value>,
}

impl Load {
    /// So many months of values; sixteen for each of 58 facilities a month.
    pub async fn new(version: ServerVersion, months: usize) -> Self {
        let months: Vec<String> = (0..months)
            .map(|back| {
                let month = 2026 * 12 + 9 - back;
                format!("{}{:02}", month / 12, month % 12 + 1)
            })
            .collect();
        let mut values = Vec::new();
        let cells = cells();
        let metadata = seed("metadata.json");
        // One of the 59 facilities of the set is closed.
        let is_open = |unit: &&Value| {
            let mut all = metadata["organisationUnits"].as_array().unwrap().iter();
            all.any(|known| known["id"] == unit["id"] && known["closedDate"].is_null())
        };
        let set = metadata["dataSets"].as_array().unwrap().iter();
        let set = set.clone().find(|set| set["id"] == DATA_SET).unwrap();
        let units = set["organisationUnits"].as_array().unwrap().iter();
        let units: Vec<&Value> = units.filter(is_open).collect();
        for period in &months {
            for unit in &units {
                for (element, combo) in &cells {
                    let number = values.len() * 7_919 % 1_000 + 1;
                    values.push(json!({
                        "dataElement": element, "period": period, "orgUnit": unit["id"],
                        "categoryOptionCombo": combo, "attributeOptionCombo": DEFAULT,
                        "value": number.to_string(),
                    }));
                }
            }
        }
        let destination = server(version, false).await;
        let source = server(ServerVersion::V42, false).await;
        source
            .server
            .load_values(&json!({"dataValues": values}))
            .unwrap();
        let stage = stage_on(destination, source, DATA_SET).await;
        let transport = InProcess::new(&stage.destination, MANAGER);
        Self {
            service: Service::new(transport.clone()),
            stage,
            version,
            transport,
            months,
            values,
        }
    }

    /// How many values the source has.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// One value of a hundred changes at the source: one report of a hundred, that of a facility
    /// for a month, is corrected. Gives back how many values those are.
    pub async fn change(&mut self) -> usize {
        let mut changed = Vec::new();
        let reports = self.values.chunks_mut(CELLS).skip(37).step_by(100);
        for value in reports.flatten() {
            let number: u64 = value["value"].as_str().unwrap().parse().unwrap();
            value["value"] = (number + 1_000).to_string().into();
            changed.push(value.clone());
        }
        let body = json!({"dataSet": DATA_SET, "dataValues": changed});
        let answer = as_admin(&self.stage.source, "POST", "/api/dataValueSets", Some(body)).await;
        assert_eq!(answer["status"], "OK", "{answer}");
        changed.len()
    }

    /// Prepares the import and reads the plan; what that cost.
    pub async fn plan(&self) -> (PlanSummary, Traffic) {
        self.transport.traffic.take();
        let prepare = PrepareImport {
            exchange: self.stage.exchange.clone(),
        };
        ask(&self.service, prepare).await.unwrap();
        let question = ReadPlan {
            exchange: self.stage.exchange.clone(),
            periods: self.months.clone(),
            org_units: vec!["ouCountry01".into()],
        };
        let plan = ask(&self.service, question).await.unwrap();
        assert!(plan.failed_slices.is_empty(), "{:?}", plan.failed_slices);
        (plan, self.transport.traffic.take())
    }

    /// Sends what the plan says; what that cost.
    pub async fn send(&self) -> (RunReport, Traffic) {
        self.transport.traffic.take();
        let consent = SendPlan {
            overwrite: true,
            ..SendPlan::default()
        };
        let report = ask(&self.service, consent).await.unwrap();
        assert_eq!(report.ended_by, None);
        assert_eq!(report.outcomes.confirmed, report.outcomes.written);
        (report, self.transport.traffic.take())
    }

    /// Sends all values of the source to the destination, as programs do that do not look what
    /// is there; what that cost. The values come for nothing.
    pub async fn send_all_again(&self) -> Traffic {
        self.transport.traffic.take();
        for values in self.values.chunks(best_size(self.version)) {
            let body = json!({"dataSet": DATA_SET, "dataValues": values});
            let answer = self.transport.post("api/dataValueSets", &body).await;
            let status = answer["response"]["status"]
                .as_str()
                .or(answer["status"].as_str());
            assert_ne!(status, Some("ERROR"), "{answer}");
        }
        self.transport.traffic.take()
    }

    /// Whether the destination has what the source has.
    pub async fn is_equal(&self) -> bool {
        let mut present = Vec::new();
        let read = |running: &RunningServer| {
            let month = &self.months[self.months.len() - 1];
            let target = format!(
                "/api/dataValueSets.json?dataSet={DATA_SET}&period={month}&orgUnit=ouCountry01&children=true"
            );
            let running = std::sync::Arc::clone(&running.server);
            async move {
                let request = tributary_sandbox::request::Request::new("GET", &target)
                    .with_header("authorization", "Basic YWRtaW46ZGlzdHJpY3Q=")
                    .with_header("x-requested-with", "XMLHttpRequest");
                let answer = running.handle(request).await;
                let body: Value = serde_json::from_slice(&answer.body).unwrap();
                let values = body["dataValues"].as_array().cloned().unwrap_or_default();
                let mut texts: Vec<String> = values.iter().map(key_and_value).collect();
                texts.sort();
                texts
            }
        };
        for running in [&self.stage.destination, &self.stage.source] {
            present.push(read(running).await);
        }
        !present[0].is_empty() && present[0] == present[1]
    }
}

fn key_and_value(value: &Value) -> String {
    let members = ["dataElement", "orgUnit", "categoryOptionCombo", "value"];
    members.map(|name| value[name].to_string()).join(" ")
}

/// Data elements with each of their category option combos.
fn cells() -> Vec<(String, String)> {
    let metadata = seed("metadata.json");
    let combos = metadata["categoryOptionCombos"].as_array().unwrap();
    let of_age_and_sex: Vec<&str> = combos
        .iter()
        .filter(|combo| combo["categoryCombo"]["id"] == "ccAgeSex001")
        .map(|combo| combo["id"].as_str().unwrap())
        .collect();
    let plain = PLAIN
        .iter()
        .map(|element| ((*element).to_owned(), DEFAULT.to_owned()));
    let others = DISAGGREGATED.iter().flat_map(|element| {
        let combos = of_age_and_sex.iter();
        combos.map(|combo| ((*element).to_owned(), (*combo).to_owned()))
    });
    plain.chain(others).collect()
}
