//! The set-up of the recordings as the engine's catalogue: read from the metadata that were
//! sent to the servers, and kept up with what each scenario changes.

use serde_json::Value;
use tributary_engine::catalogue::{
    Catalogue, CategoryCombo, CategoryOption, Checks, DataElement, DataSet, DataSetElement,
    InputPeriod, LockException, OptionCombo, OrgUnit, UserRights,
};
use tributary_engine::period::{PeriodType, parse_date};

pub(crate) const DEFAULT: &str = "HllvX50cXC0";
const DEFAULT_COMBO: &str = "bjDvmb4bfuf";

/// Reads a file of the recordings.
pub(crate) fn recording(path: &str) -> Value {
    let path = format!(
        "{}/../../tests/recordings/{path}",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap()
}

/// What the server of one version holds, as far as writing values goes.
pub(crate) struct Place {
    /// All metadata, by collection.
    metadata: serde_json::Map<String, Value>,
    lock_exceptions: Vec<LockException>,
    /// Workflow, period, org unit.
    approvals: Vec<[String; 3]>,
    pub(crate) checks: Checks,
}

impl Place {
    pub(crate) fn new(version: &str) -> Self {
        let until_2_42 = version != "2.43.1";
        let mut place = Self {
            metadata: serde_json::Map::new(),
            lock_exceptions: Vec::new(),
            approvals: Vec::new(),
            checks: Checks {
                open_input_periods_refused: !until_2_42,
                input_period_closing_day_open: until_2_42,
                part_of_period_is_enough: until_2_42,
                superusers_need_org_units: until_2_42,
            },
        };
        place.add(&recording("seed/metadata.json"));
        place
    }

    /// Takes over what a request changed.
    pub(crate) fn follow(&mut self, request: &Value) {
        let query = |name: &str| text(&request["query"][name]);
        match (&*text(&request["method"]), &*text(&request["path"])) {
            ("POST", "/api/metadata") => self.add(&request["json"]),
            ("POST", "/api/lockExceptions") => self.lock_exceptions.push(LockException {
                data_set: query("ds"),
                org_unit: query("ou"),
                period: query("pe"),
            }),
            ("POST", "/api/dataApprovals") => {
                self.approvals.push([query("wf"), query("pe"), query("ou")]);
            }
            _ => {}
        }
    }

    fn add(&mut self, metadata: &Value) {
        for (collection, objects) in metadata.as_object().unwrap() {
            let list = self
                .metadata
                .entry(collection)
                .or_insert(Value::Array(vec![]));
            let list = list.as_array_mut().unwrap();
            list.extend(objects.as_array().unwrap().iter().cloned());
        }
    }

    fn all(&self, collection: &str) -> impl Iterator<Item = &Value> {
        self.metadata
            .get(collection)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    }

    pub(crate) fn is_approved(&self, data_set: &DataSet, period: &str, org_unit: &str) -> bool {
        data_set.workflow.as_deref().is_some_and(|workflow| {
            self.approvals
                .iter()
                .any(|known| *known == [workflow, period, org_unit].map(String::from))
        })
    }

    /// What a user sees: sharing decides on data sets and category options.
    pub(crate) fn catalogue(&self, user: &str) -> Catalogue {
        let superuser = rights(user).superuser;
        let may = |object: &Value, place: usize| {
            let public = text(&object["sharing"]["public"]);
            superuser || matches!(public.as_bytes().get(place), Some(b'r' | b'w'))
        };
        let mut all = Catalogue {
            checks: self.checks,
            lock_exceptions: self.lock_exceptions.iter().cloned().collect(),
            ..Catalogue::default()
        };
        let mut units: Vec<OrgUnit> = self.all("organisationUnits").map(org_unit).collect();
        for index in 0..units.len() {
            // Parents come before their children.
            let parent = units[index].parent.clone();
            let above = units.iter().find(|unit| Some(&unit.uid) == parent.as_ref());
            let above = above.map_or(String::new(), |unit| unit.path.clone());
            units[index].path = format!("{above}/{}", units[index].uid);
        }
        all.org_units
            .extend(units.into_iter().map(|unit| (unit.uid.clone(), unit)));
        for option in self.all("options") {
            let set = all.option_sets.entry(id(&option["optionSet"])).or_default();
            set.insert(text(&option["code"]));
        }
        for element in self.all("dataElements") {
            let element = data_element(element);
            all.data_elements.insert(element.uid.clone(), element);
        }
        all.category_combos
            .insert(DEFAULT_COMBO.into(), default_combo());
        for combo in self.all("categoryCombos") {
            let uid = id(combo);
            let of = self
                .all("categoryOptionCombos")
                .filter(|option_combo| id(&option_combo["categoryCombo"]) == uid);
            let options = |option_combo: &Value| {
                let ids = ids(&option_combo["categoryOptions"]);
                ids.iter()
                    .map(|uid| self.category_option(uid, &may))
                    .collect()
            };
            let combo = CategoryCombo {
                uid: uid.clone(),
                code: None,
                name: uid.clone(),
                is_default: false,
                option_combos: of
                    .map(|one| (id(one), option_combo(id(one), options(one))))
                    .collect(),
            };
            all.category_combos.insert(uid, combo);
        }
        for set in self.all("dataSets").filter(|set| may(set, 0)) {
            let set = data_set(set, may(set, 2), may(set, 3));
            all.data_sets.insert(set.uid.clone(), set);
        }
        all
    }

    fn category_option(&self, uid: &str, may: &dyn Fn(&Value, usize) -> bool) -> CategoryOption {
        let option = self
            .all("categoryOptions")
            .find(|option| id(option) == uid)
            .unwrap();
        CategoryOption {
            uid: uid.into(),
            code: None,
            start_date: parse_date(&text(&option["startDate"])),
            end_date: parse_date(&text(&option["endDate"])),
            org_units: ids(&option["organisationUnits"]),
            no_data_write: !may(option, 3),
        }
    }
}

/// The users of the recordings.
pub(crate) fn rights(user: &str) -> UserRights {
    let superuser = user == "admin";
    UserRights {
        superuser,
        may_add_values: true,
        may_edit_expired: superuser,
        capture_roots: vec![
            if user == "clerk" {
                "ouRegionA01"
            } else {
                "ouCountry01"
            }
            .into(),
        ],
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn id(object: &Value) -> String {
    text(&object["id"])
}

fn ids(objects: &Value) -> Vec<String> {
    objects.as_array().into_iter().flatten().map(id).collect()
}

fn org_unit(unit: &Value) -> OrgUnit {
    OrgUnit {
        uid: id(unit),
        code: None,
        name: text(&unit["name"]),
        path: String::new(),
        level: 0,
        parent: unit["parent"]["id"].as_str().map(Into::into),
        opening_date: parse_date(&text(&unit["openingDate"])),
        closed_date: parse_date(&text(&unit["closedDate"])),
    }
}

fn data_element(element: &Value) -> DataElement {
    let averages = text(&element["aggregationType"]).starts_with("AVERAGE");
    DataElement {
        uid: id(element),
        code: None,
        name: text(&element["name"]),
        value_type: serde_json::from_value(element["valueType"].clone()).unwrap(),
        zero_is_significant: element["zeroIsSignificant"] == true || averages,
        category_combo: id(&element["categoryCombo"]),
        option_set: element["optionSet"]["id"].as_str().map(Into::into),
    }
}

fn data_set(set: &Value, data_read: bool, data_write: bool) -> DataSet {
    let list = |member: &str| set[member].as_array().into_iter().flatten();
    DataSet {
        uid: id(set),
        code: None,
        name: text(&set["name"]),
        period_type: PeriodType::from_name(&text(&set["periodType"])).unwrap(),
        open_future_periods: u32::try_from(set["openFuturePeriods"].as_u64().unwrap_or(0)).unwrap(),
        open_periods_after_option_end: 0,
        expiry_days: set["expiryDays"].as_f64().unwrap_or(0.0),
        category_combo: id(&set["categoryCombo"]),
        elements: list("dataSetElements")
            .map(|place| (id(&place["dataElement"]), DataSetElement::default()))
            .collect(),
        org_units: ids(&set["organisationUnits"]).into_iter().collect(),
        data_write,
        data_read,
        input_periods: list("dataInputPeriods")
            .map(|input| InputPeriod {
                period: id(&input["period"]),
                opening_date: parse_date(&text(&input["openingDate"])),
                closing_date: parse_date(&text(&input["closingDate"])),
            })
            .collect(),
        workflow: set["workflow"]["id"].as_str().map(Into::into),
    }
}

fn option_combo(uid: String, options: Vec<CategoryOption>) -> OptionCombo {
    OptionCombo {
        name: uid.clone(),
        uid,
        code: None,
        options,
    }
}

fn default_combo() -> CategoryCombo {
    CategoryCombo {
        uid: DEFAULT_COMBO.into(),
        code: None,
        name: "default".into(),
        is_default: true,
        option_combos: [(DEFAULT.into(), option_combo(DEFAULT.into(), vec![]))]
            .into_iter()
            .collect(),
    }
}
