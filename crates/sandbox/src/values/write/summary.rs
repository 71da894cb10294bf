//! The import summary, and the status with which each version sends it.

use serde_json::{Map, Value, json};

use super::options::ImportOptions;
use crate::answer::{Answer, reason_phrase};
use crate::version::ServerVersion;

/// How an import went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// All as wanted.
    Success,
    /// Something was refused.
    Warning,
    /// Nothing was done.
    Error,
}

/// How many values met which fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// New (until 2.42).
    pub imported: usize,
    /// Changed; from 2.43 all that were written.
    pub updated: usize,
    /// Refused, or (until 2.42) equal.
    pub ignored: usize,
    /// Deleted.
    pub deleted: usize,
}

/// Why values were refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The object at fault, if it has a name.
    pub object: Option<String>,
    /// The objects that the message names.
    pub objects: Option<Vec<(&'static str, String)>>,
    /// The message.
    pub message: String,
    /// DHIS2's code.
    pub code: Option<&'static str>,
    /// The member at fault.
    pub property: Option<&'static str>,
    /// Positions of the refused values; -1 for the request as a whole.
    pub indexes: Option<Vec<i64>>,
}

/// The answer to an import.
#[derive(Clone, Debug)]
pub struct Summary {
    /// How it went.
    pub status: Status,
    /// A sentence (until 2.42, and for completeness).
    pub description: Option<String>,
    /// How many values met which fate.
    pub counts: Counts,
    /// Why values were refused.
    pub conflicts: Vec<Conflict>,
    /// Positions of the refused values.
    pub rejected: Vec<usize>,
    /// The date of completion, or `false`.
    pub data_set_complete: Option<String>,
}

impl Summary {
    /// A summary of nothing.
    pub fn new(version: ServerVersion) -> Self {
        Self {
            status: Status::Success,
            description: (version < ServerVersion::V43)
                .then(|| "Import process completed successfully".to_owned()),
            counts: Counts::default(),
            conflicts: Vec::new(),
            rejected: Vec::new(),
            data_set_complete: Some("false".to_owned()),
        }
    }

    /// The answer to a body that cannot be read.
    pub fn unreadable(version: ServerVersion, description: &str) -> Self {
        Self {
            status: Status::Error,
            description: Some(description.to_owned()),
            data_set_complete: None,
            ..Self::new(version)
        }
    }

    /// Adds a refusal of one value for one or several reasons.
    pub fn reject_for(&mut self, index: usize, conflicts: impl IntoIterator<Item = Conflict>) {
        self.rejected.push(index);
        for conflict in conflicts {
            self.add(index, conflict);
        }
    }

    /// Adds a refusal of one value.
    pub fn reject(&mut self, index: usize, conflict: Conflict) {
        self.reject_for(index, [conflict]);
    }

    /// The same conflict again only lengthens its list.
    fn add(&mut self, index: usize, conflict: Conflict) {
        let at = i64::try_from(index).unwrap_or(i64::MAX);
        let same = self
            .conflicts
            .iter_mut()
            .find(|c| c.code == conflict.code && c.message == conflict.message);
        match same {
            Some(Conflict {
                indexes: Some(indexes),
                ..
            }) => indexes.push(at),
            _ => self.conflicts.push(Conflict {
                indexes: Some(vec![at]),
                ..conflict
            }),
        }
    }

    /// As it goes over the wire.
    pub fn answer(self, version: ServerVersion, options: &ImportOptions) -> Answer {
        // Until 2.42 a warning is a 409 with the rest saved, from 2.43 a 200.
        let (http, status, message) = match (self.status, version) {
            (Status::Success, _) => (200, "OK", "Import was successful."),
            (Status::Warning, ServerVersion::V43) => (
                200,
                "WARNING",
                "Import completed with warnings, please check import summary.",
            ),
            (Status::Warning, _) => (
                409,
                "WARNING",
                "One more conflicts encountered, please check import summary.",
            ),
            (Status::Error, _) => (
                409,
                "ERROR",
                "An error occurred, please check import summary.",
            ),
        };
        let own_status = if self.status == Status::Success {
            "SUCCESS"
        } else {
            status
        };
        let mut response = Map::new();
        response.insert("responseType".into(), "ImportSummary".into());
        response.insert("status".into(), own_status.into());
        response.insert("importOptions".into(), options.echo(version));
        if let Some(description) = self.description {
            response.insert("description".into(), description.into());
        }
        let Counts {
            imported,
            updated,
            ignored,
            deleted,
        } = self.counts;
        let counts = json!({"imported": imported, "updated": updated, "ignored": ignored, "deleted": deleted});
        response.insert("importCount".into(), counts);
        response.insert(
            "conflicts".into(),
            self.conflicts.into_iter().map(Conflict::json).collect(),
        );
        response.insert("rejectedIndexes".into(), self.rejected.into());
        if let Some(complete) = self.data_set_complete {
            response.insert("dataSetComplete".into(), complete.into());
        }
        let body = json!({
            "httpStatus": reason_phrase(http), "httpStatusCode": http, "status": status, "message": message,
            "response": response,
        });
        let content_type = if version < ServerVersion::V42 {
            "application/json"
        } else {
            "application/json;charset=UTF-8"
        };
        Answer::text(http, content_type, body.to_string())
    }
}

impl Conflict {
    fn json(self) -> Value {
        let mut json = Map::new();
        if let Some(object) = self.object {
            json.insert("object".into(), object.into());
        }
        if let Some(objects) = self.objects {
            let objects: Map<String, Value> = objects
                .into_iter()
                .map(|(k, v)| (k.to_owned(), v.into()))
                .collect();
            json.insert("objects".into(), objects.into());
        }
        json.insert("value".into(), self.message.into());
        if let Some(code) = self.code {
            json.insert("errorCode".into(), code.into());
        }
        if let Some(property) = self.property {
            json.insert("property".into(), property.into());
        }
        if let Some(indexes) = self.indexes {
            json.insert("indexes".into(), indexes.into());
        }
        json.into()
    }
}
