//! `POST /api/dataValueSets`: the body is read, held against the rules of the
//! server's version, and what passes is kept in one transaction.
//!
//! The rules differ in kind, not in detail: until 2.42 each value stands for
//! itself (`until_2_42`); from 2.43 the request is a group that is refused as a
//! whole for a fault of a key (`since_2_43`).

mod csv;
mod json;
mod options;
mod payload;
mod since_2_43;
mod summary;
mod until_2_42;
mod value_type;
mod xml;

use flate2::read::GzDecoder;
use std::borrow::Cow;
use std::io::Read;

pub(super) use options::{ImportOptions, Strategy};
pub(super) use summary::{Conflict, Status, Summary};

use super::catalogue::DataSet;
use super::period::Period;
use super::query::Pairs;
use crate::answer::Answer;
use crate::context::ValueContext;
use crate::version::ServerVersion;
use payload::Unreadable;

/// Answers `POST /api/dataValueSets`.
///
/// * `content_type` – of the body; an empty text counts as JSON.
/// * `body` – as it came over the wire, perhaps gzipped, whatever the headers say.
pub fn write(context: &ValueContext<'_>, query: &Pairs, content_type: &str, body: &[u8]) -> Answer {
    let version = context.version;
    if !context.user.has_authority("F_DATAVALUE_ADD") {
        return forbidden(version);
    }
    let body = match unpacked(body) {
        Ok(body) => body,
        Err(error) => return Answer::error(500, &error.to_string(), None),
    };
    let media_type = content_type.split(';').next().unwrap_or("").trim();
    let mut options = ImportOptions::parse(query);
    let payload = match media_type {
        "" | "application/json" => json::parse(version, &body),
        "application/csv" | "text/csv" => csv::parse(version, &body, &options),
        "application/xml" | "text/xml" => xml::parse_dxf2(&body),
        "application/adx+xml" => {
            options.read_adx(version);
            xml::parse_adx(context, &body)
        }
        other => return unsupported(version, other),
    };
    let payload = match payload {
        Ok(payload) => payload,
        Err(Unreadable::Server(message)) => return Answer::error(500, &message, None),
        Err(Unreadable::Unknown(message)) => return Answer::error(501, &message, None),
        Err(Unreadable::Body(message)) => {
            return Summary::unreadable(version, &message).answer(version, &options);
        }
    };
    if version >= ServerVersion::V43 && since_2_43::stumbles_over_a_period(&payload) {
        let message = "Cannot invoke \"org.hisp.dhis.datavalue.DataEntryGroup.deletion()\" because \"group\" is null";
        return Answer::error(500, message, None);
    }
    options.read_body(version, &payload.schemes);
    let outcome = if version < ServerVersion::V43 {
        until_2_42::import(context, &options, &payload)
    } else {
        since_2_43::import(context, &options, &payload)
    };
    match outcome {
        Ok(summary) => summary.answer(version, &options),
        Err(error) => Answer::error(500, &error.to_string(), None),
    }
}

/// The import options of a query, as answers repeat them.
pub fn import_options(version: ServerVersion, query: &Pairs) -> serde_json::Value {
    ImportOptions::parse(query).echo(version)
}

/// Whether a period of a data set can no longer be entered at an org unit by this user,
/// who has neither the authority to do so late nor a lock exception.
pub fn is_expired(
    context: &ValueContext<'_>,
    set: &DataSet,
    period: &Period,
    org_unit: &str,
) -> bool {
    if context.version < ServerVersion::V43 {
        until_2_42::is_expired(context, set, period, org_unit)
    } else {
        since_2_43::is_expired(context, set, period, org_unit)
    }
}

/// Whether a form may be written: `APPROVED`, `LOCKED` or `OPEN`. Up to 2.42 a form is locked
/// when it is expired; from 2.43 on by whatever an import is untimely for.
pub fn lock_status(
    context: &ValueContext<'_>,
    set: &DataSet,
    period: &Period,
    org_unit: &str,
    attribute_option_combo: &str,
) -> &'static str {
    let approved = set.workflow.as_ref().is_some_and(|workflow| {
        context
            .catalogue
            .is_approved(workflow, period, org_unit, attribute_option_combo)
    });
    let locked = if context.version < ServerVersion::V43 {
        !approved && is_expired(context, set, period, org_unit)
    } else {
        since_2_43::is_untimely(context, set, period, org_unit, attribute_option_combo)
    };
    match (locked, approved) {
        (true, _) => "LOCKED",
        (false, true) => "APPROVED",
        (false, false) => "OPEN",
    }
}

/// The body itself: DHIS2 looks at the first two bytes, not at the headers ("gzip body").
fn unpacked(body: &[u8]) -> std::io::Result<Cow<'_, [u8]>> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(body));
    }
    let mut plain = Vec::new();
    GzDecoder::new(body).read_to_end(&mut plain)?;
    Ok(Cow::Owned(plain))
}

fn unsupported(version: ServerVersion, media_type: &str) -> Answer {
    let message = if version < ServerVersion::V42 {
        format!("Content type '{media_type}' not supported")
    } else {
        format!("Content-Type '{media_type}' is not supported")
    };
    Answer::error(415, &message, None)
}

/// In the words with which the same check refuses elsewhere in the recordings.
fn forbidden(version: ServerVersion) -> Answer {
    if version < ServerVersion::V42 {
        Answer::error(403, "Access is denied", None)
    } else {
        Answer::error(
            403,
            "Access is denied, requires one Authority from [F_DATAVALUE_ADD]",
            None,
        )
    }
}
