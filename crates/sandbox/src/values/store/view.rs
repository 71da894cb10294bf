//! A value as a reader sees it: texts, borrowed.

use chrono::{DateTime, NaiveDateTime};

use super::StoredValue;
use super::block::Row;
use super::names::Names;

/// One kept value.
#[derive(Clone, Copy)]
pub struct RowView<'s> {
    names: &'s Names,
    org_unit: u32,
    period: u32,
    row: &'s Row,
}

impl<'s> RowView<'s> {
    pub(super) fn new(names: &'s Names, org_unit: u32, period: u32, row: &'s Row) -> Self {
        Self {
            names,
            org_unit,
            period,
            row,
        }
    }

    /// Uid of the data element.
    pub fn data_element(&self) -> &'s str {
        self.names.text(self.row.data_element)
    }

    /// The period as DHIS2 writes it.
    pub fn period(&self) -> &'s str {
        self.names.text(self.period)
    }

    /// Uid of the org unit.
    pub fn org_unit(&self) -> &'s str {
        self.names.text(self.org_unit)
    }

    /// Uid of the category option combo.
    pub fn category_option_combo(&self) -> &'s str {
        self.names.text(self.row.category_option_combo)
    }

    /// Uid of the attribute option combo.
    pub fn attribute_option_combo(&self) -> &'s str {
        self.names.text(self.row.attribute_option_combo)
    }

    /// The value, none where only a comment was sent.
    pub fn value(&self) -> Option<&'s str> {
        self.names.optional_text(self.row.value)
    }

    /// The comment.
    pub fn comment(&self) -> Option<&'s str> {
        self.names.optional_text(self.row.comment)
    }

    /// User name of who wrote it last.
    pub fn stored_by(&self) -> &'s str {
        self.names.text(self.row.stored_by)
    }

    /// When it was first written, UTC.
    pub fn created(&self) -> NaiveDateTime {
        time(self.row.created)
    }

    /// When it was last written, UTC.
    pub fn last_updated(&self) -> NaiveDateTime {
        time(self.row.last_updated)
    }

    /// Marked for follow-up.
    pub fn followup(&self) -> bool {
        self.row.followup
    }

    /// Deleted, but kept.
    pub fn deleted(&self) -> bool {
        self.row.deleted
    }

    /// A copy of what is kept.
    pub fn stored_value(&self) -> StoredValue {
        StoredValue {
            value: self.value().map(str::to_owned),
            stored_by: self.stored_by().to_owned(),
            created: self.created(),
            last_updated: self.last_updated(),
            comment: self.comment().map(str::to_owned),
            followup: self.followup(),
            deleted: self.deleted(),
        }
    }
}

fn time(milliseconds: i64) -> NaiveDateTime {
    DateTime::from_timestamp_millis(milliseconds)
        .unwrap_or_default()
        .naive_utc()
}
