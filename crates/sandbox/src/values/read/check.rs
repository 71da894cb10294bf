//! Whether a read is complete, and whether the user may see what it asks for.

use super::Refusal;
use super::request::Request;
use crate::context::ValueContext;
use crate::version::ServerVersion;

const NO_DATA: (&str, &str) = (
    "E2001",
    "At least one data element, data set or data element group must be specified",
);
const NO_TIME: (&str, &str) = (
    "E2002",
    "At least one period, start/end dates, last updated or last updated duration must be specified",
);
const TWO_TIMES: (&str, &str) = (
    "E2003",
    "Both periods and start/end date cannot be specified",
);
const BACKWARDS: (&str, &str) = ("E2004", "Start date must be before end date");
const NO_ORG_UNIT: (&str, &str) = (
    "E2006",
    "At least one organisation unit or organisation unit group must be specified",
);
const CHILDREN_OF_GROUP: (&str, &str) = (
    "E2007",
    "Organisation unit children cannot be included for organisation unit groups",
);
const CHILDREN_OF_NONE: (&str, &str) = (
    "E2008",
    "At least one organisation unit must be specified when children are included",
);

/// Checks a read.
pub(super) fn check(context: &ValueContext<'_>, request: &Request) -> Result<(), Refusal> {
    if context.version < ServerVersion::V43 {
        complete_until_2_42(context, request)?;
        seen_until_2_42(context, request)
    } else {
        complete_since_2_43(request)?;
        seen_since_2_43(context, request)
    }
}

/// All is looked at, and what is found last is told ("run, upstream 409", "no period").
fn complete_until_2_42(context: &ValueContext<'_>, request: &Request) -> Result<(), Refusal> {
    if let Some(message) = &request.faults.parameter {
        return Err(Refusal::Unbound(message.clone()));
    }
    if let Some(scheme) = &request.faults.scheme {
        let message =
            format!("No enum constant org.hisp.dhis.common.IdentifiableProperty.{scheme}");
        return Err(Refusal::BadRequest(message));
    }
    let no_units = request.org_units.is_empty();
    let no_groups = request.org_unit_groups.is_empty();
    let mut told = None;
    let mut tell = |is_so: bool, refusal: (&'static str, &str)| {
        if is_so {
            told = Some(Refusal::Conflict(refusal.0, refusal.1.to_owned()));
        }
    };
    // A data set that the user does not see counts as not named ("read of a set without
    // read access, clerk").
    let sees_a_set = request.data_sets.iter().any(|uid| {
        let set = context.catalogue.data_set(uid);
        set.is_some_and(|set| set.sharing.may_read_metadata(context.user))
    });
    let no_data =
        !sees_a_set && request.data_elements.is_empty() && request.data_element_groups.is_empty();
    let backwards = request.dates.is_some_and(|(start, end)| start > end);
    let no_time = request.periods.is_empty()
        && request.dates.is_none()
        && request.updated_since.is_none()
        && request.faults.duration.is_none();
    tell(no_data, NO_DATA);
    tell(no_time, NO_TIME);
    tell(backwards, BACKWARDS);
    if let Some(text) = &request.faults.duration {
        tell(true, ("E2005", &format!("Duration is not valid: `{text}`")));
    }
    tell(no_units && no_groups, NO_ORG_UNIT);
    tell(request.children && !no_groups, CHILDREN_OF_GROUP);
    tell(request.children && no_units, CHILDREN_OF_NONE);
    if let Some(limit) = request.faults.limit {
        tell(
            true,
            (
                "E2009",
                &format!("Limit cannot be less than zero: `{limit}`"),
            ),
        );
    }
    told.map_or(Ok(()), Err)
}

/// What the user may not see is noticed only when the answer has begun. The org units are
/// asked of superusers too: their view, or without one their own org units.
fn seen_until_2_42(context: &ValueContext<'_>, request: &Request) -> Result<(), Refusal> {
    let (catalogue, user) = (context.catalogue, context.user);
    let closed_set = request.data_sets.iter().any(|uid| {
        let set = catalogue.data_set(uid);
        set.is_some_and(|set| {
            set.sharing.may_read_metadata(user) && !set.sharing.may_read_data(user)
        })
    });
    let mut combos = request.attribute_option_combos.iter();
    let closed_combo = combos.any(|uid| !catalogue.may_read_options(user, uid));
    let mut units = request.org_units.iter();
    let outside = units.any(|uid| !catalogue.org_units().may_view(user, uid));
    if closed_set || closed_combo || outside {
        Err(Refusal::TooLate)
    } else {
        Ok(())
    }
}

/// What is found first is told.
fn complete_since_2_43(request: &Request) -> Result<(), Refusal> {
    if let Some(text) = &request.faults.uid {
        return Err(Refusal::BadRequest(format!(
            "UID must be an alphanumeric string of 11 characters starting with a letter, but was: {text}"
        )));
    }
    if let Some(text) = &request.faults.period {
        return Err(Refusal::BadRequest(format!(
            "Invalid Period `{text}`, failed to create date interval"
        )));
    }
    let no_data = request.data_sets.is_empty()
        && request.data_elements.is_empty()
        && request.data_element_groups.is_empty();
    let no_groups = request.org_unit_groups.is_empty();
    let backwards = request.dates.is_some_and(|(start, end)| start > end);
    let found = [
        (no_data, NO_DATA),
        // 2.43.0 and 2.43.1 forget lastUpdated here ("last updated only").
        (
            request.periods.is_empty() && request.dates.is_none(),
            NO_TIME,
        ),
        (request.org_units.is_empty() && no_groups, NO_ORG_UNIT),
        (
            !request.periods.is_empty() && request.dates.is_some(),
            TWO_TIMES,
        ),
        (backwards, BACKWARDS),
        (request.children && !no_groups, CHILDREN_OF_GROUP),
    ];
    if let Some((_, (code, words))) = found.into_iter().find(|(is_so, _)| *is_so) {
        return Err(Refusal::Conflict(code, words.to_owned()));
    }
    match request.faults.limit {
        Some(limit) => {
            let message = format!("Limit cannot be less than zero: `{limit}`");
            Err(Refusal::Conflict("E2009", message))
        }
        None => Ok(()),
    }
}

/// Superusers see everything. Each refusal names all that it is about.
fn seen_since_2_43(context: &ValueContext<'_>, request: &Request) -> Result<(), Refusal> {
    let (catalogue, user) = (context.catalogue, context.user);
    if user.is_superuser() {
        return Ok(());
    }
    let closed = |all: &[String], is_closed: &dyn Fn(&str) -> bool| {
        let found: Vec<&str> = all
            .iter()
            .map(String::as_str)
            .filter(|uid| is_closed(uid))
            .collect();
        (!found.is_empty()).then(|| format!("[{}]", found.join(", ")))
    };
    let sets = closed(&request.data_sets, &|uid| {
        catalogue
            .data_set(uid)
            .is_some_and(|set| !set.sharing.may_read_data(user))
    });
    if let Some(sets) = sets {
        let message = format!("User is not allowed to read data for data set(s): `{sets}`");
        return Err(Refusal::Conflict("E2010", message));
    }
    let combos = closed(&request.attribute_option_combos, &|uid| {
        !catalogue.may_read_options(user, uid)
    });
    if let Some(combos) = combos {
        let message =
            format!("User is not allowed to read data for attribute option combo(s): `{combos}`");
        return Err(Refusal::Conflict("E2011", message));
    }
    let units = closed(&request.org_units, &|uid| {
        !catalogue.org_units().may_view(user, uid)
    });
    if let Some(units) = units {
        let message = format!("User is not allowed to view org unit(s): `{units}`");
        return Err(Refusal::Conflict("E2012", message));
    }
    Ok(())
}
