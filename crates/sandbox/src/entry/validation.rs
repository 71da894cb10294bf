//! `GET /api/validation/dataSet/{uid}`: the validation rules of a data set, held
//! against one form. Recorded: "validate a data set", "validate, other region".

use serde_json::{Value, json};

use super::{Form, expression};
use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::request::Request;
use crate::server::{Reply, Server};
use crate::values::{Catalogue, PeriodType};

/// The values of one form, by data element and option combo.
type Values = Vec<(String, String, f64)>;

/// Answers with what breaks a rule.
pub fn data_set(server: &Server, request: &Request, user: &CurrentUser, uid: &str) -> Reply {
    let (metadata, catalogue) = (server.snapshot(), server.catalogue());
    let form = Form::named(&metadata, &catalogue, user, request, uid)?;
    let (values, uncommented) = values(server, &catalogue, &form);
    let rules = metadata
        .collections
        .get("validationRules")
        .into_iter()
        .flatten();
    let violations: Vec<Value> = rules
        .filter(|(_, rule)| concerns(rule, &catalogue, &form))
        .filter_map(|(_, rule)| broken(rule, &values, &form))
        .collect();
    let comments = metadata
        .collections
        .get("dataSets")
        .and_then(|sets| sets.get(uid))
        .filter(|set| set["noValueRequiresComment"] == true)
        .map_or_else(Vec::new, |_| uncommented);
    Ok(Answer::json(
        200,
        &json!({"validationRuleViolations": violations, "commentRequiredViolations": comments}),
    ))
}

/// The numbers of the form; and the cells that have neither a value nor a comment.
fn values(server: &Server, catalogue: &Catalogue, form: &Form) -> (Values, Vec<Value>) {
    let mut numbers = Values::new();
    let mut present = Vec::new();
    server.values.visit(
        [form.org_unit.as_str()],
        |period| period == form.period.iso,
        |row| {
            if row.attribute_option_combo() == form.attribute_option_combo && !row.deleted() {
                let (element, combo) = (row.data_element(), row.category_option_combo());
                present.push((element.to_owned(), combo.to_owned()));
                if let Some(number) = row.value().and_then(|v| v.parse().ok()) {
                    numbers.push((element.to_owned(), combo.to_owned(), number));
                }
            }
            true
        },
    );
    let mut missing = Vec::new();
    if let Some(set) = catalogue.data_set(&form.data_set) {
        let mut elements: Vec<(&String, &String)> = set.elements.iter().collect();
        elements.sort_unstable();
        for (element, category_combo) in elements {
            for combo in catalogue.option_combos_of(category_combo) {
                let there = present.iter().any(|(e, c)| e == element && *c == combo.uid);
                if !there {
                    missing.push(json!({
                        "dataElement": {"id": element}, "categoryOptionCombo": {"id": combo.uid},
                    }));
                }
            }
        }
    }
    (numbers, missing)
}

/// Whether a rule is of the form's period type and names one of its data elements.
fn concerns(rule: &Value, catalogue: &Catalogue, form: &Form) -> bool {
    let Some(set) = catalogue.data_set(&form.data_set) else {
        return false;
    };
    let period_type = rule["periodType"].as_str().and_then(PeriodType::named);
    let level = catalogue
        .org_units()
        .get(&form.org_unit)
        .map(|u| u.level as u64);
    let levels = rule["organisationUnitLevels"]
        .as_array()
        .filter(|l| !l.is_empty());
    period_type == Some(form.period.period_type)
        && levels.is_none_or(|l| l.iter().any(|l| l.as_u64() == level))
        && rule["skipFormValidation"] != true
        && ["leftSide", "rightSide"].iter().any(|side| {
            let text = rule[*side]["expression"].as_str().unwrap_or_default();
            let operands = expression::operands(text);
            operands
                .iter()
                .any(|(element, _)| set.elements.contains_key(element))
        })
}

/// What DHIS2 says of a rule that does not hold.
fn broken(rule: &Value, values: &Values, form: &Form) -> Option<Value> {
    let left = side(&rule["leftSide"], values)?;
    let right = side(&rule["rightSide"], values)?;
    let holds = match rule["operator"].as_str()? {
        "equal_to" => left.value == right.value,
        "not_equal_to" => left.value != right.value,
        "greater_than" => left.value > right.value,
        "greater_than_or_equal_to" => left.value >= right.value,
        "less_than" => left.value < right.value,
        "less_than_or_equal_to" => left.value <= right.value,
        "compulsory_pair" => left.any == right.any,
        "exclusive_pair" => !(left.any && right.any),
        _ => return None,
    };
    (!holds).then(|| {
        json!({
            "validationRule": {"id": rule["id"], "name": rule["name"]},
            "period": {"id": form.period.iso, "name": form.period.iso},
            "organisationUnit": {"id": form.org_unit},
            "attributeOptionCombo": {"id": form.attribute_option_combo},
            "leftsideValue": left.value, "rightsideValue": right.value,
            "dayInPeriod": 0, "notificationSent": false,
        })
    })
}

/// One side of a rule.
struct Side {
    value: f64,
    /// Whether any of its operands has a value.
    any: bool,
}

/// A side's value, or nothing where its strategy for missing values skips it.
fn side(side: &Value, values: &Values) -> Option<Side> {
    let text = side["expression"].as_str()?;
    let (mut found, mut missing) = (0, 0);
    let value = expression::evaluate(text, &mut |element, combo| {
        let mut own = values
            .iter()
            .filter(|(e, c, _)| e == element && combo.is_none_or(|combo| c == combo))
            .peekable();
        if own.peek().is_none() {
            missing += 1;
            return None;
        }
        found += 1;
        Some(own.map(|(_, _, number)| number).sum())
    })?;
    let skipped = match side["missingValueStrategy"].as_str() {
        Some("SKIP_IF_ANY_VALUE_MISSING") => missing > 0,
        Some("SKIP_IF_ALL_VALUES_MISSING") => found == 0 && missing > 0,
        _ => false,
    };
    (!skipped).then_some(Side {
        value,
        any: found > 0,
    })
}
