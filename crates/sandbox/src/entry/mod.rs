//! What data entry asks for besides metadata and values: leave to enter expired
//! periods, approval, the state of one form, and its validation.

mod approval_state;
pub mod approvals;
pub mod expression;
pub mod form;
pub mod lock_exceptions;
pub mod validation;

use crate::answer::Answer;
use crate::context::CurrentUser;
use crate::headers::PRIVATE;
use crate::metadata::access::{Right, may};
use crate::metadata::schema;
use crate::request::Request;
use crate::state::Snapshot;
use crate::values::catalogue::DEFAULT_OPTION_COMBO;
use crate::values::{Catalogue, Period};

/// A 409 in DHIS2's envelope; the code is left out where DHIS2 gives none.
pub fn conflict(message: &str, code: Option<&str>) -> Answer {
    Answer::error(409, message, code).with_header("cache-control", PRIVATE)
}

/// A 403 in DHIS2's envelope.
pub fn forbidden(message: &str) -> Answer {
    Answer::error(403, message, Some("E1006")).with_header("cache-control", PRIVATE)
}

/// A query parameter that must be there; Spring refuses the request without it.
pub fn required<'r>(request: &'r Request, name: &str) -> Result<&'r str, Answer> {
    request.parameter(name).ok_or_else(|| {
        let message = format!(
            "Required request parameter '{name}' for method parameter type String is not present"
        );
        Answer::error(400, &message, None).with_header("cache-control", PRIVATE)
    })
}

/// One form: a data set, a period, an org unit and an attribute option combo.
pub struct Form {
    /// Uid of the data set.
    pub data_set: String,
    /// The period.
    pub period: Period,
    /// Uid of the org unit.
    pub org_unit: String,
    /// Uid of the attribute option combo.
    pub attribute_option_combo: String,
}

impl Form {
    /// Checks in DHIS2's order: the data set (E1105), the period (E1101), the org
    /// unit (E1102) and that it lies in the user's part of the tree (E2020, "validate,
    /// other region"), the attribute option combo (E1104).
    pub fn named(
        metadata: &Snapshot,
        catalogue: &Catalogue,
        user: &CurrentUser,
        request: &Request,
        data_set: &str,
    ) -> Result<Self, Answer> {
        let set = metadata
            .collections
            .get("dataSets")
            .and_then(|c| c.get(data_set));
        let readable = set
            .zip(schema::of("dataSets"))
            .is_some_and(|(set, schema)| may(schema, set, user, Right::Read));
        if !readable {
            let message = format!("Data set not found or not accessible: `{data_set}`");
            return Err(conflict(&message, Some("E1105")));
        }
        let period = required(request, "pe")?;
        let period = Period::parse(period)
            .ok_or_else(|| conflict(&format!("Period is invalid: `{period}`"), Some("E1101")))?;
        let org_unit = required(request, "ou")?;
        let units = catalogue.org_units();
        if units.get(org_unit).is_none() {
            let message = format!("Organisation unit not found or not accessible: `{org_unit}`");
            return Err(conflict(&message, Some("E1102")));
        }
        if !units.may_enter(user, org_unit) {
            let message = format!(
                "Organisation unit is not in the hierarchy of the current user: `{org_unit}`"
            );
            return Err(conflict(&message, Some("E2020")));
        }
        Ok(Self {
            data_set: data_set.to_owned(),
            period,
            org_unit: org_unit.to_owned(),
            attribute_option_combo: attribute_option_combo(catalogue, request)?,
        })
    }
}

/// The attribute option combo that `cc` (category combo) and `cp` (options, cut by `;`)
/// name, or `aoc` by uid; the default without any of them.
fn attribute_option_combo(catalogue: &Catalogue, request: &Request) -> Result<String, Answer> {
    if let Some(combo) = request.parameter("aoc").filter(|c| !c.is_empty()) {
        return match catalogue.option_combo(combo) {
            Some(combo) => Ok(combo.uid.clone()),
            None => {
                let message =
                    format!("Category option combo not found or not accessible: `{combo}`");
                Err(conflict(&message, Some("E1103")))
            }
        };
    }
    let (Some(combo), Some(options)) = (request.parameter("cc"), request.parameter("cp")) else {
        return Ok(DEFAULT_OPTION_COMBO.to_owned());
    };
    let wanted: Vec<&str> = options.split(';').filter(|o| !o.is_empty()).collect();
    let set = wanted.iter().map(|o| (*o).to_owned()).collect();
    match catalogue.option_combo_of(combo, &set) {
        Some(combo) => Ok(combo.uid.clone()),
        None => {
            let message = format!(
                "Attribute option combo not found or not accessible: `{combo} [{}]`",
                wanted.join(", ")
            );
            Err(conflict(&message, Some("E1104")))
        }
    }
}
