//! The catalogue as a metadata payload for one server: category options to data
//! sets, in the shape that `POST /api/metadata` takes on DHIS2 2.40–2.43.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::catalogue::{
    AGES, Breakdown, MICROSCOPE_STATES, Measure, OptionWords, PARTNERS, REPORTS, Report, SEXES,
    Side, Wording,
};
use super::people::{People, readable};
use super::uid::{DEFAULT_CATEGORY_COMBO, UidMaker};

/// The payload's collections so far, and the uids that values need.
pub struct WrittenCatalogue {
    /// Collection name → objects.
    pub collections: Map<String, Value>,
    /// The data element of each measure that this side has.
    pub elements: HashMap<Measure, String>,
    /// Category option combos by age group × 2 + sex.
    pub age_and_sex: Vec<String>,
    /// Attribute option combos by partner.
    pub partners: Vec<String>,
}

/// Writes the catalogue of `side`; `assigned` holds the org units of each of [`REPORTS`].
pub fn write_catalogue(
    side: Side,
    uids: &mut UidMaker,
    people: &People,
    assigned: &[Vec<String>; 3],
) -> WrittenCatalogue {
    let words = |options: &[OptionWords]| -> Vec<(&'static str, &'static str)> {
        options
            .iter()
            .map(|option| option[if side == Side::Destination { 0 } else { 1 }])
            .collect()
    };
    let mut categories = Categories {
        uids,
        people,
        options: vec![],
        categories: vec![],
        combos: vec![],
        option_combos: vec![],
    };
    let (ages, sexes, partners) = (words(&AGES), words(&SEXES), words(&PARTNERS));
    let age = categories.category("Age", "AGE", "DISAGGREGATION", &ages);
    let sex = categories.category(
        if side == Side::Destination {
            "Sex"
        } else {
            "Gender"
        },
        "SEX",
        "DISAGGREGATION",
        &sexes,
    );
    let funder_name = if side == Side::Destination {
        "Funding partner"
    } else {
        "Donor"
    };
    let funder = categories.category(funder_name, "PARTNER", "ATTRIBUTE", &partners);

    let (age_sex_name, order) = match side {
        Side::Destination => ("Age and sex", [&age, &sex]),
        Side::Source => ("Gender, age", [&sex, &age]),
    };
    let age_sex_combo = categories.combo(age_sex_name, "AGE_SEX", "DISAGGREGATION", &order);
    let partner_combo = categories.combo(funder_name, "CC_PARTNER", "ATTRIBUTE", &[&funder]);
    let mut age_and_sex = Vec::new();
    for (a, age_option) in age.options.iter().enumerate() {
        for (s, sex_option) in sex.options.iter().enumerate() {
            // DHIS2 names a combination in the order of the combo's categories.
            let (names, parts) = match side {
                Side::Destination => ([ages[a].0, sexes[s].0], [age_option, sex_option]),
                Side::Source => ([sexes[s].0, ages[a].0], [sex_option, age_option]),
            };
            let code =
                (side == Side::Destination).then(|| format!("COC_{}_{}", ages[a].1, sexes[s].1));
            age_and_sex.push(categories.option_combo(&age_sex_combo, &names, code, &parts));
        }
    }
    let partner_options: Vec<String> = funder
        .options
        .iter()
        .zip(&partners)
        .map(|(option, (name, code))| {
            categories.option_combo(
                &partner_combo,
                &[*name],
                Some(format!("COC_{code}")),
                &[option],
            )
        })
        .collect();

    let Categories {
        uids,
        options,
        categories,
        combos,
        option_combos,
        ..
    } = categories;
    let mut collections = Map::new();
    collections.insert("categoryOptions".into(), options.into());
    collections.insert("categories".into(), categories.into());
    collections.insert("categoryCombos".into(), combos.into());
    collections.insert("categoryOptionCombos".into(), option_combos.into());
    let option_set = (side == Side::Destination).then(|| write_option_set(uids, &mut collections));

    let mut elements = HashMap::new();
    let mut data_elements = Vec::new();
    let mut data_sets = Vec::new();
    for (report, org_units) in REPORTS.iter().zip(assigned) {
        let mut members = Vec::new();
        for element in report.elements {
            let Some(words) = element.wording(side) else {
                continue;
            };
            let id = uids.make("dataElement", &format!("{:?}", element.measure));
            let combo = if report.breakdown == Breakdown::AgeAndSex {
                &age_sex_combo
            } else {
                DEFAULT_CATEGORY_COMBO
            };
            let mut object = data_element(side, &id, words, element.measure, combo);
            if let (Measure::Microscope, Some(option_set), Some(map)) =
                (element.measure, &option_set, object.as_object_mut())
            {
                map.insert("optionSet".into(), json!({"id": option_set}));
            }
            data_elements.push(object);
            members.push(id.clone());
            elements.insert(element.measure, id);
        }
        let combo = if report.breakdown == Breakdown::Partner {
            &partner_combo
        } else {
            DEFAULT_CATEGORY_COMBO
        };
        data_sets.push(data_set(
            side, uids, report, combo, &members, org_units, people,
        ));
    }
    collections.insert("dataElements".into(), data_elements.into());
    collections.insert("dataSets".into(), data_sets.into());
    WrittenCatalogue {
        collections,
        elements,
        age_and_sex,
        partners: partner_options,
    }
}

struct Categories<'a> {
    uids: &'a mut UidMaker,
    people: &'a People,
    options: Vec<Value>,
    categories: Vec<Value>,
    combos: Vec<Value>,
    option_combos: Vec<Value>,
}

struct WrittenCategory {
    id: String,
    options: Vec<String>,
}

impl Categories<'_> {
    fn category(
        &mut self,
        name: &str,
        code: &str,
        dimension: &str,
        options: &[(&str, &str)],
    ) -> WrittenCategory {
        let ids: Vec<String> = options
            .iter()
            .map(|(name, code)| {
                let id = self.uids.make("categoryOption", name);
                let mut option = json!({"id": id, "name": name, "shortName": name});
                insert_code(&mut option, code);
                insert(&mut option, "sharing", self.people.data_sharing.clone());
                self.options.push(option);
                id
            })
            .collect();
        let id = self.uids.make("category", code);
        self.categories.push(json!({
            "id": id,
            "name": name,
            "shortName": name,
            "code": code,
            "dataDimensionType": dimension,
            "dataDimension": true,
            "sharing": readable(),
            "categoryOptions": references(&ids),
        }));
        WrittenCategory { id, options: ids }
    }

    fn combo(
        &mut self,
        name: &str,
        code: &str,
        dimension: &str,
        categories: &[&WrittenCategory],
    ) -> String {
        let id = self.uids.make("categoryCombo", code);
        let members: Vec<Value> = categories
            .iter()
            .map(|category| json!({"id": category.id}))
            .collect();
        self.combos.push(json!({
            "id": id,
            "name": name,
            "code": code,
            "dataDimensionType": dimension,
            "skipTotal": false,
            "sharing": readable(),
            "categories": members,
        }));
        id
    }

    fn option_combo(
        &mut self,
        combo: &str,
        names: &[&str],
        code: Option<String>,
        options: &[&String],
    ) -> String {
        let name = names.join(", ");
        let id = self.uids.make("categoryOptionCombo", &name);
        let members: Vec<Value> = options.iter().map(|option| json!({"id": option})).collect();
        let mut object = json!({"id": id, "name": name});
        insert_code(&mut object, code.as_deref().unwrap_or_default());
        insert(&mut object, "categoryCombo", json!({"id": combo}));
        insert(&mut object, "categoryOptions", members.into());
        self.option_combos.push(object);
        id
    }
}

fn write_option_set(uids: &mut UidMaker, collections: &mut Map<String, Value>) -> String {
    let set = uids.make("optionSet", "microscope");
    let options: Vec<Value> = MICROSCOPE_STATES
        .iter()
        .zip(1..)
        .map(|((name, code), order)| {
            let id = uids.make("option", code);
            json!({"id": id, "name": name, "code": code, "sortOrder": order, "optionSet": {"id": set}})
        })
        .collect();
    let members: Vec<Value> = options
        .iter()
        .map(|option| json!({"id": option["id"]}))
        .collect();
    collections.insert(
        "optionSets".into(),
        json!([{
            "id": set,
            "name": "State of equipment",
            "code": "EQUIPMENT_STATE",
            "valueType": "TEXT",
            "version": 1,
            "sharing": readable(),
            "options": members,
        }]),
    );
    collections.insert("options".into(), options.into());
    set
}

fn data_element(side: Side, id: &str, words: &Wording, measure: Measure, combo: &str) -> Value {
    let aggregation = match words.value_type {
        "INTEGER_ZERO_OR_POSITIVE" => "SUM",
        "NUMBER" if measure == Measure::SyrupStock => "LAST",
        "NUMBER" if measure == Measure::Suspected => "SUM",
        "NUMBER" | "PERCENTAGE" => "AVERAGE",
        _ => "NONE",
    };
    let mut object = json!({"id": id});
    insert_code(&mut object, words.code);
    insert(&mut object, "name", words.name.into());
    insert(&mut object, "shortName", words.short_name.into());
    insert(&mut object, "formName", words.short_name.into());
    insert(&mut object, "valueType", words.value_type.into());
    insert(&mut object, "domainType", "AGGREGATE".into());
    insert(&mut object, "aggregationType", aggregation.into());
    insert(&mut object, "categoryCombo", json!({"id": combo}));
    // The destination keeps no zeros of referrals; the source does.
    insert(
        &mut object,
        "zeroIsSignificant",
        (side == Side::Source || measure != Measure::Referred).into(),
    );
    insert(&mut object, "sharing", readable());
    insert_french(&mut object, words.french);
    object
}

fn data_set(
    side: Side,
    uids: &mut UidMaker,
    report: &Report,
    combo: &str,
    members: &[String],
    org_units: &[String],
    people: &People,
) -> Value {
    let words = if side == Side::Destination {
        &report.destination
    } else {
        &report.source
    };
    let id = uids.make("dataSet", report.key);
    let data_set_elements: Vec<Value> = members
        .iter()
        .map(|element| json!({"dataSet": {"id": id}, "dataElement": {"id": element}}))
        .collect();
    let mut object = json!({
        "id": id,
        "code": words.code,
        "name": words.name,
        "shortName": words.short_name,
        "periodType": "Monthly",
        "categoryCombo": {"id": combo},
        "openFuturePeriods": 1,
        "timelyDays": 15,
        "expiryDays": 0,
        "sharing": people.data_sharing,
        "dataSetElements": data_set_elements,
        "organisationUnits": references(org_units),
    });
    insert_french(&mut object, words.french);
    object
}

/// `[{"id": …}, …]`
pub fn references(ids: &[String]) -> Vec<Value> {
    ids.iter().map(|id| json!({"id": id})).collect()
}

/// Adds a member to an object.
pub fn insert(object: &mut Value, member: &str, value: Value) {
    if let Some(map) = object.as_object_mut() {
        map.insert(member.to_owned(), value);
    }
}

/// Adds a code, unless it is empty: DHIS2 leaves the member out where there is none.
pub fn insert_code(object: &mut Value, code: &str) {
    if !code.is_empty() {
        insert(object, "code", code.into());
    }
}

fn insert_french(object: &mut Value, name: &str) {
    if !name.is_empty() {
        insert(
            object,
            "translations",
            json!([{"locale": "fr", "property": "NAME", "value": name}]),
        );
    }
}
