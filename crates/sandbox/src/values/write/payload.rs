//! A body of values, whatever its format was.

/// Values to be written, and what is said about all of them.
#[derive(Debug, Default)]
pub(super) struct Payload {
    pub data_set: Option<String>,
    pub complete_date: Option<String>,
    pub period: Option<String>,
    pub org_unit: Option<String>,
    pub attribute_option_combo: Option<String>,
    /// Id schemes in the body: `orgUnitIdScheme` → `CODE`.
    pub schemes: Vec<(String, String)>,
    pub values: Vec<IncomingValue>,
    /// What 2.43 deletes first.
    pub deletion: Option<Deletion>,
}

/// One value as sent. Ids are names by the request's id schemes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct IncomingValue {
    pub data_element: Option<String>,
    pub period: Option<String>,
    pub org_unit: Option<String>,
    pub category_option_combo: Option<String>,
    pub attribute_option_combo: Option<String>,
    pub value: Option<String>,
    pub comment: Option<String>,
    pub stored_by: Option<String>,
    /// The member `followup` (until 2.42) or `followUp` (2.43).
    pub followup: Option<bool>,
    pub deleted: Option<bool>,
}

/// A slice that is emptied before the values are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Deletion {
    pub org_units: Vec<String>,
    pub periods: Vec<String>,
    /// Data element, category and attribute option combo; a combo that is absent stands for any.
    pub elements: Vec<(String, Option<String>, Option<String>)>,
}

/// Why a body gives no payload.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// The server takes it for a failed import, in these words.
    Body(String),
    /// The server stumbles: a 500 with these words.
    Server(String),
    /// What a server would do is not recorded: a 501.
    Unknown(String),
}
