//! Asking for data values.

use super::Row;
use super::csv::{CsvFault, CsvReader};
use super::json::JsonReader;
use crate::client::Client;
use crate::failure::{Failure, FailureKind};
use crate::query::{MAX_REQUEST_LINE, Query, split_by_length};
use crate::transport::Transport;

/// The form that a read asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadFormat {
    /// Gzipped CSV: the usual one.
    #[default]
    Csv,
    /// Plain JSON, for servers or proxies that spoil the other.
    Json,
}

/// What to read: one data set, some periods, some org units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueRead {
    /// Uid of the data set.
    pub data_set: String,
    /// Period ids; at least one.
    pub periods: Vec<String>,
    /// Uids of org units; at least one.
    pub org_units: Vec<String>,
    /// Whether the units below the given ones are read too.
    pub with_children: bool,
    /// Whether the rows kept of deleted values are read too ([`Row::deleted`]). All versions
    /// keep them ("after delete, deleted included" of `import-options`), each with the value
    /// that it had.
    pub with_deleted: bool,
    /// The form.
    pub format: ReadFormat,
}

impl ReadFormat {
    /// The resource that is asked.
    #[must_use]
    pub fn resource(self) -> &'static str {
        match self {
            Self::Csv => "dataValueSets.csv",
            Self::Json => "dataValueSets.json",
        }
    }
}

impl ValueRead {
    /// The queries of this read: one, or several where periods and org units would make the
    /// address too long. Each period of each org unit stands in exactly one of them; without
    /// periods or org units there is nothing to ask.
    #[must_use]
    pub fn queries(&self) -> Vec<Query> {
        let budget = MAX_REQUEST_LINE - 300;
        let mut queries = Vec::new();
        // Periods take half of the line at most, so that org units find room beside them.
        for periods in split_by_length(&self.periods, "period", budget / 2) {
            let taken: usize = periods.iter().map(|id| "period".len() + id.len() + 2).sum();
            for org_units in
                split_by_length(&self.org_units, "orgUnit", budget.saturating_sub(taken))
            {
                queries.push(self.query(periods, org_units));
            }
        }
        queries
    }

    fn query(&self, periods: &[String], org_units: &[String]) -> Query {
        let mut query = Query::new().with("dataSet", self.data_set.as_str());
        for period in periods {
            query.push("period", period.as_str());
        }
        for org_unit in org_units {
            query.push("orgUnit", org_unit.as_str());
        }
        if self.with_children {
            query.push("children", "true");
        }
        if self.with_deleted {
            query.push("includeDeleted", "true");
        }
        if self.format == ReadFormat::Csv {
            query.push("compression", "gzip");
        }
        query
    }
}

impl<T: Transport> Client<T> {
    /// Reads values, once, and hands each to `each`, request by request; gives back how many
    /// there were. They are read while they come, and no body is held.
    ///
    /// DHIS2 cannot write its own error documents for a read that asks for CSV: a refused one
    /// (E2006, say) is a 500 with the web server's page. So what a 500 refuses is asked once
    /// more as JSON, which either is answered or says why not (seen on a real 2.42.5.2).
    ///
    /// # Errors
    /// Every [`Failure`]. An empty body is [`FailureKind::EmptyAnswer`]: up to 2.42 the
    /// answer of a read that the person (or the Route's account) is not allowed ("clerk,
    /// other region" of `export`). Rows may have been handed over before a failure: throw
    /// them away.
    pub async fn read_values(
        &self,
        read: &ValueRead,
        mut each: impl FnMut(Row<'_>),
    ) -> Result<usize, Failure> {
        let mut rows = 0;
        for query in read.queries() {
            let found = match read.format {
                ReadFormat::Csv => self.read_csv_of(&query, &mut each).await,
                ReadFormat::Json => self.read_json_of(&query, &mut each).await,
            };
            rows += match found {
                // Nothing was handed over: it is no answer with values in it.
                Err(failure) if read.format == ReadFormat::Csv && failure.status == Some(500) => {
                    let query = query.without("compression");
                    self.read_json_of(&query, &mut each).await?
                }
                found => found?,
            };
        }
        Ok(rows)
    }

    async fn read_csv_of(
        &self,
        query: &Query,
        mut each: impl FnMut(Row<'_>),
    ) -> Result<usize, Failure> {
        let resource = ReadFormat::Csv.resource();
        let wrong = |kind, words: String| Failure::new(self.side(), kind, resource, words);
        let mut reader = CsvReader::default();
        let mut take = |piece: &[u8]| reader.push(piece, &mut each);
        self.get_pieces(resource, query, &mut take).await?;
        reader.finish(&mut each).map_err(|fault| match fault {
            CsvFault::Empty => wrong(FailureKind::EmptyAnswer, String::new()),
            other => wrong(FailureKind::WrongContent, other.to_string()),
        })
    }

    async fn read_json_of(
        &self,
        query: &Query,
        mut each: impl FnMut(Row<'_>),
    ) -> Result<usize, Failure> {
        let resource = ReadFormat::Json.resource();
        let mut reader = JsonReader::default();
        let mut take = |piece: &[u8]| reader.push(piece, &mut each);
        self.get_pieces(resource, query, &mut take).await?;
        reader.finish().map_err(|fault| {
            let kind = FailureKind::WrongContent;
            Failure::new(self.side(), kind, resource, fault.to_string())
        })
    }
}
