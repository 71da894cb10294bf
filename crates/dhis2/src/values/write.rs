//! Sending data values, and deleting them.
//!
//! A deletion is a write with `importStrategy=DELETE`, which all versions take in the same
//! way: "delete strategy" of `import-options` counts `deleted: 1` and leaves a row that only
//! `includeDeleted=true` shows. The other way, `"deleted": true` beside a value, is no way:
//! in a request of several values it is counted as `imported` up to 2.42 and as `updated` on
//! 2.43 ("inline deleted beside a new one"). Deleting what is gone is rejected without a word
//! up to 2.42, and counted as `deleted` on 2.43, which then keeps a deleted row of what never
//! was ("delete strategy, again", "delete strategy, never there"): so nothing is deleted that
//! was not read before, and reading back decides.

use super::answer::ImportAnswer;
use crate::client::Client;
use crate::failure::Failure;
use crate::query::Query;
use crate::transport::{Method, Transport};
use serde::Serialize;

/// One value to be written. The whole key is always sent: a missing combo is taken for
/// `default`, which 2.40–2.42 store as dark data for a disaggregated element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutgoingValue<'a> {
    /// Uid of the data element.
    pub data_element: &'a str,
    /// Period id.
    pub period: &'a str,
    /// Uid of the org unit.
    pub org_unit: &'a str,
    /// Uid of the category option combo.
    pub category_option_combo: &'a str,
    /// Uid of the attribute option combo.
    pub attribute_option_combo: &'a str,
    /// The value, always sent as a JSON string: a JSON number is a 500 in 2.43 ("number as
    /// JSON number" of `import-bad-values`).
    pub value: &'a str,
    /// The comment; left out where `None`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    data_set: &'a str,
    data_values: &'a [OutgoingValue<'a>],
}

/// The body of a write: the data set is named (2.43 needs it; earlier versions check the
/// right to write only then) and `completeDate` never is (it registers completeness even
/// where everything is refused, "dry run with completeDate" of `import-options`).
///
/// # Errors
/// Never for these types; the signature is that of the serialiser.
pub fn write_body(
    data_set: &str,
    values: &[OutgoingValue<'_>],
) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&Body {
        data_set,
        data_values: values,
    })
}

impl<T: Transport> Client<T> {
    /// Writes values of one data set in one request, and reads the answer. At most
    /// [`crate::Differences::max_values_per_write`] values; no key twice.
    ///
    /// # Errors
    /// Every [`Failure`]. Where no answer came ([`crate::FailureKind::TimedOut`],
    /// [`crate::FailureKind::NetworkDown`], [`crate::FailureKind::EmptyAnswer`] …) the values
    /// may be written all the same: read them back before anything is said about them.
    pub async fn write_values(
        &self,
        data_set: &str,
        values: &[OutgoingValue<'_>],
    ) -> Result<ImportAnswer, Failure> {
        self.import_values(data_set, values, &Query::new()).await
    }

    /// Deletes values of one data set in one request, and reads the answer. The values are
    /// those that stand there: servers check the type also of what is deleted.
    ///
    /// # Errors
    /// As [`Client::write_values`].
    pub async fn delete_values(
        &self,
        data_set: &str,
        values: &[OutgoingValue<'_>],
    ) -> Result<ImportAnswer, Failure> {
        let query = Query::new().with("importStrategy", "DELETE");
        self.import_values(data_set, values, &query).await
    }

    async fn import_values(
        &self,
        data_set: &str,
        values: &[OutgoingValue<'_>],
        query: &Query,
    ) -> Result<ImportAnswer, Failure> {
        let path = "dataValueSets";
        let body = write_body(data_set, values).map_err(|error| {
            let kind = crate::FailureKind::BadRequest;
            Failure::new(self.side(), kind, path, error.to_string())
        })?;
        let (full_path, response) = self
            .write_raw(Method::Post, path, query, Some(body))
            .await?;
        let differences = *self.own_differences();
        match ImportAnswer::read(&differences, response.status, &response.body, values.len()) {
            Some(answer) => Ok(answer),
            None => {
                let response = self
                    .judge(&full_path, response, crate::failure::Expected::Json)
                    .await?;
                ImportAnswer::parse(&differences, response.status, &response.body, values.len())
            }
        }
    }
}
