//! `GET /api/dataEntry/metadata`: all that data entry needs, in one answer: the
//! data sets that the user may write data for, and what hangs on them. Recorded:
//! "data entry metadata".

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::metadata::access::{Right, may};
use crate::metadata::fields::{self, Field};
use crate::metadata::schema::{self, Schema};
use crate::metadata::view::View;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::session::hash;
use crate::version::ServerVersion;

const DATA_SETS: &str = "code,name,created,lastUpdated,shortName,description,dimensionItemType,periodType,dataInputPeriods,indicators,compulsoryDataElementOperands,sections,categoryCombo[id],mobile,version,expiryDays,timelyDays,notifyCompletingUser,openFuturePeriods,openPeriodsAfterCoEndDate,fieldCombinationRequired,validCompleteOnly,noValueRequiresComment,skipOffline,dataElementDecoration,renderAsTabs,renderHorizontally,compulsoryFieldsCompleteOnly,formType,displayName,favorite,dimensionItem,displayShortName,displayFormName,id,dataSetElements[dataElement[id],categoryCombo[id]]";
const DATA_ELEMENTS: &str = "code,name,created,lastUpdated,lastUpdatedBy,description,aggregationType,valueType,zeroIsSignificant,displayName,displayShortName,displayFormName,id,categoryCombo[id],optionSet[id],commentOptionSet[id]";
const INDICATORS: &str = "code,name,created,lastUpdated,numerator,denominator,explodedNumerator,explodedDenominator,indicatorType[id,factor],displayName,id";
const COMBOS: &str = "code,name,created,lastUpdated,categories~pluck(id),dataDimensionType,skipTotal,displayName,favorite,id,categoryOptionCombos[code,name,categoryOptions~pluck(id),displayName,id],isDefault";
const CATEGORIES: &str = "code,name,created,lastUpdated,shortName,dimensionType,dataDimensionType,dataDimension,allItems,categoryOptions~pluck(id),dimension,displayShortName,displayName,favorite,displayFormName,id";
const OPTIONS: &str = "code,name,created,lastUpdated,shortName,dimensionItemType,startDate,endDate,dimensionItem,displayShortName,displayName,favorite,displayFormName,id,isDefault";
const OPTION_SETS: &str = "code,name,created,lastUpdated,options[code,displayName,id],valueType,version,displayName,favorite,id";

/// Answers with the data sets of the user.
pub fn get(server: &Server, request: &Request, user: &CurrentUser) -> Reply {
    let metadata = server.snapshot();
    let base = request.base();
    let version = server.options.version;
    let view = View::of(server, &metadata, user, &base);
    let all = |collection: &str| {
        metadata
            .collections
            .get(collection)
            .into_iter()
            .flat_map(|c| c.values())
    };
    let Some(set_schema) = schema::of("dataSets") else {
        return Err(Answer::empty(500));
    };
    let sets: Vec<&Value> = all("dataSets")
        .filter(|s| may(set_schema, s, user, Right::DataWrite))
        .collect();

    let of = |object: &Value, member: &str| object[member]["id"].as_str().map(str::to_owned);
    let mut elements = HashSet::new();
    let mut combos: HashSet<String> = HashSet::from([crate::metadata::defaults::COMBO.to_owned()]);
    let mut overriding = HashSet::new();
    let mut indicators = HashSet::new();
    for set in &sets {
        combos.extend(of(set, "categoryCombo"));
        for element in set["dataSetElements"].as_array().into_iter().flatten() {
            elements.extend(of(element, "dataElement"));
            overriding.extend(of(element, "categoryCombo"));
        }
        indicators.extend(
            set["indicators"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|i| i["id"].as_str().map(str::to_owned)),
        );
    }
    let chosen = |collection: &'static str, uids: &HashSet<String>| -> Vec<&Value> {
        all(collection)
            .filter(|o| o["id"].as_str().is_some_and(|id| uids.contains(id)))
            .collect()
    };
    let below = |objects: &[&Value], member: &str| -> HashSet<String> {
        let lists = objects
            .iter()
            .flat_map(|o| o[member].as_array().into_iter().flatten());
        lists
            .filter_map(|i| i["id"].as_str().map(str::to_owned))
            .collect()
    };
    let elements = chosen("dataElements", &elements);
    let mut of_elements: HashSet<String> = elements
        .iter()
        .filter_map(|e| of(e, "categoryCombo"))
        .collect();
    of_elements.extend(overriding);
    combos.extend(of_elements.iter().cloned());
    let option_sets: HashSet<String> = elements
        .iter()
        .flat_map(|e| [of(e, "optionSet"), of(e, "commentOptionSet")])
        .flatten()
        .collect();
    let combos = chosen("categoryCombos", &combos);
    let categories = chosen("categories", &below(&combos, "categories"));
    let options = chosen("categoryOptions", &below(&categories, "categoryOptions"));

    let show = |collection: &str, objects: &[&Value], fields: &str| -> Value {
        let schema = schema::of(collection);
        let fields = fields::parse(fields);
        objects
            .iter()
            .map(|o| project(&view, schema, o, &fields))
            .collect()
    };
    let units = |set: &Value| -> Vec<Value> {
        let units = set["organisationUnits"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|u| u["id"].as_str());
        let mine = |unit: &&str| metadata.index.is_within(unit, &user.organisation_units);
        units.filter(mine).map(Value::from).collect()
    };
    let mut shown_sets = show("dataSets", &sets, DATA_SETS);
    for (shown, set) in shown_sets.as_array_mut().into_iter().flatten().zip(&sets) {
        if let Some(map) = shown.as_object_mut() {
            map.insert("organisationUnits".into(), units(set).into());
            if version == ServerVersion::V40 {
                map.insert("externalAccess".into(), false.into());
                map.insert("publicAccess".into(), set["sharing"]["public"].clone());
            }
        }
    }
    let mut shown_options = show("categoryOptions", &options, OPTIONS);
    for (shown, option) in shown_options
        .as_array_mut()
        .into_iter()
        .flatten()
        .zip(&options)
    {
        let limited = option["organisationUnits"].as_array().into_iter().flatten();
        let limited: Vec<Value> = limited.map(|u| u["id"].clone()).collect();
        if let Some(map) = shown.as_object_mut() {
            map.insert("organisationUnits".into(), limited.into());
        }
    }
    let mut shown_categories = show("categories", &categories, CATEGORIES);
    for shown in shown_categories
        .as_array_mut()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        shown.insert("allItems".into(), false.into());
    }
    let mut shown_combos = show("categoryCombos", &combos, COMBOS);
    for shown in shown_combos
        .as_array_mut()
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        // The combos of data sets come without their option combos.
        if !shown["id"]
            .as_str()
            .is_some_and(|id| of_elements.contains(id))
        {
            shown.shift_remove("categoryOptionCombos");
        }
    }
    let mut body = json!({
        "dataSets": shown_sets,
        "dataElements": show("dataElements", &elements, DATA_ELEMENTS),
        "indicators": show("indicators", &chosen("indicators", &indicators), INDICATORS),
        "categoryCombos": shown_combos,
        "categories": shown_categories,
        "categoryOptions": shown_options,
        "optionSets": show("optionSets", &chosen("optionSets", &option_sets), OPTION_SETS),
    });
    if version >= ServerVersion::V43 {
        // 2.43 no longer writes `favorite` for these.
        for collection in ["categoryCombos", "categoryOptions", "optionSets"] {
            for object in body[collection].as_array_mut().into_iter().flatten() {
                if let Some(map) = object.as_object_mut() {
                    map.shift_remove("favorite");
                }
            }
        }
    }
    let text = body.to_string();
    let tag = format!("\"{}\"", &hash("etag", &text)[..32]);
    let answer = if request.header("if-none-match") == Some(tag.as_str()) {
        Answer::empty(304)
    } else {
        Answer::json(200, &body)
    };
    Ok(answer
        .with_header("etag", tag)
        .with_header("cache-control", "max-age=0, must-revalidate, private"))
}

fn project(view: &View<'_>, schema: Option<&Schema>, object: &Value, fields: &[Field]) -> Value {
    let uid = object["id"].as_str().unwrap_or_default();
    match schema.and_then(|s| view.object(s.collection, uid)) {
        Some(object) => view.project(schema, object, fields),
        None => Value::Null,
    }
}
