//! Values read, written and deleted, and requests that the client itself never makes.

use super::{Present, Stage};
use crate::http::Http;
use crate::verdict::Stop;
use tributary_dhis2::failure::from_transport;
use tributary_dhis2::values::{ImportAnswer, OutgoingValue, ReadFormat, ValueRead};
use tributary_dhis2::{Client, Failure, Method, Request, Response, Transport};

impl Stage {
    /// A value without disaggregation and attribute.
    #[must_use]
    pub fn value<'a>(
        &'a self,
        data_element: &'a str,
        period: &'a str,
        org_unit: &'a str,
        value: &'a str,
    ) -> OutgoingValue<'a> {
        OutgoingValue {
            data_element,
            period,
            org_unit,
            category_option_combo: &self.default_coc,
            attribute_option_combo: &self.default_coc,
            value,
            comment: None,
        }
    }

    /// Reads values as CSV, sorted.
    ///
    /// # Errors
    /// As [`Client::read_values`].
    pub async fn read(
        &self,
        client: &Client<Http>,
        data_set: &str,
        periods: &[&str],
        units: &[&str],
    ) -> Result<Vec<Present>, Failure> {
        self.read_as(client, data_set, periods, units, ReadFormat::Csv)
            .await
    }

    /// Reads values in a form, sorted.
    ///
    /// # Errors
    /// As [`Client::read_values`].
    pub async fn read_as(
        &self,
        client: &Client<Http>,
        data_set: &str,
        periods: &[&str],
        units: &[&str],
        format: ReadFormat,
    ) -> Result<Vec<Present>, Failure> {
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        let read = ValueRead {
            data_set: data_set.to_owned(),
            periods: texts(periods),
            org_units: texts(units),
            with_children: false,
            with_deleted: false,
            format,
        };
        let mut rows = Vec::new();
        client
            .read_values(&read, |row| {
                rows.push(Present {
                    element: row.data_element.to_owned(),
                    period: row.period.to_owned(),
                    unit: row.org_unit.to_owned(),
                    coc: row.category_option_combo.to_owned(),
                    aoc: row.attribute_option_combo.to_owned(),
                    value: row.value.to_owned(),
                    comment: row.comment.to_owned(),
                });
            })
            .await?;
        rows.sort();
        Ok(rows)
    }

    /// The org units of a data set and period for which deleted values are kept, sorted.
    ///
    /// # Errors
    /// As [`Client::read_values`].
    pub async fn deleted_in(
        &self,
        client: &Client<Http>,
        data_set: &str,
        period: &str,
        units: &[&str],
        format: ReadFormat,
    ) -> Result<Vec<String>, Failure> {
        let read = ValueRead {
            data_set: data_set.to_owned(),
            periods: vec![period.to_owned()],
            org_units: units.iter().map(|unit| (*unit).to_owned()).collect(),
            with_children: false,
            with_deleted: true,
            format,
        };
        let mut deleted = Vec::new();
        client
            .read_values(&read, |row| {
                if row.deleted {
                    deleted.push(row.org_unit.to_owned());
                }
            })
            .await?;
        deleted.sort();
        Ok(deleted)
    }

    /// What is stored in the cell of a value, read back by the importer.
    ///
    /// # Errors
    /// As [`Client::read_values`].
    pub async fn stored(
        &self,
        data_set: &str,
        value: &OutgoingValue<'_>,
    ) -> Result<Option<String>, Failure> {
        let rows = self
            .read(
                &self.importer(),
                data_set,
                &[value.period],
                &[value.org_unit],
            )
            .await?;
        Ok(rows
            .into_iter()
            .find(|row| {
                row.element == value.data_element
                    && row.coc == value.category_option_combo
                    && row.aoc == value.attribute_option_combo
            })
            .map(|row| row.value))
    }

    /// Posts values by hand, in a form that the client never sends, and gives back the answer.
    ///
    /// # Errors
    /// [`Stop::NotMet`] when no answer comes.
    pub async fn post_values(
        &self,
        client: &Client<Http>,
        query: &str,
        body: &str,
    ) -> Result<Response, Stop> {
        let path = format!("api/dataValueSets{query}");
        Ok(self
            .send(client, Method::Post, &path, Some(body.to_owned()))
            .await?)
    }

    /// What the client makes of such an answer.
    ///
    /// # Errors
    /// As [`ImportAnswer::parse`].
    pub fn understand(&self, answer: &Response, sent: usize) -> Result<ImportAnswer, Failure> {
        ImportAnswer::parse(&self.rules, answer.status, &answer.body, sent)
    }

    /// Sends one request past the client's own ones.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn send(
        &self,
        client: &Client<Http>,
        method: Method,
        path: &str,
        body: Option<String>,
    ) -> Result<Response, Failure> {
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut headers = vec![
            header("Accept", "application/json"),
            header("X-Requested-With", "XMLHttpRequest"),
        ];
        if body.is_some() {
            headers.push(header("Content-Type", "application/json"));
        }
        let request = Request {
            method,
            path: path.to_owned(),
            headers,
            body: body.map(String::into_bytes),
            timeout_millis: Some(300_000),
        };
        client
            .transport()
            .send(request)
            .await
            .map_err(|error| from_transport(client.door(), path, &error))
    }
}

/// The beginning of an answer, for people.
pub(crate) fn first_words(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(600).collect()
}
