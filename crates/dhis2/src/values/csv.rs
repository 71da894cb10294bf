//! Reading the CSV that `dataValueSets.csv` gives.
//!
//! Columns are found by the names in the first line, never by their place. A body without
//! that line is a failure, never "no values": a refused read is an empty 200 on 2.40–2.42,
//! while a read that finds nothing gives the header line alone ("csv, nothing there" of
//! `export`). A body that is cut off between two lines cannot be told from a whole one here:
//! the gzip form that is asked for can, by its end.

use super::Row;
use csv_core::{ReadRecordResult, Reader};

/// Why a body is no list of values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CsvFault {
    /// Nothing at all.
    #[error("the answer is empty")]
    Empty,
    /// The first line lacks a column that is needed: the body is something else.
    #[error("the first line has no column {0:?}")]
    MissingColumn(&'static str),
    /// Not UTF-8.
    #[error("record {0} is not UTF-8")]
    NotUtf8(usize),
    /// A record with fewer fields than the first line, or the body ends within a record:
    /// the answer was cut off.
    #[error("record {0} is cut off")]
    CutOff(usize),
}

/// The columns that a row is made of, in the order of their places in the array.
const COLUMNS: [(&str, bool); 10] = [
    ("dataelement", true),
    ("period", true),
    ("orgunit", true),
    ("categoryoptioncombo", true),
    ("attributeoptioncombo", true),
    ("value", true),
    ("comment", false),
    ("storedby", false),
    ("lastupdated", false),
    ("deleted", false),
];

/// Reads a body and hands each value to `each`; gives back how many there were.
///
/// # Errors
/// [`CsvFault`]. Rows before the fault have been handed over: throw them away.
pub fn read_csv(bytes: &[u8], mut each: impl FnMut(Row<'_>)) -> Result<usize, CsvFault> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(CsvFault::Empty);
    }
    let mut records = Records::new(bytes);
    let Some(header_len) = records.next()? else {
        return Err(CsvFault::Empty);
    };
    let mut places = [None; COLUMNS.len()];
    for index in 0..header_len {
        let name = records.field(index)?.trim().to_ascii_lowercase();
        if let Some(column) = COLUMNS.iter().position(|(known, _)| *known == name) {
            places[column].get_or_insert(index);
        }
    }
    for (place, (name, needed)) in places.iter().zip(COLUMNS) {
        if needed && place.is_none() {
            return Err(CsvFault::MissingColumn(name));
        }
    }
    let mut rows = 0;
    while let Some(fields) = records.next()? {
        if fields != header_len {
            return Err(CsvFault::CutOff(records.number));
        }
        let text = |column: usize| match places.get(column).copied().flatten() {
            Some(index) => records.field(index),
            None => Ok(""),
        };
        each(Row {
            data_element: text(0)?,
            period: text(1)?,
            org_unit: text(2)?,
            category_option_combo: text(3)?,
            attribute_option_combo: text(4)?,
            value: text(5)?,
            comment: text(6)?,
            stored_by: text(7)?,
            last_updated: text(8)?,
            deleted: text(9)? == "true",
        });
        rows += 1;
    }
    // DHIS2 ends every record with a line end; without one the last record may be cut.
    if bytes.last() != Some(&b'\n') {
        return Err(CsvFault::CutOff(records.number));
    }
    Ok(rows)
}

/// Record after record of a body, in buffers that are used again.
struct Records<'a> {
    reader: Reader,
    rest: &'a [u8],
    text: Vec<u8>,
    ends: Vec<usize>,
    /// The number of the record read last, from 1 for the header.
    number: usize,
}

impl<'a> Records<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            reader: Reader::new(),
            rest: bytes,
            text: vec![0; 1_024],
            ends: vec![0; 16],
            number: 0,
        }
    }

    /// Reads the next record and gives back how many fields it has; `None` at the end.
    fn next(&mut self) -> Result<Option<usize>, CsvFault> {
        let mut text_used = 0;
        let mut ends_used = 0;
        loop {
            let at_end = self.rest.is_empty();
            let (result, read, written, ended) = self.reader.read_record(
                self.rest,
                &mut self.text[text_used..],
                &mut self.ends[ends_used..],
            );
            self.rest = &self.rest[read..];
            text_used += written;
            ends_used += ended;
            match result {
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::InputEmpty if at_end => return Ok(None),
                // An empty input tells the reader that the body is over.
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::Record => {
                    self.number += 1;
                    return Ok(Some(ends_used));
                }
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    fn field(&self, index: usize) -> Result<&str, CsvFault> {
        let start = match index.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let end = self.ends.get(index).copied().unwrap_or(start);
        let bytes = self.text.get(start..end).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|_| CsvFault::NotUtf8(self.number))
    }
}
