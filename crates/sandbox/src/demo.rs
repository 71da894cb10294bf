//! Filling servers: with the sample country and the programme that reports from
//! it, or with somebody else's metadata made into two working servers.

use chrono::{Datelike, Days, NaiveDate};
use serde_json::{Value, json};

use crate::metadata::defaults::ADMIN;
use crate::sample::{
    DressOptions, DressSide, SampleOptions, SampleServer, SampleWorld, dress, generate,
};
use crate::server::Server;
use crate::values::{Cell, StoredValue};

/// The source's uids when both sides get the same metadata.
const OTHER_UIDS: u64 = 0x0075_6964_7300;

/// How the sample servers are to be.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Facilities at the destination; none for 1 200.
    pub facilities: Option<usize>,
    /// Months with values; none for 24.
    pub months: Option<usize>,
    /// Somebody else's metadata to use instead of the sample country's data sets.
    pub dressed: Option<Value>,
    /// With `dressed`: the source keeps the uids of the destination.
    pub same_uids: bool,
}

/// The month before the one that a date is in: the last one that is complete.
pub fn month_before(today: NaiveDate) -> (i32, u32) {
    let first = today.with_day(1).unwrap_or(today);
    let last = first.checked_sub_days(Days::new(1)).unwrap_or(first);
    (last.year(), last.month())
}

/// The destination and the source.
pub fn servers(sample: &Sample, today: NaiveDate) -> (SampleServer, SampleServer) {
    let mut options = SampleOptions::full(month_before(today));
    options.months = sample.months.unwrap_or(options.months);
    if let Some(facilities) = sample.facilities {
        options.source_facilities = (facilities / 4).max(1);
        options.facilities = facilities.max(1);
    }
    let Some(metadata) = &sample.dressed else {
        let SampleWorld {
            destination,
            source,
            ..
        } = generate(&options);
        return (destination, source);
    };
    let side = |side| DressOptions {
        facilities: sample.facilities.unwrap_or(100),
        months: options.months,
        last_month: options.last_month,
        side,
    };
    let destination = dress(metadata, &side(DressSide::Destination));
    let source = dress(metadata, &side(DressSide::Source));
    let source = if sample.same_uids {
        source
    } else {
        source.under_other_uids(OTHER_UIDS).0
    };
    (destination, source)
}

/// Whether a server has been filled before, so that a restart leaves it as it was.
pub fn is_filled(server: &Server) -> bool {
    server
        .snapshot()
        .collections
        .get("organisationUnits")
        .is_some_and(|units| !units.is_empty())
}

/// Assigns the administrator to org units, for data entry and for viewing.
pub fn give_admin(server: &Server, roots: &[String]) -> Result<(), String> {
    let units: Vec<Value> = roots.iter().map(|root| json!({"id": root})).collect();
    let mut admin = server.snapshot().collections["users"][ADMIN].clone();
    admin["organisationUnits"] = json!(units);
    admin["dataViewOrganisationUnits"] = json!(units);
    let written = server.change(|state, batch| {
        state.put_object(batch, "users", ADMIN, admin);
        Ok(())
    });
    written.map_err(|answer| String::from_utf8_lossy(&answer.body).into_owned())
}

/// Gives a server the name that its administrators call it by.
pub fn name(server: &Server, title: &str) -> Result<(), String> {
    let written = server.change(|state, batch| {
        let title = Value::from(title);
        batch.put(&["systemSetting", "applicationTitle"], &title);
        state
            .system_settings
            .insert("applicationTitle".into(), title);
        Ok(())
    });
    written.map_err(|answer| String::from_utf8_lossy(&answer.body).into_owned())
}

/// Puts metadata and values into a server and gives the administrator the root org unit.
pub fn fill(server: &Server, content: &SampleServer) -> Result<(), String> {
    server.load_metadata(&content.metadata)?;
    give_admin(server, std::slice::from_ref(&content.root))?;
    let now = server.clock.now();
    let values = content.values.iter().map(|value| {
        let cell = Cell {
            data_element: value.data_element.to_owned(),
            period: value.period.to_owned(),
            org_unit: value.org_unit.to_owned(),
            category_option_combo: value.category_option_combo.to_owned(),
            attribute_option_combo: value.attribute_option_combo.to_owned(),
        };
        let stored = StoredValue {
            value: Some(value.value.to_string()),
            stored_by: "admin".into(),
            created: now,
            last_updated: now,
            comment: None,
            followup: false,
            deleted: false,
        };
        (cell, stored)
    });
    server.values.load(values).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_complete_month_is_the_one_before() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(month_before(day("2026-11-22")), (2026, 10));
        assert_eq!(month_before(day("2026-01-01")), (2025, 12));
    }
}
